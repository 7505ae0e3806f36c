"""What the tests of faults share: what an undisturbed harvest comes to, and how a disturbed one is held to it."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from equality import assert_equal
from harvesting import OUTCOMES
from repositories import slow_repository, undisturbed

from ingest.ledger import Run, Verdict
from ingest.store.engine import open_engine
from ingest.store.run_rows import list_runs


@dataclass(frozen=True, kw_only=True)
class Undisturbed:
    """A harvest with nothing in its way: its database and its run."""

    database_url: str
    run: Run

    def assert_same(self, run: Run, database_url: str) -> None:
        """Assert that another run read every element once, took each for the same, and left an equal database."""
        assert (run.verdict, run.reasons) == (Verdict.COMPLETE, self.run.reasons)
        assert {name: run.total(name) for name in ("seen", *OUTCOMES)} == {
            name: self.run.total(name) for name in ("seen", *OUTCOMES)
        }
        assert run.records == self.run.records
        assert_equal(database_url, self.database_url)


@pytest.fixture(scope="session")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Undisturbed]:
    """Return what gives the undisturbed harvest of so many generated records, made once for each number of them."""
    folder = tmp_path_factory.mktemp("undisturbed")
    made: dict[tuple[int, tuple[str, ...]], Undisturbed] = {}

    def make(records: int, *, sets: tuple[str, ...] = ()) -> Undisturbed:
        if (records, sets) not in made:
            # How the records are cut into pages is not told by what it leaves.
            with slow_repository(records, page_size=200, seconds_a_page=0, sets=sets) as url:
                database_url = undisturbed(url, folder, sets=sets)
            engine = open_engine(database_url)
            (run,) = list_runs(engine)
            engine.dispose()
            made[records, sets] = Undisturbed(database_url=database_url, run=run)
        return made[records, sets]

    return make

"""What the tests of harvesting share: a repository of eight pages, and what an undisturbed harvest of it leaves."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from harvesting import endpoint_at, harvest_here
from watching import PAGE_SIZE

from ingest.ledger import Run, Verdict
from ingest.records import Set
from workers.demo.generated import GeneratedItems
from workers.demo.items import Item
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

SETS = ("letters", "minutes")


@dataclass(frozen=True, kw_only=True)
class Undisturbed:
    """What a harvest comes to when nothing gets in its way."""

    database_url: str
    run: Run


@dataclass(frozen=True, kw_only=True)
class EightPages:
    """A repository of 80 items in two sets that overlap: eight pages as a whole, a few of its items deleted."""

    repository: DemoRepository
    new_database: Callable[[], str]
    _done: dict[tuple[str, ...], Undisturbed] = field(default_factory=dict)

    def undisturbed(self, sets: tuple[str, ...] = ()) -> Undisturbed:
        """Harvest the repository once, whole or by sets, with nothing in the way."""
        if sets not in self._done:
            url = self.new_database()
            with serve(self.repository) as base_url:
                run = harvest_here(url, endpoint_at(base_url, sets=sets))
            assert run.verdict is Verdict.COMPLETE
            self._done[sets] = Undisturbed(database_url=url, run=run)
        return self._done[sets]


def _item(position: int, item: Item) -> Item:
    """Put every third item into both sets, and delete one in seven."""
    return replace(item, set_specs=SETS if position % 3 == 0 else item.set_specs, deleted=position % 7 == 3)


@pytest.fixture(scope="session")
def eight_pages(new_database: Callable[[], str]) -> EightPages:
    """Return the repository, and what an undisturbed harvest of it leaves."""
    generated = GeneratedItems(8 * PAGE_SIZE, size=800, sets=SETS)
    repository = DemoRepository(
        items=tuple(_item(position, item) for position, item in enumerate(generated)),
        sets=tuple(Set(spec=name, name=name) for name in SETS),
        page_size=PAGE_SIZE,
    )
    return EightPages(repository=repository, new_database=new_database)

"""A sweep that is killed in the middle of its deletions is taken up, and leaves what an undisturbed one leaves."""

import time
from collections.abc import Callable

from database_rows import count, rows
from equality import assert_equal
from harvesting import HarvestProcess, selection_of
from sqlalchemy import create_engine, text
from swept_archive import SweptArchive, a_day_passes, archive_of, harvest, sweep

from ingest.endpoints import Endpoint
from ingest.ledger import Verdict

GONE = set(range(1, 1001))
DELETED = "SELECT count(*) AS number FROM items WHERE deleted"


def prepare(database_url: str, archive: SweptArchive, endpoint: Endpoint) -> None:
    """Harvest, let most items go, sweep once and let a day pass."""
    archive.gone = set()
    harvest(database_url, archive, endpoint)
    archive.gone = GONE
    sweep(database_url, archive, endpoint)
    a_day_passes(database_url)


def deleted(database_url: str) -> int:
    """Count the items that are deleted."""
    return int(rows(database_url, DELETED)[0]["number"])


def wait_for_a_first_batch(database_url: str) -> None:
    """Look without a pause until anything is deleted: the next batches follow at once."""
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    deadline = time.monotonic() + 60
    with engine.connect() as connection:
        while not connection.scalar(text(DELETED)):
            assert time.monotonic() < deadline, "nothing was ever deleted"
    engine.dispose()


def test_a_sweep_killed_amid_its_deletions_is_taken_up(
    migrated_database_url: str, new_database: Callable[[], str]
) -> None:
    """Some batches are written, the others are not; the same command does the rest, and no change is told twice."""
    undisturbed = new_database()
    with archive_of(1020, page_size=200) as archive:
        endpoint = archive.endpoint(fuse={"percent": 100, "records": 10_000})
        prepare(undisturbed, archive, endpoint)
        assert sweep(undisturbed, archive, endpoint).verdict is Verdict.COMPLETE
        prepare(migrated_database_url, archive, endpoint)
        with HarvestProcess() as process:
            process.begin(migrated_database_url, endpoint, selection_of(endpoint, sweep=True))
            wait_for_a_first_batch(migrated_database_url)
            process.kill()
        assert 0 < deleted(migrated_database_url) < len(GONE)
        run = sweep(migrated_database_url, archive, endpoint)

    assert (run.verdict, [(each.code, each.count) for each in run.reasons]) == (
        Verdict.COMPLETE,
        [("missed-twice", len(GONE))],
    )
    assert count(migrated_database_url, "misses") == 0
    told = rows(migrated_database_url, "SELECT count(*) AS number FROM catalogue_changes WHERE change = 'deleted'")
    assert told == [{"number": len(GONE)}]
    assert_equal(undisturbed, migrated_database_url)

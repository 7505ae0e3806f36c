"""The verdict cannot lie: whatever a repository does, what comes out is what its row of the table says."""

import pytest
from database_rows import count, rows
from equality import assert_feed_leads_here
from harvesting import OUTCOMES
from hostile.deviations import DEVIATIONS, NEED_NONE
from hostile.naming import all_named
from outcomes import Row
from table import all_rows, harvested
from watching import Watch

from ingest.ledger import Run, Verdict

ROWS = all_rows()
each_row = pytest.mark.parametrize("row", ROWS, ids=[row.label for row in ROWS])


def codes(run: Run) -> tuple[str, ...]:
    """Give the codes of a run's reasons, in order."""
    return tuple(reason.code for reason in run.reasons)


def kept(database_url: str) -> dict[str, int]:
    """Count what a database holds, by one statement: a connection for each would take longer than the harvest."""
    tables = {
        "items": "items",
        "live": "catalogue_records WHERE NOT deleted",
        "deleted": "catalogue_records WHERE deleted",
        "rejections": "rejections",
        "gaps": "gaps",
    }
    counted = ", ".join(f"(SELECT count(*) FROM {table}) AS {name}" for name, table in tables.items())
    (numbers,) = rows(database_url, f"SELECT {counted}")
    return numbers


def assert_comes_to(row: Row, database_url: str, run: Run, watch: Watch) -> None:
    """Assert what the run says, what is stored, and that the repository was not pestered."""
    assert (run.verdict, codes(run)) == (row.verdict, row.reasons)
    assert tuple(sorted({name for window in run.windows for name in window.repairs})) == row.repairs
    assert all(reason.count > 0 and reason.text for reason in run.reasons)
    assert not run.active
    assert run.total("seen") == sum(run.total(name) for name in OUTCOMES)
    assert kept(database_url) == {
        "items": row.stored,
        "live": row.stored - row.deleted,
        "deleted": row.deleted,
        "rejections": row.rejected,
        "gaps": row.gaps,
    }
    assert len(watch.log) <= row.most_requests
    assert_feed_leads_here(database_url)


def assert_is_made_good(row: Row, database_url: str) -> None:
    """Assert that a second harvest with nothing in the way brings what is missing.

    What was left out is a gap, or everything if the run failed, and comes by itself; what the repository itself kept
    back comes when all is read again.
    """
    by_itself = row.gaps or row.verdict is Verdict.FAILED
    with harvested(database_url, full=not by_itself) as (run, _watch):
        assert (run.verdict, codes(run)) == (Verdict.COMPLETE, ())
    now = kept(database_url)
    assert (now["live"], now["gaps"]) == (row.after, 0)
    assert count(database_url, "rejections WHERE oai_identifier IS NOT NULL AND released_at IS NULL") == 0


def assert_row(row: Row, database_url: str) -> None:
    """Assert a whole row."""
    waited: list[float] = []
    names = row.name.split("+")
    with harvested(database_url, *names, keys=row.keys, wait=waited.append, **row.asked) as (run, watch):
        assert_comes_to(row, database_url, run, watch)
    assert sum(waited) >= row.least_wait
    assert row.most_wait is None or sum(waited) <= row.most_wait
    if row.lacks:
        assert_is_made_good(row, database_url)


@each_row
def test_a_misbehaviour_comes_to_what_its_row_says(row: Row, migrated_sqlite_url: str) -> None:
    """Verdict, reasons, records, rejections, gaps, and no more requests than it is worth; then all that was missing."""
    assert_row(row, migrated_sqlite_url)


@each_row
def test_postgresql_comes_to_the_same(row: Row, migrated_postgresql_url: str) -> None:
    """What comes out does not depend on the database."""
    assert_row(row, migrated_postgresql_url)


# --- the table itself -----------------------------------------------------------------------------


def test_every_misbehaviour_has_a_row() -> None:
    """And every row names misbehaviours that there are, once for each way of asking."""
    named = {name for row in ROWS for name in row.name.split("+")}
    assert named == set(all_named())
    labels = [row.label for row in ROWS]
    assert sorted(set(labels)) == sorted(labels)


def test_every_deviation_has_a_misbehaviour_or_a_reason_why_it_needs_none() -> None:
    """Nothing that repositories are known for is left out in silence."""
    shown = {key for each in all_named().values() for key in each.deviations}
    assert set(DEVIATIONS) - shown == set(NEED_NONE)
    assert all(NEED_NONE.values())

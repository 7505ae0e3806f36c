"""Numbers of the feed are given in the order in which transactions commit, and tell from where it can be followed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, exc, text
from store_pages import change_database, dead, harvesting, live, rows

from ingest.errors import CursorRefused
from ingest.store.cursors import Cursor, cursor_from
from ingest.store.feed import Change, publish, renew_feed
from ingest.store.show_changes import read_changes

ROOT = Path(__file__).parents[2]
MOST = 1000
NOW = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def record_key(database: Engine) -> int:
    """Return the key of a record, whose creation is the feed's only change."""
    harvesting(database).keep(live("1", "a"))
    return int(rows(database, "SELECT record_key FROM catalogue_records")[0][0])


def feed_id_of(database: Engine) -> str:
    """Read the feed's name as catalogues do."""
    return str(rows(database, "SELECT feed_id FROM catalogue_feed")[0][0])


def numbers(database: Engine, after: int | None = None, *, most: int = MOST) -> list[int]:
    """Read the numbers of the changes after one."""
    place = None if after is None else Cursor(feed_id=feed_id_of(database), number=after)
    return [change.cursor.number for change in read_changes(database, place, most=most).changes]


def change_of(record_key: int) -> Change:
    """Make a change."""
    return Change(record_key=record_key, change="changed", fields=("title",), version=2)


@contextmanager
def impatient(database: Engine) -> Iterator[Connection]:
    """Begin a transaction that waits for nobody."""
    with database.connect() as connection:
        if database.dialect.name == "postgresql":
            connection.execute(text("SET lock_timeout = '50ms'"))
        else:
            # A transaction of SQLite's waits at its beginning: the setting has to come before that.
            connection.connection.cursor().execute("PRAGMA busy_timeout=50")
        yield connection


# --- publishing -----------------------------------------------------------------------------------


def test_nobody_takes_a_number_before_those_that_were_taken_are_committed(database: Engine, record_key: int) -> None:
    """However long that takes; meanwhile readers see none of them, and neither does the feed's end tell of them."""
    with database.begin() as first:
        publish(first, [change_of(record_key)] * 2, NOW)
        with pytest.raises(exc.OperationalError, match="lock"), impatient(database) as second:
            publish(second, [change_of(record_key)], NOW)
        seen = read_changes(database, None, most=MOST)
        assert (len(seen.changes), seen.feed.newest) == (1, 1)
    with impatient(database) as second:
        publish(second, [change_of(record_key)], NOW)
        seen = read_changes(database, seen.end, most=MOST)
        assert ([change.cursor.number for change in seen.changes], seen.feed.newest) == ([2, 3], 3)
        second.commit()

    assert numbers(database, 3) == [4]


def test_what_is_taken_back_leaves_no_hole(database: Engine, record_key: int) -> None:
    """Unlike a sequence, whose numbers are gone."""
    with suppress(ZeroDivisionError), database.begin() as connection:
        publish(connection, [change_of(record_key)] * 3, NOW)
        raise ZeroDivisionError
    harvesting(database, "other").keep(live("2", "b"))

    assert numbers(database) == [1, 2]


def test_there_is_one_writer_of_changes() -> None:
    """Every statement that writes the feed stands in one module; whoever settles records publishes in the same one."""
    modules = {path.name: path.read_text("utf-8") for path in (ROOT / "ingest" / "store").glob("*.py")}

    inserting = re.compile(r"insert\w*\(\s*(connection,\s*)?tables\.changes\b")
    assert [name for name, source in modules.items() if inserting.search(source)] == ["feed.py"]
    settling = {name for name, source in modules.items() if " settle(\n" in source or " settle(c" in source}
    assert settling - {"records.py"} == {"pages.py", "restating.py", "deleting.py", "retiring.py"}
    assert {name for name in settling if "publish(connection, " not in modules[name]} <= {"records.py"}
    versioning = {name for name, source in modules.items() if '"version": _records.version + 1' in source}
    assert versioning == {"forgetting.py"}
    assert "publish(connection, " in modules["forgetting.py"]


# --- reading --------------------------------------------------------------------------------------


def test_changes_are_read_in_batches_that_follow_each_other(database: Engine) -> None:
    """Each from where the last one ended; the last one is empty and ends where it began."""
    harvest = harvesting(database)
    harvest.keep(*(live(str(number), f"r{number}") for number in range(5)))
    harvest.keep(dead("3"), live("4", "r1", "other words"))
    place, told = None, []
    while read := read_changes(database, place, most=2):
        place = read.end
        if not read.changes:
            break
        told.append([(change.cursor.number, change.record_id, change.change) for change in read.changes])

    assert [number for batch in told for number, _, _ in batch] == list(range(1, read.feed.newest + 1))
    assert {len(batch) for batch in told[:-1]} == {2}
    assert told[0] == [(1, "r0", "created"), (2, "r1", "created")]
    assert {("r3", "deleted"), ("r4", "merged")} <= {each[1:] for batch in told for each in batch}
    assert place == read.feed.end


def test_a_change_is_read_as_the_view_shows_it(database: Engine) -> None:
    """The same values under the same names; a record that was merged names the other one."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"))
    harvest.keep(live("2", "b"))
    harvest.keep(live("2", "a"))
    *_, merged = read_changes(database, None, most=MOST).changes
    (row,) = rows(database, "SELECT * FROM catalogue_changes WHERE change = 'merged'")

    assert (merged.cursor.number, merged.record_key, merged.namespace, merged.record_id, merged.change) == row[:5]
    assert (merged.version, merged.merged_into) == row[6:8]
    assert merged.merged_into_name == ("papers", "a")


def test_an_empty_feed_begins_where_it_ends(database: Engine) -> None:
    """Its cursor is good to go on from."""
    read = read_changes(database, None, most=MOST)
    assert (read.changes, read.end.number) == ((), 0)
    harvesting(database).keep(live("1", "a"))

    assert numbers(database, read.end.number) == [1]


def pruned(database: Engine) -> None:
    """Bring five changes, and keep the last two."""
    harvesting(database).keep(*(live(str(number), f"r{number}") for number in range(5)))
    change_database(database, "DELETE FROM changes WHERE cursor < 4", "UPDATE feed SET oldest_cursor = 4")


def test_what_was_pruned_can_not_be_followed_and_what_is_left_can(database: Engine) -> None:
    """Whoever has read the last change that is gone has missed nothing yet."""
    pruned(database)
    feed_id = feed_id_of(database)

    assert numbers(database) == numbers(database, 3) == [4, 5]
    assert numbers(database, most=1) == [4]
    for number in (0, 2):
        with pytest.raises(CursorRefused, match=rf"not all changes after .* the oldest is 4; .* --since {feed_id}:5$"):
            numbers(database, number)


def test_a_cursor_from_the_future_is_refused(database: Engine) -> None:
    """It was given out by a database that has been put back to an earlier state."""
    pruned(database)

    with pytest.raises(CursorRefused, match="lies beyond the newest change, 5"):
        numbers(database, 6)


def test_after_a_restore_no_cursor_given_out_before_is_good(database: Engine, record_key: int) -> None:
    """The changes stay, and numbers go on; whoever follows begins anew."""
    before = read_changes(database, None, most=MOST)
    former, feed = renew_feed(database)
    harvesting(database, "other").keep(live("2", "b"))

    assert record_key
    assert (former, feed.newest) == (before.feed.feed_id, 1)
    assert feed.feed_id == feed_id_of(database) != former
    with pytest.raises(CursorRefused, match=f"another feed.*read everything anew.*--since {feed.feed_id}:2"):
        read_changes(database, before.end, most=MOST)
    assert numbers(database) == [1, 2]
    assert [change.cursor for change in read_changes(database, feed.end, most=MOST).changes] == [
        Cursor(feed_id=feed.feed_id, number=2)
    ]


# --- writing cursors ------------------------------------------------------------------------------


def test_a_cursor_is_read_as_it_is_written() -> None:
    """Back and forth."""
    cursor = Cursor(feed_id="875fb025cf5b4c868984659c489a7b8e", number=35)

    assert cursor_from(str(cursor)) == cursor


@pytest.mark.parametrize(
    "written",
    ["", ":", "35", "feed:", ":35", "feed:-1", "feed:1.5", "feed:x", "fe ed:1", "feed:1:2", f"feed:{2**63}", "feed:٣"],
)
def test_what_is_no_cursor_is_refused(written: str) -> None:
    """With what one looks like, and before any database is asked."""
    with pytest.raises(CursorRefused, match="is no cursor, which is written FEED_ID:NUMBER"):
        cursor_from(written)

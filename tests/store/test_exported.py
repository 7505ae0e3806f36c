"""What an export reads: every record once, whole, from one moment; or every record that has changed since a cursor."""

from collections.abc import Callable
from typing import Any

import pytest
from database_rows import rows
from sqlalchemy import Engine
from store_pages import dead, harvesting, live

from ingest.errors import CursorRefused
from ingest.store import exported as room
from ingest.store.cursors import Cursor
from ingest.store.exported import Chosen, exported
from ingest.store.show_changes import read_changes

MORE = room._BATCH + 20  # noqa: SLF001 - more than fit into one batch.
Read = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def read(database: Engine) -> Read:
    """Return what reads all that is chosen."""

    def all_of(**chosen: Any) -> list[dict[str, Any]]:
        with exported(database, Chosen(**chosen)) as records:
            found = [record for batch in records.batches for record in batch]
            assert len(found) == records.total
            return found

    return all_of


def _ids(records: list[dict[str, Any]]) -> list[str]:
    return [record["record_id"] for record in records]


def _many(number: int, words: str = "words") -> list[Any]:
    return [live(f"oai:{each}", f"{each:05}", words) for each in range(number)]


def test_a_record_is_what_the_views_say(database: Engine, migrated_database_url: str, read: Read) -> None:
    """With its fields and items within, in their order, and alike from both databases."""
    archive = harvesting(database, prefixes=("oai_dc", "mods"))
    archive.keep(live("oai:1", "one", "letters", set_specs=("b", "a")), dead("oai:2"))
    archive.keep(live("oai:1", "one", "more"), prefix="mods")
    archive.keep(live("oai:3", "three"))
    archive.keep(dead("oai:3"))

    first, last = read()

    for record in (first, last):
        (row,) = rows(
            migrated_database_url, "SELECT * FROM catalogue_records WHERE record_id = :id", id=record["record_id"]
        )
        told = {name: record[name] for name in row if not name.endswith("_at")}
        assert told == {name: bool(row[name]) if name == "rights_conflict" else row[name] for name in told}
    assert (first["title"], first["deleted"], last["title"], last["deleted"]) == ("letters", False, "words", True)
    assert first["donors"][0]["evidence"][0]["element"] == "dc:contributor"
    assert first["sources"][0]["parts"] == {"remainder": "letters"}
    assert [(each["metadata_prefix"], each["speaks"], each["sets"]) for each in first["items"]] == [
        ("mods", False, []),
        ("oai_dc", True, ["a", "b"]),
    ]
    assert first["changed_at"].tzinfo is not None
    assert not {"record_key", "position"} & first["rights"][0].keys()


def test_more_records_than_a_batch_come_each_once(database: Engine, read: Read) -> None:
    """In the order of their keys, deleted ones among them unless they are not wanted."""
    archive = harvesting(database)
    archive.keep(*_many(MORE))
    archive.keep(dead("oai:7"))

    records = read()

    assert _ids(records) == [f"{each:05}" for each in range(MORE)]
    assert [record["record_id"] for record in records if record["deleted"]] == ["00007"]
    assert len(read(deleted=False)) == len(records) - 1


def test_what_has_changed_since_comes_once_in_the_order_of_last_changes(database: Engine, read: Read) -> None:
    """However often it has changed, and across batches."""
    archive = harvesting(database)
    archive.keep(*_many(MORE))
    end = read_changes(database, None, most=1).feed.end
    assert read(since=end) == []
    archive.keep(live("oai:3", "00003", "new"), live("oai:1", "00001", "new"))
    archive.keep(dead("oai:2"), live("oai:3", "00003", "newer"))

    assert sorted(_ids(read(since=end))) == ["00001", "00002", "00003"]
    assert _ids(read(since=end))[0] == "00001"
    assert {record["record_id"]: record["title"] for record in read(since=end)}["00003"] == "newer"
    assert sorted(_ids(read(since=end, deleted=False))) == ["00001", "00003"]
    assert len(_ids(read(since=Cursor(feed_id=end.feed_id, number=0)))) == MORE


def test_an_endpoints_records_are_those_it_speaks_for(database: Engine, read: Read) -> None:
    """As the column says that stands with each record."""
    harvesting(database, "first", priority=1).keep(live("oai:1", "shared"), live("oai:2", "mine"))
    harvesting(database, "second", priority=2).keep(live("oai:3", "shared"), live("oai:4", "theirs"))

    assert _ids(read(endpoint="first")) == ["mine", "shared"]
    assert _ids(read(endpoint="second")) == ["theirs"]
    assert {record["endpoint"] for record in read(endpoint="second")} == {"second"}


def test_what_is_written_meanwhile_comes_after_the_cursor(database: Engine, read: Read) -> None:
    """A catalogue that reads everything and goes on from the cursor misses nothing and meets nothing half done."""
    archive = harvesting(database)
    archive.keep(*_many(MORE, "before"))
    with exported(database, Chosen()) as records:
        first = next(records.batches)
        archive.keep(*_many(MORE + 1, "after"))
        found = [*first, *(record for batch in records.batches for record in batch)]
        end = records.feed.end

    assert {record["title"] for record in found} == {"before"}
    assert len(found) == MORE
    later = read(since=end)
    assert {record["title"] for record in later} == {"after"}
    assert len(later) == MORE + 1


def test_a_cursor_that_can_not_be_gone_on_from_is_refused(database: Engine, migrated_database_url: str) -> None:
    """Of another feed, of the future, or from before what is kept."""
    harvesting(database).keep(*_many(3))
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE feed SET oldest_cursor = 3")
    (feed,) = rows(migrated_database_url, "SELECT feed_id FROM feed")
    for feed_id, number in (("other", 1), (feed["feed_id"], 4), (feed["feed_id"], 1)):
        since = Cursor(feed_id=feed_id, number=number)
        with pytest.raises(CursorRefused), exported(database, Chosen(since=since)):
            pass
    with exported(database, Chosen(since=Cursor(feed_id=feed["feed_id"], number=2))) as records:
        assert records.total == 1

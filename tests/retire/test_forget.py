"""Forgetting a record: nothing that it said is left anywhere, and nothing brings it back."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from database_rows import count, rows
from equality import assert_feed_leads_here
from harvesting import counts_of
from letters import described_again
from sqlalchemy import create_engine, inspect
from two_archives import Two, retired

from ingest.endpoints import RecordIdRule
from ingest.store.compression import decompress
from ingest.store.engine import open_engine
from ingest.store.forgetting import clear_free_space, forget, keeps_free_space, read_forgettable
from ingest.store.schema import check, downgrade
from ingest.store.show import find_records

REASON = "The heirs asked for it."
ZSTANDARD = bytes.fromhex("28b52ffd")
"""With which a compressed value begins, after the number of its dictionary."""
KEPT_NAMES = "SELECT record_id, deleted, title, forgotten_reason FROM records WHERE forgotten_at IS NOT NULL"


def forgotten(database_url: str, name: str) -> int:
    """Have a record forgotten; give of how many records the feed tells."""
    database = open_engine(database_url)
    try:
        told = forget(database, find_records(database, name)[0].record_key, REASON)
        assert not keeps_free_space(database) or clear_free_space(database)
        return told
    finally:
        database.dispose()


def everything_kept(database_url: str) -> str:
    """Write every value of every table, compressed ones as they read."""
    engine = create_engine(database_url)
    tables = inspect(engine).get_table_names()
    engine.dispose()
    values = [
        value for table in tables for row in rows(database_url, f"SELECT * FROM {table}") for value in row.values()
    ]
    return "\n".join(map(_readable, values))


def _readable(value: object) -> str:
    if isinstance(value, bytes):
        is_compressed = value[1:5] == ZSTANDARD
        return decompress(value).decode(errors="replace") if is_compressed else repr(value)
    return str(value)


# --- nothing is left ------------------------------------------------------------------------------


def test_nothing_that_it_said_is_left_in_any_table(archives: Two, migrated_database_url: str) -> None:
    """Content of now and of before, the items of every endpoint, and the bytes of what was rejected."""
    archives.harvest(migrated_database_url, "one", "two")
    archives.one.words = "Numbat"
    archives.harvest(migrated_database_url, "one", full=True)
    archives.one.broken.add(2)
    archives.harvest(migrated_database_url, "one", full=True)
    kept = everything_kept(migrated_database_url)
    assert all(f"{word} 2" in kept for word in ("Wombat", "Numbat", "Quokka"))
    assert count(migrated_database_url, "rejections") == 1
    assert forgotten(migrated_database_url, "oai:small:2") == 1
    kept = everything_kept(migrated_database_url)
    assert not re.search("(Wombat|Numbat|Quokka) 2", kept)
    assert all(f"{word} 1" in kept for word in ("Wombat", "Numbat", "Quokka"))
    assert count(migrated_database_url, "rejections") == 0
    assert rows(migrated_database_url, KEPT_NAMES) == [
        {"record_id": "oai:small:2", "deleted": 1, "title": None, "forgotten_reason": REASON}
    ]


def test_sweeps_do_not_wait_for_it_any_more(archives: Two, migrated_database_url: str) -> None:
    """One had missed it; that no second one does, nobody has to be told."""
    archives.harvest(migrated_database_url, "one")
    missed = "INSERT INTO misses (item_id, run_id, missed_at) SELECT id, run_id, first_seen_at FROM items"
    engine = create_engine(migrated_database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"{missed} WHERE oai_identifier = 'oai:small:2'")
    engine.dispose()
    forgotten(migrated_database_url, "oai:small:2")
    assert count(migrated_database_url, "misses") == 0


def test_the_file_of_a_database_holds_no_byte_of_it(archives: Two, migrated_sqlite_url: str) -> None:
    """Nor does its log; what is written over or freed stays in a file of SQLite, unless it is seen to."""
    archives.harvest(migrated_sqlite_url, "one")
    (item,) = rows(migrated_sqlite_url, "SELECT xml FROM items WHERE oai_identifier = 'oai:small:2'")
    path = Path(urlsplit(migrated_sqlite_url).path[1:])
    files = [path, path.with_name(f"{path.name}-wal")]

    def held(content: bytes) -> bool:
        return any(content in file.read_bytes() for file in files if file.exists())

    assert held(b"Wombat 2")
    assert held(item["xml"])
    forgotten(migrated_sqlite_url, "oai:small:2")
    assert not held(b"Wombat 2")
    assert not held(item["xml"])
    assert held(b"Wombat 3")


def test_a_reader_that_keeps_the_file_open_is_told_of(archives: Two, migrated_sqlite_url: str) -> None:
    """Its view of the database is that of before: the log has to keep it."""
    archives.harvest(migrated_sqlite_url, "one")
    reader, database = open_engine(migrated_sqlite_url), open_engine(migrated_sqlite_url)
    with reader.connect().execution_options(reading=True) as connection:
        connection.exec_driver_sql("SELECT count(*) FROM records").all()
        with database.connect() as waiting:
            waiting.exec_driver_sql("PRAGMA busy_timeout = 10")
            waiting.rollback()
        assert not clear_free_space(database)
    assert clear_free_space(database)
    reader.dispose()
    database.dispose()


# --- nothing brings it back -----------------------------------------------------------------------


@pytest.mark.parametrize("meanwhile", ["the same", "changed", "broken"])
def test_no_harvest_brings_it_back(archives: Two, migrated_database_url: str, meanwhile: str) -> None:
    """It is read, and counted as unchanged."""
    archives.harvest(migrated_database_url, "one")
    forgotten(migrated_database_url, "oai:small:2")
    if meanwhile == "changed":
        archives.one.words = "Numbat"
    if meanwhile == "broken":
        archives.one.broken.add(2)
    run = archives.harvest(migrated_database_url, "one", full=True)
    counts = counts_of(run)
    assert (run.verdict, run.records) == ("complete", 7)
    assert (counts["seen"], counts["rejected"], counts["restored"]) == (7, 0, 0)
    assert counts["unchanged"] == (1 if meanwhile == "changed" else 7)
    assert count(migrated_database_url, "rejections") == 0
    assert not re.search("(Wombat|Numbat) 2", everything_kept(migrated_database_url))
    assert_feed_leads_here(migrated_database_url)


@pytest.mark.parametrize("how", ["live", "moved"])
def test_an_item_that_comes_to_it_later_leaves_only_its_name(
    archives: Two, migrated_database_url: str, how: str
) -> None:
    """From another endpoint of the namespace, be it new or of another record before."""
    archives.harvest(migrated_database_url, "one")
    forgotten(migrated_database_url, "oai:small:2")
    if how == "moved":
        archives.harvest(migrated_database_url, "two", namespace="own")
        archives.two.words = "Numbat"
    run = archives.harvest(migrated_database_url, "two", full=True)
    assert counts_of(run)["unchanged"] == 1
    assert counts_of(run)["changed" if how == "moved" else "created"] == 2
    item = "SELECT deleted, xml, datestamp FROM items JOIN endpoints ON endpoints.id = endpoint_id WHERE name = 'two'"
    (left,) = rows(migrated_database_url, f"{item} AND oai_identifier = 'oai:small:2'")
    assert left == {"deleted": 1, "xml": None, "datestamp": None}
    assert rows(migrated_database_url, KEPT_NAMES)[0]["title"] is None
    assert "Numbat 2" not in everything_kept(migrated_database_url)
    again = archives.harvest(migrated_database_url, "two", full=True)
    assert counts_of(again)["unchanged"] == 3
    assert_feed_leads_here(migrated_database_url)


def test_describing_again_leaves_it_and_brings_nothing_into_it(archives: Two, migrated_database_url: str) -> None:
    """Not its own item, which says nothing any more; and an item that would come to it is erased."""
    archives.harvest(migrated_database_url, "one")
    forgotten(migrated_database_url, "oai:small:2")
    archives.harvest(migrated_database_url, "two", namespace="own")
    done = described_again(migrated_database_url, archives.endpoint("one", priority=30))
    assert (done.stale, done.items, done.left) == (6, 6, 0)
    done = described_again(migrated_database_url, archives.endpoint("two"))
    assert (done.items, done.left, done.changes["merged"]) == (3, 0, 3)
    item = "SELECT xml FROM items JOIN endpoints ON endpoints.id = endpoint_id WHERE name = 'two'"
    assert rows(migrated_database_url, f"{item} AND oai_identifier = 'oai:small:2'") == [{"xml": None}]
    assert described_again(migrated_database_url, archives.endpoint("two")).stale == 0
    assert_feed_leads_here(migrated_database_url)


def test_retiring_its_endpoint_does_not_let_it_come_back(archives: Two, migrated_database_url: str) -> None:
    """The names stay, broken or whole."""
    archives.harvest(migrated_database_url, "one")
    forgotten(migrated_database_url, "oai:small:2")
    assert retired(migrated_database_url, "one").items == 6
    archives.one.broken.add(2)
    run = archives.harvest(migrated_database_url, "one")
    assert (counts_of(run)["created"], counts_of(run)["unchanged"]) == (6, 1)
    assert count(migrated_database_url, "rejections") == 0


def test_programs_that_would_bring_it_back_are_refused(archives: Two, migrated_database_url: str) -> None:
    """Those from before records could be forgotten, which take no notice of it."""
    query = "SELECT oldest_code FROM schema_state"
    archives.harvest(migrated_database_url, "one")
    assert rows(migrated_database_url, query) == [{"oldest_code": 3}]
    forgotten(migrated_database_url, "oai:small:2")
    assert rows(migrated_database_url, query) == [{"oldest_code": 3}]
    check(migrated_database_url)
    downgrade(migrated_database_url, "20261129_1100_items_gone")
    assert rows(migrated_database_url, query) == [{"oldest_code": 2}]
    downgrade(migrated_database_url, "20261129_0900_sweeps")
    assert rows(migrated_database_url, query) == [{"oldest_code": 1}]


# --- what is told ---------------------------------------------------------------------------------


def test_catalogues_are_told_even_of_what_was_deleted_before(archives: Two, migrated_database_url: str) -> None:
    """They may keep what a deleted record last said."""
    archives.harvest(migrated_database_url, "one")
    retired(migrated_database_url, "one")
    assert forgotten(migrated_database_url, "oai:small:2") == 1
    query = "SELECT change FROM catalogue_changes WHERE record_id = 'oai:small:2' ORDER BY cursor"
    assert [row["change"] for row in rows(migrated_database_url, query)] == ["created", "deleted", "deleted"]
    assert forgotten(migrated_database_url, "oai:small:2") == 0
    assert_feed_leads_here(migrated_database_url)


def test_records_that_were_merged_into_it_are_forgotten_with_it(archives: Two, migrated_database_url: str) -> None:
    """They say what its items said when they belonged there."""
    archives.harvest(migrated_database_url, "one")
    described_again(migrated_database_url, archives.endpoint("one", record_id=RecordIdRule(pattern="([0-9])$")))
    database = open_engine(migrated_database_url)
    (name,) = find_records(database, "shared:2")
    foreseen = read_forgettable(database, name.record_key)
    database.dispose()
    assert foreseen.records == (("shared", "2"), ("shared", "oai:small:2"))
    assert foreseen.items == (("one", "oai:small:2", "oai_dc"),)
    assert forgotten(migrated_database_url, "shared:2") == 2
    assert "Wombat 2" not in everything_kept(migrated_database_url)
    assert_feed_leads_here(migrated_database_url)


def test_the_feed_and_the_views_hold_its_names(archives: Two, migrated_database_url: str) -> None:
    """So that a catalogue can find what it has to erase."""
    archives.harvest(migrated_database_url, "one")
    forgotten(migrated_database_url, "oai:small:2")
    query = "SELECT record_id, title, rights_category, creators, metadata, deleted FROM catalogue_records WHERE deleted"
    (record,) = rows(migrated_database_url, query)
    assert record == {
        "record_id": "oai:small:2",
        "title": None,
        "rights_category": "unknown",
        "creators": [],
        "metadata": {},
        "deleted": 1,
    }
    (item,) = rows(migrated_database_url, "SELECT * FROM catalogue_items WHERE oai_identifier = 'oai:small:2'")
    assert (item["deleted"], item["speaks"], item["sets"]) == (1, 0, [])

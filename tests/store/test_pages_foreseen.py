"""What a page takes to be known is a hint: whatever has moved since, it is found before anything is written."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from time import sleep

import pytest
from equality import assert_feed_leads_here
from sqlalchemy import Engine, text
from store_pages import LEASE_SECONDS, Harvest, bare, changes, counts, dead, harvesting, live, records, rows

from ingest.records import Record
from ingest.store.answers import KnownItem, PageWrite
from ingest.store.engine import open_engine
from ingest.store.pages import DescriptionsWanted, PageKept, keep_page
from ingest.store.reading import look_up_items

LIKE_ANOTHER = text("""
INSERT INTO items (endpoint_id, metadata_prefix, oai_identifier, datestamp_key, response_date, run_id, deleted, digest,
                   header_digest, profile_id, understood, priority, prefix_position, first_seen_at)
SELECT endpoint_id, metadata_prefix, :identifier, datestamp_key, response_date, run_id, deleted, digest,
       header_digest, profile_id, understood, priority, prefix_position, first_seen_at
  FROM items WHERE oai_identifier = :like
""")
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
PATIENCE_SECONDS = 30


def known(harvest: Harvest, *identifiers: str) -> dict[str, KnownItem]:
    """Look items up."""
    prefix = harvest.endpoint.metadata_prefix[0]
    return look_up_items(
        harvest.database, endpoint_id=harvest.endpoint_id, metadata_prefix=prefix, identifiers=identifiers
    )


def kept(harvest: Harvest, page: PageWrite) -> dict[str, int]:
    """Write a page, with the descriptions that the database asks for; give what its window counts."""
    while isinstance(done := keep_page(harvest.database, page, lease_seconds=LEASE_SECONDS), DescriptionsWanted):
        page = harvest.with_descriptions(page, done)
    return counts(done.window)


def address(database: Engine) -> str:
    """Give the database's address."""
    return database.url.render_as_string(hide_password=False)


FIRST = live("1", "a", "first")
# What another worker wrote after this page had looked, what the page brings, the counts and the records at the end.
SINCE = {
    "the same": (FIRST, FIRST, {"created": 1, "unchanged": 1}, {"a": ("first", False)}),
    "something else": (live("1", "a"), FIRST, {"created": 1, "changed": 1}, {"a": ("first", False)}),
    "of another record": (
        live("1", "b"),
        FIRST,
        {"created": 1, "changed": 1},
        {"a": ("first", False), "b": ("words", True)},
    ),
    "a tombstone": (dead("1"), FIRST, {"deleted": 1, "restored": 1}, {"a": ("first", False)}),
    "a deletion of it": (FIRST, dead("1"), {"created": 1, "deleted": 1}, {"a": ("first", True)}),
    "another item of its record": (live("2", "a", "zeroth"), FIRST, {"created": 2}, {"a": ("first", False)}),
    "nothing in its words": (FIRST, bare("1"), {"created": 1, "changed": 1}, {"a": (None, False)}),
}


@pytest.mark.parametrize(("written", "brought", "counted", "ends"), SINCE.values(), ids=SINCE)
def test_an_item_that_came_after_the_look_is_known_all_the_same(
    *, database: Engine, written: Record, brought: Record, counted: dict[str, int], ends: dict[str, tuple[str, bool]]
) -> None:
    """The page goes by what it finds under the locks, and tells of each record once."""
    harvest = harvesting(database)
    page = replace(harvest.page(brought), known={})
    harvest.keep(written)
    page = replace(page, pages_before=1, answers=harvest.page(brought).answers)

    assert kept(harvest, page) == counted
    assert records(database) == ends
    assert_feed_leads_here(address(database))


def test_an_item_that_has_gone_since_the_look_is_new(database: Engine) -> None:
    """As after its endpoint was retired and harvested again."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a", "first"))
    page = replace(harvest.page(live("1", "a", "second")), known=known(harvest, "1"))
    with database.begin() as connection:
        connection.execute(text("DELETE FROM items"))

    assert kept(harvest, page) == {"created": 2}
    assert records(database) == {"a": ("second", False)}


def test_what_was_unchanged_at_the_look_is_looked_at_again(database: Engine) -> None:
    """Whoever deleted it meanwhile is answered, with the description that this takes."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a", "first"))
    page = replace(harvest.page(live("1", "a", "first")), known=known(harvest, "1"))
    harvest.keep(dead("1"), answered="2024-01-01T00:00:00Z", then="other")
    harvest.keep(dead("1"))
    (answer,) = page.answers
    assert answer.described is None
    later = answer._replace(rank=(answer.rank[0], "2030-01-01T00:00:00Z", *answer.rank[2:]))
    page = replace(page, answers=(later,), pages_before=3)

    wanted = keep_page(database, page, lease_seconds=LEASE_SECONDS)
    assert wanted == DescriptionsWanted(identifiers=frozenset({"1"}))
    kept(harvest, page)
    assert records(database) == {"a": ("first", False)}


def test_a_record_that_others_have_already_is_decided_with_their_items(database: Engine) -> None:
    """What was foreseen for a new record counts for nothing then."""
    one, other = harvesting(database, "one", priority=1), harvesting(database, "other", priority=2)
    one.keep(live("oai:one:1", "a", "said"))
    page = replace(other.page(live("oai:other:1", "a", "kept back"), live("oai:other:2", "b", "new")), known={})

    assert kept(other, page) == {"created": 2}
    assert records(database) == {"a": ("said", False), "b": ("new", False)}
    assert changes(database) == [("a", "created", 1), ("b", "created", 1)]


def test_changes_of_a_page_are_told_in_the_order_of_the_records_names(database: Engine) -> None:
    """Whether they are new, changed or had been there before."""
    harvest = harvesting(database)
    harvest.keep(live("2", "b"))
    harvest.keep(live("3", "c"), live("1", "a"), live("2", "b", "other words"))

    assert changes(database) == [("b", "created", 1), ("a", "created", 1), ("b", "changed", 2), ("c", "created", 1)]


def test_a_new_record_is_written_once(database: Engine) -> None:
    """Its row stands as it was inserted: on PostgreSQL, no dead row is left of an empty one."""
    harvesting(database).keep(live("1", "a"), live("2", "b"), dead("3"))

    if database.dialect.name == "postgresql":
        assert rows(database, "SELECT DISTINCT ctid::text FROM records ORDER BY 1") == [("(0,1)",), ("(0,2)",)]
    assert rows(database, "SELECT version FROM records") == [(1,), (1,)]


@pytest.fixture
def postgresql(migrated_postgresql_url: str) -> Iterator[Engine]:
    """Return a PostgreSQL database, opened: on SQLite there is one writer at a time."""
    engine = open_engine(migrated_postgresql_url)
    yield engine
    engine.dispose()


def test_an_item_that_another_worker_is_about_to_commit_is_waited_for(postgresql: Engine) -> None:
    """No record could be locked that would have kept the two apart: the page is begun again, and finds the item."""
    database = postgresql
    harvest = harvesting(database)
    harvest.keep(dead("1"))
    page = replace(harvest.page(dead("2")), known={})
    done: list[object] = []
    with database.connect() as other:
        other.execute(LIKE_ANOTHER, {"identifier": "2", "like": "1"})
        thread = threading.Thread(
            target=lambda: done.append(keep_page(database, page, lease_seconds=LEASE_SECONDS)), daemon=True
        )
        thread.start()
        for _ in range(PATIENCE_SECONDS * 100):
            if rows(database, WAITING) != [(0,)]:
                break
            sleep(0.01)
        other.commit()
        thread.join(PATIENCE_SECONDS)

    (result,) = done
    assert isinstance(result, PageKept)
    assert counts(result.window) == {"deleted": 1, "unchanged": 1}
    assert rows(database, "SELECT count(*) FROM items") == [(2,)]

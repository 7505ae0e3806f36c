"""What a page does to its window and to its items: counts, what is written, and what is left alone."""

from datetime import UTC, datetime

import pytest
from equality import assert_feed_leads_here
from sqlalchemy import Engine
from store_pages import (
    an_instant_later,
    bare,
    change_database,
    changes,
    counts,
    dead,
    dump,
    harvesting,
    live,
    raw,
    records,
    refused,
    rows,
)

from ingest.errors import DatabaseRefused
from ingest.ledger import Repaired
from ingest.records import Repair
from ingest.store.pages import PageKept, keep_page

# What a page's own progress writes; all else is untouched by a page without news.
PROGRESS = ("windows", "pages")


def test_every_element_is_counted_once(database: Engine) -> None:
    """Seen is the sum of what was created, changed, unchanged, deleted, restored and rejected."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), live("2", "b"), live("3", "c"), dead("4"), then="t")
    kept = harvest.keep(
        live("1", "a"),
        live("2", "b", "other words"),
        dead("3"),
        live("4", "d"),
        live("5", "e"),
        live("5", "e"),
        dead("6"),
        refused("7"),
        refused(None),
    )
    window = kept.window

    assert counts(window) == {
        "created": 3 + 1,
        "changed": 1,
        "unchanged": 2,
        "deleted": 1 + 2,
        "restored": 1,
        "rejected": 2,
    }
    assert window.seen == window.read == 13 == sum(counts(window).values())
    assert (window.pages, window.last_length, window.empty_pages) == (2, 9, 0)


def test_the_window_stands_where_the_page_leaves_it(database: Engine) -> None:
    """Token, announced size, bytes and repairs are kept as the page says; a size once told is not forgotten."""
    harvest = harvesting(database)
    mended = (Repair(name="bare-ampersand"), Repair(name="bare-ampersand", identifier="1"))
    first = harvest.keep(live("1", "a"), then="next", announced=7, size=100, repairs=mended).window
    more = (Repair(name="bare-ampersand", identifier="2"), Repair(name="illegal-characters"))
    second = harvest.keep(bare("2"), raw("3", "c"), then="last", size=50, repairs=more).window
    ended = harvest.keep(ended=True).window

    assert (first.state, first.token, first.announced, first.bytes, first.repaired) == ("open", "next", 7, 100, 2)
    assert (second.token, second.announced, second.bytes, second.repaired) == ("last", 7, 150, 4)
    assert ended.repairs == {
        "bare-ampersand": Repaired(count=3, identifier="1"),
        "illegal-characters": Repaired(count=1),
    }
    assert (second.without_metadata, second.not_understood) == (1, 1)
    assert (ended.state, ended.token, ended.reason) == ("ended", None, None)
    assert (ended.last_length, ended.empty_pages) == (2, 1)


def test_a_list_given_up_with_its_page_keeps_the_page_and_the_reason(database: Engine) -> None:
    """What came is not thrown away with what did not."""
    window = harvesting(database).keep(live("1", "a"), reason="damaged-page", message="half of it").window

    assert (window.state, window.reason, window.message) == ("abandoned", "damaged-page", "half of it")
    assert records(database) == {"a": ("words", False)}


def test_an_unchanged_page_writes_nothing_but_its_progress(database: Engine) -> None:
    """No row of an item, a record, a version, a field or the feed is touched."""
    harvest = harvesting(database)
    page = (live("1", "a", set_specs=("maps",)), dead("2"), bare("3"), raw("4", "d"))
    harvest.keep(*page, then="t")
    before = dump(database, without=PROGRESS)
    window = harvest.keep(*page).window

    assert dump(database, without=PROGRESS) == before
    assert (window.unchanged, window.without_metadata, window.not_understood) == (4, 2, 2)


def test_the_next_run_counts_the_same_page_as_unchanged_and_writes_nothing(database: Engine) -> None:
    """Harvesting again what has not changed costs reading only."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), live("2", "b"), ended=True)
    before = dump(database, without=("windows", "pages", "runs"))
    change_database(database, f"UPDATE runs SET ended_at = started_at WHERE id = {harvest.run_id}")
    window = harvesting(database).keep(live("1", "a"), live("2", "b"), ended=True).window

    assert counts(window) == {"unchanged": 2}
    assert dump(database, without=("windows", "pages", "runs")) == before


def test_an_element_that_stands_twice_in_a_page_is_written_once(database: Engine) -> None:
    """The page after it finds it unchanged."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a", "old"), live("1", "a", "new", datestamp="2024-02-02"), then="t")

    assert records(database) == {"a": ("new", False)}
    assert changes(database) == [("a", "created", 1)]
    assert counts(harvest.keep(live("1", "a", "new", datestamp="2024-02-02")).window)["unchanged"] == 1


def test_a_header_that_moves_alone_is_written_in_place(database: Engine) -> None:
    """Datestamp and sets are the newest; there is no version and no change."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a", set_specs=("maps", "plans")), then="t")
    quiet = ("records", "record_versions", "record_rights", "record_donors", "record_sources", "changes", "feed")
    before = {name: table for name, table in dump(database).items() if name in quiet}
    kept = harvest.keep(live("1", "a", datestamp="2024-02-02T10:00:00Z", set_specs=("plans", "views")))

    assert counts(kept.window) == {"created": 1, "unchanged": 1}
    assert {name: table for name, table in dump(database).items() if name in quiet} == before
    assert rows(database, "SELECT datestamp FROM catalogue_records") == [("2024-02-02T10:00:00Z",)]
    assert rows(database, "SELECT set_spec FROM item_sets ORDER BY set_spec") == [("plans",), ("views",)]


def test_an_about_that_changes_describes_the_item_again_but_is_no_change_of_its_record(database: Engine) -> None:
    """Two digests: the item's covers about, the record's what catalogues read."""
    harvest = harvesting(database)
    first = live("1", "a")
    harvest.keep(first, then="t")
    kept = harvest.keep(type(first)(header=first.header, metadata=first.metadata, about=(b"<provenance/>",)))

    assert counts(kept.window) == {"created": 1, "changed": 1}
    assert changes(database) == [("a", "created", 1)]


def test_a_rule_that_is_known_anew_is_shown_without_a_change(database: Engine) -> None:
    """What the views tell of rules belongs to the item that speaks now."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a", rule="by-hand@1"), then="t")
    harvest.keep(live("1", "a", rule="by-list@2"))

    assert changes(database) == [("a", "created", 1)]
    assert rows(database, "SELECT rule FROM catalogue_rights") == [("rights/by-list@2",)]


def test_a_changed_record_keeps_what_it_said_before(database: Engine) -> None:
    """A version a change, from when to when; the feed tells which fields."""
    harvest = harvesting(database)
    for words in ("first", "second", "third"):
        harvest.keep(live("1", "a", words), then=words)
    kept = rows(database, "SELECT version, change, content FROM record_versions ORDER BY version")
    times = rows(database, "SELECT valid_from, valid_until FROM record_versions ORDER BY version")
    ((changed_at,),) = rows(database, "SELECT changed_at FROM records")

    assert [(version, change) for version, change, _content in kept] == [(1, "changed"), (2, "changed")]
    assert ['"title":"first"' in kept[0][2], '"title":"second"' in kept[1][2]] == [True, True]
    assert times[0][1] == times[1][0]
    assert times[1][1] == changed_at
    ((fields,),) = rows(database, "SELECT fields FROM changes WHERE cursor = 3")
    assert fields == '["creators","donors","metadata","rights","sources","title"]'


def test_the_field_tables_follow_their_record(database: Engine) -> None:
    """A row a statement, in order from 0, replaced and not added to."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a", "first"), live("2", "b", "other"), then="t")
    harvest.keep(live("1", "a", "second"), then="u")
    for view in ("catalogue_rights", "catalogue_donors", "catalogue_sources"):
        found = rows(database, f"SELECT position, statement FROM {view} ORDER BY record_key, position")
        assert [(position, "second" in said or "other" in said) for position, said in found] == [(0, True), (0, True)]


@pytest.mark.parametrize("table", ["items", "item_sets", "record_donors", "record_versions", "changes", "pages"])
def test_an_error_inside_the_transaction_leaves_nothing(database: Engine, table: str) -> None:
    """Whichever statement fails: the same page succeeds afterwards as if nothing had been."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a", set_specs=("maps",)), refused("9"), then="t")
    page = harvest.page(
        live("1", "a", "other", set_specs=("plans",)), live("2", "b"), live("9", "i"), refused("8"), then="u"
    )
    before = dump(database)
    change_database(database, f"ALTER TABLE {table} RENAME TO away")
    with pytest.raises(DatabaseRefused):
        keep_page(database, page, lease_seconds=60)
    change_database(database, f"ALTER TABLE away RENAME TO {table}")

    assert dump(database) == before
    kept = keep_page(database, page, lease_seconds=60)
    assert isinstance(kept, PageKept)
    assert counts(kept.window) == {"created": 3, "changed": 1, "rejected": 2}
    assert_feed_leads_here(database.url.render_as_string(hide_password=False))


# --- circles --------------------------------------------------------------------------------------


def test_the_same_token_after_the_same_elements_is_a_circle(database: Engine) -> None:
    """Each page is kept; the circle is told."""
    harvest = harvesting(database)
    assert not harvest.keep(live("1", "a"), then="t").loop
    assert harvest.keep(live("1", "a"), then="t").loop


@pytest.mark.parametrize(
    ("identifier", "token"),
    [
        pytest.param("2", "t", id="the same token with other elements"),
        pytest.param("1", "u", id="the same elements with another token"),
        pytest.param("1", None, id="no token"),
    ],
)
def test_what_gets_further_is_no_circle(database: Engine, identifier: str, token: str | None) -> None:
    """Some repositories always send the same token, and keep the place on their side."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), then="t")

    assert not harvest.keep(live(identifier, "a"), then=token).loop


def test_a_page_that_came_in_part_is_no_circle_however_often(database: Engine) -> None:
    """It leaves the list where it was, and what it stands for is read in another way."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), then="t", damaged=True)

    assert not harvest.keep(live("1", "a"), then="t", damaged=True).loop


def test_the_same_empty_page_is_no_circle(database: Engine) -> None:
    """Empty pages have a limit of their own."""
    harvest = harvesting(database)
    harvest.keep(then="t")

    assert not harvest.keep(then="t").loop


# --- what is known of an answer's age -------------------------------------------------------------


@pytest.mark.parametrize(
    "late",
    [
        pytest.param(live("1", "a", "old"), id="older words"),
        pytest.param(dead("1"), id="an older tombstone"),
        pytest.param(live("1", "b", "old"), id="an older record ID"),
        pytest.param(live("1", "a", "new", datestamp="2020-01-01", set_specs=("old",)), id="an older header"),
    ],
)
def test_an_older_answer_never_replaces_a_newer_one(database: Engine, late: object) -> None:
    """A page that was long on its way changes nothing but counts."""
    harvest = harvesting(database)
    older, newer = an_instant_later(), an_instant_later()
    harvest.keep(live("1", "a", "new"), answered=newer, then="t")
    before = dump(database, without=PROGRESS)
    kept = harvest.keep(late, answered=older)

    assert counts(kept.window) == {"created": 1, "unchanged": 1}
    assert dump(database, without=PROGRESS) == before


def test_instants_are_aware_and_in_utc(database: Engine) -> None:
    """What the database's clock gave stands in every table alike."""
    harvesting(database).keep(live("1", "a"))
    with database.connect() as connection:
        from ingest.store.tables import items  # noqa: PLC0415

        ((first_seen_at,),) = connection.execute(items.select().with_only_columns(items.c.first_seen_at))

    assert first_seen_at.tzinfo is UTC
    assert abs((datetime.now(UTC) - first_seen_at).total_seconds()) < 60

"""From items to records: what is one record, who speaks for it, and what becomes of it when items come and go."""

from dataclasses import replace

import pytest
from equality import assert_feed_leads_here
from sqlalchemy import Engine
from store_pages import (
    bare,
    changes,
    counts,
    dead,
    dump,
    harvesting,
    live,
    raw,
    records,
    rows,
    speakers,
)

from ingest.records import Record
from ingest.store.pages import DescriptionsWanted, PageKept, keep_page
from ingest.store.reading import look_up_items


def url(database: Engine) -> str:
    """Give the database's address."""
    return database.url.render_as_string(hide_password=False)


# --- tombstones of all items at once --------------------------------------------------------------


def test_a_page_with_the_tombstones_of_all_items_asks_once_for_what_the_last_one_said(database: Engine) -> None:
    """The item that was silent speaks now that it is deleted too: by its newer datestamp, with its last words."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a", "first", datestamp="2024-02-01"), live("2", "a", "second", datestamp="2024-01-01"))
    page = harvest.page(dead("1", datestamp="2024-03-01"), dead("2", datestamp="2024-03-02"))
    wanted = keep_page(database, page, lease_seconds=60)

    assert isinstance(wanted, DescriptionsWanted)
    assert isinstance(keep_page(database, harvest.with_descriptions(page, wanted), lease_seconds=60), PageKept)
    assert records(database) == {"a": ("second", True)}


# --- one record -----------------------------------------------------------------------------------


def test_two_endpoints_that_share_a_namespace_share_records(database: Engine) -> None:
    """The same record ID is one record with an item from each."""
    one, other = harvesting(database, "one"), harvesting(database, "other")
    one.keep(live("oai:one:1", "a", "first"))
    kept = other.keep(live("oai:other:1", "a", "second"), live("oai:other:2", "b"))

    assert counts(kept.window) == {"created": 2}
    assert records(database) == {"a": ("first", False), "b": ("words", False)}
    assert changes(database) == [("a", "created", 1), ("b", "created", 1)]


def test_other_namespaces_have_records_of_their_own(database: Engine) -> None:
    """The same record ID means something else there."""
    harvesting(database, "one").keep(live("1", "a"))
    harvesting(database, "other", namespace="maps").keep(live("1", "a"))

    found = rows(database, "SELECT namespace, record_id FROM catalogue_records ORDER BY namespace")
    assert found == [("maps", "a"), ("papers", "a")]


def test_two_prefixes_of_an_endpoint_make_one_record(database: Engine) -> None:
    """The first prefix speaks, whichever came first."""
    harvest = harvesting(database, prefixes=("mods", "oai_dc"))
    harvest.keep(live("1", "a", "simple"), prefix="oai_dc")
    harvest.keep(live("1", "a", "rich"), prefix="mods")

    assert records(database) == {"a": ("rich", False)}
    assert speakers(database) == {"a": "archive/mods/1"}


def test_an_item_met_in_two_sets_is_one_item(database: Engine) -> None:
    """The second list finds it unchanged."""
    harvest = harvesting(database, sets=("maps", "plans"))
    item = live("1", "a", set_specs=("maps", "plans"))
    harvest.keep(item, set_spec="maps")
    kept = harvest.keep(item, set_spec="plans")

    assert counts(kept.window) == {"unchanged": 1}
    assert rows(database, "SELECT count(*) FROM items") == [(1,)]


def test_items_of_one_page_that_share_a_record_id_are_one_record(database: Engine) -> None:
    """Decided once, from all of them."""
    kept = harvesting(database).keep(live("2", "a", "second"), live("1", "a", "first"), live("3", "a", "third"))

    assert counts(kept.window) == {"created": 3}
    assert records(database) == {"a": ("first", False)}
    assert changes(database) == [("a", "created", 1)]


def test_the_whole_identifier_is_the_record_id_where_nothing_is_declared(database: Engine) -> None:
    """A tombstone tells it too."""
    harvest = harvesting(database, record_id=None)
    harvest.keep(live("oai:a:1", "ignored"), dead("oai:a:2"))

    assert records(database) == {"oai:a:1": ("words", False), "oai:a:2": (None, True)}


# --- who speaks -----------------------------------------------------------------------------------


DAY, SECOND = live("1", "a", datestamp="2024-01-02"), live("1", "a", datestamp="2024-01-01T23:59:59Z")
OFFSET, LATER = live("1", "a", datestamp="2024-01-02T01:00:00+01:00"), live("1", "a", datestamp="2024-01-02T00:00:01Z")
UNREADABLE, NEW = live("1", "a", datestamp="long ago"), live("1", "a", datestamp="2025-01-01")
ITEM = live("1", "a")
# Priority and record of the endpoint that speaks, then of the other.
VOICES = {
    "priority": (1, ITEM, 2, NEW),
    "the newest datestamp, a day over a second": (1, DAY, 1, SECOND),
    "the newest datestamp, a second over a day": (1, LATER, 1, DAY),
    "the newest datestamp, with an offset": (1, OFFSET, 1, SECOND),
    "a datestamp that can be read": (1, ITEM, 1, UNREADABLE),
    "understood, whatever the priority": (2, ITEM, 1, raw("1", "a")),
    "live, whatever the priority": (2, raw("1", "a"), 1, dead("1")),
    "the endpoint's name, not the item's": (1, live("2", "a"), 1, live("1", "a")),
}


@pytest.mark.parametrize("comes", ["first", "last"])
@pytest.mark.parametrize(("priority", "speaks", "other_priority", "listens"), VOICES.values(), ids=VOICES)
def test_the_item_that_speaks_is_the_same_in_both_orders_of_arrival(
    *, database: Engine, priority: int, speaks: Record, other_priority: int, listens: Record, comes: str
) -> None:
    """Live, understood, priority, newest datestamp as an instant, then names by bytes."""
    better = (harvesting(database, "a-better", priority=priority), speaks)
    worse = (harvesting(database, "b-worse", priority=other_priority), listens)
    for harvest, record in (better, worse) if comes == "first" else (worse, better):
        harvest.keep(record)

    assert speakers(database)["a"].split("/")[0] == "a-better"


def test_a_better_item_takes_over_and_the_record_changes(database: Engine) -> None:
    """One change, with the fields that differ."""
    poor, rich = harvesting(database, "poor", priority=200), harvesting(database, "rich", priority=1)
    poor.keep(live("1", "a", "poor"))
    rich.keep(live("1", "a", "rich"))

    assert records(database) == {"a": ("rich", False)}
    assert changes(database) == [("a", "created", 1), ("a", "changed", 2)]


def test_a_better_item_that_says_the_same_takes_over_in_silence(database: Engine) -> None:
    """Catalogues read the same; only the speaker is another."""
    harvesting(database, "poor", priority=200).keep(live("1", "a"))
    harvesting(database, "rich", priority=1).keep(live("1", "a"))

    assert speakers(database) == {"a": "rich/oai_dc/1"}
    assert changes(database) == [("a", "created", 1)]


def test_an_item_that_does_not_speak_changes_in_silence(database: Engine) -> None:
    """The item is written, its record is not."""
    one, other = harvesting(database, "one", priority=1), harvesting(database, "other", priority=2)
    one.keep(live("1", "a", "said"))
    other.keep(live("1", "a", "kept back"))
    before = dump(database, without=("windows", "pages", "items"))
    kept = other.keep(live("1", "a", "kept back too"))

    assert counts(kept.window) == {"created": 1, "changed": 1}
    assert dump(database, without=("windows", "pages", "items")) == before


def test_a_datestamp_alone_can_pass_the_word_on(database: Engine) -> None:
    """The header moves in place, and the item with the newest one speaks."""
    one, other = harvesting(database, "one"), harvesting(database, "other")
    one.keep(live("1", "a", "first"))
    other.keep(live("1", "a", "second"))
    other.keep(live("1", "a", "second", datestamp="2024-03-03"))

    assert records(database) == {"a": ("second", False)}
    assert changes(database) == [("a", "created", 1), ("a", "changed", 2)]


def test_when_the_speaker_is_deleted_the_next_is_asked_for_its_description(database: Engine) -> None:
    """Nothing is written without it; with it the same page succeeds, and the record is not deleted."""
    one, other = harvesting(database, "one", priority=1), harvesting(database, "other", priority=2)
    one.keep(live("1", "a", "first"))
    other.keep(live("1", "a", "second"))
    before = dump(database)
    page = one.page(dead("1"))
    wanted = keep_page(database, page, lease_seconds=60)

    assert isinstance(wanted, DescriptionsWanted)
    ((second,),) = rows(database, "SELECT id FROM items WHERE priority = 2")
    assert wanted == DescriptionsWanted(items=frozenset({second}))
    assert dump(database) == before
    kept = keep_page(database, one.with_descriptions(page, wanted), lease_seconds=60)
    assert isinstance(kept, PageKept)
    assert counts(kept.window) == {"created": 1, "deleted": 1}
    assert records(database) == {"a": ("second", False)}
    assert changes(database) == [("a", "created", 1), ("a", "changed", 2)]


def test_a_description_of_what_an_item_said_before_is_not_used(database: Engine) -> None:
    """It is asked for again: between the two, another worker has changed the item."""
    one, other = harvesting(database, "one", priority=1), harvesting(database, "other", priority=2)
    one.keep(live("1", "a", "first"))
    other.keep(live("1", "a", "second"))
    page = one.page(dead("1"))
    wanted = keep_page(database, page, lease_seconds=60)
    assert isinstance(wanted, DescriptionsWanted)
    page = one.with_descriptions(page, wanted)
    other.keep(live("1", "a", "changed meanwhile"))

    assert keep_page(database, page, lease_seconds=60) == wanted
    kept = keep_page(database, one.with_descriptions(page, wanted), lease_seconds=60)
    assert isinstance(kept, PageKept)
    assert records(database) == {"a": ("changed meanwhile", False)}


def test_an_answer_not_described_because_it_seemed_unchanged_is_asked_for(database: Engine) -> None:
    """Between the look and the write, the item was changed and the answer changes it back."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a", "first"))
    page = harvest.page(live("1", "a", "first"), answered="2099-01-01T00:00:00Z")
    harvest.keep(live("1", "a", "second"))
    before = dump(database)
    page = replace(page, pages_before=2)
    wanted = keep_page(database, page, lease_seconds=60)

    prefix = page.voices.metadata_prefix
    known = look_up_items(database, endpoint_id=harvest.endpoint_id, metadata_prefix=prefix, identifiers={"1"})
    assert wanted == DescriptionsWanted(identifiers=frozenset({"1"}), known=known)
    assert dump(database) == before
    assert isinstance(keep_page(database, harvest.with_descriptions(page, wanted), lease_seconds=60), PageKept)
    assert records(database) == {"a": ("first", False)}


# --- deletions ------------------------------------------------------------------------------------


def test_a_record_is_deleted_when_no_live_item_is_left_and_keeps_what_it_said(database: Engine) -> None:
    """Content and field rows stay for those who want to know what is gone."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a", "first"), live("2", "a", "second"))
    said = [rows(database, f"SELECT * FROM catalogue_{name}") for name in ("rights", "donors", "sources")]
    harvest.keep(dead("1"), dead("2"))

    assert records(database) == {"a": ("first", True)}
    assert changes(database)[-1] == ("a", "deleted", 2)
    assert [rows(database, f"SELECT * FROM catalogue_{name}") for name in ("rights", "donors", "sources")] == said


def test_a_deleted_record_that_comes_back_is_restored(database: Engine) -> None:
    """With what it says now."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a", "first"))
    harvest.keep(dead("1"))
    kept = harvest.keep(live("1", "a", "again"))

    assert counts(kept.window) == {"created": 1, "deleted": 1, "restored": 1}
    assert records(database) == {"a": ("again", False)}
    assert changes(database) == [("a", "created", 1), ("a", "deleted", 2), ("a", "restored", 3)]
    found = rows(database, "SELECT version, change, deleted FROM record_versions ORDER BY version")
    assert [(version, change, bool(deleted)) for version, change, deleted in found] == [
        (1, "deleted", False),
        (2, "restored", True),
    ]


def test_a_tombstone_keeps_what_its_item_last_said(database: Engine) -> None:
    """XML, format and record stay, so that it can be described again."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"))
    query = "SELECT record_key, xml, format, understood FROM items"
    before = rows(database, query)
    harvest.keep(dead("1", datestamp="2024-02-02"))

    assert rows(database, query) == before
    assert rows(database, "SELECT datestamp FROM catalogue_records") == [("2024-02-02",)]


def test_a_tombstone_never_seen_live_is_an_item_without_a_record(database: Engine) -> None:
    """Only its metadata could have told which."""
    harvest = harvesting(database)
    kept = harvest.keep(dead("1"))

    assert counts(kept.window) == {"deleted": 1}
    assert rows(database, "SELECT record_key FROM catalogue_items") == [(None,)]
    assert (records(database), changes(database)) == ({}, [])
    assert counts(harvest.keep(live("1", "a")).window)["restored"] == 1
    assert changes(database) == [("a", "created", 1)]


def test_a_deleted_item_speaks_on_where_it_is_the_first_of_the_deleted(database: Engine) -> None:
    """What a deleted record says does not depend on who was deleted last."""
    one, other = harvesting(database, "one", priority=1), harvesting(database, "other", priority=2)
    one.keep(live("1", "a", "first"))
    other.keep(live("1", "a", "second"))
    one.keep(dead("1"))
    other.keep(dead("1"))

    assert records(database) == {"a": ("first", True)}
    assert [change for _, change, _ in changes(database)] == ["created", "changed", "deleted"]


# --- without metadata, without understanding -------------------------------------------------------


def test_a_live_item_without_metadata_is_stored_and_says_nothing(database: Engine) -> None:
    """It is counted, not rejected; with its identifier as record ID it is a record."""
    kept = harvesting(database, record_id=None).keep(bare("1"))

    assert counts(kept.window) == {"created": 1}
    assert records(database) == {"1": (None, False)}
    assert rows(database, "SELECT rights_category, metadata FROM records") == [("unknown", "{}")]


def test_a_live_item_without_metadata_stays_with_the_record_that_it_had(database: Engine) -> None:
    """Its record ID can not be read any more; what it said is gone."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"))
    harvest.keep(bare("1"))

    assert records(database) == {"a": (None, False)}
    assert rows(database, "SELECT count(*) FROM catalogue_rights") == [(0,)]
    assert changes(database) == [("a", "created", 1), ("a", "changed", 2)]


def test_a_live_item_without_metadata_and_record_id_has_no_record(database: Engine) -> None:
    """It waits for its metadata."""
    harvest = harvesting(database)
    harvest.keep(bare("1"))
    assert records(database) == {}
    harvest.keep(live("1", "a"))
    assert records(database) == {"a": ("words", False)}


def test_a_format_that_is_not_understood_is_kept_and_speaks_last(database: Engine) -> None:
    """A record of which nothing else is known is there, and empty."""
    harvest = harvesting(database, prefixes=("odd", "oai_dc"))
    harvest.keep(raw("1", "a"), prefix="odd")
    assert records(database) == {"a": (None, False)}
    harvest.keep(live("1", "a"), prefix="oai_dc")
    assert records(database) == {"a": ("words", False)}


# --- items that move ------------------------------------------------------------------------------


def test_a_record_whose_only_item_went_to_another_is_merged_into_it(database: Engine) -> None:
    """The feed tells where; what it said stays."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a", "said"), live("2", "b"))
    kept = harvest.keep(live("1", "b", "said"))

    assert counts(kept.window) == {"created": 2, "changed": 1}
    assert sorted(changes(database)[2:]) == [("a", "merged", 2), ("b", "changed", 2)]
    merged = rows(
        database,
        "SELECT one.record_id, other.record_id FROM catalogue_records AS one"
        " JOIN catalogue_records AS other ON other.record_key = one.merged_into",
    )
    assert merged == [("a", "b")]
    assert records(database)["a"] == ("said", True)
    assert_feed_leads_here(url(database))


def test_a_record_whose_items_went_to_two_others_in_one_page_is_deleted(database: Engine) -> None:
    """There is no one record to send readers to."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), live("2", "a"))
    harvest.keep(live("1", "b"), live("2", "c"))

    assert ("a", "deleted", 2) in changes(database)
    assert rows(database, "SELECT merged_into FROM catalogue_records WHERE record_id = 'a'") == [(None,)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_record_whose_items_went_to_two_others_one_after_the_other_is_deleted(
    order: tuple[int, int], database: Engine
) -> None:
    """In whichever order they went: the last one does not speak for the other."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), live("2", "a"))
    leaving = (live("1", "b"), live("2", "c"))
    for number in order:
        harvest.keep(leaving[number])

    assert ("a", "deleted", 2) in changes(database)
    assert rows(database, "SELECT merged_into FROM catalogue_records WHERE record_id = 'a'") == [(None,)]
    assert_feed_leads_here(url(database))


def test_a_record_whose_items_went_to_one_other_one_after_the_other_is_merged_into_it(database: Engine) -> None:
    """And again when they have come back, and go to another one."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), live("2", "a"))
    for record_id in ("b", "a", "c"):
        harvest.keep(live("1", record_id))
        harvest.keep(live("2", record_id))

    assert [change for change in changes(database) if change[:2] == ("a", "merged")] == [
        ("a", "merged", 2),
        ("a", "merged", 4),
    ]
    merged = "SELECT other.record_id FROM records AS a JOIN records AS other ON other.key = a.merged_into"
    assert rows(database, f"{merged} WHERE a.record_id = 'a'") == [("c",)]
    assert_feed_leads_here(url(database))


def test_a_record_that_keeps_an_item_is_not_merged(database: Engine) -> None:
    """It speaks with the items that stayed."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a", "first"), live("2", "a", "second"))
    harvest.keep(live("1", "b", "first"))

    assert records(database) == {"a": ("second", False), "b": ("first", False)}


def test_an_item_that_comes_back_to_a_merged_record_restores_it(database: Engine) -> None:
    """And the other one is merged in turn."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"))
    harvest.keep(live("1", "b"))
    harvest.keep(live("1", "a"))

    assert records(database) == {"a": ("words", False), "b": ("words", True)}
    assert [change for change in changes(database) if change[0] == "a"] == [
        ("a", "created", 1),
        ("a", "merged", 2),
        ("a", "restored", 3),
    ]
    assert [change for change in changes(database) if change[0] == "b"] == [("b", "created", 1), ("b", "merged", 2)]
    assert rows(database, "SELECT count(*) FROM catalogue_records WHERE merged_into IS NOT NULL") == [(1,)]
    assert_feed_leads_here(url(database))


def test_a_tombstone_stays_with_the_record_that_its_item_had(database: Engine) -> None:
    """Wherever its own identifier would lead."""
    harvest = harvesting(database, record_id=None)
    other = harvesting(database, "other")
    other.keep(live("oai:1", "elsewhere"))
    harvest.keep(live("oai:2", "-"))
    other.keep(dead("oai:1"))

    assert records(database) == {"elsewhere": ("words", True), "oai:2": ("words", False)}


def test_items_that_swap_their_records_leave_both_live(database: Engine) -> None:
    """Both rows are locked before either is decided."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a", "one"), live("2", "b", "two"))
    harvest.keep(live("1", "b", "one"), live("2", "a", "two"))

    assert records(database) == {"a": ("two", False), "b": ("one", False)}
    assert_feed_leads_here(url(database))


def test_no_empty_row_is_left_of_a_record_that_nobody_came_to(database: Engine) -> None:
    """A tombstone's identifier may name a record that its item was never in."""
    first = harvesting(database, "archive")
    first.keep(live("oai:1", "a"))
    # The same item, read by a declaration whose record ID is the whole identifier.
    page = first.page(dead("oai:1"))
    (answer,) = page.answers
    assert answer.described is not None
    moved = type(answer)(
        record=answer.record,
        digest=answer.digest,
        header_digest=answer.header_digest,
        rank=answer.rank,
        described=type(answer.described)(
            namespace="papers", record_id="oai:1", content=answer.described.content, understood=False
        ),
    )
    kept = keep_page(database, replace(page, answers=(moved,)), lease_seconds=60)

    assert isinstance(kept, PageKept)
    assert rows(database, "SELECT record_id, version FROM records") == [("a", 2)]

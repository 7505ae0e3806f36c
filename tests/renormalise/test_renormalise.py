"""Describing again: what ends as if it had been harvested so at once, what is let be, and what is safe beside it."""

from typing import Any

import pytest
from equality import assert_feed_leads_here, catalogue
from letters import RECORDS, Letters, compared, described_again, live_catalogue
from sqlalchemy import text

from ingest.endpoints import Defaults, FieldRule, Fields, RecordIdRule
from ingest.store.engine import open_engine

LIVE = RECORDS - RECORDS // 50
NUMBER = RecordIdRule(pattern="generated/([0-9]+)$")
# As a program with other rules would have written them: the number gets a sign, or a digit in front.
PROFILES = """UPDATE profiles SET digest = '{}', content = replace(content, '"rules":', '"rules":{}')"""
DECLARATIONS: dict[str, dict[str, Any]] = {
    "a field that names donors": {"fields": Fields(donor=FieldRule(element="contributor", pattern="^Donor: (.+)$"))},
    "rights for silent records": {"defaults": Defaults(rights="https://creativecommons.org/publicdomain/mark/1.0/")},
    "a record ID out of the identifier": {"record_id": NUMBER},
    "a record ID out of a described field": {
        "record_id": RecordIdRule(element="identifier", pattern="^Record ID ([0-9]+)$")
    },
    "another namespace": {"namespace": "letters"},
    "all of it": {
        "namespace": "letters",
        "record_id": NUMBER,
        "defaults": Defaults(rights="CC0 1.0"),
        "fields": Fields(donor=FieldRule(element="contributor", pattern="^Donor: (.+)$")),
    },
}


def _rows(database_url: str, query: str) -> list[tuple[Any, ...]]:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return rows


def _execute(database_url: str, *statements: str) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
    engine.dispose()


# --- the end --------------------------------------------------------------------------------------


@pytest.mark.parametrize("declared", DECLARATIONS)
def test_it_ends_as_if_harvested_so_at_once(letters: Letters, migrated_database_url: str, declared: str) -> None:
    """But for the records that the items have left: those say where they went."""
    keys = DECLARATIONS[declared]
    done = described_again(letters.harvested(migrated_database_url), letters.endpoint(**keys))
    assert (done.stale, done.items, done.left, done.stopped) == (RECORDS, RECORDS, 0, False)
    assert live_catalogue(migrated_database_url) == live_catalogue(letters.afresh(**keys))
    assert_feed_leads_here(migrated_database_url)


def test_items_that_move_leave_word_where_they_went(letters: Letters, migrated_database_url: str) -> None:
    """Each record of before is merged into the one that its item belongs to now."""
    letters.harvested(migrated_database_url)
    done = described_again(migrated_database_url, letters.endpoint(record_id=NUMBER))
    assert done.moved == RECORDS
    assert done.changes["merged"] >= LIVE
    query = """
        SELECT old.record_id, new.record_id FROM catalogue_records AS old
          JOIN catalogue_records AS new ON new.record_key = old.merged_into WHERE old.merged_into IS NOT NULL
    """
    merged = _rows(migrated_database_url, query)
    assert len(merged) >= LIVE
    assert all(old.endswith(f"/{new}") for old, new in merged)


def test_two_items_that_now_say_one_record_id_are_one_record(letters: Letters, migrated_database_url: str) -> None:
    """The item that speaks is chosen as in a harvest."""
    keys = {"record_id": RecordIdRule(pattern="generated/[0-9]*([0-9])$")}
    letters.harvested(migrated_database_url)
    described_again(migrated_database_url, letters.endpoint(**keys))
    query = "SELECT count(*) FROM catalogue_records WHERE NOT deleted AND version > 0"
    assert _rows(migrated_database_url, query) == _rows(letters.afresh(**keys), query)


# --- what is let be -------------------------------------------------------------------------------


def test_what_is_described_by_the_declaration_of_now_is_not_described_again(
    letters: Letters, migrated_database_url: str
) -> None:
    """Unchanged costs nothing: no item is read, nothing is published."""
    letters.harvested(migrated_database_url)
    before = _rows(migrated_database_url, "SELECT newest_cursor FROM catalogue_feed")
    done = described_again(migrated_database_url, letters.endpoint())
    assert (done.stale, done.items, done.changes.total()) == (0, 0, 0)
    assert _rows(migrated_database_url, "SELECT newest_cursor FROM catalogue_feed") == before


def test_other_rules_that_say_the_same_publish_nothing(letters: Letters, migrated_database_url: str) -> None:
    """A profile with another number, as an older program wrote it: described again, and no catalogue hears of it."""
    letters.harvested(migrated_database_url)
    _execute(
        migrated_database_url,
        "UPDATE profiles SET digest = 'older', content = replace(content, '\"rules\":', '\"rules\":-')",
    )
    before = _rows(migrated_database_url, "SELECT newest_cursor FROM catalogue_feed")
    done = described_again(migrated_database_url, letters.endpoint())
    assert (done.items, done.changes.total()) == (RECORDS, 0)
    assert _rows(migrated_database_url, "SELECT newest_cursor FROM catalogue_feed") == before


def test_what_a_newer_program_described_is_never_taken_back(letters: Letters, migrated_database_url: str) -> None:
    """It is counted, so that a person runs the newer program."""
    letters.harvested(migrated_database_url)
    _execute(
        migrated_database_url,
        "UPDATE profiles SET digest = 'newer', content = replace(content, '\"rules\":', '\"rules\":9')",
    )
    done = described_again(migrated_database_url, letters.endpoint(namespace="letters"))
    assert (done.stale, done.newer, done.items) == (0, RECORDS, 0)


def test_an_item_that_the_new_declaration_can_not_place_stays_as_it_is(
    letters: Letters, migrated_database_url: str
) -> None:
    """A pattern that matches half of them: the others keep their records, and are told with the reason."""
    letters.harvested(migrated_database_url)
    done = described_again(
        migrated_database_url, letters.endpoint(record_id=RecordIdRule(pattern="generated/([0-9]*[02468])$"))
    )
    assert done.refused["no-record-id"] == done.left > RECORDS // 3
    assert done.example is not None
    kept = "SELECT count(*) FROM catalogue_records WHERE record_id LIKE 'oai:%' AND NOT deleted"
    assert _rows(migrated_database_url, kept)[0][0] == sum(
        1 for number in range(RECORDS) if number % 2 and number % 50 != 49
    )


# --- interrupted, and beside others ----------------------------------------------------------------


def test_what_was_stopped_goes_on_where_it_was_left(letters: Letters, migrated_database_url: str) -> None:
    """Each batch is whole; the next call describes only what is left."""
    letters.harvested(migrated_database_url)
    looks = iter([False, True])
    first = described_again(migrated_database_url, letters.endpoint(namespace="letters"), stop=lambda: next(looks))
    assert first.stopped
    assert first.items + first.left == RECORDS
    assert first.items > 0
    second = described_again(migrated_database_url, letters.endpoint(namespace="letters"))
    assert (second.stale, second.items, second.left) == (first.left, first.left, 0)
    assert_feed_leads_here(migrated_database_url)


def test_a_harvest_afterwards_finds_nothing_new(letters: Letters, migrated_database_url: str) -> None:
    """What was described again is described as the harvest would."""
    letters.harvested(migrated_database_url)
    described_again(migrated_database_url, letters.endpoint(namespace="letters"))
    before = _rows(migrated_database_url, "SELECT newest_cursor FROM catalogue_feed")
    letters.harvested(migrated_database_url, namespace="letters")
    assert _rows(migrated_database_url, "SELECT newest_cursor FROM catalogue_feed") == before


# --- what would change ----------------------------------------------------------------------------


def test_what_would_change_is_told_by_value_with_counts_and_changes_nothing(
    letters: Letters, migrated_database_url: str
) -> None:
    """One difference for all records that are silent about their rights."""
    letters.harvested(migrated_database_url)
    before = catalogue(migrated_database_url)
    told = compared(migrated_database_url, letters.endpoint(defaults=Defaults(rights="All rights reserved.")))
    assert catalogue(migrated_database_url) == before
    by_field = {difference.field: (difference, count) for difference, count in told.counts.items()}
    difference, count = by_field["rights"]
    assert (difference.value, difference.was) == ("All rights reserved.", "")
    assert "in-copyright" in difference.becomes
    assert "rights/" in difference.rule
    assert count == told.records > 0
    assert by_field["rights decision"][0].was == "unknown"
    done = described_again(migrated_database_url, letters.endpoint(defaults=Defaults(rights="All rights reserved.")))
    assert done.changes["changed"] == count


def test_items_that_would_move_are_told_as_moves(letters: Letters, migrated_database_url: str) -> None:
    """By namespace, and whether the record ID would be another too."""
    letters.harvested(migrated_database_url)
    told = compared(migrated_database_url, letters.endpoint(namespace="letters", record_id=NUMBER))
    ((difference, count),) = told.counts.items()
    assert (difference.field, difference.was, difference.becomes) == ("record", "tested", "letters, another record ID")
    assert count == RECORDS

"""The demo repository, harvested over HTTP: what comes out, and what a second harvest does."""

from typing import Any

import pytest
from database_rows import count, everything, rows
from equality import assert_feed_leads_here
from harvesting import OUTCOMES, counts_of, harvest_here, selection_of

from ingest.ledger import Run, RunKind, Verdict
from workers.demo.records import demo_endpoint, demo_items, demo_repository
from workers.demo.server import serve

SEED_RIGHTS = (
    "The History and Public Policy Program welcomes reuse of Digital Archive materials for research and educational "
    "purposes. Some documents may be subject to copyright, which is retained by the rights holders in accordance with "
    "US and international copyright laws. When possible, rights holders have been contacted for permission to "
    "reproduce their materials. To enquire about this document's rights status or request permission for commercial "
    "use, please contact the History and Public Policy Program at [email protected]."
)
APOSTROPHE = "\N{RIGHT SINGLE QUOTATION MARK}"
SEED_TITLE_END = f"'Albania{APOSTROPHE}s Reactions to Khrushchev{APOSTROPHE}s Removal'"
SEED_SOURCE = "PRC FMA 109-02809-01, 37-38. Translated by Xi Zhao."
SEED_CREDIT = "This document was made possible with support from MacArthur Foundation"
SEED_DONORS = "MacArthur Foundation and Leon Levy Foundation"
WRITTEN = ("items", "item_sets", "records", "record_versions", "changes", "rejections")


def harvest_demo(database_url: str, *, times: int = 1, full: bool = False) -> list[Run]:
    """Harvest the demo repository; with ``full`` everything is read again each time."""
    runs: list[Run] = []
    with serve(demo_repository()) as base_url:
        endpoint = demo_endpoint(base_url)
        for _ in range(times):
            selection = selection_of(endpoint, full=full and bool(runs))
            runs.append(harvest_here(database_url, endpoint, selection=selection))
    return runs


def test_the_counts_of_the_demo_sum_and_its_verdict_is_complete(migrated_database_url: str) -> None:
    """Every element read is exactly one of created, changed, unchanged, deleted, restored and rejected."""
    (run,) = harvest_demo(migrated_database_url)
    counts = counts_of(run)
    assert run.verdict is Verdict.COMPLETE
    assert run.kind is RunKind.FULL
    assert not run.active
    assert counts["seen"] == sum(counts[name] for name in OUTCOMES) > 0
    assert counts["created"] + counts["deleted"] + counts["rejected"] >= len(demo_items())
    assert {window.state for window in run.windows} == {"ended"}
    assert run.records == count(migrated_database_url, "catalogue_records")


def test_the_demo_brings_34_record_ids_and_a_feed_that_leads_to_them(migrated_database_url: str) -> None:
    """What comes through several sets and formats is one record under its record ID."""
    harvest_demo(migrated_database_url)
    read = rows(migrated_database_url, "SELECT namespace, record_id FROM catalogue_records")
    assert len(read) == len({row["record_id"] for row in read}) == 34
    assert {row["namespace"] for row in read} == {"demo"}
    assert_feed_leads_here(migrated_database_url)


def test_the_record_without_a_record_id_is_kept_as_a_rejection(migrated_database_url: str) -> None:
    """It is kept with its bytes and reason, is told among the reasons, and does not spoil the verdict."""
    (run,) = harvest_demo(migrated_database_url)
    assert run.total("rejected") == 1
    assert [(reason.code, reason.count) for reason in run.reasons if reason.code == "rejections"] == [("rejections", 1)]
    (kept,) = rows(migrated_database_url, "SELECT * FROM rejections")
    assert (kept["stage"], kept["reason"]) == ("identity", "no-record-id")
    assert kept["oai_identifier"] in {item.identifier for item in demo_items()}
    assert kept["content"]


def test_a_second_harvest_reads_what_is_new_and_changes_nothing(migrated_database_url: str) -> None:
    """Nothing is new in the demo: no record is written and the feed's cursor stays."""
    with serve(demo_repository()) as base_url:
        harvest_here(migrated_database_url, demo_endpoint(base_url))
        before = everything(migrated_database_url, *WRITTEN, "feed")
        run = harvest_here(migrated_database_url, demo_endpoint(base_url))
    assert run.verdict is Verdict.COMPLETE
    assert run.kind is RunKind.INCREMENTAL
    assert (run.total("seen"), run.records) == (0, 0)
    assert everything(migrated_database_url, *WRITTEN, "feed") == before


def test_reading_everything_again_finds_all_unchanged_and_writes_nothing(migrated_database_url: str) -> None:
    """Unchanged costs nothing: no row of items, records, their versions or the feed differs afterwards."""
    with serve(demo_repository()) as base_url:
        endpoint = demo_endpoint(base_url)
        first = harvest_here(migrated_database_url, endpoint)
        before = everything(migrated_database_url, *WRITTEN[:-1], "feed", "record_rights", "record_donors")
        again = harvest_here(migrated_database_url, endpoint, selection=selection_of(endpoint, full=True))
    assert again.verdict is Verdict.COMPLETE
    assert again.total("seen") == first.total("seen")
    assert again.total("unchanged") == again.total("seen") - 1
    assert again.total("rejected") == 1
    assert again.records == first.records
    assert everything(migrated_database_url, *before) == before
    assert count(migrated_database_url, "rejections") == 1


# --- the seed record ------------------------------------------------------------------------------


@pytest.fixture
def seed(migrated_database_url: str) -> dict[str, list[dict[str, Any]]]:
    """Return the seed record as a catalogue reads it, its rows by view, after a harvest of all sets and formats."""
    harvest_demo(migrated_database_url)
    views = {"records": "record_key", "rights": "position", "donors": "position", "sources": "position"}
    records = "SELECT record_key FROM catalogue_records WHERE record_id = '119198'"
    return {
        view: rows(
            migrated_database_url, f"SELECT * FROM catalogue_{view} WHERE record_key IN ({records}) ORDER BY {order}"
        )
        for view, order in {**views, "items": "metadata_prefix"}.items()
    }


def test_the_seed_record_is_one_record_with_its_own_id(seed: dict[str, list[dict[str, Any]]]) -> None:
    """It comes from two sets and in two formats, and is one record, under its record ID."""
    (record,) = seed["records"]
    assert (record["namespace"], record["record_id"], record["endpoint"]) == ("demo", "119198", "demo")
    assert record["oai_identifier"] == "oai:demo.oai-ingest.example:119198"
    assert record["title"].startswith("Cable from the Chinese Embassy in Albania to the CCPCC")
    assert record["title"].endswith(SEED_TITLE_END)
    assert (record["deleted"], record["merged_into"], record["version"]) == (0, None, 1)
    assert [item["metadata_prefix"] for item in seed["items"]] == ["oai_dc", "qdc"]
    assert [item["speaks"] for item in seed["items"]] == [1, 0]


def test_the_seed_record_is_dated_by_the_cable_and_has_no_language(seed: dict[str, list[dict[str, Any]]]) -> None:
    """The upload date is not the item's date, and an empty language is none."""
    (record,) = seed["records"]
    assert record["date"] == "1964-10-16"
    assert record["languages"] == []
    assert "" not in [value["value"] for values in record["metadata"].values() for value in values]


def test_the_seed_records_rights_stay_unknown_and_say_what_is_permitted(seed: dict[str, list[dict[str, Any]]]) -> None:
    """A notice about a whole archive, of which some documents may be in copyright, claims nothing about this one."""
    (record,), (statement,) = seed["records"], seed["rights"]
    assert (record["rights_category"], record["rights_uri"]) == ("unknown", None)
    assert (statement["category"], statement["uri"]) == ("unknown", None)
    assert statement["statement"] == SEED_RIGHTS
    assert set(statement["permits"]) == {"research", "education"}
    assert "History and Public Policy Program" in statement["contact"]
    assert "@" not in statement["contact"]
    assert "protected" not in statement["contact"]


def test_the_seed_records_donors_are_two_organisations_in_order(seed: dict[str, list[dict[str, Any]]]) -> None:
    """MacArthur is named twice and is one donor, with both places kept."""
    donors = seed["donors"]
    assert [(donor["position"], donor["name"], donor["kind"]) for donor in donors] == [
        (0, "MacArthur Foundation", "organisation"),
        (1, "Leon Levy Foundation", "organisation"),
    ]
    places = [[evidence["statement"] for evidence in donor["evidence"]] for donor in donors]
    assert sorted(places[0]) == sorted([SEED_CREDIT, SEED_DONORS])
    assert places[1] == [SEED_DONORS]


def test_the_seed_records_source_is_an_archive_with_reference_and_pages(seed: dict[str, list[dict[str, Any]]]) -> None:
    """The repository picks the grammar; the translator is no part of the reference."""
    (source,) = seed["sources"]
    assert (source["statement"], source["type"]) == (SEED_SOURCE, "archival")
    assert source["repository"] == "PRC FMA"
    assert source["ref"] == "109-02809-01"
    assert source["pages"] == "37-38"
    assert "Xi Zhao" in source["parts"]["translator"]
    assert "Ministry of Foreign Affairs" in source["parts"]["repository_name"]

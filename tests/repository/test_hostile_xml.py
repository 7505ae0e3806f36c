"""Text that had to be mended comes out as it was meant, and the run says what was mended, at which record."""

from collections.abc import Mapping

import pytest
from database_rows import rows
from hostile.characters import WORDS
from outcomes import RECORDS
from table import harvested

from ingest.ledger import Run, Verdict
from ingest.store.compression import decompress

VICTIM = "oai:demo.oai-ingest.example:generated/23"
OWN = "ta ka ginuwenvi"
"""How the victim's description begins where nothing stands before it."""

TEXTS: Mapping[str, tuple[str, str]] = {
    "vertical_tab": ("onetwo", "illegal-characters once"),
    "control_characters": ("onetwothree", "illegal-characters once"),
    "references_to_illegal_characters": ("onetwothree", "illegal-characters once"),
    "surrogates_as_references": ("one \N{GRINNING FACE} two three", "illegal-characters once"),
    "latin_1_bytes": (WORDS, "invalid-utf-8 once"),
    "windows_1252_bytes": ("“one” \N{EN DASH} two", "invalid-utf-8 once"),
    "bare_ampersand": ("Smith & Sons, ?a=1&b=2 ", "bare-ampersand once"),
    "entities_of_html": ("café\xa0\N{EN DASH} ", "undefined-entity once"),
    "entity_that_nobody_knows": ("one &bogus; two ", "undefined-entity once"),
    "undeclared_xsi": (OWN, "undeclared-prefix once"),
    "undeclared_xlink": (OWN, "undeclared-prefix once"),
    "undeclared_prefix_of_their_own": (OWN, "undeclared-prefix once"),
    "blank_in_a_namespace": (OWN, "invalid-namespace once"),
}
"""How the description begins once it is mended, and how the run names the repair."""
ON_WHOLE_PAGES: Mapping[str, tuple[str, str]] = {
    "declared_as_ascii": (WORDS, "wrong-encoding once"),
    "declared_as_no_encoding": (WORDS, "wrong-encoding 5 times"),
    "declared_as_utf_16": (WORDS, "wrong-encoding 5 times"),
    "declarations_inside_records": (OWN, "declaration-inside 45 times, first at "),
    "blank_lines_before": (OWN, "junk-before-root 5 times"),
    "notice_before": (OWN, "junk-before-root 5 times"),
    "notice_after": (OWN, "junk-after-root 5 times"),
    "no_namespace": (OWN, "missing-namespace 5 times"),
    "wrong_namespace": (OWN, "wrong-namespace 5 times"),
}
"""Likewise, where no single record is to blame."""
AS_IT_CAME: Mapping[str, str] = {
    "latin_1": WORDS,
    "utf_16": WORDS,
    "another_content_type": WORDS,
    "escaped_twice": "<p>Smith &amp; Sons</p> ",
    "broken_before_it_came_here": "KÃ¶ln, M\ufffdnchen ",
    "cdata_of_many_kinds": "Fish & chips <b> </record><record> ]]> end ",
    "end_tags_in_comments": OWN,
    "namespaces_declared_on_the_root": OWN,
    "namespaces_declared_on_the_record": OWN,
    "error_inside_metadata": OWN,
    "token_inside_metadata": OWN,
}
"""How the description begins where nothing has to be mended."""
SPOILT: Mapping[str, bytes] = {
    "unclosed_tag": b"Rdenorgi Banuden",
    "crossed_tags": b"<b>one <i>two</b>",
    "end_of_cdata_in_text": b"one ]]> two",
    "deep_nesting": b"<a><a><a>",
    "billion_laughs": b"&l9;",
    "external_entity": b"&secret;",
}
"""What the kept bytes of a record hold that can not be taken in."""


def description_of(database_url: str, identifier: str) -> str:
    """Read the first description of a record in the catalogue."""
    statement = "SELECT metadata FROM catalogue_records WHERE oai_identifier = :identifier"
    (record,) = rows(database_url, statement, identifier=identifier)
    return str(record["metadata"]["descriptions"][0]["value"])


def repairs_of(run: Run) -> str:
    """Give the words in which a run tells of its repairs."""
    return next((reason.text for reason in run.reasons if reason.code == "repaired"), "")


@pytest.mark.parametrize("name", TEXTS)
def test_a_mended_text_says_what_was_meant_and_the_run_names_repair_and_record(
    name: str, migrated_sqlite_url: str
) -> None:
    """Nothing else of the page is touched, and the record is named."""
    text, repair = TEXTS[name]
    with harvested(migrated_sqlite_url, name) as (run, _watch):
        assert (run.verdict, [reason.code for reason in run.reasons]) == (Verdict.COMPLETE, ["repaired"])
    assert description_of(migrated_sqlite_url, VICTIM).startswith(text)
    assert repairs_of(run) == f"1 repair made pages readable: {repair}, at {VICTIM}"


@pytest.mark.parametrize("name", ON_WHOLE_PAGES)
def test_a_mended_page_brings_the_text_that_was_meant_and_the_run_names_the_repair(
    name: str, migrated_sqlite_url: str
) -> None:
    """Where the page as a whole is at fault no record is named, or the first of many."""
    text, repair = ON_WHOLE_PAGES[name]
    with harvested(migrated_sqlite_url, name) as (run, _watch):
        assert (run.verdict, [reason.code for reason in run.reasons]) == (Verdict.COMPLETE, ["repaired"])
    assert description_of(migrated_sqlite_url, VICTIM).startswith(text)
    assert f"made pages readable: {repair}" in repairs_of(run)


@pytest.mark.parametrize("name", AS_IT_CAME)
def test_a_text_that_needs_no_mending_comes_out_as_it_came(name: str, migrated_sqlite_url: str) -> None:
    """However unusual the page is: what a parser takes is not altered, and nothing is said of it."""
    with harvested(migrated_sqlite_url, name) as (run, _watch):
        assert (run.verdict, run.reasons) == (Verdict.COMPLETE, ())
    assert description_of(migrated_sqlite_url, VICTIM).startswith(AS_IT_CAME[name])


@pytest.mark.parametrize("name", SPOILT)
def test_a_record_that_can_not_be_read_is_kept_with_its_bytes(name: str, migrated_sqlite_url: str) -> None:
    """It is named where its header can be read, and it is the only one that is missing."""
    with harvested(migrated_sqlite_url, name) as (run, _watch):
        assert run.total("rejected") == 1
    (kept,) = rows(migrated_sqlite_url, "SELECT * FROM rejections")
    assert (kept["stage"], kept["reason"]) == ("protocol", "unparsable-record")
    assert kept["oai_identifier"] == VICTIM
    assert SPOILT[name] in decompress(kept["content"])
    items = {row["oai_identifier"] for row in rows(migrated_sqlite_url, "SELECT oai_identifier FROM catalogue_items")}
    assert len(items) == RECORDS - 1
    assert VICTIM not in items


def test_an_external_entity_is_never_fetched(migrated_sqlite_url: str) -> None:
    """The server that it names, which is the repository itself, is asked for nothing but OAI-PMH."""
    with harvested(migrated_sqlite_url, "external_entity") as (_run, watch):
        assert {asked.verb for asked in watch.log} <= {
            "Identify",
            "ListMetadataFormats",
            "ListRecords",
            "ListIdentifiers",
            "GetRecord",
        }


def test_several_repairs_of_one_page_are_all_named(migrated_sqlite_url: str) -> None:
    """One after the other, in the order of their names."""
    with harvested(migrated_sqlite_url, "bare_ampersand", "vertical_tab", "notice_after") as (run, _watch):
        assert run.verdict is Verdict.COMPLETE
    told = repairs_of(run)
    assert f"bare-ampersand once, at {VICTIM}; illegal-characters once, at {VICTIM}; junk-after-root 5 times" in told


def test_a_record_of_another_format_is_read_by_its_own_namespace(migrated_sqlite_url: str) -> None:
    """A root called ``record`` inside metadata is no record of the protocol."""
    with harvested(migrated_sqlite_url, "record_inside_metadata") as (run, _watch):
        assert (run.verdict, run.total("seen"), run.total("rejected")) == (Verdict.COMPLETE, RECORDS, 0)

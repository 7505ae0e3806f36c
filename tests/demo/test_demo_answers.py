"""The demo repository answers all six verbs by the letter of the protocol, and every fault with its error code."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from ingest.identify_values import DeletedRecord, Granularity
from workers.demo.repository import DemoRepository

ITEM = "oai:demo.oai-ingest.example:"
Pairs = tuple[tuple[str, str], ...]
Ask = Callable[..., Any]


def _pairs(query: str) -> Pairs:
    return tuple((name, value) for name, _, value in (pair.partition("=") for pair in query.split("&") if pair))


BAD_ARGUMENT = {
    "Identify takes no argument": "verb=Identify&set=a",
    "an unknown argument": "verb=ListSets&page=2",
    "names are case-sensitive": "verb=ListRecords&metadataprefix=oai_dc",
    "a repeated argument": "verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=oai_dc",
    "a repeated token": "verb=ListRecords&resumptionToken=x&resumptionToken=x",
    "a missing metadataPrefix": "verb=ListRecords",
    "a missing metadataPrefix in ListIdentifiers": "verb=ListIdentifiers&from=2020-01-01",
    "a missing identifier": "verb=GetRecord&metadataPrefix=oai_dc",
    "a missing metadataPrefix in GetRecord": f"verb=GetRecord&identifier={ITEM}1",
    "an argument beside the token": "verb=ListRecords&resumptionToken=x&metadataPrefix=oai_dc",
    "an empty token": "verb=ListRecords&resumptionToken=",
    "an empty set": "verb=ListRecords&metadataPrefix=oai_dc&set=",
    "an unlawful set": "verb=ListRecords&metadataPrefix=oai_dc&set=a::b",
    "an unlawful prefix": "verb=ListRecords&metadataPrefix=oai dc",
    "an identifier with a blank": "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:x y",
    "an identifier that XML can not hold": "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:\x00",
    "an empty identifier": "verb=ListMetadataFormats&identifier=",
    "a date with slashes": "verb=ListRecords&metadataPrefix=oai_dc&from=2020/01/01",
    "a month alone": "verb=ListRecords&metadataPrefix=oai_dc&from=2020-01",
    "a day that is none": "verb=ListRecords&metadataPrefix=oai_dc&until=2021-02-29",
    "an hour that is none": "verb=ListRecords&metadataPrefix=oai_dc&until=2021-02-28T24:00:01Z",
    "another time zone": "verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01T00:00:00+01:00",
    "fractions of a second": "verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01T00:00:00.5Z",
    "digits of another script": "verb=ListRecords&metadataPrefix=oai_dc&from=٢٠٢٠-01-01",
    "from after until": "verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-02&until=2020-01-01",
    "mixed granularity": "verb=ListRecords&metadataPrefix=oai_dc&from=2020-01-01&until=2020-01-02T00:00:00Z",
}


@pytest.mark.parametrize("query", BAD_ARGUMENT.values(), ids=BAD_ARGUMENT.keys())
def test_an_unlawful_argument_is_bad_argument_without_echo(ask: Ask, small: DemoRepository, query: str) -> None:
    """Section 3.6; the request element has no attributes then (section 3.2)."""
    answer = ask(small, *_pairs(query))
    assert set(answer.errors) == {"badArgument"}
    assert answer.echo == {}


@pytest.mark.parametrize("query", ["", "verb=", "verb=listrecords", "verb=Identify&verb=Identify", "verb=A\x01&x=y"])
def test_a_verb_that_is_missing_unknown_or_repeated_is_bad_verb(ask: Ask, small: DemoRepository, query: str) -> None:
    """Section 3.6; the request element has no attributes then."""
    answer = ask(small, *_pairs(query))
    assert answer.errors == ["badVerb"]
    assert answer.echo == {}


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("verb=ListRecords&metadataPrefix=marc21", ["cannotDisseminateFormat"]),
        ("verb=ListIdentifiers&metadataPrefix=marc21", ["cannotDisseminateFormat"]),
        (f"verb=GetRecord&metadataPrefix=marc21&identifier={ITEM}1", ["cannotDisseminateFormat"]),
        (f"verb=GetRecord&metadataPrefix=mods&identifier={ITEM}1", ["cannotDisseminateFormat"]),
        (f"verb=GetRecord&metadataPrefix=oai_dc&identifier={ITEM}99", ["idDoesNotExist"]),
        (f"verb=GetRecord&metadataPrefix=oai_dc&identifier={ITEM.upper()}1", ["idDoesNotExist"]),
        ("verb=ListMetadataFormats&identifier=oai:none", ["idDoesNotExist"]),
        (f"verb=ListMetadataFormats&identifier={ITEM}6", ["noMetadataFormats"]),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=nobody", ["noRecordsMatch"]),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=b", ["noRecordsMatch"]),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2027-01-01", ["noRecordsMatch"]),
        ("verb=ListIdentifiers&metadataPrefix=oai_dc&until=2019-12-31", ["noRecordsMatch"]),
        ("verb=ListRecords&resumptionToken=nonsense", ["badResumptionToken"]),
        ("verb=ListSets&resumptionToken=%", ["badResumptionToken"]),
    ],
)
def test_a_lawful_request_that_can_not_be_met_says_why_and_is_echoed(
    ask: Ask, small: DemoRepository, query: str, codes: list[str]
) -> None:
    """Section 3.6."""
    answer = ask(small, *_pairs(query))
    assert answer.errors == codes
    assert answer.echo == dict(_pairs(query))


def test_without_sets_every_question_about_one_is_no_set_hierarchy(ask: Ask, small: DemoRepository) -> None:
    """Section 4.6; all errors that apply are named."""
    repository = replace(small, sets=())
    assert ask(repository, ("verb", "ListSets")).errors == ["noSetHierarchy"]
    both = ask(repository, *_pairs("verb=ListRecords&metadataPrefix=marc21&set=a"))
    assert both.errors == ["cannotDisseminateFormat", "noSetHierarchy"]


def test_identify_tells_what_a_harvester_needs(ask: Ask, small: DemoRepository) -> None:
    """Section 4.2."""
    answer = ask(small, ("verb", "Identify"))
    assert answer.echo == {"verb": "Identify"}
    assert answer.texts("responseDate") == ["2026-03-01T12:00:00Z"]
    assert answer.texts("earliestDatestamp") == ["2020-01-01T12:00:00Z"]
    assert answer.texts("deletedRecord") == ["persistent"]
    assert answer.texts("granularity") == ["YYYY-MM-DDThh:mm:ssZ"]
    assert answer.texts("baseURL") == answer.texts("request")


def test_formats_are_those_of_the_repository_or_of_an_item(ask: Ask, small: DemoRepository) -> None:
    """Section 4.4."""
    assert ask(small, ("verb", "ListMetadataFormats")).texts("metadataPrefix") == ["oai_dc", "mods"]
    of_one = ask(small, ("verb", "ListMetadataFormats"), ("identifier", f"{ITEM}1"))
    assert of_one.texts("metadataPrefix") == ["oai_dc"]


def test_sets_are_listed_with_their_names_escaped(ask: Ask, small: DemoRepository) -> None:
    """Section 4.6."""
    answer = ask(small, ("verb", "ListSets"))
    assert answer.texts("setSpec") == ["a", "a:b", "c"]
    assert answer.texts("setName") == ["A & B", "B", "C"]
    assert answer.token is None


def test_a_record_is_header_metadata_and_about(ask: Ask, small: DemoRepository) -> None:
    """Section 2.5."""
    answer = ask(small, *_pairs(f"verb=GetRecord&metadataPrefix=mods&identifier={ITEM}2"))
    (record,) = answer.root[2]
    assert [child.tag.rpartition("}")[2] for child in record] == ["header", "metadata", "about", "about"]
    assert (record[1][0].tag, record[1][0].text) == ("{urn:m}m", "✓")


@pytest.mark.parametrize(("number", "status"), [("4", "deleted"), ("5", None)])
def test_a_tombstone_and_a_record_without_metadata_are_their_header_alone(
    ask: Ask, small: DemoRepository, number: str, status: str | None
) -> None:
    """Section 2.5.1; a deleted item is known, so it is no idDoesNotExist."""
    answer = ask(small, *_pairs(f"verb=GetRecord&metadataPrefix=oai_dc&identifier={ITEM}{number}"))
    (record,) = answer.root[2]
    assert len(record) == 1
    assert record[0].get("status") == status


@pytest.mark.parametrize(
    ("selection", "numbers"),
    [
        ("", "31245"),
        ("&set=a", "31"),
        ("&set=a:b", "3"),
        ("&set=c", "1"),
        ("&from=2020-01-03", "345"),
        ("&until=2020-01-03", "312"),
        ("&from=2020-01-02&until=2020-01-03", "32"),
        ("&from=2020-01-02&until=2020-01-02", "2"),
        ("&from=2020-01-03T12:00:00Z&until=2020-01-04T12:00:00Z", "34"),
        ("&from=2020-01-03T12:00:01Z&until=2020-01-04T11:59:59Z", ""),
        ("&set=a&from=2020-01-03", "3"),
    ],
)
def test_from_until_and_set_select_inclusively(ask: Ask, small: DemoRepository, selection: str, numbers: str) -> None:
    """Section 2.7: both bounds belong to the range, and a set includes those below it but no namesakes."""
    for verb in ("ListRecords", "ListIdentifiers"):
        answer = ask(small, *_pairs(f"verb={verb}&metadataPrefix=oai_dc{selection}"))
        assert [identifier.removeprefix(ITEM) for identifier in answer.texts("identifier")] == list(numbers)
        assert answer.errors == ([] if numbers else ["noRecordsMatch"])


def test_a_format_lists_only_the_items_that_have_it(ask: Ask, small: DemoRepository) -> None:
    """Section 2.5: a record is an item in one format."""
    assert ask(small, *_pairs("verb=ListRecords&metadataPrefix=mods")).texts("identifier") == [f"{ITEM}2"]


def test_a_repository_of_days_shows_days_and_refuses_seconds(ask: Ask, small: DemoRepository) -> None:
    """Section 3.3."""
    repository = replace(small, granularity=Granularity.DAY)
    listed = ask(repository, *_pairs("verb=ListIdentifiers&metadataPrefix=oai_dc&from=2020-01-04&until=2020-01-04"))
    assert listed.texts("datestamp") == ["2020-01-04"]
    assert ask(repository, ("verb", "Identify")).texts("earliestDatestamp") == ["2020-01-01"]
    refused = ask(repository, *_pairs("verb=ListIdentifiers&metadataPrefix=oai_dc&from=2020-01-04T00:00:00Z"))
    assert refused.errors == ["badArgument"]


def test_a_repository_that_keeps_no_deletions_shows_none(ask: Ask, small: DemoRepository) -> None:
    """Section 2.5.1."""
    repository = replace(small, deleted_record=DeletedRecord.NO)
    assert f"{ITEM}4" not in ask(repository, *_pairs("verb=ListRecords&metadataPrefix=oai_dc")).texts("identifier")
    gone = ask(repository, *_pairs(f"verb=GetRecord&metadataPrefix=oai_dc&identifier={ITEM}4"))
    assert gone.errors == ["idDoesNotExist"]


def test_what_comes_in_is_escaped_on_its_way_out(ask: Ask, small: DemoRepository) -> None:
    """Markup in an argument, or a character that XML can not hold, never breaks the answer."""
    answer = ask(small, ("verb", "ListRecords"), ("resumptionToken", """<a b="c">&amp;'\x0b\ufffe"""))
    assert answer.errors == ["badResumptionToken"]
    assert answer.echo["resumptionToken"] == """<a b="c">&amp;'\ufffd\ufffd"""

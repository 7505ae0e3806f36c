"""The bundled records: well-formed, distinct, and showing what they are there to show."""

import re
from collections import defaultdict
from importlib.resources import files

import pytest
from lxml import etree

from workers.demo.items import Item
from workers.demo.records import SETS, demo_endpoint, demo_items, demo_repository

ITEMS = demo_items()
DC = "{http://purl.org/dc/elements/1.1/}"
ROOTS = {
    "oai_dc": "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc",
    "qdc": "{http://worldcat.org/xmlschemas/qdc-1.0/}qualifieddc",
}


def _values(item: Item, prefix: str, name: str) -> list[str | None]:
    metadata = item.formats[prefix]
    return [] if metadata is None else [element.text for element in etree.fromstring(metadata).iter(f"{DC}{name}")]


def _record_ids(item: Item) -> set[str]:
    rule = demo_endpoint("http://127.0.0.1/oai").record_id
    assert rule is not None
    values = [value for prefix in item.formats for value in _values(item, prefix, rule.element or "")]
    return {match[1] for value in values if (match := re.search(rule.pattern, value or ""))}


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.identifier.rpartition(":")[2])
def test_a_bundled_item_is_as_the_repository_needs_it(item: Item) -> None:
    """Well-formed alone, in the root element of its format, in known sets, and identified in our own name space."""
    assert item.identifier.startswith("oai:demo.oai-ingest.example:")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item.datestamp)
    assert set(item.set_specs) <= {known.spec for known in SETS}
    assert item.formats
    for prefix, metadata in item.formats.items():
        assert (metadata is None) or etree.fromstring(metadata).tag == ROOTS[prefix]
    assert not (item.deleted and any(item.formats.values()))


def test_the_counts_are_those_that_the_demo_states() -> None:
    """Forty-one identifiers, 48 items with each format counted, 34 record IDs that live items tell."""
    assert len(ITEMS) == len({item.identifier for item in ITEMS}) == 41
    assert sum(len(item.formats) for item in ITEMS) == 48
    assert sum(item.deleted for item in ITEMS) == 3
    assert sum("qdc" in item.formats for item in ITEMS) == 7
    assert len(set().union(*map(_record_ids, ITEMS))) == 34


def test_the_two_sets_of_the_endpoint_overlap_and_hold_everything() -> None:
    """The declaration names sets that exist; no item is in neither."""
    endpoint = demo_endpoint("http://127.0.0.1/oai")
    holdings, reading_list = (
        {item.identifier for item in ITEMS if any(spec.split(":")[0] == name for spec in item.set_specs)}
        for name in endpoint.sets
    )
    assert (len(holdings), len(reading_list), len(holdings & reading_list)) == (38, 11, 8)
    assert len(holdings | reading_list) == len(ITEMS)


def test_the_formats_of_an_item_agree_on_its_record_id() -> None:
    """And where an ID is missing, it is missing on purpose."""
    without = [item.identifier.rpartition(":")[2] for item in ITEMS if not item.deleted and not _record_ids(item)]
    assert without == ["300212", "loan/1987-44"]
    assert all(len(_record_ids(item)) <= 1 for item in ITEMS)


def test_some_records_stand_under_two_identifiers() -> None:
    """The reading list names them in its own way."""
    named = defaultdict(list)
    for item in ITEMS:
        for record_id in _record_ids(item):
            named[record_id].append(item.identifier.rpartition(":")[2])
    assert {record_id: names for record_id, names in named.items() if len(names) > 1} == {
        "200102": ["200102", "reading-list/7"],
        "400301": ["400301", "reading-list/15"],
    }


def test_the_first_record_is_the_seed() -> None:
    """Letter for letter, its masked address and its empty language included."""
    seed = ITEMS[0]
    assert seed.identifier == "oai:demo.oai-ingest.example:119198"
    (rights,) = _values(seed, "oai_dc", "rights")
    assert rights is not None
    assert rights.startswith("The History and Public Policy Program welcomes reuse of Digital Archive materials")
    assert rights.endswith("please contact the History and Public Policy Program at [email protected].")
    assert _values(seed, "qdc", "rights") == [rights]
    assert _values(seed, "oai_dc", "language") == [None]
    assert _values(seed, "oai_dc", "date") == ["October 16, 1964", "Original Uploaded Date 2013-12-09"]
    assert _values(seed, "oai_dc", "contributor") == ["Donor: MacArthur Foundation and Leon Levy Foundation"]
    assert _values(seed, "oai_dc", "source") == ["PRC FMA 109-02809-01, 37-38. Translated by Xi Zhao."]


def test_text_goes_out_in_its_own_script() -> None:
    """As UTF-8, not as character references."""
    answer = demo_repository().answer([("verb", "ListRecords"), ("metadataPrefix", "oai_dc")])
    assert "关于地拉那粮食供应情况的报告".encode() in answer


def test_the_data_is_part_of_the_package() -> None:
    """So that the wheel carries it."""
    assert [source.name for source in sorted((files("workers.demo") / "data").iterdir(), key=str)] == [
        "1-diplomacy.xml",
        "2-library.xml",
        "3-collections.xml",
    ]

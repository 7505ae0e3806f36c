"""Generated items: the same every time, of the size asked for, and cheap until they are read."""

from statistics import mean

import pytest
from lxml import etree

from workers.demo.generated import DELETED_EVERY, GeneratedItems


@pytest.mark.parametrize("size", [900, 2000, 10_000])
def test_the_metadata_is_about_as_large_as_asked(size: int) -> None:
    """Within a tenth, on the average; and every item is well-formed."""
    written = [metadata for item in GeneratedItems(200, size=size) if (metadata := item.formats["oai_dc"])]
    assert mean(map(len, written)) == pytest.approx(size, rel=0.1)
    assert all(etree.QName(etree.fromstring(metadata)).localname == "dc" for metadata in written)


def test_an_item_is_the_same_in_every_sequence() -> None:
    """Whatever the count; an index from the end and a slice give the same items."""
    few, many = GeneratedItems(20), GeneratedItems(1_000_000)
    assert [item.identifier for item in few] == [item.identifier for item in many[:20]]
    assert few[-1].formats["oai_dc"] == many[19].formats["oai_dc"]
    assert few[7].datestamp == many[7].datestamp
    with pytest.raises(IndexError):
        few[20]


def test_one_item_in_fifty_is_deleted_and_the_rest_has_metadata() -> None:
    """A tombstone has none."""
    items = GeneratedItems(1000)
    assert sum(item.deleted for item in items) == 1000 // DELETED_EVERY
    assert all((item.formats["oai_dc"] is None) == item.deleted for item in items)


def test_identifiers_are_distinct_and_datestamps_in_no_order() -> None:
    """A harvester can rely on the first and not on the second."""
    items = list(GeneratedItems(5000))
    datestamps = [item.datestamp for item in items]
    assert len({item.identifier for item in items}) == 5000
    assert len(set(datestamps)) > 4900
    assert datestamps != sorted(datestamps)
    assert min(datestamps) >= "2015"
    assert max(datestamps) < "2025"


def test_sets_take_turns_and_may_be_none() -> None:
    """As many in each."""
    assert [item.set_specs for item in GeneratedItems(3, sets=("x", "y"))] == [("x",), ("y",), ("x",)]
    assert GeneratedItems(1, sets=())[0].set_specs == ()

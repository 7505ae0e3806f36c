"""Real records, where they are at hand: how much of each format's fields is found."""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description
from ingest.errors import CrosswalkError

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"there is no corpus of real responses at {CORPUS}")


def _documents() -> Iterator[bytes]:
    """Give the metadata of every record, and every document that is nothing but metadata."""
    for path in sorted(CORPUS.glob("open/**/*.xml")):
        try:
            root = etree.parse(path, PARSER).getroot()
        except etree.XMLSyntaxError:
            continue
        found = [element for record in root.iter("{*}record") for element in record.iterfind("{*}metadata/*")]
        for element in found or [root]:
            yield etree.tostring(element, encoding="utf-8", with_tail=False)


@cache
def _counts() -> Counter[tuple[str, str]]:
    """Count the records of each format, and those that have each field, as (format, field)."""
    counts: Counter[tuple[str, str]] = Counter()
    for document in _documents():
        with suppress(CrosswalkError):
            name, description = crosswalk(document, metadata_prefix="")
            if description is not None:
                counts[name, "records"] += 1
                counts.update((name, field) for field in Description._fields if getattr(description, field))
    return counts


@pytest.mark.parametrize(
    ("name", "floors"),
    [
        (
            "datacite",
            {
                "records": 61,
                "identifiers": 58,
                "titles": 59,
                "creators": 57,
                "contributors": 54,
                "subjects": 56,
                "descriptions": 58,
                "publishers": 58,
                "dates": 59,
                "types": 59,
                "formats": 53,
                "languages": 7,
                "relations": 56,
                "coverage": 6,
                "rights": 58,
                "donors": 15,
            },
        ),
        ("oai_datacite", {"records": 5, "titles": 4, "creators": 4, "rights": 3, "relations": 3, "coverage": 1}),
        ("edm", {"records": 9, "titles": 8, "creators": 7, "subjects": 8, "relations": 9, "rights": 9, "coverage": 7}),
        ("dim", {"records": 10, "titles": 5, "creators": 4, "subjects": 4, "dates": 5, "types": 8, "rights": 1}),
        ("xoai", {"records": 5, "titles": 5, "creators": 4, "languages": 3, "dates": 4, "types": 3, "rights": 1}),
        ("base_dc", {"records": 22, "titles": 22, "creators": 22, "relations": 22, "rights": 1, "sources": 4}),
        ("uketd_dc", {"records": 1, "titles": 1, "creators": 1, "contributors": 1, "types": 1, "rights": 1}),
    ],
)
def test_records_have_at_least_as_many_values_as_were_found(name: str, floors: dict[str, int]) -> None:
    """What was once found in real records is not lost by a change."""
    assert {field: count for field, count in floors.items() if _counts()[name, field] < count} == {}

"""Real records, where they are at hand: in how many of them each field is found, by format."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"there is no corpus of real responses at {CORPUS}")


def _metadata() -> Iterator[bytes]:
    """Give the metadata of every record of every well-formed response, and every document that is metadata itself."""
    for path in sorted(CORPUS.glob("open/**/*.xml")):
        try:
            root = etree.parse(path, PARSER).getroot()
        except etree.XMLSyntaxError:
            continue
        found = [element for element in root.iterfind(".//{*}metadata/*") if isinstance(element.tag, str)]
        for element in found or [root]:
            yield etree.tostring(element, encoding="utf-8", with_tail=False)


@cache
def _counts() -> dict[str, Counter[str]]:
    """Count the records of each format that have each field."""
    counts: dict[str, Counter[str]] = {}
    for metadata in _metadata():
        name, description = crosswalk(metadata, metadata_prefix="oai_dc")
        if description is not None:
            names = [name for name in Description._fields if getattr(description, name)]
            counts.setdefault(name, Counter()).update(["records", *names])
    return counts


@pytest.mark.parametrize(
    ("name", "floors"),
    [
        (
            "mods",
            {
                "records": 257,
                "titles": 257,
                "creators": 219,
                "subjects": 250,
                "dates": 256,
                "types": 257,
                "languages": 254,
                "rights": 257,
                "sources": 256,
            },
        ),
        (
            "marc21",
            {
                "records": 175,
                "titles": 173,
                "creators": 145,
                "subjects": 120,
                "dates": 171,
                "languages": 172,
                "rights": 21,
                "sources": 130,
            },
        ),
        ("marc21_collection", {"records": 6, "titles": 5, "sources": 4}),
        ("mets", {"records": 12, "titles": 12, "dates": 12, "rights": 12, "languages": 12}),
        ("didl", {"records": 50, "titles": 50, "creators": 50, "rights": 49, "sources": 4, "identifiers": 50}),
    ],
)
def test_fields_are_found_in_as_many_records_as_have_them(name: str, floors: dict[str, int]) -> None:
    """Floors, which only rise; that a record says who catalogued it makes no source of that."""
    counts = _counts().get(name, Counter())
    assert {field: counts[field] for field in floors if counts[field] < floors[field]} == {}

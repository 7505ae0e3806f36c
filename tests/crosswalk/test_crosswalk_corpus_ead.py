"""Real records of archives, museums, data archives, corpora and journals, where they are at hand."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree
from lxml.etree import QName, _Element

from ingest.crosswalk.registry import crosswalk
from ingest.descriptions import Description

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
ROOTS = {
    *("ead", "archdesc", "lidoWrap", "lido", "codeBook", "DDIInstance", "FragmentInstance", "arXiv", "arXivRaw"),
    *("lom", "CMD", "MD_Metadata", "MI_Metadata", "article"),
}

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"there is no corpus of real responses at {CORPUS}")


def _records(element: _Element) -> Iterator[_Element]:
    """Give the outermost elements that are records of one of the formats."""
    if QName(element).localname in ROOTS:
        yield element
        return
    for child in element.iterchildren("{*}*"):
        if ":" not in str(child.tag).rpartition("}")[2]:
            yield from _records(child)


@cache
def _described() -> tuple[tuple[str, Description], ...]:
    """Describe every record of the corpus in one of the formats."""
    found = []
    for path in sorted(CORPUS.glob("open/**/*.xml")):
        try:
            root = etree.parse(path, PARSER).getroot()
        except etree.XMLSyntaxError:
            continue
        for record in _records(root):
            name, description = crosswalk(etree.tostring(record, encoding="utf-8"), metadata_prefix="")
            assert description is not None, (path, name)
            found.append((name, description))
    return tuple(found)


FLOORS = {
    "ead": {"records": 5, "types": 5, "titles": 2, "creators": 2, "rights": 1, "sources": 2, "relations": 2},
    "lido": {"records": 2, "titles": 2, "types": 2, "identifiers": 2, "rights": 1, "sources": 1, "creators": 1},
    "ddi": {"records": 8, "titles": 8, "rights": 8, "donors": 5, "sources": 1, "creators": 8, "publishers": 6},
    "ddi_lifecycle": {"records": 4, "titles": 4, "donors": 4, "rights": 3, "creators": 4, "dates": 4},
    "arXiv": {"records": 76, "titles": 76, "rights": 76, "sources": 9, "creators": 76, "subjects": 76, "dates": 76},
    "arXivRaw": {"records": 1, "titles": 1, "rights": 1, "sources": 1, "creators": 1},
    "lom": {"records": 15, "titles": 15, "rights": 15, "languages": 15, "identifiers": 15, "formats": 15},
    "cmdi": {"records": 22, "titles": 22, "rights": 22, "identifiers": 22, "languages": 22, "types": 22},
    "iso19139": {"records": 5, "titles": 5, "rights": 4, "dates": 5, "subjects": 5, "languages": 5, "coverage": 3},
    "jats": {"records": 1, "titles": 1, "rights": 1, "sources": 1, "creators": 1, "descriptions": 1},
}
"""How many records of each format have which fields, at least."""


@pytest.mark.parametrize("name", FLOORS)
def test_fields_are_found_in_real_records(name: str) -> None:
    """As often as a person finds them there."""
    descriptions = [description for found, description in _described() if found == name]
    counts = Counter(field for one in descriptions for field in one._fields if getattr(one, field))
    counts["records"] = len(descriptions)
    short = {field: (counts[field], floor) for field, floor in FLOORS[name].items() if counts[field] < floor}
    assert short == {}


def test_every_value_of_a_real_record_says_something_and_where_it_stood() -> None:
    """No blanks at its ends, a name with a prefix, and no empty part."""
    for _, description in _described():
        for values in description:
            for value in values:
                assert value.text
                assert value.text == value.text.strip()
                assert ":" in value.element
                assert all(name and part for name, part in value.parts)

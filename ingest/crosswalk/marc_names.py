"""Persons, families, bodies and meetings that a MARC record names: fields 100 to 111, 700 to 720."""

from collections.abc import Iterator
from types import MappingProxyType

from ingest.crosswalk.gathering import Gathering, Parts
from ingest.crosswalk.marc_fields import DataField, Marc, Reader
from ingest.crosswalk.marc_punctuation import after_stop, without_end, without_separator
from ingest.crosswalk.relators import places

_HEADING = MappingProxyType({"00": "abcdq", "10": "abcdn", "11": "acdenq", "20": "a"})
"""Subfields of the heading by the last two digits of the tag. In meetings $e is a unit and $j the role."""


def heading(field: DataField) -> str:
    """Put a name together as the record writes it, the punctuation at its end taken away."""
    codes, personal = _HEADING.get(field.tag[1:], "abcdq"), field.tag.endswith("00")
    name = ""
    for code, text in field.subfields:
        if code in codes:
            unit = code in "be" and not personal
            name = after_stop(name, text) if unit else f"{name}{_mark(name, code)}{text}"
    return without_end(name)


def _mark(before: str, code: str) -> str:
    """Give what stands before a subfield; terms and dates have a comma, also where the record leaves it out."""
    return "" if not before else ", " if code in "cd" and before[-1].isalnum() else " "


def about(field: DataField) -> Parts:
    """Give the identifiers of the named as written, ``(DE-588)118540238`` or an address, and their affiliation."""
    return tuple(
        ("affiliation" if code == "u" else "identifier", text) for code, text in field.subfields if code in "01u"
    )


def roles(field: DataField) -> Iterator[tuple[str, ...]]:
    """Give the terms of each role; where a record has as many codes as words, they say the same."""
    words = [without_end(text) for text in field.all("j" if field.tag.endswith("11") else "e")]
    codes = field.all("4")
    if len(words) == len(codes):
        yield from zip(words, codes, strict=True)
    else:
        yield from ((term,) for term in (*words, *codes))


def _name(field: DataField, marc: Marc, found: Gathering) -> None:
    if field.tag.startswith("7") and field.first_of("t"):
        _work(field, marc, found)
        return
    text, main = heading(field), field.tag.startswith("1")
    for name, role in places(list(roles(field)), default="creators" if main else "contributors", main=main):
        held: Parts = (("repository", text),) if name == "sources" else ()
        found.add(name, text, field.element, lang=marc.lang, role=role, parts=(*held, *about(field)))


def _work(field: DataField, marc: Marc, found: Gathering) -> None:
    """Read an added entry for a work: its author is no contributor to the thing described."""
    work = after_stop(heading(field), without_end(" ".join(field.all("tnpkl"))))
    role = without_separator(field.first_of("i")) or "related work"
    found.add("relations", work, field.element, lang=marc.lang, role=role, parts=about(field))


NAMES: MappingProxyType[str, Reader] = MappingProxyType(
    dict.fromkeys(("100", "110", "111", "700", "710", "711", "720"), _name)
)
"""What reads a field, by its tag."""

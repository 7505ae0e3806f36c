"""Subjects of a MARC record: class numbers, 6xx, and the places and times among them."""

from types import MappingProxyType

from ingest.crosswalk.gathering import Gathering
from ingest.crosswalk.marc_fields import DataField, Marc, Reader
from ingest.crosswalk.marc_names import about
from ingest.crosswalk.marc_punctuation import without_end
from ingest.crosswalk.marc_titles import title_of

_THESAURI = MappingProxyType({"0": "lcsh", "1": "lcshac", "2": "mesh", "3": "nal", "5": "cash", "6": "rvm"})
"""The subject heading systems that the second indicator names."""

_SUBDIVISIONS = "vxyz"


def scheme(field: DataField) -> str | None:
    """Give the code of the system that a heading is from, or None."""
    return field.first_of("2").strip("[]") or _THESAURI.get(field.second)


def _subject(target: str, codes: str) -> Reader:
    """Read a heading: its main part, then its subdivisions, joined as subject headings are written."""

    def read(field: DataField, marc: Marc, found: Gathering) -> None:
        main = without_end(" ".join(field.all(codes)))
        parts = (main, *(without_end(text) for text in field.all(_SUBDIVISIONS)))
        text = "--".join(filter(None, parts))
        found.add(target, text, field.element, lang=marc.lang, role=scheme(field), parts=about(field))

    return read


def _place(field: DataField, marc: Marc, found: Gathering) -> None:
    _subject("subjects", "a")(field, marc, found)
    place = without_end(field.first_of("a"))
    found.add("coverage", place, field.element, lang=marc.lang, role="spatial", parts=about(field))


def _time(field: DataField, marc: Marc, found: Gathering) -> None:
    for text in field.all("a"):
        found.add("coverage", without_end(text), field.element, lang=marc.lang, role="temporal", parts=about(field))


def _levels(field: DataField, marc: Marc, found: Gathering) -> None:
    text = "--".join(without_end(level) for level in field.all("abcdfgh"))
    found.add("coverage", text, field.element, lang=marc.lang, role="spatial", parts=about(field))


def _keywords(field: DataField, marc: Marc, found: Gathering) -> None:
    for text in field.all("a"):
        found.add("subjects", without_end(text), field.element, lang=marc.lang, role=scheme(field))


def _local(field: DataField, marc: Marc, found: Gathering) -> None:
    """Read 690 as a heading of the library's own; with a letter for an indicator it is a mark of a collection."""
    if not field.first.isalpha():
        _subject("subjects", "abcd")(field, marc, found)


def _faceted(field: DataField, marc: Marc, found: Gathering) -> None:
    text = "--".join(without_end(facet) for facet in field.all("abcvyz"))
    found.add("subjects", text, field.element, lang=marc.lang, role=scheme(field), parts=about(field))


def _title(field: DataField, marc: Marc, found: Gathering) -> None:
    parts = (title_of(field, "anpkls"), *(without_end(text) for text in field.all(_SUBDIVISIONS)))
    text = "--".join(filter(None, parts))
    found.add("subjects", text, field.element, lang=marc.lang, role=scheme(field), parts=about(field))


def _class(role: str | None) -> Reader:
    def read(field: DataField, marc: Marc, found: Gathering) -> None:
        for text in field.all("a"):
            found.add("subjects", text, field.element, lang=marc.lang, role=role or scheme(field))

    return read


SUBJECTS: MappingProxyType[str, Reader] = MappingProxyType(
    {
        "050": _class("lcc"),
        "060": _class("nlm"),
        "070": _class("nal"),
        "080": _class("udc"),
        "082": _class("ddc"),
        "084": _class(None),
        "600": _subject("subjects", "abcdqtnpk"),
        "610": _subject("subjects", "abcdtnpk"),
        "611": _subject("subjects", "acdentq"),
        "630": _title,
        "647": _subject("subjects", "acd"),
        "648": _time,
        "650": _subject("subjects", "abcd"),
        "651": _place,
        "653": _keywords,
        "654": _faceted,
        "655": _subject("types", "ab"),
        "656": _subject("subjects", "ak"),
        "657": _subject("subjects", "a"),
        "662": _levels,
        "690": _local,
        "752": _levels,
    }
)
"""What reads a field, by its tag."""

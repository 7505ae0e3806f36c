"""Subjects, places and times in a MODS record."""

from lxml.etree import _Element

from ingest.crosswalk.elements import local_name, words_of
from ingest.crosswalk.gathering import Gathering
from ingest.crosswalk.mods_names import heading
from ingest.crosswalk.mods_titles import lang_of, title_text, value_identifiers

_COVERAGE = {"geographic": "spatial", "geographicCode": "spatial", "temporal": "temporal"}
_LEVELS = (
    "extraTerrestrialArea",
    "extraterrestrialArea",
    "continent",
    "country",
    "province",
    "region",
    "state",
    "territory",
    "county",
    "city",
    "citySection",
    "island",
    "area",
)
"""The levels of a place, the largest first, as the schema's user guidelines have them."""


def subject(element: _Element, found: Gathering) -> None:
    """Read one subject; its places and times are coverage as well, and nothing but coverage where they stand alone.

    The parts of a heading are joined by two hyphens, as subject headings are written. Several topics and nothing else,
    of no authority, are keywords and no heading: each is a value.
    """
    topics: list[str] = []
    kinds: set[str] = set()
    for child in element.iterchildren("*"):
        local = local_name(child)
        if local in ("hierarchicalGeographic", "cartographics"):
            _place(child, found)
        elif words := _words(child, local):
            topics.append(words)
            kinds.add(local)
            _covered(child, local, words, found)
    if not kinds - _COVERAGE.keys():
        topics = [words_of(element)] if not len(element) else []
    one = bool(element.get("authority") or element.get("valueURI")) or kinds != {"topic"}
    for text in ["--".join(topics)] if one else topics:
        parts, role = value_identifiers(element), element.get("authority")
        found.add("subjects", text, "mods:subject", lang=lang_of(element), role=role, parts=parts)


def classification(element: _Element, found: Gathering) -> None:
    """Read a class number or name, the scheme as its role."""
    found.add(
        "subjects",
        words_of(element),
        "mods:classification",
        lang=lang_of(element),
        role=element.get("authority"),
        parts=value_identifiers(element),
    )


def _words(child: _Element, local: str) -> str:
    if local == "name":
        return heading(child)
    return title_text(child) if local == "titleInfo" else words_of(child)


def _covered(child: _Element, local: str, words: str, found: Gathering) -> None:
    if role := _COVERAGE.get(local):
        parts = value_identifiers(child)
        found.add("coverage", words, f"mods:{local}", lang=lang_of(child), role=role, parts=parts)


def _place(element: _Element, found: Gathering) -> None:
    """Read a place level by level, the largest first, or what a map says of itself."""
    local = local_name(element)
    if local == "cartographics":
        for child in element.iterchildren("*"):
            role = local_name(child)
            found.add("coverage", words_of(child), "mods:cartographics", lang=lang_of(child), role=role)
        return
    levels = sorted(
        (child for child in element.iterchildren("*") if words_of(child) and local_name(child) in _LEVELS),
        key=lambda child: _LEVELS.index(local_name(child)),
    )
    holder = element.getparent()
    parts = value_identifiers(element if holder is None else holder)
    text = "--".join(map(words_of, levels))
    found.add("coverage", text, f"mods:{local}", lang=lang_of(element), role="spatial", parts=parts)

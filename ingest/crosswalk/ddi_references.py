"""Strings in several languages, and agencies, persons and places that DDI Lifecycle names by a number only."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from lxml.etree import _Element

from ingest.crosswalk.elements import local_name, outermost
from ingest.crosswalk.markup import Found, Markup, Reader

LIFECYCLE = Markup(prefix="ddi")
Lookup: TypeAlias = Callable[[], Mapping[str, _Element]]
"""Gives what is described elsewhere in the record, by its number; made once, and only where a number is met."""

_DESCRIBED = ("{*}Organization", "{*}Individual", "{*}GeographicLocation")
_NAMES = ("OrganizationName", "FullName", "LocationValueName")
_PERSON = "{*}IndividualIdentification/{*}IndividualName"


def texts(element: _Element) -> list[_Element]:
    """Give the strings of an element that say anything, one for each language; up to 3.1 it is one itself."""
    strings = [text for text in element.iterchildren("{*}String", "{*}Content") if LIFECYCLE.text(text)]
    return strings if len(element) else [element]


def strings(field: str, role: str | None) -> Reader:
    """Give the reader of an element that says what it says in one string or several."""

    def read(element: _Element) -> Found:
        for text in texts(element):
            yield from LIFECYCLE.found(field, text, role=role, name=local_name(element))

    return read


def lookup_in(root: _Element) -> dict[str, _Element]:
    """Give the agencies, persons and places of a record by their numbers."""
    return {number: described for described in root.iter(*_DESCRIBED) for number in _numbers(described)}


def _numbers(element: _Element) -> Iterator[str]:
    """Give the numbers that an element bears, or that a reference names; a URN has it before the version."""
    for child in element.iterchildren("{*}ID", "{*}URN"):
        said = LIFECYCLE.text(child)
        yield said.rpartition(":")[0].rpartition(":")[2] if said.startswith("urn:ddi:") else said
    if own := element.get("id"):
        yield own


def names_of(lookup: Lookup, reference: _Element) -> tuple[str, list[tuple[_Element, str]]]:
    """Give the identifier of what a reference means, and its names, one for each language; nothing if unknown."""
    described = next((lookup()[number] for number in _numbers(reference) if number in lookup()), None)
    if described is None:
        return "", []
    identifier = described.findtext("{*}IndividualIdentification/{*}ResearcherID/{*}URI") or ""
    names = [(text, LIFECYCLE.text(text)) for name in outermost(described, *_NAMES) for text in texts(name)]
    return identifier.strip(), names or [(name, _surname_first(name)) for name in described.iterfind(_PERSON)]


def _surname_first(name: _Element) -> str:
    parts = [name.findtext(f"{{*}}{part}") or "" for part in ("LastFamily", "Last", "FirstGiven", "First")]
    return ", ".join(filter(None, map(str.strip, parts)))

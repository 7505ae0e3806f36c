"""The Metadata Encoding and Transmission Standard (https://www.loc.gov/standards/mets/): read by what it wraps.

Of several sections of descriptive metadata the one that describes the whole is read: the section that the first
division with one names, the logical structure before the physical, or else the first; where that division names
several, Dublin Core comes last. Rights have their own sections.
Metadata that a file outside holds (``mdRef``) and what is wrapped in base 64 are not read: the latter is, where it
speaks of rights, the licence that a depositor grants the repository and none for readers.
"""

from collections.abc import Iterator

from lxml.etree import _Element

from ingest.crosswalk.elements import language_of
from ingest.crosswalk.gathering import Gathering
from ingest.crosswalk.rights_metadata import statements
from ingest.descriptions import Description

NAMES = (
    ("http://www.loc.gov/METS/", "mets"),
    ("http://www.loc.gov/METS", "mets"),
    ("http://www.loc.gov/METS/v2", "mets"),
)
"""Namespace and name of the root element."""

LOOSE_NAMES = ("xmldata",)
"""The element in which descriptive metadata is wrapped: repositories put Dublin Core into it without a root."""


def described(root: _Element) -> tuple[_Element, ...]:
    """Give what the descriptive sections wrap, those of the whole first; under each, its elements and then itself."""
    sections = {section.get("ID", ""): section for section in _sections(root)}
    named = [sections.pop(name) for name in _of_the_whole(root) if name in sections]
    named.sort(key=_is_dublin_core)
    # Sections without an identifier share none, so they are looked up again.
    rest = [section for section in _sections(root) if section not in named]
    wrapped = (data for section in (*named, *rest) for data in _wrapped(section))
    return tuple(element for data in wrapped for element in (*data.iterchildren("*"), data))


def read(root: _Element) -> Description:
    """Read what the document says of the whole itself: its identifier, its label and its rights."""
    found = Gathering()
    found.add("identifiers", root.get("OBJID", ""), "mets:mets", lang=language_of(root), role="OBJID")
    found.add("titles", root.get("LABEL", ""), "mets:mets", lang=language_of(root), role="LABEL")
    for section in (*root.iterfind("{*}amdSec/{*}rightsMD"), *_sections_for("rights", root)):
        for data in _wrapped(section):
            statements(data, found, "mets:rightsMD")
    return found.description()


def _is_dublin_core(section: _Element) -> bool:
    """Tell whether the section says that it wraps Dublin Core, which repeats the other one in fewer words."""
    wrap = section.find("{*}mdWrap")
    return wrap is not None and wrap.get("MDTYPE") == "DC"


def _sections(root: _Element) -> Iterator[_Element]:
    """Give the sections of descriptive metadata, as versions 1 and 2 write them."""
    yield from root.iterchildren("{*}dmdSec")
    yield from _sections_for("descriptive", root)


def _sections_for(use: str, root: _Element) -> Iterator[_Element]:
    """Give the sections of version 2 that say they are of this use."""
    for place in ("{*}mdSec/{*}md", "{*}mdSec/{*}mdGrp/{*}md"):
        yield from (section for section in root.iterfind(place) if use in section.get("USE", "").lower())


def _wrapped(section: _Element) -> Iterator[_Element]:
    return section.iterfind("{*}mdWrap/{*}xmlData")


def _of_the_whole(root: _Element) -> list[str]:
    """Give the identifiers of sections that the first division with any names, in the logical structure if any."""
    maps = sorted(root.iter("{*}structMap"), key=lambda structure: structure.get("TYPE", "").upper() != "LOGICAL")
    divisions = (division for structure in maps for division in structure.iter("{*}div"))
    return next((names for division in divisions if (names := _names(division))), [])


def _names(division: _Element) -> list[str]:
    return (division.get("DMDID") or division.get("MDID") or "").split()

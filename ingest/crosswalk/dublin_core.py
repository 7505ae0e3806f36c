"""The vocabulary of Dublin Core, and how a list of its elements is read.

Both namespaces, ``dc/elements/1.1`` and ``dc/terms``, are read with one vocabulary, because repositories mix
them: qualified terms stand in oai_dc, and terms stand in the namespace that does not define them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from lxml.etree import _Element

from ingest.crosswalk.elements import (
    language_of,
    language_within,
    link_of,
    name_of,
    own_text,
    split_tag,
    text_of,
    usual_prefix,
)
from ingest.crosswalk.gathering import Gathering
from ingest.descriptions import Description, Value

_PREFIXES = MappingProxyType(
    {
        "http://purl.org/dc/elements/1.1": "dc",
        "http://purl.org/dc/elements/1.0": "dc",
        "http://purl.org/dc/terms": "dcterms",
        "http://purl.org/dc/qualifiers/1.0": "dcterms",
        "http://dublincore.org/documents/dcmi-terms": "dcterms",
    }
)
"""The namespaces without their last stroke, which some repositories leave out."""

_FIELDS = MappingProxyType(
    {
        "identifiers": "identifier",
        "titles": "title alternative",
        "creators": "creator",
        "contributors": "contributor",
        "subjects": "subject",
        # Provenance tells who held a thing; whether anyone there gave it is for the donor rules to say.
        "descriptions": "description abstract tableOfContents provenance",
        "publishers": "publisher",
        "dates": "date created issued valid available dateAccepted dateCopyrighted dateSubmitted modified",
        "types": "type",
        "formats": "format extent medium",
        "languages": "language",
        "relations": (
            "relation isPartOf hasPart isVersionOf hasVersion isFormatOf hasFormat isReferencedBy references "
            "isReplacedBy replaces isRequiredBy requires conformsTo bibliographicCitation audience educationLevel "
            "mediator instructionalMethod accrualMethod accrualPeriodicity accrualPolicy"
        ),
        "coverage": "coverage spatial temporal",
        "rights": "rights license accessRights rightsHolder",
        "sources": "source",
    }
)
"""Each field of a description: its element first, then the terms that refine it."""


class Place(NamedTuple):
    """Where a value goes: the field of the description, and the role that the element's name gives it."""

    field: str
    role: str | None


def _places() -> Iterator[tuple[str, Place]]:
    for field, terms in _FIELDS.items():
        element, *refinements = terms.split()
        yield element, Place(field, None)
        for term in refinements:
            yield term.lower(), Place(field, "holder" if term == "rightsHolder" else term)


_PLACES = MappingProxyType(dict(_places()))

_FOREIGN = MappingProxyType(
    {
        "rights": Place("rights", None),
        "license": Place("rights", "license"),
        # The element in which NISO's Access and License Indicators name a licence.
        "license_ref": Place("rights", "license"),
        # The element in which OpenAIRE's guidelines name one.
        "licensecondition": Place("rights", "license"),
        "accessrights": Place("rights", "accessRights"),
        "rightsholder": Place("rights", "holder"),
        "donor": Place("donors", "donor"),
        "funder": Place("donors", "funder"),
        "fundername": Place("donors", "funder"),
        "sponsor": Place("donors", "sponsor"),
    }
)
"""Elements of other vocabularies that mean the same in all of them, such as ``edm:rights``."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class OwnElements:
    """The elements that a format adds to Dublin Core."""

    prefix: str
    namespaces: tuple[str, ...]
    """The XML namespaces of its elements; the namespace around an element, and none, pass for them too."""
    places: Mapping[str, Place]
    """Name of the element in lower case -> where its values go."""


def read(root: _Element, own: OwnElements | None = None) -> Description:
    """Read the children of ``root`` as Dublin Core; what belongs to another vocabulary is kept as a relation."""
    around, lang = name_of(root)[0], language_of(root)
    found = Gathering()
    for child in root.iterchildren("*"):
        name, place = _named(child, around, own)
        for text in _texts(child, place):
            found.add(place.field, text, name, lang=language_within(child, lang), role=place.role)
    return found.description()


def values_of(element: _Element, around: str, own: OwnElements | None = None) -> tuple[str, list[Value]]:
    """Give the field that an element belongs to, and its values; ``around`` is the namespace of its parent."""
    name, place = _named(element, around, own)
    lang = language_of(element)
    return place.field, [Value(text=text, lang=lang, element=name, role=place.role) for text in _texts(element, place)]


def has_elements(root: _Element) -> bool:
    """Tell whether any child of ``root`` is Dublin Core."""
    return count_of_elements(root) > 0


def count_of_elements(root: _Element) -> int:
    """Count the children of ``root`` that are Dublin Core."""
    around = name_of(root)[0]
    names = map(name_of, root.iterchildren("*"))
    return sum(1 for namespace, local in names if _prefix(namespace, around) and place_of(local))


def _texts(element: _Element, place: Place) -> list[str]:
    text = own_text(element) or text_of(element)
    # Only for rights is the address beside the words worth a value of its own: it names the licence.
    if place.field == "rights" and (link := link_of(element)) not in text:
        return [text, link]
    return [text] if text else []


def _named(element: _Element, around: str, own: OwnElements | None) -> tuple[str, Place]:
    """Give an element's name as a catalogue person writes it, and its place; ``around`` is its parent's namespace."""
    tag = str(element.tag)
    return _known(tag, around, own) or _foreign(tag, element.prefix)


@lru_cache(maxsize=4096)
def _known(tag: str, around: str, own: OwnElements | None) -> tuple[str, Place] | None:
    """Name and place an element of Dublin Core or of the format itself; None for one of another vocabulary."""
    namespace, local = split_tag(tag)
    if own and namespace in ("", around, *own.namespaces) and local.lower() in own.places:
        return f"{own.prefix}:{local}", own.places[local.lower()]
    usual = _prefix(namespace, around)
    place = place_of(local) if usual else None
    return (f"{usual}:{local}", place) if place else None


@lru_cache(maxsize=4096)
def _foreign(tag: str, prefix: str | None) -> tuple[str, Place]:
    """Name and place an element of another vocabulary, with the usual prefix or else the record's own."""
    namespace, local = split_tag(tag)
    prefix = usual_prefix(namespace) or prefix
    name = f"{prefix}:{local}" if prefix else local
    return name, _FOREIGN.get(local.lower(), Place("relations", local))


def _prefix(namespace: str, around: str) -> str | None:
    """Give the usual prefix of a Dublin Core namespace; no namespace, or the parent's, passes for the elements'."""
    usual = _PREFIXES.get(namespace.rstrip("/#"))
    return usual or ("dc" if namespace in ("", around) else None)


def place_of(local: str) -> Place | None:
    """Find an element's place by its local name; a dotted one, ``date.issued``, is the element and its qualifier."""
    element, _, qualifier = local.partition(".")
    place = _PLACES.get(element.lower())
    if place is None or not qualifier:
        return place
    refined = _PLACES.get(qualifier.lower()) or _FOREIGN.get(qualifier.lower())
    if refined and refined.field in (place.field, "donors"):
        return refined
    return Place(place.field, "holder" if qualifier.lower() == "holder" else qualifier)

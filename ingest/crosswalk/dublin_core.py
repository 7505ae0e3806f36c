"""The vocabulary of Dublin Core, and how a list of its elements is read.

Both namespaces, ``dc/elements/1.1`` and ``dc/terms``, are read with one vocabulary, because repositories mix
them: qualified terms stand in oai_dc, and terms stand in the namespace that does not define them.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

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
from ingest.descriptions import Description, Value

_new = tuple.__new__
"""Makes a value of all its fields, in half of the time that naming them takes: a record has about twenty."""

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


Placed: TypeAlias = tuple[str, str, str | None]
"""Where an element's values go: the field, the element's name as a catalogue person writes it, and the role."""


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
    return _read(root, language_of(root), own)


def read_in_place(root: _Element) -> Description:
    """Read the root of a record where it stands in a page, around which no language is said."""
    # To look for one takes a tenth of the time of reading the record.
    return _read(root, language_within(root, None), None)


def _read(root: _Element, lang: str | None, own: OwnElements | None) -> Description:
    known = _known_within(name_of(root)[0], own)
    found: dict[str, list[Value]] = {}
    for child in root.iterchildren("*"):
        # An element's tag is text, which lxml's types do not tell.
        tag: Any = child.tag
        field, name, role = known(tag) or _foreign(tag, child.prefix)
        if len(child) or child.keys():
            language = language_within(child, lang)
            values = [Value(text, language, name, role) for text in _texts(child, field)]
            found.setdefault(field, []).extend(values)
        elif text := (child.text or "").strip():
            # Almost every element is its text and nothing else.
            found.setdefault(field, []).append(_new(Value, (text, lang, name, role, ())))
    return Description(**{field: tuple(values) for field, values in found.items()})


def values_of(element: _Element, around: str, own: OwnElements | None = None) -> tuple[str, list[Value]]:
    """Give the field that an element belongs to, and its values; ``around`` is the namespace of its parent."""
    field, name, role = _known_within(around, own)(str(element.tag)) or _foreign(str(element.tag), element.prefix)
    lang = language_of(element)
    return field, [Value(text, lang, name, role) for text in _texts(element, field)]


def has_elements(root: _Element) -> bool:
    """Tell whether any child of ``root`` is Dublin Core."""
    return count_of_elements(root) > 0


def count_of_elements(root: _Element) -> int:
    """Count the children of ``root`` that are Dublin Core."""
    around = name_of(root)[0]
    names = map(name_of, root.iterchildren("*"))
    return sum(1 for namespace, local in names if _prefix(namespace, around) and place_of(local))


def _texts(element: _Element, field: str) -> list[str]:
    text = own_text(element) or text_of(element)
    # Only for rights is the address beside the words worth a value of its own: it names the licence.
    if field == "rights" and (link := link_of(element)) not in text:
        return [text, link]
    return [text] if text else []


@lru_cache(maxsize=16)
def _known_within(around: str, own: OwnElements | None) -> Callable[[str], Placed | None]:
    """Give what finds the place of an element by its tag; ``around`` is its parent's namespace.

    It finds those of Dublin Core and of the format itself, and None for one of another vocabulary.
    """
    return lru_cache(maxsize=1024)(partial(_known, around=around, own=own))


def _known(tag: str, around: str, own: OwnElements | None) -> Placed | None:
    namespace, local = split_tag(tag)
    if own and namespace in ("", around, *own.namespaces) and local.lower() in own.places:
        place = own.places[local.lower()]
        return place.field, f"{own.prefix}:{local}", place.role
    usual = _prefix(namespace, around)
    found = place_of(local) if usual else None
    return (found.field, f"{usual}:{local}", found.role) if found else None


@lru_cache(maxsize=4096)
def _foreign(tag: str, prefix: str | None) -> Placed:
    """Name and place an element of another vocabulary, with the usual prefix or else the record's own."""
    namespace, local = split_tag(tag)
    prefix = usual_prefix(namespace) or prefix
    place = _FOREIGN.get(local.lower(), Place("relations", local))
    return place.field, f"{prefix}:{local}" if prefix else local, place.role


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

"""DataCite's elements, one by one: what each says, and to which field of a description it goes."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from lxml.etree import _Element

from ingest.crosswalk.access_terms import is_access_term
from ingest.crosswalk.citations import joined, words
from ingest.crosswalk.elements import attribute, name_of, own_text
from ingest.crosswalk.gathering import Gathering, Parts
from ingest.crosswalk.geography import box, point, polygon
from ingest.crosswalk.name_identifiers import GRANT_AGREEMENT, address

Reader: TypeAlias = Callable[[_Element, str, str | None, Gathering], None]
"""Reads one element, given with its name as people write it and its language, into what was found so far."""


# --- elements that are one value ------------------------------------------------------------------


def plain(field: str, role_attribute: str = "", role: str | None = None) -> Reader:
    """Make the reader of an element whose text is the value; the role is that of an attribute, or else ``role``."""

    def read(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
        said = attribute(element, role_attribute) if role_attribute else ""
        found.add(field, own_text(element), element=name, role=said or role, lang=lang)

    return read


def _publisher(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
    identifier = attribute(element, "publisherIdentifier")
    parts = _identifier(identifier, attribute(element, "publisherIdentifierScheme"))
    found.add("publishers", own_text(element), element=name, lang=lang, parts=parts)


def _subject(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
    address_of = attribute(element, "valueURI")
    text = own_text(element) or attribute(element, "classificationCode") or address_of
    parts = (("identifier", address_of),) if address_of else ()
    found.add("subjects", text, element=name, role=attribute(element, "subjectScheme"), lang=lang, parts=parts)


def _description(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
    kind = attribute(element, "descriptionType")
    # Journal, volume and pages of what was published in a series: the one place for them before relatedItem.
    field = "sources" if kind == "SeriesInformation" else "descriptions"
    found.add(field, own_text(element), element=name, role=kind, lang=lang)


def _resource_type(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
    general, text = attribute(element, "resourceTypeGeneral"), own_text(element)
    found.add("types", text, element=name, lang=lang)
    if general.casefold() != text.casefold():
        found.add("types", general, element=name, role="resourceTypeGeneral")


# --- parties --------------------------------------------------------------------------------------

_GIVERS = MappingProxyType(
    {"rightsholder": ("rights", "holder"), "funder": ("donors", "funder"), "sponsor": ("donors", "sponsor")}
)
"""Types of contributors, in lower case, that are no contributors here: field and role."""


def _creator(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
    text, parts = _party(element, "creatorName")
    found.add("creators", text, element=name, lang=lang, parts=parts)


def _contributor(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
    text, parts = _party(element, "contributorName")
    kind = attribute(element, "contributorType")
    field, role = _GIVERS.get(kind.lower(), ("contributors", kind))
    found.add(field, text, element=name, role=role, lang=lang, parts=parts)


def _party(element: _Element, name_element: str) -> tuple[str, Parts]:
    """Give the name of a person or an organisation, and the identifiers beside it."""
    texts: dict[str, str] = {}
    parts: Parts = ()
    for child in element.iterchildren("*"):
        local = name_of(child)[1]
        if local == "nameIdentifier":
            parts += _identifier(own_text(child), attribute(child, "nameIdentifierScheme"))
        elif local not in texts:
            texts[local] = own_text(child)
    apart = ", ".join(filter(None, (texts.get("familyName"), texts.get("givenName"))))
    # Some leave out the element for the name and write the name itself.
    return texts.get(name_element) or apart or (element.text or "").strip(), parts


def _identifier(written: str, scheme: str) -> Parts:
    if not written:
        return ()
    is_grant = written.lower().startswith(GRANT_AGREEMENT.lower())
    return (("award_uri", written),) if is_grant else (("identifier", address(written, scheme)),)


def funding(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
    """Read a ``fundingReference``: who paid, with identifier and award; an award of nobody is a relation."""
    text, parts = "", tuple[tuple[str, str], ...]()
    for child in element.iterchildren("*"):
        local, said = name_of(child)[1], own_text(child)
        if local == "funderName":
            text = text or said
        elif local == "funderIdentifier":
            parts += _identifier(said, attribute(child, "funderIdentifierType"))
        elif local in _AWARD_PARTS:
            parts += joined([(_AWARD_PARTS[local], said), ("award_uri", attribute(child, "awardURI"))])
    named = text or dict(parts).get("identifier", "")
    found.add("donors", named, element=name, role="funder", lang=lang, parts=parts)
    if not named and parts:
        found.add("relations", parts[0][1], element=name, role="award", lang=lang, parts=parts)


_AWARD_PARTS: Mapping[str, str] = MappingProxyType(
    {"awardNumber": "award_number", "awardTitle": "award_title", "awardURI": "award_uri", "fundingStream": "programme"}
)


# --- rights ---------------------------------------------------------------------------------------


def _rights(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
    """Read words, address and identifier as values of their own; terms of access share the list with licences."""
    text, uri = own_text(element), attribute(element, "rightsURI")
    access = is_access_term(uri) or is_access_term(text)
    found.add("rights", text, element=name, role="access" if access else None, lang=lang)
    role = "access" if access else "license"
    for said in dict.fromkeys((uri, attribute(element, "rightsIdentifier"))):
        if said != text:
            found.add("rights", said, element=name, role=role)


# --- places ---------------------------------------------------------------------------------------


def _geo_location(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
    for child in element.iterchildren("*"):
        local = name_of(child)[1]
        role, write = _GEOGRAPHY.get(local, (None, own_text))
        found.add("coverage", write(child), element=f"{name.partition(':')[0]}:{local}", role=role, lang=lang)


_GEOGRAPHY: Mapping[str, tuple[str | None, Callable[[_Element], str]]] = MappingProxyType(
    {"geoLocationPoint": ("point", point), "geoLocationBox": ("box", box), "geoLocationPolygon": ("polygon", polygon)}
)


# --- what it was published in ---------------------------------------------------------------------

_ITEM_PARTS: Mapping[str, str] = MappingProxyType(
    {
        "volume": "volume",
        "issue": "issue",
        "number": "number",
        "firstPage": "first_page",
        "lastPage": "last_page",
        "publicationYear": "year",
        "edition": "edition",
        "publisher": "publisher",
    }
)
_CONTAINERS = frozenset({"ispublishedin", "ispartof"})
_ITEM_IDENTIFIERS = MappingProxyType({"issn": "issn", "eissn": "issn", "isbn": "isbn", "doi": "doi", "url": "url"})


def _related_item(element: _Element, name: str, lang: str | None, found: Gathering) -> None:
    relation = attribute(element, "relationType")
    parts = joined(_item_parts(element))
    field = "sources" if relation.lower() in _CONTAINERS else "relations"
    found.add(field, words(parts), element=name, role=relation, lang=lang, parts=parts)


def _item_parts(element: _Element) -> Iterator[tuple[str, str]]:
    for child in element.iterchildren("*"):
        local = name_of(child)[1]
        if local == "titles":
            yield "container_title", next(filter(None, map(own_text, child.iterchildren("*"))), "")
        elif local == "relatedItemIdentifier":
            scheme = attribute(child, "relatedItemIdentifierType").lower()
            yield _ITEM_IDENTIFIERS.get(scheme, "identifier"), own_text(child)
        elif local in _ITEM_PARTS:
            yield _ITEM_PARTS[local], own_text(child)


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "identifier": plain("identifiers", "identifierType"),
        "alternateIdentifier": plain("identifiers", "alternateIdentifierType"),
        "creator": _creator,
        "contributor": _contributor,
        "title": plain("titles", "titleType"),
        "publisher": _publisher,
        "publicationYear": plain("dates", role="issued"),
        "subject": _subject,
        "date": plain("dates", "dateType"),
        "language": plain("languages"),
        "resourceType": _resource_type,
        "relatedIdentifier": plain("relations", "relationType"),
        "relatedItem": _related_item,
        "size": plain("formats", role="size"),
        "format": plain("formats"),
        "version": plain("relations", role="version"),
        "rights": _rights,
        "description": _description,
        "geoLocation": _geo_location,
        "fundingReference": funding,
    }
)
"""Local name of an element -> its reader."""

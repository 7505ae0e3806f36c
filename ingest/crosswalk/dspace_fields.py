"""The fields of DSpace, as its formats DIM and xoai write them out: schema, element, qualifier.

DSpace's own schema ``dc`` is Dublin Core with qualifiers of its own and those that every house adds.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from ingest.crosswalk import dublin_core
from ingest.crosswalk.access_terms import is_access_term
from ingest.crosswalk.awards import with_awards
from ingest.crosswalk.citations import joined, words
from ingest.crosswalk.degrees import DEGREE_PLACES
from ingest.crosswalk.dublin_core import Place
from ingest.crosswalk.gathering import Gathering
from ingest.crosswalk.name_identifiers import GRANT_AGREEMENT
from ingest.descriptions import Value


class Field(NamedTuple):
    """One value of a field of DSpace."""

    schema: str
    element: str
    qualifier: str
    text: str
    lang: str | None = None
    authority: str = ""
    """What DSpace keeps of the value in an authority file: an address, or a key of its own."""


_NOWHERE = Place("", None)

_PLACES = MappingProxyType(
    {
        "contributor.author": Place("creators", None),
        "contributor.corpauthor": Place("creators", None),
        "contributor.funder": Place("donors", "funder"),
        "contributor.funding": Place("donors", "funder"),
        "contributor.fundingagency": Place("donors", "funder"),
        "description.funding": Place("donors", "funder"),
        "description.fundingagency": Place("donors", "funder"),
        "description.fundingsource": Place("donors", "funder"),
        "funding": Place("donors", "funder"),
        "fundingagency": Place("donors", "funder"),
        "relation.funder": Place("donors", "funder"),
        "contributor.sponsor": Place("donors", "sponsor"),
        "contributor.donor": Place("donors", "donor"),
        "description.sponsorship": Place("donors", "sponsor"),
        "description.sponsor": Place("donors", "sponsor"),
        "description.funder": Place("donors", "funder"),
        "funder": Place("donors", "funder"),
        "funder.name": Place("donors", "funder"),
        "project.funder.name": Place("donors", "funder"),
        "sponsorship": Place("donors", "sponsor"),
        # The log of a thing's way into DSpace, with the mail addresses of those who put it there: no one's custody.
        "description.provenance": _NOWHERE,
        "rights.uri": Place("rights", "license"),
        "rights.license": Place("rights", "license"),
        "rights.licence": Place("rights", "license"),
        "rights.licenseuri": Place("rights", "license"),
        "rights.cc": Place("rights", "license"),
        "rights.ccuri": Place("rights", "license"),
        "rights.holder": Place("rights", "holder"),
        "rights.copyrightholder": Place("rights", "holder"),
        "rights.access": Place("rights", "access"),
        "rights.accesslevel": Place("rights", "access"),
        "rights.accessrights": Place("rights", "access"),
        "accessrights": Place("rights", "access"),
        "type.accessrights": Place("rights", "access"),
        "identifier.citation": Place("relations", "bibliographicCitation"),
    }
)
"""Element and qualifier in lower case -> place, where Dublin Core has another or none."""

_AWARDS = MappingProxyType(
    {
        "relation.grantno": "award_number",
        "relation.grantnumber": "award_number",
        "identifier.grantno": "award_number",
        "identifier.grantnumber": "award_number",
        "description.grantnumber": "award_number",
        "description.awardnumber": "award_number",
        "awardnumber": "award_number",
        "awardtitle": "award_title",
        "awarduri": "award_uri",
        "fundingstream": "programme",
    }
)
"""Element and qualifier in lower case -> part of the one who gave the grant."""

_NO_END = re.compile("start|begin|reason|type|note|polic|length|period|duration|status|option")
"""What the name of a field of embargoes has in it where the value is not the day on which one ends."""

_CITATION_ELEMENTS = frozenset({"citation", "bibliographiccitation", "source"})
_CITATION = MappingProxyType(
    {
        "title": "container_title",
        "journaltitle": "container_title",
        "volume": "volume",
        "issue": "issue",
        "number": "issue",
        "edition": "edition",
        "startpage": "first_page",
        "firstpage": "first_page",
        "initialpage": "first_page",
        "spage": "first_page",
        "endpage": "last_page",
        "lastpage": "last_page",
        "finalpage": "last_page",
        "epage": "last_page",
        "pages": "pages",
        "issn": "issn",
        "isbn": "isbn",
        "conferenceplace": "conference_place",
        "conferencedate": "conference_date",
    }
)
"""Qualifier in lower case of an element that cites what a thing was published in -> part of the source."""


class _Rule(NamedTuple):
    """What becomes of a field: its place, or the part that it is of another value."""

    place: Place
    award: str = ""
    citation: str = ""


def gather(fields: Iterable[Field], prefix: str, found: Gathering) -> None:
    """Read fields into ``found``; ``prefix`` stands before their names, the schema's only where it is not ``dc``."""
    awards: list[tuple[str, Value]] = []
    citation: list[tuple[Field, str]] = []
    for field in fields:
        rule = _rule(field.schema, field.element, field.qualifier)
        if rule.citation:
            citation.append((field, rule.citation))
        elif rule.place is not _NOWHERE and field.text:
            value = _value(field, prefix, rule.place)
            # The identifier of a grant agreement names the one who gave the grant itself.
            if rule.award and not field.text.lower().startswith(GRANT_AGREEMENT.lower()):
                awards.append((rule.award, value))
            else:
                found.extend(rule.place.field, (value,))
    _add_awards(awards, found)
    _add_citation(citation, prefix, found)


def _value(field: Field, prefix: str, place: Place) -> Value:
    role = "access" if place.field == "rights" and is_access_term(field.text) else place.role
    parts = (("identifier", field.authority),) if "://" in field.authority else ()
    return Value(text=field.text, lang=field.lang, element=_name(field, prefix), role=role, parts=parts)


def _name(field: Field, prefix: str) -> str:
    names = ("" if field.schema == "dc" else field.schema, field.element, field.qualifier)
    return f"{prefix}:{'.'.join(filter(None, names))}"


def _add_awards(awards: list[tuple[str, Value]], found: Gathering) -> None:
    if awards:
        donors, left = with_awards(found.take("donors"), awards)
        found.extend("donors", donors)
        found.extend("relations", left)


def _add_citation(citation: list[tuple[Field, str]], prefix: str, found: Gathering) -> None:
    parts = joined((name, field.text) for field, name in citation)
    if parts:
        first = citation[0][0]
        found.add("sources", words(parts), element=_name(first, prefix), role="citation", lang=first.lang, parts=parts)


@lru_cache(maxsize=4096)
def _rule(schema: str, element: str, qualifier: str) -> _Rule:
    key = ".".join(filter(None, (element.lower(), qualifier.lower())))
    if award := _AWARDS.get(key):
        return _Rule(Place("relations", key), award=award)
    if element.lower() in _CITATION_ELEMENTS and (part := _CITATION.get(qualifier.lower())):
        return _Rule(_NOWHERE, citation=part)
    if own := _PLACES.get(f"{schema.lower()}.{key}") or _PLACES.get(key):
        return _Rule(own)
    if "embargo" in key:
        return _Rule(Place("rights", "embargo" if _NO_END.search(key) else "embargoEnd"))
    if element.lower() == "degree":
        return _Rule(DEGREE_PLACES.get(qualifier.lower(), Place("relations", f"degree.{qualifier}".rstrip("."))))
    place = dublin_core.place_of(f"{element}.{qualifier}".rstrip("."))
    return _Rule(place or Place("relations", ".".join(filter(None, (element, qualifier)))))

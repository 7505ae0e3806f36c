"""Who paid for a study, and the numbers of the grants: two lists in a codebook, which do not say what belongs together.

A grant names its agency in an attribute, or belongs to the only agency there is, or stands behind it, or there are as
many grants as agencies and both lists are in one order. A grant that can not be given to an agency for certain stays
a relation of the study.
"""

from collections.abc import Iterator
from itertools import chain, takewhile

from lxml.etree import _Element

from ingest.crosswalk.ddi_parts import DDI
from ingest.crosswalk.elements import XML_LANG, attribute_near, link_of, local_name
from ingest.crosswalk.markup import Found


def funding(production: _Element) -> Found:
    """Read ``fundAg`` and ``grantNo`` of a ``prodStmt``."""
    named = [element for element in production.iterchildren("{*}fundAg", "{*}grantNo") if _says_anything(element)]
    awards: dict[_Element, list[str]] = {element: [] for element in named if _is_agency(element)}
    lone: list[_Element] = []
    for grant, agencies in _owners(named):
        for agency in agencies:
            awards[agency].append(DDI.text(grant))
        lone += [] if agencies else [grant]
    for agency, numbers in awards.items():
        parts = [("identifier", link_of(agency) or agency.get("URI"))]
        parts += [("award_number", number) for number in numbers]
        yield from DDI.found("donors", agency, role="funder", parts=parts)
    for grant in lone:
        yield from _lone_grant(grant)


def _says_anything(element: _Element) -> bool:
    return bool(DDI.text(element)) or (not _is_agency(element) and bool(_said(element)))


def _is_agency(element: _Element) -> bool:
    return local_name(element) == "fundAg"


def _owners(named: list[_Element]) -> Iterator[tuple[_Element, list[_Element]]]:
    """Give each grant with its agencies: the one named in its language, or one agency's names in every language."""
    languages: dict[str | None, list[_Element]] = {}
    for element in named:
        languages.setdefault(attribute_near(element, XML_LANG), []).append(element)
    agencies = [[element for element in group if _is_agency(element)] for group in languages.values()]
    names_of_one = list(chain.from_iterable(agencies)) if all(len(own) <= 1 for own in agencies) else []
    for group, own in zip(languages.values(), agencies, strict=True):
        for grant, owner in _pairs(group, own):
            alone = not own and not _said(grant)
            yield grant, names_of_one if alone else [] if owner is None else [owner]


def _pairs(group: list[_Element], agencies: list[_Element]) -> Iterator[tuple[_Element, _Element | None]]:
    """Pair the grants of one language with its agencies, as far as they say or the order tells."""
    names = {name: agency for agency in agencies for name in (DDI.text(agency), agency.get("abbr"))}
    grants = [element for element in group if not _is_agency(element)]
    for grant, placed in zip(grants, _by_place(group, agencies, len(grants)), strict=True):
        yield grant, names.get(_said(grant)) if _said(grant) else placed


def _by_place(group: list[_Element], agencies: list[_Element], grants: int) -> list[_Element | None]:
    """Give the agency of each grant that its place tells."""
    if len(agencies) == 1:
        return [agencies[0]] * grants
    first = len(list(takewhile(_is_agency, group)))
    if first < len(agencies):
        return _agencies_before(group)
    return [*agencies] if len(agencies) == grants else [None] * grants


def _agencies_before(group: list[_Element]) -> list[_Element | None]:
    """Read lists that alternate: a grant stands behind its agency."""
    found: list[_Element | None] = []
    last: _Element | None = None
    for element in group:
        if _is_agency(element):
            last = element
        else:
            found.append(last)
    return found


def _said(grant: _Element) -> str:
    return (grant.get("agency") or "").strip()


def _lone_grant(grant: _Element) -> Found:
    if said := _said(grant):
        return DDI.found("donors", grant, said, role="funder", parts=[("award_number", DDI.text(grant))])
    return DDI.found("relations", grant, role="grantNo")

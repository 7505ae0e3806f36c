"""Who paid for an article: the tagged funding of JATS, the sponsors of NLM's older tags, and notes in words."""

from lxml.etree import _Element

from ingest.crosswalk.elements import folded, link_of, local_name, outermost, prose_of
from ingest.crosswalk.jats_parts import JATS, first, line
from ingest.crosswalk.markup import Found

_NUMBERS = frozenset({"institution-id", "named-content"})
_ON_FUNDING = frozenset({"financial-disclosure", "supported-by", "funding", "funding-information"})


def award_group(element: _Element) -> Found:
    """Read ``award-group``: each funding body with all awards of the group; an award of no body is a relation."""
    awards = [award for award in element.iterchildren("{*}award-id") if line(award)]
    bodies = list(element.iterchildren("{*}funding-source"))
    parts = [("award_number", line(award)) for award in awards]
    parts += [("award_uri", uri) for award in awards if (uri := _address(award))]
    parts += [("award_title", line(first(element, "award-name")))]
    for body in bodies:
        name = _name(body)
        identifiers = [("identifier", identifier) for identifier in _identifiers(body)]
        yield from JATS.found("donors", body, name, role="funder", parts=[*identifiers, *parts])
    for award in () if any(map(_name, bodies)) else awards:
        yield from JATS.found("relations", award, line(award), role="award-id")


def _name(body: _Element) -> str:
    """Give the name of a funding body, without the numbers that stand among its words."""
    institutions = list(filter(None, map(line, outermost(body, "institution"))))
    return ", ".join(institutions) or folded(prose_of(body, blocks=frozenset(), left_out=_NUMBERS))


def _identifiers(body: _Element) -> list[str]:
    """Give the identifiers of a funding body, each once: of its institution, or in its own attributes."""
    given = [line(number) for number in outermost(body, "institution-id", "named-content")]
    given += [link_of(inner) for inner in (body, *body.iter("{*}institution"))]
    return list(dict.fromkeys(filter(None, given)))


def _address(award: _Element) -> str:
    return next(filter(None, map(link_of, award.iter("{*}*"))), "")


def sponsor(element: _Element) -> Found:
    """Read NLM's ``contract-sponsor``, and the ``contract-num`` that point to it, or stand beside the only one."""
    around = element.getparent()
    numbers = [] if around is None else list(around.iterchildren("{*}contract-num"))
    alone = around is not None and len(list(around.iterchildren("{*}contract-sponsor"))) == 1
    own = [number for number in numbers if alone or element.get("id", "") in number.get("rid", "").split()]
    parts = [("identifier", link_of(element)), *(("award_number", line(number)) for number in own)]
    return JATS.found("donors", element, line(element), role="funder", parts=parts)


def note(element: _Element) -> Found:
    """Read a footnote that says it is on funding."""
    kind = (element.get("fn-type") or "").strip().lower()
    if kind in _ON_FUNDING:
        yield from JATS.found("descriptions", element, role=kind)


def acknowledgement(element: _Element) -> Found:
    """Read ``ack``, where authors say who paid, among others whom they thank; its heading is left out."""
    return JATS.found("descriptions", element, without_heading(element), role=local_name(element))


def without_heading(element: _Element) -> str:
    """Give the text of a section without its own title; those of the sections inside it stay."""
    return JATS.text(element).removeprefix(line(first(element, "title"))).strip()

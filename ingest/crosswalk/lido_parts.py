"""What the elements of LIDO have in common: terms of vocabularies, appellations of persons, places and bodies."""

from collections.abc import Iterator

from lxml.etree import _Element

from ingest.crosswalk.elements import XML_LANG, attribute_near, folded, link_of, local_name, outermost
from ingest.crosswalk.markup import Found, Markup

_NAMESPACE = "http://www.lido-schema.org"
_OTHER_NAMES = ("alternate", "alternative")


def _language(element: _Element) -> str | None:
    return attribute_near(element, XML_LANG, f"{{{_NAMESPACE}}}lang", "lang")


LIDO = Markup(prefix="lido", language=_language)


def attribute(element: _Element, name: str) -> str:
    """Give an attribute, which stands in LIDO's namespace, or in none where a repository strips namespaces."""
    return (element.get(f"{{{_NAMESPACE}}}{name}") or element.get(name) or "").strip()


def _terms(concept: _Element) -> Iterator[_Element]:
    """Give the terms of a concept, 1.1's preferred labels among them, without those that are added for searching."""
    for term in outermost(concept, "term", "prefLabel"):
        if attribute(term, "addedSearchTerm").lower() != "yes":
            yield term


def term_of(concept: _Element | None) -> str:
    """Give the first term of a concept, empty where there is none."""
    if concept is None:
        return ""
    return next(filter(None, map(LIDO.text, _terms(concept))), "")


def words_of(concept: _Element) -> list[str]:
    """Give all that a concept goes by, in small letters: its terms and its addresses."""
    return [LIDO.text(term).casefold() for term in _terms(concept)] + [address(concept).casefold()]


def address(concept: _Element) -> str:
    """Give the URI of a concept or an actor, or else its number; empty where it has neither."""
    given = [link_of(inner) for inner in concept.iter("{*}Concept")]
    given += [folded(inner.text or "") for inner in outermost(concept, "conceptID", "actorID")]
    return next((said for said in given if ":" in said), next(filter(None, given), ""))


def all_terms(field: str, concept: _Element, *, role: str | None = None) -> Found:
    """Read a concept's terms, each with its language; the concept's URI stands beside them."""
    name, parts = local_name(concept), [("identifier", address(concept))]
    for term in _terms(concept):
        yield from LIDO.found(field, term, LIDO.text(term), role=role, parts=parts, name=name)


def appellations(element: _Element, *, others: bool = False) -> list[_Element]:
    """Give the appellations inside an element, without the alternative ones unless ``others`` are wanted too."""
    return [
        value
        for value in outermost(element, "appellationValue")
        if others or attribute(value, "pref").rpartition("/")[2].lower() not in _OTHER_NAMES
    ]


def name_of_actor(element: _Element) -> str:
    """Give the name of the first person or body inside an element: one name, in whichever language comes first."""
    return next(filter(None, map(LIDO.text, appellations(element))), "")


def actors(field: str, element: _Element, *, role: str | None = None) -> Found:
    """Read the persons and bodies in their roles, or the words for all of them where none stands alone."""
    found = False
    for inner in outermost(element, "actorInRole", "actor"):
        name = name_of_actor(inner)
        found = found or bool(name)
        own = term_of(inner.find("{*}roleActor")) or role
        yield from LIDO.found(field, inner, name, role=own, parts=[("identifier", address_of_actor(inner))])
    shown = None if found else next(element.iter("{*}displayActorInRole", "{*}displayActor"), None)
    if shown is not None:
        yield from LIDO.found(field, shown, role=role)


def address_of_actor(element: _Element) -> str:
    """Give the number or URI of the first person or body inside an element."""
    actor = next(element.iter("{*}actor"), None)
    return "" if actor is None else address(actor)


def places(element: _Element) -> Found:
    """Read the names of a place, without those of the larger places that it is part of; else the words for it."""
    names = [
        value for inner in outermost(element, "namePlaceSet") if not _is_part(inner) for value in appellations(inner)
    ]
    number = next(filter(None, map(LIDO.text, element.iterfind("{*}place/{*}placeID"))), "")
    for value in names:
        yield from LIDO.found("coverage", value, parts=[("identifier", number)], name=local_name(element))
    if not names:
        for shown in outermost(element, "displayPlace"):
            yield from LIDO.found("coverage", shown, name=local_name(element))


def _is_part(names: _Element) -> bool:
    place = names.getparent()
    return place is not None and local_name(place) == "partOfPlace"


def materials(element: _Element) -> Found:
    """Read materials and techniques: the words that are shown for them, else the terms."""
    shown = [inner for inner in outermost(element, "displayMaterialsTech") if LIDO.text(inner)]
    for inner in shown:
        yield from LIDO.found("formats", inner, role="materialsTech")
    for inner in () if shown else outermost(element, "termMaterialsTech"):
        yield from all_terms("formats", inner, role="materialsTech")


def measurements(element: _Element) -> Found:
    """Read measurements: the words that are shown for them, else type, value and unit of each."""
    shown = [inner for inner in outermost(element, "displayObjectMeasurements") if LIDO.text(inner)]
    for inner in shown:
        yield from LIDO.found("formats", inner, role="measurements")
    for inner in () if shown else outermost(element, "measurementSet"):
        said = [_first(inner, name) for name in ("measurementType", "measurementValue", "measurementUnit")]
        yield from LIDO.found("formats", inner, " ".join(filter(None, said)), role="measurements")


def _first(element: _Element, name: str) -> str:
    inner = next(element.iter(f"{{*}}{name}"), None)
    if inner is None:
        return ""
    return term_of(inner) or LIDO.text(inner)

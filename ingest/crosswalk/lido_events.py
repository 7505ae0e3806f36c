"""The events of an object's life in LIDO, by their type: who made it and when, who published it, who gave it."""

from collections.abc import Mapping
from functools import cache, partial
from typing import NamedTuple

from lxml.etree import _Element

from ingest.crosswalk.elements import local_name, outermost
from ingest.crosswalk.lido_parts import LIDO, actors, all_terms, materials, places, term_of, words_of
from ingest.crosswalk.markup import Found, Table, vocabulary
from ingest.descriptions import Value


class _Kind(NamedTuple):
    """What an event of one kind says: of its actors, of its date, and in its own words."""

    name: str
    actors: str
    actor_role: str | None
    date_role: str | None
    words: str


_KINDS = (
    _Kind("production", "creators", None, "created", "descriptions"),
    _Kind("publication", "publishers", None, "issued", "descriptions"),
    _Kind("acquisition", "donors", "acquisition", "accessioned", "donors"),
    # Who held a thing before is told in words; whether anyone there gave it is for the donor rules to say.
    _Kind("provenance", "contributors", "former owner", "provenance", "descriptions"),
)


@cache
def _kinds() -> Mapping[str, _Kind]:
    """Give the kinds by the numbers and terms of their event types."""
    return {word: kind for kind in _KINDS for word in vocabulary("lido_events")[kind.name]}


def event(element: _Element) -> Found:
    """Read ``eventSet``: its event, and the words that are shown for it."""
    inner = element.find("{*}event")
    if inner is None:
        yield from LIDO.walk(element, {"displayEvent": "descriptions event"})
        return
    kind = _kind(inner)
    words = f"{kind.words} {kind.name}"
    yield from LIDO.walk(element, {"displayEvent": words, "event": _table(kind, words)})


def _kind(element: _Element) -> _Kind:
    """Give the kind of an event; one that is none of the four goes by its own term."""
    concept = element.find("{*}eventType")
    words = [] if concept is None else words_of(concept)
    for word in words:
        if known := _kinds().get(word) or _kinds().get(word.rpartition("/")[2]):
            return known
    name = term_of(concept) or "event"
    return _Kind(name, "contributors", name, name, "descriptions")


def _table(kind: _Kind, words: str) -> Table:
    return {
        "eventName": words,
        "eventActor": partial(_actors, kind),
        "culture": partial(all_terms, "coverage", role="culture"),
        "eventDate": partial(_date, kind),
        "periodName": partial(all_terms, "coverage", role="period"),
        "eventPlace": places,
        "eventMaterialsTech": materials,
        "eventDescriptionSet": {"descriptiveNoteValue": words},
    }


def _actors(kind: _Kind, element: _Element) -> Found:
    """Read the actors of an event; who took what the event handed over gave nothing."""
    method = _method(element) if kind.actors == "donors" else ""
    for field, value in actors(kind.actors, element, role=kind.actor_role):
        if field == "donors" and _is_taker(value):
            yield "contributors", value
        elif method:
            yield (
                field,
                Value(
                    text=value.text,
                    lang=value.lang,
                    element=value.element,
                    role=value.role,
                    parts=(*value.parts, ("method", method)),
                ),
            )
        else:
            yield field, value


def _method(actor: _Element) -> str:
    """Give how the thing changed hands, such as "gift": it tells a giver from a seller."""
    around = actor.getparent()
    return "" if around is None else term_of(around.find("{*}eventMethod"))


def _is_taker(value: Value) -> bool:
    return (value.role or "").casefold() in vocabulary("lido_events")["takers"]


def _date(kind: _Kind, element: _Element) -> Found:
    """Read a date as shown, or from its earliest to its latest day, which are a part beside what is shown."""
    ends = [LIDO.text(end) for end in outermost(element, "earliestDate", "latestDate")]
    normal = "/".join(dict.fromkeys(filter(None, ends)))
    shown = [inner for inner in element.iterchildren("{*}displayDate") if LIDO.text(inner)]
    for inner in shown or [element]:
        yield from LIDO.found(
            "dates",
            inner,
            LIDO.text(inner) if shown else normal,
            role=kind.date_role,
            parts=[("normal", normal)],
            name=local_name(element),
        )

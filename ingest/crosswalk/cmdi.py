"""CMDI 1.1 and 1.2, the Component Metadata Infrastructure of CLARIN: records of profiles that anybody may make.

A profile decides which components there are; what they say is told by their names, without regard to case, from the
table in ``vocabularies/cmdi_names.toml``. The header gives the link of the record and the collection it belongs to.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import islice

from lxml.etree import _Element

from ingest.crosswalk.elements import local_name
from ingest.crosswalk.markup import Found, Markup, Table, description_of, vocabulary
from ingest.descriptions import Description

_NAMESPACES = ("http://www.clarin.eu/cmd/", "http://www.clarin.eu/cmd/1", "http://www.clarin.eu/cmd", "")
NAMES = tuple((namespace, "CMD") for namespace in _NAMESPACES)
"""Namespace and name of the root element."""
LOOSE_NAMES = ("cmd",)
"""Names of roots in other namespaces."""

_CMDI = Markup(prefix="cmdi")
_PARAGRAPHS = frozenset({"p", "ab", "ref", "emph", "hi", "lb"})
_MOST_ELEMENTS = 20_000
"""Elements of a record that are looked at; a session corpus may list each of its files."""


def holds(root: _Element) -> bool:
    """Tell whether a root of the right name, in an unusual namespace, has the parts of a record."""
    return next(root.iterchildren("{*}Components", "{*}Header"), None) is not None


def read(root: _Element) -> Description:
    """Read a record: what the envelope says of it, then its components."""
    return description_of(_CMDI.walk(root, _ENVELOPE))


# --- components -----------------------------------------------------------------------------------


@cache
def _places() -> Mapping[str, tuple[str, str]]:
    """Give field and role by the name of an element that holds text."""
    fields = vocabulary("cmdi_names")["text"]
    return {name: (field, role) for field, names in fields.items() for name, role in names.items()}


@cache
def _components(section: str) -> frozenset[str]:
    return frozenset(vocabulary("cmdi_names")[section]["components"])


@cache
def _parties() -> frozenset[str]:
    return frozenset(vocabulary("cmdi_names")["party"])


@cache
def _on_rights() -> frozenset[str]:
    return frozenset(name for name, (field, _) in _places().items() if field == "rights")


def _read_components(element: _Element) -> Found:
    whole = _components("project") | _parties() | _on_rights()
    for component in islice(_described(element, whole), _MOST_ELEMENTS):
        yield from _read_component(component)


def _described(element: _Element, whole: frozenset[str]) -> Iterator[_Element]:
    """Go down in document order, past what speaks of something else, and not into what is read as a whole."""
    waiting = [element.iterchildren("{*}*")]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
            continue
        name = _name(child)
        if name in _components("passed_over"):
            continue
        yield child
        if not _is_text(child) and name not in whole:
            waiting.append(child.iterchildren("{*}*"))


def _name(element: _Element) -> str:
    return local_name(element).lower()


def _is_text(element: _Element) -> bool:
    return all(_name(child) in _PARAGRAPHS for child in element.iterchildren("{*}*"))


def _read_component(element: _Element) -> Found:
    name = _name(element)
    if _is_text(element):
        yield from _text(element)
    elif name in _parties():
        field, _, role = vocabulary("cmdi_names")["party"][name].partition(" ")
        yield from _CMDI.found(field, element, _party(element), role=role)
    elif name in _components("project"):
        yield from _project(element)
    elif name in _on_rights():
        yield from _terms(element, _places()[name][1])
    elif name == "sizeinfo":
        said = map(_CMDI.text, element.iterchildren("{*}*"))
        yield from _CMDI.found("formats", element, " ".join(filter(None, said)), role="extent")


def _text(element: _Element) -> Found:
    """Read an element that holds text; OLAC's attributes give a code for a language, and a role for a contributor."""
    field, role = _places().get(_name(element), ("", ""))
    if not field:
        return
    code = (element.get("olac-language") or None) if field == "languages" else None
    yield from _CMDI.found(field, element, code, role=role or element.get("olac-role"))
    if field == "rights":
        # Text encoders name a licence by its address, beside what they say of it.
        yield from _CMDI.found(field, element, element.get("target", ""), role=role)


def _terms(element: _Element, role: str) -> Found:
    """Read a component on rights: all that stands in it is on rights, a licence's name and address among it."""
    for inner in islice(_described(element, frozenset()), _MOST_ELEMENTS):
        if _name(inner) in _on_rights():
            yield from _text(inner) if _is_text(inner) else ()
        elif _is_text(inner):
            yield from _CMDI.found("rights", inner, role=role)


# --- persons, bodies and projects -----------------------------------------------------------------


def _texts(element: _Element) -> dict[str, str]:
    """Give the first text under each name inside a component, past the bodies that a person only belongs to."""
    found: dict[str, str] = {}
    for inner in islice(_described(element, frozenset()), _MOST_ELEMENTS):
        if not len(inner) and (said := _CMDI.text(inner)):
            found.setdefault(_name(inner), said)
    return found


def _first(texts: Mapping[str, str], names: list[str]) -> str:
    return next((texts[name] for name in names if name in texts), "")


def _party(element: _Element) -> str:
    names = vocabulary("cmdi_names")["names"]
    texts = _texts(element)
    person = (_first(texts, names["surname"]), _first(texts, names["forename"]))
    return ", ".join(filter(None, person)) or _first(texts, names["whole"])


def _project(element: _Element) -> Found:
    """Read a project: its funders, with its number and name; without any, the project is a relation."""
    names = vocabulary("cmdi_names")["project"]
    texts = _texts(element)
    title, number = _first(texts, names["title"]), _first(texts, names["number"])
    wanted = frozenset(names["funder"] + (names["body"] if _name(element) in names["funding"] else []))
    funders = [inner for inner in _described(element, wanted) if _name(inner) in wanted]
    for funder in funders:
        said = _CMDI.text(funder) if _is_text(funder) else _party(funder)
        parts = [("award_number", number), ("award_title", title)]
        yield from _CMDI.found("donors", funder, said, role="funder", parts=parts)
    if not funders:
        yield from _CMDI.found("relations", element, title, role="project")


# --- envelope -------------------------------------------------------------------------------------


def _resource(element: _Element) -> Found:
    """Read the page on which a resource is shown; the files themselves may be thousands."""
    kind = (element.findtext("{*}ResourceType") or "").strip()
    if kind == "LandingPage":
        yield from _CMDI.walk(element, {"ResourceRef": "identifiers landingPage"})


_ENVELOPE: Table = {
    "Header": {
        "MdSelfLink": "identifiers MdSelfLink",
        "MdCollectionDisplayName": "relations isPartOf",
    },
    "Resources": {"ResourceProxyList": {"ResourceProxy": _resource}},
    "IsPartOfList": {"IsPartOf": "relations isPartOf"},
    "Components": _read_components,
}

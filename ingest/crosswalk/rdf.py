"""RDF in XML, as far as metadata formats use it: resources, what they are, and how they are called.

A resource is an element that stands in the document itself or in another resource's property. What it is says its own
name or, where that is ``rdf:Description``, its ``rdf:type``.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from lxml.etree import _Element

from ingest.crosswalk.elements import language_of, name_of, own_text

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"

_DEEPEST = 4
"""How deep resources are looked for in each other: an aggregation holds an object, that a person, that a place."""

_LABELS = ("prefLabel", "name", "label", "title", "value")
"""Names of the properties that name a resource, the best first: SKOS, FOAF, RDF Schema, Dublin Core, RDF itself."""

_MOST_LABELS = 100
"""How many names of one resource are read: more than any has languages, and few enough for a thousand references."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One resource of the document."""

    element: _Element
    kind: str
    """The local name of its class, such as ``ProvidedCHO``."""
    about: str
    """What it is about, as written; empty where it has no name of its own."""


def resources(root: _Element) -> Iterator[Resource]:
    """Give the document's resources in document order; ``root`` is ``rdf:RDF`` or the one resource there is."""
    if name_of(root)[1].lower() != "rdf":
        yield _resource(root)
    # Properties and resources take turns: children of rdf:RDF are resources, children of a resource its properties.
    waiting = [(root.iterchildren("*"), name_of(root)[1].lower() == "rdf")]
    while waiting:
        children, are_resources = waiting[-1]
        child = next(children, None)
        if child is None:
            waiting.pop()
            continue
        if are_resources:
            yield _resource(child)
        if len(child) and len(waiting) <= 2 * _DEEPEST:
            waiting.append((child.iterchildren("*"), not are_resources))


def by_name(document: Iterable[Resource]) -> dict[str, Resource]:
    """Give the resources that have a name, by it."""
    return {resource.about: resource for resource in document if resource.about}


def _resource(element: _Element) -> Resource:
    local = name_of(element)[1]
    kind = element.find(f"{RDF}type") if local == "Description" else None
    if kind is not None:
        local = kind.get(f"{RDF}resource", local).rstrip("/#").rpartition("/")[2].rpartition("#")[2]
    return Resource(element=element, kind=local, about=identity(element))


def identity(element: _Element) -> str:
    """Give what a resource is about, its address or its name within the document, as written."""
    about = element.get(f"{RDF}about") or element.get(f"{RDF}nodeID") or element.get("about")
    local = element.get(f"{RDF}ID")
    return (about or (f"#{local}" if local else "")).strip()


def target(element: _Element) -> str:
    """Give what a property points to, as written, empty where it points to nothing."""
    to = element.get(f"{RDF}resource") or element.get(f"{RDF}nodeID") or element.get("resource") or ""
    return to.strip()


def distinct(properties: Iterable[_Element]) -> list[_Element]:
    """Give the properties without those that point to a resource again: it may have as many names as they are."""
    found: dict[tuple[str, str | int], _Element] = {}
    for each in properties:
        found.setdefault((str(each.tag), target(each) or len(found)), each)
    return list(found.values())


def labels(resource: _Element) -> list[tuple[str, str | None]]:
    """Give the names of a resource, each with its language; of a span of time without a name, begin and end."""
    found: dict[str, list[tuple[str, str | None]]] = {}
    for child in resource.iterchildren("*"):
        if text := own_text(child):
            found.setdefault(name_of(child)[1], []).append((text, language_of(child)))
    named = next((found[name] for name in _LABELS if name in found), [])
    return named[:_MOST_LABELS] or _span(found)


def _span(found: Mapping[str, list[tuple[str, str | None]]]) -> list[tuple[str, str | None]]:
    ends = [found[name][0][0] for name in ("begin", "end") if name in found]
    return [("/".join(dict.fromkeys(ends)), None)] if ends else []

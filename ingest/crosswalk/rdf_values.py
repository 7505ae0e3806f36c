"""The values of a resource's properties: words as they stand, other resources by their names."""

from collections.abc import Iterator, Mapping

from lxml.etree import _Element

from ingest.crosswalk import dublin_core
from ingest.crosswalk.dublin_core import OwnElements
from ingest.crosswalk.elements import language_of, name_of, own_text
from ingest.crosswalk.rdf import RDF, Resource, distinct, identity, labels, target
from ingest.descriptions import Value

_CONTAINERS = frozenset({"Bag", "Seq", "Alt"})

_PAGE = "WebResource"
"""The class of pictures and pages: what is wanted of them is where they are."""

_PARTIES = frozenset({"creators", "contributors", "publishers", "relations", "donors"})
"""Fields where the names of one resource in many languages would pass for many parties: the first is enough."""


def values_of(
    element: _Element, known: Mapping[str, Resource], own: OwnElements | None = None
) -> tuple[str, list[Value]]:
    """Give the field that a property belongs to, and its values; ``known`` are the document's resources by name."""
    field, values = dublin_core.values_of(element, "", own)
    if element.tag == f"{RDF}type":
        # Its class is for reading the resource, and no type in Dublin Core's sense.
        return field, []
    inner = next(element.iterchildren("*"), None)
    if not values or (inner is None and target(element) not in known):
        return field, values
    in_container = inner is not None and name_of(inner)[1] in _CONTAINERS
    items = distinct(inner.iterchildren("*")) if inner is not None and in_container else [element]
    found = [value for item in items for value in _of_item(item, field, values[0], known)]
    # What stands inside may be markup of words, and no resource.
    return field, found or values


def _of_item(item: _Element, field: str, model: Value, known: Mapping[str, Resource]) -> Iterator[Value]:
    """Give the values of a property, or of one item of the container in it; ``model`` has their element and role."""
    address, inner = target(item), next(item.iterchildren("*"), None)
    referred = known.get(address)
    resource = referred.element if referred else inner
    if resource is None:
        text = own_text(item) or address
        yield from [model._replace(text=text, lang=language_of(item))] if text else []
        return
    identifier = address or identity(resource)
    names = _names(resource, identifier, field)
    parts = (("identifier", identifier),) if "://" in identifier else ()
    for text, lang in names[:1] if field in _PARTIES else names:
        yield model._replace(text=text, lang=lang, parts=parts)
    if not names and identifier:
        yield model._replace(text=identifier, lang=None)


def _names(resource: _Element, identifier: str, field: str) -> list[tuple[str, str | None]]:
    """Give the names of a resource; of a page none, and of rights also the address, since it decides."""
    if name_of(resource)[1] == _PAGE:
        return []
    if field != "rights":
        return labels(resource)
    # A licence of the document itself stands for the one that it inherits from.
    inherited = (target(child) for child in resource.iterchildren("*") if name_of(child)[1] == "inheritFrom")
    own = [*labels(resource), *([(identifier, None)] if "://" in identifier else [])]
    return [(address, None) for address in inherited if address] or own

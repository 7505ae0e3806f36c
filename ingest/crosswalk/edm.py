"""The Europeana Data Model, and its relatives: an object, its aggregation, and what both refer to.

The first object that an aggregation names is described, from its own properties and from those of the proxies in
which providers speak of it; Europeana's own proxies and aggregations only where there are no others. A property that
points to a resource of the document has that resource's names as its values. Who provides the data is not what the
object comes from: ``edm:dataProvider`` and its like are relations.
"""

from collections.abc import Iterable, Iterator
from types import MappingProxyType

from lxml.etree import _Element

from ingest.crosswalk.dublin_core import OwnElements, Place
from ingest.crosswalk.elements import name_of
from ingest.crosswalk.gathering import Gathering
from ingest.crosswalk.rdf import Resource, by_name, distinct, identity, resources, target
from ingest.crosswalk.rdf_values import values_of
from ingest.descriptions import Description, Value

NAMES = (("http://www.openarchives.org/ore/terms/", "Aggregation"),)
"""Namespace and name of a root that is no ``rdf:RDF``."""

LOOSE_NAMES = ("rdf", "aggregation")
"""Names of roots in any namespace that may hold the model's classes."""

_OBJECTS = frozenset({"ProvidedCHO", "SourceResource", "PhysicalThing"})
_OWN_CLASSES = frozenset({"Aggregation", *_OBJECTS})

OWN_ELEMENTS = OwnElements(
    prefix="edm",
    namespaces=("http://www.europeana.eu/schemas/edm/",),
    places=MappingProxyType(
        {
            "rights": Place("rights", None),
            "type": Place("types", None),
            "hastype": Place("types", "hasType"),
            "year": Place("dates", "year"),
            "isshownat": Place("identifiers", "isShownAt"),
            "dataprovider": Place("relations", "dataProvider"),
            "provider": Place("relations", "provider"),
            "intermediateprovider": Place("relations", "intermediateProvider"),
            "currentlocation": Place("relations", "currentLocation"),
        }
    ),
)

_OF_THE_MODEL = frozenset(
    {
        "aggregatedCHO",
        "aggregates",
        "isAggregatedBy",
        "proxyFor",
        "proxyIn",
        "lineage",
        "europeanaProxy",
        "userTag",
        "ugc",
        "pid",
        "preview",
        "completeness",
        "datasetName",
        "sameAs",
    }
)
"""Properties that hold the model together, or tell of a service, and say nothing of the object."""


def holds(root: _Element) -> bool:
    """Tell whether ``root`` holds an object or an aggregation of the model."""
    return any(map(is_of_the_model, resources(root)))


def is_of_the_model(resource: Resource) -> bool:
    """Tell whether a resource is an object or an aggregation."""
    return resource.kind in _OWN_CLASSES


def read(root: _Element) -> Description:
    """Read a record."""
    document = list(resources(root))
    known = by_name(document)
    # Proxies repeat each other, and pages their rights.
    values = dict.fromkeys(found for resource in _speaking(document) for found in _said(resource, known))
    found = Gathering()
    for field, value in values:
        found.extend(field, (value,))
    return found.description()


def _said(resource: Resource, known: dict[str, Resource]) -> Iterator[tuple[str, Value]]:
    """Give what a resource says of the object, as (field, value)."""
    for child in distinct(resource.element.iterchildren("*")):
        if name_of(child)[1] not in _OF_THE_MODEL:
            field, values = values_of(child, known, OWN_ELEMENTS)
            for value in values:
                said = _of_view(field, value) if resource.kind == "WebResource" else (field, value)
                if said:
                    yield said


def _of_view(field: str, value: Value) -> tuple[str, Value] | None:
    """Give what a picture or page says of the object: its rights, which may be other than the object's, and format."""
    if field == "rights":
        return field, value._replace(role="webResource")
    if field == "formats" or value.element == "ebucore:hasMimeType":
        return "formats", value._replace(role=None)
    return None


# --- which resources speak ------------------------------------------------------------------------


def _speaking(document: list[Resource]) -> Iterator[Resource]:
    """Give the resources that are about the described object, in document order."""
    of_kind: dict[str, list[Resource]] = {}
    for resource in document:
        of_kind.setdefault("object" if resource.kind in _OBJECTS else resource.kind, []).append(resource)
    aggregations = of_kind.get("Aggregation") or of_kind.get("EuropeanaAggregation") or []
    chosen = _described(of_kind.get("object", []), aggregations)
    own = [each for each in aggregations if _points(each, "aggregatedCHO", chosen)][:1]
    proxies = [each for each in of_kind.get("Proxy", []) if _points(each, "proxyFor", chosen)]
    shown = set(_shown(own))
    views = [view for view in of_kind.get("WebResource", []) if not own or view.about in shown]
    speaking = {id(each.element) for each in (*own, *_providers(proxies), *views)}
    for resource in document:
        is_described = resource.kind in _OBJECTS and resource.about == chosen
        if is_described or id(resource.element) in speaking:
            yield resource


def _described(objects: list[Resource], aggregations: list[Resource]) -> str:
    """Give the name of the object that the first aggregation is of, or else of the first object."""
    names = {resource.about for resource in objects}
    aggregated = (name for aggregation in aggregations for name in _targets(aggregation, "aggregatedCHO"))
    return next((name for name in aggregated if name in names), objects[0].about if objects else "")


def _points(resource: Resource, property_name: str, chosen: str) -> bool:
    targets = _targets(resource, property_name)
    return not chosen or not targets or chosen in targets


def _targets(resource: Resource, property_name: str) -> list[str]:
    """Give what the properties of one name point to, or hold."""
    properties = (child for child in resource.element.iterchildren("*") if name_of(child)[1] == property_name)
    return [target(child) or next(map(identity, child.iterchildren("*")), "") for child in properties]


def _providers(proxies: list[Resource]) -> list[Resource]:
    """Give the proxies in which providers speak, or else all."""
    return [proxy for proxy in proxies if "true" not in _texts(proxy, "europeanaProxy")] or proxies


def _texts(resource: Resource, property_name: str) -> list[str]:
    properties = (child for child in resource.element.iterchildren("*") if name_of(child)[1] == property_name)
    return [(child.text or "").strip().lower() for child in properties]


def _shown(aggregations: Iterable[Resource]) -> Iterator[str]:
    for aggregation in aggregations:
        for name in ("isShownBy", "isShownAt", "hasView", "object"):
            yield from _targets(aggregation, name)

"""Dublin Core in RDF, without a data model around it: the resource that has most of its elements is described."""

from collections.abc import Sequence

from lxml.etree import _Element

from ingest.crosswalk import dublin_core
from ingest.crosswalk.edm import is_of_the_model
from ingest.crosswalk.gathering import Gathering
from ingest.crosswalk.rdf import Resource, by_name, distinct, resources
from ingest.crosswalk.rdf_values import values_of
from ingest.descriptions import Description

LOOSE_NAMES = ("rdf",)
"""Names of roots in any namespace that may hold resources with Dublin Core."""


def holds(root: _Element) -> bool:
    """Tell whether any resource has an element of Dublin Core, and none is of the Europeana Data Model."""
    document = list(resources(root))
    return _main(document) is not None and not any(map(is_of_the_model, document))


def read(root: _Element) -> Description:
    """Read a record."""
    document = list(resources(root))
    main, known = _main(document), by_name(document)
    found = Gathering()
    for child in distinct(main.iterchildren("*")) if main is not None else ():
        found.extend(*values_of(child, known))
    return found.description()


def _main(document: Sequence[Resource]) -> _Element | None:
    """Give the resource with most elements of Dublin Core, the first of equals; None where no resource has any."""
    counts = [dublin_core.count_of_elements(resource.element) for resource in document]
    most = max(counts, default=0)
    return document[counts.index(most)].element if most else None

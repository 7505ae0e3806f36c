"""Europeana Semantic Elements, the format before the Europeana Data Model: Dublin Core and elements of Europeana."""

from types import MappingProxyType

from lxml.etree import _Element

from ingest.crosswalk import dublin_core
from ingest.crosswalk.dublin_core import OwnElements, Place
from ingest.descriptions import Description

NAMES = (
    ("http://www.europeana.eu/schemas/ese/", "record"),
    ("http://www.europeana.eu/schemas/ese", "record"),
    ("http://www.europeana.eu/schemas/ese/", "metadata"),
)
"""Namespace and name of the root element."""

OWN_ELEMENTS = OwnElements(
    prefix="europeana",
    namespaces=("http://www.europeana.eu/schemas/ese/", "http://www.europeana.eu/schemas/ese"),
    places=MappingProxyType(
        {
            "rights": Place("rights", None),
            "type": Place("types", None),
            "year": Place("dates", "year"),
            "isshownat": Place("identifiers", "isShownAt"),
            "uri": Place("identifiers", "uri"),
            # Country and language are the provider's, not the object's; and who provides is no source of it.
            "country": Place("relations", "country"),
            "language": Place("relations", "language"),
            "provider": Place("relations", "provider"),
            "dataprovider": Place("relations", "dataProvider"),
        }
    ),
)


def read(root: _Element) -> Description:
    """Read a record."""
    return dublin_core.read(root, OWN_ELEMENTS)

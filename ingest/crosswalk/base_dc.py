"""The format of the search engine BASE: Dublin Core, and what BASE says of a document in elements of its own."""

from types import MappingProxyType

from lxml.etree import _Element

from ingest.crosswalk import dublin_core
from ingest.crosswalk.dublin_core import OwnElements, Place
from ingest.crosswalk.elements import attribute, name_of
from ingest.crosswalk.gathering import Gathering
from ingest.descriptions import Description, Value

NAMES = (("http://oai.base-search.net/base_dc/", "dc"), ("https://oai.base-search.net/base_dc/", "dc"))
"""Namespace and name of the root element."""

OWN_ELEMENTS = OwnElements(
    prefix="base_dc",
    namespaces=tuple(namespace for namespace, _ in NAMES),
    places=MappingProxyType(
        {
            "global_id": Place("identifiers", "global_id"),
            "link": Place("identifiers", "link"),
            "doi": Place("identifiers", "doi"),
            "year": Place("dates", "year"),
            "lang": Place("languages", None),
            "typenorm": Place("types", "typenorm"),
            "autoclasscode": Place("subjects", "autoclasscode"),
            "classcode": Place("subjects", "classcode"),
            "rights": Place("rights", None),
            "rightsnorm": Place("rights", None),
            "oa": Place("rights", "access"),
            # Which repository BASE has a document from, and where that is: nothing that the document comes from.
            "collection": Place("relations", "collection"),
            "collname": Place("relations", "collname"),
            "continent": Place("relations", "continent"),
            "country": Place("relations", "country"),
        }
    ),
)

_ACCESS = MappingProxyType({"0": "closed", "1": "open"})
"""The code in ``base_dc:oa`` -> what it says of access. The third, 2, says that BASE does not know."""

_UNKNOWN = "unknown"
"""What BASE writes where it knows no language."""


def read(root: _Element) -> Description:
    """Read a record; the code of access stays as written, with what it means as its part ``access``."""
    around = name_of(root)[0]
    found = Gathering()
    for child in root.iterchildren("*"):
        field, values = dublin_core.values_of(child, around, OWN_ELEMENTS)
        found.extend(field, (meant for value in values if (meant := _meant(child, value))))
    return found.description()


def _meant(element: _Element, value: Value) -> Value | None:
    if value.element == "base_dc:oa":
        access = _ACCESS.get(value.text)
        return value._replace(parts=(("access", access),)) if access else None
    if value.element.startswith("base_dc:"):
        # The classification that a class is of.
        return None if value.text == _UNKNOWN else value._replace(role=attribute(element, "type") or value.role)
    return value

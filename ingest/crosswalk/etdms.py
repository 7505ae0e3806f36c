"""ETD-MS, the format for theses of the Networked Digital Library of Theses and Dissertations, 1.0 and 1.1.

Dublin Core's elements, which the format has in a namespace of its own, and the degree.
"""

from lxml.etree import _Element

from ingest.crosswalk import dublin_core
from ingest.crosswalk.degrees import DEGREE_PLACES
from ingest.crosswalk.dublin_core import Place
from ingest.crosswalk.elements import attribute, language_of, name_of, own_text
from ingest.crosswalk.gathering import Gathering
from ingest.descriptions import Description, Value

NAMES = tuple(
    (f"http://www.ndltd.org/standards/metadata/etdms/{version}", "thesis")
    for version in ("1.0/", "1.1/", "1.0", "1.1", "1-0/", "1-1/")
)
"""Namespace and name of the root element."""

LOOSE_NAMES = ("thesis",)
"""Names of roots in other namespaces, or in none, that hold such elements."""

_GIVERS = frozenset({"funder", "sponsor", "donor"})


def read(root: _Element) -> Description:
    """Read a record; the attributes ``role`` and ``scheme`` are roles, and who paid is no contributor."""
    around = name_of(root)[0]
    found = Gathering()
    for child in root.iterchildren("*"):
        local = name_of(child)[1]
        if local == "degree":
            _degree(child, found)
        elif local == "alternativeTitle":
            found.add(
                "titles", own_text(child), element="dc:alternativeTitle", role="alternative", lang=language_of(child)
            )
        else:
            field, values = dublin_core.values_of(child, around)
            for value in values:
                _add(child, field, value, found)
    return found.description()


def _add(element: _Element, field: str, value: Value, found: Gathering) -> None:
    role = attribute(element, "role") or attribute(element, "scheme") or value.role
    identifier = attribute(element, "resource")
    if field == "contributors" and role and role.lower() in _GIVERS:
        field, role = "donors", role.lower()
    parts = (("identifier", identifier),) if identifier and identifier != value.text and field != "rights" else ()
    found.add(field, value.text, element=value.element, role=role, lang=value.lang, parts=parts)


def _degree(degree: _Element, found: Gathering) -> None:
    for child in degree.iterchildren("*"):
        local = name_of(child)[1]
        place = DEGREE_PLACES.get(local.lower(), Place("relations", f"degree.{local}"))
        element = f"thesis:degree.{local}"
        # Some give the grantor's name and place in elements of their own: the name stands first.
        text = next(filter(None, map(own_text, child.iterchildren("*"))), "") or own_text(child)
        found.add(place.field, text, element=element, role=place.role, lang=language_of(child))

"""DIM, in which DSpace writes out its fields flat: ``dim:field`` with schema, element and qualifier as attributes."""

from collections.abc import Iterator

from lxml.etree import _Element

from ingest.crosswalk.dspace_fields import Field, gather
from ingest.crosswalk.elements import attribute, language_within, name_of, own_text
from ingest.crosswalk.gathering import Gathering
from ingest.descriptions import Description

NAMES = (("http://www.dspace.org/xmlns/dspace/dim", "dim"), ("http://www.dspace.org/xmlns/dspace/dim/", "dim"))
"""Namespace and name of the root element."""

LOOSE_NAMES = ("dim",)
"""Names of roots in other namespaces, or in none, that hold such fields."""


def read(root: _Element) -> Description:
    """Read a record; what is no field is left out."""
    found = Gathering()
    gather(_fields(root), "dim", found)
    return found.description()


def holds(root: _Element) -> bool:
    """Tell whether any child of ``root`` is a field."""
    return any(name_of(child)[1] == "field" and attribute(child, "element") for child in root.iterchildren("*"))


def _fields(root: _Element) -> Iterator[Field]:
    around = language_within(root, None)
    for child in root.iterchildren("*"):
        element = attribute(child, "element")
        if element and name_of(child)[1] == "field":
            # DSpace writes an asterisk where a value is of no language.
            lang = attribute(child, "lang").strip("*") or language_within(child, around)
            yield Field(
                schema=attribute(child, "mdschema") or "dc",
                element=element,
                qualifier=attribute(child, "qualifier"),
                text=own_text(child),
                lang=lang,
                authority=attribute(child, "authority"),
            )

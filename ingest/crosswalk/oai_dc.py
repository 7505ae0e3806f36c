"""Unqualified Dublin Core, ``oai_dc``: the format that every repository has to offer (protocol section 2.5)."""

from lxml.etree import _Element

from ingest.crosswalk import dublin_core
from ingest.descriptions import Description

NAMES = (("http://www.openarchives.org/OAI/2.0/oai_dc/", "dc"),)
"""Namespace and name of the root element."""

LOOSE_NAMES = ("dc", "metadata")
"""Names of roots in other namespaces, or in none, that hold Dublin Core. ``metadata`` is what is left around
elements that stand directly in the protocol's own element."""


def read(root: _Element) -> Description:
    """Read a record; its elements may be qualified terms, or stand in no namespace, as many repositories have it."""
    return dublin_core.read(root)

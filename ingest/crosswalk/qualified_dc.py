"""Qualified Dublin Core: the elements and the terms that refine them, under the roots in use for it."""

from lxml.etree import _Element

from ingest.crosswalk import dublin_core
from ingest.descriptions import Description

NAMES = (
    ("http://worldcat.org/xmlschemas/qdc-1.0/", "qualifieddc"),
    ("http://dspace.org/qualifieddc/", "qualifieddc"),
    ("http://www.bl.uk/namespaces/oai_dcq/", "qualifieddc"),
    ("http://epubs.cclrc.ac.uk/xmlns/qdc/", "qualifieddc"),
    ("http://epubs.cclrc.ac.uk/xmlns/qdc/", "qdc"),
    ("http://www.openarchives.org/OAI/2.0/oai_qdc/", "qdc"),
    ("http://www.openarchives.org/OAI/2.0/oai_dcterms/", "dcterms"),
    ("http://purl.org/dc/terms/", "dcterms"),
    ("http://dublincore.org/documents/dcmi-terms/", "metadata"),
)
"""Namespace and name of the root element."""

LOOSE_NAMES = ("qualifieddc", "oai_qdc", "qdc", "oai_dcterms", "dcterms", "oai_dcq", "dcq")
"""Names of roots in other namespaces, or in none, that hold Dublin Core."""

NSDL_NAMES = (
    ("http://ns.nsdl.org/nsdl_dc_v1.02/", "nsdl_dc"),
    ("http://ns.nsdl.org/nsdl_dc_v1.01/", "nsdl_dc"),
    ("http://ns.nsdl.org/nsdl_dc_v1.00/", "nsdl_dc"),
)
"""The roots of the National Science Digital Library's profile."""

OLAC_NAMES = (
    ("http://www.language-archives.org/OLAC/1.0/", "olac"),
    ("http://www.language-archives.org/OLAC/1.1/", "olac"),
)
"""The roots of the Open Language Archives Community's profile."""


def read(root: _Element) -> Description:
    """Read a record; a refinement goes to the field of the element that it refines, with its name as the role."""
    return dublin_core.read(root)

"""The one way that bytes become a tree: strict, without entities, without network."""

from lxml import etree
from lxml.etree import _Element as Element


def strict(text: bytes) -> Element:
    """Parse a document; raises lxml's XMLSyntaxError where it is not well-formed."""
    # A parser of its own for each call: lxml locks a shared one. The size cap is the transport's, so that no text
    # node of an honest record is too long here; libxml2 still bounds depth and the growth of entities.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, strip_cdata=False)
    return etree.fromstring(text, parser)

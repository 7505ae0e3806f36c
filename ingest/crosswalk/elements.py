"""XML as every crosswalk reads it: parsed safely, and what is asked of one element: its name, text and language."""

from lxml import etree
from lxml.etree import QName, _Element

from ingest.errors import CrosswalkError

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_LINKS = (
    "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource",
    "{http://www.w3.org/1999/xlink}href",
    "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about",
    "href",
    "resource",
)


def parse(xml: bytes) -> _Element:
    """Parse without entities, network or comments. Raises CrosswalkError where ``xml`` is not well-formed."""
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        # Inside attributes the entities of a DTD grow without bound where no limit holds; what has no DTD may be huge.
        huge_tree=b"<!DOCTYPE" not in xml,
    )
    try:
        return etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        raise CrosswalkError(f"The metadata is no well-formed XML: {error}.") from error


def name_of(element: _Element) -> tuple[str, str]:
    """Give the namespace, empty where there is none, and the local name."""
    name = QName(element)
    return name.namespace or "", name.localname


def text_of(element: _Element) -> str:
    """Give the element's text, that of markup inside it included; without any, the address it points to."""
    text = "".join(element.itertext()).strip()
    return text or next(filter(None, map(link_of, element.iter("*"))), "")


def link_of(element: _Element) -> str:
    """Give the address in the element's own attributes, such as ``rdf:resource``, or an empty text."""
    return next((link for name in _LINKS if (link := element.get(name, "").strip())), "")


def language_of(element: _Element) -> str | None:
    """Give ``xml:lang`` as written, the nearest ancestor's where the element has none; an empty one is none."""
    nearest: _Element | None = element
    while nearest is not None:
        language = nearest.get(XML_LANG)
        if language is not None:
            return language.strip() or None
        nearest = nearest.getparent()
    return None

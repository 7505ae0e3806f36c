"""XML as every crosswalk reads it: parsed safely, and what is asked of one element: its name, text and language."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice

from lxml import etree
from lxml.etree import _Element

from ingest.errors import CrosswalkError

XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

_USUAL_PREFIXES = (
    ("datacite", "datacite.org/schema/kernel"),
    ("datacite_oai", "schema.datacite.org/oai"),
    ("oaire", "namespace.openaire.eu/schema/oaire"),
    ("edm", "www.europeana.eu/schemas/edm"),
    ("europeana", "www.europeana.eu/schemas/ese"),
    ("ore", "www.openarchives.org/ore/terms"),
    ("rdf", "www.w3.org/1999/02/22-rdf-syntax-ns"),
    ("rdfs", "www.w3.org/2000/01/rdf-schema"),
    ("skos", "www.w3.org/2004/02/skos/core"),
    ("owl", "www.w3.org/2002/07/owl"),
    ("foaf", "xmlns.com/foaf"),
    ("cc", "creativecommons.org/ns"),
    ("odrl", "www.w3.org/ns/odrl"),
    ("ali", "www.niso.org/schemas/ali"),
    ("ebucore", "www.ebu.ch/metadata/ontologies/ebucore"),
    ("dpla", "dp.la/about/map"),
    ("thesis", "www.ndltd.org/standards/metadata/etdms"),
    ("uketdterms", "naca.central.cranfield.ac.uk/ethos-oai/terms"),
    ("base_dc", "oai.base-search.net/base_dc"),
    ("bibo", "purl.org/ontology/bibo"),
    ("schema", "schema.org"),
)
"""Prefixes as everybody writes them, and the beginnings of the namespaces they stand for, without the scheme."""

_LINKS = (
    "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}resource",
    "{http://www.w3.org/1999/xlink}href",
    "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about",
    "href",
    "resource",
    "uri",
)
_BLANKS = re.compile(r"[ \t\r\n]+")
_FARTHEST_ANCESTOR = 100
"""How many levels above an element its language is looked for; real records are a third as deep."""


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
    return split_tag(str(element.tag))


@lru_cache(maxsize=4096)
def split_tag(tag: str) -> tuple[str, str]:
    """Give namespace and local name of a tag as lxml writes it."""
    namespace, _, local = tag.rpartition("}")
    return namespace[1:], local


@lru_cache(maxsize=1024)
def usual_prefix(namespace: str) -> str | None:
    """Give the prefix that everybody writes for an XML namespace, whichever one the record declares; None: no usual."""
    address = namespace.partition("://")[2]
    return next((prefix for prefix, start in _USUAL_PREFIXES if address.startswith(start)), None)


def own_text(element: _Element) -> str:
    """Give the element's text, that of markup inside it included, and nothing in place of it."""
    # Almost no element has markup inside, and asking for its text alone takes a fifth of the time.
    return ("".join(element.itertext()) if len(element) else element.text or "").strip()


def attribute(element: _Element, name: str) -> str:
    """Give an attribute without blanks at its ends, empty where there is none."""
    return element.get(name, "").strip()


def local_name(element: _Element) -> str:
    """Give the name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def children_of(element: _Element) -> dict[str, list[_Element]]:
    """Give the element's children by their local names, in document order: one pass for several names."""
    found: dict[str, list[_Element]] = {}
    for child in element.iterchildren("*"):
        found.setdefault(local_name(child), []).append(child)
    return found


def words_of(element: _Element) -> str:
    """Give the element's own text, and that of markup inside it, with every run of blanks folded into one."""
    text = "".join(element.itertext()) if len(element) else element.text or ""
    return " ".join(text.split())


def text_of(element: _Element) -> str:
    """Give the element's text, that of markup inside it included; without any, the address it points to."""
    return own_text(element) or next(filter(None, map(link_of, element.iter("*"))), "")


def link_of(element: _Element) -> str:
    """Give the address in the element's own attributes, such as ``rdf:resource``, or an empty text."""
    return next((link for name in _LINKS if (link := element.get(name, "").strip())), "")


def language_within(element: _Element, around: str | None) -> str | None:
    """Give ``xml:lang`` as written, or ``around``, the language of the element around it; an empty one is none."""
    language = element.get(XML_LANG)
    return around if language is None else language.strip() or None


def language_of(element: _Element) -> str | None:
    """Give ``xml:lang`` as written, the nearest ancestor's where the element has none; an empty one is none."""
    nearest: _Element | None = element
    while nearest is not None:
        language = nearest.get(XML_LANG)
        if language is not None:
            return language.strip() or None
        nearest = nearest.getparent()
    return None


def folded(text: str) -> str:
    """Make one blank of each run of blanks that XML knows, and none of those at the ends."""
    plain = not ("\n" in text or "  " in text or "\t" in text or "\r" in text)
    return (text if plain else _BLANKS.sub(" ", text)).strip()


def outermost(element: _Element, *names: str) -> Iterator[_Element]:
    """Give the descendants of these names, without namespace, in document order, but none that stands in another.

    Whoever reads the text of each reads no text twice, however deep a record nests them.
    """
    waiting = [element.iterchildren("{*}*")]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
        elif local_name(child) in names:
            yield child
        elif len(child):
            waiting.append(child.iterchildren("{*}*"))


def attribute_near(element: _Element, *names: str) -> str | None:
    """Give the first of the attributes that the element, or else the nearest ancestor, has; an empty one is none."""
    for place in chain((element,), islice(element.iterancestors(), _FARTHEST_ANCESTOR)):
        for name in names:
            if (found := place.get(name)) is not None:
                return found.strip() or None
    return None


def prose_of(element: _Element, *, blocks: frozenset[str], left_out: frozenset[str]) -> str:
    """Give the text of mixed content: ``blocks`` stand on lines of their own, what is in ``left_out`` not at all.

    Both are names without namespace. Line breaks of the file are blanks, as they are for whoever reads it.
    """
    if not len(element):
        return folded(element.text or "")
    pieces: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        pieces.append("\f" if local_name(node) in blocks else "")
        if event == "start" and local_name(node) not in left_out:
            pieces.append(node.text or "")
            continue
        if event == "start":
            walk.skip_subtree()
        if node is not element:
            pieces.append(node.tail or "")
    lines = map(folded, "".join(pieces).split("\f"))
    return "\n".join(filter(None, lines))

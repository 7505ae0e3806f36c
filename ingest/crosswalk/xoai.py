"""xoai, in which DSpace writes out its fields as elements in elements: schema, element, qualifier, language.

Beside the fields stand the files, and what DSpace knows of the record itself: of that only the licence and who may
see the thing are read; the name and mail address of the repository, its logs and the text of the deposit licence are
not about the thing.
"""

import re
from collections.abc import Iterator

from lxml.etree import _Element

from ingest.crosswalk.dspace_fields import Field, gather
from ingest.crosswalk.elements import attribute, name_of, own_text
from ingest.crosswalk.gathering import Gathering
from ingest.descriptions import Description

NAMES = (("http://www.lyncode.com/xoai", "metadata"), ("http://www.lyncode.com/xoai/", "metadata"))
"""Namespace and name of the root element."""

_OF_DSPACE = frozenset({"bundles", "others", "repository", "license"})
_NO_LANGUAGE = frozenset({"none", "*", ""})
_LANGUAGE = re.compile(
    r"none|\*|[A-Za-z]{2}|[A-Za-z]{2,3}[_-][A-Za-z]{2,4}(?:[_-][A-Za-z]{2,4})?|"
    # Of three letters only codes that are known for a language: `uri`, `iso` and `doi` are qualifiers.
    r"ara|baq|bel|ben|bos|bul|cat|ces|chi|cze|dan|deu|dut|ell|eng|est|eus|fas|fin|fra|fre|ger|gle|glg|gre|heb|hin|hrv|"
    r"hun|hye|ice|ind|isl|ita|jpn|kor|lat|lav|lit|mac|may|mkd|msa|mul|nld|nno|nob|nor|per|pol|por|que|ron|rum|rus|slk|"
    r"slo|slv|spa|srp|sqi|swe|tam|tha|tur|ukr|und|urd|vie|zho|zxx"
)
_DEEPEST = 6
"""Schema, element, qualifier and language are four."""


def read(root: _Element) -> Description:
    """Read a record."""
    found = Gathering()
    parts = [(attribute(child, "name"), child) for child in root.iterchildren("*")]
    gather((field for name, part in parts if name not in _OF_DSPACE for field in _fields(part)), "xoai", found)
    for name, part in parts:
        if name == "bundles":
            _files(part, found)
        elif name == "others":
            _others(part, found)
    return found.description()


def _fields(schema: _Element) -> Iterator[Field]:
    """Give the fields of a schema in document order, without going deeper than names can stand in each other."""
    waiting: list[tuple[_Element, tuple[str, ...]]] = [(schema, (attribute(schema, "name"),))]
    while waiting:
        element, path = waiting.pop()
        said, inner = [], []
        for child in element.iterchildren("*"):
            if _is_field(child):
                said.append((attribute(child, "name"), own_text(child)))
            else:
                inner.append(child)
        if len(path) > 1 and said:
            yield from _values(path, said)
        if len(path) < _DEEPEST:
            waiting.extend((child, (*path, attribute(child, "name"))) for child in reversed(inner))


def _is_field(element: _Element) -> bool:
    return name_of(element)[1] == "field"


def _said(element: _Element) -> list[tuple[str, str]]:
    """Give name and text of each field that stands in the element itself."""
    return [(attribute(child, "name"), own_text(child)) for child in element.iterchildren("*") if _is_field(child)]


def _values(path: tuple[str, ...], said: list[tuple[str, str]]) -> list[Field]:
    """Give the values of one element, each with the language before it and the authority behind."""
    schema, name, *qualifiers = path
    language = qualifiers.pop() if qualifiers and _LANGUAGE.fullmatch(qualifiers[-1]) else "none"
    qualifier = ".".join(filter(None, qualifiers))
    found: list[Field] = []
    for kind, text in said:
        if kind == "xml:lang":
            language = text
        elif kind == "value":
            lang = None if language in _NO_LANGUAGE else language
            found.append(Field(schema=schema, element=name, qualifier=qualifier, text=text, lang=lang))
        elif kind == "authority" and found:
            found[-1] = found[-1]._replace(authority=text)
    return found


def _files(bundles: _Element, found: Gathering) -> None:
    """Read the files that were put in, not the texts, thumbnails and licences that DSpace makes of them."""
    originals = (bundle for bundle in bundles.iterchildren("*") if ("name", "ORIGINAL") in _said(bundle))
    files = [dict(_said(file)) for bundle in originals for file in bundle.iterfind("{*}element/{*}element")]
    for kind in dict.fromkeys(file.get("format", "") for file in files):
        found.add("formats", kind, element="xoai:bitstream.format")
    for file in files:
        found.add("relations", file.get("url", ""), element="xoai:bitstream.url", role="bitstream")


def _others(others: _Element, found: Gathering) -> None:
    """Read the identifier, the licence that was chosen, and the access status that DSpace 7 works out."""
    found.add("identifiers", dict(_said(others)).get("handle", ""), element="xoai:others.handle", role="handle")
    for part in others.iterchildren("*"):
        name, said = attribute(part, "name"), dict(_said(part))
        if name == "cc":
            found.add("rights", said.get("name", ""), element="xoai:others.cc.name", role="license")
            found.add("rights", said.get("uri", ""), element="xoai:others.cc.uri", role="license")
        elif name == "access-status":
            found.add("rights", said.get("value", ""), element="xoai:others.access-status", role="access")
            found.add("rights", said.get("embargo", ""), element="xoai:others.access-status", role="embargoEnd")

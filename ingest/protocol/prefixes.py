"""Named repairs of namespace declarations: prefixes that none declares, and URIs that are none."""

import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import quote

from lxml import etree

from ingest.protocol.markup import INSTRUCTION, OAI_TAG, REST_OF_TAG, UNPARSED, root_start
from ingest.protocol.parsing import strict
from ingest.protocol.touched import Touched
from ingest.records import Repair

UNDECLARED_PREFIX = "undeclared-prefix"
INVALID_NAMESPACE = "invalid-namespace"

_OAI = "http://www.openarchives.org/OAI/2.0/"
WELL_KNOWN: dict[bytes, str] = {
    b"oai": _OAI,
    b"oai_dc": f"{_OAI}oai_dc/",
    b"oai_qdc": "http://worldcat.org/xmlschemas/qdc-1.0/",
    b"qdc": "http://dublincore.org/schemas/xmls/qdc/2008/02/11/",
    b"oaiProvenance": f"{_OAI}provenance",
    b"provenance": f"{_OAI}provenance",
    b"rights": f"{_OAI}rights/",
    b"branding": f"{_OAI}branding/",
    b"friends": f"{_OAI}friends/",
    b"dc": "http://purl.org/dc/elements/1.1/",
    b"dcterms": "http://purl.org/dc/terms/",
    b"dct": "http://purl.org/dc/terms/",
    b"dcmitype": "http://purl.org/dc/dcmitype/",
    b"xsi": "http://www.w3.org/2001/XMLSchema-instance",
    b"xs": "http://www.w3.org/2001/XMLSchema",
    b"xsd": "http://www.w3.org/2001/XMLSchema",
    b"xlink": "http://www.w3.org/1999/xlink",
    b"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    b"rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    b"skos": "http://www.w3.org/2004/02/skos/core#",
    b"owl": "http://www.w3.org/2002/07/owl#",
    b"foaf": "http://xmlns.com/foaf/0.1/",
    b"vcard": "http://www.w3.org/2006/vcard/ns#",
    b"edm": "http://www.europeana.eu/schemas/edm/",
    b"ore": "http://www.openarchives.org/ore/terms/",
    b"mods": "http://www.loc.gov/mods/v3",
    b"marc": "http://www.loc.gov/MARC21/slim",
    b"mets": "http://www.loc.gov/METS/",
    b"premis": "http://www.loc.gov/premis/v3",
    b"dim": "http://www.dspace.org/xmlns/dspace/dim",
    b"doc": "http://www.lyncode.com/xoai",
    b"didl": "urn:mpeg:mpeg21:2002:02-DIDL-NS",
    b"etdms": "http://www.ndltd.org/standards/metadata/etdms/1.0/",
    b"uketd_dc": "http://naca.central.cranfield.ac.uk/ethos-oai/2.0/",
    b"base_dc": "http://oai.base-search.net/base_dc/",
    b"lido": "http://www.lido-schema.org",
    b"gml": "http://www.opengis.net/gml",
    b"datacite": "http://datacite.org/schema/kernel-4",
}
"""What these prefixes mean wherever they are used in answers; any other gets a name of its own that says nothing."""

_MADE_UP = "urn:undeclared-prefix:"
_MOST = 100
"""Prefixes that are declared for one page, and URIs that are mended: beyond it the page is left as it is."""

_NAME = rb"[^\s/<>=\"'!?&]"
_TAGS = re.compile(UNPARSED + rb"|" + INSTRUCTION + rb"|<(/?)(" + _NAME + rb"++)(" + REST_OF_TAG + rb")", re.DOTALL)
_ATTRIBUTE = re.compile(rb"\s([^\s/<>=\"':]++)(?::([^\s/<>=\"':]++))?\s*+=\s*+(\"[^\"]*+\"|'[^']*+')")
_DECLARATIONS = re.compile(rb"(\sxmlns(?::" + _NAME + rb"{1,100}+)?\s*+=\s*+)(?:\"([^\"<]*+)\"|'([^'<]*+)')")
_ANY_TAG = re.compile(UNPARSED + rb"|" + INSTRUCTION + rb"|<" + _NAME + rb"++" + REST_OF_TAG, re.DOTALL)


def declared(text: bytes) -> tuple[bytes, tuple[Repair, ...]]:
    """Declare on the root what is used without a declaration in scope."""
    touched = Touched(text)
    missing: dict[bytes, None] = {}
    for prefix, place in _undeclared(text):
        missing[prefix] = None
        touched.note(place)
        if len(missing) > _MOST:
            return text, ()
    start = root_start(text)
    name = None if start is None or not missing else OAI_TAG.match(text, start)
    if name is None:
        return text, ()
    declarations = b"".join(b' xmlns:%s="%s"' % (prefix, _uri(prefix).encode()) for prefix in missing)
    return text[: name.end()] + declarations + text[name.end() :], touched.repairs(UNDECLARED_PREFIX)


def with_valid_uris(text: bytes) -> tuple[bytes, tuple[Repair, ...]]:
    """Write namespaces that the parser takes for no URI in a form that it takes: percent-encoded, else made up."""
    touched = Touched(text)
    known: dict[bytes, bytes] = {}

    def mend_tag(match: re.Match[bytes]) -> bytes:
        if match[0][:2] in {b"<!", b"<?"} or b"xmlns" not in match[0]:
            return match[0]
        mended = _DECLARATIONS.sub(mend, match[0])
        if mended != match[0]:
            touched.note(match.start())
        return mended

    def mend(match: re.Match[bytes]) -> bytes:
        uri = match[2] if match[2] is not None else match[3]
        if not uri and b":" not in match[1]:
            # No namespace at all: that is what it says.
            return match[0]
        if uri not in known and len(known) < _MOST:
            known[uri] = _valid_uri(uri)
        valid = known.get(uri, uri)
        return match[0] if valid == uri else match[1] + b'"' + valid + b'"'

    return _ANY_TAG.sub(mend_tag, text), touched.repairs(INVALID_NAMESPACE)


def _undeclared(text: bytes) -> Iterator[tuple[bytes, int]]:
    """Walk the tags with what is in scope; where they do not nest, what comes of it is tried and no more."""
    in_scope: Counter[bytes] = Counter({b"xml": 1, b"xmlns": 1})
    open_tags: list[tuple[bytes, ...]] = []
    for match in _TAGS.finditer(text):
        closing, name, rest = match.groups()
        if name is None:
            continue
        if closing:
            in_scope.subtract(open_tags.pop() if open_tags else ())
            continue
        declares, uses = _prefixes(name, rest)
        in_scope.update(declares)
        yield from ((prefix, match.start()) for prefix in uses if in_scope[prefix] <= 0)
        if rest.endswith(b"/>"):
            in_scope.subtract(declares)
        else:
            open_tags.append(declares)


def _prefixes(name: bytes, rest: bytes) -> tuple[tuple[bytes, ...], list[bytes]]:
    uses = [name.partition(b":")[0]] if b":" in name else []
    if b":" not in rest:
        return (), uses
    prefixed = [(first, second) for first, second, _ in _ATTRIBUTE.findall(rest) if second]
    declares = tuple(second for first, second in prefixed if first == b"xmlns")
    return declares, uses + [first for first, _ in prefixed if first != b"xmlns"]


def _uri(prefix: bytes) -> str:
    return WELL_KNOWN.get(prefix) or _MADE_UP + quote(prefix)


def _valid_uri(uri: bytes) -> bytes:
    encoded = quote(uri.strip(), safe="/:#?&=;,+$@!*()~%-._").encode()
    for candidate in (uri, encoded, quote(uri, safe="").encode()):
        if candidate and _is_taken(candidate):
            return candidate
    return _MADE_UP.encode() + quote(uri, safe="").encode()


def _is_taken(uri: bytes) -> bool:
    try:
        strict(b'<a xmlns:x="' + uri + b'"/>')
    except etree.XMLSyntaxError:
        return False
    return True

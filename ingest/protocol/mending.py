"""Named repairs of a document that is not well-formed, each applied only as far as it is needed.

Text that a parser takes comes out as it went in. No repair removes a document type, makes an entity known or closes a
tag: what these would need stays refused.
"""

from collections.abc import Callable

from lxml import etree
from lxml.etree import _Element as Element

from ingest.protocol import characters, encodings, outside, prefixes
from ingest.protocol.parsing import strict
from ingest.protocol.touched import MOST_REPAIRS
from ingest.records import Repair

Mending = Callable[[bytes], tuple[bytes, tuple[Repair, ...]]]
"""Gives the text mended and the repairs that were needed, one for each record touched."""

_OF_TEXT: tuple[Mending, ...] = (
    encodings.valid,
    outside.bare_root,
    outside.one_declaration,
    characters.legal,
    characters.referenced,
)
_OF_NAMESPACES: tuple[Mending, ...] = (prefixes.with_valid_uris, prefixes.declared)


def read(text: bytes) -> tuple[Element, tuple[Repair, ...]]:
    """Parse text (`encodings.transcoded` first) strictly, else after the repairs that it needs.

    Raises lxml's XMLSyntaxError where these are not enough.
    """
    try:
        return strict(text), ()
    except etree.XMLSyntaxError as error:
        mended, repairs = _applied(_OF_TEXT, text)
        # The repairs of namespaces walk through all tags; a page that breaks off need not pay for it.
        if mended == text and not _is_about_namespaces(error):
            raise
    if mended != text:
        try:
            return strict(mended), repairs
        except etree.XMLSyntaxError as error:
            if not _is_about_namespaces(error):
                raise
    mended, more = _applied(_OF_NAMESPACES, mended)
    return strict(mended), distinct(repairs + more)


def distinct(repairs: tuple[Repair, ...]) -> tuple[Repair, ...]:
    """Give each repair once, in order, and no more of them than a page tells of."""
    return tuple(dict.fromkeys(repairs))[:MOST_REPAIRS]


def _applied(mendings: tuple[Mending, ...], text: bytes) -> tuple[bytes, tuple[Repair, ...]]:
    found: list[Repair] = []
    for mending in mendings:
        text, repairs = mending(text)
        found += repairs
    return text, distinct(tuple(found))


def _is_about_namespaces(error: etree.XMLSyntaxError) -> bool:
    first, last = etree.ErrorTypes.NS_ERR_XML_NAMESPACE, etree.ErrorTypes.NS_ERR_COLON
    return error.code == etree.ErrorTypes.WAR_NS_URI or first <= error.code <= last

"""Answers as XML (protocol section 3.2): text is escaped here, metadata goes in as the bytes that it is. Pure."""

import re
from collections.abc import Mapping
from html import escape

from ingest.records import MetadataFormat, OaiError, Set
from workers.demo.items import Item

_OPENING = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    b'xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">\n'
)
# What XML 1.0 can not hold, not even as a character reference.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(value: str) -> bytes:
    """Escape text for an element or an attribute; characters that XML can not hold become U+FFFD."""
    return escape(_ILLEGAL.sub("\ufffd", value)).encode()


def element(name: str, content: bytes | str = b"", attributes: Mapping[str, str] | None = None) -> bytes:
    """Write one element: text is escaped, bytes are XML already. Names are our own words, never input."""
    tag = name.encode()
    opening = tag + b"".join(b' %s="%s"' % (key.encode(), text(value)) for key, value in (attributes or {}).items())
    inside = text(content) if isinstance(content, str) else content
    return b"<%s>%s</%s>" % (opening, inside, tag) if inside else b"<%s/>" % opening


def document(*, response_date: str, base_url: str, echo: Mapping[str, str], body: bytes) -> bytes:
    """Write a whole answer; ``echo`` holds the attributes of ``request``."""
    head = element("responseDate", response_date) + element("request", base_url, echo)
    return _OPENING + head + b"\n" + body + b"\n</OAI-PMH>\n"


def error(oai_error: OaiError) -> bytes:
    """Write an ``error`` element (section 3.6)."""
    return element("error", oai_error.message, {"code": oai_error.code})


def header(item: Item, *, datestamp: str) -> bytes:
    """Write a header (section 2.5), with the datestamp in the repository's granularity."""
    inside = element("identifier", item.identifier) + element("datestamp", datestamp)
    inside += b"".join(element("setSpec", spec) for spec in item.set_specs)
    return element("header", inside, {"status": "deleted"} if item.deleted else None)


def record(item: Item, *, metadata_prefix: str, datestamp: str) -> bytes:
    """Write a record (section 2.5): a deleted one is its header alone."""
    head = header(item, datestamp=datestamp)
    metadata = None if item.deleted else item.formats[metadata_prefix]
    if metadata is None:
        return element("record", head) + b"\n"
    about = b"".join(element("about", content) for content in item.about)
    return element("record", head + element("metadata", metadata) + about) + b"\n"


def metadata_format(offered: MetadataFormat) -> bytes:
    """Write a ``metadataFormat`` (section 4.4)."""
    inside = element("metadataPrefix", offered.metadata_prefix)
    inside += element("schema", offered.schema) + element("metadataNamespace", offered.namespace)
    return element("metadataFormat", inside)


def set_(offered: Set) -> bytes:
    """Write a ``set`` (section 4.6)."""
    return element("set", element("setSpec", offered.spec) + element("setName", offered.name))

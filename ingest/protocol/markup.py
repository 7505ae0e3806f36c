"""XML as bytes, before any parser has seen it: the patterns that mending and cutting share.

Every pattern runs in time that grows with the length of the text and no faster: what repeats is possessive or ends at
the next ``<``, and what is opened and never closed takes the rest of the text once.
"""

import re
from collections import deque

PREFIX = rb"(?:[\w.-]{1,100}+:)?"
"""A prefix with its colon, or none."""

UNPARSED = rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)"
"""A comment or a CDATA section: text in which no markup is recognised."""
INSTRUCTION = rb"<\?.*?(?:\?>|\Z)"
"""A processing instruction, an XML declaration included."""

REST_OF_TAG = rb"""(?:[^<>"']|"[^"<]*+"|'[^'<]*+')*+>"""
"""What follows the name in a tag; an attribute's value may hold a ``>``."""

OAI_TAG = re.compile(rb"<" + PREFIX + rb"OAI-PMH(?=[\s/>])")
HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
"""What begins a web page."""
TITLE = re.compile(rb"<title(?:\s[^<>]*+)?>([^<]{1,500}+)", re.IGNORECASE)
"""The title of a web page, as far as one line may show it."""

_OAI_END = re.compile(rb"</" + PREFIX + rb"OAI-PMH\s*+>")
_SKIPPED_OR_ROOT = re.compile(UNPARSED + rb"|" + INSTRUCTION + rb"|(" + OAI_TAG.pattern + rb")", re.DOTALL)
_DOCTYPE = re.compile(rb"<!DOCTYPE\b", re.IGNORECASE)


def root_start(text: bytes) -> int | None:
    """Find the root's start tag: the first that no comment holds."""
    for match in _SKIPPED_OR_ROOT.finditer(text):
        if match[1]:
            return match.start()
    # A comment that is opened and never closed hides nothing.
    bare = OAI_TAG.search(text)
    return bare.start() if bare else None


def root_end(text: bytes) -> int | None:
    """Find where the last end tag of a root ends."""
    ends = deque(_OAI_END.finditer(text), maxlen=1)
    return ends[0].end() if ends else None


def brings_doctype(text: bytes) -> bool:
    """Tell whether a document type is declared before the root."""
    return _DOCTYPE.search(text, 0, root_start(text) or len(text)) is not None

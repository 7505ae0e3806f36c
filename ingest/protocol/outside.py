"""Named repairs of what stands outside of the root, or belongs there: junk around it and declarations within."""

import re

from ingest.protocol.markup import PREFIX, UNPARSED, root_end, root_start
from ingest.protocol.touched import Touched
from ingest.records import Repair

JUNK_BEFORE = "junk-before-root"
JUNK_AFTER = "junk-after-root"
DECLARATION_INSIDE = "declaration-inside"

_MISC = rb"(?:\s++|<!--(?:(?!--).)*+-->|<\?(?!xml[\s?])(?:(?!\?>).)*+\?>)*+"
_DECLARED = (
    rb"<\?xml\s+version\s*=\s*[\"']1\.\d{1,3}[\"'](?:\s+encoding\s*=\s*[\"'][A-Za-z][\w.-]{0,40}[\"'])?"
    rb"(?:\s+standalone\s*=\s*[\"'](?:yes|no)[\"'])?\s*\?>"
)
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?(?:" + _DECLARED + rb")?" + _MISC, re.DOTALL)
_AFTER = re.compile(_MISC, re.DOTALL)
_CONTENT = re.compile(rb"<" + PREFIX + rb"(?:record|header|resumptionToken|OAI-PMH)(?=[\s/>])")
_DECLARATION = re.compile(UNPARSED + rb"|(<\?xml(?=[\s?])(?:[^<>?]|\?(?!>))*+\?>)", re.DOTALL)


def bare_root(text: bytes) -> tuple[bytes, tuple[Repair, ...]]:
    """Cut off what no document may have before or after its root.

    Anything that looks like a record or a token after the root is left where it is: that is no junk.
    """
    start, end = root_start(text), root_end(text)
    repairs = []
    if end is not None and not _AFTER.fullmatch(text, end) and not _CONTENT.search(text, end):
        text = text[:end]
        repairs.append(Repair(name=JUNK_AFTER))
    if start is not None and not _BEFORE.fullmatch(text, 0, start):
        text = text[start:]
        repairs.insert(0, Repair(name=JUNK_BEFORE))
    return text, tuple(repairs)


def one_declaration(text: bytes) -> tuple[bytes, tuple[Repair, ...]]:
    """Drop XML declarations that do not begin the text."""
    if b"<?xml" not in text:
        return text, ()
    touched = Touched(text)
    first = len(b"\xef\xbb\xbf") if text.startswith(b"\xef\xbb\xbf") else 0

    def mend(match: re.Match[bytes]) -> bytes:
        if not match[1] or match.start() == first:
            return match[0]
        touched.note(match.start())
        return b""

    return _DECLARATION.sub(mend, text), touched.repairs(DECLARATION_INSIDE)

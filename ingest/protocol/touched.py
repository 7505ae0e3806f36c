"""At which records a repair was needed: found from the places in the bytes that it changed."""

import re
from collections.abc import Iterator
from html import unescape

from ingest.protocol.markup import PREFIX, REST_OF_TAG
from ingest.records import Repair

MOST_REPAIRS = 100
"""Repairs that one page tells of; where every record needs one, nobody reads more names."""

_LONGEST_IDENTIFIER = 4096
_REACH = 65536
"""Bytes after a header's start in which its identifier is looked for."""

_RECORD = rb"<" + PREFIX + rb"record\b" + REST_OF_TAG + rb"(?:\s|<\?xml[^<>]*+>)*+<" + PREFIX + rb"header\b"
_AFTER_RECORDS = rb"<" + PREFIX + rb"resumptionToken\b|</" + PREFIX + rb"(?:ListRecords|ListIdentifiers|GetRecord)\b"
_ANCHOR = re.compile(rb"(" + _RECORD + rb"|<" + PREFIX + rb"header\b)|" + _AFTER_RECORDS)
_HEADER = re.compile(rb"<" + PREFIX + rb"header\b")
_IDENTIFIER = re.compile(rb"<" + PREFIX + rb"identifier\b[^<>]*+>([^<]*+)<")
_ILLEGAL = re.compile(r"[\x00-\x1f\x7f\ufffe\uffff]")


def identifier_in(text: bytes, start: int = 0, end: int | None = None) -> str | None:
    """Read the identifier of the record that stands between two places, as far as its bytes show one."""
    end = len(text) if end is None else end
    header = _HEADER.search(text, start, min(end, start + _REACH))
    found = header and _IDENTIFIER.search(text, header.end(), min(end, header.end() + _REACH))
    if not found or len(found[1]) > _LONGEST_IDENTIFIER:
        return None
    return _ILLEGAL.sub("", unescape(found[1].decode("utf-8", "replace"))).strip() or None


class Touched:
    """Takes the places that one repair changed, in ascending order, and names the records they lie in.

    The record is that of the last header before the place: near enough to find it, and found in one pass.
    """

    def __init__(self, text: bytes) -> None:
        """Look at nothing yet: most repairs find nothing to do."""
        self._text = text
        self._anchors: Iterator[re.Match[bytes]] | None = None
        self._here: re.Match[bytes] | None = None
        self._next: re.Match[bytes] | None = None
        self._noted: dict[str | None, None] = {}
        self._noted_here = False

    def note(self, place: int) -> None:
        """Take a place in the text that the repair changed."""
        if self._anchors is None:
            self._anchors = _ANCHOR.finditer(self._text)
            self._next = next(self._anchors, None)
        while self._next is not None and self._next.start() <= place:
            self._here, self._next = self._next, next(self._anchors, None)
            self._noted_here = False
        if not self._noted_here and len(self._noted) < MOST_REPAIRS:
            self._noted[self._identifier()] = None
        self._noted_here = True

    def _identifier(self) -> str | None:
        if self._here is None or not self._here[1]:
            return None
        return identifier_in(self._text, self._here.start(), self._next.start() if self._next else None)

    def repairs(self, name: str) -> tuple[Repair, ...]:
        """Give the repair once for each record touched; none where no place was."""
        return tuple(Repair(name=name, identifier=identifier) for identifier in self._noted)

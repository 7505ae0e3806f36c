"""Where the record elements of a list stand in bytes that no parser takes: by their own start and end tags.

Tags are matched like brackets. A tag that is never closed holds nothing: what was read inside of it stands beside it.
A payload's own ``record`` or ``metadata`` elements are closed inside their record, so that they are its content.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.protocol.markup import PREFIX, REST_OF_TAG, root_start

_OAI_NAMESPACE = re.compile(rb"""["']\s*https?:/+(?:www\.)?openarchives\.org/+OAI/+2\.0/*\s*["']""", re.IGNORECASE)
_LISTS = rb"ListRecords|ListIdentifiers|GetRecord"
_LIST_START = re.compile(rb"<(" + PREFIX + rb")(" + _LISTS + rb")(?=[\s/>])" + REST_OF_TAG)
_ROOT_START = re.compile(rb"<(" + PREFIX + rb")OAI-PMH" + REST_OF_TAG)
_PIECES = re.compile(
    rb"<!--|<!\[CDATA\[|<\?|<(/?)("
    + PREFIX
    + rb")(record|metadata|about|header|resumptionToken|"
    + _LISTS
    + rb")(?=[\s/>])"
)
_REST = re.compile(REST_OF_TAG)
_HEADER_FIRST = re.compile(rb"(?:\s|<\?xml[^<>]*+>)*+<" + PREFIX + rb"header(?=[\s/>])")
_CLOSERS = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_INSIDE_RECORDS = frozenset({b"record", b"metadata", b"about", b"resumptionToken"})

MOST_ELEMENTS = 500_000
"""Elements that are looked at in one page; far beyond any honest one."""


@dataclass(slots=True)
class Found:
    """An element of interest: its name, its place, and whether a payload could not hold it."""

    name: bytes
    start: int
    parent: int
    is_record: bool
    end: int | None = None
    """Behind its end tag; None while it is not closed."""


@dataclass(frozen=True, slots=True)
class FoundList:
    """A list's tags and the record elements that stand in it."""

    root_tag: bytes
    list_tag: bytes
    name: str
    """The verb."""
    start: int
    """Where the root begins."""
    inside: int
    """Where the list's content begins."""
    closed: tuple[int, int] | None
    """Where the list's end tag begins and ends; None where it has none."""
    units: tuple[tuple[int, int | None, bool], ...]
    """Start, end and whether it has its own end tag, of each record or header element.

    The end is None where the text breaks off in it."""


def find_list(text: bytes) -> FoundList | None:
    """Find the list and its record elements; None where there is no list, or more in it than anyone sends."""
    start = root_start(text)
    root = None if start is None else _ROOT_START.match(text, start)
    listed = None if root is None else _LIST_START.search(text, root.end())
    if root is None or listed is None or listed[0].endswith(b"/>"):
        return None
    reader = _Brackets(
        text, names=_INSIDE_RECORDS if listed[2] != b"ListIdentifiers" else frozenset({b"header", b"resumptionToken"})
    )
    reader.prefixes = {root[1], listed[1]}
    reader.list_name = listed[2]
    reader.list_end = text.rfind(b"</" + listed[1] + listed[2])
    if not reader.read(listed.end()):
        return None
    return FoundList(
        root_tag=root[0],
        list_tag=listed[0],
        name=listed[2].decode(),
        start=root.start(),
        inside=listed.end(),
        closed=reader.closed,
        units=tuple(_units(reader)),
    )


@dataclass(slots=True)
class _Brackets:
    text: bytes
    names: frozenset[bytes]
    prefixes: set[bytes] = field(default_factory=set)
    list_name: bytes = b""
    list_end: int = -1
    """Where the last end tag of a list of that name begins; -1 where there is none."""
    found: list[Found] = field(default_factory=list)
    closed: tuple[int, int] | None = None
    _open: list[int] = field(default_factory=list)
    _counts: Counter[bytes] = field(default_factory=Counter)
    _closers: dict[bytes, int] = field(default_factory=dict)

    def read(self, place: int) -> bool:
        """Read up to the list's end tag; False where there is too much of it."""
        while match := _PIECES.search(self.text, place):
            closing, prefix, name = match.groups()
            if name is None:
                place = self._behind(match)
                continue
            place = match.end()
            if prefix not in self.prefixes:
                continue
            if closing and name == self.list_name and not self._counts[name]:
                behind = _REST.match(self.text, place)
                self.closed = (match.start(), behind.end() if behind else place)
                return True
            if name in self.names or name == self.list_name:
                place = self._close(name, place) if closing else self._begin(match)
            if len(self.found) > MOST_ELEMENTS:
                return False
        return True

    def _behind(self, match: re.Match[bytes]) -> int:
        """Step over a comment, a section or an instruction; one that does not end before the next begins is none.

        Where the text breaks off, what is open goes on to its end: nobody knows what is in it.
        """
        opener = match[0]
        closer = _CLOSERS[opener]
        known = self._closers.get(opener, -1)
        if known < match.end():
            known = self.text.find(closer, match.end())
            self._closers[opener] = known if known >= 0 else len(self.text)
            known = self._closers[opener]
        if known >= len(self.text) and match.end() > self.list_end:
            return known
        if known >= len(self.text) or self.text.find(opener, match.end(), known) >= 0:
            return match.end()
        return known + len(closer)

    def _begin(self, match: re.Match[bytes]) -> int:
        _, prefix, name = match.groups()
        rest = _REST.match(self.text, match.end())
        behind = rest.end() if rest else match.end()
        tag = self.text[match.start() : behind]
        is_record = not _is_foreign(tag, prefix) and (
            name != b"record" or _HEADER_FIRST.match(self.text, behind) is not None
        )
        begun = Found(name, match.start(), self._open[-1] if self._open else -1, is_record)
        self.found.append(begun)
        if tag.endswith(b"/>"):
            begun.end = behind
        else:
            self._open.append(len(self.found) - 1)
            self._counts[name] += 1
        return behind

    def _close(self, name: bytes, place: int) -> int:
        rest = _REST.match(self.text, place)
        behind = rest.end() if rest else place
        while self._counts[name]:
            inner = self.found[self._open.pop()]
            self._counts[inner.name] -= 1
            if inner.name == name:
                inner.end = behind
                break
        return behind


def _is_foreign(tag: bytes, prefix: bytes) -> bool:
    """Tell an element that declares another namespace for itself."""
    attribute = b"xmlns:" + prefix[:-1] if prefix else b"xmlns"
    declared = re.search(rb"\s" + re.escape(attribute) + rb"\s*+=\s*+(\"[^\"]*+\"|'[^']*+')", tag)
    return declared is not None and not _OAI_NAMESPACE.fullmatch(declared[1])


def _units(brackets: _Brackets) -> Iterator[tuple[int, int | None, bool]]:
    """Give the elements at the list's own level: its children, and what only unclosed tags hold."""
    unit = b"header" if brackets.list_name == b"ListIdentifiers" else b"record"
    at_level: list[bool] = []
    starts: list[Found] = []
    for element in brackets.found:
        parent = element.parent
        at_level.append(parent < 0 or (at_level[parent] and brackets.found[parent].end is None))
        if at_level[-1] and element.name in {unit, b"resumptionToken"} and (parent < 0 or element.is_record):
            starts.append(element)
    limit = brackets.closed[0] if brackets.closed else None
    for element, after in zip(starts, [*starts[1:], None], strict=False):
        if element.name == unit:
            end = element.end if element.end is not None else (after.start if after else limit)
            yield element.start, end, element.end is not None

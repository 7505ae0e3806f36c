"""A list whose document no repair makes well-formed, put together again from the records that can be read."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element

from ingest.protocol import mending
from ingest.protocol.brackets import FoundList, find_list
from ingest.protocol.markup import PREFIX, root_end
from ingest.protocol.touched import MOST_REPAIRS, identifier_in
from ingest.records import Rejection, Repair

RECORDS_CUT_OUT = "records-cut-out"

MOST_TAGS = 50_000
"""Tags of one record: lxml takes quadratic time to move elements with namespaces into another document."""

_NAME = re.compile(rb"<([^\s/>]+)")
_POSITION = re.compile(r",? line \d+, column \d+$| line \d+(?= and )")
_CONTENT = re.compile(
    rb"<"
    + PREFIX
    + rb"(?:record|header|identifier|resumptionToken|ListRecords|ListIdentifiers|GetRecord|OAI-PMH)(?=[\s/>])"
)


_MOST_FRAMED = 4_000_000
"""Bytes of tags that are read again with each record: the least that the bound on them is, whatever the length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembled:
    """A document made of a list's records; each that can not be read has an empty element in its place."""

    root: Element
    rejections: Mapping[Element, Rejection]
    """Why an element of the list is empty."""
    repairs: tuple[Repair, ...]
    intact: bool
    """The text's own end is there, so that what it says of the list's end can be trusted; otherwise it has no token."""


def assemble(text: bytes) -> Assembled | None:
    """Cut the records out one by one; None where there is no list, or not one record of it is whole or rejected.

    ``text`` is what `encodings.transcoded` gives. Linear in its length.
    """
    found = find_list(text)
    if found is None or not found.units or len(found.units) * _frame_length(found) > _MOST_FRAMED + 4 * len(text):
        return None
    frame = _intact_frame(text, found) or _bare_frame(text, found)
    if frame is None:
        return None
    root, listed, repairs, intact = frame
    after = list(listed)
    for child in after:
        listed.remove(child)
    rejections: dict[Element, Rejection] = {}
    name = _name_of_empty(listed, found.name)
    for unit in _units(text, found):
        if isinstance(unit, Rejection):
            rejections[etree.SubElement(listed, name)] = unit
        else:
            listed.append(unit[0])
            repairs += unit[1]
    if not len(listed):
        return None
    listed.extend(after)
    cut_out = [Repair(name=RECORDS_CUT_OUT, identifier=it.identifier) for it in rejections.values()][:MOST_REPAIRS]
    told = mending.distinct((*(cut_out or [Repair(name=RECORDS_CUT_OUT)]), *repairs))
    return Assembled(root=root, rejections=rejections, repairs=told, intact=intact)


_Frame = tuple[Element, Element, list[Repair], bool]
"""The root without records, the list in it, what had to be repaired for that, and whether the text's end is trusted."""


def _intact_frame(text: bytes, found: FoundList) -> _Frame | None:
    """Read the document as it is without its records, if its end is there and nothing unknown stands between them."""
    if found.closed is None or any(end is None for _, end, _ in found.units):
        return None
    ends = root_end(text)
    if ends is None or ends < found.closed[1] or _CONTENT.search(text, found.closed[1]):
        return None
    between = _between(found)
    head, tail = text[found.start : found.inside], text[found.closed[1] : ends]
    last = text[slice(*between[-1])] + text[slice(*found.closed)]
    whole = head + b"".join(text[slice(*place)] for place in between[:-1]) + last + tail
    framed = _framed(whole, found.name, intact=True)
    if framed is not None or any(_CONTENT.search(text, *place) for place in between[:-1]):
        return framed
    # What stands between records and is no record, such as a server's notice, may be as broken as it likes.
    return _framed(head + last + _end_tag(found.root_tag), found.name, intact=True)


def _bare_frame(text: bytes, found: FoundList) -> _Frame | None:
    """Read what stands before the list, or if even that can not be read only the tags; the list's end is not known."""
    ends = _end_tag(found.list_tag) + _end_tag(found.root_tag)
    head = text[found.start : found.inside]
    return _framed(head + ends, found.name, intact=False) or _framed(
        found.root_tag + found.list_tag + ends, found.name, intact=False
    )


def _frame_length(found: FoundList) -> int:
    return len(found.root_tag) + len(found.list_tag)


def _between(found: FoundList) -> list[tuple[int, int]]:
    """Give the places between records, the last of them behind the last record."""
    starts = [found.inside, *(end or 0 for _, end, _ in found.units)]
    ends = [*(start for start, _, _ in found.units), found.closed[0] if found.closed else 0]
    return list(zip(starts, ends, strict=True))


def _framed(text: bytes, verb: str, *, intact: bool) -> _Frame | None:
    read = _parsed(text)
    if isinstance(read, str):
        return None
    root, repairs = read
    listed = next((child for child in root.iterchildren("*") if etree.QName(child).localname == verb), None)
    return None if listed is None else (root, listed, list(repairs), intact)


def _units(text: bytes, found: FoundList) -> Iterator[tuple[Element, tuple[Repair, ...]] | Rejection]:
    """Read each record for itself, with the root's and the list's declarations in scope, and say what it needed.

    A record in which the text breaks off is left out: it may come whole when it is asked for again.
    """
    before, behind = found.root_tag + found.list_tag, _end_tag(found.list_tag) + _end_tag(found.root_tag)
    for start, end, is_closed in found.units:
        if end is not None:
            content = text[start:end]
            why_not = _why_not(content, is_closed=is_closed)
            read = why_not or _parsed(before + content + behind)
            yield _rejection(content, read) if isinstance(read, str) else _only(read, content)


def _why_not(content: bytes, *, is_closed: bool) -> str | None:
    if not is_closed:
        return "the element has no end tag of its own"
    return "too many elements for a page that is put together" if content.count(b"<") > MOST_TAGS else None


def _only(read: tuple[Element, tuple[Repair, ...]], content: bytes) -> tuple[Element, tuple[Repair, ...]] | Rejection:
    root, repairs = read
    lists = list(root.iterchildren("*"))
    records = list(lists[0].iterchildren("*")) if len(lists) == 1 else []
    if len(records) != 1:
        return _rejection(content, "its tags close what others opened")
    return records[0], repairs


def _rejection(content: bytes, why: str) -> Rejection:
    return Rejection(
        stage="protocol",
        reason="unparsable-record",
        message=f"the record can not be read: {why}",
        content=content,
        identifier=identifier_in(content),
    )


def _name_of_empty(listed: Element, verb: str) -> str:
    """Name the element that stands for a rejected record, in the list's own namespace."""
    namespace = etree.QName(listed).namespace
    local = "header" if verb == "ListIdentifiers" else "record"
    return f"{{{namespace}}}{local}" if namespace else local


def _parsed(text: bytes) -> tuple[Element, tuple[Repair, ...]] | str:
    """Parse strictly, else after named repairs; a text says why it can not be done."""
    try:
        return mending.read(text)
    except etree.XMLSyntaxError as error:
        return _POSITION.sub("", error.msg or "no reason given")


def _end_tag(tag: bytes) -> bytes:
    name = _NAME.match(tag)
    return b"</" + (name[1] if name else b"") + b">"

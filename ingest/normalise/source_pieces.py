"""Pieces of a source statement: which words of a text were read as what, so that what nobody read can be told."""

import re
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

from ingest.descriptions import Json
from ingest.normalise.folding import Folded
from ingest.normalise.patterns import late

ENDS = (
    " ,.;:()[]<>\"'|/\u201c\u201d\u2018\u2019\u00ab\u00bb\u3001\u3002\uff0c\uff1a\uff1b\uff08\uff09"
    "\u3008\u3009\u300a\u300b\u300c\u300d\u300e\u300f\u3010\u3011-\u2013\u2014"
)
"""What stands around a part and belongs to none."""
MARK = "mark"
"""The name of a piece that only says what its neighbour is ("Vol.", "pp."): read, and no part of the outcome."""
_RANGE = late(r"\s?([-\u2010-\u2015])\s?")
_WORD = re.compile(r"\w")
_DIGIT = re.compile(r"\d")
_START = itemgetter(1)
_OPENING = {"(": ")", "[": "]"}


class Piece(NamedTuple):
    """Characters ``start`` to ``end`` of a text, read as ``name``."""

    name: str
    start: int
    end: int


class Reading(NamedTuple):
    """What one rule makes of a text."""

    type: str
    rule: str
    """``name@number``, without the field."""
    confidence: str
    pieces: tuple[Piece, ...] = ()
    details: Mapping[str, Json] = MappingProxyType({})
    """Parts that are no piece of the text: the levels of a reference, the full name of a repository."""


def piece(name: str, text: str, start: int, end: int) -> tuple[Piece, ...]:
    """Return the piece without the punctuation at its ends, or none where nothing else is there."""
    held = text[start:end]
    if "(" not in held and "[" not in held:
        bare_held = held.strip(ENDS)
        start += held.find(bare_held)
        return (Piece(name, start, start + len(bare_held)),) if bare_held else ()
    while start < end and text[start] in ENDS and not _closes_later(text, start, end):
        start += 1
    while start < end and text[end - 1] in ENDS and not _opened_before(text, start, end):
        end -= 1
    return (Piece(name, start, end),) if start < end else ()


def _closes_later(text: str, start: int, end: int) -> bool:
    closing = _OPENING.get(text[start])
    return closing is not None and closing in text[start + 1 : end - 1]


def _opened_before(text: str, start: int, end: int) -> bool:
    return any(text[end - 1] == closing and opening in text[start : end - 1] for opening, closing in _OPENING.items())


def part_of(value: Folded, start: int, end: int | None = None) -> Folded:
    """Return the characters from ``start`` to ``end`` of a folded value."""
    return Folded(value.original, value.text[start:end], value.key[start:end], value.low[start:end])


def named(name: str, match: re.Match[str] | None, group: str | None = None) -> tuple[Piece, ...]:
    """Return the piece of a match's group, the rest of the match being its mark; none where the group did not match."""
    group = group or name
    if match is None or match[group] is None:
        return ()
    return Piece(name, *match.span(group)), Piece(MARK, *match.span())


def left_over(text: str, pieces: Iterable[Piece], start: int = 0) -> str | None:
    """Return the words that no piece holds, in order, or None."""
    gaps, position = [], start
    for _, first, last in sorted(pieces, key=_START):
        if first > position:
            gaps.append(text[position:first])
        position = max(position, last)
    gaps.append(text[position:])
    kept = [bare(gap) for gap in gaps if gap.strip(ENDS) and _WORD.search(gap)]
    return "; ".join(kept) or None


def has_digit(text: str) -> bool:
    """Tell whether any digit stands in a text."""
    return _DIGIT.search(text) is not None


def bare(text: str) -> str:
    """Return a text without the punctuation at its ends; a bracket stays where its partner stands within."""
    if "(" not in text and "[" not in text:
        return text.strip(ENDS)
    return "".join(text[first:last] for _, first, last in piece("", text, 0, len(text)))


def closed_up(numbers: str) -> str:
    """Return a range without the blanks around its dash; the kind of dash is kept."""
    return _RANGE.sub(r"\1", numbers).strip() if " " in numbers else numbers


def first_text(text: str, pieces: Sequence[Piece], name: str) -> str | None:
    """Return what the first piece of a name holds, or None."""
    return next((text[start:end] for each, start, end in pieces if each == name), None)

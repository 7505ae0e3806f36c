"""Lists of words as patterns that are cheap to miss: a text without any of their stems is not searched."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

_OPTIONAL = re.compile(r"\((?:\?:)?[^()]*\)[?*+]?|\[[^\]]*\][?*+]?|(?<!\\)\\[wdsb][*+?]?|\(\?<?[=!][^()]*\)")
_OPTIONAL_LETTER = re.compile(r"[^\W\d_]\?")
_LONGEST_HEAD = 140
_GROUP_IN_FRONT = re.compile(r"\(\?:(?P<words>[^()]*)\)")
_LITERALS = re.compile(r"[^\\?*+.()\[\]{}|^$]+")


class Stems(NamedTuple):
    """What a text must hold, in small letters, to be worth a search."""

    all: tuple[str, ...]
    plain: tuple[str, ...]
    """Those that a text in plain Latin letters can hold."""

    def stand_in(self, text: str) -> bool:
        """Tell whether any of them stands in a text, in any case."""
        lowered = text.casefold()
        asked = self.plain if lowered.isascii() else self.all
        return next(filter(lowered.__contains__, asked), None) is not None


class Words(NamedTuple):
    """A list of words: its pattern, and the stems without which no search is worth its time."""

    pattern: re.Pattern[str]
    stems: Stems

    def search(self, text: str) -> re.Match[str] | None:
        """Search a text for any of the words."""
        return self.pattern.search(text) if self.stems.stand_in(text) else None


class Heads(NamedTuple):
    """Words that name a thing at the end of its name, or at its beginning."""

    behind: re.Pattern[str]
    front: re.Pattern[str]
    stems: Stems

    def name(self, text: str) -> bool:
        """Tell whether a text ends, or begins, with one of the words."""
        if not self.stems.stand_in(text):
            return False
        return bool(self.front.match(text) or self.behind.search(text, max(0, len(text) - _LONGEST_HEAD)))


def words(patterns: Sequence[str], before: str = r"(?<!\w)", behind: str = r"(?!\w)") -> Words:
    """Make one pattern of many, each standing between ``before`` and ``behind``."""
    return Words(re.compile(rf"{before}(?:{'|'.join(patterns)}){behind}", re.IGNORECASE), stems(patterns))


def heads(behind: Sequence[str], front: Sequence[str]) -> Heads:
    """Make the patterns of words at the end, where years or brackets may follow them, and at the beginning."""
    return Heads(
        re.compile(
            rf"(?<!special )(?<!\w)(?:{'|'.join(behind)})(?!\w)"
            r"\s*(?:\([^()]{1,60}\)|,?\s\d{4}(?:\s?-\s?\d{2,4})?|\s-\s[^-]{2,40})?\s*[.,]?\s*$",
            re.IGNORECASE,
        ),
        re.compile(rf"(?:the\s)?(?:{'|'.join(front)})\s", re.IGNORECASE),
        stems([*behind, *front]),
    )


def beginnings(patterns: Iterable[str], letters: int = 1) -> re.Pattern[str]:
    """Make the pattern that finds, in small letters, where a word begins with the first letters of one of these.

    A long alternation is asked only there, and not at every character. A pattern begins with as many plain characters,
    or with a group of such.
    """
    firsts = sorted({re.escape(first) for pattern in patterns for first in first_letters(pattern, letters)})
    return re.compile(rf"(?:{'|'.join(firsts)})(?<![^\W_]{'.' * letters})")


def first_letters(pattern: str, letters: int = 1) -> Iterator[str]:
    """Give what a pattern may begin with: so many plain characters of its own, or of each word of its first group."""
    group = _GROUP_IN_FRONT.match(pattern)
    for written in group["words"].split("|") if group else [pattern]:
        yield (written + pattern[group.end() :] if group else written).replace("\\", "")[:letters]


def stems(patterns: Iterable[str]) -> Stems:
    """Return the stems of some patterns."""
    found = stems_of(patterns)
    return Stems(found, tuple(stem for stem in found if stem.isascii()))


def stems_of(patterns: Iterable[str]) -> tuple[str, ...]:
    """Return what the patterns' matches hold in any case, shortened to those that no other one contains."""
    stems = {_stem(pattern).casefold() for pattern in patterns}
    return tuple(sorted(stem for stem in stems if not any(other != stem and other in stem for other in stems)))


@cache
def _stem(pattern: str) -> str:
    """Return the longest piece of a pattern that stands in it for itself; nothing where there is none."""
    plain = _OPTIONAL_LETTER.sub("?", _without_groups(pattern)).replace("\\.", "\x00").replace("\\ ", " ")
    pieces = (piece.replace("\x00", ".") for piece in _LITERALS.findall(plain))
    return max(pieces, key=len, default="")


def _without_groups(pattern: str) -> str:
    """Replace what may differ, groups and classes, by a stop; from within outwards."""
    for _ in range(4):
        pattern = _OPTIONAL.sub("?", pattern)
    return pattern

"""Lists of words as patterns that are cheap to miss: a text without any of their stems is not searched."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

_OPTIONAL = re.compile(r"\((?:\?:)?[^()]*\)[?*+]?|\[[^\]]*\][?*+]?|(?<!\\)\\[wdsb][*+?]?|\(\?<?[=!][^()]*\)")
_OPTIONAL_LETTER = re.compile(r"[^\W\d_]\?")
_LONGEST_HEAD = 140
_BEFORE_HEAD = r"(?<!special )(?<!\w)"
_BEHIND_HEAD = r"(?!\w)\s*(?:\([^()]{1,60}\)|,?\s\d{4}(?:\s?-\s?\d{2,4})?|\s-\s[^-]{2,40})?\s*[.,]?\s*$"
_GROUP_IN_FRONT = re.compile(r"\(\?:(?P<words>[^()]*)\)")
_LITERALS = re.compile(r"[^\\?*+.()\[\]{}|^$]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_PARTED = bytes(code if chr(code).isalpha() else ord(" ") for code in range(128)) + bytes(128)
"""A blank for everything that is no letter."""
# One piece of a pattern: letters that may be one another, or what ends a word. What it does not know ends the reading.
_TOKEN = re.compile(
    r"(?:\(\?:(?P<group>[^\W\d_]*(?:\|[^\W\d_]*){0,20})\)|\[(?P<set>[^\W\d_]+)\]|(?P<letter>[^\W\d_])|"
    r"(?P<other>\\[.s]|[ ,:;'&/#\d-]|\[[^\w\]\\]+\]))(?P<optional>\?)?(?![*+{])"
)

_PLAIN_BEGINNING = re.compile(r"([^\W\d_]+)(?:\Z|[ ,:;'&/#-](?![?*+{]))")
"""What most patterns begin with: a word, and a sign that ends it."""
_VERBS = frozenset(
    ("is", "are", "was", "were", "been", "being", "have", "has", "please", "you", "gift", "donated", "bequest")
)
"""Words that stand in sentences, and in no name or title of a source."""


class Stems(NamedTuple):
    """What a text must hold, in small letters, to be worth a search."""

    words: frozenset[str]
    """First words of the patterns that begin with a whole one: a text has it among its words."""
    all: tuple[str, ...]
    """Pieces of the other patterns, anywhere in a text."""
    plain: tuple[str, ...]
    """Those that a text in plain Latin letters can hold."""

    def stand_in(self, text: str) -> bool:
        """Tell whether any of them stands in a text, in any case."""
        lowered = text.casefold()
        if not self.words.isdisjoint(words_of(lowered)):
            return True
        asked = self.plain if lowered.isascii() else self.all
        return bool(asked) and any(map(lowered.__contains__, asked))


class Guarded(NamedTuple):
    """A pattern, and the stems without which no search is worth its time."""

    pattern: re.Pattern[str]
    stems: Stems


class WordList(NamedTuple):
    """Patterns by what a text must hold for one of them: only those are asked."""

    by_word: Mapping[str, tuple[str, ...]]
    """By the first word, of those that begin with a whole one."""
    by_piece: Mapping[str, tuple[str, ...]]
    """By a piece that stands anywhere in a text, of the others."""

    def told_by(self, lowered: str) -> Iterator[tuple[str, ...]]:
        """Give the patterns that may stand in a text in small letters."""
        for word in self.by_word.keys() & words_of(lowered):
            yield self.by_word[word]
        for piece in filter(lowered.__contains__, self.by_piece):
            yield self.by_piece[piece]


class Words(NamedTuple):
    """A list of words, each of which stands between ``before`` and ``behind``."""

    listed: WordList
    before: str
    behind: str

    def search(self, text: str) -> re.Match[str] | None:
        """Find the first of the words in a text, and of those that begin there the longest."""
        told = self.listed.told_by(text.casefold())
        found = [match for words in told if (match := _joined(words, self.before, self.behind).search(text))]
        return min(found, key=_place) if len(found) > 1 else found[0] if found else None


class Heads(NamedTuple):
    """Words that name a thing at the end of its name, where years or brackets may follow, or at its beginning."""

    behind: WordList
    front: WordList

    def name(self, text: str) -> bool:
        """Tell whether a text ends, or begins, with one of the words."""
        lowered, begin = text.casefold(), max(0, len(text) - _LONGEST_HEAD)
        return any(_joined(words, r"(?:the\s)?", r"\s").match(text) for words in self.front.told_by(lowered)) or any(
            _joined(words, _BEFORE_HEAD, _BEHIND_HEAD).search(text, begin) for words in self.behind.told_by(lowered)
        )


def words(patterns: Iterable[str], before: str = r"(?<!\w)", behind: str = r"(?!\w)") -> Words:
    """Make a list of patterns, each standing between ``before`` and ``behind``."""
    return Words(_listed(patterns), before, behind)


def heads(behind: Iterable[str], front: Iterable[str]) -> Heads:
    """Make the lists of words at the end and at the beginning of names."""
    return Heads(_listed(behind), _listed(front))


def _listed(patterns: Iterable[str]) -> WordList:
    by_word: dict[str, list[str]] = {}
    by_piece: dict[str, list[str]] = {}
    for pattern in patterns:
        begun = first_words(pattern)
        for word in begun:
            by_word.setdefault(word, []).append(pattern)
        if not begun:
            by_piece.setdefault(_stem(pattern).casefold(), []).append(pattern)
    frozen = ({key: tuple(held) for key, held in by.items()} for by in (by_word, by_piece))
    return WordList(*frozen)


@cache
def _joined(patterns: tuple[str, ...], before: str, behind: str) -> re.Pattern[str]:
    return re.compile(rf"{before}(?:{'|'.join(patterns)}){behind}", re.IGNORECASE)


def _place(match: re.Match[str]) -> tuple[int, int]:
    return match.start(), -match.end()


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


@lru_cache(maxsize=64)
def words_of(lowered: str) -> frozenset[str]:
    """Return the words of a text in small letters: its runs of letters, each once."""
    if lowered.isascii():
        return frozenset(lowered.encode("ascii").translate(_PARTED).decode("ascii").split())
    return frozenset(_LETTERS.findall(lowered))


def is_sentence(lowered: str) -> bool:
    """Tell a sentence from a name or a title: it has a verb that those have not, or says what was given."""
    return not _VERBS.isdisjoint(words_of(lowered))


def stems(patterns: Iterable[str]) -> Stems:
    """Return the stems of some patterns."""
    first, pieces = set[str](), set[str]()
    for pattern in patterns:
        begun = first_words(pattern)
        first |= begun
        pieces |= set() if begun else {_stem(pattern).casefold()}
    shortest = sorted(stem for stem in pieces if not any(other != stem and other in stem for other in pieces))
    return Stems(frozenset(first), tuple(shortest), tuple(stem for stem in shortest if stem.isascii()))


@cache
def first_words(pattern: str) -> frozenset[str]:
    """Return the whole words that a pattern may begin with, in small letters; none where they cannot be told.

    ``librar(?:y|ies)`` begins with library or libraries; of a word with any letters behind it none can be told.
    """
    if plain := _PLAIN_BEGINNING.match(pattern):
        return frozenset((plain.group(1).casefold(),))
    begun, whole, position = {""}, set[str](), 0
    while begun and position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            return frozenset()
        position = token.end()
        grown = {word + more for word in begun for more in _written(token)}
        ended = token["other"] is not None
        whole |= begun if ended else set()
        begun = (set() if ended else grown) | (begun if token["optional"] else set())
    found = whole | begun
    return frozenset(word.casefold() for word in found) if "" not in found else frozenset()


def _written(token: re.Match[str]) -> Iterable[str]:
    """Give what one piece of a pattern may be: a letter, one of a class, one of a group."""
    if token["group"] is not None:
        return token["group"].split("|")
    return token["letter"] or token["set"] or ()


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

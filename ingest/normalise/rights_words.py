"""Ask cheaply whether a value has a word of a list, before a long pattern looks for it; and build such patterns."""

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache

from ingest.normalise.folding import Folded, small_letters
from ingest.normalise.rights_grouping import grouped
from ingest.normalise.vocabularies import table

_LENGTH = 5
"""Letters of a word by which it is told from others: enough to tell, few enough for every ending of it."""
_WORDS = re.compile(r"[^\W_]+|[©℗ⓒ@?]")
WIDE = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""A letter of a script that is written without blanks, or whose words are joined."""


def mentions(value: Folded, words: frozenset[str]) -> bool:
    """Whether the value has a word that begins like one of the words that ``beginnings`` was given."""
    return not _beginnings(value.low).isdisjoint(words)


def told_phrases(value: Folded, kind: str) -> list[re.Pattern[str]]:
    """Return the patterns of a kind (``limit``, ``closed``, ``open``) of which the value has a word."""
    words = _beginnings(value.low)
    if any_word(kind).isdisjoint(words):
        return []
    return [each for needed, each in phrases(kind) if not needed.isdisjoint(words)]


def beginnings(*texts: str) -> frozenset[str]:
    """Return how the first words of texts begin; of a script without blanks, the first letter."""
    return frozenset(_beginning(text) for text in texts)


def alternatives(words: Iterable[str], *, joined: bool = False) -> str:
    """Return a pattern of words in small letters, the longest first and grouped by first letter, which is faster.

    Where they may be ``joined``, blanks and hyphens inside them are free.
    """
    spelt = [re.escape(word) for word in sorted(set(map(small_letters, words)), key=lambda word: (-len(word), word))]
    return grouped(re.sub(r"\\[ -]", lambda _: r"[\s-]{0,3}", word) if joined else word for word in spelt)


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return one of the patterns of what notices say, made of the alternatives in the data file."""
    return _compiled(table("rights_patterns")["patterns"][name])


@cache
def phrases(kind: str) -> tuple[tuple[frozenset[str], re.Pattern[str]], ...]:
    """Return the patterns of a kind (``limit``, ``closed``, ``open``), each with words of which one must be there."""
    rows = table("rights_patterns")[kind]
    return tuple((beginnings(*row["words"]), _compiled(row["alternatives"])) for row in rows)


@cache
def any_word(kind: str) -> frozenset[str]:
    """Return the words of all patterns of a kind: a value without any of them has none of the phrases."""
    return frozenset[str]().union(*(words for words, _ in phrases(kind)))


def part(name: str) -> str:
    """Return a part that several patterns share."""
    return str(table("rights_patterns")["parts"][name])


def _compiled(written: list[str]) -> re.Pattern[str]:
    whole = [re.sub(r"<<(\w{1,20})>>", lambda found: part(found.group(1)), each) for each in written]
    return re.compile(grouped(whole))


@lru_cache(maxsize=64)
def _beginnings(low: str) -> AbstractSet[str]:
    found = {word[:_LENGTH] for word in _WORDS.findall(low)}
    if not low.isascii():
        found.update(WIDE.findall(low))
    return found


def _beginning(text: str) -> str:
    first = _WORDS.findall(small_letters(text))[0]
    return str(first[0] if WIDE.match(first) else first[:_LENGTH])

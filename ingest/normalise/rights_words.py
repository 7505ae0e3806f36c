"""The patterns of what notices say, each compiled when first a value has a word of it."""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache

from ingest.normalise.folding import Folded, small_letters
from ingest.normalise.rights_grouping import grouped, tree
from ingest.normalise.rights_topics import topics
from ingest.normalise.vocabularies import table

_FREE = r"[\s-]{0,3}"


def told_phrases(value: Folded, kind: str) -> Sequence[re.Pattern[str]]:
    """Return the patterns of a kind (``limit``, ``closed``, ``open``) of which the value has a word, in order."""
    return _told_phrases(topics(value), kind)


def alternatives(words: Iterable[str], *, joined: bool = False) -> str:
    """Return a pattern of words in small letters, the longest first and common beginnings written once.

    Where they may be ``joined``, blanks and hyphens inside them are free.
    """
    spelt = sorted(set(map(small_letters, words)), key=lambda word: (-len(word), word))
    free = dict.fromkeys(" -", _FREE) if joined else {}
    letters = (
        [letter if letter.isalnum() else free.get(letter) or re.escape(letter) for letter in word] for word in spelt
    )
    return tree(list(letters))


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return one of the patterns of what notices say, made of the alternatives in the data file."""
    return _compiled(table("rights_patterns")["patterns"][name])


@cache
def phrase(topic: str) -> re.Pattern[str]:
    """Return the pattern of a phrase by its topic, ``limit 03``."""
    kind, number = topic.split()
    return _compiled(table("rights_patterns")[kind][int(number)]["alternatives"])


def part(name: str) -> str:
    """Return a part that several patterns share."""
    return str(table("rights_patterns")["parts"][name])


@lru_cache(maxsize=1024)
def _told_phrases(told: AbstractSet[str], kind: str) -> Sequence[re.Pattern[str]]:
    """Return the phrases among topics, in the order of the file."""
    return [phrase(topic) for topic in sorted(told) if topic.startswith(f"{kind} ")]


def _compiled(written: Sequence[str]) -> re.Pattern[str]:
    whole = [re.sub(r"<<(\w{1,20})>>", lambda found: part(found.group(1)), each) for each in written]
    return re.compile(grouped(whole))

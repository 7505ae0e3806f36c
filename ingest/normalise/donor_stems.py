"""The words of a text, to tell at a glance which patterns can not match in it."""

import re
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"\w+")
_COMMON = frozenset({"and", "und", "et", "y", "e", "en", "och", "og", "the", "of"})


@lru_cache(maxsize=1024)
def words_in(text: str) -> frozenset[str]:
    """Return the words of a text in small letters; hyphens and apostrophes part them."""
    return frozenset(_WORD.findall(text.lower()))


def telling_words(phrases: Iterable[str]) -> frozenset[str]:
    """Return of each phrase its longest word, which a text must have for the phrase to stand in it.

    A phrase without any word, as a sign, can not be told so and raises ``ValueError``.
    """
    found = set()
    for phrase in phrases:
        words = _WORD.findall(phrase.lower())
        found.add(max([word for word in words if word not in _COMMON] or words, key=len))
    return frozenset(found)

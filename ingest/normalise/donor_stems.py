"""The words of a text, to tell at a glance which patterns can not match in it."""

import re
from collections.abc import Iterable
from functools import lru_cache
from string import ascii_letters, digits

_WORD = re.compile(r"\w+")
_COMMON = frozenset({"and", "und", "et", "y", "e", "en", "och", "og", "the", "of"})


def signs_to_blanks(kept: str) -> bytes:
    """Return the table for ``bytes.translate`` that parts words: all ASCII but letters, digits and ``kept`` is blank.

    Bytes are parted so several times faster than a text is by a pattern.
    """
    signs = bytes(set(range(128)) - {*f"{ascii_letters}{digits}{kept}".encode()})
    return bytes.maketrans(signs, b" " * len(signs))


_APART = signs_to_blanks("_")


@lru_cache(maxsize=1024)
def words_in(text: str) -> frozenset[str]:
    """Return the words of a text in small letters; hyphens and apostrophes part them."""
    lowered = text.lower()
    if lowered.isascii():
        return frozenset(lowered.encode("ascii").translate(_APART).decode("ascii").split())
    return frozenset(_WORD.findall(lowered))


def telling_words(phrases: Iterable[str]) -> frozenset[str]:
    """Return of each phrase its longest word, which a text must have for the phrase to stand in it.

    A phrase without any word, as a sign, can not be told so and raises ``ValueError``.
    """
    found = set()
    for phrase in phrases:
        words = _WORD.findall(phrase.lower())
        found.add(max([word for word in words if word not in _COMMON] or words, key=len))
    return frozenset(found)

"""The words of dates, made ready for matching: months, seasons, eras, and what stands around numbers."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from ingest.normalise.patterns import late
from ingest.normalise.vocabularies import table

_ZEROS = (0xFF10, 0x0660, 0x06F0)
"""Of full-width, Arabic and Persian digits."""
_LETTERS = str.maketrans(
    # The wave between two dates; the Turkish i without a dot, whose capital is that of i.
    {"\uff5e": "-", "\u301c": "-", "\u0131": "i"}
    | {chr(zero + digit): str(digit) for zero in _ZEROS for digit in range(10)}
)
_ACCENTS = late("[\u0300-\u036f]+")
_ROMAN = late(r"x{0,2}(?:ix|iv|v?i{0,3})")
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10}


def plain(text: str) -> str:
    """Return the form in which the words of dates are compared: no case, no accents, digits of one kind."""
    small = text.casefold()
    if not small.isascii():
        small = unicodedata.normalize("NFC", _ACCENTS.sub("", unicodedata.normalize("NFD", small.translate(_LETTERS))))
    return small


def words(name: str) -> tuple[str, ...]:
    """Return the words of one list, such as ``about``, longest first and without final stops."""
    return _prepared(table("date_words")["words"][name])


def alternatives(listed: Iterable[str]) -> str:
    """Return the words as one alternative of a pattern; a blank in a word may be missing, a stop too."""
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s?").replace(r"\.", r"\.?") for word in listed) + ")"


@cache
def months() -> Mapping[str, int]:
    """Return the number of each month's name."""
    return {plain(name): int(number) for number, names in table("months").items() for name in names}


@cache
def seasons() -> Mapping[str, int]:
    """Return the number of each season's name in EDTF."""
    named = table("date_words")["seasons"].items()
    return {plain(name): int(number) for number, names in named for name in names}


@cache
def era(name: str) -> str:
    """Return the alternative of what stands behind a year ``before`` or ``after`` the beginning of the era."""
    return alternatives(_prepared(table("date_words")["eras"][name]))


@cache
def without_date() -> frozenset[str]:
    """Return the phrases that say that there is no date, without stops and blanks."""
    return frozenset(compact(word) for word in table("date_words")["words"]["none"])


def compact(text: str) -> str:
    """Return a phrase without stops, blanks and brackets."""
    return re.sub(r"[\s.\[\](),;:]+", "", plain(text))


def roman(numeral: str) -> int | None:
    """Return the number that a Roman numeral up to XXIX, in small letters, stands for, or None."""
    if not numeral or not _ROMAN.fullmatch(numeral):
        return None
    values = [_ROMAN_DIGITS[letter] for letter in numeral]
    following = [*values[1:], 0]
    return sum(-value if value < after else value for value, after in zip(values, following, strict=True))


def _prepared(listed: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({plain(word).rstrip(".") for word in listed}, key=len, reverse=True))

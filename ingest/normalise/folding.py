"""Prepare a value for matching, once, so that every rule sees the same text and can still quote the original."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from ingest.normalise.patterns import late

LONGEST = 20_000
"""Characters of a value that rules look at; what lies behind them is kept and left unread."""

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_SINGLE_QUOTES = "\u2018\u2019\u201a\u201b\u02bc`\u00b4\u2032"
_DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f\u00ab\u00bb"
# One character for one character: a span of the key is the same span of the text.
_KEY = str.maketrans(
    {
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_SINGLE_QUOTES, "'"),
        **dict.fromkeys(_DOUBLE_QUOTES, '"'),
        "\uff1a": ":",
        "\uff0c": ",",
        "\uff1b": ";",
        "\u3002": ".",
        "\uff08": "(",
        "\uff09": ")",
    }
)
_ENTITY = late(r"&(?:#[0-9]{1,9};?|#[xX][0-9a-fA-F]{1,8};?|[^\t\n\f <&#;]{1,32};?)")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
# Most values have no character that is folded: one search then spares all that folds them.
_FOLDED = re.compile(f"[{re.escape(''.join(map(chr, _KEY)))}]")
_LINK = late(r"""<a\s[^<>]{0,500}?href\s*=\s*["']?([^"'<>\s]{1,2000})[^<>]{0,500}>""", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,1000}>")
_WRITTEN_BREAK = re.compile(r"\\[nrt](?![A-Za-z])")
_BLANKS = re.compile(r"\s+")
_OUTER_BLANKS = re.compile(r"\A | \Z")
# A character with whatever is composed with it; the parts of a Hangul syllable go together.
_COMPOSED = late(r"[^\u0300-\u036f][\u0300-\u036f]{1,20}|[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")
MASKED_ADDRESS = late(
    r"\[?\s?email[\s#_-]?(?:protected|redacted)\s?\]?|/cdn-cgi/l/email-protection#?\w{0,200}", re.IGNORECASE
)
"""What stands where a proxy has hidden an electronic address: no address at all."""

_Replacement = Callable[[re.Match[str]], str] | str
_STEPS: tuple[tuple[str, re.Pattern[str], _Replacement], ...] = (
    # Entities are resolved twice at most: what is escaped more often is meant literally.
    ("&", _ENTITY, lambda found: html.unescape(found.group())),
    ("&", _ENTITY, lambda found: html.unescape(found.group())),
    ("<", _LINK, lambda found: f" {found.group(1)} "),
    ("<", _TAG, " "),
    ("", _INVISIBLE, ""),
    ("\\", _WRITTEN_BREAK, " "),
)
"""What is replaced, in this order: a character that must be there, a pattern, and what is written instead."""

_LAST_STEPS: tuple[tuple[str, re.Pattern[str], _Replacement], ...] = (
    ("", _BLANKS, " "),
    (" ", _OUTER_BLANKS, ""),
    ("", _COMPOSED, lambda found: unicodedata.normalize("NFC", found.group())),
)
"""What ``fold`` does by quicker means: blanks are doubled no more, and letters composed."""


class Folded(NamedTuple):
    """A value made ready for matching: a tuple, since so many are made."""

    original: str
    """Letter for letter as it came."""
    text: str
    """Composed (NFC), entities resolved, markup and doubled blanks gone; dashes and quotes as written."""
    key: str
    """As long as ``text``, with one kind of dash and of quote: what patterns are matched against."""
    low: str = ""
    """``key`` in small letters, letter for letter: patterns without capitals are matched against it, much faster."""

    @property
    def too_long(self) -> bool:
        """Whether the value is longer than rules look at, so that ``text`` and ``key`` are of its beginning only."""
        return len(self.original) > LONGEST

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the original the characters of ``text`` from start to end stand."""
        if self.original.startswith(self.text):
            return start, end
        origins = _origins(self.original)
        return origins[start][0], origins[end - 1][1]


@lru_cache(maxsize=256)
def fold(original: str) -> Folded:
    """Fold a value once; of one longer than ``LONGEST`` characters, its beginning.

    The last few values are remembered: every rule of a field asks, and neighbouring records share their boilerplate.
    """
    read = original if len(original) <= LONGEST else original[:LONGEST]
    if _is_plain(read):
        text = read.strip(" ") if read.isprintable() and "  " not in read else " ".join(read.split())
        key = text.replace("`", "'")
        return Folded(original, text, key, key.lower())
    text = read
    if "&" in read or "<" in read or "\\" in read or _INVISIBLE.search(read):
        for stem, pattern, replacement in _STEPS:
            if stem in text:
                text = pattern.sub(replacement, text)
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    key = text.translate(_KEY) if _FOLDED.search(text) else text
    return Folded(original, text, key, small_letters(key))


def _is_plain(text: str) -> bool:
    """Whether nothing but blanks and one kind of quote has to be folded; an ampersand before a blank is no entity."""
    entities = "&" in text and text.count("&") > text.count("& ")
    return not entities and text.isascii() and "<" not in text and "\\" not in text


def comparable(text: str) -> str:
    """Return the form in which two whole values are compared: no case, no outer punctuation, no article in front."""
    return comparable_key(fold(text).key)


def comparable_key(key: str) -> str:
    """Return the form in which two values, or parts of them, are compared that are folded already."""
    bare = key.casefold().strip(" .,;:\"'")
    bare = bare.removeprefix("the ")
    return bare.replace(" -", "-").replace("- ", "-") if "-" in bare else bare


def small_letters(key: str) -> str:
    """Return a text in small letters, letter for letter: one that becomes two (the Turkish capital İ) stays."""
    low = key.lower()
    if len(low) == len(key):
        return low
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in key)


@lru_cache(maxsize=16)
def _origins(original: str) -> list[tuple[int, int]]:
    """Return for each character of the folded text where in the original it came from."""
    text = original[:LONGEST]
    origins = [(place, place + 1) for place in range(len(text))]
    for stem, pattern, replacement in (*_STEPS, *_LAST_STEPS):
        if stem in text:
            pieces = list(_replaced(text, origins, pattern, replacement))
            text = "".join(piece for piece, _ in pieces)
            origins = [origin for _, places in pieces for origin in places]
    composed = unicodedata.normalize("NFC", text)
    if len(composed) == len(text):
        return origins
    # A rare composition that the last step does not know: every character may then come from anywhere.
    return [(0, min(len(original), LONGEST))] * len(composed)


def _replaced(
    text: str, origins: list[tuple[int, int]], pattern: re.Pattern[str], replacement: _Replacement
) -> Iterator[tuple[str, list[tuple[int, int]]]]:
    """Yield what one step makes of a text, in pieces, each with where its characters came from."""
    done = 0
    for found in pattern.finditer(text):
        start, end = found.span()
        new = replacement if isinstance(replacement, str) else replacement(found)
        if new == found.group():
            continue
        yield text[done:start], origins[done:start]
        inside = found.span(1) if found.lastindex else (end, end)
        before = (origins[start][0], origins[inside[0] - 1][1])
        first = new.index(found.group(1)) if found.lastindex else len(new)
        yield new[:first], [before] * first
        kept = inside[1] - inside[0]
        yield new[first : first + kept], origins[slice(*inside)]
        yield new[first + kept :], [(origins[inside[1] - 1][1], origins[end - 1][1])] * (len(new) - first - kept)
        done = end
    yield text[done:], origins[done:]

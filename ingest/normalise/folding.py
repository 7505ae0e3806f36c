"""Prepare a value for matching, once, so that every rule sees the same text and can still quote the original."""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 20_000
"""Characters of a value that rules look at all; a longer one is kept and left unread."""

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
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_LINK = re.compile(r"""<a\s[^<>]{0,500}?href\s*=\s*["']?([^"'<>\s]{1,2000})[^<>]{0,500}>""", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,1000}>")
_WRITTEN_BREAK = re.compile(r"\\[nrt](?![A-Za-z])")
_BLANKS = re.compile(r"\s+")
MASKED_ADDRESS = re.compile(
    r"\[?\s?email[\s#_]?(?:protected|redacted)\s?\]?|/cdn-cgi/l/email-protection#?\w{0,200}", re.IGNORECASE
)
"""What stands where a proxy has hidden an electronic address: no address at all."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A value made ready for matching."""

    original: str
    """Letter for letter as it came."""
    text: str
    """Composed (NFC), entities resolved, markup and doubled blanks gone; dashes and quotes as written."""
    key: str
    """As long as ``text``, with one kind of dash and of quote: what patterns are matched against."""

    @property
    def too_long(self) -> bool:
        """Whether the value is longer than rules look at; ``text`` and ``key`` are then empty."""
        return len(self.original) > LONGEST


@lru_cache(maxsize=256)
def fold(original: str) -> Folded:
    """Fold a value once. Entities are resolved at most twice: what is escaped more often is meant literally.

    The last few values are remembered: every rule of a field asks, and neighbouring records share their boilerplate.
    """
    if len(original) > LONGEST:
        return Folded(original=original, text="", key="")
    text = html.unescape(html.unescape(original))
    text = _TAG.sub(" ", _LINK.sub(r" \1 ", text))
    text = _WRITTEN_BREAK.sub(" ", _INVISIBLE.sub("", text))
    text = unicodedata.normalize("NFC", _BLANKS.sub(" ", text).strip())
    return Folded(original=original, text=text, key=text.translate(_KEY))


def comparable(text: str) -> str:
    """Return the form in which two whole values are compared: no case, no outer punctuation, no article in front."""
    bare = fold(text).key.casefold().strip(" .,;:\"'")
    return re.sub(r"\s*-\s*", "-", re.sub(r"^the ", "", bare))

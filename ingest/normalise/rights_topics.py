"""What a value may speak of: one look at how its words begin tells which rules could read anything in it.

Most values have words of few topics, and a pattern that is not searched for costs nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache

from ingest.normalise.folding import Folded, small_letters
from ingest.normalise.vocabularies import rows, table

PHRASES = ("limit", "closed", "open")
"""The kinds of phrases."""
WIDE = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
"""A letter of a script that is written without blanks, or whose words are joined."""
_LENGTH = 5
"""Letters of a word by which it is told from others: enough to tell, few enough for every ending of it."""
_WORDS = re.compile(r"[^\W_]+|[©℗ⓒ?]")
_BLANKS = bytes(code if bytes([code]).isalnum() else ord(" ") for code in range(256))
_JOINERS = str.maketrans("", "", " -")
_MARKS = {
    "/": "address",
    "cc": "creative commons",
    "commons": "creative commons",
    "by-": "creative commons",
    **dict.fromkeys((";", "|", "(", ")", "[", "]", ". ", " / ", "http"), "parts"),
}
"""What tells a topic wherever it stands, be it a word or not."""
_TELLS_A_LICENCE = re.compile(r"licen|lizenz|\d|odbl|pddl|odc")
_SHORTEST_NAME = 5
_COMMON_WORDS = frozenset(
    {
        "open",
        "licence",
        "license",
        "data",
        "commons",
        "free",
        "public",
        "general",
        "new",
        "attribution",
        "version",
        "by",
        "v",
    }
)
_TERMS = {"by": "attribution", "mark": "mark", "nc": "licence term", "nd": "licence term"}


def topics(value: Folded) -> AbstractSet[str]:
    """Return the topics of which a value has a word: those of the data files, and those of the licences' names.

    A kind of phrases is one of them, and so is each of its phrases, ``limit 03``.
    """
    return _topics(value.low)


def beginnings(*texts: str) -> frozenset[str]:
    """Return how the first words of texts begin; of a script without blanks, the first letter."""
    return frozenset(map(_beginning, texts))


@lru_cache(maxsize=64)
def word_beginnings(low: str) -> AbstractSet[str]:
    """Return how the words of a folded value in small letters begin; of a script without blanks, each letter."""
    if low.isascii() and "?" not in low:
        # What the pattern finds, several times as fast.
        return {word[:_LENGTH] for word in low.encode().translate(_BLANKS).decode().split()}
    return {word[:_LENGTH] for word in _WORDS.findall(low)}.union(WIDE.findall(low))


@lru_cache(maxsize=64)
def _topics(low: str) -> AbstractSet[str]:
    led_to = _topics_by_beginning()
    marks, number = _mark_bits()
    bits = number if low[:1].isdigit() or low.rstrip(" .")[-1:].isdigit() else 0
    for mark, bit in marks:
        if mark in low:
            bits |= bit
    for beginning in led_to.keys() & word_beginnings(low):
        bits |= led_to[beginning]
    return _named(bits & bits >> len(_all_topics()))


@lru_cache(maxsize=4096)
def _named(bits: int) -> AbstractSet[str]:
    """Name the topics whose bits are set: the same few stand together in many values."""
    found = {name for place, (name, _, _) in enumerate(_all_topics()) if bits >> place & 1}
    return frozenset(found.union(kind for kind in PHRASES if any(name.startswith(f"{kind} ") for name in found)))


@cache
def _mark_bits() -> tuple[Sequence[tuple[str, int]], int]:
    """Return each mark with the bit of its topic, and the bit of a number at the beginning or the end."""
    both = 1 + (1 << len(_all_topics()))
    places = {name: both << place for place, (name, _, _) in enumerate(_all_topics())}
    return [(mark, places[topic]) for mark, topic in _MARKS.items()], places["number"]


@cache
def _topics_by_beginning() -> Mapping[str, int]:
    """Return by the beginnings of words a bit for each topic of which they are a word.

    The bits of the second lists stand above all those of the first.
    """
    found: dict[str, int] = {}
    for place, (_, words, beside) in enumerate(_all_topics()):
        for each, listed in ((place, words), (place + len(_all_topics()), beside)):
            for beginning in beginnings(*listed):
                found[beginning] = found.get(beginning, 0) | 1 << each
    return found


@cache
def _all_topics() -> Sequence[tuple[str, Iterable[str], Iterable[str]]]:
    """List every topic with two lists of words: of each a value must have one."""
    return [(name, words, beside or words) for name, words, beside in (*_listed(), *_phrases(), *_terms())]


def _listed() -> Iterator[tuple[str, Iterable[str], None]]:
    notices = table("notices")
    for name, words in (*table("rights_patterns")["topics"].items(), *notices["telling_words"].items()):
        yield name, words, None
    yield from ((name, (), None) for name in dict.fromkeys((*_MARKS.values(), "number")))
    yield "other licence", licence_names(), None
    yield "copyright words", notices["copyright_words"], None
    yield "holder", notices["holders"]["words"], None


def _phrases() -> Iterator[tuple[str, Iterable[str], Iterable[str] | None]]:
    for kind in PHRASES:
        for number, row in enumerate(table("rights_patterns")[kind]):
            yield f"{kind} {number:02}", row["words"], row.get("beside")


def _terms() -> Iterator[tuple[str, Iterable[str], None]]:
    for topic in dict.fromkeys(_TERMS.values()):
        words = [row["words"] for row in rows("creative_commons_names") if _TERMS.get(row["part"]) == topic]
        # Blanks and hyphens in names are free, so that two words may be written as one.
        yield topic, [*words, *(word.translate(_JOINERS) for word in words)], None


@cache
def licence_names() -> Mapping[str, list[str]]:
    """List the names of other houses' licences that stand in texts, by how the word begins that tells each."""
    found: dict[str, list[str]] = {}
    for row in table("other_licences")["licence"]:
        for name in (written.removeprefix("The ") for written in row["names"]):
            if len(name) >= _SHORTEST_NAME and _TELLS_A_LICENCE.search(name.lower()):
                found.setdefault(_telling(name), []).append(name)
    return found


def _telling(name: str) -> str:
    """Return how the first word of a name begins that is not found in many others, or else the word data."""
    words = (word for word in re.findall(r"[^\W_]+", name.lower()) if word not in _COMMON_WORDS)
    (beginning,) = beginnings(next(words, "data"))
    return beginning


def _beginning(text: str) -> str:
    first = str(_WORDS.findall(small_letters(text))[0])
    return first[0] if WIDE.match(first) else first[:_LENGTH]

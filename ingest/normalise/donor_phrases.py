"""The words of credit lines, made ready for search.

A phrase is looked for only where its first word stands, so that most prose costs no more than reading its words.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

from ingest.normalise.donor_rows import (
    UNSPACED,
    alternatives_of,
    first_word,
    last_source,
    obligatory,
    source_of,
    tokens_of,
)
from ingest.normalise.donor_stems import signs_to_blanks, telling_words, words_in
from ingest.normalise.vocabularies import table

_WORD = re.compile(r"\w[\w-]*")
_APART = bytes.maketrans(ascii_uppercase.encode(), ascii_lowercase.encode()).translate(signs_to_blanks("_-"))
"""Words in small letters, but for letters that are no ASCII: all other signs but hyphens part them."""
_HYPHEN = ord("-")
_LONGEST_PREFIX = 60
_MOST_UNSPACED = 10
_WORDS_OF_PROSE = 30
"""Different words from which it is worth while to look for all the words of a phrase before it is searched for."""
MOST_PHRASES = 100
"""Phrases of a text that are looked at."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One row: the words before and behind the names, and whether it says outright that somebody gave."""

    before: str
    behind: str
    outright: bool
    capitals: bool
    """Whether names in its language begin their words with capitals, so that a small word ends them."""
    declared: bool = False
    """Whether it counts only at the beginning of a value that is known to name givers."""
    gift: bool = True
    """False where the row tells that what follows gave nothing: who sold or lent."""


class Found(NamedTuple):
    """The words of a phrase in a text: those before the names or, where it has none, those behind them."""

    phrase: Phrase
    start: int
    end: int


@cache
def phrases() -> tuple[Phrase, ...]:
    """Return every row of the table of credit lines."""
    words = table("credit_lines")
    return (
        *(_phrase(row, lang, declared=True) for lang, rows in words["declared"].items() for row in rows),
        *(_phrase(row, lang) for lang, rows in words["opening"].items() for row in rows),
        *(_phrase(row, lang, outright=True) for lang, rows in words["outright"].items() for row in rows),
        *(_phrase(row, "en", gift=False) for row in words["no_gift"]["rows"]),
    )


def find_phrases(lowered: str, taken: Callable[[], int]) -> Iterator[Found]:
    """Find phrases in a text in small letters, by place; at one place the one with more words first.

    ``taken`` is asked before each place up to where the text is taken already, so that it is passed over.
    """
    unspaced = not lowered.isascii() and UNSPACED.search(lowered) is not None
    if unspaced:
        yield from sorted(_found_unspaced(lowered), key=lambda found: found.start)
    rows = _rows_for(lowered, words_in(lowered), all_that_begin=unspaced)
    for place, first in sorted(_places(lowered, rows)):
        for row in rows[first] if place >= taken() else ():
            if place and row.phrase.declared:
                continue
            match = row.pattern.match(lowered, place)
            if match:
                yield Found(row.phrase, _start(row, lowered, place), match.end())


def _rows_for(lowered: str, words: frozenset[str], *, all_that_begin: bool) -> Mapping[str, list["_Row"]]:
    """Return the phrases, by first word, of which a text with these words may have one.

    In prose, those without the words behind the names stand nowhere: they are left out too, unless they count, in a
    text that may have more beginnings of phrases than are looked at.
    """
    by_word = _by_first_word()
    begun = by_word.keys() & words
    told = {
        word: rows for word in begun if (rows := [row for row in by_word[word] if not row.needed[0].isdisjoint(words)])
    }
    if len(words) <= _WORDS_OF_PROSE:
        return told
    told = {word: [row for row in rows if row.may_stand_in(words)] for word, rows in told.items()}
    whole = {word: [row for row in rows if row.may_end_in(words)] for word, rows in told.items()}
    if whole != told and not all_that_begin and _most_beginnings(lowered, told) <= MOST_PHRASES:
        told = whole
    return {word: rows for word, rows in told.items() if rows}


def _most_beginnings(lowered: str, told: Mapping[str, list["_Row"]]) -> int:
    """Return how many beginnings of these phrases a text has at most, by what may follow their first words."""
    return sum(len(rows) * lowered.count(word + behind) for word, rows in told.items() if rows for behind in " -:'")


def _places(lowered: str, words: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Return where these words begin a word of the text, compounds with hyphens taken as one."""
    for word in words:
        place = lowered.find(word)
        while place >= 0:
            before = lowered[place - 1] if place else " "
            if not (before.isalnum() or before in "-_"):
                yield place, word
            place = lowered.find(word, place + 1)


def may_credit(text: str) -> bool:
    """Tell at a glance whether a text may hold a credit line: whether it has a telling word of any phrase."""
    plain = text.isascii()
    lowered = text if plain else text.lower()
    parted = lowered.encode("utf-8", "surrogatepass").translate(_APART)
    words = parted.split()
    if not _triggers_in_bytes().isdisjoint(words):
        return True
    if plain and b" -" not in parted and parted[:1] != b"-":
        return False
    # Hyphens in front of a word, and signs beside it that are no ASCII, are still part of it.
    unparted = b" ".join(word for word in words if word[0] == _HYPHEN or not word.isascii())
    if not _triggers().isdisjoint(_WORD.findall(unparted.decode("utf-8", "surrogatepass"))):
        return True
    return not plain and bool(UNSPACED.search(lowered)) and any(stem in lowered for stem in _unspaced_triggers())


@cache
def behind(words: str) -> re.Pattern[str]:
    """Return the pattern of words behind the names, of a phrase that has words before them too."""
    return re.compile(("" if UNSPACED.search(words) else r"(?:^|\s)") + last_source(words))


def example(phrase: Phrase, names: str) -> str:
    """Return a statement of this phrase: the first of all its alternatives, around ``names``."""
    before, after = (" ".join(filter(None, map(_plain, tokens_of(side)))) for side in (phrase.before, phrase.behind))
    return f"{before}{_gap(before)}{names}{_gap(after)}{after}".strip()


def _gap(words: str) -> str:
    return "" if not words or words.endswith("'") or (UNSPACED.search(words) and ":" not in words) else " "


def _plain(token: str) -> str:
    return "" if token.startswith("[") else alternatives_of(token)[0].replace("~", "the example work")


def _phrase(row: str, lang: str, *, outright: bool = False, declared: bool = False, gift: bool = True) -> Phrase:
    before, _, after = row.partition("...")
    capitals = lang == "en"
    return Phrase(before.strip(), after.strip(), outright=outright, capitals=capitals, declared=declared, gift=gift)


def _words(phrase: Phrase) -> str:
    return phrase.before or phrase.behind


class _Row:
    """A phrase as it is looked for: its words and patterns are made when a text may have it for the first time."""

    def __init__(self, phrase: Phrase) -> None:
        self.phrase = phrase

    @cached_property
    def needed(self) -> tuple[frozenset[str], ...]:
        """Words of which a text must have one, of each token that must be there; the last token's first."""
        return _needed(self.phrase)

    @cached_property
    def _needed_behind(self) -> frozenset[str]:
        return _needed_behind(self.phrase)

    def may_stand_in(self, words: frozenset[str]) -> bool:
        """Tell whether a text with these words may have the phrase: it needs one of each list of them."""
        return not any(map(words.isdisjoint, self.needed))

    def may_end_in(self, words: frozenset[str]) -> bool:
        """Tell whether it may have the words behind the names too."""
        return not self._needed_behind or not words.isdisjoint(self._needed_behind)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return _pattern(self.phrase)

    @cached_property
    def words_before(self) -> frozenset[str]:
        """Return the last words of what need not be there."""
        optional = [token for token in tokens_of(_words(self.phrase)) if token.startswith("[")]
        return frozenset(word.rsplit(" ", 1)[-1] for token in optional for word in alternatives_of(token))

    @cached_property
    def prefix(self) -> re.Pattern[str] | None:
        return _prefix(self.phrase)


@cache
def _by_first_word() -> Mapping[str, tuple[_Row, ...]]:
    """Return the phrases by the first word that must be there, up to a hyphen in it; those with more words first."""
    found: dict[str, list[_Row]] = {}
    spaced = (phrase for phrase in phrases() if not UNSPACED.search(_words(phrase)))
    for phrase in sorted(spaced, key=lambda phrase: -len(tokens_of(phrase.before))):
        row = _Row(phrase)
        for first in dict.fromkeys(first_word(word) for word in alternatives_of(obligatory(_words(phrase))[0])):
            found.setdefault(first.split("-", 1)[0], []).append(row)
    return {word: tuple(dict.fromkeys(rows)) for word, rows in found.items()}


def _needed(phrase: Phrase) -> tuple[frozenset[str], ...]:
    """Return words of which a text must have one for the phrase to stand in it: of each token that must be there."""
    needed = [part for part in obligatory(_words(phrase)) if part[0] not in "[~"]
    return tuple(telling_words(alternatives_of(part)) for part in reversed(needed))


def _needed_behind(phrase: Phrase) -> frozenset[str]:
    """Return words of which a text must have one for the words behind the names to stand in it."""
    if not phrase.before or not phrase.behind or UNSPACED.search(phrase.behind):
        return frozenset()
    return telling_words(alternatives_of(tokens_of(phrase.behind)[-1]))


def _pattern(phrase: Phrase) -> re.Pattern[str]:
    if not phrase.before:
        return re.compile(last_source(" ".join(obligatory(phrase.behind))))
    return re.compile("".join(map(source_of, obligatory(phrase.before))) + r"(?=\S)(?![$€£]|\d{1,3}(?:,\d{3})+)")


def _start(row: _Row, lowered: str, start: int) -> int:
    """Return where the phrase begins with the words that need not be there: "was generously" before "funded by"."""
    if not start or row.prefix is None or lowered[:start].rstrip().rsplit(" ", 1)[-1] not in row.words_before:
        return start
    match = row.prefix.search(lowered, max(0, start - _LONGEST_PREFIX), start)
    return match.start() if match else start


def _prefix(phrase: Phrase) -> re.Pattern[str] | None:
    tokens = tokens_of(_words(phrase))
    optional = tokens[: len(tokens) - len(obligatory(_words(phrase)))]
    return re.compile(rf"(?<!\w){''.join(map(source_of, optional))}$") if optional else None


@cache
def _unspaced_phrases() -> tuple[tuple[re.Pattern[str], Phrase], ...]:
    rows = [phrase for phrase in phrases() if UNSPACED.search(_words(phrase))]
    return tuple((_pattern(phrase), phrase) for phrase in sorted(rows, key=lambda row: -len(row.before + row.behind)))


def _found_unspaced(lowered: str) -> Iterator[Found]:
    for pattern, phrase in _unspaced_phrases():
        for match in islice(pattern.finditer(lowered), _MOST_UNSPACED):
            yield Found(phrase, *match.span())


@cache
def _triggers() -> frozenset[str]:
    """Return one telling word of each phrase: of the first token that is no common word."""
    common = frozenset(table("credit_lines")["common"]["words"])
    found: set[str] = set()
    for phrase in phrases():
        tokens = [token for token in tokens_of(f"{phrase.before} {phrase.behind}") if token[0] != "["]
        telling = [
            alternatives_of(token)
            for token in tokens
            if not common & {first_word(word) for word in alternatives_of(token)}
        ]
        if phrase.gift and not phrase.declared and telling:
            found.update(first_word(word) for word in telling[0])
    return frozenset(found)


@cache
def _triggers_in_bytes() -> frozenset[bytes]:
    return frozenset(map(str.encode, _triggers()))


@cache
def _unspaced_triggers() -> tuple[str, ...]:
    words = (_words(phrase) for _, phrase in _unspaced_phrases())
    return tuple(dict.fromkeys(word.rstrip(":") for row in words for word in alternatives_of(obligatory(row)[0])))

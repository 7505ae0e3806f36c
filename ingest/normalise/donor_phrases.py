"""The words of credit lines, made ready for search.

A phrase is looked for only where its first word stands, so that most prose costs no more than reading its words.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from typing import NamedTuple

from ingest.normalise.donor_stems import signs_to_blanks, telling_words, words_in
from ingest.normalise.vocabularies import table

_TOKEN = re.compile(r"\[[^\[\]]*\]|\([^()]*\)|\S+")
_WORD = re.compile(r"\w[\w-]*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7af]")
_SOME_WORDS = r"(?:[^;.]|(?<=\W\w)\.|\.(?=\S)){1,80}?\s"
"""What a ``~`` in a row stands for: words within the sentence."""
_APART = signs_to_blanks("_-")
_HYPHEN = ord("-")
_LONGEST_PREFIX = 60
_MOST_UNSPACED = 10


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
    if not lowered.isascii() and _UNSPACED.search(lowered):
        yield from sorted(_found_unspaced(lowered), key=lambda found: found.start)
    rows = _rows_for(words_in(lowered))
    for place, first in sorted(_places(lowered, rows)):
        for row in rows[first] if place >= taken() else ():
            if place and row.phrase.declared:
                continue
            match = row.pattern.match(lowered, place)
            if match:
                yield Found(row.phrase, _start(row, lowered, place), match.end())


def _rows_for(words: frozenset[str]) -> Mapping[str, list["_Row"]]:
    """Return the phrases by first word of which a text with these words may have one."""
    by_word = _by_first_word()
    begun = by_word.keys() & words
    told = {word: [row for row in by_word[word] if not row.needed.isdisjoint(words)] for word in begun}
    return {word: rows for word, rows in told.items() if rows}


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
    lowered = text.lower()
    parted = lowered.encode("utf-8", "surrogatepass").translate(_APART)
    words = parted.split()
    if not _triggers_in_bytes().isdisjoint(words):
        return True
    if text.isascii() and b" -" not in parted and parted[:1] != b"-":
        return False
    # Hyphens in front of a word, and signs beside it that are no ASCII, are still part of it.
    unparted = b" ".join(word for word in words if word[0] == _HYPHEN or not word.isascii())
    if not _triggers().isdisjoint(_WORD.findall(unparted.decode("utf-8", "surrogatepass"))):
        return True
    return (
        not text.isascii() and bool(_UNSPACED.search(lowered)) and any(stem in lowered for stem in _unspaced_triggers())
    )


@cache
def behind(words: str) -> re.Pattern[str]:
    """Return the pattern of words behind the names, of a phrase that has words before them too."""
    return re.compile(("" if _UNSPACED.search(words) else r"(?:^|\s)") + _last_source(words))


def alternation(words: Iterable[str]) -> str:
    """Return a pattern's source that matches any of the words, the longest first."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=len, reverse=True))


def example(phrase: Phrase, names: str) -> str:
    """Return a statement of this phrase: the first of all its alternatives, around ``names``."""
    before, after = (" ".join(filter(None, map(_plain, _tokens(side)))) for side in (phrase.before, phrase.behind))
    return f"{before}{_gap(before)}{names}{_gap(after)}{after}".strip()


def _gap(words: str) -> str:
    return "" if not words or words.endswith("'") or (_UNSPACED.search(words) and ":" not in words) else " "


def _plain(token: str) -> str:
    return "" if token.startswith("[") else _alternatives(token)[0].replace("~", "the example work")


def _phrase(row: str, lang: str, *, outright: bool = False, declared: bool = False, gift: bool = True) -> Phrase:
    before, _, after = row.partition("...")
    capitals = lang == "en"
    return Phrase(before.strip(), after.strip(), outright=outright, capitals=capitals, declared=declared, gift=gift)


def _words(phrase: Phrase) -> str:
    return phrase.before or phrase.behind


class _Row:
    """A phrase as it is looked for: its patterns are made when a text may have it for the first time."""

    def __init__(self, phrase: Phrase) -> None:
        self.phrase = phrase
        self.needed = _needed(phrase)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        return _pattern(self.phrase)

    @cached_property
    def words_before(self) -> frozenset[str]:
        """Return the last words of what need not be there."""
        optional = [token for token in _tokens(_words(self.phrase)) if token.startswith("[")]
        return frozenset(word.rsplit(" ", 1)[-1] for token in optional for word in _alternatives(token))

    @cached_property
    def prefix(self) -> re.Pattern[str] | None:
        return _prefix(self.phrase)


@cache
def _by_first_word() -> Mapping[str, tuple[_Row, ...]]:
    """Return the phrases by the first word that must be there, up to a hyphen in it; those with more words first."""
    found: dict[str, list[_Row]] = {}
    spaced = (phrase for phrase in phrases() if not _UNSPACED.search(_words(phrase)))
    for phrase in sorted(spaced, key=lambda phrase: -len(_tokens(phrase.before))):
        row = _Row(phrase)
        for first in dict.fromkeys(_first_word(word) for word in _alternatives(_obligatory(_words(phrase))[0])):
            found.setdefault(first.split("-", 1)[0], []).append(row)
    return {word: tuple(dict.fromkeys(rows)) for word, rows in found.items()}


def _needed(phrase: Phrase) -> frozenset[str]:
    """Return words of which a text must have one for the phrase to stand in it: of its last word that must be there."""
    needed = [part for part in _obligatory(_words(phrase)) if part[0] not in "[~"]
    return telling_words(_alternatives(needed[-1]))


def _first_word(words: str) -> str:
    match = _WORD.match(words)
    return match.group() if match else words


def _obligatory(words: str) -> list[str]:
    """Return the tokens of a row from the first that must be there."""
    tokens = _tokens(words)
    first = next(place for place, token in enumerate(tokens) if not token.startswith("["))
    return tokens[first:]


def _pattern(phrase: Phrase) -> re.Pattern[str]:
    if not phrase.before:
        return re.compile(_last_source(" ".join(_obligatory(phrase.behind))))
    return re.compile("".join(map(_source_of, _obligatory(phrase.before))) + r"(?=\S)(?![$€£]|\d{1,3}(?:,\d{3})+)")


def _start(row: _Row, lowered: str, start: int) -> int:
    """Return where the phrase begins with the words that need not be there: "was generously" before "funded by"."""
    if not start or row.prefix is None or lowered[:start].rstrip().rsplit(" ", 1)[-1] not in row.words_before:
        return start
    match = row.prefix.search(lowered, max(0, start - _LONGEST_PREFIX), start)
    return match.start() if match else start


def _prefix(phrase: Phrase) -> re.Pattern[str] | None:
    tokens = _tokens(_words(phrase))
    optional = tokens[: len(tokens) - len(_obligatory(_words(phrase)))]
    return re.compile(rf"(?<!\w){''.join(map(_source_of, optional))}$") if optional else None


@cache
def _unspaced_phrases() -> tuple[tuple[re.Pattern[str], Phrase], ...]:
    rows = [phrase for phrase in phrases() if _UNSPACED.search(_words(phrase))]
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
        tokens = [token for token in _tokens(f"{phrase.before} {phrase.behind}") if token[0] != "["]
        telling = [
            _alternatives(token)
            for token in tokens
            if not common & {_first_word(word) for word in _alternatives(token)}
        ]
        if phrase.gift and not phrase.declared and telling:
            found.update(_first_word(word) for word in telling[0])
    return frozenset(found)


@cache
def _triggers_in_bytes() -> frozenset[bytes]:
    return frozenset(map(str.encode, _triggers()))


@cache
def _unspaced_triggers() -> tuple[str, ...]:
    words = (_words(phrase) for _, phrase in _unspaced_phrases())
    return tuple(dict.fromkeys(word.rstrip(":") for row in words for word in _alternatives(_obligatory(row)[0])))


def _last_source(template: str) -> str:
    """Return the pattern of words that nothing need follow, as those behind the names."""
    *tokens, last = _tokens(template)
    ending = "" if _UNSPACED.search(template) else r"(?!\w)"
    return "".join(map(_source_of, tokens)) + f"(?:{alternation(_alternatives(last))}){ending}"


def _source_of(token: str) -> str:
    words = "|".join(_spaced(word) for word in sorted(_alternatives(token), key=len, reverse=True))
    return f"(?:{words}){'?' if token.startswith('[') else ''}"


def _spaced(word: str) -> str:
    """Write a word with the blank behind it; none must follow an elision, a colon or a script without blanks."""
    if word == "~":
        return _SOME_WORDS
    source = re.escape(word).replace(r"\ ", r"\s")
    if word.endswith("'"):
        return source
    if word.endswith(":"):
        return f"{source.removesuffix(':')}\\s?:\\s?"
    return source + (r"\s?" if _UNSPACED.search(word) else r"\s")


def _tokens(template: str) -> list[str]:
    return _TOKEN.findall(template)


def _alternatives(token: str) -> list[str]:
    grouped = token[0] in "[(" and token[-1] in ")]"
    return token[1:-1].split("|") if grouped else [token]

"""Repositories: the archive or library that a reference names, found first because it picks the grammar of the rest."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from ingest.normalise.archive_tables import NO_FORMS, WORD, Begun, Repository, bundled_repositories, forms_by_words
from ingest.normalise.folding import Folded
from ingest.normalise.patterns import late
from ingest.normalise.source_pieces import has_digit
from ingest.normalise.source_words import Heads, Words, heads, words, words_of
from ingest.normalise.vocabularies import table
from ingest.operator_tables import NO_TABLES, OperatorTables

# A form ends where punctuation, a number, a bracket or a level's mark follows; before another word the name goes on.
_FORM_ENDS = re.compile(
    r"\s*$|\s[/|]\s|\s?[,.;:()\[\]\"|\uff0c\uff1a\u3001\u3002]|\s?[-\u2013\u2014]\s|\s\d|\s?(?:档号|檔號|藏)|\s[^\W\d_]{1,6}\.\s?[^\W_]|"
    r"\s(?:fond|opis|box|folder|file|collection|rg|фонд|zespół|dosar|karton|series)\b|"
    r"\s[A-Z]{1,4}[\s-]?\d|\s[IVXLC]{1,6}-[A-Z\d]|\s(?-i:[\u3040-\u9fff])",
    re.IGNORECASE,
)
_PLAIN_ENDS = frozenset(["", *',.;:()[]"|'])
_BRACKET = late(r"\s(?:\([^()]{1,60}\)|\[[^\[\]]{1,60}\])")
_NEXT_PART = re.compile(
    r"(?:,|\s[-/:])\s?(?P<part>[^,;\"()\d]{2,60}?)(?=[\s,;.]|$)(?=\s*(?:[,;]|(?<!\b\w)\.\s|\.?$|\s\())"
)
_OPENED = frozenset({" (", " ["})
_PARTED = frozenset(", ")
_YEAR_BEHIND = re.compile(r"\s(?:1[5-9]|20)\d\d\b")
_SHORT = 3
"""Letters up to which a short form stands for a repository only where a reference follows."""
_BEFORE = late(r"(?:^|[.,;:(\[\"'/|\u3002\uff0c]\s?|[-]\s|\b(?:the|in|at|from|by|im|in der)\s)$", re.IGNORECASE)


class Found(NamedTuple):
    """A repository in a text: where its name stands, and the row that knows it."""

    start: int
    end: int
    row: Repository


def find_repository(value: Folded, own: OperatorTables = NO_TABLES) -> Found | None:
    """Find the first repository that the tables know, or None."""
    return next(_known(value, own), None)


def _known(value: Folded, own: OperatorTables) -> Iterator[Found]:
    index = forms_by_words(own)
    for start, end in _first_words_in(value.low, index):
        for first, last, row in _written(value, (start, end), index[value.low[start:end]]):
            if _stands_alone(value.key, first, last, row):
                yield Found(start=first, end=with_place(value, last, row), row=row)
                break


def _first_words_in(low: str, index: Mapping[str, Begun]) -> list[tuple[int, int]]:
    """Return where words stand with which a form begins, in order."""
    if not low.isascii():
        return [word.span() for word in WORD.finditer(low) if word.group() in index]
    found = []
    for word in index.keys() & words_of(low):
        start = low.find(word)
        while start >= 0:
            found.append((start, start + len(word)))
            start = low.find(word, start + len(word))
    return sorted(found)


def _written(value: Folded, word: tuple[int, int], begun: Begun) -> Iterator[tuple[int, int, Repository]]:
    """Give the forms that stand where a word begins: those that its neighbour tells, then those that it alone does."""
    low, (start, end), by_second = value.low, word, begun.by_second
    following = WORD.search(low, end) if len(by_second) > ("" in by_second) else None
    for second in (low[end : following.end()], "") if following else ("",):
        lengths, by_text = by_second.get(second, NO_FORMS)
        for length in lengths:
            form = by_text.get(low[start : start + length])
            if form is None or (form.exact and not value.key.startswith(form.exact, start)):
                continue
            if not form.before or low.endswith(form.before, 0, start):
                yield start - len(form.before), start + length, form.row


def _stands_alone(key: str, start: int, end: int, row: Repository) -> bool:
    form = key[start:end]
    if start > 0 and len(form) <= _SHORT and _YEAR_BEHIND.match(key, end):
        return False
    if key[end : end + 1] not in _PLAIN_ENDS and not _FORM_ENDS.match(key, end):
        return False
    if start > 0 and not _BEFORE.search(key, max(0, start - 8), start):
        return False
    return row.own or len(form) > _SHORT or not form.isascii() or has_digit(key[end:])


def with_place(value: Folded, end: int, row: Repository) -> int:
    """Return where a name ends with its short form in brackets, department, place, and body where nothing follows."""
    if value.key[end : end + 1] == "":
        return end
    bracket = _bracket(value.key, end)
    if bracket and not has_digit(bracket.group()):
        end = bracket.end()
    counted = has_digit(value.key[end:])
    placed = False
    while value.key[end : end + 1] in _PARTED and (part := _NEXT_PART.match(value.key, end)):
        name = part["part"].strip()
        is_place = not placed and _is_place_of(name, row)
        if not is_place and not _belongs(name) and (counted or not _is_parent(name)):
            break
        placed, end = placed or is_place, part.end("part")
    bracket = _bracket(value.key, end)
    return bracket.end() if bracket and bracket.group()[2:-1].isupper() else end


def _bracket(key: str, start: int) -> re.Match[str] | None:
    return _BRACKET.match(key, start) if key[start : start + 2] in _OPENED else None


def _is_place_of(part: str, row: Repository) -> bool:
    return part.casefold() in (_places(row.place) if row.place or row.name else _known_places())


def _belongs(part: str) -> bool:
    folded = part.casefold()
    return bool(is_country(folded) or ((is_department(folded) or is_building(part)) and not is_holding(folded)))


def _is_parent(part: str) -> bool:
    """Tell the body that an archive belongs to, which stands behind it where no reference follows."""
    return _parents().search(part) is not None and not is_holding(part)


@cache
def _places(places: str | None) -> frozenset[str]:
    return frozenset(place.strip().casefold() for place in (places or "").split("|") if place.strip())


@cache
def _known_places() -> frozenset[str]:
    """Return every place of the table: a name that many share is told by any of them."""
    return frozenset().union(*(_places(row.place) for row, _ in bundled_repositories()))


def is_known_place(part: str) -> bool:
    """Tell whether any repository of the table stands in a place."""
    return part.strip().casefold() in _known_places()


def tradition_of(house: str) -> str:
    """Return the tradition of a house that nobody has put into the table, by the words of its name."""
    return next((tradition for tradition, named in _houses() if named.search(house)), "general")


def is_country(part: str) -> bool:
    """Tell whether a part is a country or a state, as it stands behind a place."""
    return _countries().fullmatch(part.strip(" .")) is not None


def is_department(part: str) -> bool:
    """Tell whether a part names a department of a repository."""
    return _departments().search(part) is not None


def is_building(part: str) -> bool:
    """Tell whether a part names a house that keeps things: an archive, library, museum or university."""
    return _buildings().search(part) is not None


@lru_cache(maxsize=256)
def is_holding(part: str) -> bool:
    """Tell whether a part names what a house keeps: a collection, papers, records."""
    return _holdings().name(part)


@cache
def _parents() -> Words:
    return words(table("archives")["words"]["parents"])


@cache
def _houses() -> tuple[tuple[str, Words], ...]:
    return tuple((tradition, words(named)) for tradition, named in table("archives")["houses"].items())


@cache
def _countries() -> re.Pattern[str]:
    return re.compile("|".join(table("archives")["words"]["countries"]), re.IGNORECASE)


@cache
def _departments() -> Words:
    return words(table("archives")["words"]["departments"])


@cache
def _buildings() -> Words:
    return words(table("archives")["words"]["buildings"], behind=r"(?!\w)(?!\s(?:press|verlag)\b)")


@cache
def _holdings() -> Heads:
    named = table("archives")["words"]
    return heads(named["holdings"], named["holdings_in_front"])

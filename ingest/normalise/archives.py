"""Repositories: the archive or library that a reference names, found first because it picks the grammar of the rest."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import NamedTuple

from ingest.normalise.folding import Folded, fold
from ingest.normalise.source_words import Heads, Words, heads, words
from ingest.normalise.vocabularies import table
from ingest.operator_tables import NO_TABLES, OperatorTables, RepositoryRow

# Scripts without blanks are told apart by their first two characters, all others by their first word.
_WORD = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]{2}|[^\W\u3040-\u9fff\uac00-\ud7af]+")
# A form ends where punctuation, a number, a bracket or a level's mark follows; before another word the name goes on.
_UNPARTED = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]")
_FORM_ENDS = re.compile(
    r"\s*$|\s[/|]\s|\s?[,.;:()\[\]\"|\uff0c\uff1a\u3001\u3002]|\s?[-\u2013\u2014]\s|\s\d|\s?(?:档号|檔號|藏)|\s[^\W\d_]{1,6}\.\s?[^\W_]|"
    r"\s(?:fond|opis|box|folder|file|collection|rg|фонд|zespół|dosar|karton|series)\b|\s[A-Z]{1,4}[\s-]?\d",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\s(?:\([^()]{1,60}\)|\[[^\[\]]{1,60}\])")
_NEXT_PART = re.compile(r"(?:,|\s[-/:])\s?(?P<part>[^,;\"()\d]{2,60}?)(?=\s*(?:[,;]|(?<!\b\w)\.\s|\.?$|\s\())")
_YEAR_BEHIND = re.compile(r"\s(?:1[5-9]|20)\d\d\b")
_SHORT = 3
"""Letters up to which a short form stands for a repository only where a reference follows."""
_BEFORE = re.compile(r"(?:^|[.,;:(\[\"'/|\u3002\uff0c]\s?|[-]\s|\b(?:the|in|at|from|by|im|in der)\s)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Repository:
    """A row of the table of repositories; without a name it is a form that many share, and only picks the grammar."""

    id: str | None
    name: str | None
    place: str | None
    isil: str | None
    tradition: str
    own: bool = False
    """Whether the operator's table has it."""


class Found(NamedTuple):
    """A repository in a text: where its name stands, and the row that knows it."""

    start: int
    end: int
    row: Repository


@cache
def bundled_repositories() -> tuple[tuple[Repository, tuple[str, ...]], ...]:
    """Read the bundled table: each repository with the forms that references use."""
    text = resources.files(__package__).joinpath("vocabularies", "repositories.tsv").read_text("utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return tuple(_bundled(row) for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _bundled(row: Mapping[str, str]) -> tuple[Repository, tuple[str, ...]]:
    found = Repository(
        row["id"] or None, row["name"] or None, row["place"] or None, row["isil"] or None, row["tradition"]
    )
    written = [row["forms"], row["other_names"], row["name"]]
    forms = (form.strip() for cell in written for form in (cell or "").split("|"))
    return found, tuple(dict.fromkeys(form for form in forms if form))


def _own(row: RepositoryRow) -> tuple[Repository, tuple[str, ...]]:
    names = (row.name,) if row.name else ()
    return Repository(None, row.name, row.place, row.isil, row.tradition, own=True), (*row.forms, *names)


_Entry = tuple[str, int, bool, Repository]
"""A form, where its first word stands in it, whether its case counts, and its row."""


@lru_cache(maxsize=8)
def _index(own: OperatorTables) -> Mapping[str, Mapping[str, Sequence[_Entry]]]:
    """Return the forms by their first word, and by their second, longest first; an operator's wins over a bundled."""
    rows = [*map(_own, own.repositories), *bundled_repositories()]
    forms: dict[str, tuple[str, Repository]] = {}
    for row, written in rows:
        for form in written:
            forms.setdefault(fold(form).low, (fold(form).key, row))
    index: dict[str, dict[str, list[_Entry]]] = {}
    for folded, (form, row) in forms.items():
        word = _WORD.search(folded)
        if word is None:
            continue
        # What is written in capitals only is looked for as written: NA is an archive, na a word.
        exact = form == form.upper() and not row.own and form != form.lower()
        entry = (form if exact else folded, word.start(), exact, row)
        index.setdefault(word.group(), {}).setdefault(_second_word(folded, word), []).append(entry)
    for entries in (entries for begun in index.values() for entries in begun.values()):
        entries.sort(key=lambda each: -len(each[0]))
    return MappingProxyType(index)


def _second_word(form: str, word: re.Match[str]) -> str:
    """Return the second word of a form with what parts it from the first; nothing where it has but one.

    Where blanks part no words, a form may end within what looks like one: its first characters alone find it.
    """
    second = _WORD.search(form, word.end())
    if second is None or not (word.group() + second.group()).isalpha() or _UNPARTED.search(form):
        return ""
    return form[word.end() : second.end()]


def find_repository(value: Folded, own: OperatorTables = NO_TABLES) -> Found | None:
    """Find the first repository that the tables know, or None."""
    return next(_known(value, own), None)


def _known(value: Folded, own: OperatorTables) -> Iterator[Found]:
    index, low = _index(own), value.low
    for word in _WORD.finditer(low):
        begun = index.get(word.group())
        for form, offset, exact, row in _entries(low, word, begun) if begun else ():
            start = word.start() - offset
            if start < 0 or not (value.key if exact else low).startswith(form, start):
                continue
            if _stands_alone(value.key, start, start + len(form), row):
                yield Found(start=start, end=_with_place(value, start + len(form), row), row=row)
                break


def _entries(low: str, word: re.Match[str], begun: Mapping[str, Sequence[_Entry]]) -> Iterator[_Entry]:
    """Give the forms that begin with a word: those that its neighbour follows, then those that are told by it alone."""
    following = _WORD.search(low, word.end()) if len(begun) > ("" in begun) else None
    if following:
        yield from begun.get(low[word.end() : following.end()], ())
    yield from begun.get("", ())


def _stands_alone(key: str, start: int, end: int, row: Repository) -> bool:
    form = key[start:end]
    if start > 0 and len(form) <= _SHORT and _YEAR_BEHIND.match(key, end):
        return False
    if not _FORM_ENDS.match(key, end) or not _BEFORE.search(key, max(0, start - 8), start):
        return False
    return row.own or len(form) > _SHORT or not form.isascii() or any(char.isdigit() for char in key[end:])


def _with_place(value: Folded, end: int, row: Repository) -> int:
    """Take in a bracketed short form, the department and the place that stand behind the name."""
    bracket = _BRACKET.match(value.key, end)
    if bracket and not any(char.isdigit() for char in bracket.group()):
        end = bracket.end()
    while (part := _NEXT_PART.match(value.key, end)) and _belongs(part["part"].strip(), row):
        end = part.end("part")
    bracket = _BRACKET.match(value.key, end)
    return bracket.end() if bracket and bracket.group()[2:-1].isupper() else end


def _belongs(part: str, row: Repository) -> bool:
    folded = part.casefold()
    if folded in (_places(row.place) if row.place or row.name else _known_places()):
        return True
    return bool(is_country(folded) or ((is_department(folded) or is_building(part)) and not is_holding(folded)))


@cache
def _places(places: str | None) -> frozenset[str]:
    return frozenset(place.strip().casefold() for place in (places or "").split("|") if place.strip())


@cache
def _known_places() -> frozenset[str]:
    """Return every place of the table: a name that many share is told by any of them."""
    return frozenset().union(*(_places(row.place) for row, _ in bundled_repositories()))


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

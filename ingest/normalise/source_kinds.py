"""Bare names: collections, holders, periodicals, conferences, files and descriptions, told by their head words."""

import re
from functools import cache

from ingest.normalise.archival import STREETS
from ingest.normalise.archives import is_building, is_holding
from ingest.normalise.folding import Folded
from ingest.normalise.patterns import late
from ingest.normalise.publications import is_periodical, is_title
from ingest.normalise.source_numbers import date_of, find_numbers
from ingest.normalise.source_pieces import Piece, Reading, has_digit, piece
from ingest.normalise.source_words import Heads, Words, heads, is_sentence, words, words_of
from ingest.normalise.vocabularies import table
from ingest.operator_tables import OperatorTables

_WORDS = re.compile(r"[^\W\d_]+")
_VIA = late(
    r"(?P<depositor>(?:(?:prof|dr|mr|mrs|ms|rev|sir)\.?\s)[^,;]{3,80}?)\s(?:via|c/o|durch)\s(?P<via>[^;]{2,120})",
    re.IGNORECASE,
)
_THROUGH = frozenset({"via", "c", "durch"})
_SAID = late(r"(?P<title>Finding aid (?:to|for)(?: the)?|Guide to(?: the)?|Inventory of(?: the)?)\s", re.IGNORECASE)
_STREET = late(
    rf"(?P<repository>[^,;\d]{{3,120}}),\s\d{{1,6}}\s(?:[\w.'-]{{1,20}}\s){{1,4}}(?:{'|'.join(sorted(STREETS))})\b\.?"
)
_YEARS_BEHIND = late(r"[\s,(\[]*(?:1[5-9]|20)\d\d(?:\s?-\s?(?:(?:1[5-9]|20)\d\d)?)?[)\].]*$")
_ORDINAL = re.compile(r"\b\d{4}\b|(?<!\d)\d{1,3}(?:st|nd|rd|th)?\s(?=[^\W\d_])")
# A short name, a place, and days of a month: what lasts some days is held, not printed.
_EVENT = re.compile(
    r"(?P<container_title>[^,;:]{2,80}),\s(?:[^,;:\d]{2,40},\s){0,3}"
    r"(?:\d{1,2}\.?(?:\s[^\W\d_]{3,9}\.?)?\s?-\s?\d{1,2}\.?\s(?:de\s)?[^\W\d_]{3,10}\.?,?|"
    r"[^\W\d_]{3,10}\.?\s\d{1,2}\s?-\s?(?:[^\W\d_]{3,10}\.?\s)?\d{1,2},)\s(?:de\s)?(?:19|20)\d\d\.?"
)
_ACRONYM = re.compile(r"[A-Z][\w']{0,6}[A-Z\d]|(?:19|20)\d\d")
_AND = re.compile(r"\s(?:and|e|y|et|und|og|och|i|\u0438)\s")
_PART = re.compile(r",\s([^,]+)")
_LONGEST_NAME = 200
_LONGEST_ENDING = 8
"""Characters of the ending of a file's name, its point among them."""
_SHORTEST_NAME = 3
_LONGEST_ACRONYM = 25
_WORDS_OF_A_PLACE = 3
_LONGEST_CUT = 10
_LONGEST_ABBREVIATED = 10
"""Words of an abbreviated title."""


def read_file(value: Folded, _own: OperatorTables) -> Reading | None:
    """Read the name of a file."""
    match = _file().fullmatch(value.key) if "." in value.key[-_LONGEST_ENDING:] else None
    return (
        Reading(type="file", rule="file@1", confidence="inferred", pieces=(Piece("ref", *match.span()),))
        if match
        else None
    )


def read_deposit(value: Folded, _own: OperatorTables) -> Reading | None:
    """Read who deposited and through whom: "Prof. Jane Roe via Example Library"."""
    match = None if _THROUGH.isdisjoint(words_of(value.low)) else _VIA.fullmatch(value.key.strip())
    if match is None:
        return None
    pieces = (
        Piece("depositor", *match.span("depositor")),
        Piece("via", *match.span("via")),
        Piece("mark", *match.span()),
    )
    return Reading(type="holder", rule="deposit@1", confidence="inferred", pieces=pieces)


def read_address(value: Folded, _own: OperatorTables) -> Reading | None:
    """Read a name before a street and its number: who holds the thing."""
    match = None if STREETS.isdisjoint(words_of(value.low)) else _STREET.match(value.low)
    if match is None:
        return None
    return Reading(
        type="holder",
        rule="holder@3",
        confidence="inferred",
        pieces=piece("repository", value.text, *match.span("repository")),
    )


def read_conference(value: Folded, _own: OperatorTables) -> Reading | None:
    """Read a conference: its title, and the year of its date; the place behind it remains."""
    match = None if is_sentence(value.low) else _conference().search(value.key)
    if match is None:
        return _event(value) if "-" in value.key else None
    numbers = find_numbers(value.key)
    date = date_of(value.key) or numbers.get("year", ())
    if not date and len(value.key) > _LONGEST_NAME:
        return None
    title = piece("container_title", value.text, *_member_around(value.key, match, date))
    return Reading(
        type="journal", rule="conference@2", confidence="inferred", pieces=(*title, *date, *numbers.get("pages", ()))
    )


def _event(value: Folded) -> Reading | None:
    """Read an event that its days tell: "OR2010, Ashford, 10-13 June 2010"."""
    match = _EVENT.fullmatch(value.key)
    if match is None or not _ACRONYM.search(match["container_title"]):
        return None
    pieces = (*piece("container_title", value.text, *match.span("container_title")), *date_of(value.key))
    return Reading(type="journal", rule="conference@2", confidence="inferred", pieces=pieces)


def _member_around(key: str, match: re.Match[str], date: tuple[Piece, ...]) -> tuple[int, int]:
    """Take the words around the head up to the place or the date; an acronym before them is no part of the title."""
    comma = key.rfind(", ", 0, match.start())
    start = comma + 2 if 0 < comma <= _LONGEST_ACRONYM else 0
    place = key.find(", ", match.end())
    dated = next((each.start for each in date if each.name in {"date", "mark"} and each.start > match.end()), len(key))
    end = min(place if place > 0 else len(key), dated)
    if has_digit(key[match.end() : end]) or place < 0:
        return start, min(end, dated)
    # A list of nouns goes on until a place or an institution stands alone.
    return start, _end_of_list(key, end, dated)


def _end_of_list(key: str, end: int, limit: int) -> int:
    position = end
    for part in _PART.finditer(key[end:limit]):
        lowered = sum(word.islower() for word in part.group(1).split())
        short = len(part.group(1).split()) <= _WORDS_OF_A_PLACE and not _AND.search(part.group(1))
        if is_building(part.group(1)) or short or not lowered:
            break
        position = end + part.end()
    return position


def read_name(value: Folded, _own: OperatorTables) -> Reading | None:
    """Read a bare name by its head word: a collection, a periodical, or a body."""
    bare = value.key.strip(" .;")
    if is_title(bare):
        return _periodical(value)
    name = _YEARS_BEHIND.sub("", bare[: _LONGEST_NAME + 1])
    if not bare or len(bare) > _LONGEST_NAME or has_digit(_ORDINAL.sub("", name)):
        return None
    return _guide(value, guide) if (guide := _SAID.match(bare)) else _by_head(value, name)


def _by_head(value: Folded, name: str) -> Reading | None:
    if _collection().name(name):
        return _whole(value, "collection", "collection")
    if is_sentence(value.low):
        return None
    if is_periodical(name) or _abbreviated(name) or is_archives_of(name):
        return _periodical(value)
    if is_body(name) and not has_digit(name):
        return _whole(value, "holder", "repository")
    return None


def _whole(value: Folded, kind: str, name: str) -> Reading:
    pieces = piece(name, value.text, 0, len(value.text))
    return Reading(type=kind, rule=f"{kind}@3", confidence="inferred", pieces=pieces)


def _guide(value: Folded, guide: re.Match[str]) -> Reading:
    """Read the collection that a finding aid describes; what stands behind a semicolon is its other name."""
    end = value.key.find(";", guide.end())
    held = (
        Piece("mark", *guide.span()),
        *piece("collection", value.text, guide.end(), end if end > 0 else len(value.text)),
    )
    return Reading(type="collection", rule="collection@3", confidence="inferred", pieces=held)


def _periodical(value: Folded) -> Reading:
    dated = date_of(value.key) or tuple(
        each for each in find_numbers(value.key).get("year", ()) if value.key[each.end :].strip(" .)") == ""
    )
    end = min((each.start for each in dated), default=len(value.key))
    if end < _SHORTEST_NAME:
        dated, end = (), len(value.key)
    title = piece("container_title", value.text, 0, end)
    return Reading(
        type="newspaper" if dated else "journal", rule="journal@3", confidence="inferred", pieces=(*title, *dated)
    )


def _abbreviated(name: str) -> bool:
    """Tell an abbreviated title: several short words, most of them cut as indexes cut them."""
    held = [word.casefold() for word in _WORDS.findall(name)]
    if not 1 < len(held) <= _LONGEST_ABBREVIATED or any(char in name for char in ",;:&"):
        return False
    known = sum(word in _abbreviations() for word in held)
    return (
        known * 2 >= len(held)
        and known > 0
        and not any(word.islower() or len(word) > _LONGEST_CUT for word in name.split())
    )


def is_body(text: str) -> bool:
    """Tell whether a text names a body: a department, a ministry, a society."""
    return _body().search(text) is not None


def is_archives_of(text: str) -> bool:
    """Tell whether a text is the name of a journal that only sounds like a house: "Archives of Dermatology"."""
    return _archives_of().fullmatch(text.strip(" .")) is not None


def is_named_collection(text: str) -> bool:
    """Tell whether a text names a collection: by its last word, or by its first."""
    return _collection().name(text) or is_holding(text)


def gathers_things(title: str) -> bool:
    """Tell a series of photographs, prints or papers from a series of publications, by the end of its name."""
    return _series_of_things().name(title)


@cache
def _series_of_things() -> Heads:
    return heads(table("publications")["words"]["series_of_things"], [])


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(table("publications")["words"]["abbreviations"])


@cache
def _collection() -> Heads:
    named = table("publications")["words"]
    return heads(named["collections"], named["collections_in_front"])


@cache
def _body() -> Words:
    return words(table("publications")["words"]["bodies"])


@cache
def _archives_of() -> re.Pattern[str]:
    return re.compile(
        rf"(?:the\s)?archives of (?:{'|'.join(table('publications')['words']['archives_of'])})", re.IGNORECASE
    )


@cache
def _conference() -> Words:
    return words(table("publications")["words"]["conferences"])


@cache
def _file() -> re.Pattern[str]:
    return re.compile(
        rf"[\w()\[\] ,+&@#~./\\:-]{{1,200}}\.(?:{'|'.join(table('publications')['words']['files'])})", re.IGNORECASE
    )

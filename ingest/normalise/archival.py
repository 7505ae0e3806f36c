"""Archival references: the repository is found first, its tradition reads the rest; collection, reference and pages."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from ingest.descriptions import Json
from ingest.normalise.archival_levels import Level, Levels, folio_side, listed, read_levels
from ingest.normalise.archives import Found, is_holding
from ingest.normalise.folding import Folded
from ingest.normalise.patterns import late
from ingest.normalise.source_pieces import ENDS, MARK, Piece, has_digit, piece
from ingest.normalise.source_words import words_of
from ingest.normalise.vocabularies import table

# A member of a reference: what stands between commas, or between stops before a capital.
_MEMBER = re.compile(r"[^,;:\uff0c]+")
_YEARS = r"(?:17[5-9]\d|(?:1[89]|20)\d\d)(?:\s?[-/]\s?\d{2,4})?"
_AMERICAN_MEMBER = re.compile(r"[^,:;.\s()](?:[^,:;.]|\.(?!\s))*")
_CODE = late(r"^[IVXL]{1,8}[-.]|^[A-Z]{1,4}\s[IVXL]{1,5}$")
_ONLY_YEARS = re.compile(rf"(?<![\w/.-]){_YEARS}(?![\w/-]|\.\w)")
_DATES = re.compile(r"\d{1,2}/\d{1,2}/\d{4}(?:\s-\s\d{1,2}/\d{1,2}/\d{4})?")
_RG = re.compile(r"^\s?(?:RG|Record Group|R\.G\.)\s?\d+", re.IGNORECASE)
# "Example Collection. MSS-94/01": a code behind the last word of a name.
_CODE_BEHIND_STOP = re.compile(
    r"\.(?:(?<=[Cc]ollection\.)|(?<=[Pp]apers\.)|(?<=[Rr]ecords\.)|(?<=[Ff]onds\.)|(?<=[Nn]achlass\.)|(?<=ammlung\.))"
    r"\s(?=[A-Z]{1,5}[\s.-]?\d)|\.(?<=[a-z]{4}\.)\s(?=[A-Z]{2,5}\.?\d{2,}\b)"
)
_CODE_IN_BRACKETS = re.compile(r"\s\((?P<ref>(?:[A-Z]{2,6}[\s-]){1,2}[\w./:-]{0,20}\d[\w./:-]{0,20})\)\W*$")
_CENTRAL_FILE = re.compile(
    r"^(?:(?!RG\b|SA\b)[A-Z]{1,6}\s(?!(?:1[89]|20)\d\d\b)(?:\d|[A-Z]{2,})|\d{3}[A-Z]?(?:\.\w|/)|\d{3}\s[A-Z][a-z]+$|[A-Z]{1,3}[.-]?[A-Z]{0,4}\d{2,})"
)
# The number of a decimal file that no comma parts from the name of the files: "Central Files 611.94/10-2045".
_DECIMAL_FILE = re.compile(r"(?:(?<=[Ff]iles)|(?<=[Ff]ile))\s(?=\d{3}[A-Z]?(?:\.\w|/))")
_SENTENCE = re.compile(
    r"\.(?=\s?(?:[A-Z(\[]|[\u0410-\u042f][\u0430-\u044f]{2}))"
    r"(?<!\b[^\W\d_]\.)(?<!\b[^\W\d_]{2}\.)(?<!\b[^\W\d_]{3}\.)\s?"
)
_COLLECTION_BEHIND = re.compile(
    r",\s[^,;\d]{2,80}\s(?:collection|papers|records|fonds|sammlung|nachlass)\W*$", re.IGNORECASE
)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_WITH_MARKINGS = frozenset({"american", "general"})
"""Traditions behind whose references editors write how secret a document was."""
_FEW = 2
"""Words below which a sentence is none, and letters below which a word says nothing."""
STREETS = frozenset(
    {
        *("road", "rd", "street", "st", "avenue", "ave", "boulevard", "blvd", "drive", "dr", "lane", "ln", "way"),
        *("court", "ct", "highway", "hwy", "place", "pl", "square", "sq", "parkway", "pkwy"),
    }
)
"""Words that an address ends with, in small letters."""
_WHOLE_STREETS = "road|street|avenue|boulevard|lane|highway|parkway"
"""Those that stand for a street without a number before them."""
_POST_BOX = "o"
_STREET = late(
    rf",\s(?=\d{{1,6}}\s(?:[\w.'-]{{1,20}}\s){{1,4}}(?:{'|'.join(sorted(STREETS))})\b|p\.?\s?o\.?\sbox\s\d|"
    rf"(?:[\w.'-]{{1,20}}\s){{1,3}}(?:{_WHOLE_STREETS})(?:,|$)|[^,;]{{3,40}}stra(?:\u00dfe|sse)\s\d{{1,4}}|\d{{1,4}}(?:\sbis)?,?\srue\s)"
)
_STREET_NAME = late(rf"(?:[\w.'-]{{1,20}}\s){{1,3}}(?:{_WHOLE_STREETS})\.?")
_FOREIGN_STREETS = ("stra\u00dfe", "strasse", "rue")


class Reference(NamedTuple):
    """What follows (or precedes) a repository, in pieces of the text."""

    pieces: tuple[Piece, ...]
    details: Mapping[str, Json]

    def has(self, name: str) -> bool:
        """Tell whether a piece of this name was read."""
        return any(each.name == name for each in self.pieces)


def read_reference(value: Folded, start: int, end: int, tradition: str) -> Reference:
    """Read collection, reference, levels and pages of the characters from ``start`` to ``end``."""
    text, key = value.text, value.key[:end]
    label = _labels().match(value.low, start, end)
    begin = label.end() if label else start
    if street := _street(value.low, max(0, begin - 2)):
        key, end = key[: street.start()], max(begin, street.start())
    stop = _remarks(key, begin, tradition)
    found = read_levels(key[:stop], begin, tradition)
    ref_end = _end_of_reference(found, stop)
    reference, collection = _parted(value, (begin, ref_end), found, tradition)
    pages = _pages(text, found.pages)
    pieces = (*((Piece(MARK, *label.span()),) if label else ()), *collection, *reference, *pages)
    return Reference(pieces=pieces, details=_details(text, found, reference))


def _street(low: str, start: int) -> re.Match[str] | None:
    """Find the address of a house, which is no reference."""
    words = words_of(low)
    named = not STREETS.isdisjoint(words) or _POST_BOX in words or any(map(low.__contains__, _FOREIGN_STREETS))
    return _STREET.search(low, start) if named else None


def is_street(words: str) -> bool:
    """Tell whether some words are the name of a street."""
    return _STREET_NAME.fullmatch(words.strip(" .").lower()) is not None


def _details(text: str, found: Levels, reference: tuple[Piece, ...]) -> Mapping[str, Json]:
    end = max((each.end for each in reference), default=0)
    levels = listed(text, found.levels, end)
    details: dict[str, Json] = {"levels": levels} if levels else {}
    if found.pages is not None:
        details["pages_unit"] = found.pages.kind
        if side := folio_side(text[found.pages.value_start : found.pages.value_end]):
            details["folio_side"] = side
    return details


def _pages(text: str, pages: Level | None) -> tuple[Piece, ...]:
    if pages is None:
        return ()
    return *piece("pages", text, pages.value_start, pages.value_end), Piece(MARK, pages.start, pages.end)


def _end_of_reference(found: Levels, stop: int) -> int:
    if found.pages is not None:
        return min(found.pages.start, stop)
    return stop


def _remarks(key: str, start: int, tradition: str) -> int:
    """Find where the remarks of an editor begin: a marking of secrecy, or a sentence behind the reference."""
    if tradition in _WITH_MARKINGS and "." in key and (marking := _markings().search(key, start)):
        return marking.start()
    for stop in _SENTENCE.finditer(key, start + 1):
        behind = key[stop.end() :].lstrip()
        if (
            tradition == "american"
            and not _reference_words().match(behind)
            and not _CENTRAL_FILE.match(behind)
            and not is_holding(behind)
        ):
            return stop.start()
        if tradition != "american" and _is_prose(behind):
            return stop.start()
    return len(key)


def _is_prose(behind: str) -> bool:
    words = behind.split()[:6]
    return (
        len(words) > _FEW
        and sum(word.rstrip(",").isalpha() and word.islower() and len(word) > _FEW for word in words) >= _FEW
        and not has_digit(words[0])
    )


def _parted(
    value: Folded, span: tuple[int, int], found: Levels, tradition: str
) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Tell the collection, which names something, from the reference, which counts; in that order in the text."""
    (start, end), text, key = span, value.text, value.key
    first = found.levels[0].start if found.levels else end
    if tradition == "american":
        at = _american_reference(key, start, end)
    elif _names_a_fond(key, found, end):
        return _fond_by_name(text, key, found, end)
    elif not found.levels and (code := _CODE_IN_BRACKETS.search(key, start, end)) and code.start() > start + _FEW:
        return piece("ref", text, *code.span("ref")), piece("collection", text, start, code.start())
    else:
        at = _reference_starts(key, start, min(first, end), end)
        if at <= start + _FEW and (behind := _collection_behind(key, at, end)):
            return piece("ref", text, at, behind.start()), piece("collection", text, behind.start(), end)
    return piece("ref", text, at, end), piece("collection", text, start, at)


def _collection_behind(key: str, start: int, end: int) -> re.Match[str] | None:
    """Find the collection that is named behind its reference, in the last member."""
    comma = key.rfind(", ", start, end)
    return _COLLECTION_BEHIND.match(key, comma, end) if comma > 0 else None


def _names_a_fond(key: str, found: Levels, end: int) -> bool:
    """Tell a fond that is named from one that is counted: the former is a collection."""
    if not found.levels or found.levels[0].kind not in {"fond", "bestand"}:
        return False
    held = key[found.levels[0].value_start : found.levels[1].start if len(found.levels) > 1 else end]
    return (
        not has_digit(_ONLY_YEARS.sub("", held)) and _LETTERS.search(held) is not None and len(held.strip(ENDS)) > _FEW
    )


def _fond_by_name(text: str, key: str, found: Levels, end: int) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    fond = found.levels[0]
    following = found.levels[1].start if len(found.levels) > 1 else end
    at = _reference_starts(key, fond.value_start, following, end)
    at = min(following, at)
    mark = Piece(MARK, fond.start, fond.value_start)
    return piece("ref", text, at, end), (mark, *piece("collection", text, fond.value_start, at))


def _reference_starts(key: str, start: int, first: int, end: int) -> int:
    """Return where the first member stands that counts: one with a number that is no year, or with a level's mark."""
    for member in _MEMBER.finditer(key, start, end):
        words = member.group().strip(ENDS)
        if not words:
            continue
        named = member.start() > start + 2
        if (
            "." in words
            and (code := _CODE_BEHIND_STOP.search(key, member.start(), member.end()))
            and code.start() < first
        ):
            return code.end()
        if member.end() > first or (_counts(words) and not (named and _ONLY_YEARS.fullmatch(words))):
            return member.start()
    return end


def _counts(member: str) -> bool:
    if not has_digit(member):
        return _CODE.search(member.strip()) is not None
    bare = _DATES.sub("", _ONLY_YEARS.sub("", member)).strip()
    return not bare or has_digit(bare) or _CODE.search(bare) is not None


def _american_reference(key: str, start: int, end: int) -> int:
    """Return where box, folder, lot, decimal or subject file begins: era and record group belong to the collection."""
    for member in _AMERICAN_MEMBER.finditer(key, start, end):
        if _RG.match(member.group()):
            continue
        if _is_american_reference(member.group()):
            return member.start()
        if decimal := _DECIMAL_FILE.search(member.group()):
            return member.start() + decimal.start() + 1
    return end


def _is_american_reference(words: str) -> bool:
    words = words.strip(ENDS)
    return bool(_reference_words().match(words) or (_CENTRAL_FILE.match(words) and not words.startswith("NSC F")))


@cache
def _labels() -> re.Pattern[str]:
    return re.compile(
        rf"[\s,.;:\uff0c\uff1a\u3002()\u85cf-]*(?:{'|'.join(table('archives')['words']['labels'])})(?![^\W\d_a-z])[\s:\uff1a]*"
    )


@cache
def _reference_words() -> re.Pattern[str]:
    words: list[Any] = table("archives")["american"]["reference_words"]
    return re.compile(rf"(?:{'|'.join(words)})(?![^\W\d_])", re.IGNORECASE)


@cache
def _markings() -> re.Pattern[str]:
    words: list[Any] = table("archives")["american"]["markings"]
    return re.compile(rf"[.;]\s(?=(?:{'|'.join(words)})\b)", re.IGNORECASE)


def in_front(value: Folded, found: Found) -> Reference:
    """Read what follows a repository."""
    return read_reference(value, found.end, len(value.text), found.row.tradition)

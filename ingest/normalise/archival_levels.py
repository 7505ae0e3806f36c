"""Levels of an archival reference: fond, opis, delo; box, folder; leaves and pages; by the grammar of a tradition."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple

from ingest.normalise.folding import small_letters
from ingest.normalise.patterns import late
from ingest.normalise.source_pieces import ENDS, bare, has_digit
from ingest.normalise.source_words import first_letters
from ingest.normalise.vocabularies import table

PAGE_KINDS = frozenset({"page", "leaf", "frame"})
# Bare numbers that fond, opis (papka) and delo are written with: 558/11/342/10-12.
_STROKES = late(
    r"(?P<ref>(?:[^\W\d_]-?)?\d[\w-]{0,8}/\d{1,5}[a-z]?(?:/\d{1,5}[a-z]?){1,2})/(?P<pages>\d{1,4}(?:\s?-\s?\d{1,4})?)(?=\s*(?:[.,;)]|$))"
)
_WORD = re.compile(r"[^\W_]+")
_FEWEST_STROKES = 3
_STROKE_LEVELS = {3: ("fond", "opis", "delo"), 4: ("fond", "opis", "papka", "delo")}
_BARE_PAGES = re.compile(
    r",\s?(?P<pages>\d{1,4}(?:\s?-\s?\d{1,4})?(?:\s?(?:ob|\u043e\u0431|v|r)\b\.?)?)(?=\s*(?:[.;)\uff0c\u3002]|$))"
)
_YEARS = re.compile(r"(?:1[5-9]|20)\d{2}(?:\s?-\s?\d{2,4})?")
_COUNTER = re.compile(r"\s?[\u9875\u9801\ucabd\uba74]")
_RANGE_OF_YEARS = re.compile(r"(?:1[5-9]|20)\d{2}\s?[-\u2013]\s?\d{2,4}")
_NOTE = re.compile(r"[,;]\s")
_VALUE_FOLLOWS = re.compile(r"\s?[\w№\"(]")
_NUMBER_FOLLOWS = re.compile(
    r"[:#]?\s?(?:no\.?\s?|nr\.?\s?|#\s?|№\s?)?(?:\d|[A-Z]\b|[A-Z]{1,4}[\d-]|\")", re.IGNORECASE
)
_NAMED = frozenset({"fond", "фонд", "folder", "folders", "zespół", "phông", "fondul", "fondo", "fundo"})
"""Marks behind which a name may stand instead of a number."""
_LONGEST = 2_000
"""Characters of a reference in which levels are looked for."""


class Level(NamedTuple):
    """One mark of a reference with its number: where it stands, its kind in the archive's own words, its value."""

    kind: str
    start: int
    end: int
    """Where the mark ends and its value begins; where it stands behind, where the whole ends."""
    value_start: int
    value_end: int


class Levels(NamedTuple):
    """The levels of a reference in order, and its pages."""

    levels: tuple[Level, ...]
    pages: Level | None


def read_levels(key: str, start: int, tradition: str) -> Levels:
    """Read the levels from ``start`` on; the last mark of pages or leaves with a number is the pages."""
    text = key[: start + _LONGEST]
    strokes = _STROKES.match(text, _skip(text, start)) if text.count("/", start) >= _FEWEST_STROKES else None
    if strokes and not _page_follows(text, strokes.end(), tradition):
        return _strokes(strokes)
    found = sorted(_found(text, start, tradition), key=lambda level: (level.start, -level.end))
    marks = _without_overlaps(found)
    pages = next((mark for mark in reversed(marks) if mark.kind in PAGE_KINDS), None)
    levels = [level for level in marks if level.kind not in PAGE_KINDS]
    if pages is not None and any(level.start > pages.start and level.value_start > pages.end for level in levels):
        pages = None
    if pages is None:
        pages = _bare_pages(text, start, levels, tradition)
    return Levels(tuple(level for level in levels if pages is None or level.start < pages.start), pages)


def listed(text: str, levels: Sequence[Level], end: int) -> list[Mapping[str, str]]:
    """Write levels as ``{kind, value}``; a value goes on to the next mark, and what follows a comma is its note."""
    written: list[Mapping[str, str]] = []
    for place, level in enumerate(levels):
        following = levels[place + 1].start if place + 1 < len(levels) else end
        behind = level.value_end < level.end
        held = text[level.value_start : level.value_end if behind else max(level.value_end, following)]
        value, *notes = (bare(part) for part in _NOTE.split(held.strip(" ,;.:"), maxsplit=1))
        if value and not _RANGE_OF_YEARS.fullmatch(value):
            written.append({"kind": level.kind, "value": value})
        written += [{"kind": "year", "value": note} for note in notes if _YEARS.fullmatch(note)]
    return written


def folio_side(pages: str) -> str | None:
    """Tell the back of a leaf from its front, as its last number has it."""
    match = None if pages[-1:].isdigit() else _side().search(pages)
    if match is None:
        return None
    return "recto" if match["side"].lower() in table("archives")["words"]["front"] else "verso"


@cache
def _side() -> re.Pattern[str]:
    return re.compile(rf"\d\s?\(?(?P<side>{'|'.join(table('archives')['words']['verso'])})\.?\)?$", re.IGNORECASE)


def begins_with_level(key: str, tradition: str) -> bool:
    """Tell whether a text may begin with a level or a page of a tradition."""
    start = _skip(key, 0)
    behind = _behind(tradition)
    marks = _in_front(tradition).get(key[start : start + 1].lower())
    return bool(
        (marks and marks.pattern.match(small_letters(key), start))
        or _STROKES.match(key, start)
        or (behind and behind.match(key, start))
    )


def _strokes(match: re.Match[str]) -> Levels:
    levels, position = [], match.start("ref")
    numbers = match["ref"].split("/")
    for kind, number in zip(_STROKE_LEVELS[len(numbers)], numbers, strict=True):
        levels.append(Level(kind, position, position, position, position + len(number)))
        position += len(number) + 1
    start, end = match.span("pages")
    return Levels(tuple(levels), Level("leaf", start, end, start, end))


def _page_follows(text: str, start: int, tradition: str) -> bool:
    return any(level.kind in PAGE_KINDS for level in _found(text, start, tradition))


def _skip(text: str, start: int) -> int:
    while start < len(text) and text[start] in ENDS:
        start += 1
    return start


def _found(text: str, start: int, tradition: str) -> Iterator[Level]:
    position = start
    for match in _marks_in_front(text, start, tradition):
        kind = str(match.lastgroup)
        if match.start() < position:
            continue
        if kind in PAGE_KINDS:
            for page in _page(text, match, kind):
                position = page.end
                yield page
        elif not _is_word_only(text, match):
            yield Level(kind, match.start(), match.end(), match.end(), match.end())
    pattern = _behind(tradition)
    for match in pattern.finditer(text, start) if pattern else ():
        yield Level(str(match.lastgroup), match.start(), match.end(), match.start("number"), match.end("number"))


def _marks_in_front(text: str, start: int, tradition: str) -> Iterator[re.Match[str]]:
    """Find the marks, one behind the other, where a word begins with a letter that a mark may begin with."""
    low, position = small_letters(text), start
    patterns = _in_front(tradition)
    for word in _WORD.finditer(low, start):
        begin = word.start()
        marks = patterns.get(low[begin]) if begin >= position else None
        if marks and (match := marks.pattern.match(low, begin)):
            yield match
            position = match.end()


def _page(text: str, mark: re.Match[str], kind: str) -> Iterator[Level]:
    if numbers := _numbers().match(text, mark.end()):
        behind = _COUNTER.match(text, numbers.end())
        yield Level(kind, mark.start(), behind.end() if behind else numbers.end(), numbers.start(), numbers.end())


def _is_word_only(text: str, mark: re.Match[str]) -> bool:
    """Tell a word in running text from a level, which has a number, a letter or a name behind it."""
    following = text[mark.end() : mark.end() + 12]
    if mark.group().rstrip().endswith("."):
        return not _VALUE_FOLLOWS.match(following)
    return not _NUMBER_FOLLOWS.match(following) and not (mark.group().strip() in _NAMED and following.strip())


def _without_overlaps(found: Sequence[Level]) -> list[Level]:
    kept: list[Level] = []
    position = 0
    for level in found:
        if level.start >= position:
            kept.append(level)
            position = max(level.end, level.value_end)
    return kept


def _bare_pages(text: str, start: int, levels: Sequence[Level], tradition: str) -> Level | None:
    """Numbers without a mark are pages where the tradition writes them so: behind a file, and never a year."""
    if not table("archives")["traditions"][tradition].get("bare_pages"):
        return None
    if not levels and tradition != "chinese":
        return None
    begin = levels[-1].value_start if levels else start
    match = _BARE_PAGES.search(text, begin)
    if (
        match is None
        or (_YEARS.fullmatch(match["pages"]) and "-" not in match["pages"])
        or not has_digit(text[begin : match.start()])
    ):
        return None
    return Level("page", match.start(), match.end(), *match.span("pages"))


@lru_cache(maxsize=64)
def _marks(tradition: str) -> Mapping[str, Mapping[str, Sequence[str]]]:
    grammar: Mapping[str, Any] = table("archives")["traditions"][tradition]
    levels = {kind: list(words) for kind, words in grammar.get("levels", {}).items()}
    for kind, words in table("archives")["common"].items():
        levels.setdefault(kind, []).extend(words)
    pages = grammar.get("pages") or table("archives")["common_pages"]
    return {"front": {**levels, **pages}, "behind": grammar.get("behind", {})}


class _Marks:
    """Marks that begin with one letter; their pattern is made when a word that begins so is met for the first time."""

    def __init__(self, kinds: Mapping[str, Sequence[str]]) -> None:
        self._kinds = kinds

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        forms = "|".join(f"(?P<{kind}>{'|'.join(words)})" for kind, words in self._kinds.items())
        return re.compile(rf"(?:{forms})(?![^\W\d_])")


@cache
def _in_front(tradition: str) -> Mapping[str, _Marks]:
    """Return the marks by the letter that they begin with."""
    marks = _marks(tradition)["front"]
    letters: dict[str, dict[str, list[str]]] = {}
    for kind, words in marks.items():
        for word in words:
            for letter in first_letters(word):
                letters.setdefault(letter, {}).setdefault(kind, []).append(word)
    return {letter: _Marks(kinds) for letter, kinds in letters.items()}


@cache
def _behind(tradition: str) -> re.Pattern[str] | None:
    kinds = _marks(tradition)["behind"]
    if not kinds:
        return None
    forms = "|".join(f"(?P<{kind}>{'|'.join(words)})" for kind, words in kinds.items())
    return re.compile(
        rf"(?<![\w/-])(?P<number>\d[\w/-]{{0,20}}(?:\s?-\s?\d{{1,5}})?)\.?\s?(?:{forms})(?![^\W\d_])", re.IGNORECASE
    )


@cache
def _numbers() -> re.Pattern[str]:
    verso = "|".join(table("archives")["words"]["verso"])
    number = rf"[A-Z]?-?\d{{1,5}}(?:\s?\(?(?:{verso})\b\.?\)?)?"
    mark = r"(?:pp?|ll?|л|ff?|fols?|bl|k|s)\.\s?"
    return re.compile(
        rf"\s?{number}(?:\s?(?:[-]|,\s?|\sand\s|\sи\s|\sи\s)\s?(?:{mark})?{number}(?![./]\d)){{0,20}}", re.IGNORECASE
    )

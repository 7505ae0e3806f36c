"""Books and chapters: a title with its imprint, and pages of a title that nothing else tells."""

import re
from functools import cache

from ingest.normalise.folding import Folded
from ingest.normalise.patterns import late
from ingest.normalise.publication_titles import host_pieces, looks_like_person
from ingest.normalise.source_number_forms import YEAR
from ingest.normalise.source_numbers import bare_pages, find_numbers
from ingest.normalise.source_pieces import MARK, Piece, Reading, named, piece
from ingest.normalise.source_words import Guarded, stems
from ingest.normalise.vocabularies import table
from ingest.operator_tables import OperatorTables

_YEARS = rf"{YEAR}(?:\s?[-/]\s?\d{{2,4}})?"
_UPPER = r"[A-Z\u00c0-\u00de\u0100-\u017d\u0400-\u042f]"
_BRACKETED = re.compile(
    rf"\((?:(?P<place>[^\W\d_][^():]{{1,60}}):\s?)?(?P<publisher>[^():\d][^():]{{1,100}}?),\s(?:[^\W\d_]{{3,9}}\s)?(?P<year>{_YEARS}|n\.d\.)\)"
)
_SEMICOLON = late(rf"\.\s(?P<publisher>[^.;()]{{2,80}});\s(?P<year>{YEAR})(?=\s*(?:[.;,]|$))")
_CHINESE = late(
    r"(?:(?P<author>[^\u300a\u300b]{1,40}?)[:\uff1a\u3001,\uff0c]?\s?(?:著|编|編|主编)?[:\uff1a,\uff0c]?\s?)?"
    r"(?:\u300a(?P<article_title>[^\u300a\u300b]{1,120})\u300b[,\u3001.]?\s?(?:载于|载|見|见)?\s?(?=\u300a))?\u300a(?P<container_title>[^\u300a\u300b]{1,120})\u300b"
)
_AUTHOR_BEHIND = re.compile(r",?\s\(?by\s(?P<author>[^,()]{3,80})\)?,?\s")
# The form of APA: author (year). Title. Place: Publisher.
_AUTHOR_FIRST = re.compile(
    rf"(?P<author>[^()]{{3,200}}?)\.?\s\((?P<year>{YEAR})[a-z]?\)\.?\s(?P<container_title>.{{3,300}}?)\.\s(?P<place>[^.:]{{2,40}}):\s(?P<publisher>[^:\d]{{2,80}})"
)
_ANY_YEAR = re.compile(YEAR)
_SHORTEST_TITLE = 2
_TITLE_STOP = re.compile(r"(?<!\b\w)\.\s")


def read_book(value: Folded, _own: OperatorTables) -> Reading | None:
    """Read a book or a chapter by its imprint: place, publisher and year, with brackets or without."""
    if "\u300a" in value.key and (chinese := _CHINESE.match(value.key)):
        return _chinese(value, chinese)
    if " (" in value.key and ": " in value.key and (named_first := _AUTHOR_FIRST.fullmatch(value.key)):
        names = ("author", "year", "container_title", "place", "publisher")
        held = (
            each for name in names if named_first[name] for each in piece(name, value.text, *named_first.span(name))
        )
        return Reading(type="book", rule="book@3", confidence="inferred", pieces=tuple(held))
    imprint = _imprint(value.key)
    if imprint is None:
        return None
    pieces = [
        Piece(name, *imprint.span(name))
        for name in ("place", "publisher", "publisher_in_front", "year")
        if _held(imprint, name)
    ]
    pieces = [each._replace(name="publisher") if each.name == "publisher_in_front" else each for each in pieces]
    numbers = find_numbers(value.key[: imprint.start()])
    volume = numbers.get("volume", ())
    title_end = min([imprint.start(), *(each.start for each in volume)])
    behind = find_numbers(value.key[imprint.end() :])
    if not volume and "volume" in behind:
        volume = tuple(
            Piece(each.name, each.start + imprint.end(), each.end + imprint.end()) for each in behind["volume"]
        )
    title = _title(value, title_end)
    if not any(each.name == "container_title" for each in title):
        return None
    if any(each.name == "year" for each in title):
        # The year behind an author rules; that of the imprint is another's, of a reprint's.
        pieces = [each._replace(name="date") if each.name == "year" else each for each in pieces]
    pages = _pages(value.key, imprint.end())
    return Reading(
        type="book", rule="book@3", confidence="inferred",
        pieces=(*title, *volume, *pieces, Piece(MARK, *imprint.span()), *pages),
    )  # fmt: skip


def read_title_and_marked_pages(value: Folded, _own: OperatorTables) -> Reading | None:
    """Read a title of which only pages are told, by their mark."""
    pages = find_numbers(value.key).get("pages", ())
    if not pages or pages[0].start <= _SHORTEST_TITLE:
        return None
    start = min(each.start for each in pages)
    title = host_pieces(value.text, value.key, 0, start, book=True)
    if not any(each.name == "container_title" and each.end - each.start > _SHORTEST_TITLE for each in title):
        return None
    return Reading(type="book", rule="book@3", confidence="inferred", pieces=(*title, *pages))


def _title(value: Folded, end: int) -> tuple[Piece, ...]:
    if by := _AUTHOR_BEHIND.search(value.key[:end]):
        title = piece("container_title", value.text, 0, by.start())
        return (*title, *named("author", by)) if title else ()
    pieces = host_pieces(value.text, value.key, 0, end, book=True)
    return tuple(_without_people(value, each) for each in pieces)


def _without_people(value: Folded, title: Piece) -> Piece:
    """Cut a title before the sentences that are its authors' names."""
    if title.name != "container_title":
        return title
    held = value.key[title.start : title.end]
    stop = _TITLE_STOP.search(held)
    if stop and any(looks_like_person(words) for words in _TITLE_STOP.split(held[stop.end() :])):
        return Piece(title.name, title.start, title.start + stop.start())
    return title


def _pages(key: str, start: int) -> tuple[Piece, ...]:
    marked = find_numbers(key[start:]).get("pages", ())
    return tuple(Piece(each.name, each.start + start, each.end + start) for each in marked) or bare_pages(key, start)


def _imprint(key: str) -> re.Match[str] | None:
    if _ANY_YEAR.search(key) is None and "n.d." not in key:
        return None
    signs = (("(", _BRACKETED), (";", _SEMICOLON))
    told = (listed.pattern for listed in (_with_known_place(), _with_publisher()) if listed.stems.stand_in(key))
    patterns = [*(pattern for sign, pattern in signs if sign in key), *told]
    found = (match for pattern in patterns for match in pattern.finditer(key) if match.start() > _SHORTEST_TITLE)
    return max(found, key=lambda match: match.end(), default=None)


def _held(match: re.Match[str], name: str) -> bool:
    return name in match.re.groupindex and match[name] is not None


def _chinese(value: Folded, match: re.Match[str]) -> Reading:
    numbers = find_numbers(value.key[match.end() :])
    shifted = tuple(
        Piece(each.name, each.start + match.end(), each.end + match.end()) for held in numbers.values() for each in held
    )
    author = tuple(
        each
        for name in ("author", "article_title")
        if match[name]
        for each in piece(name, value.text, *match.span(name))
    )
    kind = "newspaper" if any(each.name == "date" for each in shifted) else "journal" if "issue" in numbers else "book"
    title = (
        Piece("container_title", *match.span("container_title")),
        Piece(MARK, match.start("container_title") - 1, match.end()),
    )
    return Reading(type=kind, rule="book@3", confidence="inferred", pieces=(*author, *title, *shifted))


@cache
def _with_known_place() -> Guarded:
    named = table("publications")["words"]["place_letters"]
    places = "|".join(sorted(named, key=len, reverse=True))
    pattern = re.compile(
        rf"(?:(?<=[.,]\s)(?P<publisher_in_front>{_UPPER}[^.,;:()]{{1,60}}),\s)?(?<![^\W_])(?P<place>(?:{places})(?:(?:\s?[;/&-]\s?|,\s)(?:{places}))?)(?:\s?:\s(?P<publisher>[^:;()]{{2,120}}?))?[.,]?\s(?:reprinted\s|©\s?|c)?(?P<year>{_YEARS})(?=\s*(?:[.,;:)\]]|\u0433\.|$))"
    )
    return Guarded(pattern, stems(named))


@cache
def _with_publisher() -> Guarded:
    named = table("publications")["words"]["publishers"]
    words = "|".join(named)
    pattern = re.compile(
        rf"[.,;]\s(?:(?P<place>{_UPPER}[^:.,;()]{{1,40}}):\s)?(?P<publisher>(?:{_UPPER})[^.;:()]{{0,60}}?(?<!\w)(?:(?i:{words}))(?!\w)\.?)(?:,\s[^\d,;()]{{2,40}})?[,;]?\s(?:reprinted\s)?(?P<year>{_YEARS})(?=\s*(?:[.,;:)]|$))"
    )
    return Guarded(pattern, stems(named))

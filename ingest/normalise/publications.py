"""Printed sources: journals and books, by the marks of volume, issue, year and pages."""

import re
from dataclasses import dataclass

from ingest.normalise.folding import Folded

_VOLUME = re.compile(
    r"(?<![\w.])(?:vol(?:ume)?|v|bd|band|tome|t|jg|god)\.?\s?(?P<volume>\d{1,4}|[IVXLC]{1,8})\b(?![\w/])", re.IGNORECASE
)
_ISSUE = re.compile(
    r"(?<![\w.])(?:no|nos|nr|núm|num|n|issues?|heft|№|вып|fasc)(?:\.\s?|\s|(?<=№))(?P<issue>\d{1,4}(?:\s?[-/]\s?\d{1,4})?)\b",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r",\s(?P<volume>\d{1,4})\s?\((?P<issue>\d{1,4}(?:[-/]\d{1,4})?)\)")
_YEAR = re.compile(
    r"\((?:[^\W\d_]{3,12}[.,]?\s){0,3}(?P<year>\d{4})(?:-\d{2}){0,2}(?:/\d{2,4})?\)|,\s(?P<plain>(?:1[5-9]|20)\d{2})(?=[,.:;)]|$)"
)
_PAGES = re.compile(
    r"(?:[;,]\s|\b(?:pp?|ss?|pages|págs?|str|стр|\u0441)\.?:?\s)(?P<pages>[A-Z]?-?\d{1,5}(?:\s?-\s?\d{1,5})?)(?=\s*(?:[,;.()]|$))",
    re.IGNORECASE,
)
_BOOK = re.compile(r"\((?P<place>[^\W\d_][^():]{1,60}):\s(?P<publisher>[^()]{2,80}),\s(?P<year>\d{4})\)")
_TITLE_AND_PAGES = re.compile(r"(?P<title>[^;]{3,200});\s?(?P<pages>\d{1,5}\s?-\s?\d{1,5})?")
_DEPOSITED = re.compile(
    r"(?P<title>[^;]{3,300}?), (?:(?P<volume>\d{1,4})(?:\((?P<issue>[\w/-]{1,12})\))?, )?"
    r"(?:(?P<pages>[A-Z]?\d{1,6}(?:\s?-\s?[A-Z]?\d{1,6})?), )?\((?P<year>\d{4})(?:-\d{2}){0,2}\)"
)
_YEAR_BEHIND = re.compile(r"[.,]\s(?P<year>\d{4})(?:-\d{2}){0,2}$")
_ENDS = " ,.;:()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A printed source, parsed."""

    type: str
    container_title: str | None = None
    volume: str | None = None
    issue: str | None = None
    year: str | None = None
    pages: str | None = None
    remainder: str | None = None


def parse_journal(value: Folded) -> Printed | None:
    """Read an issue of a journal: a volume or an issue, with a year or pages beside it."""
    bracketed = _BRACKETED.search(value.key)
    volume = bracketed or _VOLUME.search(value.key)
    issue = bracketed or _ISSUE.search(value.key)
    year = _YEAR.search(value.key)
    marks = [mark for mark in (volume, issue, year) if mark]
    pages = _last_pages(value, max((mark.end() for mark in marks), default=0)) if volume or issue else None
    if not (volume or issue) or not (year or pages or (volume and issue)):
        return None
    title = value.text[: min(mark.start() for mark in marks)].strip(_ENDS)
    behind = _YEAR_BEHIND.search(title)
    return Printed(
        type="journal",
        container_title=(title[: behind.start()] if behind else title).strip(_ENDS) or None,
        volume=volume["volume"] if volume else None,
        issue=_closed_up(issue["issue"]) if issue else None,
        year=(year["year"] or year["plain"]) if year else behind["year"] if behind else None,
        pages=_closed_up(value.text[slice(*pages.span("pages"))]) if pages else None,
        remainder=_left_over(value, [*marks, *([pages] if pages else [])]),
    )


def parse_deposited(value: Folded) -> Printed | None:
    """Read the form of a deposit: title, volume(issue), pages, (date), where all but title and date may be missing."""
    match = _DEPOSITED.fullmatch(value.key)
    if match is None:
        return None
    found = {name: value.text[slice(*match.span(name))] if match[name] else None for name in match.groupdict()}
    return Printed(
        type="journal",
        container_title=found["title"],
        volume=found["volume"],
        issue=found["issue"],
        year=found["year"],
        pages=_closed_up(found["pages"]) if found["pages"] else None,
    )


def parse_book(value: Folded) -> Printed | None:
    """Read a book: its title, and place, publisher and year in brackets behind it."""
    match = _BOOK.search(value.key)
    if match is None:
        return None
    pages = _last_pages(value, match.end())
    title = value.text[: match.start()].strip(_ENDS)
    return Printed(
        type="book",
        container_title=title.removeprefix("Published in ") or None,
        year=match["year"],
        pages=_closed_up(value.text[slice(*pages.span("pages"))]) if pages else None,
        remainder=f"{value.text[slice(*match.span('place'))]}: {value.text[slice(*match.span('publisher'))]}",
    )


def parse_title_and_pages(value: Folded) -> Printed | None:
    """Read what a journal system leaves when volume and issue are missing: a title, a semicolon, perhaps pages."""
    match = _TITLE_AND_PAGES.fullmatch(value.key)
    if match is None:
        return None
    title = value.text[slice(*match.span("title"))].strip(_ENDS)
    pages = _closed_up(value.text[slice(*match.span("pages"))]) if match["pages"] else None
    return Printed(type="journal", container_title=title, pages=pages)


def _last_pages(value: Folded, start: int) -> re.Match[str] | None:
    found = None
    for match in _PAGES.finditer(value.key, start):
        found = match
    between = re.search(r",\s(?P<pages>\d{1,5}\s?-\s?\d{1,5}),\s\(", value.key)
    return found or between


def _left_over(value: Folded, marks: list[re.Match[str]]) -> str | None:
    """Return what stands between and behind the marks: an issue's title, mostly."""
    pieces, position = [], min(mark.start() for mark in marks)
    for mark in sorted(marks, key=lambda found: found.start()):
        pieces.append(value.text[position : mark.start()].strip(_ENDS))
        position = max(position, mark.end())
    pieces.append(value.text[position:].strip(_ENDS))
    return "; ".join(piece for piece in pieces if piece) or None


def _closed_up(pages: str) -> str:
    return re.sub(r"\s?([-\u2010-\u2015])\s?", r"\1", pages).strip()

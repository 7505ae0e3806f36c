"""Periodicals: journals, newspapers and series of papers, by the marks of volume, issue, year and pages."""

import re
from functools import cache, lru_cache

from ingest.normalise.archives import is_known_place
from ingest.normalise.folding import Folded
from ingest.normalise.patterns import late
from ingest.normalise.publication_titles import host_pieces, imprint_of
from ingest.normalise.source_number_forms import YEAR
from ingest.normalise.source_numbers import bare_pages, date_of, find_numbers
from ingest.normalise.source_pieces import MARK, Piece, Reading, named, part_of, piece
from ingest.normalise.source_words import Words, words, words_of
from ingest.normalise.vocabularies import table
from ingest.operator_tables import NO_TABLES, OperatorTables

_DIGIT = re.compile(r"\d")
# The form of a deposit (Zenodo): title, volume(issue), pages, (date); all but title and date may be missing.
_DEPOSITED = re.compile(
    rf"(?P<container_title>[^;]{{3,400}}?),\s(?:(?P<volume>[\w.]{{1,12}})(?:\((?P<issue>[^()]{{1,20}})\))?,\s)?"
    rf"(?:(?P<pages>[A-Za-z]{{0,3}}\d{{1,7}}(?:\s?-\s?[A-Za-z]{{0,3}}\d{{1,7}})?),\s)?\((?P<date>(?P<year>{YEAR})(?:-\d{{2}}){{0,2}})\)"
)
_PART_OF = re.compile(r"^(?P<article_title>[^;]{3,300}?\s)?pp\.\s(?P<pages>\d{1,6}\s?-\s?\d{1,6})\sin\s(?=\S)")
_TITLE_AND_PAGES = re.compile(
    r"(?P<container_title>[^;]{3,300});\s?(?P<pages>[A-Z]?\d{1,6}(?:\s?-\s?[A-Z]?\d{1,6})?)?\s*"
)
_PAGES_ALONE = re.compile(r"pages?\s(?P<pages>\d{1,6}(?:\s?-\s?\d{1,6})?)(?=\s?(?:[|.,;]|$))", re.IGNORECASE)
# The form of APA: author (year). Article. Host, volume(issue), pages.
_CITED = re.compile(
    rf"(?P<author>[^()]{{3,200}}?)\.?\s\((?P<year>{YEAR})[a-z]?(?:,\s[^()]{{1,20}})?\)\.?\s(?P<article_title>.{{3,400}}?[.?!])\s(?P<container_title>[^.?!]{{3,160}}),\s"
    rf"(?P<volume>\d{{1,4}})(?:\s?\((?P<issue>[^()]{{1,15}})\))?(?:,\s(?P<pages>[A-Za-z]?\d{{1,7}}(?:\s?-\s?[A-Za-z]?\d{{1,7}})?))?(?=\s?(?:[.,;]|$))"
)
_SERIES_AND_NUMBER = late(
    r"(?P<container_title>[^;]{3,200}?)(?:\s?;\s|,?\s)(?:(?:nos?|nr|number|vol|v)\.?\s?|\#)?(?P<issue>(?-i:[A-Z]{0,8})[\s-]?\d[\w/-]{0,20}(?:\.\d{1,4})?)\.?",
    re.IGNORECASE,
)
_NEWSPAPER_PAGE = late(
    r"[,.;]\s(?:p\.?\s|page\s|s\.\s|\u0441\.\s)?(?P<pages>[A-Z]?-?\d{1,3}(?:\s?-\s?[A-Z]?-?\d{1,3})?)\.?$",
    re.IGNORECASE,
)
_SERIES = frozenset({"series", "serie", "reihe"})
# A title in the brackets of Chinese titles; a number in them is an issue.
_CHINESE_TITLE = re.compile(r"\u300a(?!\d)")
_DOCUMENT = late(r"\b(?:doc|dok|document|dokument|документ|док)s?\.?\s(?:no\.?\s|nr\.?\s|№\s?)?\d", re.IGNORECASE)
_PLACE_BEHIND = re.compile(r"\s\([^()\d]{2,40}\)\W*$")
_COUNTED = re.compile(r"\bvol|\bno\.?\s\d|\d\s?\(\d", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2}")
# What may stand between the year of a periodical and its volume.
_SERIES_BETWEEN = late(
    r"[\s,.;]{1,3}(?:seria|s[eé]ries?|ser\.|reihe|folge|rocznik|rok|ann[eé]e|anno|tome|tom)\s[\w.]{1,8}[\s,.;]{1,3}",
    re.IGNORECASE,
)
# The form of library catalogues: a newspaper, its place, and the year in which it began.
_UNIFORM_TITLE = late(rf"[^()]{{3,120}}\s\([^\W\d_][^():\d]{{2,60}}\s?:\s{YEAR}(?:-(?:{YEAR})?)?\)\.?")
_COLON = re.compile(r"\s?:\s")
_EXTENT = late(r"\b\d{1,4}\s?(?:p|pp|pages|s|leaves|vols?|cm|mm)\.?(?=\s*(?:[;:,(]|$))", re.IGNORECASE)


def read_periodical(value: Folded, _own: OperatorTables) -> Reading | None:
    """Read an issue or an article of a journal, newspaper or series of papers."""
    if _DIGIT.search(value.key) is None or _CHINESE_TITLE.search(value.key) or imprint_of(value.key):
        return None
    return _in_a_form(value) or _numbered(value)


def _in_a_form(value: Folded) -> Reading | None:
    """Read what is written in one of the common forms; each is tried only where its sign stands."""
    key = value.key
    if "pp. " in key and (part := _PART_OF.match(key)):
        return _part_of(value, part)
    if key.endswith(")") and (deposited := _DEPOSITED.fullmatch(key)):
        return _deposited(value, deposited)
    if key.endswith((")", ").")) and _UNIFORM_TITLE.fullmatch(key):
        return Reading("newspaper", "journal@3", "inferred", piece("container_title", value.text, 0, len(key)))
    if " (" in key and (cited := _CITED.match(key)):
        return _cited(value, cited)
    if (" ; " in key or is_series(key)) and (series := _SERIES_AND_NUMBER.fullmatch(key)):
        return _in_series(value, series)
    return None


def read_dangling(value: Folded, _own: OperatorTables) -> Reading | None:
    """Read what a journal system leaves where volume and issue are missing: a title, a semicolon, perhaps pages."""
    match = _TITLE_AND_PAGES.fullmatch(value.key)
    if match is None:
        return None
    pieces = (*piece("container_title", value.text, *match.span("container_title")), *named("pages", match)[:1])
    return Reading(type="journal", rule="journal@3", confidence="inferred", pieces=pieces)


def read_pages(value: Folded, _own: OperatorTables) -> Reading | None:
    """Read pages that stand alone, with nothing but a date beside them."""
    match = _PAGES_ALONE.match(value.key)
    if match is None:
        return None
    pieces = (*named("pages", match), *date_of(value.key))
    return Reading(type="journal", rule="pages@1", confidence="inferred", pieces=pieces)


def _deposited(value: Folded, match: re.Match[str]) -> Reading:
    names = ("container_title", "volume", "issue", "pages", "date", "year")
    pieces = tuple(Piece(name, *match.span(name)) for name in names if match[name])
    return Reading(type=_type(value.key, dated=False), rule="journal@3", confidence="named", pieces=pieces)


def _cited(value: Folded, match: re.Match[str]) -> Reading:
    names = ("author", "year", "article_title", "container_title", "volume", "issue", "pages")
    pieces = tuple(each for name in names if match[name] for each in piece(name, value.text, *match.span(name)))
    return Reading(type="journal", rule="journal@3", confidence="inferred", pieces=pieces)


def _in_series(value: Folded, match: re.Match[str]) -> Reading | None:
    """Read a series of papers and the number of one: where the series says what it is, or a semicolon parts them."""
    spelt = is_series(match["container_title"]) or (
        " ; " in value.key and is_periodical(match["container_title"]) and match["issue"].isdigit()
    )
    if "pages" in find_numbers(value.key):
        return None
    if not spelt and not (" ; " in value.key and not _SERIES.isdisjoint(words_of(value.low))):
        return None
    pieces = (
        *piece("container_title", value.text, *match.span("container_title")),
        Piece("issue", *match.span("issue")),
        Piece(MARK, match.end("container_title"), match.end()),
    )
    return Reading(type="paper-series", rule="paper-series@2", confidence="inferred", pieces=pieces)


def _part_of(value: Folded, match: re.Match[str]) -> Reading | None:
    rest = part_of(value, match.end())
    host = read_periodical(rest, NO_TABLES)
    if host is None:
        return None
    shifted = tuple(
        Piece("host_pages" if each.name == "pages" else each.name, each.start + match.end(), each.end + match.end())
        for each in host.pieces
    )
    title = piece("article_title", value.text, *match.span("article_title")) if match["article_title"] else ()
    pages = (Piece("pages", *match.span("pages")), Piece(MARK, match.start("pages") - 4, match.end()))
    return Reading(type=host.type, rule=host.rule, confidence=host.confidence, pieces=(*title, *pages, *shifted))


def _numbered(value: Folded) -> Reading | None:
    found = find_numbers(value.key)
    if not found:
        return None
    counted = [each.end for name in ("volume", "issue") for each in found.get(name, ())]
    if "pages" not in found and counted:
        behind = max(counted)
        found |= {"pages": pages} if (pages := bare_pages(value.key, behind)) else {}
    dated = any(each.name == "date" for each in found.get("year", ()))
    if (
        dated
        and "pages" not in found
        and (page := _NEWSPAPER_PAGE.search(value.key, min(each.end for each in found["year"])))
    ):
        found["pages"] = named("pages", page)
    if not _is_periodical(value.key, found, dated=dated):
        return None
    first = _first_mark(value.key, found)
    title = _without_place(value, host_pieces(value.text, value.key, 0, first, book=False)) if first else ()
    if not title and not (
        {"volume", "issue"} <= set(found) or ({"volume", "issue"} & set(found) and {"year", "pages"} & set(found))
    ):
        return None
    pieces = (*title, *(each for held in found.values() for each in held), *_issue_title(value, found))
    return Reading(
        type=_type(value.key, dated=dated and not {"volume", "issue"} & set(found)),
        rule="journal@3",
        confidence="inferred",
        pieces=pieces,
    )


def _without_place(value: Folded, title: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """Cut the place of a periodical off its title, as Brazilian citations write it behind a comma."""
    if not title or title[-1].name != "container_title":
        return title
    name, start, end = title[-1]
    comma = value.key.rfind(", ", start, end)
    if comma < 0 or " " not in value.key[start:comma] or not is_known_place(value.key[comma + 2 : end]):
        return title
    return (*title[:-1], Piece(name, start, comma), Piece("place", comma + 2, end))


def _first_mark(key: str, found: dict[str, tuple[Piece, ...]]) -> int:
    """Return where the numbers begin: a year before them belongs to the words where other words stand between."""
    counted = [each.start for name, pieces in found.items() if name != "year" for each in pieces]
    year = found.get("year", ())
    if not counted or not year:
        return min([*counted, *(each.start for each in year)])
    anchor, end = min(counted), max(each.end for each in year)
    if end <= anchor and (not _LETTERS.search(key, end, anchor) or _SERIES_BETWEEN.fullmatch(key, end, anchor)):
        return min(each.start for each in year)
    return anchor


def _is_periodical(key: str, found: dict[str, tuple[Piece, ...]], *, dated: bool) -> bool:
    """Tell by a volume or issue with something beside it, a date behind a title, or a series and its number."""
    counted = [name for name in ("volume", "issue") if name in found]
    if counted and (len(counted) > 1 or "year" in found or "pages" in found):
        return True
    if ("issue" in found and is_series(key)) or ("volume" in found and _DOCUMENT.search(key)):
        return True
    if not dated or found["year"][0].start == 0:
        return False
    before = key[: found["year"][1].start]
    return "pages" in found or is_periodical(before) or is_title(_PLACE_BEHIND.sub("", before).strip(" ,.;"))


def _issue_title(value: Folded, found: dict[str, tuple[Piece, ...]]) -> tuple[Piece, ...]:
    """Read the title of an issue: between the colon behind its numbers and the pages."""
    if "volume" not in found and "issue" not in found:
        return ()
    start = max(each.end for name in ("volume", "issue", "year") for each in found.get(name, ()))
    colon = _COLON.match(value.key, start)
    if colon is None:
        return ()
    stop = min((each.start for each in found.get("pages", ()) if each.start >= start), default=len(value.key))
    return piece("issue_title", value.text, colon.end(), stop)


def _type(key: str, *, dated: bool) -> str:
    if is_series(key):
        return "paper-series"
    return "newspaper" if dated and not _COUNTED.search(key) else "journal"


def is_title(text: str) -> bool:
    """Tell whether a text is the title of a periodical that no head tells."""
    return _titles().fullmatch(text) is not None


@lru_cache(maxsize=64)
def is_series(key: str) -> bool:
    """Tell whether the name of a series of papers stands in a text."""
    return _series().search(key) is not None


def is_periodical(key: str) -> bool:
    """Tell whether a word that heads the names of periodicals stands in a text."""
    return _periodicals().search(key) is not None


@cache
def _titles() -> re.Pattern[str]:
    return re.compile("|".join(table("publications")["words"]["titles"]), re.IGNORECASE)


@cache
def _series() -> Words:
    return words(table("publications")["words"]["series"])


@cache
def _periodicals() -> Words:
    return words(table("publications")["words"]["periodicals"])

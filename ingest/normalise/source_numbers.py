"""The numbers of a printed source: volume, issue, year, date and pages, by their marks and by where they stand."""

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache

from ingest.normalise.folding import small_letters
from ingest.normalise.patterns import late
from ingest.normalise.source_number_forms import COMPACT, NUMBER, YEAR, YEARS, first_signs, shape_of
from ingest.normalise.source_pieces import MARK, Piece
from ingest.normalise.source_words import words_of
from ingest.normalise.vocabularies import table

# A mark, and the number behind it.
_MARK_WORD = re.compile(r"[^\W\d_]+[º°'\u05f3]?|\u2116{1,2}|#")
_NUMBER_BEHIND = re.compile(
    rf"\.?[º°]?\s?[:;]?\s?(?P<number>{NUMBER}|[IVXLC]{{1,8}}(?![^\W_]))(?![^\W_])(?P<brackets>\s\((?!{YEAR}\))\d{{1,4}}\))?"
)
_BEHIND = late(
    r"(?P<number>[第제\d](?:(?<=\d)(?:(?<![\w/].)|(?<=[年卷권第제].))|(?<=\D)\s?\d)\d{0,4}(?:\s?[-\u301c~]\s?\d{1,5})?)\.?(?:(?:e|\u00e8me|\u00ba|\u00aa)(?=\s))?\s?(?P<mark>[\u3040-\u30ff]{1,4}|[\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]{1,8}(?=\.|\s|,|$))"
)
_MARK_BEFORE = re.compile(r"(?P<mark>(?<![^\W_])[^\W\d_]{1,12}[º°]?|№|\#)\.?[º°]?\s?$")
_YEAR = re.compile(
    rf"\((?:[^()]{{0,30}}[\s/,.:-])?(?P<bracketed>{YEARS})(?:[-/.]\d{{1,2}}){{0,2}}[^()\d]{{0,20}}\)|(?<=[,.;:-]\s)(?P<plain>{YEARS})(?:/\d(?!\d))?(?=\s?(?:[,.:;)\]]|$)|\s(?:\u0433|\u0440|\u0433\u043e\u0434|\u2116|no|nr)\b)|^(?P<first>{YEAR})(?=[,.;])|(?<=[^\W\d_]\s)(?P<last>{YEAR})(?=\s?(?:[,.;)]|$))"
)
_ARTICLE_NUMBER = ("article ", "Article ", "Art. ", "art. ")
"""What stands before "number" where the number is that of an article, which takes the place of its pages."""
_ANY_YEAR = re.compile(YEAR)
_NUMBER_BEFORE = re.compile(r"(?<![\d(-])\d{1,3}\.?(?:e|\u00e8me)?\s?$")
_LONGEST_BEFORE = 12
"""Characters before a mark in which its number stands, where it stands there."""
_YEAR_BEHIND_STROKE = re.compile(rf"/{YEAR}$")
# A digit, or what may end a Roman number: without one nothing is counted.
_COUNTS = re.compile(r"[\dIVXLC](?:(?<=\d)|(?![^\W_]))")
_DATE_SIGNS = ("0-0000", "0.0", "0. 0", "0000-00", "0/0", "\u5e74", "\ub144")
_DATE_IN_NUMBERS = late(
    rf"(?<![\d-])\d{{1,2}}-\d{{1,2}}-(?P<y0>{YEAR})(?![\d-])"
    rf"|(?<![\d.])\d{{1,2}}\.\s?\d{{1,2}}\.\s?(?P<y4>{YEAR})(?!\d)"
    rf"|\(?(?<![\d-])(?P<y5>{YEAR})-\d{{2}}(?:-\d{{2}})?(?![\d-])\)?"
    rf"|(?P<y6>{YEAR})\s?年\s?\d{{1,2}}\s?月(?:\s?\d{{1,2}}\s?日)?"
    rf"|(?P<y7>{YEAR})\s?년\s?\d{{1,2}}\s?월(?:\s?\d{{1,2}}\s?일)?"
    rf"|(?<![\d/])\d{{1,2}}/\d{{1,2}}/(?P<y8>{YEAR})(?![\d/])"
)
_LETTERS = re.compile(r"[^\W\d_]{2,}")
_MONTH = 3
"""Letters by which a month is told, before its pattern is asked."""
_LONGEST_IN_NUMBERS = 12
_LONGEST_DATE = 60
"""Characters before its year in which a date begins that names its month; of one in numbers, the other."""
_PAGES_BEHIND = re.compile(
    r"(?:[;:,/]\s?)(?P<pages>(?<!\d)[A-Za-z]?-?\d{1,7}(?:\s?-\s?[A-Z]?-?\d{1,7})?(?:,\s?\d{1,5}\s?-\s?\d{1,5})?|[ivxlc]{1,7}-[ivxlc]{1,7})(?=\s*(?:[,;.()\[]|$))"
)


def find_numbers(key: str) -> dict[str, tuple[Piece, ...]]:
    """Return the first volume, issue, year and date of a text and its last pages, each with its mark."""
    return dict(_numbers(key))


@lru_cache(maxsize=64)
def _numbers(key: str) -> Mapping[str, tuple[Piece, ...]]:
    found: dict[str, tuple[Piece, ...]] = {}
    shape = shape_of(key)
    if "0" not in shape and not _COUNTS.search(key):
        return found
    for place, start in first_signs(shape):
        pattern = COMPACT[place]
        match = pattern.search(key, start)
        if match and not _is_marked(key, match.start()):
            whole = Piece(MARK, _start_of_mark(key, match.start()), match.end())
            found |= {name: (Piece(name, *match.span(name)), whole) for name in pattern.groupindex if match[name]}
            break
    if "year" not in found and (date := date_of(key)):
        found["year"] = date
    for pieces in (*_marked(key), *_behind(key)):
        kind = pieces[0].name
        if kind not in found or (kind == "pages" and pieces[0].start > found[kind][0].start):
            found[kind] = pieces
    if "year" not in found and _ANY_YEAR.search(key) and (year := _year(key, found)):
        found["year"] = year
    return found


def _is_marked(key: str, start: int) -> bool:
    """Tell whether a number has a mark of its own, by which it is read; a volume's may open a compact form."""
    before = _MARK_BEFORE.search(key, max(0, start - 16), start)
    kind = _kinds("volume", "issue", "pages").get(before["mark"].casefold()) if before else None
    return kind is not None and kind != "volume"


def _start_of_mark(key: str, start: int) -> int:
    before = _MARK_BEFORE.search(key, max(0, start - 16), start)
    return before.start() if before and before["mark"].casefold() in _kinds("volume") else start


def bare_pages(key: str, start: int) -> tuple[Piece, ...]:
    """Return the last pages that stand without a mark, behind the other numbers."""
    found = None
    for match in _PAGES_BEHIND.finditer(key, max(0, start - 1)):
        if not _is_year(match["pages"]):
            found = match
    return (Piece("pages", *found.span("pages")), Piece(MARK, *found.span())) if found else ()


def date_of(key: str) -> tuple[Piece, ...]:
    """Return the year of the first date that is written out, the whole date being its mark."""
    year = _ANY_YEAR.search(key)
    match = _first_date(small_letters(key), year.start()) if year else None
    if match is None:
        return ()
    group = str(match.lastgroup)
    return Piece("year", *match.span(group)), Piece("date", *match.span())


def _first_date(low: str, year: int) -> re.Match[str] | None:
    """Find the first date; of the words before the first year, a month's is one."""
    begin = max(0, year - _LONGEST_DATE)
    named = any(word[:_MONTH] in _months() for word in _LETTERS.findall(low, begin))
    in_words = _date_in_words().search(low, begin) if named else None
    shape = shape_of(low)
    signed = any(map(shape.__contains__, _DATE_SIGNS))
    in_numbers = _DATE_IN_NUMBERS.search(low, max(0, year - _LONGEST_IN_NUMBERS)) if signed else None
    found = [match for match in (in_words, in_numbers) if match]
    return min(found, key=lambda match: match.start(), default=None)


def _year(key: str, found: Mapping[str, tuple[Piece, ...]]) -> tuple[Piece, ...]:
    taken = [(each.start, each.end) for pieces in found.values() for each in pieces if each.name != MARK]
    for match in _YEAR.finditer(small_letters(key)):
        group = str(match.lastgroup)
        start, end = match.span(group)
        if all(end <= first or start >= last for first, last in taken):
            return Piece("year", start, end), Piece(MARK, *match.span())
    return ()


def _marked(key: str) -> Iterator[tuple[Piece, ...]]:
    kinds = _kinds("volume", "issue", "pages")
    if key.isascii() and "#" not in key and kinds.keys().isdisjoint(words_of(key.casefold())):
        return
    either = _kinds("behind_volume", "behind_issue")
    position = 0
    for mark in _MARK_WORD.finditer(key):
        kind = kinds.get(mark.group().casefold())
        if kind is None or mark.start() < position or key[mark.start() - 1 : mark.start()].isdigit():
            continue
        if mark.group().casefold() in either and _NUMBER_BEFORE.search(
            key, max(position, mark.start() - _LONGEST_BEFORE), mark.start()
        ):
            # Its number stands before it: "141. évf. 3. sz."
            continue
        match = _NUMBER_BEHIND.match(key, mark.end())
        if match is None:
            continue
        position = match.end()
        if kind == "issue" and key[: mark.start()].endswith(_ARTICLE_NUMBER):
            kind = "pages"
        if not _is_initial(mark, match) and not (kind == "volume" and _is_year(match["number"])):
            yield from _counted(kind, mark.start(), match)


def _counted(kind: str, start_of_mark: int, match: re.Match[str]) -> Iterator[tuple[Piece, ...]]:
    """Give what stands behind a mark: its number, and a year that a stroke parts from it."""
    (start, end), whole_end = match.span("number"), match.end()
    if kind == "issue" and match["brackets"]:
        end = match.end()
    if kind != "pages" and "," in match["number"]:
        # What stands behind the comma are pages, without a mark.
        end = whole_end = start + match["number"].index(",")
    if kind != "pages" and "/" in match["number"] and _YEAR_BEHIND_STROKE.search(match["number"]):
        split = start + match["number"].rindex("/")
        yield Piece("year", split + 1, end), Piece(MARK, start_of_mark, match.end())
        end = split
    yield Piece(kind, start, end), Piece(MARK, start_of_mark, whole_end)


def _is_initial(mark: re.Match[str], number: re.Match[str]) -> bool:
    """Tell the initials of a name, and a letter of a code, from a mark of one letter: "T.V.", "C4"."""
    if len(mark.group()) > 1 or not mark.group().isupper():
        return False
    between = mark.string[mark.end() : number.end()]
    return between[0] != "." or (number["number"].isalpha() and between[1] != " ")


def _is_year(number: str) -> bool:
    return _ANY_YEAR.fullmatch(number) is not None


def _behind(key: str) -> Iterator[tuple[Piece, ...]]:
    kinds = _kinds("behind_volume", "behind_issue", "behind_pages", "behind_year")
    if key.isascii() and kinds.keys().isdisjoint(words_of(key.casefold())):
        return
    for match in _BEHIND.finditer(key):
        kind = kinds.get(match["mark"].casefold(), "").removeprefix("behind_")
        number = match["number"].lstrip("第제 ")
        if kind and (kind != "year" or _is_year(number)):
            yield Piece(kind, match.end("number") - len(number), match.end("number")), Piece(MARK, *match.span())


@cache
def _kinds(*names: str) -> Mapping[str, str]:
    marks = table("publications")["marks"]
    found: dict[str, str] = {}
    for name in names:
        for word in marks[name]:
            found.setdefault(word.casefold(), name)
    return found


@cache
def _months() -> frozenset[str]:
    return frozenset(month[:_MONTH] for month in table("publications")["words"]["months"])


@cache
def _date_in_words() -> re.Pattern[str]:
    month = rf"(?:{'|'.join(table('publications')['words']['months'])})[^\W\d_]{{0,9}}\.?"
    return re.compile(
        rf"\(?\d{{1,2}}\.?(?:\s?[-/]\s?\d{{1,2}}\.?)?\s(?:de\s|d')?{month}\s(?:de\s|del\s)?(?P<y1>{YEAR})(?:\s?(?:\u0433|\u0440|r|g)\.)?\)?"
        rf"|\(?(?<![^\W_]){month}\s\d{{1,2}}(?:st|nd|rd|th)?(?:\s?-\s?\d{{1,2}})?,?\s(?P<y2>{YEAR})\)?"
        rf"|(?<!\d)(?P<y9>{YEAR})\.?,?\s(?:{month}\s\d{{1,2}}\b\.?|\d{{1,2}}\s{month}(?!\s{YEAR}))"
        rf"|\(?(?<![^\W_]){month}(?:\s?[-/]\s?{month})?,?\s(?:de\s)?(?P<y3>{YEAR}(?:/\d{{2,4}})?)\)?"
    )

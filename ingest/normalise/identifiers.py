"""ISSN, ISBN, DOI, handle, ARK, URN and URL: recognised by form, believed only where the check digit agrees."""

import re
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import NamedTuple

from ingest.normalise.patterns import late

_SHAPE = str.maketrans(
    {**dict.fromkeys("123456789", "0"), **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015", "-")}
)
"""Every digit as 0 and every dash as a hyphen: what a number looks like."""
_SHAPE_OF_ASCII = bytes.maketrans(b"123456789", b"000000000")
_HYPHENS = 2
"""In an ISBN of ten digits that is told by nothing else, at least."""
_DATE = "0000-00-00"
_ISSN_SHAPE = re.compile(r"0000-000[0Xx](?![\w-])")
_STEMS = ("hdl:", "info:hdl/", "urn:", "ark:", "(dlc", "(ocolc", "(de-", "(oclc", "lccn:", "oclc:")
_URL = re.compile(r"(?:(?<![^\W_])(?:https?|ftp)://|(?<![\w.])www\.(?=\w))[^\s<>\"\]|]{1,2000}", re.IGNORECASE)
# A value that is the address of a file and nothing else: names of files hold blanks and brackets.
_FILE_ADDRESS = re.compile(
    r"(?:https?|ftp)://[^\s<>\"|]{1,500}(?: [^\s<>\"|:]{1,100}){0,30}"
    r"\.(?:pdf|docx?|pptx?|xlsx?|html?|txt|jpe?g|tiff?|zip)",
    re.IGNORECASE,
)
_DOI = re.compile(
    r"(?:\bdoi\s?[:=]?\s?)?(?:https?://(?:dx\.)?doi\.org/(?:doi:)?|\bdoi:|info:doi/|info:eu-repo/semantics/altIdentifier/doi/|(?<![\w./]))(?P<doi>10\.\d{4,9}/[^\s\"<>\[\]|]{1,300})",
    re.IGNORECASE,
)
_ISSN = late(
    r"(?:(?P<label>(?:\burn:issn:|\binfo:eu-repo/semantics/altIdentifier/[pe]?issn/|"
    r"\b(?:[pe]-?|l-?)?issn(?:-l)?\b(?:\s?\((?:print|online|electronic|impresso|en línea|e|p)\))?)\s?[:.]?\s?)|"
    r"(?<![\w-]))"
    r"(?P<issn>\d{4}[-\u2010-\u2015]?\d{3}[\dX])(?![\w-])(?:\s?\((?:print|online|electronic|web|impresso|[pe])\))?",
    re.IGNORECASE,
)
_ISBN = re.compile(
    r"(?:(?P<label>(?:\burn:isbn:|\binfo:eu-repo/semantics/altIdentifier/isbn/|\be?-?isbn(?:-?1[03])?\b)\s?[:.]?\s?)|(?<![\w-]))"
    r"(?P<isbn>(?:97[89][-\u2010-\u2015 ]?)?\d(?:[-\u2010-\u2015 ]?\d){8}[-\u2010-\u2015 ]?[\dX])(?![\w-])",
    re.IGNORECASE,
)
_HANDLE = late(r"\b(?:hdl:\s?|info:hdl/)(?P<handle>\d[\w.]{1,20}/[^\s\"<>\[\]|]{1,200})", re.IGNORECASE)
_URN = late(r"\b(?P<urn>urn:(?!issn|isbn)[a-z0-9][a-z0-9-]{1,31}:[^\s\"<>\[\]|]{1,300})", re.IGNORECASE)
_ARK = re.compile(r"(?<![\w/])(?P<ark>ark:/?\d{5,9}/[^\s\"<>\[\]|]{1,200})", re.IGNORECASE)
_CONTROL = late(
    r"(?:\((?:DLC|OCoLC|DE-\d{1,5}|OCLC)\)\s?|\b(?:LCCN|OCLC):\s?)(?P<control_number>[a-z]{0,3}\s{0,3}\d{4,12})",
    re.IGNORECASE,
)
_HANDLE_RESOLVER = re.compile(r"https?://hdl\.handle\.net/(?P<handle>[^\s?#]+)", re.IGNORECASE)
_TRAILING = ".,;:>]'\u201d\u2019"
_PUNCTUATION = late(r"[-\u2010-\u2015 ]")
_MOST = 100
"""Identifiers that are taken out of one text: what lists more stays in it."""
_LONGEST_ARTICLE = 100
"""Pages of an article, so far as a range of them may be taken for an ISSN."""
_ISBN_10 = 10
_FIRST_YEAR, _LAST_YEAR = "1400", "2099"


_START = itemgetter(2)


class Identifier(NamedTuple):
    """An identifier in a text: its scheme, its value in the form that is kept, and where it stands with its label."""

    scheme: str
    value: str
    start: int
    end: int


def find_identifiers(text: str) -> tuple[Identifier, ...]:
    """Return the identifiers of a text in order; what only looks like one (a range of years) is left out."""
    found: list[Identifier] = []
    for candidates in _candidates(text):
        for each in candidates(text):
            if len(found) == _MOST:
                break
            if all(each.end <= other.start or each.start >= other.end for other in found):
                found.append(each)
    return tuple(sorted(found, key=_START)) if found else ()


def _candidates(text: str) -> Iterator[Callable[[str], Iterator[Identifier]]]:
    """Give the schemes of which a text holds a stem: most texts hold none."""
    lowered = text.casefold()
    if "10." in text:
        yield _dois
    if "://" in text or "www." in lowered:
        yield _urls
    if (":" in text or "(" in text) and any(map(lowered.__contains__, _STEMS)):
        yield _others
    shape = _shape(text) if "-" in text or not text.isascii() else ""
    if "issn" in lowered or (shape and _ISSN_SHAPE.search(shape)):
        yield _issns
    # Without a label, ten digits are an ISBN only where hyphens part them.
    if "isbn" in lowered or "978" in text or "979" in text or shape.replace(_DATE, "").count("-") >= _HYPHENS:
        yield _isbns


def _shape(text: str) -> str:
    if text.isascii():
        return text.encode("ascii").translate(_SHAPE_OF_ASCII).decode("ascii")
    return text.translate(_SHAPE)


def checked(scheme: str, written: str) -> str | None:
    """Return an identifier that a format gives apart, in the form that is kept; None where it is not of its scheme."""
    found = find_identifiers(written.strip())
    return next((each.value for each in found if each.scheme == scheme), None)


def _dois(text: str) -> Iterator[Identifier]:
    for match in _DOI.finditer(text):
        value = _untrailed(match["doi"])
        yield Identifier("doi", value, match.start(), match.start("doi") + len(value))


def _urls(text: str) -> Iterator[Identifier]:
    if text.count("://") == 1 and _FILE_ADDRESS.fullmatch(text):
        yield Identifier("url", text, 0, len(text))
        return
    for match in _URL.finditer(text):
        value = _untrailed(match.group())
        yield Identifier("url", value, match.start(), match.start() + len(value))


def _others(text: str) -> Iterator[Identifier]:
    for pattern in (_HANDLE, _URN, _ARK, _CONTROL):
        for match in pattern.finditer(text):
            scheme = str(match.lastgroup)
            value = _untrailed(match[scheme])
            yield Identifier(scheme, value, match.start(), match.start(scheme) + len(value))


def _issns(text: str) -> Iterator[Identifier]:
    for match in _ISSN.finditer(text):
        digits = _PUNCTUATION.sub("", match["issn"]).upper()
        hyphened = len(digits) < len(match["issn"])
        if (match["label"] or (hyphened and not _is_years(digits) and not _is_pages(digits))) and _issn_holds(digits):
            yield Identifier("issn", f"{digits[:4]}-{digits[4:]}", *match.span())


def _is_years(digits: str) -> bool:
    """Tell a range of years, which may pass the check by chance: without a label it is no ISSN."""
    return _FIRST_YEAR <= digits[:4] < digits[4:] <= _LAST_YEAR


def _is_pages(digits: str) -> bool:
    """Tell a range of pages, which may pass the check by chance: its numbers are near one another."""
    return digits.isdigit() and digits[0] != "0" and 0 < int(digits[4:]) - int(digits[:4]) <= _LONGEST_ARTICLE


def _isbns(text: str) -> Iterator[Identifier]:
    for match in _ISBN.finditer(text):
        digits = _PUNCTUATION.sub("", match["isbn"]).upper()
        if (match["label"] or _looks_like_isbn(match["isbn"])) and _isbn_holds(digits):
            yield Identifier("isbn", digits, *match.span())


def _looks_like_isbn(written: str) -> bool:
    """Ten bare digits may be any number; thirteen, or groups with hyphens, are written by nobody else."""
    return written[:3] in {"978", "979"} or (not written.isalnum() and " " not in written)


def handle_of(url: str) -> str | None:
    """Return the handle of a resolver's address, or None."""
    match = _HANDLE_RESOLVER.match(url)
    return match["handle"] if match else None


def _untrailed(written: str) -> str:
    """Cut the punctuation of the sentence off, and a closing bracket that was opened before the identifier."""
    while written and (written[-1] in _TRAILING or (written[-1] == ")" and written.count("(") < written.count(")"))):
        written = written[:-1]
    return written


def _issn_holds(digits: str) -> bool:
    total = sum(_digit(char) * weight for char, weight in zip(digits, range(8, 0, -1), strict=True))
    return total % 11 == 0


def _isbn_holds(isbn: str) -> bool:
    digits = [_digit(char) for char in isbn]
    if len(digits) == _ISBN_10:
        return sum(digit * weight for digit, weight in zip(digits, range(10, 0, -1), strict=True)) % 11 == 0
    return sum(digit * (1, 3)[place % 2] for place, digit in enumerate(digits)) % 10 == 0


def _digit(char: str) -> int:
    return 10 if char == "X" else int(char)

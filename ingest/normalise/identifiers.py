"""ISSN, ISBN, DOI and URL: recognised by form, believed only where the check digit agrees."""

import re

_ISSN = re.compile(r"(?<![\d-])(\d{4}-\d{3}[\dX])(?![\d-])", re.IGNORECASE)
_ISBN = re.compile(r"(?<![\d-])(?:97[89][- ]?)?\d(?:[- ]?\d){8}[- ]?[\dX](?![\d-])", re.IGNORECASE)
_DOI = re.compile(r"(?:doi:\s?|https?://(?:dx\.)?doi\.org/|\b)(?P<doi>10\.\d{4,9}/[^\s\"<>\[\]]{1,300})", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s<>\"\]]{1,2000}", re.IGNORECASE)
_LABEL = re.compile(r"\b(?:e-?issn|issn|isbn(?:-1[03])?|doi|url)\b\s?:?\s?", re.IGNORECASE)
_TRAILING = ".,;:)>]'"
_ISBN_10 = 10


def issns(text: str) -> list[str]:
    """Return the ISSNs of a text, with hyphen; a range of years that looks like one fails its check digit."""
    return list(dict.fromkeys(found.upper() for found in _ISSN.findall(text) if _issn_holds(found)))


def isbns(text: str) -> list[str]:
    """Return the ISBNs of a text, of 10 or 13 digits, without hyphens."""
    found = (re.sub("[- ]", "", match.group()).upper() for match in _ISBN.finditer(text))
    return list(dict.fromkeys(number for number in found if _isbn_holds(number)))


def doi(text: str) -> str | None:
    """Return the first DOI of a text, without its resolver."""
    match = _DOI.search(text)
    return match["doi"].rstrip(_TRAILING) if match else None


def url(text: str) -> str | None:
    """Return the first web address of a text that is no DOI's resolver."""
    found = (match.group().rstrip(_TRAILING) for match in _URL.finditer(text))
    return next((address for address in found if not _DOI.fullmatch(address)), None)


def without_identifiers(text: str) -> str:
    """Return what is left when the identifiers and their labels are taken out."""
    for pattern in (_URL, _DOI):
        text = pattern.sub(" ", text)
    text = _ISSN.sub(lambda match: " " if _issn_holds(match.group(1)) else match.group(), text)
    text = _ISBN.sub(lambda match: " " if _isbn_holds(re.sub("[- ]", "", match.group())) else match.group(), text)
    return re.sub(r"\s+", " ", _LABEL.sub(" ", text)).strip(" .,;:()<>")


def _issn_holds(issn: str) -> bool:
    digits = issn.replace("-", "").upper()
    total = sum(_digit(char) * weight for char, weight in zip(digits, range(8, 0, -1), strict=True))
    return total % 11 == 0


def _isbn_holds(isbn: str) -> bool:
    digits = [_digit(char) for char in isbn.upper()]
    if len(digits) == _ISBN_10:
        return sum(digit * weight for digit, weight in zip(digits, range(10, 0, -1), strict=True)) % 11 == 0
    return sum(digit * (1, 3)[place % 2] for place, digit in enumerate(digits)) % 10 == 0


def _digit(char: str) -> int:
    return 10 if char == "X" else int(char)

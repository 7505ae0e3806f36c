"""One date as words and numbers write it, in EDTF (ISO 8601-2), where they leave no choice.

All texts are in the form that ``date_words.plain`` gives. A day that does not exist, an order of day and month that
could be another, and another calendar than the Gregorian are no dates here.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from ingest.normalise.date_periods import century, decade, season, unspecified, year_of_era
from ingest.normalise.date_words import alternatives, months, roman, words
from ingest.normalise.patterns import late

_TIME = late(
    r"(?<=\d)[t\s,:]{1,2}\d{1,2}(?::\d{2}){1,2}(?:[.,]\d{1,9})?\s?(?:[ap]\.?m\.?)?\s?(?:z|[a-z]{3,4}|(?:gmt|utc)?[+-]\d{2}:?\d{2})?$"
)
_ISO = late(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_YEAR_FIRST = late(r"(\d{4})([-./_]\s?|\s)(\d{1,2})\.?\2(\d{1,2})\.?")
_YEAR_LAST = late(r"(\d{1,2})([-./]\s?|\s)(\d{1,2})\2(\d{4})")
_MONTH_OF_YEAR = late(r"(?:(\d{4})[./]\s?(\d{2})|(\d{1,2})[-./](\d{4}))")
_RUN_TOGETHER = late(r"(\d{4})(\d{2})(\d{2})(?:t?\d{4,6}z?)?")
_EAST_ASIAN = late(r"(\d{4})\s?[年년](?:\s?(\d{1,2})\s?[月월](?:\s?(\d{1,2})\s?[日号號일])?)?")
_VIETNAMESE_MONTH = re.compile(r"\bthang\s(\d{1,2})\b")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_BETWEEN_TOKENS = re.compile(r"[\s.,'/ºª-]*")
_MOST_TOKENS = 9
_NAMED_SHAPES = frozenset({"dmy", "mdy", "ymd", "my", "ym", "y", "dm", "md", "m", "d", "dy"})
_COPYRIGHT_SIGN = late(r"^(?:©|℗|\(c\)|\(p\))\s?")
_LATER_COPYRIGHT = late(r"^([^,;]{4,40})[,;]?\s(?:[cp©℗]|cop\.?|copyright|\(c\))\s?\d{4}\??$")
_DOUBT = re.compile(r"\s?(?:\(\?\)|\?)$")
_CHINESE_DIGITS = "\u3007一二三四五六七八九"
_CHINESE_MONTH_OR_DAY = f"([{_CHINESE_DIGITS}十]{{1,3}})"
_CHINESE_DATE = late(
    rf"([{_CHINESE_DIGITS}\u25cb零]{{4}})年(?:{_CHINESE_MONTH_OR_DAY}月(?:{_CHINESE_MONTH_OR_DAY}[日号號])?)?"
)
_LATEST_MONTH = 12
_NO_SUCH_DAY = 99


@dataclass(frozen=True, slots=True)
class Parts:
    """What a date in words names, some of it perhaps only by its other end."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def completed(self, other: "Parts") -> "Parts":
        """Take the year, and with a bare day the month, from the other end."""
        month = other.month if self.month is None and self.day is not None else self.month
        return replace(self, year=other.year if self.year is None else self.year, month=month)

    def edtf(self) -> str | None:
        """Write the date in the precision it has, or None where no such day exists or no year is named."""
        if self.year is None or (self.day is not None and self.month is None):
            return None
        return checked(self.year, self.month, self.day)


def one_date(text: str) -> str | None:
    """Return the date in EDTF, with its mark where it is only about right (``~``), doubtful (``?``) or both (``%``)."""
    if found := unspecified(text.strip(" ,;()[]")):
        return found
    bare, mark = _unmarked(text)
    found = next((found for form in _FORMS if (found := form(bare))), None)
    return found + mark if found else None


def named_parts(text: str) -> Parts | None:
    """Return what a date with its month in words names, at least one part, or None where it is none."""
    text = _VIETNAMESE_MONTH.sub(_english_month, text)
    tokens = _TOKEN.findall(text)[: _MOST_TOKENS + 1]
    if (
        len(tokens) > _MOST_TOKENS
        or text.strip() != text.strip(" -/")
        or _BETWEEN_TOKENS.fullmatch(_TOKEN.sub("", text)) is None
    ):
        return None
    read = [_token(token) for token in tokens if token not in _fillers()]
    shape = "".join(kind for kind, _ in read)
    if shape not in _NAMED_SHAPES:
        shape = shape.replace("r", "m")
        if shape not in {"dmy", "ymd"}:
            return None
    numbers = {kind: number for kind, (_, number) in zip(shape, read, strict=True)}
    return Parts(year=numbers.get("y"), month=numbers.get("m"), day=numbers.get("d"))


def checked(year: int, month: int | None = None, day: int | None = None) -> str | None:
    """Write the date in the precision it has, or None where no such day exists."""
    try:
        known = date(year, month or 1, day or 1)
    except ValueError:
        return None
    return known.isoformat()[: 10 if day else 7 if month else 4]


def _unmarked(text: str) -> tuple[str, str]:
    """Cut what is not the date itself, and return the date with the mark that the words cut away stand for."""
    bare = _outer(re.sub(r"[\[\]<>{}]", "", text))
    if later := _LATER_COPYRIGHT.match(bare):
        bare = later[1]
    bare, about = _cut(bare, _about())
    bare, doubtful = _cut(bare, _doubtful())
    if not about:
        bare, about = _cut(bare, _about())
    if mark := _DOUBT.search(bare):
        bare, doubtful = bare[: mark.start()], True
    bare = _before().sub("", _COPYRIGHT_SIGN.sub("", _outer(bare)))
    bare = _outer(_after().sub("", _outer(_TIME.sub("", bare))))
    return bare, "%" if about and doubtful else "~" if about else "?" if doubtful else ""


def _outer(text: str) -> str:
    bare = text.strip(" ,;:\"'")
    if bare.startswith("(") and bare.endswith(")") and not bare.endswith("(?)"):
        bare = bare[1:-1]
    return bare if bare.endswith("..") else bare.rstrip(" .,;")


def _cut(text: str, pattern: re.Pattern[str]) -> tuple[str, bool]:
    cut = pattern.sub("", text, count=1)
    return cut.strip(" ,()") if cut != text else text, cut != text


def _iso(text: str) -> str | None:
    match = _ISO.fullmatch(text)
    return checked(int(match[1]), _number(match[2]), _number(match[3])) if match else None


def _year_first(text: str) -> str | None:
    match = _YEAR_FIRST.fullmatch(text) or _RUN_TOGETHER.fullmatch(text)
    if not match:
        return None
    year, month, day = int(match[1]), int(match[match.re.groups - 1]), int(match[match.re.groups])
    # Data bases write 00 for the month or day that nobody knows.
    return checked(year, month or None, day or None) if month or not day else None


def _year_last(text: str) -> str | None:
    """Read day and month where only one order is possible; with stops, the day stands first everywhere."""
    match = _YEAR_LAST.fullmatch(text)
    if not match:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    if match[2].startswith(".") or first > _LATEST_MONTH or first == second:
        return checked(year, second, first)
    return checked(year, first, second) if second > _LATEST_MONTH else None


def _month_of_year(text: str) -> str | None:
    match = _MONTH_OF_YEAR.fullmatch(text)
    if not match:
        return None
    year, month = int(match[1] or match[4]), int(match[2] or match[3])
    if match[1] and month == (year + 1) % 100:
        return None  # 2004/05 may be two years.
    return checked(year, month) if month else None


def _east_asian(text: str) -> str | None:
    if match := _CHINESE_DATE.fullmatch(text):
        year, month, day = match.groups()
        return checked(int("".join(map(str, map(_chinese_digit, year)))), _chinese(month), _chinese(day))
    match = _EAST_ASIAN.fullmatch(text)
    return checked(int(match[1]), _number(match[2]), _number(match[3])) if match else None


def _named(text: str) -> str | None:
    parts = named_parts(text)
    return parts.edtf() if parts else None


def _token(token: str) -> tuple[str, int]:
    """Return what kind of part a token is - d, m, y, r for a Roman numeral, x for anything else - and its number."""
    if token.isdecimal():
        number = int(token) if len(token) in {1, 2, 4} else 0
        return ("y" if len(token) == len("1999") else "d" if number else "x"), number
    if month := months().get(token):
        return "m", month
    numeral = roman(token)
    return ("r", numeral) if numeral and numeral <= _LATEST_MONTH else ("x", 0)


def _english_month(match: re.Match[str]) -> str:
    number = int(match[1])
    return next((name for name, month in months().items() if month == number), match[0])


def _chinese(numeral: str | None) -> int | None:
    """Return the number below 100 that is written with its tens: 十二 is 12, 二十一 is 21."""
    if numeral is None:
        return None
    tens, mark, ones = numeral.rpartition("十")
    number = (_chinese_digit(tens) if tens else 1) * 10 if mark else 0
    return number + (_chinese_digit(ones) if ones else 0)


def _chinese_digit(numeral: str) -> int:
    return max(_CHINESE_DIGITS.find(numeral), 0)


def _number(digits: str | None) -> int | None:
    # 00 stays a number that no month or day has, so that the date does not exist.
    return (int(digits) or _NO_SUCH_DAY) if digits else None


_FORMS: tuple[Callable[[str], str | None], ...] = (
    _iso,
    _year_first,
    _year_last,
    _month_of_year,
    decade,
    _named,
    _east_asian,
    century,
    season,
    year_of_era,
)


@cache
def _fillers() -> frozenset[str]:
    return frozenset({*words("within"), *words("weekdays")})


@cache
def _about() -> re.Pattern[str]:
    """Match the words for "about" before or after a date; c without a stop or blank is the sign of a copyright."""
    listed = alternatives(words("about"))
    in_front = rf"^(?:{listed}(?:\.\s?|[\s=:]|(?=\d))|c(?:\.\s?|\s)(?=\d))"
    return re.compile(rf"{in_front}|(?<=[\d\s(年代])[\s,(]{{0,2}}{listed}\.?\)?$")


@cache
def _doubtful() -> re.Pattern[str]:
    return re.compile(rf"^{alternatives(words('doubtful'))}\.?\s|\s{alternatives(words('doubtful'))}$")


@cache
def _after() -> re.Pattern[str]:
    return re.compile(rf"(?<=\d)\s?{alternatives(words('after'))}$")


@cache
def _before() -> re.Pattern[str]:
    return re.compile(rf"^{alternatives(words('before'))}(?:\.\s?|[:/]\s?|\s)(?=\S)")

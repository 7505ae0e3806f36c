"""The part of EDTF (ISO 8601-2) that dates are stored in, and whether a text is of it."""

import re
from datetime import date

from ingest.normalise.patterns import late

_MARK = "[?~%]?"
_DATE = "|".join(
    form + _MARK
    for form in (
        r"-?\d{4}(?:-\d{2}(?:-\d{2})?)?",
        r"-?\d{3}X",
        r"-?\d{2}XX",
        r"-?\d{4}-XX(?:-XX)?",
        r"-?\d{4}-\d{2}-XX",
    )
)
_EXACT = re.compile(r"(-?)(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
_ONE = re.compile(_DATE, re.ASCII)
_LONG_YEAR = re.compile(r"Y-?[1-9]\d{4,14}", re.ASCII)
_INTERVAL = late(rf"({_DATE}|\.\.|)/({_DATE}|\.\.|)", re.ASCII)
_SET = late(r"\[(?:\d{4})?\.\.(?:\d{4})?\]|\[\d{4}(?:,\d{4}){1,20}\]", re.ASCII)
_SEASONS = range(21, 25)
_NO_BOUND = ("", "..")
# A leap year: for the days of a year before the era, whose leap years nobody has agreed on.
_ANY_YEAR = 2000


def is_edtf(text: str) -> bool:
    """Tell whether the text is a date, an interval or a set of years in EDTF, and every day in it exists."""
    if _ONE.fullmatch(text):
        return _exists(text)
    if match := _INTERVAL.fullmatch(text):
        ends = match[1], match[2]
        bounded = [end for end in ends if end not in _NO_BOUND]
        return bool(bounded) and all(map(_exists, bounded)) and (len(bounded) == 1 or _in_order(*ends))
    return bool(_LONG_YEAR.fullmatch(text) or _SET.fullmatch(text)) and text != "[..]"


def interval_of(first: str, last: str) -> str | None:
    """Return the interval between two dates, the date where both are the same, or None where the last is earlier."""
    if first == last:
        return first
    return f"{first}/{last}" if _in_order(first, last) else None


def _exists(text: str) -> bool:
    match = _EXACT.match(text.rstrip("?~%"))
    if not match or (match[2] == "0000" and not match[1]):
        return "X" in text
    month, day = int(match[3] or 1), int(match[4] or 1)
    if month in _SEASONS and not match[4]:
        return True
    try:
        date(_ANY_YEAR if match[1] else int(match[2]), month, day)
    except ValueError:
        return False
    return True


def _in_order(first: str, last: str) -> bool:
    return _bound(first, "0") <= _bound(last, "9")


def _bound(text: str, digit: str) -> tuple[int, str]:
    """Return what sorts by time: the year with its unspecified digits filled, and the rest."""
    bare = text.rstrip("?~%").replace("X", digit)
    year = re.match(r"-?\d{4}", bare)
    rest = bare[year.end() :] if year else ""
    return int(year[0]) if year else 0, rest or ("" if digit == "0" else "-99")

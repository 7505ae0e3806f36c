"""The date of the described thing: EDTF where the words leave no choice, else as written."""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

from ingest.descriptions import Value
from ingest.normalise.folding import comparable, fold
from ingest.normalise.vocabularies import table

_HANDLING_ROLES = re.compile(
    r"(?:date)?(?:submitted|accepted|copyrighted)|modified|updated|available|collected|valid|withdrawn|uploaded|"
    r"accessioned|embargo(?:end)?|other|captured"
)
_ITEMS_OWN = (None, "", "created", "issued", "date")
_OF_HANDLING = re.compile(
    r"\b(?:up-?loaded|digiti[sz]ed|modified|updated|submitted|accessed|embargo\w*|record created)\b|info:eu-repo/date/",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?(?:[T ]\d{2}:\d{2}(?::\d{2})?\S{0,12})?")
_ISO_IN_EDTF = re.compile(r"(?:-?\d{4}(?:-\d{2}){0,2}[?~%]?|\d{3}X|\d{2}XX|\d{4}-XX|\.\.)?")
_SEASON = re.compile(r"\d{4}-2[1-4]")
_MONTH_FIRST = re.compile(r"(?P<month>[^\W\d_]{3,12})\.?\s(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s)?(?P<year>\d{4})")
_DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.|er)?\s(?:de\s)?(?P<month>[^\W\d_]{3,12})\.?,?\s(?:de\s)?(?P<year>\d{4})"
)
_YEAR_FIRST = re.compile(r"(?P<year>\d{4}),?\s(?P<month>[^\W\d_]{3,12})\.?(?:\s(?P<day>\d{1,2}))?")
_DOTTED = re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})")
_ABOUT = re.compile(r"(?:ca?\.?|circa|about|approximately|approx\.?|um|vers|около)\s?(?P<year>\d{4})", re.IGNORECASE)
_YEARS = re.compile(r"(?P<first>\d{4})\s?-\s?(?P<last>\d{4})")


def normalise_dates(values: Sequence[Value]) -> str | None:
    """Return the item's own date, or None. Dates of uploading, submitting, changing or opening it are not its own."""
    own = [value for value in values if _is_the_items(value)]
    preferred = [value for value in own if _role(value) in _ITEMS_OWN] or own
    return next((edtf(value.text) or value.text for value in preferred), None)


def edtf(text: str) -> str | None:
    """Return the date in EDTF (ISO 8601-2) where the words are certain, else None."""
    key = fold(text).key.strip(" ,[]")
    key = key if key.endswith("..") else key.removesuffix(".")
    for rule in (_plain, _written_edtf, _worded, _about, _years):
        if found := rule(key):
            return found
    return None


def _plain(key: str) -> str | None:
    match = _ISO.fullmatch(key)
    return _checked(match["year"], match["month"], match["day"]) if match else None


def _written_edtf(key: str) -> str | None:
    parts = key.split("/")
    written = all(_ISO_IN_EDTF.fullmatch(part) and _possible(part) for part in parts)
    whole = len(parts) in {1, 2} and any(part not in {"", ".."} for part in parts)
    return key if (written and whole) or _SEASON.fullmatch(key) else None


def _worded(key: str) -> str | None:
    for form in (_MONTH_FIRST, _DAY_FIRST, _YEAR_FIRST):
        match = form.fullmatch(key)
        month = _months().get(match["month"].casefold()) if match else None
        if match and month:
            return _checked(match["year"], month, match["day"])
    match = _DOTTED.fullmatch(key)
    return _checked(match["year"], match["month"], match["day"]) if match else None


def _about(key: str) -> str | None:
    match = _ABOUT.fullmatch(key)
    return f"{match['year']}~" if match else None


def _years(key: str) -> str | None:
    match = _YEARS.fullmatch(key)
    return f"{match['first']}/{match['last']}" if match and match["first"] <= match["last"] else None


def _checked(year: str, month: str | int | None, day: str | None) -> str | None:
    """Write the date in the precision it has, or None where no such day exists."""
    try:
        known = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return known.isoformat()[: 10 if day else 7 if month else 4]


def _possible(part: str) -> bool:
    numbers = part.strip("?~%-").split("-")
    if "X" in part or not numbers[0].isdigit():
        return True
    return _checked(numbers[0], *[*numbers[1:], None, None][:2]) is not None


def _role(value: Value) -> str | None:
    return comparable(value.role) if value.role else None


def _is_the_items(value: Value) -> bool:
    handling = _HANDLING_ROLES.fullmatch(_role(value) or "")
    return bool(value.text) and not handling and not _OF_HANDLING.search(fold(value.text).key)


@cache
def _months() -> dict[str, int]:
    return {name.casefold(): int(number) for number, names in table("months").items() for name in names}

"""Embargoes: when they end or began, as precisely as it is said, in terms, prose and the dates of a format."""

import re

from ingest.descriptions import Value
from ingest.normalise.dates import edtf
from ingest.normalise.folding import Folded, comparable
from ingest.normalise.patterns import late
from ingest.normalise.rights_readings import Reading
from ingest.normalise.rights_topics import topics
from ingest.normalise.rights_words import pattern

RULE = "rights/embargo-end@3"
AVAILABLE = "rights/available@1"
_END_ROLES = frozenset(
    {
        "embargoend",
        "embargo end",
        "embargo-end",
        "embargo",
        "embargodate",
        "embargo date",
        "embargoenddate",
        "embargo until",
        "embargountil",
        "embargo end date",
        "embargo.enddate",
        "embargo.liftdate",
        "embargo_enddate",
        "embargo lift",
        "embargolift",
        "embargo.terms",
        "embargoed until",
    }
)
_START_ROLES = frozenset({"embargostart", "embargo start", "embargo-start", "embargo start date"})
_AVAILABLE_ROLES = frozenset({"available", "dateavailable", "dcterms:available", "date available"})
_URI = re.compile(r"info:eu-repo/date/embargoend/(?P<date>\d{4}(?:-\d{2}){0,2})(?!\d)")
_DATE_IN_ISO = late(r"(?P<date>\d{4}(?:-\d{2}(?:-\d{2})?)?)(?:[T ]\d{2}:\d{2}\S{0,16})?")
_SLASHED = late(r"(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>\d{4})|(?P<y>\d{4})/(?P<m>\d{1,2})/(?P<d>\d{1,2})")
_DIGIT = re.compile(r"\d")
_MONTHS = 12


def is_date_of_embargo(date: Value) -> bool:
    """Tell whether a date of the record is, or may be, the start or end of an embargo: it stands among other dates."""
    if _URI.search(date.text.lower()):
        return True
    return date.role is not None and comparable(date.role) in _END_ROLES | _START_ROLES | _AVAILABLE_ROLES


def embargo_of_role(value: Folded, role: str) -> Reading | None:
    """Read a value that a format says is the start or end of an embargo, or when the work becomes available."""
    name = comparable(role)
    if name in _START_ROLES:
        day = _day(value.key)
        return _embargoed("rights/embargo-start@1", details={"embargo_start": day}) if day else None
    if name in _END_ROLES:
        day = _day(value.key)
        return _embargoed(RULE, end=day, confidence="exact") if day else None
    if name in _AVAILABLE_ROLES and (day := _day(value.key)):
        # It is the end of an embargo only beside a value that speaks of one.
        return Reading(rule=AVAILABLE, confidence="named", embargo_end=day)
    return None


def embargo(value: Folded) -> Reading | None:
    """Read the end of an embargo, as day, month or year, or that there is one without an end that is told."""
    if match := _URI.search(value.low) if "embargoend/" in value.low else None:
        day = match["date"]
        return _embargoed(RULE, end=day, confidence="named")._replace(span=match.span()) if edtf(day) else None
    if value.key[-1:].isdigit() and (opening := _opening(value)):
        return opening
    told = topics(value)
    embargoed = "embargo" in told
    if not (embargoed or "kept back" in told):
        return None
    dated = bool(_DIGIT.search(value.low))
    for match in (
        pattern("prose").search(value.low) if dated and (embargoed or "until" in told) else None,
        pattern("open_on").search(value.low) if dated and "embarg" in value.low else None,
    ):
        group = str(match.lastgroup) if match else ""
        day, length = _first_day(match[group]) if match else (None, 0)
        if match and day:
            return _embargoed(RULE, end=day)._replace(span=(match.start(), match.start(group) + length))
    match = pattern("duration").search(value.low) if embargoed or "years" in told else None
    return _embargoed("rights/embargo@1")._replace(span=match.span()) if match else None


def _opening(value: Folded) -> Reading | None:
    """Read a value that says only from which day or month on the work is open: until then it is not."""
    match = pattern("opens_on").fullmatch(value.low)
    day = _day(match["date"]) if match else None
    return _embargoed(RULE, end=day)._replace(span=(0, len(value.low))) if day and len(day) > len("2030") else None


def _embargoed(
    rule: str, *, end: str | None = None, confidence: str = "named", details: dict[str, str] | None = None
) -> Reading:
    return Reading(
        rule=rule,
        confidence=confidence,
        category="embargoed",
        access="embargoed",
        embargo_end=end,
        details=details or {},
    )


def _first_day(text: str) -> tuple[str | None, int]:
    """Return the day, month or year that the text begins with, the longest that can be read, and its length."""
    words = text.split(" ")
    for count in range(len(words), 0, -1):
        written = " ".join(words[:count])
        if day := _day(written):
            return day, len(written)
    return None, 0


def _day(text: str) -> str | None:
    written = text.strip(" .,;")
    if match := _DATE_IN_ISO.fullmatch(written):
        return match["date"] if edtf(match["date"]) == match["date"] else None
    if match := _SLASHED.fullmatch(written):
        return _slashed(match)
    day = edtf(written)
    return day if day and re.fullmatch(r"\d{4}(?:-\d{2}){0,2}", day) else None


def _slashed(match: re.Match[str]) -> str | None:
    """Read a date with strokes where only one order of day and month is possible; else only its year is known."""
    if match["y"]:
        day = f"{match['y']}-{int(match['m']):02}-{int(match['d']):02}"
        return day if edtf(day) == day else None
    first, second, year = int(match["first"]), int(match["second"]), match["year"]
    if first == second or first > _MONTHS:
        day = f"{year}-{second:02}-{first:02}"
    elif second > _MONTHS:
        day = f"{year}-{first:02}-{second:02}"
    else:
        return str(year)
    return day if edtf(day) == day else None

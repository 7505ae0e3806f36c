"""Decades, centuries, seasons, years of an era and unspecified digits, in EDTF (ISO 8601-2).

All texts are in the form that ``date_words.plain`` gives.
"""

import re
from functools import cache

from ingest.normalise.date_words import alternatives, era, roman, seasons, words
from ingest.normalise.patterns import late

_UNSPECIFIED = late(r"(?:(\d{3})[-u_?x]|(\d{2})(?:--|uu|__|\?\?|xx))(\??)")
_UNSPECIFIED_MONTH = late(r"(\d{4})-(?:uu|xx)(-(?:uu|xx))?")
_YEAR = re.compile(r"\d{4}")
_LATEST_CENTURY = 21


def unspecified(text: str) -> str | None:
    """Return the date whose last digits are left open: 195-, 19--?, 195u (MARC), 1956-uu (a draft of EDTF)."""
    if match := _UNSPECIFIED_MONTH.fullmatch(text):
        return f"{match[1]}-XX{'-XX' if match[2] else ''}"
    match = _UNSPECIFIED.fullmatch(text)
    if not match:
        return None
    return (f"{match[1]}X" if match[1] else f"{match[2]}XX") + match[3]


def decade(text: str) -> str | None:
    """Return the decade that a text names, or None."""
    match = _decades().fullmatch(text)
    if not match:
        return None
    digits = match["hundreds"] or match["before"] or match["after"]
    # "1900s" may be a decade or a century, but the century in Scandinavia.
    if digits.endswith("00"):
        return f"{digits[:2]}XX" if match["hundreds"] else None
    return f"{digits[:3]}X"


def century(text: str) -> str | None:
    """Return the century that a text names, or None; the first before the era has no form."""
    match = _centuries().fullmatch(text)
    if not match:
        return None
    number = roman(match["roman"] or match["roman_after"] or "") or int(match["digits"] or match["digits_after"] or 0)
    if not 1 <= number <= _LATEST_CENTURY or (match["bc"] and number == 1):
        return None
    return f"{'-' if match['bc'] else ''}{number - 1:02}XX"


def season(text: str) -> str | None:
    """Return the season of a year, or None."""
    fillers = words("within")
    parts = [part for part in text.replace(",", " ").split() if part.strip(".") not in fillers]
    if len(parts) != len(("season", "year")):
        return None
    for name, year in (parts, reversed(parts)):
        number = seasons().get(name.strip("."))
        if number and _YEAR.fullmatch(year):
            return f"{year}-{number}"
    return None


def year_of_era(text: str) -> str | None:
    """Return the year that is counted from the era, before it (year 1 is 0000) or in it, or None."""
    match = _eras().fullmatch(text)
    if not match:
        return None
    year = int(match["year"] or match["year_after"])
    if not match["bc"]:
        return f"{year:04}"
    return f"-{year - 1:04}" if year > 1 else None


@cache
def _decades() -> re.Pattern[str]:
    hundreds, after, before = (alternatives(words(name)) for name in ("hundreds", "decade", "before_decade"))
    return re.compile(
        rf"(?P<hundreds>\d{{3}}0)\s?{hundreds}|{before}\s(?P<before>\d{{3}}0)|(?P<after>\d{{3}}0)\s?{after}\.?"
    )


@cache
def _centuries() -> re.Pattern[str]:
    """Match number and word in either order; a word of one letter needs a Roman numeral or an ordinal."""
    every, long = words("century"), [word for word in words("century") if len(word) > 1 or not word.isalpha()]
    ordinal = rf"(?:{alternatives(words('ordinals'))}|\.)"
    number = rf"(?:(?P<roman>[ivx]{{1,6}}){ordinal}?\s?{alternatives(every)}|(?P<digits>\d{{1,2}})"
    number += rf"(?:{ordinal}?\s?{alternatives(long)}|(?:st|nd|rd|th|e)\s?{alternatives(every)}))"
    reverse = rf"{alternatives(every)}\.?\s(?:al\s)?(?P<roman_after>[ivx]{{1,6}})(?:-lea)?"
    reverse += rf"|{alternatives(long)}\.?\s(?P<digits_after>\d{{1,2}})"
    return re.compile(rf"(?:the\s)?(?:{number}|{reverse})\.?\s?(?:(?P<bc>{era('before')})|{era('after')})?")


@cache
def _eras() -> re.Pattern[str]:
    before, after = era("before"), era("after")
    return re.compile(
        rf"(?P<year>\d{{1,4}})\s?(?:(?P<bc>{before})|{after})\.?|(?:a\.?d\.?|n\.?\s?chr\.?)\s?(?P<year_after>\d{{1,4}})"
    )

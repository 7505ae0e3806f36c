"""The date of the described thing: EDTF (ISO 8601-2, levels 0 and 1) where the words leave no choice, else as written.

Of level 2 only "one of several years" (``[1956,1957]``) and "one year between two" (``[1920..1925]``) are used, and a
mark behind unspecified digits (``195X?``): libraries write all three. Other calendars than the Gregorian are not
converted, and an order of day and month that could be another is not guessed.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from ingest.descriptions import Value
from ingest.normalise.date_forms import named_parts, one_date
from ingest.normalise.date_words import alternatives, compact, plain, without_date, words
from ingest.normalise.edtf_grammar import interval_of, is_edtf
from ingest.normalise.folding import comparable, fold
from ingest.normalise.patterns import late
from ingest.normalise.remembered import REMEMBERED
from ingest.normalise.vocabularies import table

LONGEST_DATE = 120
"""Characters; what is longer is a text about dates."""
_MOST_SEPARATORS = 12
_NO_LETTERS = re.compile(r"[^a-z]+")
_MACHINE = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?", re.ASCII)
"""Day and time as machines write them; most dates are so, and need no look at their words."""
_OF_HANDLING = re.compile(
    r"\b(?:up-?loaded|digiti[sz]ed|modified|updated|submitted|accessed|embargo\w{0,20}|record created)\b|withheld"
    r"|info:eu-repo/date/embargo",
    re.IGNORECASE,
)
_TIME_OF_DAY = late(r"\d[T ]\d{1,2}:\d{2}")
_BEGINNING = late(r"(?<!\d)(-?(?:\d{4}|\d{3}X|\d{2}XX))(?!\d)((?:-\d{2}){0,2})", re.ASCII)
_COPYRIGHT_LETTER = late(r"\[?[cp](?=\d{4}\b)")
_SHORT_END = late(r"(\d{2})(\d{2})\s?[-/]\s?(\d{2})")
_OPEN_END = late(r"(.{4,60}?)\s?-\s?(\?|)")
_NUMBER = late(r"(?:[ivx]{1,6}|\d{1,4})(?:st|nd|rd|th|e|\.)?")
_FULL_WIDTH = "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19"
_LEAST_GREGORIAN = 1700
"""A year in Arabic or Persian digits before this one may be of the Hijra."""
_UNKNOWN = "unknown"
_SEASON = re.compile(r"\d{4}-2[1-4]\D?")


def normalise_dates(values: Sequence[Value]) -> str | None:
    """Return the item's own date, or None.

    Dates of uploading, submitting, changing or opening it are not its own. Of the others, a date of creating or
    issuing, or without a role, comes first; then one of publishing; then one with another role; then a copyright.
    Within these, one with a time of day comes after those without, since machines write times and people do not (DSpace
    sends the time of depositing first, and no role), and one without a year comes last; then the earliest counts, since
    a thing is handled after it was made; then the first.
    """
    if len(values) == 1 and len(values[0].text) <= LONGEST_DATE:
        return _date_once(values[0])
    return _date_of(values)


@lru_cache(maxsize=REMEMBERED)
def _date_once(value: Value) -> str | None:
    """Return the date of a record with one date, as most have: years and days come again and again."""
    return _date_of((value,))


def _date_of(values: Sequence[Value]) -> str | None:
    own = [value for value in values if _is_the_items(value)]
    if not own:
        return None
    chosen = own[0] if len(own) == 1 else min(own, key=lambda value: (_precedence(value), *_preference(value)))
    return _edtf_of(chosen) or _normal_form(chosen) or chosen.text


def _normal_form(value: Value) -> str | None:
    """Read the form for machines that some formats give beside the words, such as ``normal`` in EAD."""
    return next((found for name, text in value.parts if name == "normal" and (found := edtf(text))), None)


def edtf(text: str) -> str | None:
    """Return the date in EDTF (ISO 8601-2) where the words are certain, else None."""
    return _read(text) if len(text) <= LONGEST_DATE else None


@lru_cache(maxsize=REMEMBERED)
def _read(text: str) -> str | None:
    if machine := _MACHINE.fullmatch(text):
        return machine[1] if is_edtf(machine[1]) else None
    key = fold(text).key
    if is_edtf(key):
        return key
    said = plain(key)
    found = one_date(said) or _interval(said) or _choice(said)
    return found if found and is_edtf(found) and not _of_another_calendar(key, said, found) else None


def _of_another_calendar(key: str, said: str, found: str) -> bool:
    """Tell whether the digits are those of a script whose years may be counted from another beginning."""
    if said.isascii() and key.isascii():
        return False
    foreign = [letter for letter in key if letter.isdecimal() and not letter.isascii() and letter not in _FULL_WIDTH]
    early = any(int(year) < _LEAST_GREGORIAN for year in re.findall(r"\d{4}", found))
    return bool(foreign) and (early or any(letter.isdecimal() and not letter.isascii() for letter in said))


def _interval(text: str) -> str | None:
    bare = text.strip(" ,;[]()").rstrip(".")
    if match := _SHORT_END.fullmatch(bare):
        return _short_end(match)
    if (match := _OPEN_END.fullmatch(bare)) and (begun := one_date(match[1])):
        return f"{begun}/" if match[2] else f"{begun}/.."
    bare = _from().sub("", bare)
    for separator in list(_separators().finditer(bare))[:_MOST_SEPARATORS]:
        ends = bare[: separator.start()].strip(), bare[separator.end() :].strip()
        if found := _two_ends(*ends):
            return found
    return None


def _short_end(match: re.Match[str]) -> str | None:
    """Read 1942-45 as two years; where the second number could be a month, it is not read."""
    first, last = int(match[2]), int(match[3])
    could_be_month = last <= 12 and "-" in match[0]  # noqa: PLR2004 - months in a year.
    return None if could_be_month or last <= first else f"{match[1]}{match[2]}/{match[1]}{match[3]}"


def _two_ends(first: str, last: str) -> str | None:
    if last.strip("[]?. ") in _open_ends() and (begun := one_date(first)):
        return f"{begun}/.."
    if _UNKNOWN in {first, last}:
        return _unknown_end(first, last)
    begun, ended = one_date(_with_last_word(first, last)), one_date(last)
    if begun and ended:
        if bool(_SEASON.fullmatch(begun)) != bool(_SEASON.fullmatch(ended)):
            return None  # The winter of 1998/1999 is one.
        # "ca. 1920-1925": the word may mean both ends.
        ended += "~" if begun.endswith("~") and ended[-1].isdigit() else ""
        return interval_of(begun, ended)
    one, other = named_parts(first), named_parts(last)
    if one is None or other is None:
        return None
    begun, ended = one.completed(other).edtf(), other.completed(one).edtf()
    return interval_of(begun, ended) if begun and ended else None


def _unknown_end(first: str, last: str) -> str | None:
    begun, ended = one_date(first) or "", one_date(last) or ""
    return f"{begun}/{ended}" if begun or ended else None


def _with_last_word(first: str, last: str) -> str:
    """Give the first of two numbers the word of centuries or of the era that stands behind the last."""
    number = _NUMBER.match(last) if _NUMBER.fullmatch(first) else None
    word = last[number.end() :] if number else ""
    return first + word if word.strip(" .")[:1].isalpha() else first


def _choice(text: str) -> str | None:
    """Read two years of which one is meant: between 1920 and 1925, 1956 or 1957."""
    bare = text.strip(" ,;[]().")
    for pattern, joint in ((_between(), ".."), (_either(), ",")):
        match = pattern.fullmatch(bare)
        if match and match[1] < match[2]:
            return f"[{match[1]}{joint}{match[2]}]"
    return None


def _edtf_of(value: Value) -> str | None:
    """Read the date, without the c of a copyright year: only where a thing was published it can not mean "about"."""
    published = _role(value) in {"issued", *_groups()["published"], *_groups()["copyright"]}
    bare = value.text.strip()
    return edtf(_COPYRIGHT_LETTER.sub("", bare, count=1) if published or "marc" in value.element else bare)


def _preference(value: Value) -> tuple[int, int, str]:
    """Return what sorts dates of one group: their kind, the year they begin in, and the rest."""
    text = value.text[:LONGEST_DATE]
    begun = _BEGINNING.search(_edtf_of(value) or text)
    if not begun:
        return 2, 0, ""
    return int(bool(_TIME_OF_DAY.search(text))), int(begun[1].replace("X", "0")), begun[2]


def _precedence(value: Value) -> int:
    """Return the group of the value's role: 0 the item's own, 1 published, 2 another, 3 copyright."""
    role, groups = _role(value), _groups()
    return next((rank for rank, name in ((0, "own"), (1, "published"), (3, "copyright")) if role in groups[name]), 2)


def _is_the_items(value: Value) -> bool:
    return (
        bool(value.text.strip())
        and _role(value) not in _groups()["handling"]
        and not _OF_HANDLING.search(value.text[:LONGEST_DATE])
        and not (len(value.text) <= LONGEST_DATE and compact(value.text) in without_date())
    )


def _role(value: Value) -> str:
    return _plain_role(value.role) if value.role else ""


@lru_cache(maxsize=256)
def _plain_role(role: str) -> str:
    """Return the word of a role that counts: one of handling, else the last, without "date" at either end."""
    parts = (part.removeprefix("date").removesuffix("date") for part in _NO_LETTERS.split(comparable(role)))
    named = [part for part in parts if part]
    return next((part for part in named if part in _groups()["handling"]), named[-1] if named else "")


@cache
def _groups() -> dict[str, frozenset[str]]:
    return {name: frozenset(roles) for name, roles in table("date_words")["roles"].items()}


@cache
def _separators() -> re.Pattern[str]:
    return re.compile(rf"\s?[-/~]\s?|\s{alternatives(words('to'))}\s")


@cache
def _from() -> re.Pattern[str]:
    return re.compile(rf"^{alternatives(words('from'))}\s(?=\S)")


@cache
def _open_ends() -> frozenset[str]:
    return frozenset(words("open"))


@cache
def _between() -> re.Pattern[str]:
    return re.compile(rf"{alternatives(words('between'))}\s(\d{{4}})\s{alternatives(words('and'))}\s(\d{{4}})")


@cache
def _either() -> re.Pattern[str]:
    return re.compile(rf"(\d{{4}})\s{alternatives(words('or'))}\s(\d{{4}})")

"""What follows the names in a credit line and is none: words that end them, dates, addresses, appositions."""

import re
from collections.abc import Iterator
from functools import cache

from ingest.normalise.donor_rows import alternation
from ingest.normalise.donor_statements import lower
from ingest.normalise.donor_stems import telling_words
from ingest.normalise.party_words import words_of
from ingest.normalise.patterns import late
from ingest.normalise.vocabularies import table

_DATE = late(
    r"""[,;]?(?<!\sof)(?<!\sOF)\s\(?(?:(?:in|on|am|en|le|el|il|im|dal|od|\u0432|\u0443)\s)?(?:
      (?:(?P<month>[^\W\d_]{3,12})\.?\s(?:\d{1,2}(?:\s?[-\u2013]\s?\d{1,2})?,\s)?|\d{1,2}\.?\s[^\W\d_]{3,10}\s)?
      (?:c(?:irc)?a?\.?\s)?(?:1[4-9]|20)\d\d(?:\s?[-/\u2013\u2014]\s?(?:(?:1[4-9]|20)\d\d|\d\d))?(?:\s?(?:\u0433|\u0440)\.)?
    | \d{1,2}[./]\d{1,2}[./]\d{2,4} | (?:19|20)\d\d[.-]\d{1,4}(?:[.-]\d{1,4}[a-z]?)? )\)?[.,]?$""",
    re.VERBOSE,
)
_SMALL_WORD = re.compile(r"(?<!\S)(?![A-Z\u0410-\u042f])[^\W\d_]")
"""A word that may begin without a capital, so far as a pattern can tell."""
_BLANKLESS = re.compile(r"\S+")
_DIGIT = re.compile(r"\d")
_ADDRESS = re.compile(
    r""",\s(?:\d{1,5}\w?,?\s(?:[A-Z][\w.'-]*\s){0,4}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Drive|Square|Place|Terrace|Boulevard
    |Blvd|Way|Court|Crescent|Close|Row)\b|\d{1,4},?\s(?:rue|avenue|boulevard|place|quai|via|viale|calle)\s
    |(?:[A-Z][\w.-]*\s){0,3}[A-Z]\w*(?:stra(?:\u00df|ss)e|str\.|straat|gatan|gasse|weg|platz|laan)\s\d|(?:Rua|Calle|Via|P\.?O\.?\sBox)\s[^;]{0,40}\d)
    [^;]{0,120}""",
    re.VERBOSE,
)
"""A street and its number, and what follows up to the end of the party."""
_OPEN_BRACKET = re.compile(r"\s\([^()]*$")
_APPOSITION = late(r",\s(?P<words>[^,;()]{2,90}?)(?=$|,|;|\sand\s|\s&\s)")
_INDEFINITE_BODY = re.compile(r",\san?\s(?=[A-Z])")
_PURPOSE = late(
    r"(?:(?<=\bFund)\sfor\sthe\s[^,;]{3,80}\sCollection|,\sfor\s(?:the|an?|its|their|use|research|work)\s[^,;]{3,160})$"
)
"""Which collection a fund buys for, and what follows a comma and tells for what somebody gave."""
_ROUNDS = 3
_MORE_BEHIND = re.compile(r"[\d(]")
_COMMA_YEAR = re.compile(r"[^\W\d],\s(?:1[4-9]|20)\d\d")
"""By far the commonest date, with the letter before it."""
_YEAR = 7
_BEFORE_YEARS = {
    "in",
    "on",
    "am",
    "en",
    "le",
    "el",
    "il",
    "im",
    "dal",
    "od",
    "\u0432",
    "\u0443",
    "of",
    "c",
    "ca",
    "circa",
}
_CENTURIES = {"14", "15", "16", "17", "18", "19", "20"}
_NEAR, _CLOSE = 48, 8
"""Characters from the end of a list that a date begins within, and that its last digit stands within."""


def names_only(text: str, words: frozenset[str], *, capitals: bool) -> str:
    """Cut what follows names, and where words begin with capitals what is small too. ``words``: those in the text."""
    names = without_tail(text, words)
    if not capitals:
        return names
    run = _capital_run(names)
    if run == names:
        return run
    # What is cut may be what somebody has: "the Acme Trust's small grants".
    owner = run.endswith("'s") and not names[len(run) :].lstrip().startswith(("and", "&", ","))
    return without_tail(run.removesuffix("'s") if owner else run, words)


def without_tail(text: str, words: frozenset[str]) -> str:
    """Cut what follows the names of parties: words that end them, a year, an apposition. ``words``: those in it."""
    tail = None if _tail_words().isdisjoint(words) else _tails().search(lower(text))
    names = text[: tail.start()] if tail else text
    names = _ADDRESS.sub("", names) if _DIGIT.search(names) else names
    names = _PURPOSE.sub("", names) if " for " in names else names
    for _ in range(_ROUNDS if _MORE_BEHIND.search(names) else 0):
        dateless = without_date(names)
        shorter = (_OPEN_BRACKET.sub("", dateless) if "(" in dateless else dateless).rstrip(" ,;")
        if shorter == names:
            break
        names = shorter
    return (_without_appositions(names) if ", " in names else names).strip(" ,;")


def without_date(text: str) -> str:
    """Cut a year or a day from the end; a word before a year goes with it only where it is a month."""
    if _COMMA_YEAR.fullmatch(text, max(0, len(text) - _YEAR)):
        return text[: 1 - _YEAR]
    plain = _before_plain_year(text)
    if plain is not None:
        return text if _years_name().search(text.rsplit(", ", 1)[-1].lower()) else plain
    match = _DATE.search(text, max(0, len(text) - _NEAR)) if _DIGIT.search(text, max(0, len(text) - _CLOSE)) else None
    if match is None:
        return text
    if match.group()[0] == " " and _years_name().search(text.rsplit(", ", 1)[-1].lower()):
        return text
    month = match["month"]
    if month and month.lower().strip(".") not in _months():
        match = _DATE.search(text, match.end("month"))
    return text[: match.start()] if match else text


def _before_plain_year(text: str) -> str | None:
    """Return what stands before a year that follows a plain word, no part of a date; None where it does not."""
    before, blank, year = text.rpartition(" ")
    if not blank or len(year) != len("1999") or year[:2] not in _CENTURIES or not year.isdigit():
        return None
    word = before.rsplit(" ", 1)[-1]
    in_date = not word.isalpha() or word.lower() in _words_of_dates()
    return None if in_date or before[: -len(word)].rstrip(" .")[-1:].isdigit() else before


@cache
def _words_of_dates() -> frozenset[str]:
    """Return the words that may stand before a year and belong to it."""
    return _months() | _BEFORE_YEARS


def _without_appositions(text: str) -> str:
    """Cut what tells, between commas, who somebody is: "Jane Roe, the artist's daughter"."""
    beginnings = {segment.split(" ", 1)[0].strip(".").lower() for segment in text.split(", ")[1:]}
    if _apposed_words().isdisjoint(beginnings):
        return text

    def cut(match: re.Match[str]) -> str:
        words = match["words"].lower().replace("\u2019", "'").split()
        first = words[0].strip(".")
        told = {"the", "a", "an", "his", "her", "their"}
        kin = words_of("persons", "kin") | words_of("persons", "roles") | words_of("persons", "appositions")
        later = {word.removesuffix("'s").strip(".") for word in words[1:]}
        is_body = match["words"][:1].isupper() and first not in words_of("persons", "appositions")
        apposed = (first in told and (bool(later & kin) or first in {"a", "an"})) or first in words_of(
            "persons", "appositions"
        )
        return "" if apposed and not (is_body and first == "the" and not later & kin) else match.group()

    after = _INDEFINITE_BODY.search(text)
    return _APPOSITION.sub(cut, text[: after.start()] if after else text)


def _capital_run(text: str) -> str:
    """Cut a list of names where words begin that stand in none: they are small and no joining words."""
    if not _SMALL_WORD.search(text):
        return text.strip(" ,;")
    allowed, closing = _words_of_run()
    crowd = None if text[:1].isupper() else _people_of().match(text)
    end = 0
    for match in _BLANKLESS.finditer(text):
        word = match.group()
        first = word[0]
        if first.isalpha() and not first.isupper():
            bare = word.strip("\"'.,;:()[]\u2019\u201c\u201d").replace("\u2019", "'").removesuffix("'s").lower()
            if first.islower() and word.lower() == word and bare not in allowed:
                break
            if bare not in closing:
                continue
        end = match.end()
    return text[: max(end, crowd.end() if crowd else 0)].strip(" ,;")


@cache
def _apposed_words() -> frozenset[str]:
    """Return the first words of what tells who somebody is."""
    return words_of("persons", "appositions") | {"the", "a", "an", "his", "her", "their"}


@cache
def _people_of() -> re.Pattern[str]:
    """Return the pattern of people told by whose they are, in small letters: "a friend of the museum"."""
    people = alternation(words_of("anonymous", "single") | words_of("anonymous", "people"))
    return re.compile(
        rf"(?:[a-z]+\s){{0,3}}(?:{people})\sof\s(?:(?:the|a|an|his|her|our)\s)?(?:[a-z][\w-]*|\d{{4}})(?![\w-])"
    )


@cache
def _words_of_run() -> tuple[frozenset[str], frozenset[str]]:
    """Return the small words that stand among names, and those of them that may end one."""
    closing = _closing_words() | words_of("joiners", "means")
    among = words_of("inside_names") | words_of("anonymous", "before_people") | words_of("joiners")
    return closing | among, closing


@cache
def _closing_words() -> frozenset[str]:
    lists = (
        ("persons", "roles"),
        ("persons", "kin"),
        ("families", "words"),
        ("estates", "words"),
        ("anonymous", "nameless"),
    )
    more = (("anonymous", "with_nameless"), ("anonymous", "people"), ("persons", "suffixes"))
    words = frozenset().union(*(words_of(*names) for names in (*lists, *more)))
    return (
        words
        - words_of("lead_articles")
        - {
            "of",
            "from",
            "by",
            "the",
            "an",
            "collection",
            "source",
            "sources",
            "gift",
            "gifts",
            "bequest",
            "donation",
            "donations",
        }
    ) | {"program"}


@cache
def _months() -> frozenset[str]:
    months = table("months")
    return frozenset(word.lower().strip(".") for word in _texts(months))


def _texts(rows: object) -> Iterator[str]:
    """Return every text of a nested table, keys too."""
    if isinstance(rows, str):
        yield rows
    elif isinstance(rows, dict):
        yield from rows
        for row in rows.values():
            yield from _texts(row)
    elif isinstance(rows, list):
        for row in rows:
            yield from _texts(row)


@cache
def _years_name() -> re.Pattern[str]:
    """Return the pattern of names that a year belongs to: "Programme Example 2020"."""
    words = alternation(table("credit_lines")["tails"]["before_years"])
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)[^,;]{{0,80}}\s20\d\d(?:-20\d\d)?$")


@cache
def _tails() -> re.Pattern[str]:
    words = table("credit_lines")["tails"]
    listed = [*words["words"], *words["memory"], *words["honour"]]
    return re.compile(rf"(?:,\s|;\s|\s|\s\(|^)(?:{by_letter(listed)})(?!\w)")


@cache
def _tail_words() -> frozenset[str]:
    words = table("credit_lines")["tails"]
    return telling_words((*words["words"], *words["memory"], *words["honour"]))


def by_letter(words: list[str]) -> str:
    """Return an alternation that is grouped by first letter, so that most places are passed at a glance."""
    grouped: dict[str, list[str]] = {}
    for word in words:
        grouped.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{re.escape(letter)}(?:{alternation(rest)})" for letter, rest in sorted(grouped.items()))

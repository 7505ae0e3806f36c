"""Award numbers in their many shapes, and info:eu-repo grant agreements."""

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from ingest.normalise.donor_rows import alternation
from ingest.normalise.donor_stems import telling_words, words_in
from ingest.normalise.patterns import late
from ingest.normalise.vocabularies import table

_NUMBER = (
    r"(?:\d?\s?(?-i:[RPUKFTMD][O\d])\d[\s-]?(?-i:[A-Z]{2})-?\d{4,6}(?:-\d\d)?"
    r"|[A-Z0-9][\w/.\-:]{0,40}\d[\w/.\-:]{0,40}(?:\s\d{2,6})?)"
)
_TO = (
    r"(?:\s(?:to|for)\s(?:(?-i:[A-Z][A-Z.]{1,6})(?:(?:,|\sand|,\sand)\s(?-i:[A-Z][A-Z.]{1,6})){0,5}(?![\w-])"
    r"|(?:the\s)?(?-i:[A-Z][\w.-]{1,20})(?:\s(?:of\s)?(?-i:[A-Z][\w.-]{1,20})){0,4}))?"
)
"""For whom an award was, behind its number."""
_BRACKETS = re.compile(r"\s?[(\[](?P<inside>[^()\[\]]{1,200})[)\]]")
_BEHIND_DASH = late(
    r"(?<=[\w)])\s?[-\u2013\u2014]\s(?P<number>\d{6,12})(?=$|[,;.)]|\s(?:and|und|et|y|[-\u2013\u2014])\s)"
)
"""A bare number behind a dash, as German acknowledgements set it."""
_DASH = re.compile("[-\u2013\u2014] ")
_SINGLE = re.compile(_NUMBER, re.IGNORECASE)
_CODE_BEHIND = late(
    r"""\s(?P<number>(?=[\w/.\ -]{5,40}$)(?:[A-Z]{1,8}[\d/_-][\w/.-]{3,36}|\d{5,12}|\d{2,8}/[A-Z]?\d{2,8}[\w/.-]{0,20}
    |[A-Z]{2}\ \d{2,4}/\d{1,3}(?:-\d)?))$""",
    re.VERBOSE,
)
_PLAIN_YEAR = re.compile(r"(?:1[4-9]|20)\d\d(?:[/-](?:1[4-9]|20)?\d\d)?")
_AGREEMENT = late(
    r"info:eu-repo/grantAgreement/(?P<funder>[^/\s;]{1,120})(?:/(?P<programme>[^/;]{0,200}(?=/)|[^/\s;]{0,200}))?(?:/(?P<number>[^/\s;]{1,80}))?"
    r"(?:/(?P<jurisdiction>[^/\s;]{0,40}))?(?:/(?P<title>[^/;]{0,300}))?(?:/(?P<acronym>[^/\s;]{0,80}))?",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_FEWEST_DIGITS = 3
_MOST_CODES, _LONGEST_CODE = 10, 60


class GivenAwards(NamedTuple):
    """A text without its award numbers, and they in text order."""

    text: str
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """A grant agreement in the form that OpenAIRE asks for: funder, programme, number, and what may follow."""

    uri: str
    """The part that identifies it, up to the number."""
    funder: str
    written_funder: str
    known: bool
    number: str | None
    programme: str | None
    title: str | None


def take_awards(text: str, words: frozenset[str]) -> GivenAwards:
    """Take award numbers out of a text with the words around them; a bare year is none. ``words``: those in it."""
    if not _DIGIT.search(text):
        return GivenAwards(text, ())
    numbers: list[str] = []

    def bracket(match: re.Match[str]) -> str:
        found = [number for number in _SINGLE.findall(match["inside"]) if _is_number(number)]
        numbers.extend(found)
        acronym = re.match(r"[A-Z][\w&-]{1,11}(?=[;,:]\s)", match["inside"])
        if not found:
            return match.group()
        # Words that nothing but the bracket parted stay two words.
        within = match.group()[0] in "([" and match.start() > 0 and text[match.end() : match.end() + 1].isalnum()
        return f" ({acronym.group()})" if acronym else " " if within else ""

    def free(match: re.Match[str]) -> str:
        found = [number.strip(".:") for number in _SINGLE.findall(match["numbers"]) if _is_number(number)]
        numbers.extend(found)
        return "" if found else match.group()

    def after_colon(match: re.Match[str]) -> str:
        numbers.append(match["number"])
        return ""

    rest = _BRACKETS.sub(bracket, text) if "(" in text or "[" in text else text
    rest = _after_colon().sub(after_colon, rest) if ":" in rest else rest
    rest = _BEHIND_DASH.sub(after_colon, rest) if _DASH.search(rest) else rest
    if not label_words().isdisjoint(words if rest is text else words_in(rest)) or not rest.isascii():
        rest = _free().sub(free, rest)
    return GivenAwards(rest, tuple(dict.fromkeys(numbers)))


def take_code_behind(name: str) -> GivenAwards:
    """Take bare numbers from behind a name, as in "Deutsche Forschungsgemeinschaft JE 252/36, JE 252/37"."""
    numbers: list[str] = []
    while len(numbers) < _MOST_CODES and (match := _CODE_BEHIND.search(name, max(0, len(name) - _LONGEST_CODE))):
        if _PLAIN_YEAR.fullmatch(match["number"]):
            break
        numbers.insert(0, match["number"])
        name = name[: match.start()].rstrip(" ,:;-")
    return GivenAwards(name, tuple(numbers))


def grant_agreements(key: str) -> tuple[Agreement, ...]:
    """Return the grant agreements a text names; whatever the funder, its programme and number are kept."""
    if "info:eu-repo/grantagreement/" not in key.lower():
        return ()
    return tuple(_agreement(match) for match in _AGREEMENT.finditer(key))


@cache
def label_words() -> frozenset[str]:
    """Return a word of each word for an award that a number may follow."""
    return telling_words(word for word in table("award_words")["labels"] if word != "\u2116")


@cache
def _after_colon() -> re.Pattern[str]:
    """Return the pattern of a number behind a colon, with the word for an award between it and the name."""
    labels = alternation(table("award_words")["labels"])
    return re.compile(
        rf"(?:,?\s(?i:{labels})(?:\s(?i:no|number|id)\.?)?)?"
        r"(?<=[\w)]):\s(?P<number>(?:PUB\s|[A-Z]{1,4}\s?)?\d[\w/.-]{2,20})(?=$|[,;.\s])"
    )


@cache
def _free() -> re.Pattern[str]:
    """Return the pattern of numbers outside brackets: a word for an award, perhaps words before it, and numbers."""
    labels, before = (alternation(table("award_words")[name]) for name in ("labels", "before"))
    return re.compile(
        rf"""[,;.\u2013-]?\s(?:[-\u2013]\s)?(?:(?:{before}|(?-i:principally|funding|research|project))\s){{0,4}}
        (?:(?:NSF|NIH|ERC|EU|EC|DFG|ANR|FCT|(?-i:award|research))\s)?(?:{labels})\.?
        (?:\s(?:agreement|number|numbers|no|nos|nr|id|ids|code|k\u00f3d|\u010d|n(?=[.\s]))\.?)?\s?
        (?:[\#\u2116:\u00b0\u00ba]\s?|no\.?\s|n[\u00b0\u00ba.]\s?){{0,2}}
        (?P<numbers>{_NUMBER}{_TO}
        (?:(?:,\sand\s|,\s|\sand\s|\s&\s|;\s|/\s|\sund\s|\set\s|\sy\s)(?:{_NUMBER}){_TO}){{0,12}})""",
        re.IGNORECASE | re.VERBOSE,
    )


def _agreement(match: re.Match[str]) -> Agreement:
    names = table("grant_funders")["names"]
    written = _decoded(match["funder"])
    parts = [match["funder"], match["programme"], match["number"]]
    while parts[-1] is None:
        parts.pop()
    number, programme = _decoded(match["number"]) or None, _decoded(match["programme"]) or None
    if number is None and programme and programme[-1].isdigit():
        # The shortest form has no programme: funder and number only.
        number, programme = programme, None
    return Agreement(
        uri="info:eu-repo/grantAgreement/" + "/".join(part or "" for part in parts),
        funder=names.get(written.upper(), written),
        written_funder=written,
        known=written.upper() in names,
        number=number,
        programme=programme,
        title=_decoded(match["title"]) or _decoded(match["acronym"]) or None,
    )


def _decoded(part: str | None) -> str:
    return re.sub(r"%20|\+", " ", (part or "").replace("%2F", "/").replace("%2f", "/")).strip()


def _is_number(number: str) -> bool:
    return sum(map(str.isdigit, number)) >= _FEWEST_DIGITS and not _PLAIN_YEAR.fullmatch(number)

"""What a notice allows, limits or closes, until when, and whom to ask."""

import re
from collections.abc import Iterator
from functools import cache

from ingest.normalise.conditions import negated
from ingest.normalise.dates import edtf
from ingest.normalise.folding import MASKED_ADDRESS, Folded, comparable
from ingest.normalise.vocabularies import comparable_uri, table

_LIMITS = (
    re.compile(r"\b(?:for |used? )?personal,? (?:and )?non-?\s?commercial\b|\bpersonal use only\b", re.IGNORECASE),
    re.compile(
        r"\b(?:for|to|is) [^.;]{0,40}\bnon-?\s?(?:commercial|profit)[^.;]{0,40}\b(?:use|purposes?)\b", re.IGNORECASE
    ),
    re.compile(
        r"\b(?:educational|academic|research|study|teaching)[^.;]{0,40}\b(?:use|purposes?|research) only\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\bcommercial use (?:of [^.;]{0,60} )?(?:requires|is (?:not|prohibited|forbidden))|\bno commercial\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:may|must|can) ?not (?:be )?(?:copy|copied|used|reproduced?|re-?used|redistributed?|modif\w+|"
        r"published)\b",
        re.IGNORECASE,
    ),
    re.compile(r"^non-?\s?commercial (?:use|purposes)\b|\bnon-?\s?commercial (?:use|purposes) only\b", re.IGNORECASE),
    re.compile(r"\bnot for (?:commercial|profit)\b|\bno (?:redistribution|modifications?)\b", re.IGNORECASE),
)
_CLOSED = re.compile(
    r"\b(?:access|use)\b[^.;]{0,60}\bby appointment only|\bin the reading room only|"
    r"\bon[- ]?(?:site|campus) (?:access )?only|\bnot (?:currently )?available (?:for|to) (?:the )?public|"
    r"\brestricted to (?:[\w-]+ ){0,3}(?:users|members|staff|students)",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\bopen (?:for|to) research\b|\bcollection is open\b|\bfreely available online\b|\bapproved for public release\b",
    re.IGNORECASE,
)
_EMBARGO = re.compile(
    r"(?:embargo|closed|restricted|unavailable|gesperrt|sperrfrist|cerrado|fechado)\w{0,4}\b[^\d.;]{0,60}?"
    r"(?:until|till|bis|hasta|até|jusqu'au|ends?(?: on)?:?)\s(?:the\s)?(?P<date>[\w., -]{4,24})",
    re.IGNORECASE,
)
_EMBARGO_URI = re.compile(r"info:eu-repo/date/embargoEnd/(?P<date>\d{4}(?:-\d{2}){0,2})(?!\d)", re.IGNORECASE)
_ACCESS_TOKEN = re.compile(r"info:eu-repo/semantics/\w{4,30}|(?:https?://)purl\.org/[\w/]{4,60}", re.IGNORECASE)
_PURPOSES = re.compile(r"\b(?P<education>educational|education|teaching)\b|\b(?P<research>research)\b", re.IGNORECASE)
_PERMITS = re.compile(
    r"\b(?:welcomes (?:the )?reuse|(?:made|are|is) [^.;]{0,40}available|provided|permission is granted|may be used|"
    r"permitted)"
    r"[^.;]{0,120}?\bfor (?P<purposes>[^.;]{4,120})",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}\b")
_CONTACT = re.compile(
    r"\bcontact:? (?:the |our )?(?P<name>[A-Z][^.;:@()\[\]]{2,120}?)(?= at | for | by | to | via |, \d|[.;:(\[]|$)"
)


def limits_use(value: Folded) -> bool:
    """Whether a private text limits what a reader may do."""
    return any(not negated(value, *found.span()) for limit in _LIMITS for found in limit.finditer(value.key))


def embargo_end(value: Folded) -> str | None:
    """Return the day, month or year on which access opens, as precisely as it is named."""
    if match := _EMBARGO_URI.search(value.key):
        return match["date"]
    match = _EMBARGO.search(value.key)
    if match is None:
        return None
    words = match["date"].split()
    return next((day for count in range(len(words), 0, -1) if (day := _day(" ".join(words[:count])))), None)


def access_terms(value: Folded) -> Iterator[tuple[str, str]]:
    """Yield access and category for each access term: a URI anywhere, a name or a plain sentence."""
    terms = _access()
    found = [terms.get(comparable_uri(match.group())) for match in _ACCESS_TOKEN.finditer(value.key)]
    found.append(terms.get(comparable(value.original)))
    if _CLOSED.search(value.key):
        found.append(("restricted", "access-closed"))
    if (match := _OPEN.search(value.key)) and not negated(value, *match.span()):
        found.append(("open", "access-only-open"))
    yield from dict.fromkeys(term for term in found if term)


def permits(value: Folded) -> tuple[str, ...]:
    """Return the purposes for which reuse is welcomed, in the order written."""
    match = _PERMITS.search(value.key)
    if match is None:
        return ()
    return tuple(dict.fromkeys(str(found.lastgroup) for found in _PURPOSES.finditer(match["purposes"])))


def contact(value: Folded) -> str | None:
    """Return whom to ask: an electronic address, else a name. A masked address is no address."""
    addresses = _ADDRESS.finditer(MASKED_ADDRESS.sub(" ", value.key))
    if address := next((found for found in addresses if f"/{found.group()}" not in value.key), None):
        return address.group()
    match = _CONTACT.search(value.key)
    return value.text[slice(*match.span("name"))].strip(" ,") if match else None


def _day(text: str) -> str | None:
    day = edtf(text.strip(" .,"))
    return day if day and re.fullmatch(r"\d{4}(?:-\d{2}){0,2}", day) else None


@cache
def _access() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for row in table("access")["term"]:
        term = (row["access"], row["category"])
        found |= {comparable_uri(uri): term for uri in row["uris"]} | {comparable(name): term for name in row["names"]}
    return found

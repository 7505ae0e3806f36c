"""Identifiers of donors and numbers of awards, as texts and formats give them, in their canonical forms."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ingest.descriptions import Json
from ingest.normalise.donor_tables import scheme_of
from ingest.normalise.patterns import late

_ROR_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_IDENTIFIER = late(
    r"""[\s(\[<,;]{0,3}
    (?:\b(?:ROR|ISNI|ORCID(?:\siD)?|GND|VIAF|LCNAF|LCCN|Wikidata|Crossref\sFunder\sID|Funder\sID|FundRef(?:\sID)?)\b\s?:?\s?
    |https?://|\b)
    (?:(?P<ror>(?:www\.)?ror\.org/(?P<ror_id>0[a-z0-9]{6}\d{2}))
    | (?P<funder>(?:(?:dx\.)?doi\.org/)?10\.13039/(?P<funder_id>\d{4,14}))
    | (?:(?:www\.)?isni\.org/(?:isni/)?|(?<=isni)\s?:?\s?|(?<=isni:)|(?<=isni:\s)|(?<=isni\s))
      (?P<isni>\d{4}\s?\d{4}\s?\d{4}\s?\d{3}[\dX])
    | (?:orcid\.org/|(?<=orcid:)|(?<=orcid:\s)|(?<=orcid\s))(?P<orcid>\d{4}-\d{4}-\d{4}-\d{3}[\dX])
    | (?:d-nb\.info/gnd/|(?<=gnd:)|(?<=gnd:\s)|(?<=gnd\s))(?P<gnd>1?\d{2,10}-?[\dX])
    | (?:(?:www\.)?viaf\.org/viaf/|(?<=viaf:)|(?<=viaf:\s)|(?<=viaf\s))(?P<viaf>\d{2,22})
    | (?:(?:www\.)?wikidata\.org/(?:wiki|entity)/|(?<=wikidata:)|(?<=wikidata:\s)|(?<=wikidata\s))
      (?P<wikidata>Q\d{1,10})
    | id\.loc\.gov/authorities/names/(?P<lcnaf>n[a-z]{0,2}\d{8,10}))
    /?[\s)\]>]{0,2}""",
    re.IGNORECASE | re.VERBOSE,
)
_DIGITS = re.compile(r"\d\d|Q\d")
_HINTS = re.compile(r"ror|10\.13039|isni|orcid|gnd|viaf|wikidata|id\.loc\.gov", re.IGNORECASE)
"""What every identifier holds, and of these schemes each: most names hold none of it."""
_BARE = (
    (late(r"0[a-z0-9]{6}\d{2}", re.IGNORECASE), "https://ror.org/"),
    (re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", re.IGNORECASE), "https://orcid.org/"),
    (re.compile(r"\d{4}\s?\d{4}\s?\d{4}\s?\d{3}[\dX]", re.IGNORECASE), "https://isni.org/isni/"),
    (re.compile(r"(?:5011000\d{5}|1000\d{5})"), "https://doi.org/10.13039/"),
    (re.compile(r"Q\d{1,10}"), "https://www.wikidata.org/entity/"),
)
"""Forms that a format's own element for identifiers holds without their resolver."""
_BEST_FIRST = ("ror", "funder", "isni", "orcid", "wikidata", "gnd", "viaf", "lcnaf", "uri")
_RESOLVERS = {
    "funder_id": "https://doi.org/10.13039/",
    "gnd": "https://d-nb.info/gnd/",
    "viaf": "https://viaf.org/viaf/",
    "wikidata": "https://www.wikidata.org/entity/",
    "lcnaf": "http://id.loc.gov/authorities/names/",
}
"""What stands before an identifier without check digits, by its group."""
_AWARD_PARTS = {"award_number": "number", "award_uri": "uri", "award_title": "title", "programme": "programme"}


class GivenIdentifiers(NamedTuple):
    """A text without its identifiers, and they in canonical form, in text order."""

    text: str
    identifiers: tuple[str, ...]


def take_identifiers(text: str) -> GivenIdentifiers:
    """Take the identifiers out of a text; what fails its check digit is none and stays."""
    if not _DIGITS.search(text) or not _HINTS.search(text):
        return GivenIdentifiers(text, ())
    found: list[str] = []

    def keep(match: re.Match[str]) -> str:
        identifier = _canonical(match)
        if identifier is None:
            return match.group()
        found.append(identifier)
        return " "

    rest = _IDENTIFIER.sub(keep, text)
    return GivenIdentifiers(re.sub(r"\s+(?=[,;)]|$)", "", rest).strip() if found else text, tuple(dict.fromkeys(found)))


def canonical_identifier(text: str) -> str:
    """Return the URI of an identifier that a format gives; what is of no known form stays as it is written."""
    taken = take_identifiers(text)
    if taken.identifiers:
        return taken.identifiers[0]
    for form, resolver in _BARE:
        if form.fullmatch(text.strip()) and _holds(resolver, text):
            digits = text.strip() if "orcid" in resolver or "wikidata" in resolver else re.sub(r"\s", "", text)
            return resolver + (digits.lower() if "ror" in resolver else digits.upper())
    return text.strip()


def best_identifier(identifiers: tuple[str, ...]) -> str | None:
    """Return the identifier that most catalogues know."""
    return min(identifiers, key=lambda one: _BEST_FIRST.index(scheme_of(one)), default=None)


def listed(identifiers: tuple[str, ...], method: str) -> list[Json]:
    """Write identifiers as evidence holds them. ``method``: ``given``, ``exact`` or ``alias``."""
    return [{"scheme": scheme_of(one), "id": one, "method": method} for one in identifiers]


def given_awards(parts: tuple[tuple[str, str], ...]) -> list[Mapping[str, Json]]:
    """Return the awards that a format keeps apart: each part that comes a second time begins the next award."""
    awards: list[dict[str, Json]] = []
    for name, value in parts:
        key = _AWARD_PARTS.get(name)
        if key and value:
            if not awards or key in awards[-1]:
                awards.append({})
            awards[-1][key] = value
    return list(awards)


def given_identifiers(parts: tuple[tuple[str, str], ...]) -> Iterator[str]:
    """Return the identifiers that a format keeps apart, in canonical form."""
    return (canonical_identifier(value) for name, value in parts if name == "identifier" and value.strip())


def _canonical(match: re.Match[str]) -> str | None:
    """Return the URI of what was found; None where its check digits do not hold."""
    if match["ror"]:
        identifier = match["ror_id"].lower()
        return f"https://ror.org/{identifier}" if _ror_holds(identifier) else None
    if match["isni"] or match["orcid"]:
        digits = re.sub(r"[\s-]", "", match["isni"] or match["orcid"]).upper()
        uri = f"https://isni.org/isni/{digits}" if match["isni"] else f"https://orcid.org/{match['orcid'].upper()}"
        return uri if _mod_11_2_holds(digits) else None
    group = next(name for name in _RESOLVERS if match[name])
    local = match[group].lower() if group == "lcnaf" else match[group].upper()
    return _RESOLVERS[group] + local


def _holds(resolver: str, text: str) -> bool:
    digits = re.sub(r"[\s-]", "", text).upper()
    if "ror" in resolver:
        return _ror_holds(digits.lower())
    return _mod_11_2_holds(digits) if "orcid" in resolver or "isni" in resolver else True


def _ror_holds(identifier: str) -> bool:
    """Check the last two digits of a ROR identifier (ISO/IEC 7064, MOD 97-10, over Crockford's base 32)."""
    if any(letter not in _ROR_LETTERS for letter in identifier):
        return False
    number = 0
    for letter in identifier[:-2]:
        number = number * 32 + _ROR_LETTERS.index(letter)
    return 98 - number * 100 % 97 == int(identifier[-2:])


def _mod_11_2_holds(digits: str) -> bool:
    """Check the last digit of an ISNI or ORCID (ISO/IEC 7064, MOD 11-2)."""
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    return digits[-1] == ("X" if check == 10 else str(check))  # noqa: PLR2004 - ten is written X.

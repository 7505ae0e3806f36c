"""Split a statement that names several parties, and tell persons, organisations and families apart.

A name is cut only where both sides stand as a party alone; what is doubtful stays whole, with less confidence.
"""

import re
from dataclasses import dataclass
from functools import cache

from ingest.normalise.folding import Folded, comparable, fold
from ingest.normalise.vocabularies import table

_MOST_SEPARATORS = 60
_HEAD_NOUNS = (
    "Foundations?|Funds?|Trusts?|Trustees|Council|Ministry|Ministerium|Committee|Commission|Corporation|Company|Compan(?:y|ies)|"
    "Institute|Institution|Institut|Instituto|Academy|Akademie|Agency|Association|Societ(?:y|ies)|Gesellschaft|Universit(?:y|ies)|"
    "Universität|Université|Universidad|Universidade|College|School|Librar(?:y|ies)|Museums?|Galler(?:y|ies)|Archives?|Center|"
    "Centre|Bank|Bureau|Board|Department|Directorate|Office|Embassy|Government|Authority|Administration|Service|Services|Union|"
    "League|Club|Stiftung|Stichting|Fondation|Fundación|Fundação|Fondazione|Fundacja|Fonds|Forschungsgemeinschaft|Initiative|"
    "Program|Programme|Project|Laborator(?:y|ies)|Press|Bequest|Donation|Endowment|Collection|Charit(?:y|ies)|Consortium|"
    "Alliance|Federation|Partnership|Group|Church|Hospital|Limited|Nations|Lottery|Stations|Surveys|Editions|Industries|Division"
)
_ENDS_IN_HEAD = re.compile(
    rf"(?:\b(?:{_HEAD_NOUNS})|\b(?:Inc|Ltd|LLC|LLP|PLC|plc|GmbH|AG|Co|S\.A|B\.V|N\.V|UK|USA)\.?)(?:\s?\([^()]{{1,40}}\))?\W*"
)
_BEGINS_WITH_HEAD = re.compile(
    rf"(?:[A-Z][\w.'&-]*\s){{0,4}}(?:{_HEAD_NOUNS}|Friends|Beauftragte|Ministère|Ministerio|Ministério|"
    r"Comisión|Conseil|Consejo|Région|Regierung|Bộ)\s"
    r"(?:of|for|on|to|at|de|du|des|del|della|für|der|da|do|van|voor|và|Giáo)\b"
)
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&/-]{1,9}")
_PARTICLE = r"(?:de|da|do|dos|das|del|della|di|du|la|le|van|von|der|den|ten|zu|al|bin|ibn|y|e)"
_TITLE = r"(?:Dr|Mr|Mrs|Ms|Miss|Prof|Professor|Sir|Lord|Lady|Dame|Rev|Hon|Baron|Baroness|Count|Countess)"
_NAME_WORD = r"[^\W\d_a-zß-öø-ÿа-я][\w.'-]*"
_PERSON = re.compile(
    rf"(?:{_TITLE}\.?\s){{0,2}}{_NAME_WORD}(?:\s(?:{_PARTICLE}\s){{0,2}}{_NAME_WORD}){{1,4}}(?:,?\s(?:Jr|Sr|II|III|IV)\.?)?"
)
_TITLED = re.compile(rf"{_TITLE}\.?\s{_NAME_WORD}(?:\s{_NAME_WORD}){{0,4}}(?:,?\s(?:Jr|Sr|II|III|IV)\.?)?")
_INITIAL = re.compile(r"\b[A-Z]\.")
_INVERTED = re.compile(
    rf"{_NAME_WORD}, {_NAME_WORD}(?: {_NAME_WORD}){{0,3}}(?:, (?:b\. |d\. )?\d{{4}}(?:-(?:\d{{4}})?)?)?"
)
_LIFE_DATES = re.compile(r", (?:b\. |d\. )?\d{4}(?:-(?:\d{4})?)?$")
_COUPLE = re.compile(rf"{_TITLE}\.? (?:and|&) {_TITLE}\.?\s", re.IGNORECASE)
_SHARED_SURNAME = re.compile(rf"(?P<one>{_NAME_WORD}) (?:and|&) (?P<two>{_NAME_WORD}) (?P<surname>{_NAME_WORD})")
_FAMILY = re.compile(r"\bfamily$|\bfamily of\b|^famili?e\b|^the .{1,40} family\b|^Mr\.? (?:and|&) Mrs", re.IGNORECASE)
_ANONYMOUS = re.compile(
    r"(?:an? )?anonymous(?: (?:donors?|gift|friend|bequest))?|(?:a )?group of anonymous donors|others?|et al\.?|"
    r"various (?:donors|subscribers|sources)|private (?:donors?|collection)|an? \w+ friend|"
    r"friends of (?:the )?[A-Z].{1,60}|other descendants",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"(?:an? )?anonymous(?: (?:donors?|gift|bequest))?|(?:a )?group of anonymous donors", re.IGNORECASE
)
_SUFFIX = re.compile(r",(?=\s(?:Inc|Ltd|LLC|LLP|PLC|GmbH|Co|Jr|Sr|II|III|IV|S\.A|B\.V)\b)")
_SEPARATOR = re.compile(r",\s(?:and|&|und|et|y|e)\s|,\s|\s(?:and|&|und|et|y|e|и)\s")
_ESTATE = re.compile(r"\bestate\b", re.IGNORECASE)
_PARENT = re.compile(r"(?:\w+ ){0,3}(?:University|College|Institution|Academy)\b")
_PART_OF_PARENT = re.compile(
    r"\b(?:Department|School|Faculty|Cent(?:er|re)|Institute|Librar|Program|Collection|Office|Division)"
)
_ACRONYM_IN_BRACKETS = re.compile(r"\s?\((?P<acronym>[A-Z][\w&./-]{1,11}(?:\s[A-Z]{1,4})?)\)")
_MEANS = re.compile(
    r"(?:an?\s)?(?:[\w-]+\s){0,3}?(?:grants?|studentships?|fellowships?|awards?|donations?|gifts?|funding|support)\s"
    r"(?:to\s\w+\s)?from\s",
    re.IGNORECASE,
)
_ORGANISATION_WORD = re.compile(
    rf"\b(?:{_HEAD_NOUNS}|National|International|American|European|Royal|Public|State|Federal)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One party as a statement names it."""

    name: str
    kind: str
    estate: bool = False
    certain: bool = True
    """Whether the name ends the way such names do, or is known; else it was only left over."""


def split_parties(text: str) -> tuple[Party, ...]:
    """Split a list of names into parties, in text order."""
    value = fold(text)
    parties: list[Party] = []
    for chunk in re.split(r"\s?;\s?|\s\|\s", value.text):
        bare = chunk.strip(" ,.").removeprefix("and ") if not _ends_in_abbreviation(chunk) else chunk.strip(" ,")
        if bare:
            parties.extend(_split_chunk(fold(bare)))
    return tuple(dict.fromkeys(parties))


def kind_of(name: str) -> str:
    """Tell what a party is: ``person``, ``organisation``, ``family`` or ``anonymous``."""
    key = fold(name).key
    if _is_known(key):
        return "organisation"
    if _ANONYMOUS.fullmatch(key) and not (key.startswith("Friends of") and _ORGANISATION_WORD.search(key)):
        return "organisation" if key.startswith("Friends of") else "anonymous"
    if _FAMILY.search(key) or _COUPLE.match(key):
        return "family"
    if _ESTATE.search(key) or re.match(r"the artist\b", key, re.IGNORECASE):
        return "person"
    if _is_organisation(key):
        return "organisation"
    return "person" if _is_person(key) else "organisation"


def stands_alone(text: str) -> bool:
    """Whether the text reads as one whole party without its neighbours."""
    key = fold(text).key
    named = _is_known(key) or _is_organisation(key) or _is_person(key)
    return named or bool(
        _ANONYMOUS.fullmatch(key) or _ACRONYM.fullmatch(key) or re.match(r"the artist\b", key, re.IGNORECASE)
    )


def _split_chunk(chunk: Folded) -> list[Party]:
    if _INVERTED.fullmatch(chunk.key) and not _ORGANISATION_WORD.search(chunk.key) and not _is_organisation(chunk.key):
        return [Party(name=_LIFE_DATES.sub("", chunk.text), kind="person")]
    shared = _SHARED_SURNAME.fullmatch(chunk.key)
    if shared and not _ORGANISATION_WORD.search(chunk.key) and not _COUPLE.match(chunk.key):
        return [Party(name=f"{shared[first]} {shared['surname']}", kind="person") for first in ("one", "two")]
    return [_party(piece) for piece in _pieces(chunk)]


def _pieces(chunk: Folded) -> list[str]:
    """Cut at the separators where everything left and right stands alone; else leave the chunk whole."""
    cuts = _cuts(chunk.key)
    if not cuts or len(cuts) > _MOST_SEPARATORS:
        return [chunk.text]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(chunk.text)]
    best: dict[int, list[str] | None] = {len(starts): []}
    for first in reversed(range(len(starts))):
        best[first] = None
        for last in range(first, len(ends)):
            piece, rest = chunk.text[starts[first] : ends[last]], best[last + 1]
            if rest is not None and stands_alone(piece) and _may_neighbour(piece, rest):
                best[first] = [piece, *rest]
                break
    return best[0] or [chunk.text]


def _may_neighbour(piece: str, rest: list[str]) -> bool:
    """Refuse cuts between parts of one body: a department and its university, "Lung" and "Blood Institute"."""
    if not rest:
        return True
    following = fold(rest[0]).key
    if _PART_OF_PARENT.search(piece) and _PARENT.fullmatch(following):
        return False
    kinds = {kind_of(piece), kind_of(following)}
    return kinds != {"person", "organisation"} or not any(_is_plain_person(name) for name in (piece, following))


def _is_plain_person(name: str) -> bool:
    """Whether a name could as well be the half of a body's name: two capital words without title or initial."""
    key = fold(name).key
    return (
        bool(_PERSON.fullmatch(key))
        and not (_TITLED.fullmatch(key) or _INITIAL.search(key) or _is_known(key))
        and (kind_of(key) == "person")
    )


def _cuts(key: str) -> list[tuple[int, int]]:
    """Return the separators outside known names, couples, brackets and legal suffixes."""
    closed = [match.span() for match in _known_names().finditer(key)]
    closed += [match.span() for match in _COUPLE.finditer(key)]
    closed += [match.span() for match in re.finditer(r"\([^()]{0,200}\)", key)]
    closed += [match.span() for match in _SUFFIX.finditer(key)]
    found = (match.span() for match in _SEPARATOR.finditer(key))
    return [cut for cut in found if not any(start < cut[1] and cut[0] < end for start, end in closed)]


def _party(piece: str) -> Party:
    key = fold(piece).key
    certain = stands_alone(piece) or bool(_FAMILY.search(key) or _COUPLE.match(key))
    name = _ACRONYM_IN_BRACKETS.sub("", _MEANS.sub("", piece, count=1) if _MEANS.match(piece) else piece)
    name = re.sub(r"^(?:the|an?|die|der|das|la|le|les|el|los)\s(?!artist)", "", name.strip(" ,"), flags=re.IGNORECASE)
    if _NO_NAME.fullmatch(fold(name).key):
        name = "Anonymous"
    return Party(name=name, kind=kind_of(name), estate=bool(_ESTATE.search(key)), certain=certain)


def _ends_in_abbreviation(chunk: str) -> bool:
    return bool(re.search(r"\b(?:Inc|Ltd|Jr|Sr|Co|S\.A|B\.V|N\.V)\.$", chunk))


def _is_organisation(key: str) -> bool:
    head = re.search(rf"{_ENDS_IN_HEAD.pattern}$", key)
    return bool(head or _BEGINS_WITH_HEAD.match(re.sub("^the ", "", key, flags=re.IGNORECASE)))


def _is_person(key: str) -> bool:
    named = _PERSON.fullmatch(key) or _TITLED.fullmatch(key) or _COUPLE.match(key)
    return bool(named) and not _is_organisation(key) and not _ORGANISATION_WORD.search(key)


def _is_known(key: str) -> bool:
    return comparable(key).replace(" & ", " and ") in _known()


@cache
def _known() -> frozenset[str]:
    return frozenset(comparable(name).replace(" & ", " and ") for name in table("foundations")["names"])


@cache
def _known_names() -> re.Pattern[str]:
    names = sorted(table("foundations")["names"], key=len, reverse=True)
    spelt = "|".join(re.escape(name).replace("\\ and\\ ", r"\ (?:and|&)\ ") for name in names)
    return re.compile(rf"\b(?:{spelt})", re.IGNORECASE)

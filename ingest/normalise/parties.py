"""Split a statement that names several parties.

A name is cut only where both sides stand as a party alone; what is doubtful stays whole, with less confidence.
"""

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from ingest.normalise.donor_phrases import alternation
from ingest.normalise.donor_tables import known_donor, protected_names
from ingest.normalise.folding import Folded, fold
from ingest.normalise.party_joiners import given_from, is_means, separated
from ingest.normalise.party_names import (
    PART,
    STRONG,
    Name,
    couples,
    is_inverted,
    read_name,
    without_life_dates,
    words_of,
)
from ingest.normalise.party_neighbours import (
    ACRONYM,
    SHARED_SURNAME,
    are_persons,
    may_neighbour,
    stands_alone,
    without_article,
)
from ingest.operator_tables import NO_TABLES, OperatorTables

_SUFFIX = re.compile(
    r",(?=\s(?:Inc|Ltd|LLC|LLP|PLC|GmbH|Co|Jr|Sr|II|III|IV|S\.A|B\.V|I\.P|Esq|M\.D|Ph\.?D|SpA|S\.p\.A|UK|USA)\b)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]|\"[^\"]{1,120}\"")
_FEW_WORDS = 2
_MOST_SEPARATORS = 60
_FIRMS = re.compile(
    r"\s(?:and|&)\s(?=(?:Co|Company|Sons?|Cie|Bros|Brothers|Daughters|Associates|Partners)\b)", re.IGNORECASE
)
_REMARK = re.compile(
    r"\s\((?:(?P<acronym>[A-Z]{2,8})[,;]\s)?(?=[a-z]|[^()\s]+\s[^()\s]+\s|[^()]{30,}|(?<=[,;]\s))[^()]{2,200}\)$"
)
_LEADING_JOINER = re.compile(r"^(?:and|&|und|et|y|e|en|och|og|\u0438|\u0442\u0430|by|from|also)\s", re.IGNORECASE)
_PLACE = re.compile(
    r"(?:,\s(?:The\s)?[A-Z][\w.-]+(?:\s[A-Z][\w.-]+)?){1,2}(?=,\s)?,\s(?:The\s)?(?:Netherlands|Germany|France|USA|U\.S\.A\.|UK|United\sKingdom|Italy|Spain|Switzerland|Austria|Belgium|Canada|Japan|China|Poland|Sweden|Norway|Denmark|Finland|Australia|Brazil|Israel|India)$"
)
_ENDS_IN_ABBREVIATION = re.compile(
    r"\b(?:Inc|Ltd|Jr|Sr|Co|Corp|Bros|S\.A|B\.V|N\.V|e\.V|(?-i:[A-ZÀ-Þ\u0410-\u042f])|Esq|S\.p\.A|s\.r\.o|A\.S|M\.D|Ph\.D|U\.S|D\.C|Cie)\.$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^(?P<what>.{2,80}?)\sfrom\s(?:the\s)?(?P<giver>[A-ZÀ-Þ].{2,200})$")
_PLACE_BEHIND_PERSON = re.compile(r"(?P<person>[^,]{5,60}),\s[A-ZÀ-Þ][\w.-]{2,20}(?:\s[A-ZÀ-Þ][\w.-]{1,20})?")
_PERSON_AT = re.compile(r"(?P<person>[A-ZÀ-Þ][\w'-]{1,30},\s(?:[A-ZÀ-Þ]\.[\s-]?){1,4})(?=,\s)")
_FAMILY_TOO = re.compile(r",?\s(?:and|&)\s(?:(?:his|her|their|the)\s)?(?P<family>family)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One party as a statement names it."""

    name: str
    kind: str
    estate: bool = False
    certain: bool = True
    """Whether the name ends the way such names do, or is known; else it was only left over."""
    acronym: str | None = None
    """The short form that stood in brackets behind the name."""


@lru_cache(maxsize=2048)
def split_parties(text: str, own: OperatorTables = NO_TABLES) -> tuple[Party, ...]:
    """Split a list of names into parties, in text order."""
    parties: list[Party] = []
    for part in separated(fold(text).text):
        chunk = given_from().sub("", part)
        given = without_article(chunk)
        if is_means(chunk) and _without_means(given, own) == given:
            continue
        bare = _LEADING_JOINER.sub("", chunk.strip(" ,") if _ENDS_IN_ABBREVIATION.search(chunk) else chunk.strip(" ,."))
        if bare:
            parties.extend(_split_chunk(fold(bare), own))
    return tuple(dict.fromkeys(party for party in parties if party.name))


def kind_of(name: str, own: OperatorTables = NO_TABLES) -> str:
    """Tell what a party is: ``person``, ``organisation``, ``family`` or ``anonymous``."""
    return read_name(name, own).kind


def _split_chunk(chunk: Folded, own: OperatorTables) -> list[Party]:
    if is_inverted(chunk.key):
        return [Party(name=without_life_dates(chunk.text), kind="person")]
    employed = _PERSON_AT.match(chunk.key)
    if employed:
        return [Party(name=employed["person"].strip(), kind="person")]
    family = _FAMILY_TOO.search(chunk.key)
    if family and read_name(chunk.text[: family.start()], own).kind == "person":
        person = _split_chunk(fold(chunk.text[: family.start()]), own)
        surname = person[-1].name.split()[-1]
        return [*person, Party(name=f"{surname} {family['family'].lower()}", kind="family")]
    shared = SHARED_SURNAME.fullmatch(chunk.key)
    if shared and are_persons(shared):
        return [Party(name=f"{shared[first]} {shared['surname']}", kind="person") for first in ("one", "two")]
    return [_party(piece, own) for piece in _pieces(chunk, own)]


def _pieces(chunk: Folded, own: OperatorTables) -> list[str]:
    """Cut at the separators where everything left and right stands alone; else leave the chunk whole."""
    cuts = _cuts(chunk.key, own)
    if not cuts or len(cuts) > _MOST_SEPARATORS:
        return [chunk.text]
    starts = [0, *(end for _, end in cuts)]
    ends = [*(start for start, _ in cuts), len(chunk.text)]
    best: dict[int, list[str] | None] = {len(starts): []}
    for first in reversed(range(len(starts))):
        best[first] = None
        for last in range(first, len(ends)):
            piece, rest = chunk.text[starts[first] : ends[last]], best[last + 1]
            if rest is None or not stands_alone(piece, own):
                continue
            separator = chunk.key[ends[last] : starts[last + 1]] if rest else ""
            if not rest or may_neighbour(piece, separator, rest, own):
                best[first] = _split_again(piece, own) + rest
                break
    return best[0] or [chunk.text]


def _split_again(piece: str, own: OperatorTables) -> list[str]:
    """Give a couple of persons with one surname as two, where they stand in a longer list."""
    shared = SHARED_SURNAME.fullmatch(fold(piece).key)
    if shared and are_persons(shared) and not known_donor(piece, own):
        return [f"{shared[first]} {shared['surname']}" for first in ("one", "two")]
    return [piece]


def _cuts(key: str, own: OperatorTables) -> list[tuple[int, int]]:
    """Return the separators outside known names, couples, brackets and legal suffixes."""
    found = [match.span() for match in _separators().finditer(key)]
    if not found:
        return []
    lowered = key.lower() if len(key.lower()) == len(key) else key
    closed = [match.span() for match in protected_names(own).finditer(lowered)]
    for pattern in (_BRACKETS, _SUFFIX, _FIRMS):
        closed += [match.span() for match in pattern.finditer(key)]
    closed += [match.span() for match in couples().finditer(lowered)]
    return [cut for cut in found if not any(start < cut[1] and cut[0] < end for start, end in closed)]


def _party(piece: str, own: OperatorTables) -> Party:
    acronym = ACRONYM.search(piece) or _REMARK.search(piece)
    bare = _without_means(without_article(_PLACE.sub("", _REMARK.sub("", ACRONYM.sub("", piece))).strip(" ,")), own)
    name = read_name(bare, own)
    first = bare.split(" ", 1)[0].rstrip(".,")
    if name.standing < STRONG and " " in bare and first.isupper() and len(first) > 1 and known_donor(first, own):
        bare, name = first, read_name(first, own)
    source = _FROM.match(bare)
    if (
        source
        and read_name(source["giver"], own) == Name("organisation", STRONG)
        and source["what"].split()[0].lower() not in words_of("anonymous", "people")
    ):
        bare, name = source["giver"], read_name(source["giver"], own)
    if (
        name.standing == PART
        and (place := _PLACE_BEHIND_PERSON.fullmatch(bare))
        and read_name(place["person"], own).kind == "person"
    ):
        bare, name = place["person"], read_name(place["person"], own)
    certain = name.standing > PART or bool(acronym and acronym["acronym"])
    if name.kind == "anonymous" and any(
        word.lower().strip(".,") in words_of("anonymous", "nameless") for word in bare.split()
    ):
        bare = "Anonymous"
    party = Party(name=bare, kind=name.kind, estate=name.estate, certain=certain)
    return replace(party, acronym=acronym["acronym"]) if acronym and acronym["acronym"] else party


def _without_means(text: str, own: OperatorTables) -> str:
    """Cut what was given from behind who gave it: "Example University fellowship", "NSF Graduate Fellowship"."""
    words = text.split()
    if len(words) < _FEW_WORDS or words[-1].lower().strip(".") not in words_of("joiners", "means"):
        return text
    if words[-1].islower():
        while len(words) > 1 and words[-1].islower():
            words.pop()
        text = " ".join(words)
    ends = range(len(words) - 1, 0, -1)
    return next((start for end in ends if known_donor(start := " ".join(words[:end]), own)), text)


@cache
def _separators() -> re.Pattern[str]:
    joined = alternation(words_of("joiners"))
    return re.compile(rf",\s(?:{joined})\s|,\s|\s(?:{joined})\s|\s[|+]\s|、", re.IGNORECASE)

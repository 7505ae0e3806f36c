"""Split a statement that names several parties.

A name is cut only where both sides stand as a party alone; what is doubtful stays whole, with less confidence.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from ingest.normalise.donor_phrases import alternation
from ingest.normalise.donor_stems import telling_words, words_in
from ingest.normalise.donor_tables import known_donor, protected_spans
from ingest.normalise.folding import Folded, fold
from ingest.normalise.party_joiners import is_means, separated, without_given
from ingest.normalise.party_names import (
    PART,
    STRONG,
    Name,
    couples,
    is_inverted,
    read_name,
    titles,
    without_life_dates,
)
from ingest.normalise.party_neighbours import (
    ACRONYM,
    INDEFINITE,
    SHARED_SURNAME,
    are_persons,
    may_neighbour,
    stands_alone,
    without_article,
    without_means,
)
from ingest.normalise.party_words import words_of
from ingest.operator_tables import NO_TABLES, OperatorTables

_SUFFIX = re.compile(
    r",(?=\s(?:Inc|Ltd|LLC|LLP|PLC|GmbH|Co|Jr|Sr|II|III|IV|S\.A|B\.V|I\.P|Esq|M\.D|Ph\.?D|SpA|S\.p\.A|UK|USA)\b)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]|\"[^\"]{1,120}\"")
_MOST_SEPARATORS = 60
_FIRMS = re.compile(
    r"\s(?:and|&)\s(?=(?:Co|Company|Sons?|Cie|Bros|Brothers|Daughters|Associates|Partners)\b)", re.IGNORECASE
)
_FIRM_WORDS = {"co", "company", "son", "sons", "cie", "bros", "brothers", "daughters", "associates", "partners"}
_REMARK = re.compile(
    r"\s\((?:(?P<acronym>[A-Z]{2,8})[,;]\s)?(?=[a-z]|[^()\s]+\s[^()\s]+\s|[A-Z][\w.]+,\s[A-Z]|[^()]{30,}|(?<=[,;]\s))[^()]{2,200}\)$"
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


class Party(NamedTuple):
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
    value = fold(text)
    words = words_in(value.key)
    for part in separated(value.text, words):
        chunk = without_given(part, words)
        given = without_article(chunk)
        if is_means(chunk) and without_means(given, own, indefinite=bool(INDEFINITE.match(chunk))) == given:
            continue
        bare = _LEADING_JOINER.sub("", chunk.strip(" ,") if _ENDS_IN_ABBREVIATION.search(chunk) else chunk.strip(" ,."))
        if bare:
            parties.extend(_split_chunk(fold(bare), own))
    return tuple(dict.fromkeys(party for party in parties if party.name))


def kind_of(name: str, own: OperatorTables = NO_TABLES) -> str:
    """Tell what a party is: ``person``, ``organisation``, ``family`` or ``anonymous``."""
    return read_name(name, own).kind


def _split_chunk(chunk: Folded, own: OperatorTables) -> list[Party]:
    if _joining_words().isdisjoint(words_in(chunk.key)) and not any(mark in chunk.text for mark in ",|+&\u3001."):
        return [_party(chunk.text, own)]
    if "," in chunk.key:
        if is_inverted(chunk.key):
            return [Party(name=without_life_dates(chunk.text), kind="person")]
        employed = _PERSON_AT.match(chunk.key)
        if employed:
            return [Party(name=employed["person"].strip(), kind="person")]
    family = _FAMILY_TOO.search(chunk.key) if chunk.low.endswith("family") else None
    if family and read_name(chunk.text[: family.start()], own).kind in {"person", "family"}:
        person = _split_chunk(fold(chunk.text[: family.start()]), own)
        surname = person[-1].name.split()[-1]
        return [*person, Party(name=f"{surname} {family['family'].lower()}", kind="family")]
    shared = SHARED_SURNAME.fullmatch(chunk.key)
    if shared and are_persons(shared):
        return [Party(name=f"{shared[first]} {shared['surname']}", kind="person") for first in ("one", "two")]
    return [_party(piece, own) for piece in _pieces(chunk, own)]


def _pieces(chunk: Folded, own: OperatorTables) -> list[str]:
    """Cut at the separators where everything left and right stands alone; else leave the chunk whole."""
    cuts = _cuts(chunk, own)
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


def _cuts(chunk: Folded, own: OperatorTables) -> list[tuple[int, int]]:
    """Return the separators outside known names, couples, brackets and legal suffixes."""
    key, low = chunk.key, chunk.low
    found = [match.span() for match in _separators().finditer(low)]
    if not found:
        return []
    closed = protected_spans(low, own)
    if "(" in key or "[" in key or '"' in key:
        closed += [match.span() for match in _BRACKETS.finditer(key)]
    if "," in key:
        closed += [match.span() for match in _SUFFIX.finditer(key)]
    words = words_in(key)
    if not words.isdisjoint(_FIRM_WORDS):
        closed += [match.span() for match in _FIRMS.finditer(key)]
    if not words.isdisjoint(titles()):
        closed += [match.span() for match in couples().finditer(low)]
    return [cut for cut in found if not any(start < cut[1] and cut[0] < end for start, end in closed)]


def _without_brackets(piece: str) -> tuple[re.Match[str] | None, str]:
    """Return the short form or remark in brackets behind a name, and the name without."""
    if "(" not in piece:
        return None, piece
    return ACRONYM.search(piece) or _REMARK.search(piece), _REMARK.sub("", ACRONYM.sub("", piece))


def _party(piece: str, own: OperatorTables) -> Party:
    acronym, bare = _without_brackets(piece)
    bare = without_article((_PLACE.sub("", bare) if "," in bare else bare).strip(" ,"))
    indefinite = bool(INDEFINITE.match(piece))
    bare = without_means(bare, own, indefinite=indefinite)
    name = read_name(bare, own)
    if indefinite and bare.lower() in words_of("anonymous", "single"):
        name = Name("anonymous", STRONG)
    first = bare.split(" ", 1)[0].rstrip(".,")
    if name.standing < STRONG and " " in bare and first.isupper() and len(first) > 1 and known_donor(first, own):
        bare, name = first, read_name(first, own)
    source = _FROM.match(bare) if " from " in bare else None
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
    return party._replace(acronym=acronym["acronym"]) if acronym and acronym["acronym"] else party


@cache
def _joining_words() -> frozenset[str]:
    return telling_words(word for word in words_of("joiners") if word != "&")


@cache
def _separators() -> re.Pattern[str]:
    joined = alternation(words_of("joiners"))
    return re.compile(rf",\s(?:{joined})\s|,\s|\s(?:{joined})\s|\s[|+]\s|、")

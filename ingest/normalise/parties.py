"""Split a statement that names several parties.

A name is cut only where both sides stand as a party alone; what is doubtful stays whole, with less confidence.
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from ingest.normalise.donor_rows import alternation
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
    may_neighbour,
    stands_alone,
    without_article,
    without_means,
)
from ingest.normalise.party_surnames import SHARED_SURNAME, are_persons, sharing_a_surname
from ingest.normalise.party_words import words_of
from ingest.normalise.patterns import late
from ingest.normalise.remembered import REMEMBERED
from ingest.operator_tables import NO_TABLES, OperatorTables

_SUFFIX = re.compile(
    r",(?=\s(?:Inc|Ltd|LLC|LLP|PLC|GmbH|Co|Jr|Sr|II|III|IV|S\.A|B\.V|I\.P|Esq|M\.D|Ph\.?D|SpA|S\.p\.A|UK|USA)\b)",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^()]{0,200}\)|\[[^\[\]]{0,200}\]|\"[^\"]{1,120}\"")
_MARKS = re.compile("[,|+&\u3001.]")
_MOST_SEPARATORS = 60
_LONGEST_ACRONYM = 3
_BLANKS_OF_TWO = 3
"""Blanks that two first names and a surname have at least: "Ann and Robert Roe"."""
_FIRMS = late(r"\s(?:and|&)\s(?=(?:Co|Company|Sons?|Cie|Bros|Brothers|Daughters|Associates|Partners)\b)", re.IGNORECASE)
_FIRM_WORDS = {"co", "company", "son", "sons", "cie", "bros", "brothers", "daughters", "associates", "partners"}
_REMARK = late(
    r"\s\((?:(?P<acronym>[A-Z]{2,8})[,;]\s)?(?=[a-z]|[^()\s]+\s[^()\s]+\s|[A-Z][\w.]+,\s[A-Z]|[^()]{30,}|(?<=[,;]\s))[^()]{2,200}\)$"
)
_LEADING_JOINERS = {
    "and",
    "&",
    "und",
    "et",
    "y",
    "e",
    "en",
    "och",
    "og",
    "\u0438",
    "\u0442\u0430",
    "by",
    "from",
    "also",
}
_ENDS_IN_ABBREVIATION = late(
    r"\b(?:Inc|Ltd|Jr|Sr|Co|Corp|Bros|S\.A|B\.V|N\.V|e\.V|(?-i:[A-ZÀ-Þ\u0410-\u042f])|Esq|S\.p\.A|s\.r\.o|A\.S|M\.D|Ph\.D|U\.S|D\.C|Cie)\.$",
    re.IGNORECASE,
)
_FROM = re.compile(r"^(?P<what>.{2,80}?)\sfrom\s(?:the\s)?(?P<giver>[A-ZÀ-Þ].{2,200})$")
_PLACE_BEHIND_PERSON = re.compile(r"(?P<person>[^,]{5,60}),\s[A-ZÀ-Þ][\w.-]{2,20}(?:\s[A-ZÀ-Þ][\w.-]{1,20})?")
_PERSON_AT = re.compile(r"(?P<person>[A-ZÀ-Þ][\w'-]{1,30},\s(?:[A-ZÀ-Þ]\.[\s-]?){1,4})(?=,\s)")
_BY_DASH = late(
    r"(?P<before>[A-Z][A-Za-z]{0,9}[A-Z][a-z]?)\s[-\u2013]\s(?P<name>[A-Z][^-\u2013]{5,200})"
    r"|(?P<named>[A-Z][^-\u2013]{5,200})\s[-\u2013]\s(?P<behind>[A-Z][A-Za-z]{0,9}[A-Z][a-z]?)"
)
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


@lru_cache(maxsize=REMEMBERED)
def split_parties(text: str, own: OperatorTables = NO_TABLES) -> tuple[Party, ...]:
    """Split a list of names into parties, in text order."""
    parties: list[Party] = []
    value = fold(text)
    words = words_in(value.low)
    for part in separated(value.text, words):
        chunk = without_given(part, words)
        if is_means(chunk) and _is_nobodys(chunk, own):
            continue
        abbreviated = chunk[-1] == "." and _ENDS_IN_ABBREVIATION.search(chunk)
        bare = chunk.strip(" ,") if abbreviated else chunk.strip(" ,.")
        first, _, rest = bare.partition(" ")
        bare = rest if rest and first.lower() in _LEADING_JOINERS else bare
        if bare[-1:] == ")" and bare.count(")") > bare.count("("):
            bare = bare[:-1]
        if bare:
            parties.extend(_split_chunk(fold(bare), own))
    if len(parties) == 1:
        return tuple(parties) if parties[0].name else ()
    return tuple(dict.fromkeys(party for party in parties if party.name))


def _is_nobodys(means: str, own: OperatorTables) -> bool:
    """Whether nobody stands before what was given."""
    given = without_article(means)
    return without_means(given, own, indefinite=bool(INDEFINITE.match(means))) == given


def kind_of(name: str, own: OperatorTables = NO_TABLES) -> str:
    """Tell what a party is: ``person``, ``organisation``, ``family`` or ``anonymous``."""
    return read_name(name, own).kind


def _split_chunk(chunk: Folded, own: OperatorTables) -> list[Party]:
    if _joining_words().isdisjoint(words_in(chunk.low)) and not _MARKS.search(chunk.text):
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
    shared = sharing_a_surname(chunk.key)
    if shared:
        return [Party(name=name, kind="person") for name in shared]
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
    shared = SHARED_SURNAME.fullmatch(fold(piece).key) if piece.count(" ") >= _BLANKS_OF_TWO else None
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
    words = words_in(low)
    if "," in key and not _region_words().isdisjoint(words):
        closed += [match.span() for match in _place().finditer(key)]
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


def _without_place(name: str) -> str:
    """Cut an address from behind a name of several words; "Roe, Jane M., MA" has none."""
    bare = _place().sub("", name)
    return name if " " not in bare and name[-3:-2] == " " else bare


def _short_form_in_brackets(piece: str) -> str:
    """Write a short form that a dash parts from the name in brackets behind it: "ACE - Acme Council of Example"."""
    match = _BY_DASH.fullmatch(piece)
    if match is None:
        return piece
    short, name = match["before"] or match["behind"], match["name"] or match["named"]
    if short[0] == name[0] and " " in name:
        return f"{name} ({short})"
    return match["named"] or piece


def _party(piece: str, own: OperatorTables) -> Party:
    if (" - " in piece or " \u2013 " in piece) and not known_donor(piece, own):
        piece = _short_form_in_brackets(piece)
    acronym, bare = _without_brackets(piece)
    bare = without_article((_without_place(bare) if "," in bare else bare).strip(" ,"))
    to, where = bare.split(" to the ", 1) if " to the " in bare else (bare, "")
    if where[:1].isupper() and read_name(to, own).standing == STRONG:
        bare = to
    indefinite = bool(INDEFINITE.match(piece))
    bare = without_means(bare, own, indefinite=indefinite)
    name = read_name(bare, own)
    if indefinite and bare.lower() in words_of("anonymous", "single"):
        name = Name("anonymous", STRONG)
    if name.standing < STRONG and bare[1:2].isupper() and " " in bare:
        first = bare.split(" ", 1)[0].rstrip(".,")
        if first.isupper() and len(first) > 1 and known_donor(first, own):
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
def _region_words() -> frozenset[str]:
    return telling_words(words_of("regions"))


@cache
def _place() -> re.Pattern[str]:
    """Return the pattern of an address behind a name: one place or two, and the land that they are in."""
    regions = alternation(
        word.title() if len(word) > _LONGEST_ACRONYM else word.upper() for word in words_of("regions")
    )
    town = r",\s(?!(?:Inc|Ltd|LLC|Co|Corp|Jr|Sr|Esq)\b)(?:The\s)?[A-Z][\w.-]+(?:\s[A-Z][\w.-]+)?"
    return re.compile(rf"(?:{town}){{1,2}}(?=,\s)?,\s(?:The\s)?(?:{regions})(?=$|,?\s(?:and|&)\s)")


@cache
def _joining_words() -> frozenset[str]:
    return telling_words(word for word in words_of("joiners") if word != "&")


@cache
def _separators() -> re.Pattern[str]:
    joined = alternation(words_of("joiners"))
    # A sign or a blank first, since a search goes quickly to it.
    return re.compile(rf"[,\s、](?:(?<=,)\s(?:(?:{joined})\s)?|(?<=\s)(?:{joined}|[|+])\s|(?<=、))")

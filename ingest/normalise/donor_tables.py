"""The donors that are known by name: the operator's own rows first, then the bundled table."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache

from ingest.descriptions import Json
from ingest.normalise.donor_stems import words_in
from ingest.normalise.folding import comparable
from ingest.normalise.vocabularies import rows
from ingest.operator_tables import OperatorTables

_ALIKE = 0.9
"""Similarity from which a name that no table knows is worth a suggestion, from 0 to 1."""
_FEWEST_CHARACTERS = 8
_JOINED = re.compile(r"[,|/]|\s(?:and|et|e|y|und|i|a|en|och|og|ja|\u00e9s|\u0438|\u0442\u0430)\s")
_WORD = re.compile(r"\w+")
_SCHEMES = (
    ("ror", "ror.org/"),
    ("funder", "doi.org/10.13039/"),
    ("wikidata", "wikidata.org/"),
    ("isni", "isni.org/"),
    ("orcid", "orcid.org/"),
    ("gnd", "d-nb.info/gnd/"),
    ("viaf", "viaf.org/"),
    ("lcnaf", "id.loc.gov/"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDonor:
    """A row of a table of donors."""

    name: str
    aliases: tuple[str, ...]
    identifiers: tuple[str, ...]
    kind: str = "organisation"
    own: bool = False
    """Whether the operator's table has it, whose name the catalogue is given."""


def known_donor(name: str, own: OperatorTables) -> KnownDonor | None:
    """Return the row that has this name or alias, whatever the case, the article and the kind of "and"."""
    return donor_by_key(name_key(name), own)


def donor_by_key(key: str, own: OperatorTables) -> KnownDonor | None:
    """Return the row that has this name or alias, written in the form that ``name_key`` gives."""
    return (_own_rows(own).get(key) if own.donors else None) or _bundled().get(key)


def name_key(name: str) -> str:
    """Return the form in which names of donors are compared."""
    return key_of(comparable(name))


def key_of(comparable_name: str) -> str:
    """Return the form in which names of donors are compared, of one in the form in which whole values are."""
    return comparable_name.replace(" & ", " and ")


def scheme_of(identifier: str) -> str:
    """Return the authority file that a canonical URI belongs to, ``uri`` where it is none of the usual ones."""
    return next((scheme for scheme, host in _SCHEMES if host in identifier), "uri")


def protected_spans(low: str, own: OperatorTables) -> list[tuple[int, int]]:
    """Return where, in a key in small letters, known names stand that a comma or conjunction would break."""
    names = _protected_names(own)
    if names.keys().isdisjoint(words_in(low)):
        return []
    starts = ((names.get(word.group()), word.start()) for word in _WORD.finditer(low))
    return [found.span() for begun, start in starts if begun and (found := _spelt(begun).match(low, start))]


@lru_cache(maxsize=8)
def _protected_names(own: OperatorTables) -> Mapping[str, str]:
    """Return sources of patterns of names that a joiner stands in, by first word: most words cost no match."""
    grouped: dict[str, list[str]] = {}
    names = {key for key in (*_own_rows(own), *_bundled()) if _JOINED.search(key)}
    for name in sorted(names, key=len, reverse=True):
        if first := _WORD.match(name):
            spelt = re.escape(name).replace(r"\ and\ ", r"\ (?:and|&)\ ").replace(r"\-", r"\s?-\s?")
            grouped.setdefault(first.group(), []).append(spelt)
    return {word: rf"(?:{'|'.join(spelt)})(?!\w)" for word, spelt in grouped.items()}


@lru_cache(maxsize=1024)
def _spelt(source: str) -> re.Pattern[str]:
    """Return the pattern of the names that begin with one word, made when a text has the word for the first time."""
    return re.compile(source)


@lru_cache(maxsize=1024)
def suggestions(name: str) -> tuple[Mapping[str, Json], ...]:
    """Return at most three known donors whose names are much alike: never an answer, always for a person to judge.

    Only names that begin alike and have the same rarer words' first letters are compared, so a mistyping is found
    and "Swiss National Science Foundation" is no suggestion for "National Science Foundation".
    """
    key = name_key(name)
    if len(key) < _FEWEST_CHARACTERS:
        return ()
    found = []
    for other, row in _by_shape().get(_shape(key), ()):
        score = SequenceMatcher(a=key, b=other, autojunk=False).ratio()
        if _ALIKE <= score < 1 and row.identifiers:
            found.append((round(score, 3), row))
    best = sorted(found, key=lambda pair: (-pair[0], pair[1].name))[:3]
    return tuple(
        {
            "scheme": scheme_of(row.identifiers[0]),
            "id": row.identifiers[0],
            "method": "fuzzy",
            "name": row.name,
            "score": score,
        }
        for score, row in best
    )


def _shape(key: str) -> tuple[str, ...]:
    """Return the first letters of a name's words: what two spellings of one name share."""
    return tuple(word[0] for word in key.split())


@cache
def _by_shape() -> Mapping[tuple[str, ...], list[tuple[str, KnownDonor]]]:
    shapes: dict[tuple[str, ...], list[tuple[str, KnownDonor]]] = {}
    for key, row in _bundled().items():
        shapes.setdefault(_shape(key), []).append((key, row))
    return shapes


@lru_cache(maxsize=8)
def _own_rows(own: OperatorTables) -> Mapping[str, KnownDonor]:
    rows = (
        KnownDonor(name=row.name, aliases=row.aliases, identifiers=row.identifiers, kind=row.kind, own=True)
        for row in own.donors
    )
    return _by_name(rows)


@cache
def _bundled() -> Mapping[str, KnownDonor]:
    return _by_name(bundled_donors())


def _by_name(rows: Iterator[KnownDonor] | tuple[KnownDonor, ...]) -> Mapping[str, KnownDonor]:
    """Index rows by every name; an earlier row wins."""
    found: dict[str, KnownDonor] = {}
    for row in rows:
        for name in (row.name, *row.aliases):
            found.setdefault(name_key(name), row)
    return found


@cache
def bundled_donors() -> tuple[KnownDonor, ...]:
    """Read the bundled table: name, identifiers (URIs, parted by blanks) and aliases (parted by a stroke)."""
    return tuple(
        KnownDonor(
            name=row["name"],
            identifiers=tuple(row["identifiers"].split()),
            aliases=tuple(filter(None, row["aliases"].split("|"))),
        )
        for row in rows("donors")
    )

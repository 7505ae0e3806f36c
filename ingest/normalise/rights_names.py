"""Statements and licences by their names: labels of rightsstatements.org, Creative Commons' names, others' names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ingest.normalise.folding import Folded, comparable
from ingest.normalise.rights_uris import address_spans
from ingest.normalise.vocabularies import (
    Licence,
    category_of_terms,
    code_of_terms,
    creative_commons,
    licence_by_terms,
    other_licences,
    rights_statements,
    table,
)

_ZERO = re.compile(r"\bcc[\s_-]?(?:0|zero)(?![\w]|\.\d)|\bcreative commons zero\b", re.IGNORECASE)
_MARK = re.compile(r"\bpublic domain mark\b|^pdm(?:[\s-]1\.0)?$", re.IGNORECASE)
_SHORT = re.compile(r"(?<![\w.-])cc[\s_-]?by(?:[\s_-]{0,3}(?:nc|nd|sa)){0,3}(?![a-z])", re.IGNORECASE)
_TAIL = re.compile(
    r"""(?:[\s(]{0,3}cc[\s-]?by(?:[\s_-]?(?:nc|nd|sa)){0,3}\)?)?     # the short form beside the long one
    [\s,(-]{0,3}(?:public\s)?(?:licen[cs]e|licence|lizenz|licencia|licença|licenza|licentie|licencja)?[\s,(_-]{0,3}
    (?:v\.?|version)?\s?(?P<version>\d\.\d(?![\d.]*\d)|\d(?=\s*(?:$|[).;])))""",
    re.IGNORECASE | re.VERBOSE,
)
_SCOPE = re.compile(r"[\s(,-]{1,3}(?:international|unported|generic)\b", re.IGNORECASE)
# What may follow a name: anything else could be a term that is misspelt, and a lost term would open the work.
_HARMLESS = re.compile(
    r"""(?![\s.,;:/()+&-]{0,4}(?:non|no[\s-]|n[cd]\b|sa\b|share|sin\b|pas\b|sem\b|kein|nicht|niet|bez\b|ei\b|ikke|inga?\b))
    \s*(?:$|[.;:!?)\]("|\[©]|[,/]\s|https?:|-\s|(?:public\s)?(?:licen\w{0,6}|lizenz|lisens)\b
    |(?:international|unported|generic|version|which|that|terms|at|as|see|cf|if|or|and|except|for|from|with|to|by|is|applies
    |unless|waiver|la|el|on|in)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_HOUSE = re.compile(r"\bcreative\s?commons\b[^.;]{0,40}$|\bcc\s?$", re.IGNORECASE)
# Without the house's name in front, another house's licence must not be taken for one of its own.
_BEGINS_A_NAME = re.compile(r"(?:^|[^\w\s]\s?|\b[a-z]\w*\s|\bcommons\s|\blicen[cs]e\s)$")
_OTHER_HOUSE = re.compile(r"\bdata commons\s$", re.IGNORECASE)
_LICENCE_WORD = re.compile(r"[\s(-]{0,3}(?:licen[cs]|lizenz)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundName:
    """A statement or licence named in words, and where in the folded text."""

    licence: Licence
    start: int
    end: int


def whole_label(value: Folded) -> tuple[Licence, bool] | None:
    """Return the statement whose label the whole value is, and whether letter for letter."""
    bare = comparable(value.original)
    for statement in rights_statements().values():
        if comparable(str(statement.label)) == bare:
            return statement, statement.label == value.original
    return None


def other_name(value: Folded) -> Licence | None:
    """Return the licence of another house whose name the whole value is."""
    return other_licences().get(comparable(value.original))


def creative_commons_names(value: Folded) -> Iterator[FoundName]:
    """Find Creative Commons' dedications and licences named in words, with or without a version.

    A version is never added; a name with a version or a term that does not exist is no name.
    """
    addresses = address_spans(value)
    for found in (*_dedications(value), *_short_names(value), *_long_names(value)):
        if not any(start <= found.start < end for start, end in addresses):
            yield found


def _dedications(value: Folded) -> Iterator[FoundName]:
    for pattern, path in ((_ZERO, "publicdomain/zero/1.0/"), (_MARK, "publicdomain/mark/1.0/")):
        for match in pattern.finditer(value.key):
            yield FoundName(licence=creative_commons()[path], start=match.start(), end=match.end())


def _short_names(value: Folded) -> Iterator[FoundName]:
    for match in _SHORT.finditer(value.key):
        written = re.findall("by|nc|nd|sa", match.group()[2:], re.IGNORECASE)
        found = _named(value, frozenset(term.lower() for term in written), match.span())
        if found:
            yield found


def _long_names(value: Folded) -> Iterator[FoundName]:
    for terms, start, end in _runs_of_terms(value.key):
        versioned = _TAIL.match(value.key, end)
        before = value.key[max(0, start - 80) : start]
        house = _HOUSE.search(before)
        if _OTHER_HOUSE.search(before) or not (house or _BEGINS_A_NAME.search(before)):
            continue
        licensed = len(terms) > 1 and (_LICENCE_WORD.match(value.key, end) or (start, end) == (0, len(value.key)))
        if "by" in terms and (versioned or house or licensed) and (found := _named(value, terms, (start, end))):
            yield found


def _runs_of_terms(key: str) -> Iterator[tuple[frozenset[str], int, int]]:
    """Group the words of terms that stand side by side into one licence's terms."""
    terms: set[str] = set()
    start = end = 0
    for match in _term_words().finditer(key):
        if terms and not re.fullmatch(r"[\s,/&+-]{0,4}(?:and\s)?", key[end : match.start()]):
            yield frozenset(terms), start, end
            terms = set()
        start = start if terms else match.start()
        terms.add(str(match.lastgroup))
        end = match.end()
    if terms:
        yield frozenset(terms), start, end


@cache
def _term_words() -> re.Pattern[str]:
    groups = []
    for term, words in table("creative_commons")["terms"].items():
        longest_first = sorted(words, key=len, reverse=True)
        spelt = "|".join(re.escape(word).replace(r"\ ", r"[\s-]{0,3}") for word in longest_first)
        groups.append(f"(?P<{term}>{spelt})")
    return re.compile(rf"\b(?:{'|'.join(groups)})(?![^\W_])", re.IGNORECASE)


def _named(value: Folded, terms: frozenset[str], span: tuple[int, int]) -> FoundName | None:
    start, end = span
    tail = _TAIL.match(value.key, end)
    if tail is None:
        code = code_of_terms(terms)
        if code is None or not _HARMLESS.match(value.key, end):
            return None
        licence = Licence(uri=None, code=code, label=None, category=category_of_terms(terms), terms=terms)
        return FoundName(licence=licence, start=start, end=end)
    version = tail["version"] if "." in tail["version"] else f"{tail['version']}.0"
    port, end = _port(value.key, tail.end())
    found = licence_by_terms(terms, version, port)
    return FoundName(licence=found, start=start, end=end) if found and _HARMLESS.match(value.key, end) else None


def _port(key: str, end: int) -> tuple[str | None, int]:
    """Read the port behind a version: its name, its code in capitals, or none."""
    if scope := _SCOPE.match(key, end):
        return None, scope.end()
    match = _port_words().match(key, end)
    if match is None:
        return None, end
    written = match.group(1)
    return _port_codes().get(written.casefold()), match.end()


@cache
def _port_words() -> re.Pattern[str]:
    names = [name for names in table("creative_commons")["port_names"].values() for name in names]
    codes = [code.upper() for code in table("creative_commons")["port_names"] if len(code) == 2]  # noqa: PLR2004 - ISO 3166 codes have two letters
    spelt = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"[\s/,(-]{{1,3}}((?i:{spelt})|{'|'.join(codes)})\b")


@cache
def _port_codes() -> dict[str, str]:
    ports = table("creative_commons")["port_names"]
    return {name.casefold(): code for code, names in ports.items() for name in [code, *names]}

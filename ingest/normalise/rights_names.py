"""Creative Commons' dedications and licences named in words, in the languages of their official names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, islice

from ingest.normalise.folding import Folded
from ingest.normalise.patterns import late
from ingest.normalise.rights_topics import WIDE, topics
from ingest.normalise.rights_uris import address_spans
from ingest.normalise.rights_words import alternatives, pattern
from ingest.normalise.vocabularies import (
    Licence,
    category_of_terms,
    code_of_terms,
    creative_commons,
    licence_by_terms,
    rows,
    table,
)

_ZERO = late(r"\bcc[\s_-]?(?:0|zero)(?![\w]|\.\w)|\bcc0(?=-1\.0)|\bcreative commons (?:cc ?)?zero\b")
_MOST = 500
"""Short forms that are looked at in one value; a notice has a handful."""
_CC = re.compile(r"cc(?<![^\W_]cc)")
_SHORT = late(
    r"(?<![\w.-])(?:cc|creative commons)(?:[\s_:-]{0,2}|\.)by(?:(?:[\s_/-]{0,3}|\.)(?:nc|nd|sa)){0,3}(?![a-z])"
)
_BARE_SHORT = re.compile(r"^by(?:-(?:nc|nd|sa)){1,3}(?=$|[\s-]\d)")
_COMPACT_VERSION = late(r"[-_ ]([1-4])(\d)(?:-([a-z]{2}))?(?![\w.])")
_SHORT_FORM = r"(?:cc[\s-]?by(?:[\s_-]?(?:nc|nd|sa)){0,3}|by(?:-(?:nc|nd|sa)){1,3})"
_SHORT_BESIDE = rf"(?:[\s(\[/,\"-]{{0,3}}{_SHORT_FORM}[)\]]?)?"
_VERSION_WORD = r"(?:v\.?|ver\.?|vers\.?|version|versión|versió|versão|versione|versie|wersja|verze|версия|версія)"
_VERSION = rf"[\s,(_:/\"')-]{{0,4}}{_VERSION_WORD}?\s?"
_NUMBER = r"(?P<version>\d\.\d(?![\d.]*\d)|\d(?=\s*(?:$|[).;,\]])))"
# After a name with its version nothing may follow that could be one more term, or a port that is not known.
_LOST_TERM = (
    r"[\s.,;:/()\[+&|-]{0,4}(?:(?:and|und|et|y|e|en|og|och|i)\s)?(?:non|no[\s-]|n[cd](?![^\W\d_])|sa\b|share|sin\b|pas\b|sem\b|sense\b|kein|nicht|niet"
    r"|geen\b|bez\b|ei\b|ikke|inga?\b|ingen\b|icke|não|nao|без\b|не|不|非|禁|相同|비|변경|동일|改変|継承)"
)
_LOST = late(_LOST_TERM)
_ENDS = late(
    r"(?:$|\s?[^\w\s]|[^\x00-\u024f]|\s?[a-zß-ɏ]|\s[^\x00-\u024f]|\s(?:Licen[cs]e|Lizenz|Licencia|International"
    r"|Public|Deed|DEED|LICENSE|Legal|This|These|The|See|For|Any|You|To|And|Use|More|All|Some|In|At|If|It|We|Copyright|Open|Access|Preprint|Report|Creative)\b)",
)
# Without a version anything else could be a term that is misspelt, and a lost term would open the work.
_HARMLESS = late(
    rf"(?!{_LOST_TERM})\s*(?:$|[.;:!?)\]\"|\[©]|\(c\)|\(©|[,/]\s|https?:|-\s|(?:public\s)?(?:licen\w{{0,6}}|lizenz\w{{0,2}}"
    r"|lisens\w{0,2}|licenc\w{0,2}|licență|lisenssi\w{0,2}|lisans\w{0,2}|лиценз\w{0,3}|ліценз\w{0,3}|许可|許可|授權|ライセンス|라이선스)"
    r"|(?:international|unported|generic|universal|version|which|that|terms|at|as|see|cf|if|or|and|except|for|from|with|to"
    r"|by|is|are|applies|unless|waiver|deed|la|el|on|in|allows?|permits?|permitting|allowing|qui|que|die|der|das|che|który"
    r"|která|unter|sous|bajo|sob|het|den)\b)",
)
# In small letters a code of two letters is as likely a word ("de"), but at the end of a value.
_PORT_CODE = re.compile(r"[\s/,(-]{0,3}([A-Z]{2}|[a-z]{2}(?=\)?$))(?![^\W_])")
_BESIDE = late(rf"[\s(\[/,\"-]{{1,3}}{_SHORT_FORM}[)\]]?")
_BEGINS_A_NAME = re.compile(r"(?:^|[^\w\s]\s?|\b[a-z]\w*\s|\b[Cc]ommons\s|\b[Ll]icen[cs]e\s)$")
_OTHER_HOUSE = re.compile(r"\b(?:data commons|deutschland|germany|government)\s?[-:]?\s?$")
_SEPARATOR = late(r"[\s,/&+:.·・|\"()-]{0,6}(?:(?:and|und|et|y|e|en|og|och|i|и|та|и|és|ve)\s)?[\s-]{0,2}")
_LICENCE_BEHIND = re.compile(r"[\s(-]{0,3}(?:licen[cs]|lizenz|lisens|lisans)")
_HOUSE_BEHIND = re.compile(r"[\s,(-]{0,3}\bcreative commons\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundName:
    """A dedication or licence named in words, and where in the folded text."""

    licence: Licence
    start: int
    end: int


def creative_commons_names(value: Folded) -> Iterator[FoundName]:
    """Find Creative Commons' dedications and licences named in words, with or without a version.

    A version is never added; a name with a version, a port or a term that does not exist is no name.
    """
    short = ("cc" in value.low and _CC.search(value.low)) or "commons" in value.low or value.low.startswith("by-")
    told = topics(value)
    long = "attribution" in told
    if not (short or long or "mark" in told):
        return
    addresses = address_spans(value)
    found = chain(_dedications(value), _short_names(value) if short else (), _long_names(value) if long else ())
    for name in found:
        if not any(start <= name.start < end for start, end in addresses):
            yield name


def _dedications(value: Folded) -> Iterator[FoundName]:
    told = topics(value)
    if "creative commons" in told:
        yield from _dedication(value, _ZERO, "publicdomain/zero/1.0/")
    if "mark" in told:
        yield from _dedication(value, _mark(), "publicdomain/mark/1.0/")


def _dedication(value: Folded, words: re.Pattern[str], path: str) -> Iterator[FoundName]:
    for match in words.finditer(value.low):
        yield FoundName(licence=creative_commons()[path], start=match.start(), end=match.end())


def _short_names(value: Folded) -> Iterator[FoundName]:
    for match in islice(chain(_BARE_SHORT.finditer(value.low), _SHORT.finditer(value.low)), _MOST):
        written = match.group().removeprefix("creative commons").removeprefix("cc")
        terms = frozenset(re.findall("by|nc|nd|sa", written))
        if found := _named(value, terms, match.span()) or _with_compact_version(value, terms, match):
            yield found


def _with_compact_version(value: Folded, terms: frozenset[str], name: re.Match[str]) -> FoundName | None:
    """Read the form of schools' vocabularies, ``cc-by-nc-40``."""
    match = _COMPACT_VERSION.match(value.low, name.end())
    found = licence_by_terms(terms, f"{match[1]}.{match[2]}", match[3]) if match else None
    return FoundName(licence=found, start=name.start(), end=match.end()) if match and found else None


def _long_names(value: Folded) -> Iterator[FoundName]:
    for terms, start, end in _runs_of_terms(value.low):
        if "by" not in terms:
            continue
        before, written = value.low[max(0, start - 80) : start], value.key[max(0, start - 20) : start]
        house = _house().search(before)
        if _OTHER_HOUSE.search(before) or not (house or _BEGINS_A_NAME.search(written)):
            continue
        whole = (start, _behind_short_form(value.low, terms, end)) == (0, len(value.low))
        licensed = len(terms) > 1 and (whole or _LICENCE_BEHIND.match(value.low, end))
        named = _tail().match(value.low, end) or house or licensed or _HOUSE_BEHIND.match(value.low, end)
        if named and (found := _named(value, terms, (start, end))):
            yield found


def _runs_of_terms(key: str) -> Iterator[tuple[frozenset[str], int, int]]:
    """Group the words of terms that stand side by side into one licence's terms."""
    terms: set[str] = set()
    start = end = 0
    for match in _term_words().finditer(key):
        if terms and not _SEPARATOR.fullmatch(key[end : match.start()]):
            yield frozenset(terms), start, end
            terms = set()
        start = start if terms else match.start()
        terms.add(str(match.lastgroup)[:2])
        end = match.end()
    if terms:
        yield frozenset(terms), start, end


def _named(value: Folded, terms: frozenset[str], span: tuple[int, int]) -> FoundName | None:
    start, end = span
    tail = _tail().match(value.low, end)
    if tail is None:
        code, end = code_of_terms(terms), _behind_short_form(value.low, terms, end)
        if code is None or not (_HARMLESS.match(value.low, end) or pattern("no_version").match(value.low, end)):
            return None
        licence = Licence(uri=None, code=code, label=None, category=category_of_terms(terms), scheme="cc", terms=terms)
        return FoundName(licence=licence, start=start, end=end)
    version = tail["version"] if "." in tail["version"] else f"{tail['version']}.0"
    port, end = _port(value, tail.end())
    found = licence_by_terms(terms, version, port)
    behind = _behind_licence_word(value.low, end)
    ends = _ENDS.match(value.key, behind) and not _LOST.match(value.low, end)
    return FoundName(licence=found, start=start, end=end) if found and ends else None


def _behind_short_form(low: str, terms: frozenset[str], end: int) -> int:
    """Return the end of a name with its short form behind it, if that says the same (``… (BY-NC)``)."""
    match = _BESIDE.match(low, end)
    same = match and frozenset(re.findall("by|nc|nd|sa", match.group())) == terms
    return match.end() if match and same else end


def _behind_licence_word(low: str, end: int) -> int:
    """Return the end of the word for a licence that follows a name, so that its capital is none of a port."""
    match = _licence_word().match(low, end)
    return match.end() if match else end


def _port(value: Folded, end: int) -> tuple[str | None, int]:
    """Read the port behind a version: its name, its code in capitals, or none."""
    if scope := _scope().match(value.low, end):
        return None, scope.end()
    match = _port_names().match(value.low, end) or _PORT_CODE.match(value.key, end)
    written = match.group(1).lower() if match else ""
    port = _port_codes().get(written)
    return (port, match.end()) if match and port else (None, end)


def _words(*parts: str) -> list[str]:
    found = {row["words"] for row in rows("creative_commons_names") if row["part"] in parts}
    return sorted(found, key=lambda word: (-len(word), word))


@cache
def _term_words() -> re.Pattern[str]:
    """Build one pattern of all terms; words of scripts that are written without blanks need none around them."""
    groups = []
    for name, wide in (("", False), ("_wide", True)):
        for term in ("by", "nc", "nd", "sa"):
            words = alternatives((word for word in _words(term) if bool(WIDE.search(word)) == wide), joined=True)
            around = f"(?:{words})" if wide else rf"(?<![^\W_])(?:{words})(?![^\W_])"
            groups.append(f"(?P<{term}{name}>{around})")
    return re.compile("|".join(groups))


@cache
def _tail() -> re.Pattern[str]:
    """Build the pattern of what may stand between a name and its version, and of the version."""
    words = alternatives(_words("licence", "scope"), joined=True)
    return re.compile(
        rf"{_SHORT_BESIDE}(?:[\s,(_-]{{0,3}}(?:public\s)?(?:{words})){{0,2}}{_SHORT_BESIDE}{_VERSION}{_NUMBER}"
    )


@cache
def _licence_word() -> re.Pattern[str]:
    return re.compile(rf"[\s(-]{{0,2}}(?:{alternatives(_words('licence'), joined=True)})(?![^\W_])")


@cache
def _scope() -> re.Pattern[str]:
    return re.compile(rf"[\s(,-]{{0,3}}(?:{alternatives(_words('scope'), joined=True)})(?![a-z])")


@cache
def _house() -> re.Pattern[str]:
    lost = r"(?!non|no[\s-]|nc\b|nd\b|sa\b|share|sin\b|pas\b|sem\b)"
    words = alternatives(_words("house"), joined=True)
    return re.compile(rf"(?:{words})(?:{lost}[^.;]){{0,40}}$|\bcc[\s:-]{{0,2}}$")


@cache
def _mark() -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{alternatives(_words('mark'), joined=True)})(?![^\W_])")


@cache
def _port_names() -> re.Pattern[str]:
    names = (name for names in table("creative_commons")["port_names"].values() for name in names)
    return re.compile(rf"[\s/,(-]{{0,3}}({alternatives(names)})(?![^\W_])")


@cache
def _port_codes() -> dict[str, str]:
    ports = table("creative_commons")["port_names"]
    return {name.lower(): code for code, names in ports.items() for name in [code, *names]}

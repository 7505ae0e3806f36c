"""Whole values that are known: labels of statements, names of licences, phrases and access terms, in all languages.

One table, looked up once: most of what repositories send is one of a few words.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from ingest.normalise.folding import Folded, comparable, comparable_key, fold
from ingest.normalise.rights_readings import OPEN, Reading, Span, of_licence, told_by
from ingest.normalise.rights_topics import topics
from ingest.normalise.rights_words import pattern
from ingest.normalise.vocabularies import (
    Licence,
    comparable_uri,
    creative_commons,
    other_licences_by_name,
    rights_statements,
    rows,
    table,
)

PUBLIC_DOMAIN_MARK = "publicdomain/mark/1.0/"
LABEL = "rights/label@2"
LICENCE_NAME = "rights/licence-name@3"
STATUS_PHRASE = "rights/status-phrase@3"
ACCESS_TERM = "rights/access-term@3"
LIMITED_USE = "rights/limited-use@2"
NOTHING_SAID = "rights/nothing-said@1"
# Each begins with the mark itself: most characters of a value are then passed over at once.
_PARTS = re.compile(r";|\||\(|\)|\[|\]|\.\s|/(?<=\s/)\s|-(?<=\s-)\s(?=https?:)|:\s(?=https?:)")
_SIDES = re.compile(r"/|\||;|\(|\)|\[|\]|\.\s")
# What may also stand inside a name: a part before it is none of a longer name.
_INNER_SIDES = re.compile(rf"{_SIDES.pattern}|,\s|-(?<=\s-)\s")
_MOST_PARTS = 30
_BEGINNING = 4
_LONGEST_NAME = 120
"""Characters of the longest name in the tables, and some more."""


def known_value(value: Folded, *, of_access: bool = False) -> Reading | None:
    """Return the reading of a value that is, as a whole, a known name; more words are known where access is told."""
    key = value.key
    if len(key) > _LONGEST_NAME:
        return None
    bare = comparable_key(key)
    found = _known_text(key, bare, of_access=of_access)
    if found is None and bare[:_BEGINNING] in _known_beginnings():
        found = _same_in_all_parts(key, _SIDES) or (_same_in_all_parts(key, _INNER_SIDES) if " " in key else None)
    found = found or _everywhere(value, bare)
    if found is None or (found.rule == LABEL and value.original == found.label):
        return found
    return found._replace(confidence="repaired") if found.rule == LABEL else found


def known_parts(value: Folded, *, of_access: bool = False) -> Iterator[Reading]:
    """Yield readings of parts of a value that stops, semicolons, strokes or brackets mark off; never an open one.

    What opens a work must be looked at in its sentence, which other rules do.
    """
    start = 0
    for count, match in enumerate(_PARTS.finditer(value.key)):
        if count == _MOST_PARTS:
            return
        yield from _known_part(value, start, match.start(), of_access=of_access)
        start = match.end()
    if start:
        yield from _known_part(value, start, len(value.key), of_access=of_access)


@cache
def access_uris() -> Mapping[str, Reading]:
    """Return the readings of access terms by their URI, comparable."""
    return _access("uris", comparable_uri)


@cache
def access_words() -> Mapping[str, Reading]:
    """Return the readings of words that tell access only where the format says that access is told."""
    return _access("words", comparable)


def public_domain(rule: str, span: Span | None = None) -> Reading:
    """Read the Public Domain Mark: what an unqualified claim of the public domain says."""
    return of_licence(creative_commons()[PUBLIC_DOMAIN_MARK], rule, "inferred", span)


def in_copyright(rule: str, span: Span, holder: str | None, year: str | None) -> Reading:
    """Read In Copyright: what a claim of copyright says, with the holder and the year that it names."""
    licence = rights_statements()["inc"]
    details = {**told_by(licence), **({"year": year} if year else {})}
    return Reading(
        rule=rule,
        confidence="inferred",
        span=span,
        uri=licence.uri,
        code=licence.code,
        label=licence.label,
        category=licence.category,
        holder=holder,
        details=details,
    )


def _known_text(key: str, bare: str, *, of_access: bool) -> Reading | None:
    if of_access and (found := access_words().get(bare)):
        return found
    if found := _known().get(bare) or _code(key):
        return found
    heading = pattern("heading").match(bare) if ":" in bare or "=" in bare else None
    if heading is None:
        return None
    rest = bare[heading.end() :]
    return _known().get(rest) or (access_words().get(rest) if heading["access"] else None)


def _same_in_all_parts(key: str, sides: re.Pattern[str]) -> Reading | None:
    """Read a value that says one thing in several words or languages (``Domaine public / Public domain``)."""
    side = sides.search(key)
    if side is None or (side.start() and comparable_key(key[: side.start()]) not in _known()):
        return None
    found = [_known().get(part) for part in map(comparable_key, sides.split(key)) if part]
    first = next((each for each in found if each and each.category == "public-domain"), found[0] if found else None)
    return first if first and all(each and _says_the_same(each, first) for each in found) else None


def _everywhere(value: Folded, bare: str) -> Reading | None:
    """Read the public domain that is said to be the whole world's, which is what it says without that too."""
    if " " not in bare or "everywhere" not in topics(value):
        return None
    behind = pattern("everywhere").search(bare)
    if behind and behind.end() == len(bare):
        bare = bare[: behind.start()]
    reading = _known().get(pattern("everywhere_in_front").sub("", bare))
    return reading if reading and reading.rule == STATUS_PHRASE and reading.category in OPEN else None


def _says_the_same(each: Reading, first: Reading) -> bool:
    """Whether two readings mean one thing; that copyright is over only gives the reason for the public domain."""
    reason = first.category == "public-domain" and each.rule == STATUS_PHRASE and each.category == "no-copyright-other"
    return _meaning(each) == _meaning(first) or (reason and each.uri is None)


def _meaning(reading: Reading) -> tuple[str | None, str, str | None]:
    return reading.uri, reading.category, reading.access


def _known_part(value: Folded, start: int, end: int, *, of_access: bool) -> Iterator[Reading]:
    written = value.key[start:end]
    end -= len(written) - len(written.rstrip())
    start += len(written) - len(written.lstrip())
    if not 1 < end - start <= _LONGEST_NAME or value.low.startswith("the ", start):
        return
    bare = comparable_key(written)
    found = _known().get(bare) or (access_words().get(bare) if of_access else None)
    if found and found.category not in OPEN and _says_enough(found, bare) and found.access != "metadata-only":
        confidence = "repaired" if found.rule == LABEL else found.confidence
        yield found._replace(span=(start, end), confidence=confidence)


@cache
def _known() -> Mapping[str, Reading]:
    """Return every known value; where two tables have the same words, the stronger evidence stands last and wins."""
    labelled = {found.code: of_licence(found, LABEL, "exact") for found in rights_statements().values()}
    return {
        **{comparable(text): Reading(rule=NOTHING_SAID, confidence="named") for text in _nothing_said()},
        **_access("names", comparable),
        **_limits(),
        **_phrases(),
        **{name: of_licence(found, LICENCE_NAME, "named") for name, found in other_licences_by_name().items()},
        **{comparable_key(label): labelled[found.code] for label, found in _labels()},
    }


@cache
def _known_beginnings() -> frozenset[str]:
    return frozenset(text[:_BEGINNING] for text in _known())


def _says_enough(found: Reading, bare: str) -> bool:
    """Whether a part of a value says something: a short word of access does so only alone."""
    return found.rule != NOTHING_SAID and not (found.rule == ACCESS_TERM and len(bare) < len("embargo"))


def _code(key: str) -> Reading | None:
    """Read a bare code of rightsstatements.org, which in other letters than its own may be any word."""
    written = key.removesuffix(" 1.0").removesuffix("/1.0")
    statement = rights_statements().get(written.lower()) if len(written) < len("InC-OW-EU-1.0") else None
    exact = statement and (statement.code == written or "-" in written)
    return of_licence(statement, LABEL, "repaired") if statement and exact else None


def _nothing_said() -> list[str]:
    return [text for row in table("notices")["nothing_said"] for text in row["texts"]]


def _limits() -> dict[str, Reading]:
    limited = Reading(rule=LIMITED_USE, confidence="inferred", category="restricted-licence")
    return {comparable(text): limited for text in table("notices")["limited_use"]}


def _phrases() -> dict[str, Reading]:
    notices = table("notices")
    found = {comparable(text): public_domain(STATUS_PHRASE) for text in notices["public_domain"]}
    free = Reading(rule=STATUS_PHRASE, confidence="inferred", category="no-copyright-other")
    found |= {comparable(text): free for text in notices["no_copyright"]}
    for row in notices["phrase"]:
        licence = _by_uri()[row["uri"]]
        found |= {comparable(text): of_licence(licence, STATUS_PHRASE, "inferred") for text in row["texts"]}
    return found


@cache
def _by_uri() -> Mapping[str, Licence]:
    return {str(found.uri): found for found in (*rights_statements().values(), *creative_commons().values())}


def _labels() -> Iterator[tuple[str, Licence]]:
    """Yield every label, folded, with its statement: heads ("In Copyright") alone, and each with each of its tails."""
    parts: dict[tuple[str, str], list[str]] = {}
    for row in rows("rights_statement_labels"):
        parts.setdefault((row["language"], row["part"]), []).append(fold(row["text"]).key)
    for (language, part), texts in parts.items():
        statement = rights_statements().get(part.lower())
        if statement is None:
            continue
        head, _, tail = part.partition("-")
        for text in texts:
            if not tail:
                yield text, statement
                continue
            for start in parts[language, head]:
                yield from ((f"{start}{stroke}{text}", statement) for stroke in (" - ", ": ", " ", ", "))
    for statement in rights_statements().values():
        label = fold(str(statement.label)).key
        yield label, statement
        yield f"{label} ({statement.code})", statement


def _access(column: str, comparable_form: Callable[[str], str]) -> dict[str, Reading]:
    found: dict[str, Reading] = {}
    for row in table("access")["term"]:
        reading = Reading(rule=ACCESS_TERM, confidence="named", category=row["category"], access=row["access"])
        found |= {comparable_form(text): reading for text in row[column]}
    return found

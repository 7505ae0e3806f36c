"""One source text: its lead-in, people and identifiers are taken out, then the first rule that knows it reads it."""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from ingest.descriptions import Json, SourceStatement
from ingest.normalise.archival_rules import read_described, read_described_with_levels, read_known
from ingest.normalise.archival_unnamed import read_body, read_file_number, read_reference_alone, read_unknown_form
from ingest.normalise.folding import LONGEST, Folded, fold
from ingest.normalise.identifiers import Identifier, find_identifiers
from ingest.normalise.people import People, take_people
from ingest.normalise.publication_books import read_book, read_title_and_marked_pages
from ingest.normalise.publications import read_dangling, read_pages, read_periodical
from ingest.normalise.source_kinds import (
    read_address,
    read_conference,
    read_deposit,
    read_file,
    read_name,
)
from ingest.normalise.source_notes import read_note, read_physical
from ingest.normalise.source_parts import identifier_parts, people_parts, with_taken_out
from ingest.normalise.source_pieces import MARK, Reading, closed_up, left_over, part_of, piece
from ingest.normalise.source_words import first_words
from ingest.normalise.vocabularies import table
from ingest.operator_tables import NO_TABLES, OperatorTables

_UNREAD = Reading(type="unknown", rule="none@1", confidence="none")
"""What is said of a text that no rule knows: the only reading of no confidence."""
_FIELDS = ("repository", "ref", "pages", "collection")
_CLOSED_UP = frozenset({"pages", "issue", "volume", "host_pages"})
_EMPTY = re.compile(
    r"[<(\[{]\s*(?:doi|url|issn|isbn)?:?\s*[.,;]?\s*[>)\]}]|\b(?:retrieved|available|accessed|online)\s(?:from|at|online|via):?\s*$",
    re.IGNORECASE,
)
_LABELS = re.compile(
    r"(?<!\w)(?:(?:[pe]-?)?issn|isbn(?:-1[03])?|doi|url|uri|handle)\s?[:.]?\s*(?=$|[;,.])", re.IGNORECASE
)
_LONGEST_TITLE = 200
_LONGEST_ASKED = 4_000
"""Characters that rules are asked about; what stands behind them is remainder, whatever it is."""
# What aggregators write twice, alone and in its citation.
_REPEATED = re.compile(r"^(?P<first>[^;]{3,200}?)\s?;\s+(?:[;:]\s*)?(?=(?P=first)[\s,.])")
_WORD = re.compile(r"\w")
_SAID_BEFORE = r"[\s\"'(\[]*+(?:\d{1,3}\s)?"
_FIRST_WORD = re.compile(rf"{_SAID_BEFORE}(?P<word>[^\W\d_]+)")

Rule = Callable[[Folded, OperatorTables], Reading | None]


RULES: tuple[Rule, ...] = (
    read_note,
    read_known,
    read_described_with_levels,
    read_file_number,
    read_file,
    read_physical,
    read_deposit,
    read_pages,
    read_periodical,
    read_unknown_form,
    read_address,
    read_conference,
    read_book,
    read_described,
    read_dangling,
    read_reference_alone,
    read_body,
    read_name,
    read_title_and_marked_pages,
)
"""The rules in the order they are asked; the first that knows the value answers.

Where one of them tells a number from others of as many digits, ``source_alike`` has to know what tells it.
"""


class Prepared(NamedTuple):
    """A text without its lead-in, people and identifiers, and what was taken out."""

    rest: Folded
    people: People
    identifiers: tuple[Identifier, ...]
    held: bool
    """Whether the lead-in said that what follows holds the thing."""


def read_text_anew(
    text: str,
    own: OperatorTables = NO_TABLES,
    read_rest: Callable[[Folded, OperatorTables], SourceStatement] | None = None,
) -> SourceStatement:
    """Read one text by the first rule that knows it; what no rule knows is kept as remainder.

    ``read_rest``: what reads a text from which people or identifiers were taken out, instead of the rules.
    """
    folded = fold(text)
    if folded.too_long and not folded.text:
        folded = fold(text[:LONGEST])
    prepared = _prepared(folded)
    if not _WORD.search(prepared.rest.text):
        return _without_rest(text, prepared)
    if read_rest is None or not (prepared.people.roles or prepared.identifiers):
        reading = _first_reading(_beginning(prepared.rest), own) or _unread(prepared)
        return _statement(text, prepared.rest, reading, prepared)
    found = read_rest(prepared.rest, own)
    if found.confidence == _UNREAD.confidence:
        return _statement(text, prepared.rest, _unread(prepared), prepared)
    return _completed(text, found, prepared)


def read_rest_anew(rest: Folded, own: OperatorTables) -> SourceStatement:
    """Read a text from which people and identifiers were taken out by the first rule that knows it."""
    return _statement(rest.text, rest, _first_reading(_beginning(rest), own) or _UNREAD)


def _first_reading(value: Folded, own: OperatorTables) -> Reading | None:
    for rule in RULES:
        if reading := rule(value, own):
            return reading
    return None


def _characters_read(text: str) -> dict[str, Json]:
    return {"characters_read": min(LONGEST, len(text))} if len(text) > LONGEST else {}


def _beginning(value: Folded) -> Folded:
    """Return what rules are asked about: people stand anywhere, a reference or a title at the beginning."""
    if len(value.key) <= _LONGEST_ASKED:
        return value
    end = value.key.rfind(" ", _LONGEST_ASKED // 2, _LONGEST_ASKED)
    end = end if end > 0 else _LONGEST_ASKED
    return part_of(value, 0, end)


def _prepared(value: Folded) -> Prepared:
    if "://" in value.key and " " not in value.key:
        return Prepared(_cut(value, found := find_identifiers(value.key)), People(rest=value), found, held=False)
    led = _without_lead_in(value)
    people = take_people(led)
    identifiers = find_identifiers(people.rest.key)
    lead_in = value.key[: len(value.key) - len(led.key)]
    return Prepared(_cut(people.rest, identifiers), people, identifiers, bool(lead_in and _holders().search(lead_in)))


def _without_lead_in(value: Folded) -> Folded:
    """Cut "Source:" and its like off, twice at most."""
    for _ in range(2):
        first = _FIRST_WORD.match(value.low)
        match = _lead_in().match(value.key) if first and first["word"] in _lead_in_words() else None
        if match is None:
            break
        value = part_of(value, match.end())
    return value


def _cut(value: Folded, identifiers: Iterable[Identifier]) -> Folded:
    pieces, position = [], 0
    for each in identifiers:
        pieces.append(value.text[position : each.start])
        position = each.end
    if not pieces:
        return value
    text = _LABELS.sub("", " ".join([*pieces, value.text[position:]]))
    text = _EMPTY.sub("", text).strip()
    bare = text.rstrip(" ,;.")
    if len(text[len(bare) :].replace(" ", "")) > 1:
        text = bare
    return fold(_REPEATED.sub("", text))


def _unread(prepared: Prepared) -> Reading:
    if prepared.held and len(prepared.rest.text) <= _LONGEST_TITLE:
        holder = piece("repository", prepared.rest.text, 0, len(prepared.rest.text))
        return Reading(type="holder", rule="holder@3", confidence="inferred", pieces=holder)
    schemes = {each.scheme for each in prepared.identifiers}
    if schemes & {"issn", "isbn"} and len(prepared.rest.text) <= _LONGEST_TITLE:
        # Beside the number of a serial or a book stands its title.
        kind, title = (
            "journal" if "issn" in schemes else "book",
            piece("container_title", prepared.rest.text, 0, len(prepared.rest.text)),
        )
        return Reading(type=kind, rule=f"{kind}@3", confidence="inferred", pieces=title)
    if prepared.identifiers:
        return Reading(type="identifier", rule="identifier@3", confidence="inferred")
    if prepared.people.roles:
        return Reading(type="unknown", rule="people@3", confidence="inferred")
    return _UNREAD


def _without_rest(text: str, prepared: Prepared) -> SourceStatement:
    found = identifier_parts(prepared.identifiers)
    if found:
        kind = "url" if "url" in found and set(found) <= {"url", "urls", "handle"} else "identifier"
        rule, confidence = "identifier@3", "exact"
    else:
        kind, rule = "unknown", "people@3" if prepared.people.roles else "none@1"
        confidence = "inferred" if prepared.people.roles else "none"
    parts = {**_characters_read(text), **found, **people_parts(prepared.people)}
    return SourceStatement(statement=text, type=kind, parts=parts, rule=f"source/{rule}", confidence=confidence)


def _statement(text: str, rest: Folded, reading: Reading, taken: Prepared | None = None) -> SourceStatement:
    held = _texts(rest.text, reading)
    parts = _characters_read(text)
    parts.update(reading.details)
    parts.update({name: found for name, found in held.items() if name not in _FIELDS})
    parts = with_taken_out(parts, taken.people, taken.identifiers) if taken else parts
    if remainder := left_over(rest.text, reading.pieces):
        parts["remainder"] = remainder
    return SourceStatement(
        statement=text,
        type=reading.type,
        parts=parts,
        rule=f"source/{reading.rule}",
        confidence=reading.confidence,
        repository=held.get("repository"),
        ref=held.get("ref"),
        pages=held.get("pages"),
        collection=held.get("collection"),
    )


def _completed(text: str, rest: SourceStatement, taken: Prepared) -> SourceStatement:
    """Add to the statement of the rest of a text what was taken out; what nobody read stands last."""
    parts = _characters_read(text)
    parts.update({name: held for name, held in rest.parts.items() if name != "remainder"})
    parts = with_taken_out(parts, taken.people, taken.identifiers)
    if "remainder" in rest.parts:
        parts["remainder"] = rest.parts["remainder"]
    return replace(rest, statement=text, parts=parts)


def _texts(text: str, reading: Reading) -> dict[str, str]:
    """Return what the pieces hold by their names; of several the first."""
    held: dict[str, str] = {}
    for name, start, end in reading.pieces:
        if name != MARK and name not in held and text[start:end]:
            held[name] = closed_up(text[start:end]) if name in _CLOSED_UP else text[start:end].strip()
    return held


@cache
def _holders() -> re.Pattern[str]:
    return re.compile("|".join(table("archives")["words"]["holders"]), re.IGNORECASE)


@cache
def _lead_in_words() -> frozenset[str]:
    words = table("archives")["words"]
    return frozenset().union(*map(first_words, [*words["lead_ins"], *words["lead_ins_bare"]]))


@cache
def _lead_in() -> re.Pattern[str]:
    words = table("archives")["words"]
    with_colon, without = (
        "|".join(sorted(words[name], key=len, reverse=True)) for name in ("lead_ins", "lead_ins_bare")
    )
    return re.compile(
        rf"{_SAID_BEFORE}(?:(?:{with_colon})\s?[:\uff1a]\s*|(?:{without})(?:\s(?:the|der|the))?:?\s+)(?=\S)",
        re.IGNORECASE,
    )

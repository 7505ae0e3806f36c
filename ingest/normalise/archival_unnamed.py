"""References that name no known repository: a short form before a fond, a ministry, a collection, or nothing at all."""

import re
from functools import cache

from ingest.normalise.archival import read_reference
from ingest.normalise.archival_levels import begins_with_level, folio_side, read_levels
from ingest.normalise.archival_rules import inferred
from ingest.normalise.folding import Folded
from ingest.normalise.patterns import late
from ingest.normalise.source_kinds import is_body, is_named_collection
from ingest.normalise.source_pieces import ENDS, MARK, Piece, Reading, first_text, has_digit, named, piece
from ingest.normalise.source_words import Guarded, stems, words_of
from ingest.normalise.vocabularies import table
from ingest.operator_tables import OperatorTables

_ONLY_YEARS = re.compile(r"[\s(\[]*(?:1[5-9]|20)\d\d(?:\s?[-/]\s?(?:(?:1[5-9]|20)\d\d|\d\d)?)?[\s)\].]*")
_UNKNOWN_FORM = late(
    r"(?P<form>[^\W\d_a-z][\w. -]{1,24}?)[,.]?\s(?=(?:[fFфФ]\.\s?(?!\d{1,4}[rv]\b)|[Ff]ond\s|[Фф]онд\s)[^\W_a-z])"
)
_FONDS = frozenset({"f", "fond", "ф", "фонд"})
_REFERENCE = late(
    r"(?i:box|folder|carton|reel|mss?|add\.? mss?|mss eur|ms\.)\s?(?=\D{0,20}\d).{1,120}|"
    r"(?!\d{4}-\d{4}$)(?=[^\d]{0,40}\d)[^\W_]{1,30}(?:[./_-][^\W_]{1,30}){1,8}"
    r"(?:[/,\s]{1,2}(?i:box|folder|item|unit|piece|vol|nr|no)\.?\s?[\w.-]{1,20}){0,3}|"
    r"(?!PMC)[A-Z]{1,6}\.?[\s-]?\d{1,6}(?:[\s./-]?\w{1,6})?"
    r"(?:,?\s(?:vol|no|nr|box|folder|item|unit|piece|f|fol|roll|reel|frame|carton|file|entry)s?\.?\s?\d{1,5}\w?){0,4}|"
    r"(?i:series|subseries|sub-series|ser\.|subgroup|group)\s(?:[IVXLC]{1,6}|\d{1,4}|[A-Z])\b.{0,60}"
    r"(?i:box|folder|file|item|reel|carton)\s\d.{0,60}|[AESTC]/[\w./-]{1,40}\([IVXLC\d-]{1,10}\)"
)
_LEAVES = (
    r"(?:,?\s(?:ff?|fols?|folios?|bl|cc?)\b\.?\s?(?P<pages>\d{{1,4}}\s?[rv]{0}(?:\s?-\s?\d{{1,4}}\s?[rv]?)?)){0}\.?"
)
_MANUSCRIPT = re.compile(
    r"(?P<ref>[A-Z][\w'.-]{0,15}(?:\s[\w'.-]{1,12}){0,3}\s[A-Z]?\d{1,6}[a-z]?(?:[/.]\d{1,4})?)" + _LEAVES.format("")
)
_FILE_NUMBER = re.compile(
    r"(?:(?:file|museum|object|catalogue|catalog|item|inventory|negative|document|dokument|doc|akte|delo|dossier|dosar|"
    r"accession|call|shelfmark|signatur|sign|sygn|inv)\.?\s(?:no|nr|number|references?|ref|code|symbol|č|#)\.?:?\s|"
    r"(?:u\.?\s?n\.?|united nations|league of nations|nato|oecd|gatt|wto)\s"
    r"doc(?:s|uments?)?\.?\s(?:no\.?\s)?(?=\S{0,40}\d))"
    r"(?P<ref>\S.{0,80})",
    re.IGNORECASE,
)
_YEARS = re.compile(r"(?<!\d)(?:1[4-9]|20)\d\d(?!\d)")
_DATE = re.compile(r"(?:1[4-9]|20)\d\d-[01]\d(?:-[0-3]\d)?")
# An ISBN that its check digit refuses is no reference.
_BOOK_NUMBER = re.compile(r"(?:97[89]-)?\d{1,5}-\d{1,7}-\d{1,6}-[\dXx]")
_UNNAMED = ("russian", "german", "hungarian", "latin", "general")
"""Traditions that are tried where no repository is named, in this order."""


def read_unknown_form(value: Folded, _own: OperatorTables) -> Reading | None:
    """Take a short form that nobody knows, where a fond follows it."""
    match = None if _FONDS.isdisjoint(words_of(value.low)) else _UNKNOWN_FORM.match(value.key)
    if match is None:
        return None
    reference = read_reference(value, match.end(), len(value.text), "russian")
    if not has_digit(value.key[match.end() :]):
        return None
    return inferred(match.span("form"), reference)


def read_file_number(value: Folded, _own: OperatorTables) -> Reading | None:
    """Read the number of a file that says so and names no repository."""
    numbered = _FILE_NUMBER.fullmatch(value.key.strip(" ."))
    if numbered is None:
        return None
    start = len(value.key) - len(value.key.lstrip(" .")) + numbered.start("ref")
    held = piece("ref", value.text, start, start + len(numbered["ref"]))
    return Reading(type="archival", rule="reference@3", confidence="inferred", pieces=(*held, Piece(MARK, 0, start)))


def read_body(value: Folded, _own: OperatorTables) -> Reading | None:
    """Read a ministry or department whose own files a reference behind it names."""
    comma = value.key.find(", ")
    if comma < 0 or not is_body(value.key[:comma]) or has_digit(value.key[:comma]):
        return None
    reference = read_reference(value, comma, len(value.text), "general")
    return inferred((0, comma), reference) if reference.has("ref") else None


def read_reference_alone(value: Folded, _own: OperatorTables) -> Reading | None:
    """Read a reference that names no repository: fond and opis, box and folder, a shelf mark, a number of a file."""
    bare = value.key.strip(" .")
    if not has_digit(bare) or _DATE.fullmatch(bare) or _BOOK_NUMBER.fullmatch(bare):
        return None
    if shelf_mark := _shelf_mark(value):
        return shelf_mark
    if gathered := _collection_and_reference(value):
        return gathered
    tradition = _tradition_of(value.key)
    if tradition is not None:
        reference = read_reference(value, 0, len(value.text), tradition)
        if reference.has("ref") or reference.has("pages"):
            return Reading(
                type="archival",
                rule="reference@3",
                confidence="inferred",
                pieces=reference.pieces,
                details=reference.details,
            )
    if _REFERENCE.fullmatch(bare):
        return Reading(
            type="archival",
            rule="reference@3",
            confidence="inferred",
            pieces=piece("ref", value.text, 0, len(value.text)),
        )
    return None


def _shelf_mark(value: Folded) -> Reading | None:
    """Read the shelf mark of a manuscript, known by what it begins with or by the front or back of a leaf."""
    match = _MANUSCRIPT.fullmatch(value.key) or (
        _shelf_marks().pattern.fullmatch(value.low) if _shelf_marks().stems.stand_in(value.low) else None
    )
    if match is None:
        return None
    pages = named("pages", match)
    details = {"pages_unit": "leaf"} if pages else {}
    if pages and (side := folio_side(match["pages"])):
        details["folio_side"] = side
    pieces = (*piece("ref", value.text, *match.span("ref")), *pages[:1], Piece(MARK, *match.span()))
    return Reading(type="archival", rule="shelf-mark@1", confidence="inferred", pieces=pieces, details=details)


@cache
def _shelf_marks() -> Guarded:
    begun = table("archives")["words"]["shelfmarks"]
    pattern = rf"(?P<ref>(?:{'|'.join(begun)})\s?\d{{1,6}}[a-z]?(?:[./]\d{{1,4}})?){_LEAVES.format('?')}"
    return Guarded(re.compile(pattern), stems(begun))


def _collection_and_reference(value: Folded) -> Reading | None:
    """Read a named collection and the reference behind it."""
    comma = _end_of_collection(value.key)
    if comma is None:
        return None
    reference = read_reference(value, comma, len(value.text), "general")
    ref = first_text(value.key, reference.pieces, "ref")
    if ref is None or reference.has("collection") or _ONLY_YEARS.fullmatch(ref):
        return None
    pieces = (*piece("collection", value.text, 0, comma), *reference.pieces)
    return Reading(type="archival", rule="reference@3", confidence="inferred", pieces=pieces, details=reference.details)


def _end_of_collection(key: str) -> int | None:
    """Return the comma behind the name of a collection; the name of a person in it may be inverted."""
    comma = key.find(" ; ") if " ; " in key else key.find(", ")
    for _ in range(2):
        if comma < 0 or has_digit(_YEARS.sub("", key[:comma])):
            return None
        if is_named_collection(key[:comma]):
            return comma
        comma = key.find(", ", comma + 2)
    return None


def _tradition_of(key: str) -> str | None:
    """Return the tradition that reads most levels of a reference which begins with one, or None."""
    best, most = None, 0
    for tradition in _UNNAMED:
        if not begins_with_level(key, tradition):
            continue
        found = read_levels(key, 0, tradition)
        marks = [*found.levels, *([found.pages] if found.pages else [])]
        begins = marks and not key[: min(mark.start for mark in marks)].strip(ENDS)
        if begins and len(found.levels) + bool(found.pages) > most:
            best, most = tradition, len(found.levels) + bool(found.pages)
    return best

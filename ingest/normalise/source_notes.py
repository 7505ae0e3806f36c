"""What a source value may tell beside a place: a thing's extent and kind, how it was copied, where it can be had."""

import re
from functools import cache

from ingest.normalise.folding import Folded
from ingest.normalise.source_pieces import Reading
from ingest.normalise.source_words import Guarded, stems
from ingest.normalise.vocabularies import table
from ingest.operator_tables import OperatorTables

_DIMENSIONS = re.compile(
    r"[\d\]](?:(?<=\d)\s?(?:cm|mm|\"|in\.|inches|\u0441\u043c)(?!\w)|"
    r"(?:(?<=\b\d)|(?<=\b\d\d)|(?<=\b\d{3})|(?<=\b\d{4}))\s(?:p|pp|leaves|pages|v)\.(?:\s?[;:(]|$)|"
    r"(?:(?<=\[\d\])|(?<=\[\d\d\])|(?<=\[\d{3}\]))\s(?:p|leaves))"
)
_UNITS = ("cm", "mm", '"', "in.", "inches", "\u0441\u043c", " p.", " pp.", " v.", "leaves", "pages", "] p")
"""What a description of a thing holds; a search for its pattern is worth its time only where one stands."""
_LONGEST_DESCRIPTION = 80


def read_physical(value: Folded, _own: OperatorTables) -> Reading | None:
    """Know the description of a thing, an extent or a photographer: no place, and nothing to part."""
    found = _measured(value.low) or _described(value)
    return Reading(type="unknown", rule="physical@1", confidence="inferred") if found else None


def _measured(low: str) -> bool:
    return any(map(low.__contains__, _UNITS)) and _DIMENSIONS.search(low) is not None


def _described(value: Folded) -> bool:
    bare = value.key.strip(" .")
    if len(bare) > _LONGEST_DESCRIPTION or not _physical().stems.stand_in(value.low):
        return False
    return _physical().pattern.fullmatch(bare) is not None


def read_note(value: Folded, _own: OperatorTables) -> Reading | None:
    """Know a note of a catalogue on a copy or on where the thing can be had: who made the copy is no source."""
    found = _notes().pattern.match(value.low) if _notes().stems.stand_in(value.low) else None
    return Reading(type="unknown", rule="note@1", confidence="inferred") if found else None


@cache
def _physical() -> Guarded:
    named = table("publications")["words"]["physical"]
    pattern = re.compile(
        rf"(?:[\w'&/-]{{1,20}}[\s,.-]{{1,2}}){{0,6}}(?:{'|'.join(named)})|(?:photo(?:graph)?(?:ed)?|video|film|recorded|image|painting|drawing|scanned|taken|portrait)\sby\s.{{2,80}}",
        re.IGNORECASE,
    )
    found = stems(named)
    return Guarded(pattern, found._replace(words=found.words | {"by"}))


@cache
def _notes() -> Guarded:
    named = table("publications")["words"]
    copies, notes = "|".join(named["copies"]), "|".join(named["notes"])
    return Guarded(re.compile(rf"(?:(?:{copies})[.:]\s|{notes})"), stems([*named["copies"], *named["notes"]]))

"""Take back what a value only seems to say: nothing is opened that its own words deny, doubt, limit or keep back."""

from ingest.normalise.conditions import (
    about_metadata,
    about_part,
    doubted,
    excepted,
    exception,
    names_a_limit,
    negated,
    restrained,
)
from ingest.normalise.folding import Folded
from ingest.normalise.rights_known import LICENCE_NAME, LIMITED_USE, STATUS_PHRASE
from ingest.normalise.rights_readings import OPEN, Ranked, Reading

_IN_WORDS = frozenset({LICENCE_NAME, STATUS_PHRASE})
_MARGIN = 200
"""Characters before the end of what was read of a long value in which nothing is opened: the rest may take it back."""


def guarded(value: Folded, reading: Reading) -> Reading:
    """Take back a reading that its sentence denies, doubts, or makes of the metadata or of a part."""
    span = reading.span or (0, len(value.key))
    opens = reading.category in OPEN
    if about_metadata(value, *span):
        return _taken_back(reading, "rights/of-metadata@2", applies_to="metadata")
    if part := about_part(value, *span):
        return _taken_back(reading, "rights/of-part@2", applies_to=f"part: {part}")
    if negated(value, *span) or (opens and (doubted(value, *span) or excepted(value, *span))):
        what = exception(value, *span)
        return _taken_back(reading, "rights/conditional@3", **({"exception": what} if what else {}))
    if opens and (restrained(value) or (reading.rule in _IN_WORDS and names_a_limit(value))):
        return _taken_back(reading, "rights/conditional@3")
    return reading


def of_something_else(reading: Reading, applies_to: str) -> Reading:
    """Take back a reading of which the format says that it is not of the work, or of a part of it only."""
    return _taken_back(reading, "rights/of-something-else@1", applies_to=applies_to)


def _taken_back(reading: Reading, rule: str, **details: str) -> Reading:
    return Reading(rule=rule, confidence="inferred", span=reading.span, details={**reading.details, **details})


def not_at_the_cut(value: Folded, reading: Reading) -> Reading:
    """Open nothing by words that stand where the reading of a long value breaks off."""
    near = value.too_long and (reading.span or (0, 0))[1] > len(value.key) - _MARGIN
    return _taken_back(reading, "rights/conditional@3") if near and reading.category in OPEN else reading


def not_before_access(found: list[Ranked]) -> list[Ranked]:
    """Open nothing that the same value keeps under an embargo, nor call free in passing what it closes."""
    embargoed = any(reading.access == "embargoed" for _, reading in found)
    closed = any(reading.category == "access-closed" for _, reading in found)
    return [
        (rank, _taken_back(reading, "rights/conditional@3"))
        if reading.category in OPEN and (embargoed or (closed and reading.rule == STATUS_PHRASE))
        else (rank, reading)
        for rank, reading in found
    ]


def without_echo(found: list[Ranked]) -> list[Ranked]:
    """Leave out the words on limits of use that only say again what a named licence says."""
    licensed = any(reading.category == "restricted-licence" and reading.rule != LIMITED_USE for _, reading in found)
    return [each for each in found if not (licensed and each[1].rule == LIMITED_USE)]

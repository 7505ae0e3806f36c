"""One decision for a record, by the strength of evidence and never by position."""

from collections.abc import Sequence

from ingest.descriptions import Rights, RightsStatement
from ingest.normalise.rights_embargo import AVAILABLE
from ingest.normalise.rights_known import LIMITED_USE
from ingest.normalise.rights_own import RULE as OWN
from ingest.normalise.rights_readings import OPEN, Reading

_LICENCES = {"open-licence", "restricted-licence"}
_STATUS = {"public-domain", "no-copyright-other", "in-copyright", *_LICENCES}
_CONFIDENCES = ("exact", "repaired", "named", "inferred", "none")
_ACCESS = ("access-only-open", "embargoed", "access-closed")
_LEAST_OPEN_FIRST = (
    *("access-closed", "embargoed", "in-copyright", "unknown", "no-copyright-other", "restricted-licence"),
    *("access-only-open", "open-licence", "public-domain"),
)


def decide(readings: Sequence[tuple[int, RightsStatement]]) -> Rights:
    """Decide by the strongest statement of status or licence; access decides only where there is none.

    ``readings`` are the statements in order, each with the rank of its rule. Where strong statements contradict each
    other there is no URI.
    """
    if len(readings) == 1:
        return _decided_alone(readings[0][1])
    statements = tuple(statement for _, statement in readings)
    ranked = [statement for _, statement in sorted(readings, key=_strength) if not statement.details.get("applies_to")]
    telling = [found for found in ranked if found.category in _STATUS or found.uri or found.rule == OWN]
    if not telling:
        access = {found.category for found in ranked} & set(_ACCESS)
        return Rights(category=max(access, key=_ACCESS.index, default="unknown"), statements=statements)
    first, *others = telling
    rivals = [] if first.rule == OWN else [other for other in others if _contradicts(first, other)]
    if not rivals:
        return Rights(uri=first.uri, category=first.category, statements=statements)
    agreed = {found.category for found in (first, *rivals)}
    category = first.category if len(agreed) == 1 else "unknown"
    return Rights(category=category, conflict=True, statements=statements)


def _decided_alone(found: RightsStatement) -> Rights:
    """Decide by the only statement of a record, as most have."""
    if found.details.get("applies_to"):
        return Rights(statements=(found,))
    telling = found.category in _STATUS or found.uri or found.rule == OWN or found.category in _ACCESS
    return Rights(uri=found.uri, category=found.category if telling else "unknown", statements=(found,))


def without_repeats(found: list[tuple[int, Reading]]) -> list[tuple[int, Reading]]:
    """Keep each licence of a value once: the first that names it, and with version or holder rather than without."""
    kept: list[tuple[int, Reading]] = []
    for rank, reading in sorted(found, key=_precision):
        if not any(_says_again(reading, other) for _, other in kept):
            kept.append((rank, reading))
    return sorted(kept, key=lambda each: each[0])


def with_embargo(statements: Sequence[RightsStatement]) -> bool:
    """Whether a statement of the record says that there is an embargo, so that a date of availability is its end."""
    return any(statement.access == "embargoed" and statement.rule != AVAILABLE for statement in statements)


def _precision(found: tuple[int, Reading]) -> tuple[bool, bool, int, int, int]:
    """Sort by evidence, readings with a URI first, then with a holder, and a licence's port before one without it."""
    rank, reading = found
    confidence = _CONFIDENCES.index(reading.confidence)
    return reading.uri is None, reading.holder is None, rank, -len(reading.uri or ""), confidence


def _says_again(reading: Reading, other: Reading) -> bool:
    same_code = reading.code is not None and reading.code == other.code
    return (reading.uri, reading.category, reading.access, reading.rule) == (
        *(other.uri, other.category, other.access, other.rule),
    ) or (same_code and (reading.uri is None or str(other.uri).startswith(reading.uri)))


def _strength(reading: tuple[int, RightsStatement]) -> tuple[int, int, int, str]:
    """Sort by evidence; among equals the less open comes first, so that no position in the record decides."""
    rank, statement = reading
    openness = _LEAST_OPEN_FIRST.index(statement.category)
    return rank, _CONFIDENCES.index(statement.confidence), openness, statement.uri or "~"


def _contradicts(first: RightsStatement, other: RightsStatement) -> bool:
    """Whether a weaker statement can not be true of the same work. A claim of copyright beside a licence can."""
    kinds = {first.category, other.category}
    if LIMITED_USE in {first.rule, other.rule}:
        return bool(kinds & OPEN)
    if kinds <= _LICENCES:
        return _different_licences(first, other)
    if kinds <= {"in-copyright", *_LICENCES}:
        # A general claim says nothing against a statement that says more; nor does it against a licence.
        return kinds == {"in-copyright"} and first.uri != other.uri and "InC" not in {first.code, other.code}
    if "unknown" in kinds:
        return bool(kinds & {"public-domain", *_LICENCES}) or (kinds == {"unknown"} and first.uri != other.uri)
    return _different_freedoms(first, other)


def _different_freedoms(first: RightsStatement, other: RightsStatement) -> bool:
    if first.category == other.category == "public-domain":
        return first.uri != other.uri and first.rule == other.rule
    if (first.code, other.code) == ("CC0", "NoC-US"):
        return False
    if None in {first.uri, other.uri}:
        # "No copyright" says less than, and nothing against, what says it with a URI.
        return bool({first.category, other.category} & _LICENCES)
    # "Public domain" beside "No Copyright - United States" is the wider word for the same thing, if it is the weaker.
    return (first.category, other.category) != ("no-copyright-other", "public-domain") and first.uri != other.uri


def _different_licences(first: RightsStatement, other: RightsStatement) -> bool:
    if first.category != other.category:
        return True
    if first.uri is None or other.uri is None:
        return first.code != other.code
    return first.uri != other.uri

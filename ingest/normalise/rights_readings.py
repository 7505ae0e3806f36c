"""Build the typed statement that a rule reads, with what its licence tells and where the words stand."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from ingest.descriptions import Json, RightsStatement
from ingest.normalise.folding import Folded
from ingest.normalise.vocabularies import Licence

Span = tuple[int, int]
"""Start and end in the folded text."""
OPEN = frozenset({"public-domain", "open-licence"})
"""The categories that let everyone use a work: never given without evidence."""


_NO_DETAILS: Mapping[str, Json] = {}


class Reading(NamedTuple):
    """What one rule reads in a value, before it is written as a statement: a tuple, since so many are made."""

    rule: str
    confidence: str
    span: Span | None = None
    uri: str | None = None
    code: str | None = None
    label: str | None = None
    category: str = "unknown"
    access: str | None = None
    embargo_end: str | None = None
    holder: str | None = None
    permits: tuple[str, ...] = ()
    contact: str | None = None
    details: Mapping[str, Json] = _NO_DETAILS


Ranked = tuple[int, Reading]
"""A reading with the rank of its rule, the strongest evidence first."""


def of_licence(licence: Licence, rule: str, confidence: str, span: Span | None = None) -> Reading:
    """Read a statement or licence that has a name of its own."""
    return Reading(
        rule=rule,
        confidence=confidence,
        span=span,
        uri=licence.uri,
        code=licence.code,
        label=licence.label,
        category=licence.category,
        access=licence.access,
        details=told_by(licence),
    )


def as_statement(value: Folded, reading: Reading, further: Mapping[str, Json]) -> RightsStatement:
    """Write a reading as a statement of its value; ``further`` is what is known of the value as a whole."""
    return RightsStatement(
        statement=value.original,
        uri=reading.uri,
        code=reading.code,
        label=reading.label,
        category=reading.category,
        access=reading.access,
        embargo_end=reading.embargo_end,
        holder=reading.holder,
        permits=reading.permits,
        contact=reading.contact,
        details={**reading.details, **further} if reading.details else dict(further),
        span=value.span(*reading.span) if reading.span else None,
        rule=reading.rule,
        confidence=reading.confidence,
    )


@lru_cache(maxsize=1024)
def told_by(licence: Licence) -> Mapping[str, Json]:
    """Return the details that a licence gives: scheme, version, port and terms."""
    told = {"scheme": licence.scheme, "version": licence.version, "port": licence.port}
    terms = [term for term in ("by", "nc", "nd", "sa") if term in licence.terms]
    return {name: each for name, each in {**told, "terms": terms}.items() if each}

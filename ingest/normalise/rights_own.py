"""The operator's own rows about rights: they come before every bundled one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from ingest.normalise.folding import Folded, comparable, comparable_key
from ingest.normalise.rights_guards import guarded
from ingest.normalise.rights_readings import Reading
from ingest.normalise.rights_uris import address_spans
from ingest.normalise.vocabularies import comparable_uri
from ingest.operator_tables import OperatorTables, RightsRow

RULE = "rights/own-table@1"
_TRAILING = ".,;:!?)]}'\"»*"


@dataclass(frozen=True, slots=True)
class _Index:
    values: Mapping[str, Reading]
    uris: Mapping[str, Reading]


def own_readings(value: Folded, own: OperatorTables) -> Iterator[Reading]:
    """Read what the operator says of a whole value, or of a URI wherever it stands.

    A URI inside a text is looked at in its sentence, as a bundled one is: "not …" opens nothing.
    """
    if not own.rights:
        return
    index = _index(own)
    if found := index.values.get(comparable_key(value.key)) or index.uris.get(comparable_uri(value.key)):
        yield found
        return
    for start, end in address_spans(value) if index.uris else ():
        written = value.key[start:end].rstrip(_TRAILING)
        if found := index.uris.get(comparable_uri(written)):
            yield guarded(value, found._replace(span=(start, start + len(written))))


@lru_cache(maxsize=64)
def _index(own: OperatorTables) -> _Index:
    """Index the rows; of two that speak of the same value the earlier one stands."""
    values: dict[str, Reading] = {}
    uris: dict[str, Reading] = {}
    for row in own.rights:
        reading = _reading(row)
        for text in row.values:
            values.setdefault(comparable(text), reading)
        for uri in row.uris:
            uris.setdefault(comparable_uri(uri), reading)
    return _Index(values, uris)


def _reading(row: RightsRow) -> Reading:
    return Reading(
        rule=RULE,
        confidence="exact",
        uri=row.uri,
        code=row.code,
        label=row.label,
        category=row.category,
        access=row.access,
        details={"scheme": "custom"},
    )

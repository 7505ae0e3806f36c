"""Sources: where the described thing stands, as ``dc:source`` says: archive, journal, book, identifier or holder."""

from collections.abc import Sequence

from ingest.descriptions import SourceStatement, Value
from ingest.normalise.source_given import read_value
from ingest.normalise.source_merging import merge
from ingest.normalise.source_reading import RULES
from ingest.operator_tables import NO_TABLES, OperatorTables

__all__ = ["RULES", "normalise_sources"]


def normalise_sources(values: Sequence[Value], own: OperatorTables = NO_TABLES) -> tuple[SourceStatement, ...]:
    """Read every source value, and merge those that describe one host; what no rule knows is kept as remainder."""
    return merge([read_value(value, own) for value in values])

"""Values that no rule knew, by frequency: the list from which the tables grow."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, desc, func, select, true

from ingest.store import ledger_tables, tables
from ingest.store.engine import Database, reading
from ingest.store.languages import whole

_records = tables.records.c
_STATEMENTS = {"rights": tables.record_rights, "source": tables.record_sources}
_ROWS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmatchedValue:
    """A statement of which nothing is known but its words."""

    value: str
    count: int
    """Live records that say it."""
    namespace: str
    record_id: str
    """One of them."""


def unmatched_values(
    database: Database,
    field: str,
    *,
    endpoint: str | None,
    limit: int,
    known: Callable[[str], bool] | None = None,
) -> tuple[UnmatchedValue, ...]:
    """Read the most frequent values of a field (``rights``, ``donor`` or ``source``) that no rule knew.

    Of live records, all or those that an endpoint speaks for; equally frequent values stand in the order of the text.
    ``known`` tells of a statement of donors that nobody gave: a rule knew it although no donor came of it.
    """
    with reading(database) as connection:
        if field == "donor":
            found = [each for each in _of_donors(connection, endpoint) if known is None or not known(each[0])]
        else:
            found = _of_statements(connection, _STATEMENTS[field], endpoint, limit)
        return tuple(_named(connection, value, count, key) for value, count, key in found[:limit])


def _spoken_for(endpoint: str | None) -> ColumnElement[bool]:
    if endpoint is None:
        return true()
    items = tables.items
    of_endpoint = select(items.c.id).join(ledger_tables.endpoints).where(ledger_tables.endpoints.c.name == endpoint)
    return _records.item_id.in_(of_endpoint)


def _of_statements(
    connection: Connection, table: Table, endpoint: str | None, limit: int
) -> list[tuple[str, int, int]]:
    count = func.count(table.c.record_key.distinct())
    query = (
        select(table.c.statement, count.label("records"), func.min(table.c.record_key))
        .join(tables.records, _records.key == table.c.record_key)
        .where(table.c.confidence == "none", _records.deleted.is_(False), _spoken_for(endpoint))
        .group_by(table.c.statement)
        .order_by(desc("records"), table.c.statement)
        .limit(limit)
    )
    return [(value, records, key) for value, records, key in connection.execute(query)]


def _of_donors(connection: Connection, endpoint: str | None) -> list[tuple[str, int, int]]:
    """Find what formats and declarations say of donors, and no donor came of: the described fields hold it."""
    counts: Counter[str] = Counter()
    examples: dict[str, int] = {}
    for key, statements in _donor_statements(connection, endpoint):
        for statement in statements:
            counts[statement] += 1
            examples.setdefault(statement, key)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(value, count, examples[value]) for value, count in ordered]


def _donor_statements(connection: Connection, endpoint: str | None) -> Iterator[tuple[int, set[str]]]:
    after = 0
    while True:
        query = (
            select(_records.key, whole(_records.metadata))
            .where(
                _records.key > after,
                _records.deleted.is_(False),
                _records.metadata.like('%"donors":[%'),
                _spoken_for(endpoint),
            )
            .order_by(_records.key)
            .limit(_ROWS_AT_ONCE)
        )
        rows = connection.execute(query).all()
        if not rows:
            return
        read = _read_statements(connection, [key for key, _ in rows])
        for key, metadata in rows:
            said = {each["value"] for each in json.loads(metadata).get("donors", ())}
            yield key, said - read.get(key, set())
        after = rows[-1][0]


def _read_statements(connection: Connection, keys: list[int]) -> dict[int, set[str]]:
    donors = tables.record_donors.c
    query = select(donors.record_key, donors.statement, donors.evidence).where(donors.record_key.in_(keys))
    read: dict[int, set[str]] = {}
    for key, statement, evidence in connection.execute(query):
        read.setdefault(key, set()).update({statement, *(place["statement"] for place in json.loads(evidence))})
    return read


def _named(connection: Connection, value: str, count: int, key: int) -> UnmatchedValue:
    query = select(_records.namespace, _records.record_id).where(_records.key == key)
    namespace, record_id = connection.execute(query).one()
    return UnmatchedValue(value=value, count=count, namespace=namespace, record_id=record_id)

"""Records for other programs, in batches from one snapshot: each with its fields and items, as the views tell them."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, CursorResult, TextClause, bindparam, text

from ingest.descriptions import Json
from ingest.store import tables
from ingest.store.cursors import Cursor, Feed
from ingest.store.engine import Database, snapshot
from ingest.store.feed import read_feed
from ingest.store.types import instant_from

_BATCH = 500
# SQLite's views hand these out as text and numbers.
_JSON = frozenset(("creators", "languages", "metadata", "permits", "details", "evidence", "parts", "sets", "origins"))
_BOOLEANS = frozenset(("deleted", "rights_conflict", "speaks"))
_INSTANTS = frozenset(("created_at", "changed_at", "first_seen_at"))
_WITHIN = frozenset(("record_key", "position"))
"""What the place of a nested row says already."""
_ITEMS = """
SELECT * FROM catalogue_items WHERE record_key {among} ORDER BY record_key, endpoint, metadata_prefix, oai_identifier
"""
_NESTED = {
    "rights": "SELECT * FROM catalogue_rights WHERE record_key {among} ORDER BY record_key, position",
    "donors": "SELECT * FROM catalogue_donors WHERE record_key {among} ORDER BY record_key, position",
    "sources": "SELECT * FROM catalogue_sources WHERE record_key {among} ORDER BY record_key, position",
    "items": _ITEMS,
}
# One text whatever the keys: a list of hundreds of values would be put together and read anew for each batch.
_AMONG = {"postgresql": "= ANY(:keys)", "sqlite": "IN (SELECT value FROM json_each(:keys))"}
_CHOSEN = "(:endpoint IS NULL OR endpoint = :endpoint) AND (:deleted OR NOT deleted)"
_BY_KEY = f"""
SELECT * FROM catalogue_records WHERE record_key > :after AND {_CHOSEN} ORDER BY record_key LIMIT {_BATCH}
"""  # noqa: S608 - put together from this module's own texts.
_BY_NAME = f"SELECT * FROM catalogue_records WHERE record_key {{among}} AND {_CHOSEN}"  # noqa: S608 - likewise.
_COUNT = f"SELECT count(*) FROM catalogue_records WHERE {_CHOSEN}"  # noqa: S608 - likewise.
_COUNT_SINCE = f"{_COUNT} AND record_key IN (SELECT record_key FROM changes WHERE cursor > :since)"  # noqa: S608
# Each record once, at its last change: the one that no later change of the record follows.
_LAST_CHANGES = """
SELECT record_key FROM changes
 WHERE cursor > :after AND cursor <= :last
   AND NOT EXISTS (SELECT 1 FROM changes AS later
                    WHERE later.record_key = changes.record_key AND later.cursor > changes.cursor)
 ORDER BY cursor
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Which records are read."""

    since: Cursor | None = None
    """Only those that have changed after this place of the feed."""
    endpoint: str | None = None
    """Only those for which an item of this endpoint speaks."""
    deleted: bool = True
    """Those too that no repository has any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """Records as one snapshot of the database shows them."""

    feed: Feed
    """As the same snapshot shows it: what has changed since comes after ``feed.end``."""
    total: int
    batches: Iterator[tuple[Json, ...]]
    """Of few records each, every record once: the columns of ``catalogue_records`` with ``rights``, ``donors``,
    ``sources`` and ``items``; instants as datetimes."""


@contextmanager
def exported(database: Database, chosen: Chosen) -> Iterator[Exported]:
    """Open a snapshot to read records from. Raises CursorRefused where ``chosen.since`` is no place to go on from."""
    with snapshot(database) as connection:
        feed = read_feed(connection)
        if chosen.since is not None:
            feed.refuse_unless_followed_from(chosen.since)
        yield Exported(feed=feed, total=_total(connection, chosen), batches=_batches(connection, chosen, feed))


def _total(connection: Connection, chosen: Chosen) -> int:
    since = {} if chosen.since is None else {"since": chosen.since.number}
    statement = _COUNT if chosen.since is None else _COUNT_SINCE
    return int(connection.execute(_statement(statement), _choice(chosen) | since).scalar_one())


def _batches(connection: Connection, chosen: Chosen, feed: Feed) -> Iterator[tuple[Json, ...]]:
    if chosen.since is None:
        found = _all(connection, chosen)
    else:
        found = _changed(connection, chosen, after=chosen.since.number, newest=feed.newest)
    return (_with_nested(connection, batch) for batch in found if batch)


def _all(connection: Connection, chosen: Chosen) -> Iterator[list[Json]]:
    """Read all records in the order of their keys."""
    after = 0
    while records := _read(connection.execute(_statement(_BY_KEY), _choice(chosen) | {"after": after})):
        after = records[-1]["record_key"]
        yield records


def _changed(connection: Connection, chosen: Chosen, *, after: int, newest: int) -> Iterator[list[Json]]:
    """Read the records that have changed after a place in the feed, in the order of their last changes."""
    for number in range(after, newest, _BATCH):
        keys = list(connection.scalars(text(_LAST_CHANGES), {"after": number, "last": number + _BATCH}))
        found = _among(connection, _BY_NAME, keys, chosen=chosen)
        records = {record["record_key"]: record for record in found}
        yield [records[key] for key in keys if key in records]


def _choice(chosen: Chosen) -> dict[str, Any]:
    return {"endpoint": chosen.endpoint, "deleted": chosen.deleted}


def _statement(statement: str) -> TextClause:
    # Typed, since PostgreSQL can not tell the type of a value that is only asked whether it is null.
    return text(statement).bindparams(
        bindparam("endpoint", type_=tables.records.c.title.type),
        bindparam("deleted", type_=tables.records.c.deleted.type),
    )


def _among(connection: Connection, statement: str, keys: Sequence[int], *, chosen: Chosen | None = None) -> list[Json]:
    """Read the rows of some records."""
    dialect = connection.dialect.name
    asked = statement.format(among=_AMONG[dialect])
    values: dict[str, Any] = {"keys": keys if dialect == "postgresql" else json.dumps(keys)}
    if chosen is None:
        return _read(connection.execute(text(asked), values))
    return _read(connection.execute(_statement(asked), values | _choice(chosen)))


def _with_nested(connection: Connection, batch: Sequence[Json]) -> tuple[Json, ...]:
    records = {record["record_key"]: {**record, **{name: [] for name in _NESTED}} for record in batch}
    for name, statement in _NESTED.items():
        for row in _among(connection, statement, list(records)):
            within = {column: value for column, value in row.items() if column not in _WITHIN}
            records[row["record_key"]][name].append(within)
    return tuple(records.values())


def _read(result: CursorResult[*tuple[Any, ...]]) -> list[Json]:
    """Read a view's rows alike from both databases."""
    columns = [(name, _READERS.get(name)) for name in result.keys()]  # noqa: SIM118 - no mapping, whatever its name.
    return [
        {
            name: value if read is None or value is None else read(value)
            for (name, read), value in zip(columns, row, strict=True)
        }
        for row in result
    ]


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


_READERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(_JSON, _json),
    **dict.fromkeys(_BOOLEANS, bool),
    **dict.fromkeys(_INSTANTS, instant_from),
}

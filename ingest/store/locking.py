"""The rows of records, inserted where they are missing and locked, in one order for everybody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Row, UpdateBase, bindparam, select

from ingest.store import tables
from ingest.store.deciding import KnownRecord
from ingest.store.many import write_many
from ingest.store.record_rows import ROW_COLUMNS, inserted_row
from ingest.store.types import among, instant_for
from ingest.store.upserts import insert_into

_records = tables.records.c
_by_namespace = itemgetter(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """The record rows that a page concerns, locked: by key, and the key of each (namespace, record ID)."""

    by_key: Mapping[int, KnownRecord] = field(default_factory=dict)
    keys: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def forgotten(self) -> frozenset[int]:
        """The keys of those that were forgotten."""
        return frozenset(key for key, record in self.by_key.items() if record.forgotten)


def lock_records(
    connection: Connection,
    *,
    identities: Iterable[tuple[str, str]],
    pointed_to: Iterable[int],
    now: datetime,
    decided: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
) -> Locked:
    """Insert the record rows that are missing, then lock all that are concerned, both in the order of their names.

    Locking only rows that exist would let two pages decide one new record without seeing each other's items. One order
    for all, those that items point to now included, keeps two pages from waiting for each other. Rows are inserted
    empty but for those that are ``decided`` already.
    """
    wanted, decided = sorted(set(identities)), decided or {}
    created_at = instant_for(now, connection.dialect)
    rows = [inserted_row(identity, decided.get(identity), created_at) for identity in wanted]
    write_many(connection, _missing(connection.dialect.name), rows)
    by_key: dict[int, KnownRecord] = {}
    keys: dict[tuple[str, str], int] = {}
    concerned = sorted({*wanted, *_names(connection, pointed_to)})
    for namespace, names in groupby(concerned, key=_by_namespace):
        asked = {"namespace": namespace, "record_ids": [record_id for _, record_id in names]}
        for row in connection.execute(_LOCKING, asked):
            keys[namespace, row.record_id] = row.key
            by_key[row.key] = _known(row)
    return Locked(by_key=by_key, keys=keys)


@cache
def _missing(dialect_name: str) -> UpdateBase:
    row: dict[str, Any] = {name: bindparam(name) for name in ROW_COLUMNS}
    insert = insert_into(tables.records, dialect_name).values(row)
    return insert.on_conflict_do_nothing(index_elements=("namespace", "record_id"))


_LOCKING = (
    select(
        _records.key,
        _records.record_id,
        _records.item_id,
        _records.digest,
        _records.version,
        _records.deleted,
        _records.merged_into,
        _records.items_gone_to,
        _records.forgotten_at,
    )
    .where(_records.namespace == bindparam("namespace"), among(_records.record_id, "record_ids"))
    .order_by(_records.record_id)
    .with_for_update()
)
_NAMES = select(_records.namespace, _records.record_id).where(among(_records.key, "keys"))


def _names(connection: Connection, record_keys: Iterable[int]) -> list[tuple[str, str]]:
    keys = sorted(set(record_keys))
    if not keys:
        return []
    return [(namespace, record_id) for namespace, record_id in connection.execute(_NAMES, {"keys": keys})]


def _known(row: Row[*tuple[Any, ...]]) -> KnownRecord:
    return KnownRecord(
        key=row.key,
        item_id=row.item_id,
        digest=row.digest,
        version=row.version,
        deleted=row.deleted,
        merged_into=row.merged_into,
        items_gone_to=row.items_gone_to,
        forgotten=row.forgotten_at is not None,
    )

"""The rows of records, inserted where they are missing and locked, in one order for everybody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import groupby, zip_longest
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, UpdateBase, bindparam, select

from ingest.store import tables
from ingest.store.deciding import KnownRecord
from ingest.store.driver import Values, ask
from ingest.store.keys import allot_keys
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

    def forgotten(self) -> frozenset[int]:
        """Give the keys of those that were forgotten."""
        return frozenset(key for key, record in self.by_key.items() if record.forgotten)

    def has(self, record_key: int | None) -> bool:
        """Whether this record is among them, if it is one."""
        return record_key is None or record_key in self.by_key


def lock_records(
    connection: Connection,
    *,
    identities: Iterable[tuple[str, str]],
    pointed_to: Iterable[int],
    now: datetime,
    decided: Mapping[tuple[str, str], Values] | None = None,
) -> Locked:
    """Insert the record rows that are missing, then lock all that are concerned, both in the order of their names.

    Locking only rows that exist would let two pages decide one new record without seeing each other's items. One order
    for all, those that items point to now included, keeps two pages from waiting for each other. Rows are inserted
    empty but for those that are ``decided`` already.
    """
    wanted, decided = sorted(set(identities)), decided or {}
    others = _names(connection, pointed_to)
    # Where all may be new, their keys are chosen before: if they are, nothing of them need be read.
    foreseen = not others and decided.keys() >= set(wanted)
    allotted = allot_keys(connection, _records.key, len(wanted)) if foreseen else []
    created_at = instant_for(now, connection.dialect)
    rows = [
        inserted_row(key, identity, decided.get(identity), created_at)
        for key, identity in zip_longest(allotted, wanted)
    ]
    inserted = write_many(connection, _missing(connection.dialect.name, keyed=foreseen), ROW_COLUMNS, rows)
    if foreseen and inserted == len(wanted):
        # Nobody else sees them, let alone locks them, before we commit.
        return Locked(by_key={row[0]: _inserted(row) for row in rows}, keys=dict(zip(wanted, allotted, strict=True)))
    return _read_and_lock(connection, {*wanted, *others})


def _read_and_lock(connection: Connection, identities: Iterable[tuple[str, str]]) -> Locked:
    by_key: dict[int, KnownRecord] = {}
    keys: dict[tuple[str, str], int] = {}
    for namespace, names in groupby(sorted(identities), key=_by_namespace):
        asked = {"namespace": namespace, "record_ids": [record_id for _, record_id in names]}
        for record_id, *known in ask(connection, _LOCKING, asked):
            record = KnownRecord(*known)
            keys[namespace, record_id] = record.key
            by_key[record.key] = record
    return Locked(by_key=by_key, keys=keys)


def _inserted(row: Values) -> KnownRecord:
    key, _namespace, _record_id, _created_at, item_id, digest, deleted, merged_into, version, *_ = row
    return KnownRecord(key, item_id, digest, version, deleted, merged_into)


@cache
def _missing(dialect_name: str, *, keyed: bool) -> UpdateBase:
    """Insert rows where they are missing; with the keys that they are given, or with the table's next ones."""
    row: dict[str, Any] = {name: bindparam(name) for name in ROW_COLUMNS if keyed or name != "key"}
    insert = insert_into(tables.records, dialect_name).values(row)
    return insert.on_conflict_do_nothing(index_elements=("namespace", "record_id"))


_LOCKING = (
    select(
        _records.record_id,
        # As a known record has them.
        _records.key,
        _records.item_id,
        _records.digest,
        _records.version,
        _records.deleted,
        _records.merged_into,
        _records.items_gone_to,
        _records.forgotten_at.is_not(None),
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
    return [(namespace, record_id) for namespace, record_id in ask(connection, _NAMES, {"keys": keys})]

"""Records forgotten for good, as a takedown asks: what they say is erased everywhere, their names and a reason stay."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, exc, func, select, update

from ingest.errors import RetriableError
from ingest.store import ledger_tables, tables
from ingest.store.causes import Cause
from ingest.store.contents import NOTHING, replace_fields
from ingest.store.engine import reading, translate, write
from ingest.store.erasing import erase_items
from ingest.store.feed import Change, publish
from ingest.store.locking import Locked, lock_records
from ingest.store.types import database_now
from ingest.store.wanted import RolledBack

_MOST_ROUNDS = 20
_endpoints = ledger_tables.endpoints.c
_items = tables.items.c
_records = tables.records.c
_versions = tables.record_versions.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgettable:
    """What stands in the database of a record, and of those that were merged into it."""

    records: tuple[tuple[str, str], ...]
    """Namespace and record ID, of the record itself first."""
    items: tuple[tuple[str, str, str], ...]
    """Endpoint, OAI identifier and metadataPrefix."""
    versions: int
    rejections: int


def read_forgettable(engine: Engine, record_key: int) -> Forgettable:
    """Read what forgetting a record would erase."""
    rejections = tables.rejections.c
    with reading(engine) as connection:
        keys = _with_merged(connection, record_key)
        named = select(_records.namespace, _records.record_id).where(_records.key.in_(keys))
        items = select(_endpoints.name, _items.oai_identifier, _items.metadata_prefix).join(ledger_tables.endpoints)
        theirs = select(_items.endpoint_id, _items.oai_identifier).where(_items.record_key.in_(keys)).distinct()
        pairs = connection.execute(theirs).all()
        rejected = sum(
            connection.scalar(
                select(func.count()).where(rejections.endpoint_id == key, rejections.oai_identifier == identifier)
            )
            or 0
            for key, identifier in pairs
        )
        return Forgettable(
            records=tuple(
                (namespace, record_id)
                for namespace, record_id in connection.execute(
                    named.order_by(_records.key != record_key, _records.namespace, _records.record_id)
                )
            ),
            items=tuple(
                (endpoint, identifier, prefix)
                for endpoint, identifier, prefix in connection.execute(
                    items.where(_items.record_key.in_(keys)).order_by(_items.id)
                )
            ),
            versions=connection.scalar(select(func.count()).where(_versions.record_key.in_(keys))) or 0,
            rejections=rejected,
        )


def _with_merged(connection: Connection, record_key: int) -> list[int]:
    """Name a record, and those that were merged into it: what they said is what its items said."""
    found = new = {record_key}
    while new:
        new = set(connection.scalars(select(_records.key).where(_records.merged_into.in_(new)))) - found
        found = found | new
    return sorted(found)


def forget(engine: Engine, record_key: int, reason: str) -> int:
    """Erase all that is kept of a record and of those merged into it; give how many records a catalogue is told of.

    They stay deleted whatever comes, and keep the reason. One that was forgotten before keeps the reason that it has.
    Raises RetriableError where the records keep moving under other writers.
    """
    for _round in range(_MOST_ROUNDS):
        try:
            return write(engine, lambda connection: _forget(connection, record_key, reason))
        except RolledBack:
            continue
    raise RetriableError("the records keep moving under other writers; run the same command again")


def _forget(connection: Connection, record_key: int, reason: str) -> int:
    now: datetime = connection.execute(select(database_now())).scalar_one()
    keys = _with_merged(connection, record_key)
    locked = lock_records(connection, identities=(), pointed_to=keys, now=now)
    if _with_merged(connection, record_key) != keys:
        # Another has been merged into it since we looked, which is not locked: begin again with it.
        raise RolledBack(None)
    _hold_endpoints(connection, keys)
    erase_items(connection, connection.scalars(select(_items.id).where(_items.record_key.in_(keys))).all())
    connection.execute(delete(tables.record_versions).where(_versions.record_key.in_(keys)))
    new = sorted(set(keys) - locked.forgotten())
    _empty_records(connection, new, reason, now)
    publish(connection, _changes(locked, new), now)
    return len(new)


def _hold_endpoints(connection: Connection, keys: Sequence[int]) -> None:
    """Let every page that rejects something of these endpoints end first, or wait until this is committed."""
    concerned = select(_items.endpoint_id).where(_items.record_key.in_(keys))
    query = select(_endpoints.id).where(_endpoints.id.in_(concerned)).order_by(_endpoints.id)
    connection.execute(query.with_for_update()).all()


def _empty_records(connection: Connection, keys: Sequence[int], reason: str, now: datetime) -> None:
    replace_fields(connection, dict.fromkeys(keys, NOTHING), fresh=frozenset())
    values = {
        **NOTHING.columns(),
        "item_id": None,
        "digest": None,
        "deleted": True,
        "merged_into": None,
        "items_gone_to": None,
        "version": _records.version + 1,
        "changed_at": now,
        "cause": Cause.FORGOTTEN,
        "cause_run_id": None,
        "forgotten_at": now,
        "forgotten_reason": reason,
    }
    connection.execute(update(tables.records).where(_records.key.in_(keys)).values(values))


def _changes(locked: Locked, keys: Sequence[int]) -> list[Change]:
    # Told of records that were deleted before, too: catalogues may keep what such a record last said.
    return [Change(record_key=key, change="deleted", fields=(), version=locked.by_key[key].version + 1) for key in keys]


def keeps_free_space(engine: Engine) -> bool:
    """Tell whether it is for us to see to what was erased: on PostgreSQL that is the server's VACUUM."""
    return engine.dialect.name == "sqlite"


def clear_free_space(engine: Engine) -> bool:
    """Let what was erased go from a SQLite file and its write-ahead log; False where others keep it open for now.

    Raises DatabaseRefused where that fails, as where the disk has no room for the file twice.
    """
    raw = engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        busy, _frames, _moved = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.OperationalError as error:
        if "locked" not in str(error):
            raise translate(exc.OperationalError("VACUUM", None, error)) from error
        return False
    finally:
        raw.close()
    return not busy

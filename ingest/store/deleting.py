"""Items that sweeps have missed become tombstones of ours: in batches, by the order of every page's transaction."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, bindparam, delete, select, update

from ingest.descriptions import Described
from ingest.ledger import Run
from ingest.store import tables
from ingest.store.answers import ItemState
from ingest.store.causes import Cause, Why
from ingest.store.digests import MISSED
from ingest.store.feed import publish
from ingest.store.items import in_chunks
from ingest.store.locking import Locked, lock_records
from ingest.store.records import settle
from ingest.store.types import database_now
from ingest.store.wanted import DescriptionsWanted, RolledBack, write_or_want

_BATCH = 200
_items = tables.items.c
_misses = tables.misses.c


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDeleted:
    """What came of a batch; ``taken`` is 0 when nothing is left."""

    taken: int
    items: int
    """Of these, the items that were live still, and are tombstones now."""


def delete_batch(
    engine: Engine, run: Run, *, held: bool, descriptions: Mapping[ItemState, Described]
) -> BatchDeleted | DescriptionsWanted:
    """Delete some of the items that are due by a sweep, or of those that it ``held``, in one transaction.

    ``descriptions`` of items that speak from now on. Where such are wanted nothing is written. Raises RetriableError
    where the records keep moving under other writers.
    """
    return write_or_want(engine, lambda connection: _delete(connection, run, descriptions, held=held))


def _delete(
    connection: Connection, run: Run, descriptions: Mapping[ItemState, Described], *, held: bool
) -> BatchDeleted:
    now: datetime = connection.execute(select(database_now())).scalar_one()
    # Misses first, records then: as a page does that brings an item again.
    keys = _taken(connection, run, held=held)
    locked = _lock(connection, keys, now)
    live = _live(connection, keys, locked)
    _bury(connection, live, run)
    settled = settle(
        connection,
        locked,
        contents={},
        described=_words_kept(live, descriptions),
        moved_to={},
        now=now,
        why=Why(cause=Cause.APPROVED if held else Cause.SWEEP, run_id=run.run_id),
    )
    if settled.silent:
        raise RolledBack(DescriptionsWanted(items=settled.silent))
    for chunk in in_chunks(keys):
        connection.execute(delete(tables.misses).where(_misses.item_id.in_(chunk)))
    publish(connection, settled.changes, now)
    return BatchDeleted(taken=len(keys), items=len(live))


def _taken(connection: Connection, run: Run, *, held: bool) -> list[int]:
    query = (
        select(_misses.item_id)
        .where(_misses.due_run_id == run.run_id, _misses.held.is_(held))
        .order_by(_misses.item_id)
        .limit(_BATCH)
        .with_for_update()
    )
    return list(connection.scalars(query))


def _lock(connection: Connection, keys: list[int], now: datetime) -> Locked:
    query = select(_items.record_key).where(_items.id.in_(keys), _items.record_key.is_not(None)).distinct()
    return lock_records(connection, identities=(), pointed_to=connection.scalars(query).all(), now=now)


def _live(connection: Connection, keys: list[int], locked: Locked) -> list[Row[int, bytes, int, int | None]]:
    """Read those of the items that are live still, each with its digest, its profile and its record."""
    columns = (_items.id, _items.digest, _items.profile_id, _items.record_key)
    query = select(*columns).where(_items.id.in_(keys), _items.deleted.is_(False)).with_for_update()
    rows = list(connection.execute(query.order_by(_items.id)))
    if any(row.record_key is not None and row.record_key not in locked.by_key for row in rows):
        # It has come to another record since we looked, which is not locked: begin again with it.
        raise RolledBack(None)
    return rows


def _bury(connection: Connection, live: list[Row[int, bytes, int, int | None]], run: Run) -> None:
    """Make items tombstones as the sweep's answer; what they last said is kept, as with any tombstone."""
    if not live:
        return
    values: dict[str, Any] = {"deleted": True, "digest": MISSED, "run_id": run.run_id}
    if run.response_date is not None:
        values["response_date"] = run.response_date.strftime("%Y-%m-%dT%H:%M:%SZ")
    buried = update(tables.items).where(_items.id == bindparam("the_item")).values(values)
    connection.execute(buried, [{"the_item": row.id} for row in live])


def _words_kept(
    live: list[Row[int, bytes, int, int | None]], descriptions: Mapping[ItemState, Described]
) -> dict[ItemState, Described]:
    """Give what items say by their states as they are now: a tombstone keeps what its item last said."""
    kept = dict(descriptions)
    for row in live:
        state = (row.id, row.digest, row.profile_id)
        if state in descriptions:
            kept[row.id, MISSED, row.profile_id] = descriptions[state]
    return kept

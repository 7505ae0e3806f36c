"""Items described again are written, where nothing has moved meanwhile; or only looked at, and taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, bindparam, select, update

from ingest.descriptions import Content, Described
from ingest.store import tables
from ingest.store.answers import ItemState, Voices
from ingest.store.causes import Cause, Why
from ingest.store.contents import Rows, read_rows
from ingest.store.erasing import erase_items
from ingest.store.feed import Change, publish
from ingest.store.items import ORIGIN_COLUMNS, in_chunks, origin_values
from ingest.store.locking import Locked, lock_records
from ingest.store.records import settle
from ingest.store.stale import StaleItem
from ingest.store.types import database_now
from ingest.store.wanted import DescriptionsWanted, RolledBack, write_or_want

_items = tables.items.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Restatement:
    """A stale item with what it says by the new profile."""

    item: StaleItem
    described: Described
    voices: Voices


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """What came of a batch."""

    items: int
    """Described again; the others of the batch have moved meanwhile and are left to whoever moved them."""
    moved: int
    """Of these, the items that belong to another record now."""
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """What would come of a batch: the changes, and what their records say now and would say (by record key)."""

    changes: tuple[Change, ...]
    before: Mapping[int, Rows]
    after: Mapping[int, Rows]


def restate(
    engine: Engine,
    batch: Sequence[Restatement],
    *,
    descriptions: Mapping[ItemState, Described],
) -> Restated | DescriptionsWanted:
    """Write what the items of a batch say now, in one transaction; an item that has moved since it was read is left.

    ``descriptions`` of other items that speak from now on. Where such are wanted nothing is written. Raises
    RetriableError where the records keep moving under other writers.
    """
    return write_or_want(engine, lambda connection: _restate(connection, batch, descriptions))


def foresee(
    engine: Engine,
    batch: Sequence[Restatement],
    *,
    descriptions: Mapping[ItemState, Described],
) -> Foreseen | DescriptionsWanted:
    """Say what ``restate`` would change: it is done, looked at and taken back in one transaction."""

    def work(connection: Connection) -> Foreseen:
        with connection.begin_nested() as undone:
            restated = _restate(connection, batch, descriptions, publishing=False)
            keys = [change.record_key for change in restated.changes]
            after = read_rows(connection, keys)
            undone.rollback()
        return Foreseen(changes=restated.changes, before=read_rows(connection, keys), after=after)

    return write_or_want(engine, work)


def _restate(
    connection: Connection,
    batch: Sequence[Restatement],
    descriptions: Mapping[ItemState, Described],
    *,
    publishing: bool = True,
) -> Restated:
    now: datetime = connection.execute(select(database_now())).scalar_one()
    locked = _lock(connection, batch, now)
    still = _still_as_read(connection, batch, locked)
    written = [each for each in batch if each.item.item_id in still]
    keys = {each.item.item_id: _record_key(each, still[each.item.item_id], locked) for each in written}
    _update_items(connection, written, keys)
    forgotten = locked.forgotten()
    erase_items(connection, [item_id for item_id, key in keys.items() if key in forgotten])
    settled = settle(
        connection,
        locked,
        contents=_contents(written, still, keys),
        described=descriptions,
        moved_to=_moved_to(still, keys),
        why=Why(cause=Cause.RULES),
        now=now,
    )
    if settled.silent:
        raise RolledBack(DescriptionsWanted(items=settled.silent))
    if publishing:
        publish(connection, settled.changes, now)
    moved = sum(still[item_id] != keys[item_id] for item_id in keys)
    return Restated(items=len(written), moved=moved, changes=settled.changes)


def _lock(connection: Connection, batch: Sequence[Restatement], now: datetime) -> Locked:
    identities = ((each.described.namespace, each.described.record_id) for each in batch)
    return lock_records(
        connection,
        identities=[(namespace, record_id) for namespace, record_id in identities if record_id is not None],
        pointed_to=[each.item.record_key for each in batch if each.item.record_key is not None],
        now=now,
    )


def _still_as_read(connection: Connection, batch: Sequence[Restatement], locked: Locked) -> dict[int, int | None]:
    """Give the items that say what they said and are described as they were, with the record of each.

    Whoever writes an item locks its record before: those of locked records stay as they are until we have written.
    """
    read = {each.item.item_id: (each.item.digest, each.item.profile_id) for each in batch}
    still: dict[int, int | None] = {}
    for chunk in in_chunks(read):
        query = select(_items.id, _items.digest, _items.profile_id, _items.record_key).where(_items.id.in_(chunk))
        for item_id, digest, profile_id, record_key in connection.execute(query):
            if (digest, profile_id) != read[item_id]:
                continue
            if record_key is not None and record_key not in locked.by_key:
                # It has come to another record since it was read, which is not locked: begin again with it.
                raise RolledBack(None)
            still[item_id] = record_key
    return still


def _record_key(each: Restatement, before: int | None, locked: Locked) -> int | None:
    """Say to which record an item belongs by the new profile; one that does not say it stays where it is."""
    record_id = each.described.record_id
    return before if record_id is None else locked.keys[each.described.namespace, record_id]


def _update_items(connection: Connection, written: Sequence[Restatement], keys: Mapping[int, int | None]) -> None:
    if not written:
        return
    names = ("record_key", "profile_id", "understood", "format", "priority", "prefix_position")
    values: dict[str, Any] = {name: bindparam(name) for name in (*names, *ORIGIN_COLUMNS)}
    connection.execute(
        update(tables.items).where(_items.id == bindparam("the_item"), _unmoved()).values(values),
        [_values(each, keys[each.item.item_id]) for each in written],
    )


def _unmoved() -> ColumnElement[bool]:
    # An item without a record has no lock of ours: it may have moved after we looked.
    return and_(_items.digest == bindparam("the_digest"), _items.profile_id == bindparam("the_profile"))


def _values(each: Restatement, record_key: int | None) -> dict[str, Any]:
    item, described, voices = each.item, each.described, each.voices
    return {
        "the_item": item.item_id,
        "the_digest": item.digest,
        "the_profile": item.profile_id,
        "record_key": record_key,
        "profile_id": voices.profile_id,
        "understood": described.understood,
        "format": described.format,
        "priority": voices.priority,
        "prefix_position": voices.prefix_position,
        **dict(zip(ORIGIN_COLUMNS, origin_values(described.origins), strict=True)),
    }


def _contents(
    written: Sequence[Restatement], before: Mapping[int, int | None], keys: Mapping[int, int | None]
) -> dict[int, Content]:
    """Give what the items say; a deleted record keeps its last content, unless its item comes to another record."""
    return {
        each.item.item_id: each.described.content
        for each in written
        if not each.item.deleted or before[each.item.item_id] != keys[each.item.item_id]
    }


def _moved_to(before: Mapping[int, int | None], keys: Mapping[int, int | None]) -> dict[int, frozenset[int]]:
    moved: dict[int, frozenset[int]] = {}
    for item_id, old in before.items():
        new = keys[item_id]
        if old is not None and new is not None and old != new:
            moved[old] = moved.get(old, frozenset()) | {new}
    return moved

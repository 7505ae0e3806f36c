"""Items that another profile has described than their endpoint has now, read in batches to be described again."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Select, and_, func, select

from ingest.records import Header, Record
from ingest.store import tables
from ingest.store.compression import decompress
from ingest.store.digests import FORGOTTEN
from ingest.store.engine import reading

_BATCH = 200
_BATCH_BYTES = 2_000_000
"""Of compressed XML in a batch, of which there is one record at least."""
_items = tables.items.c
_records = tables.records.c


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleItem:
    """An item that was described by another profile than its endpoint has now."""

    item_id: int
    digest: bytes
    profile_id: int
    metadata_prefix: str
    record: Record
    """As it last was when live; as a tombstone where it never was."""
    deleted: bool
    record_key: int | None
    identity: tuple[str, str] | None
    """Namespace and record ID of the record that it belongs to."""
    speaks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """The profile of an endpoint's items as it is now, and those that newer programs describe by."""

    current: int
    newer: tuple[int, ...] = ()


def known_profiles(engine: Engine, current: int, *, rules: int) -> Profiles:
    """Find the profiles whose rules are newer than ``rules``: what is described by them is never taken back."""
    profiles = tables.profiles.c
    with reading(engine) as connection:
        rows = connection.execute(select(profiles.id, profiles.content)).all()
    newer = tuple(key for key, content in rows if json.loads(content)["rules"] > rules)
    return Profiles(current=current, newer=newer)


def count_stale(engine: Engine, endpoint_id: int, profiles: Profiles) -> tuple[int, int]:
    """Count the items of an endpoint that are to be described again, and those that a newer program has described."""
    newer = func.count().filter(_items.profile_id.in_(profiles.newer))
    query = select(func.count(), newer).where(
        _items.endpoint_id == endpoint_id, _items.profile_id != profiles.current, _items.digest != FORGOTTEN
    )
    with reading(engine) as connection:
        stale, by_newer = connection.execute(query).one()
    return stale - by_newer, by_newer


def stale_batches(
    engine: Engine, endpoint_id: int, profiles: Callable[[], Profiles]
) -> Iterator[tuple[StaleItem, ...]]:
    """Read the stale items of an endpoint in batches: all those of a record together, then those without a record.

    ``profiles`` is asked before each batch: a newer program may have begun meanwhile.
    """
    after = 0
    while keys := _next_records(engine, _is_stale(endpoint_id, profiles()), after):
        after = keys[-1]
        yield _read(engine, _of(_is_stale(endpoint_id, profiles()), _items.record_key.in_(keys)))
    after = 0
    while batch := _read(engine, _next_without_record(_is_stale(endpoint_id, profiles()), after)):
        after = batch[-1].item_id
        yield batch


def _is_stale(endpoint_id: int, profiles: Profiles) -> ColumnElement[bool]:
    described = (profiles.current, *profiles.newer)
    return and_(_items.endpoint_id == endpoint_id, _items.profile_id.not_in(described), _items.digest != FORGOTTEN)


def _next_records(engine: Engine, stale: ColumnElement[bool], after: int) -> list[int]:
    """Give the next records that have stale items: a few, of which the XML does not fill the memory."""
    size = func.coalesce(func.sum(func.length(_items.xml)), 0)
    query = (
        select(_items.record_key, func.count(), size)
        .where(stale, _items.record_key > after)
        .group_by(_items.record_key)
        .order_by(_items.record_key)
        .limit(_BATCH)
    )
    keys: list[int] = []
    items = compressed = 0
    with reading(engine) as connection:
        for key, count, length in connection.execute(query):
            if keys and (items + count > _BATCH or compressed + length > _BATCH_BYTES):
                break
            keys.append(key)
            items, compressed = items + count, compressed + length
    return keys


def _of(*which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return _with_records().where(*which).order_by(_items.record_key, _items.id)


def _next_without_record(stale: ColumnElement[bool], after: int) -> Select[*tuple[Any, ...]]:
    return _of(stale, _items.record_key.is_(None), _items.id > after).limit(_BATCH)


def _read(engine: Engine, query: Select[*tuple[Any, ...]]) -> tuple[StaleItem, ...]:
    with reading(engine) as connection:
        return tuple(_stale(row) for row in connection.execute(query))


def _with_records() -> Select[*tuple[Any, ...]]:
    columns = (
        _items.id,
        _items.digest,
        _items.profile_id,
        _items.metadata_prefix,
        _items.oai_identifier,
        _items.datestamp,
        _items.deleted,
        _items.xml,
        _items.about,
        _items.record_key,
        _records.namespace,
        _records.record_id,
        _records.item_id,
    )
    return select(*columns).outerjoin(tables.records, _records.key == _items.record_key)


def _stale(row: Row[*tuple[Any, ...]]) -> StaleItem:
    about = json.loads(decompress(row.about)) if row.about else []
    return StaleItem(
        item_id=row.id,
        digest=row.digest,
        profile_id=row.profile_id,
        metadata_prefix=row.metadata_prefix,
        record=Record(
            header=Header(
                identifier=row.oai_identifier, datestamp=row.datestamp, deleted=row.deleted and row.xml is None
            ),
            metadata=decompress(row.xml) if row.xml else None,
            about=tuple(part.encode() for part in about),
        ),
        deleted=row.deleted,
        record_key=row.record_key,
        identity=None if row.record_key is None else (row.namespace, row.record_id),
        speaks=row.item_id == row.id,
    )

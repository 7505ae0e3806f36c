"""What followers read of the feed: its changes in batches, and where to go on."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, select, true

from ingest.store import tables
from ingest.store.cursors import Cursor, Feed
from ingest.store.engine import Database, reading
from ingest.store.items import in_chunks

_feed = tables.feed.c
_records = tables.records.c


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """One change, as ``catalogue_changes`` has it."""

    cursor: Cursor
    record_key: int
    namespace: str
    record_id: str
    change: str
    fields: tuple[str, ...]
    version: int
    merged_into: int | None
    merged_into_name: tuple[str, str] | None
    """Namespace and record ID of the record that it was merged into."""
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesRead:
    """Changes that follow each other, and the feed as it was then."""

    feed: Feed
    changes: tuple[ShownChange, ...]
    end: Cursor
    """Where to go on."""


def read_changes(database: Database, after: Cursor | None, *, most: int) -> ChangesRead:
    """Read the next changes after a place, ``most`` of them at most; None: from the oldest that is kept.

    One statement, so that the changes and the feed's name and ends are of one snapshot: of what that snapshot holds no
    number is missing, so that nothing is stepped over that commits late (see ``publish``). Raises CursorRefused where
    ``after`` is no place of this feed, or has been pruned meanwhile.
    """
    with reading(database) as connection:
        rows = connection.execute(_query(after, most)).all()
        feed = Feed(feed_id=rows[0].feed_id, oldest=rows[0].oldest_cursor, newest=rows[0].newest_cursor)
        begun = feed.beginning if after is None else after
        feed.refuse_unless_followed_from(begun)
        # Where there are no changes, the feed stands alone in a row.
        changed = [row for row in rows if row.cursor is not None]
        names = _names(connection, changed)
    changes = tuple(_shown(row, feed, names) for row in changed)
    return ChangesRead(feed=feed, changes=changes, end=changes[-1].cursor if changes else begun)


def _query(after: Cursor | None, most: int) -> Select[*tuple[Any, ...]]:
    # That there is one feed, and few rows of changes, has to be plain without statistics, which a young table has not.
    oldest = select(_feed.oldest_cursor - 1).where(_feed.id == 1).scalar_subquery()
    next_ones = (
        select(tables.changes)
        .where(tables.changes.c.cursor > (oldest if after is None else after.number))
        .order_by(tables.changes.c.cursor)
        .limit(most)
        .subquery()
    )
    return (
        select(_feed.feed_id, _feed.oldest_cursor, _feed.newest_cursor, next_ones)
        .select_from(tables.feed.outerjoin(next_ones, true()))
        .where(_feed.id == 1)
        .order_by(next_ones.c.cursor)
    )


def _names(connection: Connection, rows: Sequence[Row[*tuple[Any, ...]]]) -> dict[int, tuple[str, str]]:
    """Read the names of records, which never change: joined, PostgreSQL would read all records for each batch."""
    keys = {row.record_key for row in rows} | {row.merged_into for row in rows} - {None}
    names: dict[int, tuple[str, str]] = {}
    for chunk in in_chunks(keys):
        query = select(_records.key, _records.namespace, _records.record_id).where(_records.key.in_(chunk))
        names.update((key, (namespace, record_id)) for key, namespace, record_id in connection.execute(query))
    return names


def _shown(row: Row[*tuple[Any, ...]], feed: Feed, names: Mapping[int, tuple[str, str]]) -> ShownChange:
    namespace, record_id = names[row.record_key]
    return ShownChange(
        cursor=Cursor(feed_id=feed.feed_id, number=row.cursor),
        record_key=row.record_key,
        namespace=namespace,
        record_id=record_id,
        change=row.change,
        fields=tuple(json.loads(row.fields)),
        version=row.version,
        merged_into=row.merged_into,
        merged_into_name=names.get(row.merged_into),
        changed_at=row.changed_at,
    )

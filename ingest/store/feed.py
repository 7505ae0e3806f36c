"""The change feed: numbered without holes, in the order in which transactions commit."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, bindparam, select, update

from ingest.store import tables
from ingest.store.cursors import Feed
from ingest.store.digests import to_json
from ingest.store.engine import Database, write
from ingest.store.many import insert_many
from ingest.store.types import instant_for


class Change(NamedTuple):
    """What happened to a record, as catalogues are told."""

    record_key: int
    change: str
    fields: tuple[str, ...]
    version: int
    merged_into: int | None = None


_COLUMNS = ("cursor", "record_key", "change", "fields", "version", "merged_into", "changed_at")
_MOST_FIELDS = 1000
"""Sets of fields that are kept as text; far fewer are met."""


def read_feed(connection: Connection) -> Feed:
    """Read the feed's name and ends, as the connection's snapshot shows them."""
    columns = tables.feed.c
    row = connection.execute(select(columns.feed_id, columns.oldest_cursor, columns.newest_cursor)).one()
    return Feed(feed_id=row.feed_id, oldest=row.oldest_cursor, newest=row.newest_cursor)


_COUNTED_UP = (
    update(tables.feed)
    .values(newest_cursor=tables.feed.c.newest_cursor + bindparam("number"))
    .returning(tables.feed.c.newest_cursor)
)


def publish(connection: Connection, changes: Sequence[Change], now: datetime) -> None:
    """Give the changes their numbers and write them: the only writer of the feed.

    It comes last in every transaction that alters a record, and tells only of records that the transaction has locked:
    whoever had the feed's row and then waited for a record would wait in a circle with those who keep the order.

    One statement counts the feed's row up, and that row's lock makes any other publisher wait until this transaction
    has ended; only then are numbers given. So transactions commit in the order of their numbers, and one that is rolled
    back leaves no hole. On PostgreSQL (READ COMMITTED) the waiting statement counts on from what was committed, and a
    transaction is visible before its locks are free; on SQLite there is one writer from BEGIN IMMEDIATE on. Whoever
    sees a number, therefore, sees all before it, however late they commit, and ``newest_cursor`` is the number of the
    newest change in the same snapshot.
    """
    if not changes:
        return
    newest = connection.execute(_COUNTED_UP, {"number": len(changes)}).scalar_one()
    first, changed_at = newest - len(changes) + 1, instant_for(now, connection.dialect)
    rows = [
        (
            first + position,
            change.record_key,
            change.change,
            _written(change.fields),
            change.version,
            change.merged_into,
            changed_at,
        )
        for position, change in enumerate(changes)
    ]
    insert_many(connection, tables.changes, _COLUMNS, rows)


@lru_cache(_MOST_FIELDS)
def _written(fields: tuple[str, ...]) -> str:
    return to_json(fields)


def renew_feed(database: Database) -> tuple[str, Feed]:
    """Give the feed a new name, so that every cursor given out so far is refused; return the former name, and the feed.

    For a database that was restored: the numbers after the backup's are given out again, for other changes. The changes
    that are kept stay, and numbers go on. It waits its turn among publishers and may come between any two of them.
    """

    def renew(connection: Connection) -> tuple[str, Feed]:
        # Locks the row, so that of two who renew at once the second reads what the first has written.
        connection.execute(update(tables.feed).values(feed_id=tables.feed.c.feed_id))
        former: str = connection.execute(select(tables.feed.c.feed_id)).scalar_one()
        columns = (tables.feed.c.feed_id, tables.feed.c.oldest_cursor, tables.feed.c.newest_cursor)
        renewed = connection.execute(update(tables.feed).values(feed_id=uuid4().hex).returning(*columns)).one()
        return former, Feed(feed_id=renewed.feed_id, oldest=renewed.oldest_cursor, newest=renewed.newest_cursor)

    return write(database, renew)

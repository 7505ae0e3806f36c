"""The change feed: numbered without holes, in the order in which transactions commit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, update

from ingest.store import tables
from ingest.store.digests import to_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened to a record, as catalogues are told."""

    record_key: int
    change: str
    fields: tuple[str, ...]
    version: int
    merged_into: int | None = None


def publish(connection: Connection, changes: Sequence[Change], now: datetime) -> None:
    """Give the changes their numbers and write them: the only writer of the feed.

    It comes last in every transaction that alters a record. One statement counts the feed's row up, which makes any
    other publisher wait until this transaction has ended; only then are numbers given. A reader therefore never sees a
    number before a smaller one, and a transaction rolled back leaves no hole.
    """
    if not changes:
        return
    newest = connection.scalar(
        update(tables.feed)
        .values(newest_cursor=tables.feed.c.newest_cursor + len(changes))
        .returning(tables.feed.c.newest_cursor)
    )
    first = newest - len(changes) + 1
    connection.execute(
        insert(tables.changes),
        [
            {
                "cursor": first + position,
                "record_key": change.record_key,
                "change": change.change,
                "fields": to_json(change.fields),
                "version": change.version,
                "merged_into": change.merged_into,
                "changed_at": now,
            }
            for position, change in enumerate(changes)
        ],
    )

"""Taking away what is old and stood on by nothing: former versions, changes, settled rejections, ended runs.

In short transactions that hold up nobody for long: a pruning that is cut off anywhere has taken away what it has, and
the next one goes on.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, func, select, tuple_, union, update

from ingest.store import ledger_tables, tables
from ingest.store.cursors import Cursor
from ingest.store.engine import Database, reading, write
from ingest.store.feed import read_feed
from ingest.store.types import database_now

_ROWS = 2_000
"""Taken away by one transaction."""
_RUNS_BATCH = 20
"""Each with all its windows."""
_versions = tables.record_versions.c
_changes = tables.changes.c
_feed = tables.feed.c
_rejections = tables.rejections.c
_runs = ledger_tables.runs.c
_windows = ledger_tables.windows.c


class Prunable(StrEnum):
    """What can be pruned, in the order in which it is done: a run may be stood on by what goes before it."""

    VERSIONS = "versions"
    """What records said before, by when they stopped saying it."""
    CHANGES = "changes"
    """The oldest part of the feed, by when the changes were made: a follower that has not read them is refused."""
    REJECTIONS = "rejections"
    """Those that have been settled, by when."""
    RUNS = "runs"
    """With their windows, by when they ended: those that nothing refers to, and that are no list's last word."""


Before = Mapping[Prunable, datetime]
"""What is pruned, and until when."""


def instants_before(database: Database, ages: Mapping[Prunable, timedelta]) -> Before:
    """Give the instants that lie so far back, by the database's clock."""
    with reading(database) as connection:
        now: datetime = connection.execute(select(database_now())).scalar_one()
    return {what: now - ages[what] for what in Prunable if what in ages}


def count_prunable(database: Database, before: Before) -> dict[Prunable, int]:
    """Count what ``prune`` would take away if all of ``before`` were pruned now."""
    with reading(database) as connection:
        return {what: _count(connection, what, before) for what in before}


def _count(connection: Connection, what: Prunable, before: Before) -> int:
    if what is Prunable.RUNS:
        return len(_unused_runs(connection, before))
    if what is Prunable.CHANGES:
        oldest, first_kept = _changes_kept(connection, before[what])
        return max(first_kept - oldest, 0)
    table, old = (
        (tables.record_versions, _versions.valid_until < before[what])
        if what is Prunable.VERSIONS
        else (tables.rejections, _rejections.released_at < before[what])
    )
    return connection.execute(select(func.count()).select_from(table).where(old)).scalar_one()


def prune(database: Database, what: Prunable, before: Before, *, at_once: int = _ROWS) -> Iterator[int]:
    """Take one kind away, batch by batch; give how many rows each committed batch took."""
    if what is Prunable.VERSIONS:
        return _prune_versions(database, before[what], at_once)
    if what is Prunable.CHANGES:
        return _prune_changes(database, before[what], at_once)
    if what is Prunable.REJECTIONS:
        return _prune_rejections(database, before[what], at_once)
    return _prune_runs(database, before)


def oldest_place(database: Database) -> Cursor:
    """Give the place from which the feed can be followed."""
    with reading(database) as connection:
        return read_feed(connection).beginning


# --- versions and rejections ------------------------------------------------------------------------


def _prune_versions(database: Database, before: datetime, at_once: int) -> Iterator[int]:
    name = tuple_(_versions.record_key, _versions.version)
    old = _versions.valid_until < before
    after = (0, 0)
    while True:
        # What is old is found by reading, which keeps nobody waiting, however much that is kept lies between.
        following = select(_versions.record_key, _versions.version).where(name > after, old)
        with reading(database) as connection:
            last = _last(connection, following.order_by(_versions.record_key, _versions.version), at_once)
        if last is None:
            return
        yield _deleted(database, delete(tables.record_versions).where(name > after, name <= last, old))
        after = last


def _prune_rejections(database: Database, before: datetime, at_once: int) -> Iterator[int]:
    old = _rejections.released_at < before
    after = 0
    while True:
        following = select(_rejections.id).where(_rejections.id > after, old)
        with reading(database) as connection:
            last = _last(connection, following.order_by(_rejections.id), at_once)
        if last is None:
            return
        yield _deleted(database, delete(tables.rejections).where(_rejections.id.between(after + 1, last[0]), old))
        after = last[0]


def _last(connection: Connection, names: Select[*tuple[Any, ...]], at_once: int) -> tuple[Any, ...] | None:
    """Give the name of a batch's last row; None where there is no row."""
    rows = connection.execute(names.limit(at_once)).all()
    return tuple(rows[-1]) if rows else None


def _deleted(database: Database, statement: Any) -> int:
    return write(database, lambda connection: connection.execute(statement).rowcount)


# --- changes ----------------------------------------------------------------------------------------


def _changes_kept(connection: Connection, before: datetime) -> tuple[int, int]:
    """Give the feed's oldest number, and the first that stays: a change is kept with all that come after it."""
    feed = read_feed(connection)
    recent = select(func.min(_changes.cursor)).where(_changes.changed_at >= before)
    return feed.oldest, connection.scalar(recent) or feed.newest + 1


def _prune_changes(database: Database, before: datetime, at_once: int) -> Iterator[int]:
    with reading(database) as connection:
        oldest, first_kept = _changes_kept(connection, before)
    while oldest < first_kept:
        oldest = min(oldest + at_once, first_kept)
        yield write(database, partial(_forget_changes, oldest=oldest))


def _forget_changes(connection: Connection, *, oldest: int) -> int:
    """Take away all before ``oldest`` and say so, in one: a follower finds either all of it or that it is pruned."""
    taken = connection.execute(delete(tables.changes).where(_changes.cursor < oldest)).rowcount
    connection.execute(update(tables.feed).where(_feed.oldest_cursor < oldest).values(oldest_cursor=oldest))
    return taken


# --- runs -------------------------------------------------------------------------------------------


def _prune_runs(database: Database, before: Before) -> Iterator[int]:
    with reading(database) as connection:
        unused = _unused_runs(connection, before)
    for start in range(0, len(unused), _RUNS_BATCH):
        yield write(database, partial(_forget_runs, run_ids=unused[start : start + _RUNS_BATCH]))


def _forget_runs(connection: Connection, *, run_ids: Sequence[int]) -> int:
    connection.execute(delete(ledger_tables.windows).where(_windows.run_id.in_(run_ids)))
    return connection.execute(delete(ledger_tables.runs).where(_runs.id.in_(run_ids))).rowcount


def _unused_runs(connection: Connection, before: Before) -> list[int]:
    """Name the runs that ended long ago, that nothing refers to, and that are not the last word on anything.

    An active run alone gives items, rejections and versions its number: one that has ended stays as it is found here.
    """
    kept = set(connection.scalars(union(*_referring(before), *_last_words())))
    old = select(_runs.id).where(_runs.ended_at < before[Prunable.RUNS]).order_by(_runs.id)
    return [run_id for run_id in connection.scalars(old) if run_id not in kept]


def _referring(before: Before) -> Iterator[Select[int]]:
    """Select the runs that rows refer to which are not pruned themselves; a run's windows go with it.

    By the names of columns, as not every one that refers to a run could be given a foreign key.
    """
    for table in ledger_tables.metadata.sorted_tables:
        for column in table.columns:
            if column.name.endswith("run_id") and table is not ledger_tables.windows:
                yield select(column).where(*_not_pruned(table, before))


def _not_pruned(table: Table, before: Before) -> tuple[ColumnElement[bool], ...]:
    if table is tables.record_versions and Prunable.VERSIONS in before:
        return (_versions.valid_until >= before[Prunable.VERSIONS],)
    if table is tables.rejections and Prunable.REJECTIONS in before:
        return ((_rejections.released_at >= before[Prunable.REJECTIONS]) | _rejections.released_at.is_(None),)
    return ()


def _last_words() -> Iterator[Select[int]]:
    """Select the last complete run of each list, and of each endpoint the newest runs that commands show."""
    newest = select(func.max(_runs.id)).group_by(_runs.endpoint_id)
    yield newest
    yield newest.where(_runs.ended_at.is_not(None))
    yield (
        select(func.max(_runs.id))
        .join_from(ledger_tables.runs, ledger_tables.windows, _windows.run_id == _runs.id)
        .where(_runs.verdict == "complete")
        .group_by(_runs.endpoint_id, _windows.metadata_prefix, _windows.set_spec)
    )

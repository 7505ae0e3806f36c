"""Coverage: up to where each list has been read, and the gaps in it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from ingest.ledger import Coverage, Gap, ListName, ListOutcome
from ingest.store import ledger_tables, tables
from ingest.store.items import in_chunks
from ingest.store.types import database_now
from ingest.store.upserts import insert_into

_COUNTS = ("bound", "full_at", "full_count", "full_announced", "suspect_count")


def lock_coverage(connection: Connection, endpoint_id: int) -> None:
    """Let nobody else write the coverage of an endpoint until we have ended: whoever writes it reads it after that."""
    table = ledger_tables.coverage.c
    mine = select(table.metadata_prefix).where(table.endpoint_id == endpoint_id)
    connection.execute(mine.order_by(table.metadata_prefix, table.set_spec).with_for_update()).all()


def coverages_of(connection: Connection, endpoint_id: int, lists: Iterable[ListName]) -> tuple[Coverage, ...]:
    """Read the coverage of lists of one endpoint, one for each, in their order; empty where never read."""
    table = ledger_tables.coverage
    rows = {
        ListName(metadata_prefix=row.metadata_prefix, set_spec=row.set_spec): row
        for row in connection.execute(select(table).where(table.c.endpoint_id == endpoint_id))
    }
    gaps = connection.execute(
        select(ledger_tables.gaps)
        .where(ledger_tables.gaps.c.endpoint_id == endpoint_id)
        .order_by(ledger_tables.gaps.c.id)
    )
    all_gaps = [_gap(row) for row in gaps]
    return tuple(
        Coverage(
            list=name,
            gaps=tuple(gap for gap in all_gaps if gap.list == name),
            **({column: getattr(rows[name], column) for column in _COUNTS} if name in rows else {}),
        )
        for name in lists
    )


def covered_lists(connection: Connection, endpoint_id: int) -> tuple[ListName, ...]:
    """Name every list of an endpoint that has been read."""
    table = ledger_tables.coverage.c
    query = (
        select(table.metadata_prefix, table.set_spec)
        .where(table.endpoint_id == endpoint_id)
        .order_by(table.metadata_prefix, table.set_spec)
    )
    return tuple(ListName(metadata_prefix=prefix, set_spec=spec) for prefix, spec in connection.execute(query))


def _gap(row: Row[*tuple[Any, ...]]) -> Gap:
    return Gap(
        gap_id=row.id,
        list=ListName(metadata_prefix=row.metadata_prefix, set_spec=row.set_spec),
        from_=row.from_date,
        until=row.until_date,
        reason=row.reason,
        message=row.message,
        attempts=row.attempts,
        next_try_at=row.next_try_at,
    )


def keep_outcome(connection: Connection, endpoint_id: int, outcome: ListOutcome) -> None:
    """Write what a run leaves of one list: bound and counts, gaps closed, tried again, or new."""
    coverage, table = outcome.coverage, ledger_tables.coverage
    if coverage.bound is not None:
        values = {name: getattr(coverage, name) for name in _COUNTS}
        if outcome.read_whole:
            values["full_at"] = coverage.bound
        connection.execute(
            insert_into(table, connection.dialect.name)
            .values(
                endpoint_id=endpoint_id,
                metadata_prefix=coverage.list.metadata_prefix,
                set_spec=coverage.list.set_spec,
                **values,
            )
            .on_conflict_do_update(index_elements=("endpoint_id", "metadata_prefix", "set_spec"), set_=values)
        )
    for chunk in in_chunks(outcome.closed_gap_ids):
        connection.execute(delete(ledger_tables.gaps).where(ledger_tables.gaps.c.id.in_(chunk)))
    for gap in coverage.gaps:
        _keep_gap(connection, endpoint_id, gap)


def _keep_gap(connection: Connection, endpoint_id: int, gap: Gap) -> None:
    state = {
        "reason": gap.reason,
        "message": gap.message,
        "attempts": gap.attempts,
        "next_try_at": gap.next_try_at,
    }
    if gap.gap_id is not None:
        connection.execute(update(ledger_tables.gaps).where(ledger_tables.gaps.c.id == gap.gap_id).values(state))
        return
    connection.execute(
        insert(ledger_tables.gaps).values(
            endpoint_id=endpoint_id,
            metadata_prefix=gap.list.metadata_prefix,
            set_spec=gap.list.set_spec,
            from_date=gap.from_,
            until_date=gap.until,
            first_seen_at=database_now(),
            **state,
        )
    )


def coverages_with_known(connection: Connection, endpoint_id: int, lists: Iterable[ListName]) -> list[Coverage]:
    """Read coverages, and count the live items known of each list that has never been read whole."""
    return [
        coverage
        if coverage.full_count is not None
        else replace(coverage, known=_count_live(connection, endpoint_id, coverage.list))
        for coverage in coverages_of(connection, endpoint_id, lists)
    ]


def _count_live(connection: Connection, endpoint_id: int, name: ListName) -> int:
    """Count the live items known of a list; of a set, those whose header names it or a set inside it."""
    items, item_sets = tables.items.c, tables.item_sets.c
    query = select(func.count()).where(
        items.endpoint_id == endpoint_id, items.metadata_prefix == name.metadata_prefix, items.deleted.is_(False)
    )
    if name.set_spec:
        inside = item_sets.set_spec.startswith(f"{name.set_spec}:", autoescape=True)
        named = select(item_sets.item_id).where((item_sets.set_spec == name.set_spec) | inside)
        query = query.where(items.id.in_(named))
    return connection.scalar(query) or 0

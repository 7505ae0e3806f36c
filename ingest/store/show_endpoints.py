"""What the showing commands read of endpoints: how far they are, how they were last harvested, when they are due."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, or_, select

from ingest.ledger import Coverage, Run
from ingest.store import ledger_tables, tables
from ingest.store.digests import FORGOTTEN
from ingest.store.endpoints import endpoint_coverages
from ingest.store.engine import Database, reading
from ingest.store.run_rows import run_from
from ingest.store.types import database_now

_endpoints = ledger_tables.endpoints.c
_items = tables.items.c
_runs = ledger_tables.runs.c

OVERDUE_SECONDS = 120
"""So long after its time an endpoint has been begun by any scheduler that runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownEndpoint:
    """An endpoint that has been harvested, or tried, or taken over by a scheduler."""

    name: str
    url: str
    declared: bool
    """Whether whoever last looked found it in a file of declarations."""
    paused: bool
    """Whether a person has paused it, whatever its declaration says."""
    schedule: str | None
    """The cron line from which ``next_due_at`` was computed."""
    next_due_at: datetime | None
    sweep: str | None
    """Likewise of ``next_sweep_at``."""
    next_sweep_at: datetime | None
    retired_at: datetime | None
    """Since when its voice is taken away."""
    overdue: bool
    """Whether its time has passed by the database's clock, and nobody has begun a run."""
    items: int
    deleted_items: int
    profiles: Mapping[bytes, int]
    """How many items were described by each profile, by its digest."""
    coverages: tuple[Coverage, ...]
    last_run: Run | None
    """The newest run, without its windows."""
    last_ended: Run | None
    """The newest run that has ended, likewise: the last verdict."""


def shown_endpoints(database: Database) -> tuple[ShownEndpoint, ...]:
    """Read every endpoint that the database knows, by name."""
    overdue = _endpoints.next_due_at < database_now(-OVERDUE_SECONDS)
    query = select(ledger_tables.endpoints, overdue.label("overdue")).order_by(_endpoints.name)
    with reading(database) as connection:
        rows = connection.execute(query).all()
        counts = _counts(connection)
    newest, ended = _last_runs(database)
    return tuple(
        _shown(database, row, counts.get(row.id, []), last_run=newest.get(row.id), last_ended=ended.get(row.id))
        for row in rows
    )


class _Count(NamedTuple):
    """How many items of an endpoint were described by one profile, and how many of these are live."""

    profile: bytes
    items: int
    live: int


def _counts(connection: Connection) -> dict[int, list[_Count]]:
    live = func.count(_items.id).filter(_items.deleted.is_(False))
    counted = (
        select(_items.endpoint_id, _items.profile_id, func.count().label("number"), live.label("live"))
        # Of a forgotten record only names are left, which nobody describes.
        .where(_items.digest != FORGOTTEN)
        .group_by(_items.endpoint_id, _items.profile_id)
        .subquery()
    )
    query = select(counted.c.endpoint_id, tables.profiles.c.digest, counted.c.number, counted.c.live).join(
        tables.profiles, tables.profiles.c.id == counted.c.profile_id
    )
    found: dict[int, list[_Count]] = {}
    for endpoint_id, *count in connection.execute(query):
        found.setdefault(endpoint_id, []).append(_Count(*count))
    return found


def _shown(
    database: Database,
    row: Row[*tuple[Any, ...]],
    counts: Collection[_Count],
    *,
    last_run: Run | None,
    last_ended: Run | None,
) -> ShownEndpoint:
    items = sum(count.items for count in counts)
    return ShownEndpoint(
        name=row.name,
        url=row.url,
        declared=row.declared,
        paused=row.paused,
        schedule=row.schedule,
        next_due_at=row.next_due_at,
        sweep=row.sweep,
        next_sweep_at=row.next_sweep_at,
        retired_at=row.retired_at,
        overdue=bool(row.overdue) and row.declared and not row.paused,
        items=items,
        deleted_items=items - sum(count.live for count in counts),
        profiles={count.profile: count.items for count in counts},
        coverages=endpoint_coverages(database, row.id),
        last_run=last_run,
        last_ended=last_ended,
    )


def _last_runs(database: Database) -> tuple[dict[int, Run], dict[int, Run]]:
    """Read the newest run of each endpoint, and the newest that has ended; without windows, which may be many."""
    newest = select(func.max(_runs.id)).group_by(_runs.endpoint_id)
    newest_ended = newest.where(_runs.ended_at.is_not(None))
    query = (
        select(ledger_tables.runs, _endpoints.name)
        .join(ledger_tables.endpoints)
        .where(or_(_runs.id.in_(newest), _runs.id.in_(newest_ended)))
        .order_by(_runs.id)
    )
    with reading(database) as connection:
        runs = [run_from(row, ()) for row in connection.execute(query)]
    # In the order of their numbers: of two runs of an endpoint the newer stays.
    return {run.endpoint_id: run for run in runs}, {run.endpoint_id: run for run in runs if not run.active}

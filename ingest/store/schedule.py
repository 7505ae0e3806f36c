"""The schedule as the database has it: which endpoints are declared, when each is due, and who begins its run."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from ingest.endpoints import Endpoint
from ingest.errors import RunRefused
from ingest.ledger import RunKind, RunRequest
from ingest.store import ledger_tables
from ingest.store.endpoints import keep
from ingest.store.engine import reading, write
from ingest.store.runs import BegunElsewhere, begin
from ingest.store.types import database_now

_endpoints = ledger_tables.endpoints.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """An endpoint whose time has come."""

    endpoint_id: int
    declaration: str
    due_at: datetime
    now: datetime
    """The database's time, by which it is due."""
    sweep: bool = False
    """Its sweep is due, and not its harvest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How the times of an endpoint's harvests and sweeps are found that come after an instant."""

    next_due: Callable[[Endpoint, datetime], datetime | None]
    next_sweep: Callable[[Endpoint, datetime], datetime | None]


def declare(engine: Engine, endpoints: Iterable[Endpoint], times: Times) -> None:
    """Bring the database's endpoints up to the file's: those that it declares, with when they are due next.

    An endpoint whose schedule is as it was keeps its next time. One that the file no longer declares is not scheduled
    any more; its data stay.
    """
    declared = {endpoint.name: endpoint for endpoint in endpoints}
    write(engine, lambda connection: _declare(connection, declared, times))


def _declare(connection: Connection, declared: Mapping[str, Endpoint], times: Times) -> None:
    now = connection.execute(select(database_now())).scalar_one()
    for endpoint in declared.values():
        keep(connection, endpoint, declared=True)
    rows = connection.execute(
        select(ledger_tables.endpoints).order_by(_endpoints.id).with_for_update(key_share=True)
    ).all()
    for row in rows:
        values = _schedule(declared.get(row.name), row, now, times)
        if any(getattr(row, name) != value for name, value in values.items()):
            connection.execute(update(ledger_tables.endpoints).where(_endpoints.id == row.id).values(values))


def _schedule(
    endpoint: Endpoint | None,
    row: Row[*tuple[Any, ...]],
    now: datetime,
    times: Times,
) -> dict[str, object]:
    """Say what a row has to hold of the schedule."""
    if endpoint is None:
        # Its next time stays: a file that was away for a moment must not cost one.
        return {"declared": False}
    schedule, sweep = (None, None) if endpoint.paused else (endpoint.schedule, endpoint.sweep)
    values: dict[str, object] = {}
    if schedule != row.schedule:
        values |= {"schedule": schedule, "next_due_at": times.next_due(endpoint, now)}
    if sweep != row.sweep:
        values |= {"sweep": sweep, "next_sweep_at": times.next_sweep(endpoint, now)}
    return values


def due_endpoints(engine: Engine) -> tuple[Due, ...]:
    """Read which endpoints are due by the database's clock and neither paused nor undeclared, the longest due first.

    An endpoint may be due twice: for a harvest, and for a sweep.
    """
    dues = []
    with reading(engine) as connection:
        for sweep, column in ((False, _endpoints.next_due_at), (True, _endpoints.next_sweep_at)):
            query = select(_endpoints.id, _endpoints.declaration, column.label("due_at"), database_now().label("now"))
            due = query.where(column <= database_now(), _endpoints.declared, ~_endpoints.paused)
            dues += [
                Due(endpoint_id=row.id, declaration=row.declaration, due_at=row.due_at, now=row.now, sweep=sweep)
                for row in connection.execute(due)
            ]
    return tuple(sorted(dues, key=lambda each: (each.due_at, each.endpoint_id, each.sweep)))


def begin_due(engine: Engine, due: Due, *, request: RunRequest, next_due_at: datetime | None) -> int | None:
    """Begin the run of a due endpoint and put its next time forward, in one transaction.

    None where another process was first, or where a run that reads something else is still going: that one is let go
    on, and times missed meanwhile are made up for by one run. A sweep, of which there are few, waits for it and stays
    due; and so does what waits for a sweep.
    """
    column = _endpoints.next_sweep_at if due.sweep else _endpoints.next_due_at

    def work(connection: Connection) -> int | None:
        mine = (_endpoints.id == due.endpoint_id, column == due.due_at)
        moved = connection.execute(
            update(ledger_tables.endpoints).where(*mine).values({column: next_due_at}).returning(_endpoints.id)
        ).first()
        if moved is None:
            return None
        try:
            return begin(connection, request)
        except RunRefused:
            if due.sweep or _is_sweeping(connection, due.endpoint_id):
                raise
            return None

    try:
        return write(engine, work)
    except (BegunElsewhere, RunRefused):
        # Nothing was moved: whoever looks next finds the endpoint due still, and the run active.
        return None


def _is_sweeping(connection: Connection, endpoint_id: int) -> bool:
    runs = ledger_tables.runs.c
    active = (runs.endpoint_id == endpoint_id, runs.ended_at.is_(None))
    return connection.scalar(select(runs.kind).where(*active)) == RunKind.SWEEP


def put_off_sweep(engine: Engine, due: Due, *, next_due_at: datetime | None) -> None:
    """Let a sweep that is due wait for its next time."""
    mine = (_endpoints.id == due.endpoint_id, _endpoints.next_sweep_at == due.due_at)
    later = update(ledger_tables.endpoints).where(*mine).values(next_sweep_at=next_due_at)
    write(engine, lambda connection: connection.execute(later))


def set_paused(engine: Engine, name: str, *, paused: bool) -> bool:
    """Pause an endpoint, or let it be scheduled again; False where the database does not know it."""
    change = (
        update(ledger_tables.endpoints).where(_endpoints.name == name).values(paused=paused).returning(_endpoints.id)
    )
    return write(engine, lambda connection: connection.execute(change).first()) is not None

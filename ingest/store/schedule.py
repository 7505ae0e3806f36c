"""The schedule as the database has it: which endpoints are declared, when each is due, and who begins its run."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, select, update

from ingest.endpoints import Endpoint
from ingest.errors import RunRefused
from ingest.ledger import RunRequest
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


def declare(
    engine: Engine, endpoints: Iterable[Endpoint], *, next_due: Callable[[Endpoint, datetime], datetime | None]
) -> None:
    """Bring the database's endpoints up to the file's: those that it declares, with when they are due next.

    An endpoint whose schedule is as it was keeps its next time. One that the file no longer declares is not scheduled
    any more; its data stay.
    """
    declared = {endpoint.name: endpoint for endpoint in endpoints}
    write(engine, lambda connection: _declare(connection, declared, next_due))


def _declare(
    connection: Connection,
    declared: Mapping[str, Endpoint],
    next_due: Callable[[Endpoint, datetime], datetime | None],
) -> None:
    now = connection.execute(select(database_now())).scalar_one()
    for endpoint in declared.values():
        keep(connection, endpoint, declared=True)
    rows = connection.execute(
        select(ledger_tables.endpoints).order_by(_endpoints.id).with_for_update(key_share=True)
    ).all()
    for row in rows:
        values = _schedule(declared.get(row.name), row, now, next_due)
        if any(getattr(row, name) != value for name, value in values.items()):
            connection.execute(update(ledger_tables.endpoints).where(_endpoints.id == row.id).values(values))


def _schedule(
    endpoint: Endpoint | None,
    row: Row[*tuple[Any, ...]],
    now: datetime,
    next_due: Callable[[Endpoint, datetime], datetime | None],
) -> dict[str, object]:
    """Say what a row has to hold of the schedule."""
    if endpoint is None:
        # Its next time stays: a file that was away for a moment must not cost one.
        return {"declared": False}
    schedule = None if endpoint.paused else endpoint.schedule
    if schedule == row.schedule:
        return {}
    return {"schedule": schedule, "next_due_at": next_due(endpoint, now)}


def due_endpoints(engine: Engine) -> tuple[Due, ...]:
    """Read which endpoints are due by the database's clock and neither paused nor undeclared, the longest due first."""
    query = (
        select(_endpoints.id, _endpoints.declaration, _endpoints.next_due_at, database_now())
        .where(_endpoints.next_due_at <= database_now(), _endpoints.declared, ~_endpoints.paused)
        .order_by(_endpoints.next_due_at, _endpoints.id)
    )
    with reading(engine) as connection:
        return tuple(
            Due(endpoint_id=key, declaration=declaration, due_at=due_at, now=now)
            for key, declaration, due_at, now in connection.execute(query)
        )


def begin_due(engine: Engine, due: Due, *, request: RunRequest, next_due_at: datetime | None) -> int | None:
    """Begin the run of a due endpoint and put its next time forward, in one transaction.

    None where another process was first, or where a run that reads something else is still going: that one is let go
    on, and times missed meanwhile are made up for by one run.
    """

    def work(connection: Connection) -> int | None:
        mine = (_endpoints.id == due.endpoint_id, _endpoints.next_due_at == due.due_at)
        moved = connection.execute(
            update(ledger_tables.endpoints).where(*mine).values(next_due_at=next_due_at).returning(_endpoints.id)
        ).first()
        if moved is None:
            return None
        try:
            return begin(connection, request)
        except RunRefused:
            return None

    try:
        return write(engine, work)
    except BegunElsewhere:
        # Nothing was moved: whoever looks next finds the endpoint due still, and the run active.
        return None


def set_paused(engine: Engine, name: str, *, paused: bool) -> bool:
    """Pause an endpoint, or let it be scheduled again; False where the database does not know it."""
    change = (
        update(ledger_tables.endpoints).where(_endpoints.name == name).values(paused=paused).returning(_endpoints.id)
    )
    return write(engine, lambda connection: connection.execute(change).first()) is not None

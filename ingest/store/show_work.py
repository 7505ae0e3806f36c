"""What the showing commands read of a run that goes on: who works on it, and what keeps others from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from ingest.ledger import Run
from ingest.store import ledger_tables
from ingest.store.engine import Database, reading
from ingest.store.hosts import in_flight
from ingest.store.owners import is_dead
from ingest.store.types import database_now

_runs = ledger_tables.runs.c
_windows = ledger_tables.windows.c
_hosts = ledger_tables.hosts.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whoever has leased a window."""

    owner: str
    until: datetime
    alive: bool
    """Whether the lease holds, and its owner is not known to be gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Who works on a run, and what keeps others from it."""

    now: datetime
    """The database's time."""
    holders: Mapping[int, Holder]
    """Window -> whoever has leased it."""
    touched_at: datetime
    """When someone last took part of the run up, or it was begun."""
    left_alone_until: datetime | None
    """Until when the host has asked to be left alone, if that has not passed."""
    in_flight_elsewhere: int
    """Windows of other runs that are in flight at the same host."""

    @property
    def alive(self) -> bool:
        """Whether anybody works on the run."""
        return any(holder.alive for holder in self.holders.values())


def work_on(database: Database, run: Run) -> Work:
    """Read who works on a run now."""
    with reading(database) as connection:
        now, planned_at, leased_at = connection.execute(
            select(database_now(), _runs.planned_at, func.max(_windows.leased_at))
            .select_from(ledger_tables.runs)
            .outerjoin(ledger_tables.windows, _windows.run_id == _runs.id)
            .where(_runs.id == run.run_id)
            .group_by(_runs.id, _runs.planned_at)
        ).one()
        return Work(
            now=now,
            holders=_holders(connection, run.run_id, now),
            touched_at=max(each for each in (run.started_at, planned_at, leased_at) if each is not None),
            left_alone_until=_left_alone(connection, run.host),
            in_flight_elsewhere=in_flight(connection, run.host, beside=run.run_id),
        )


def _holders(connection: Connection, run_id: int, now: datetime) -> dict[int, Holder]:
    query = select(_windows.id, _windows.owner, _windows.lease_until).where(
        _windows.run_id == run_id, _windows.owner.is_not(None)
    )
    return {
        row.id: Holder(owner=row.owner, until=row.lease_until, alive=row.lease_until > now and not is_dead(row.owner))
        for row in connection.execute(query)
    }


def _left_alone(connection: Connection, host: str) -> datetime | None:
    until = _hosts.retry_after_until
    return connection.scalar(select(until).where(_hosts.name == host, until > database_now()))

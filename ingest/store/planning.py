"""Who plans a run: one process at a time, and never beside more requests than its host takes."""

from sqlalchemy import Connection, Engine, select, update

from ingest.store import ledger_tables
from ingest.store.engine import write
from ingest.store.hosts import in_flight, lock_host, must_wait
from ingest.store.owners import is_dead
from ingest.store.types import database_now

_runs = ledger_tables.runs.c


def claim_planning(engine: Engine, run_id: int, *, owner: str, lease_seconds: float) -> bool:
    """Lease a run that nobody has planned or plans now; False where there is nothing to plan, or not yet.

    The queue may tell two processes of one run, or of a run at a host that is asked for windows meanwhile. Where the
    host takes no more, the queue is told again as soon as it does.
    """
    return write(engine, lambda connection: _claim(connection, run_id, owner, lease_seconds))


def _claim(connection: Connection, run_id: int, owner: str, lease_seconds: float) -> bool:
    host = connection.scalar(select(_runs.host).where(_runs.id == run_id))
    if host is None:
        return False
    lock_host(connection, host)
    run = connection.execute(
        select(_runs.parallel, _runs.owner, (_runs.lease_until > database_now()).label("leased")).where(
            _runs.id == run_id, _runs.planned_at.is_(None), _runs.ended_at.is_(None)
        )
    ).first()
    if run is None or (run.owner is not None and run.leased and not is_dead(run.owner)):
        return False
    free = not must_wait(connection, host) and in_flight(connection, host) < run.parallel
    leased = {"owner": owner, "lease_until": database_now(lease_seconds), "hinted_at": database_now()}
    values = leased if free else {"hinted_at": None}
    connection.execute(update(ledger_tables.runs).where(_runs.id == run_id).values(values))
    return free


def renew_planning(engine: Engine, run_id: int, *, owner: str, lease_seconds: float) -> None:
    """Say that the owner still plans, while it waits for a slow answer, so that nobody else is told to."""
    values = {"lease_until": database_now(lease_seconds), "hinted_at": database_now()}
    renewed = update(ledger_tables.runs).where(_runs.id == run_id, _runs.owner == owner).values(values)
    write(engine, lambda connection: connection.execute(renewed))


def give_back_planning(engine: Engine, run_id: int, *, owner: str) -> None:
    """End the lease, planned or not. One already lost is let be."""
    mine = (_runs.id == run_id, _runs.owner == owner)
    given_back = update(ledger_tables.runs).where(*mine).values(owner=None, lease_until=None)
    write(engine, lambda connection: connection.execute(given_back))


def put_off_planning(engine: Engine, run_id: int, *, seconds: float) -> None:
    """Let nobody be told to plan a run for so many seconds."""
    later = update(ledger_tables.runs).where(_runs.id == run_id).values(hinted_at=database_now(seconds))
    write(engine, lambda connection: connection.execute(later))

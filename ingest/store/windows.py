"""Windows and their leases: who works on what, and where it stands."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, or_, select, update

from ingest.ledger import Window
from ingest.store import ledger_tables
from ingest.store.engine import reading, write
from ingest.store.hosts import in_flight, lock_host, must_wait
from ingest.store.leases import Lease
from ingest.store.owners import is_dead
from ingest.store.types import database_now
from ingest.store.window_rows import hold_lease, window_of

_windows = ledger_tables.windows.c
_runs = ledger_tables.runs.c

MOST_DEATHS = 9
"""How often in a row, without a page between, a window outlives those who work on it."""


def claim_window(
    engine: Engine,
    *,
    run_id: int,
    owner: str,
    lease_seconds: float,
    window_id: int | None = None,
    fence: int | None = None,
) -> Lease | None:
    """Lease a window of a run that nobody works on, the given one or the next, and raise its fence.

    None where there is none now, or where the host has as many windows in flight as the run declares, or has asked for
    patience. A lease that has run out by the database's clock is void, and so is one whose owner died on this host.
    With ``fence`` a window is passed over that someone has worked on since it had that one, unless who did has died:
    what was told twice is not done twice.
    """
    return write(
        engine, lambda connection: _claim(connection, run_id, owner, lease_seconds, window_id=window_id, told=fence)
    )


def _claim(
    connection: Connection, run_id: int, owner: str, lease_seconds: float, *, window_id: int | None, told: int | None
) -> Lease | None:
    run = connection.execute(
        select(_runs.host, _runs.parallel, _runs.endpoint_id).where(_runs.id == run_id, _runs.ended_at.is_(None))
    ).first()
    if run is None:
        return None
    lock_host(connection, run.host)
    if must_wait(connection, run.host) or in_flight(connection, run.host) >= run.parallel:
        return None
    now = connection.scalar(select(database_now()))
    for window in connection.execute(_claimable(run_id, window_id)).all():
        if window.owner is not None and window.lease_until > now and not is_dead(window.owner):
            continue
        if told is not None and window.fence != told and window.owner is None:
            continue
        # Whoever had it and did not give it back has died or fallen silent.
        deaths = window.deaths + (window.owner is not None)
        if deaths > MOST_DEATHS:
            _give_up_deadly(connection, window.id)
            continue
        fence = _lease(connection, window.id, owner=owner, lease_seconds=lease_seconds, deaths=deaths)
        return Lease(window_id=window.id, run_id=run_id, endpoint_id=run.endpoint_id, owner=owner, fence=fence)
    return None


def _claimable(run_id: int, window_id: int | None) -> Select[int, str, datetime, int, int]:
    """Ask for open windows that are due, those first whose list has begun: their tokens age.

    A row that is locked belongs to someone who is writing a page just now: it is passed over, not waited for.
    """
    query = (
        select(_windows.id, _windows.owner, _windows.lease_until, _windows.deaths, _windows.fence)
        .where(
            _windows.run_id == run_id,
            _windows.state == "open",
            or_(_windows.next_try_at.is_(None), _windows.next_try_at <= database_now()),
        )
        .order_by(_windows.token.is_(None), _windows.id)
        .with_for_update(skip_locked=True)
    )
    return query if window_id is None else query.where(_windows.id == window_id)


def _lease(connection: Connection, window_id: int, *, owner: str, lease_seconds: float, deaths: int) -> int:
    leased = (
        update(ledger_tables.windows)
        .where(_windows.id == window_id)
        .values(
            owner=owner,
            fence=_windows.fence + 1,
            lease_until=database_now(lease_seconds),
            leased_at=database_now(),
            begun_at=func.coalesce(_windows.begun_at, database_now()),
            hinted_at=None,
            next_try_at=None,
            deaths=deaths,
        )
        .returning(_windows.fence)
    )
    return int(connection.execute(leased).scalar_one())


def _give_up_deadly(connection: Connection, window_id: int) -> None:
    """Give up a window on which one worker after another has died: what kills them must not kill for ever."""
    message = f"{MOST_DEATHS + 1} workers in a row died or fell silent on the same page"
    values = {"state": "abandoned", "reason": "workers-died", "message": message, "owner": None, "lease_until": None}
    connection.execute(update(ledger_tables.windows).where(_windows.id == window_id).values(values))


def renew_lease(engine: Engine, lease: Lease, *, lease_seconds: float) -> None:
    """Say that the owner still works, while it waits for a slow answer. Raises LeaseLost where it no longer may."""
    write(engine, lambda connection: hold_lease(connection, lease, lease_seconds=lease_seconds))


def give_back(engine: Engine, lease: Lease) -> None:
    """End the lease at a clean stop, so that the next worker need not wait. A lease already lost is let be."""
    mine = (_windows.id == lease.window_id, _windows.owner == lease.owner, _windows.fence == lease.fence)
    write(
        engine,
        lambda connection: connection.execute(
            update(ledger_tables.windows).where(*mine).values(owner=None, lease_until=None)
        ),
    )


def restart_window(engine: Engine, lease: Lease, *, restarts: int, lease_seconds: float) -> None:
    """Begin a window's list again with its original arguments; ``restarts`` are those before. Raises LeaseLost."""

    def work(connection: Connection) -> None:
        hold_lease(connection, lease, lease_seconds=lease_seconds)
        # Once only, should the connection be lost while this is committed.
        mine = (_windows.id == lease.window_id, _windows.restarts == restarts)
        connection.execute(
            update(ledger_tables.windows)
            .where(*mine, _windows.read > _windows.furthest)
            .values(furthest=_windows.read, fruitless_restarts=-1)
        )
        connection.execute(
            update(ledger_tables.windows)
            .where(*mine)
            .values(
                token=None,
                read=0,
                last_length=0,
                empty_pages=0,
                restarts=_windows.restarts + 1,
                fruitless_restarts=_windows.fruitless_restarts + 1,
            )
        )

    write(engine, work)


def abandon_window(engine: Engine, lease: Lease, *, reason: str, message: str, lease_seconds: float) -> None:
    """Give a window up: what it could not read stays a gap. Raises LeaseLost."""
    closed = {"state": "abandoned", "reason": reason, "message": message, "owner": None, "lease_until": None}
    write(engine, lambda connection: close_window(connection, lease, closed, lease_seconds))


def close_window(connection: Connection, lease: Lease, values: dict[str, Any], lease_seconds: float) -> None:
    """Write what becomes of a window whose lease ends with this. Raises LeaseLost."""
    hold_lease(connection, lease, lease_seconds=lease_seconds)
    connection.execute(update(ledger_tables.windows).where(_windows.id == lease.window_id).values(values))


def put_back_window(engine: Engine, lease: Lease, *, wait: float, message: str, lease_seconds: float) -> None:
    """Put a window back with all that it has read, to be gone on with in so many seconds. Raises LeaseLost."""
    put_back = {
        "owner": None,
        "lease_until": None,
        "next_try_at": database_now(wait),
        "message": message,
        "outages": _windows.outages + 1,
    }
    write(engine, lambda connection: close_window(connection, lease, put_back, lease_seconds))


def read_window(engine: Engine, window_id: int) -> Window:
    """Read a window as it stands."""
    with reading(engine) as connection:
        return window_of(connection, window_id)


def seconds_until_due(engine: Engine, run_id: int) -> float:
    """Say in how many seconds the first open window of a run may be worked on; 0 where someone works on one now."""
    query = select(_windows.owner, _windows.next_try_at, database_now().label("now")).where(
        _windows.run_id == run_id, _windows.state == "open"
    )
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    if any(row.owner or row.next_try_at is None for row in rows):
        return 0.0
    return min((max(0.0, (row.next_try_at - row.now).total_seconds()) for row in rows), default=0.0)


def count_open(engine: Engine, run_id: int) -> int:
    """Count the windows of a run that still have something to read, whoever works on them; none once it has ended."""
    query = (
        select(func.count())
        .select_from(ledger_tables.windows)
        .join(ledger_tables.runs)
        .where(_windows.run_id == run_id, _windows.state == "open", ledger_tables.runs.c.ended_at.is_(None))
    )
    with reading(engine) as connection:
        return connection.scalar(query) or 0

"""Windows and their leases: who works on what, and where it stands."""

from sqlalchemy import Connection, Engine, func, or_, select, update

from ingest.ledger import Window
from ingest.store import ledger_tables
from ingest.store.answers import Lease
from ingest.store.engine import reading, write
from ingest.store.owners import is_dead
from ingest.store.types import database_now
from ingest.store.window_rows import hold_lease, window_from

_windows = ledger_tables.windows.c


def claim_window(engine: Engine, *, run_id: int, owner: str, lease_seconds: float) -> Lease | None:
    """Lease the next window of a run that nobody works on, and raise its fence; None where there is none now.

    A lease that has run out by the database's clock is void, and so is one whose owner died on this host.
    """
    return write(engine, lambda connection: _claim(connection, run_id, owner, lease_seconds))


def _claim(connection: Connection, run_id: int, owner: str, lease_seconds: float) -> Lease | None:
    now = connection.scalar(select(database_now()))
    query = (
        select(_windows.id, _windows.owner, _windows.lease_until, ledger_tables.runs.c.endpoint_id)
        .join(ledger_tables.runs)
        .where(
            _windows.run_id == run_id,
            _windows.state == "open",
            ledger_tables.runs.c.ended_at.is_(None),
            or_(_windows.next_try_at.is_(None), _windows.next_try_at <= database_now()),
        )
        .order_by(_windows.id)
        .with_for_update(of=ledger_tables.windows, skip_locked=True)
    )
    for window in connection.execute(query):
        if window.owner is not None and window.lease_until > now and not is_dead(window.owner):
            continue
        fence = connection.scalar(
            update(ledger_tables.windows)
            .where(_windows.id == window.id)
            .values(owner=owner, fence=_windows.fence + 1, lease_until=database_now(lease_seconds))
            .returning(_windows.fence)
        )
        if fence is None:
            continue
        return Lease(window_id=window.id, run_id=run_id, endpoint_id=window.endpoint_id, owner=owner, fence=fence)
    return None


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


def restart_window(engine: Engine, lease: Lease, *, lease_seconds: float) -> None:
    """Begin a window's list again with its original arguments. Raises LeaseLost."""

    def work(connection: Connection) -> None:
        hold_lease(connection, lease, lease_seconds=lease_seconds)
        further = _windows.read > _windows.furthest
        connection.execute(
            update(ledger_tables.windows)
            .where(_windows.id == lease.window_id, further)
            .values(furthest=_windows.read, fruitless_restarts=-1)
        )
        connection.execute(
            update(ledger_tables.windows)
            .where(_windows.id == lease.window_id)
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

    def work(connection: Connection) -> None:
        hold_lease(connection, lease, lease_seconds=lease_seconds)
        connection.execute(
            update(ledger_tables.windows)
            .where(_windows.id == lease.window_id)
            .values(state="abandoned", reason=reason, message=message, owner=None, lease_until=None)
        )

    write(engine, work)


def read_window(engine: Engine, window_id: int) -> Window:
    """Read a window as it stands."""
    with reading(engine) as connection:
        return window_from(connection.execute(select(ledger_tables.windows).where(_windows.id == window_id)).one())


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


def windows_of(connection: Connection, run_id: int) -> tuple[Window, ...]:
    """Read the windows of a run in the order in which they were planned."""
    query = select(ledger_tables.windows).where(_windows.run_id == run_id).order_by(_windows.id)
    return tuple(window_from(row) for row in connection.execute(query))

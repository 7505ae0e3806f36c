"""Hosts: at most so much in flight at each, whoever works, and the pace that all keep together."""

from sqlalchemy import Connection, Engine, case, func, select, union_all, update

from ingest.store import ledger_tables
from ingest.store.engine import reading, write
from ingest.store.owners import is_dead
from ingest.store.types import database_now
from ingest.store.upserts import insert_into

LONGEST_KEPT_AWAY = 24 * 3600.0
"""Seconds."""

_hosts = ledger_tables.hosts.c
_runs = ledger_tables.runs.c
_windows = ledger_tables.windows.c


def lock_host(connection: Connection, name: str) -> None:
    """Lock the row of a host until the transaction ends: what is counted of it meanwhile stays true."""
    there = insert_into(ledger_tables.hosts, connection.dialect.name).values(name=name).on_conflict_do_nothing()
    connection.execute(there)
    connection.execute(select(_hosts.name).where(_hosts.name == name).with_for_update())


def must_wait(connection: Connection, name: str) -> bool:
    """Whether the host has asked for patience (Retry-After) that has not run out yet."""
    waits = select(_hosts.name).where(_hosts.name == name, _hosts.retry_after_until > database_now())
    return connection.execute(waits).first() is not None


def seconds_to_wait(engine: Engine, name: str) -> float:
    """Give the seconds for which the host has asked to be left alone; 0 where it has not."""
    query = select(_hosts.retry_after_until, database_now()).where(_hosts.name == name)
    with reading(engine) as connection:
        row = connection.execute(query).first()
    return 0.0 if row is None or row[0] is None else max(0.0, (row[0] - row[1]).total_seconds())


def in_flight(connection: Connection, name: str, *, beside: int | None = None) -> int:
    """Count the windows at a host that someone works on now, and the runs that someone plans.

    The leases of the dead do not count, nor does what belongs to the run ``beside``.
    """
    active = [_runs.host == name, _runs.ended_at.is_(None)]
    if beside is not None:
        active.append(_runs.id != beside)
    worked = (
        select(_windows.owner)
        .join(ledger_tables.runs)
        .where(*active, _windows.state == "open", _windows.owner.is_not(None), _windows.lease_until > database_now())
    )
    planned = select(_runs.owner).where(*active, _runs.owner.is_not(None), _runs.lease_until > database_now())
    return sum(not is_dead(owner) for owner in connection.scalars(union_all(worked, planned)))


def note_retry_after(engine: Engine, name: str, seconds: float) -> None:
    """Keep all workers from the host for so many seconds; a longer wait that stands already is kept.

    ``LONGEST_KEPT_AWAY`` at most: who asks for a year by mistake is asked again tomorrow.
    """

    def work(connection: Connection) -> None:
        lock_host(connection, name)
        until = database_now(min(seconds, LONGEST_KEPT_AWAY))
        later = case((_hosts.retry_after_until > until, _hosts.retry_after_until), else_=until)
        connection.execute(update(ledger_tables.hosts).where(_hosts.name == name).values(retry_after_until=later))

    write(engine, work)


def take_turn(engine: Engine, name: str, min_interval: float) -> float:
    """Take the next turn to ask a host, ``min_interval`` seconds after the one before; give the seconds to wait for it.

    One row for each host, so that all processes keep its pace together, and its Retry-After. Whoever asks without a
    pace moves nobody's turn, and only looks: a turn that is written down waits for every page that is being written.
    """
    if min_interval <= 0:
        with reading(engine) as connection:
            return _wait_for_turn(connection, name)

    def work(connection: Connection) -> float:
        lock_host(connection, name)
        wait = _wait_for_turn(connection, name)
        after = database_now(wait + min_interval)
        connection.execute(update(ledger_tables.hosts).where(_hosts.name == name).values(next_at=after))
        return wait

    return write(engine, work)


def _wait_for_turn(connection: Connection, name: str) -> float:
    query = select(database_now(), _hosts.next_at, _hosts.retry_after_until).where(_hosts.name == name)
    row = connection.execute(query).first()
    if row is None:
        return 0.0
    now, *instants = row
    wait: float = max([0.0, *((instant - now).total_seconds() for instant in instants if instant)])
    return wait


def hosts_with_work(engine: Engine) -> tuple[str, ...]:
    """Name the hosts of all active runs, those first that have waited longest since a window there was leased."""
    query = (
        select(_runs.host)
        .outerjoin(ledger_tables.windows, _windows.run_id == _runs.id)
        .where(_runs.ended_at.is_(None))
        .group_by(_runs.host)
        .order_by(func.max(_windows.leased_at).asc().nulls_first(), _runs.host)
    )
    with reading(engine) as connection:
        return tuple(connection.scalars(query))

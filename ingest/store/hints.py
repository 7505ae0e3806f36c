"""What the queue is told: which runs wait to be planned or finished, and which windows to be worked on.

A hint may be lost, come late or come twice: the ledger decides what is done. One that nobody has followed for a while
is given again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, func, select, update

from ingest.ledger import Run, Window
from ingest.store import ledger_tables
from ingest.store.engine import reading, write
from ingest.store.hosts import hosts_with_work, lock_host, must_wait
from ingest.store.owners import is_dead
from ingest.store.run_rows import run_from
from ingest.store.silent import end_silent_sessions, lock_free_windows
from ingest.store.types import Instant, database_now
from ingest.store.window_rows import window_from

_runs = ledger_tables.runs.c
_windows = ledger_tables.windows.c
_NEVER = datetime.min.replace(tzinfo=UTC)


class Step(StrEnum):
    """What waits to be done."""

    PLAN = "plan"
    WORK = "work"
    FINISH = "finish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Something that waits to be done."""

    step: Step
    run: Run
    """Without its windows."""
    window: Window | None = None


def give_hints(engine: Engine, *, hint_seconds: float, host: str | None = None) -> tuple[Hint, ...]:
    """Say what waits to be done now, at one host or at all, and note that the queue has been told.

    What was told less than ``hint_seconds`` ago and not begun since is not told again. At each host no more is told
    than may be in flight there.
    """
    hosts = hosts_with_work(engine) if host is None else (host,)
    hints: list[Hint] = []
    for name in hosts:
        hints += write(engine, partial(_of_host, host=name, hint_seconds=hint_seconds))
    return tuple(hints)


def run_of_window(engine: Engine, window_id: int) -> int | None:
    """Name the run of a window that is still open; None where there is no such window."""
    with reading(engine) as connection:
        return connection.scalar(select(_windows.run_id).where(_windows.id == window_id, _windows.state == "open"))


def _of_host(connection: Connection, *, host: str, hint_seconds: float) -> list[Hint]:
    lock_host(connection, host)
    rows = connection.execute(_active_runs(host)).all()
    moment = connection.execute(select(database_now().label("now"), database_now(-hint_seconds).label("told"))).one()
    runs = {row.id: run_from(row, ()) for row in rows}
    windows = connection.execute(_open_windows(host)).all()
    busy = {window.run_id for window in windows}
    silent = {row.id for row in rows if row.hinted_at is None or row.hinted_at <= moment.told}
    hints = [Hint(step=Step.FINISH, run=runs[key]) for key in sorted(silent - busy) if runs[key].response_date]
    if not must_wait(connection, host):
        unplanned = [row for row in rows if row.response_date is None]
        plans = [runs[row.id] for row in unplanned if row.id in silent]
        # One that was put off has been told of in the future.
        planning = sum(row.id not in silent and row.hinted_at <= moment.now for row in unplanned)
        turns = _turns(connection, runs)
        hints += _chosen(windows, runs, turns=turns, plans=plans, planning=planning, now=moment.now, told=moment.told)
    _note(connection, hints)
    return hints


def _active_runs(host: str) -> Select[*tuple[Any, ...]]:
    return (
        select(ledger_tables.runs, ledger_tables.endpoints.c.name)
        .join(ledger_tables.endpoints)
        .where(_runs.host == host, _runs.ended_at.is_(None))
        .order_by(_runs.id)
        # One that is being concluded just now is passed over: nobody shall wait for that under the host's lock.
        .with_for_update(of=ledger_tables.runs, key_share=True, skip_locked=True)
    )


def _open_windows(host: str) -> Select[*tuple[Any, ...]]:
    return (
        select(ledger_tables.windows)
        .join(ledger_tables.runs)
        .where(_runs.host == host, _runs.ended_at.is_(None), _windows.state == "open")
    )


def _turns(connection: Connection, runs: Iterable[int]) -> dict[int, datetime]:
    """Say when a window of each run was last leased, those that have ended since included."""
    query = select(_windows.run_id, func.max(_windows.leased_at, type_=Instant()).label("last")).where(
        _windows.run_id.in_(runs), _windows.leased_at.is_not(None)
    )
    return {row.run_id: row.last for row in connection.execute(query.group_by(_windows.run_id))}


def _chosen(  # Keyword-only: all that one look at a host has brought.
    windows: Sequence[Row[*tuple[Any, ...]]],
    runs: Mapping[int, Run],
    *,
    turns: Mapping[int, datetime],
    plans: Iterable[Run],
    planning: int,
    now: datetime,
    told: datetime,
) -> Iterator[Hint]:
    """Choose what to ask the host for next, as much as may be in flight beside what is, planning included.

    Runs that share the host take turns, those first that are to be planned; of one run those windows come first whose
    list has begun: their tokens age.
    """
    free = [window for window in windows if window.owner is None or window.lease_until <= now or is_dead(window.owner)]
    waiting = [window for window in free if window.hinted_at is None or window.hinted_at <= told]
    in_flight = len(windows) - len(waiting) + planning
    # A run whose row is locked is being concluded just now.
    known = [window for window in waiting if window.run_id in runs]
    due = [window for window in known if window.next_try_at is None or window.next_try_at <= now]
    due.sort(key=lambda each: (turns.get(each.run_id, _NEVER), each.token is None, each.id))
    wanted = [Hint(step=Step.PLAN, run=run) for run in plans]
    # SQLAlchemy's documented name for a row as a mapping.
    wanted += [Hint(step=Step.WORK, run=runs[each.run_id], window=window_from(each._mapping)) for each in due]  # noqa: SLF001
    for hint in wanted:
        if in_flight >= hint.run.parallel:
            # Whose turn it is waits for its place, or whoever declares more would always be before it.
            return
        in_flight += 1
        yield hint


def _note(connection: Connection, hints: Iterable[Hint]) -> None:
    """Note that the queue has been told. A window whose row is locked is not waited for: it is told of again."""
    runs = [hint.run.run_id for hint in hints if hint.window is None]
    windows = {hint.window.window_id for hint in hints if hint.window is not None}
    free = lock_free_windows(connection, windows) if windows else set[int]()
    for table, keys in ((ledger_tables.runs, runs), (ledger_tables.windows, free)):
        if keys:
            connection.execute(update(table).where(table.c.id.in_(keys)).values(hinted_at=database_now()))
    if held := windows - free:
        end_silent_sessions(connection, held)

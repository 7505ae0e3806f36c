"""Runs in the ledger without any harvest: begun and planned at a host, their windows leased and their clocks moved."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import Engine, Table, update
from store_pages import IDENTIFICATION, rows

from ingest.endpoints import Endpoint
from ingest.ledger import ListName, PlannedWindow, RunKind, RunRequest, Selection, Window
from ingest.store import ledger_tables
from ingest.store.endpoints import keep_endpoint
from ingest.store.leases import Lease
from ingest.store.runs import begin_run, plan_run, read_run
from ingest.store.types import database_now
from ingest.store.windows import claim_window

HOST = "archive.example.org"
ELSEWHERE = "another-host/boot/1/1"
"""An owner of whom nobody here can tell whether it lives."""
LEASE_SECONDS = 60.0
_OWNER = "from ingest.store.owners import this_owner; print(this_owner(), flush=True); input()"


def endpoint(name: str = "archive", **keys: Any) -> Endpoint:
    """Declare an endpoint at the host."""
    return Endpoint(**{"name": name, "url": f"https://{HOST}/{name}", "namespace": name} | keys)


def request(database: Engine, name: str = "archive", *, sets: tuple[str, ...] = (), **told: Any) -> RunRequest:
    """Ask for a full run of an endpoint, which is kept, at the host unless told."""
    values = {
        "endpoint_id": keep_endpoint(database, endpoint(name), declared=True),
        "kind": RunKind.FULL,
        "selection": Selection(prefixes=("oai_dc",), sets=sets),
        "declaration": endpoint(name).model_dump_json(),
        "host": HOST,
        "parallel": 1,
    }
    return RunRequest(**values | told)


def begun(database: Engine, name: str = "archive", **told: Any) -> int:
    """Begin a run that nobody has planned."""
    return begin_run(database, request(database, name, **told))


def planned(database: Engine, name: str = "archive", *, windows: int = 1, **told: Any) -> int:
    """Begin a run, and plan so many windows, each of a set of its own."""
    sets = tuple(f"{number:03}" for number in range(windows))
    run_id = begun(database, name, sets=sets, **told)
    lists = [ListName(metadata_prefix="oai_dc", set_spec=spec) for spec in sets]
    plan_run(
        database,
        run_id,
        identification=replace(IDENTIFICATION, earliest_datestamp="2001-01-01"),
        plan=lambda _coverages: [PlannedWindow(list=each) for each in lists],
        lists=lists,
    )
    return run_id


def windows_of(database: Engine, run_id: int) -> tuple[Window, ...]:
    """Read the windows of a run."""
    return read_run(database, run_id).windows


def claimed(
    database: Engine,
    run_id: int,
    owner: str = ELSEWHERE,
    *,
    window_id: int | None = None,
    lease_seconds: float = LEASE_SECONDS,
) -> Lease | None:
    """Claim the next window of a run, if there is one to be had."""
    return claim_window(database, run_id=run_id, owner=owner, lease_seconds=lease_seconds, window_id=window_id)


def leased(database: Engine, run_id: int, owner: str = ELSEWHERE, **how: Any) -> Lease:
    """Claim the next window of a run; there has to be one."""
    lease = claimed(database, run_id, owner, **how)
    assert lease is not None
    return lease


def set_clock(database: Engine, table: Table, *, key: int | None = None, **seconds: float | None) -> None:
    """Set instants of a row, or of all: so many seconds from the database's now."""
    values = {name: None if ahead is None else database_now(ahead) for name, ahead in seconds.items()}
    change = update(table).values(values)
    with database.begin() as connection:
        connection.execute(change if key is None else change.where(table.c.id == key))


def set_window(database: Engine, window_id: int, **values: Any) -> None:
    """Let a window be as told, whoever has it."""
    windows = ledger_tables.windows
    with database.begin() as connection:
        connection.execute(update(windows).where(windows.c.id == window_id).values(values))


def end_run(database: Engine, run_id: int) -> None:
    """Let a run have ended."""
    runs = ledger_tables.runs
    with database.begin() as connection:
        connection.execute(update(runs).where(runs.c.id == run_id).values(ended_at=database_now()))


def states(database: Engine, run_id: int) -> Sequence[tuple[Any, ...]]:
    """Read what each window of a run is: state and owner."""
    return rows(database, "SELECT state, owner FROM windows WHERE run_id = :run_id ORDER BY id", run_id=run_id)


@contextmanager
def another_process() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start a process of this host, and give its name as an owner."""
    command = [sys.executable, "-c", _OWNER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process


def dead_owner() -> str:
    """Give the name of a process of this host that is gone."""
    with another_process() as (owner, process):
        process.kill()
    return owner

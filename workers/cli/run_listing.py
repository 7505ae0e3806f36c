"""Reads a run from the database and writes it; or ends it."""

from collections.abc import Mapping
from typing import Any

from ingest.ledger import Run
from ingest.settings import from_environment
from ingest.store.endpoints import open_gaps
from ingest.store.runs import read_run
from ingest.store.show_work import Holder, work_on
from workers.cli import layout
from workers.cli.databases import readable, writable
from workers.cli.held_shown import held_by, held_object, held_shown
from workers.cli.output import instant, write_json
from workers.cli.reports import run_object, window_object
from workers.cli.run_shown import run_shown


def show_and_write(run_id: int, *, as_json: bool) -> None:
    """Write one run. Raises LookupError where there is none."""
    with readable(from_environment().database_url) as database:
        run = read_run(database, run_id)
        holders = work_on(database, run).holders
        gaps = open_gaps(database, run.endpoint_id)
        held = held_by(database, run)
    if as_json:
        write_json(with_windows(run, holders) | {"gaps": gaps, "held": held_object(held)})
    else:
        layout.show(*run_shown(run, holders=holders, gaps=gaps), *held_shown(run, held))


def cancel_and_write(run_id: int, *, as_json: bool) -> None:
    """End a run and write how it ended. Raises LookupError where there is none that could be ended."""
    from ingest.harvest import cancel  # noqa: PLC0415 - slow to load, and the other commands do without.

    with writable(from_environment().database_url) as database:
        if not read_run(database, run_id, counted=False).active:
            raise LookupError(f"run {run_id} has ended already; see `oai-ingest runs show {run_id}`")
        run = cancel(run_id, database)
        gaps = open_gaps(database, run.endpoint_id)
    if as_json:
        write_json(run_object(run) | {"gaps": gaps})
    else:
        layout.show(*run_shown(run, holders={}, gaps=gaps))


def with_windows(run: Run, holders: Mapping[int, Holder]) -> dict[str, Any]:
    """Tell a run with all its windows, those that were split too, and who works on them."""
    windows = []
    for window in run.windows:
        holder = holders.get(window.window_id)
        windows.append(
            {
                **window_object(window),
                "parent": window.parent_id,
                "next_try_at": instant(window.next_try_at),
                "owner": holder.owner if holder else None,
                "lease_until": instant(holder.until) if holder else None,
            }
        )
    return {**run_object(run), "windows": windows}

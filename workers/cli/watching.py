"""Watches a run until it has ended or the person has seen enough; the run does not notice."""

import signal
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from ingest.errors import DatabaseRefused
from ingest.ledger import Run, Verdict
from ingest.settings import from_environment
from ingest.store.endpoints import open_gaps
from ingest.store.engine import Database
from ingest.store.runs import read_run
from ingest.store.show_work import work_on
from workers.cli.databases import readable
from workers.cli.held_shown import held_by, held_object, held_shown
from workers.cli.layout import show
from workers.cli.output import complain, note, write_json
from workers.cli.run_listing import with_windows
from workers.cli.run_shown import run_shown
from workers.cli.watch_lines import Lines, Objects
from workers.cli.watched import Sight, Watcher

_SECONDS_BETWEEN = 1.0
_MOST_PATIENCE = 30.0
_LONGEST_WAIT = 30.0


class Shown(Protocol):
    """How looks at a run are shown."""

    def tell(self, sight: Sight) -> None:
        """Take the next look; what has not changed need not be told again."""


def watch(run_id: int, *, as_json: bool) -> int:
    """Show a run while it goes on; returns the exit code, 0 for ``complete`` alone.

    Raises LookupError where there is no such run.
    """
    settings = from_environment()
    workers = not settings.database_url.startswith("sqlite")
    watcher = Watcher(patience=min(settings.lease_seconds, _MOST_PATIENCE), workers=workers)
    try:
        with _ending_on_sigterm(), readable(settings.database_url) as database:
            read_run(database, run_id, counted=False)
            with _shown(as_json=as_json) as shown:
                run = _followed(database, run_id, watcher, shown)
            _report(database, run, as_json=as_json)
    except KeyboardInterrupt:
        note(f"no longer watching; run {run_id} goes on as before")
        return 1
    return 0 if run.verdict is Verdict.COMPLETE else 1


def _followed(database: Database, run_id: int, watcher: Watcher, shown: Shown) -> Run:
    """Look at the run about once a second until it has ended."""
    while True:
        sight = _looked(database, run_id, watcher)
        if not sight.run.active:
            return sight.run
        shown.tell(sight)
        time.sleep(_SECONDS_BETWEEN)


def _looked(database: Database, run_id: int, watcher: Watcher) -> Sight:
    """Look at the run, as soon as the database lets us."""
    seconds = _SECONDS_BETWEEN
    while True:
        try:
            # The records of a run that is active are not counted: that reads every page's list of them.
            run = read_run(database, run_id, counted=False)
            return watcher.look(run, work_on(database, run))
        except DatabaseRefused as error:
            complain(f"{error}; looking again")
            time.sleep(seconds)
            seconds = min(2 * seconds, _LONGEST_WAIT)


def _shown(*, as_json: bool) -> AbstractContextManager[Shown]:
    """Show looks in the way that suits standard output."""
    if as_json:
        return Objects()
    from workers.cli.watch_screen import Screen, suits  # noqa: PLC0415 - only where it may be used.

    return Screen() if suits() else Lines()


def _report(database: Database, run: Run, *, as_json: bool) -> None:
    gaps = open_gaps(database, run.endpoint_id)
    held = held_by(database, run)
    if as_json:
        write_json(with_windows(run, {}) | {"waits": None, "gaps": gaps, "held": held_object(held)})
    else:
        show(*run_shown(run, holders={}, gaps=gaps), *held_shown(run, held))


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """Let SIGTERM be a Ctrl-C: it interrupts whatever is waited for."""

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

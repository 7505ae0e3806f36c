"""Beat's scheduler is the ledger: what is due is begun, and what waits is told to the queue.

Any number of beats may run: who begins a run is decided by the database. The file of declarations is looked at before
each tick, so that an edit needs no restart.
"""

import os
import signal
import time
from pathlib import Path
from typing import Any

import structlog
from celery.beat import Scheduler

from ingest.declarations import declaring_files, read_declarations
from ingest.errors import ConfigurationError, DatabaseRefused
from ingest.schedule import begin_what_is_due, take_over
from ingest.settings import Settings
from workers import processes
from workers.sending import messages_waiting, send_what_waits

log = structlog.stdlib.get_logger(__name__)

_ENDINGS = (signal.SIGTERM, signal.SIGINT)
MOST_WAITING = 100
"""Messages in the queue above which none is sent a second time: what waits there is not lost."""


class LedgerScheduler(Scheduler):  # type: ignore[misc]  # Celery has no types.
    """A scheduler without entries of its own; a tick costs a few statements and survives every failure."""

    alive_file: Path | None = None
    """Touched at each tick that has reached the database, for whoever watches over the process."""

    def setup_schedule(self) -> None:
        """Begin with the declarations unread; Celery's own entries are none of ours."""
        self._read: object = self
        self._away = self._broker_away = False

    def tick(self, *_: Any, **__: Any) -> float:
        """Do what is due and give the seconds until the next look: ticks begin at even distances."""
        begun = time.monotonic()
        # Celery ends beat by an exception out of a signal's handler: it may come between ticks, not amid a statement.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDINGS)
        try:
            tick_seconds = self._tick(processes.settings())
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDINGS)
        return max(0.0, begun + tick_seconds - time.monotonic())

    def _tick(self, settings: Settings) -> float:
        try:
            self._take_over_declarations(settings.config)
            begin_what_is_due(processes.database())
            self._send(settings)
            if self.alive_file is not None:
                self.alive_file.touch()
        except DatabaseRefused as error:
            if not self._away:
                log.warning("the database is away; looking again", seconds=settings.tick_seconds, reason=str(error))
            self._away = True
        except Exception:
            # Whatever it was, the next tick may do better; without ticks nothing would be begun any more.
            log.exception("a tick failed")
        else:
            if self._away:
                log.info("the database is back")
            self._away = False
        return settings.tick_seconds

    def _send(self, settings: Settings) -> None:
        """Tell the queue what waits, unless it is full of it already: then nothing has been lost."""
        waiting = messages_waiting()
        if waiting is None and not self._broker_away:
            log.warning("the broker is away; what waits is sent when it is back")
        self._broker_away = waiting is None
        if waiting is not None and waiting < MOST_WAITING:
            send_what_waits(processes.database(), settings)

    def _take_over_declarations(self, folder: Path) -> None:
        """Read the files where one has changed; one that can not be read leaves the schedule as it was."""
        seen = tuple(map(_state, declaring_files(folder)))
        if seen == self._read:
            return
        try:
            endpoints = read_declarations(folder)
        except ConfigurationError as error:
            log.error("the declarations can not be read; the schedule stays as it was", reason=str(error))  # noqa: TRY400  # The reason says it all.
        else:
            take_over(endpoints, processes.database())
            log.info("declarations taken over", endpoints=len(endpoints), folder=str(folder))
        self._read = seen

    def sync(self) -> None:
        """Write nothing: the ledger has it all."""

    def close(self) -> None:
        """Close nothing."""

    @property
    def info(self) -> str:
        """Say where the schedule is."""
        return "    . schedule -> the ledger"


def _state(path: Path) -> tuple[int, int, int] | None:
    """Tell one state of a file from another; None where there is none."""
    try:
        state: os.stat_result = path.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size, state.st_ino

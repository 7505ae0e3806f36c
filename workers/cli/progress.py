"""How far a harvest is, on standard error: a bar on a terminal, a line every few seconds elsewhere."""

import sys
import threading
import time
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from ingest.ledger import Window
from workers.cli.output import note
from workers.cli.pace import Pace, waiting_words
from workers.cli.window_words import range_words

_SECONDS_BETWEEN_LINES = 5.0


class Progress(Protocol):
    """What a harvest tells while it runs."""

    def tell(self, window: Window) -> None:
        """Take note of a window after one of its pages."""

    def waiting(self, seconds: float, reason: str) -> None:
        """Say why nothing happens for a while; called from the thread that waits."""


def shown_progress() -> AbstractContextManager[Progress]:
    """Show progress in the way that suits standard error."""
    if not sys.stderr.isatty():
        return nullcontext(Lines())
    from workers.cli.bars import Bars  # noqa: PLC0415 - only a terminal pays for loading rich.

    return Bars()


class Lines:
    """A line every few seconds, and one for each list that has ended."""

    def __init__(self) -> None:
        """Say nothing yet."""
        self._pace = Pace()
        self._told_at = time.monotonic()
        self._lock = threading.Lock()

    def tell(self, window: Window) -> None:
        """Write where a window is, unless that was told a moment ago."""
        now = time.monotonic()
        told = self._pace.told(window)
        if window.state != "open" or now - self._told_at >= _SECONDS_BETWEEN_LINES:
            self._told_at = now
            self._write(f"{range_words(window)}: {told}" + ("" if window.state == "open" else f", {window.state}"))

    def waiting(self, seconds: float, reason: str) -> None:
        """Write why nothing happens for a while."""
        self._write(waiting_words(seconds, reason))

    def _write(self, line: str) -> None:
        with self._lock:
            note(line)

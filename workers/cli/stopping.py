"""Ctrl-C and SIGTERM: the first asks for an end after what is in hand, a further Ctrl-C ends at once."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from workers.interruption import Interrupted

AT_ONCE = 130
"""The exit code after a second Ctrl-C."""
_SHOW_CURSOR = b"\x1b[?25h"


class Stop:
    """Whether a stop was asked for, and waits that end when it is."""

    def __init__(self, what: str) -> None:
        """Nobody has asked yet; ``what`` is ended before a stop, in a person's words."""
        self._told = f"stopping after {what}; Ctrl-C once more ends at once\n".encode()
        self._asked = threading.Event()

    def __call__(self) -> bool:
        """Tell whether a stop was asked for."""
        return self._asked.is_set()

    def wait(self, seconds: float) -> None:
        """Wait, less where a stop is asked for."""
        self._asked.wait(seconds)

    def wait_or_end(self, seconds: float) -> None:
        """Wait before a request. Raises Interrupted where a stop is asked for: that request must not be made."""
        if self._asked.wait(seconds):
            raise Interrupted

    def ask(self, signal_number: int, _frame: FrameType | None) -> None:
        """Take a signal: what the ledger holds is whole at any moment, so that a second Ctrl-C may end the process."""
        if not self._asked.is_set():
            self._asked.set()
            # Written past Python's own buffers: whoever holds their locks may be what the signal has interrupted.
            _tell(self._told)
        elif signal_number == signal.SIGINT:
            _tell(_SHOW_CURSOR if sys.stderr.isatty() else b"")
            os._exit(AT_ONCE)


def _tell(content: bytes) -> None:
    try:
        os.write(2, content)
    except OSError:
        return


@contextmanager
def stoppable(what: str = "the page in hand") -> Iterator[Stop]:
    """Take both signals while work goes on that can be stopped after ``what``."""
    stop = Stop(what)
    before = {number: signal.signal(number, stop.ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

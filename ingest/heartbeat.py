"""A thread that says, while work goes on, that it does."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context

from ingest.errors import DatabaseRefused, LeaseLost

log = logging.getLogger(__name__)


class Heart:
    """Whether the right to work has been lost meanwhile."""

    def __init__(self) -> None:
        """Begin with the right in hand."""
        self.lost: LeaseLost | None = None

    def check(self) -> None:
        """Raise LeaseLost where another worker has taken over."""
        if self.lost is not None:
            raise self.lost


@contextmanager
def beating(beat: Callable[[], None], *, seconds: float) -> Iterator[Heart]:
    """Call ``beat`` every so many seconds, in a thread, until the block ends or ``beat`` raises LeaseLost.

    A beat that the database does not take is only missed: whoever works will meet the same database.
    """
    heart, done = Heart(), threading.Event()

    def run() -> None:
        while not done.wait(seconds):
            try:
                beat()
            except LeaseLost as lost:
                heart.lost = lost
                return
            except DatabaseRefused as refused:
                log.warning("no sign of life could be given: %s", refused)

    # With the context of the caller, so that what is logged carries the same names.
    thread = threading.Thread(target=copy_context().run, args=(run,), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield heart
    finally:
        done.set()
        thread.join()

"""What long-lived processes need before they begin, and how they wait for it."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from ingest.errors import ConfigurationError
from ingest.normalise.vocabularies import rights_vocabulary
from ingest.settings import Settings
from ingest.store.schema import ensure_usable
from workers.app import check_broker

log = structlog.stdlib.get_logger(__name__)

_LONGEST_WAIT = 60.0


def when_ready(settings: Settings, *, wait: bool) -> None:
    """Return when the database can be used and the broker be reached.

    Raises ConfigurationError where one of them can not; with ``wait`` it is tried again instead, with growing waits
    that are told in the log, and SIGTERM ends the process with exit code 0.
    """
    _tried(lambda: ensure_usable(settings.database_url, vocabulary=rights_vocabulary()), wait=wait)
    when_broker_ready(settings, wait=wait)


def when_broker_ready(settings: Settings, *, wait: bool) -> None:
    """Return when the broker can be reached, for what needs no database; else as above."""
    _tried(lambda: check_broker(settings), wait=wait)


def _tried(check: Callable[[], object], *, wait: bool) -> None:
    if not wait:
        check()
        return
    seconds = 1.0
    with _ending_on_sigterm():
        while not _is_ready(check, seconds):
            time.sleep(seconds)
            seconds = min(2 * seconds, _LONGEST_WAIT)


def _is_ready(check: Callable[[], object], seconds: float) -> bool:
    try:
        check()
    except ConfigurationError as error:
        log.warning("not ready to begin; trying again", seconds=seconds, reason=str(error))
        return False
    return True


@contextmanager
def _ending_on_sigterm() -> Iterator[None]:
    """End at once and in order on SIGTERM: nothing has been begun. As process 1 nothing would happen otherwise."""

    def end(*_: Any) -> None:
        log.info("stopped before it was ready to begin")
        raise SystemExit(0)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

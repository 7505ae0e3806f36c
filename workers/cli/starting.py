"""What long-lived processes need before they begin, and how they wait for it."""

import time
from collections.abc import Callable

from ingest.errors import ConfigurationError
from ingest.normalise.vocabularies import rights_vocabulary
from ingest.settings import Settings
from ingest.store.schema import ensure_usable
from workers.app import check_broker
from workers.cli.output import duration, note

_LONGEST_WAIT = 60.0


def when_ready(settings: Settings, *, wait: bool) -> None:
    """Return when the database can be used and the broker be reached.

    Raises ConfigurationError where one of them can not; with ``wait`` it is tried again instead, with growing waits.
    """
    _tried(lambda: ensure_usable(settings.database_url, vocabulary=rights_vocabulary()), wait=wait)
    _tried(lambda: check_broker(settings), wait=wait)


def _tried(check: Callable[[], object], *, wait: bool) -> None:
    seconds = 1.0
    while True:
        try:
            check()
        except ConfigurationError as error:
            if not wait:
                raise
            note(f"{error}; trying again in {duration(seconds)}")
            time.sleep(seconds)
            seconds = min(2 * seconds, _LONGEST_WAIT)
        else:
            return

"""What the ledger says that waits is told to the queue; always after the commit, and always by numbers alone."""

import logging
from collections.abc import Iterable

from kombu.exceptions import OperationalError

from ingest.ledger import Run, Window
from ingest.settings import Settings
from ingest.store.engine import Database
from ingest.store.hints import Hint, Task, give_hints
from workers.app import HARVEST, MAINTENANCE, app

# Plain, because the command line sends too, where nobody has set structlog up.
log = logging.getLogger(__name__)

NAMES = {Task.PLAN: "ingest.plan_run", Task.WORK: "ingest.work_window", Task.FINISH: "ingest.finish_run"}
_QUEUES = {Task.PLAN: HARVEST, Task.WORK: HARVEST, Task.FINISH: MAINTENANCE}


def send_what_waits(database: Database, settings: Settings, *, host: str | None = None) -> int:
    """Tell the queue what waits to be done, at one host or at all, and give how much that was.

    What is told and not taken up is told again after the time of a lease.
    """
    return send(give_hints(database, hint_seconds=settings.lease_seconds, host=host))


def send(hints: Iterable[Hint]) -> int:
    """Send a message for each hint; a broker that takes none is told of in the log, and the ledger keeps what waits."""
    sent = 0
    for hint in hints:
        try:
            app.send_task(NAMES[hint.task], kwargs=_numbers(hint), kwargsrepr=words(hint), queue=_QUEUES[hint.task])
        except OperationalError as error:
            log.warning("the broker takes nothing, what waits is sent again later: %s", error)
            break
        sent += 1
    return sent


def _numbers(hint: Hint) -> dict[str, int]:
    return {"run": hint.run.run_id} if hint.window is None else {"window": hint.window.window_id}


def words(hint: Hint) -> str:
    """Say what a message is about, as whoever watches the dashboard wants to read it."""
    return (
        f"endpoint={hint.run.endpoint} {_window(hint.window) if hint.window else _run(hint.run)} run={hint.run.run_id}"
    )


def _run(run: Run) -> str:
    return run.kind.value


def _window(window: Window) -> str:
    parts = [f"prefix={window.list.metadata_prefix}"]
    parts += [f"set={window.list.set_spec}"] if window.list.set_spec else []
    parts += [f"from={window.from_}"] if window.from_ else []
    parts += [f"until={window.until}"] if window.until else []
    return " ".join([*parts, f"window={window.window_id}"])

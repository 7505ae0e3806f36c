"""What the ledger says that waits is told to the queue; always after the commit, and always by numbers alone."""

import logging
from collections.abc import Iterable
from typing import Any

from kombu.exceptions import OperationalError

from ingest.ledger import Window
from ingest.settings import Settings
from ingest.store.engine import Database
from ingest.store.hints import Hint, Step, give_hints
from workers.app import HARVEST, MAINTENANCE, QUEUES, app

# Plain, because the command line sends too, where nobody has set structlog up.
log = logging.getLogger(__name__)

NAMES = {Step.PLAN: "ingest.plan_run", Step.WORK: "ingest.work_window", Step.FINISH: "ingest.finish_run"}
_QUEUES = {Step.PLAN: HARVEST, Step.WORK: HARVEST, Step.FINISH: MAINTENANCE}


def send_what_waits(database: Database, settings: Settings, *, host: str | None = None) -> int:
    """Tell the queue what waits to be done, at one host or at all, and give how much that was.

    What is told and not taken up is told again after the time of a lease.
    """
    return send(give_hints(database, hint_seconds=settings.lease_seconds, host=host))


def messages_waiting() -> int | None:
    """Count the messages that nobody has taken yet; None where the broker is away."""
    try:
        with app.connection_for_read() as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=5)
            channel = connection.channel()
            return sum(_length(channel, queue) for queue in QUEUES)
    except OperationalError as error:
        log.debug("the broker is away: %s", error)
        return None


def _length(channel: Any, queue: str) -> int:
    try:
        return int(channel.queue_declare(queue=queue, passive=True).message_count)
    except channel.connection.client.channel_errors:
        # An empty queue is no queue, to Redis.
        return 0


def send(hints: Iterable[Hint]) -> int:
    """Send a message for each hint; a broker that takes none is told of in the log, and the ledger keeps what waits."""
    sent = 0
    for hint in hints:
        try:
            app.send_task(NAMES[hint.step], kwargs=_numbers(hint), kwargsrepr=words(hint), queue=_QUEUES[hint.step])
        except OperationalError as error:
            log.warning("the broker takes nothing, what waits is sent again later: %s", error)
            break
        sent += 1
    return sent


def _numbers(hint: Hint) -> dict[str, int]:
    if hint.window is None:
        return {"run": hint.run.run_id}
    # With the fence, so that a message is dropped that comes after the window was worked on because of another one.
    return {"window": hint.window.window_id, "fence": hint.window.fence}


def words(hint: Hint) -> str:
    """Say what a message is about, as whoever watches the dashboard wants to read it.

    Never ends with a number: the dashboard finds parts of words, and ``run=7`` with a blank after it is no ``run=70``.
    """
    told = _window(hint.window) if hint.window else [hint.run.kind.value]
    return " ".join([f"endpoint={hint.run.endpoint}", f"run={hint.run.run_id}", *told])


def _window(window: Window) -> list[str]:
    parts = [f"window={window.window_id}", f"prefix={window.list.metadata_prefix}"]
    parts += [f"set={window.list.set_spec}"] if window.list.set_spec else []
    parts += [f"from={window.from_}"] if window.from_ else []
    parts += [f"until={window.until}"] if window.until else []
    return parts

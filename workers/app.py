"""The Celery application: its settings, each with its reason.

The database is the truth and the queue a hint. What is right does therefore not hang on any of these; they decide how
soon lost work is found again, how fairly it is shared, and what the dashboard shows.
"""

import ssl
from datetime import timedelta
from urllib.parse import urlsplit

from celery import Celery
from kombu.entity import Exchange, Queue

from ingest.errors import ConfigurationError
from ingest.settings import Settings, masked
from workers import transport

HARVEST = "harvest"
"""The queue of what asks repositories: tasks of up to a slice's length, and longer where a repository is slow."""
MAINTENANCE = "maintenance"
"""The queue of what asks nobody but the database, and must not stand behind slow repositories."""

QUEUES = (HARVEST, MAINTENANCE)

HARD_LIMIT = timedelta(hours=1)
"""No task of ours works so long: slices end by themselves, and each request has its own deadlines."""

_PATIENCE_SECONDS = 5.0
"""How long a broker is waited for by a person who has just asked for something."""

app = Celery("oai-ingest")
app.conf.update(
    # --- messages
    # Each with an exchange and a key of its own: left to Celery, both would share one and get each message twice.
    task_queues=tuple(Queue(name, Exchange(name), routing_key=name) for name in QUEUES),  # type: ignore[no-untyped-call]  # kombu says no types here.
    task_default_queue=HARVEST,
    # Numbers and short texts only: what is secret or large stays in the database.
    task_serializer="json",
    accept_content=["json"],
    # Messages that are none of our tasks are dropped with one line instead of ending the worker.
    worker_consumer="workers.consumer:Consumer",
    # What a task brings about stands in the ledger; a second place would be a second truth.
    task_ignore_result=True,
    # --- losing nothing
    # A message counts as done when its task has ended, so that a worker that dies gives it back.
    task_acks_late=True,
    # For defects only: a task that hangs is ended, and its lease runs out.
    task_time_limit=HARD_LIMIT.total_seconds(),
    broker_transport_options={
        # Longer than any task, or the broker gives it out a second time while it runs (measured).
        "visibility_timeout": 2 * HARD_LIMIT.total_seconds(),
        # By default a message that is due again is found up to a hundred seconds later (measured).
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
        # A broker that has gone away without a word is noticed, and never waited for without end.
        "socket_connect_timeout": 5,
        "socket_timeout": 30,
        "socket_keepalive": True,
    },
    # A broker that is away is waited for, as long as it takes: work in hand goes on meanwhile, for the ledger knows it.
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_cancel_long_running_tasks_on_connection_loss=False,
    # Whoever sends is not held up for long; what could not be sent is sent by the scheduler.
    task_publish_retry_policy={"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2, "interval_max": 0.5},
    # --- sharing fairly
    # A worker that takes more than it works on keeps it from others that are idle (measured).
    worker_prefetch_multiplier=1,
    # What a child has grown to is given back from time to time.
    worker_max_tasks_per_child=200,
    # --- stopping
    # SIGTERM waits for the tasks, which end with the page in hand. After SIGQUIT they have so many seconds for that.
    worker_soft_shutdown_timeout=25.0,
    # --- what the dashboard shows
    task_track_started=True,
    task_send_sent_event=True,
    worker_send_task_events=True,
    # --- time
    timezone="UTC",
    enable_utc=True,
    # Standard output is no log: what a library prints stays what it is.
    worker_redirect_stdouts=False,
)


def connect(settings: Settings) -> Celery:
    """Give the application the broker that the settings name.

    Raises ConfigurationError where they name none, and where the database is SQLite: its one writer at a time would
    leave a pool of workers waiting for each other.
    """
    connect_broker(settings)
    if settings.database_url.startswith("sqlite"):
        raise ConfigurationError(
            "workers need PostgreSQL: SQLite lets one process write at a time; set OAI_INGEST_DATABASE_URL, "
            "or harvest in this process, without --queue"
        )
    return app


def connect_broker(settings: Settings) -> Celery:
    """Give the application the broker, for what needs no database. Raises ConfigurationError where there is none."""
    if settings.broker_url is None:
        raise ConfigurationError("there is no broker; set OAI_INGEST_BROKER_URL, to redis://HOST:6379/0 for one")
    if (scheme := urlsplit(settings.broker_url).scheme) not in {"redis", "rediss"}:
        advice = "set OAI_INGEST_BROKER_URL to redis:// or rediss://HOST:6379/0"
        raise ConfigurationError(f"the broker must be Redis and not {scheme}; {advice}")
    transport.register()
    app.conf.broker_url = settings.broker_url
    if settings.broker_url.startswith("rediss:"):
        # Left to kombu, nobody would look at the certificate.
        app.conf.broker_use_ssl = {"ssl_cert_reqs": ssl.CERT_REQUIRED}
    return app


def check_broker(settings: Settings) -> None:
    """Raise ConfigurationError where the broker can not be reached."""
    try:
        with app.connection_for_write(transport_options={"socket_timeout": _PATIENCE_SECONDS}) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0, timeout=_PATIENCE_SECONDS)
    except Exception as error:  # noqa: BLE001 - kombu lets through whatever its transports raise.
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        url = masked(settings.broker_url or "")
        raise ConfigurationError(
            f"the broker at {url} can not be reached: {told}; check OAI_INGEST_BROKER_URL"
        ) from None

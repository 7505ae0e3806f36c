"""A worker with a few small tasks, its logs, transport and consumer ours.

python small_worker.py BROKER_URL FORM LEVEL
"""

import logging
import sys

import structlog
from celery import Celery
from celery.apps.worker import Worker
from redis import Redis

from ingest.settings import read
from workers import logs, transport

QUEUE = "harvest"
DONE = "done"
GO = "go"
VISIBILITY_SECONDS = 60


def small_app(broker_url: str) -> Celery:
    """Make an application of four tasks; what a task did is in the list ``done`` of the broker."""
    transport.register()
    app = Celery("small", broker=broker_url, set_as_current=False)
    app.conf.update(
        task_acks_late=True,
        task_default_queue=QUEUE,
        task_ignore_result=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_send_task_events=True,
        worker_consumer="workers.consumer:Consumer",
        broker_connection_retry_on_startup=True,
        broker_transport_options={"visibility_timeout": VISIBILITY_SECONDS},
    )

    def done(what: str) -> None:
        with Redis.from_url(broker_url) as client:
            client.rpush(DONE, what)

    def note(*, text: str) -> str:
        done(text)
        return text

    def wait(*, text: str) -> None:
        done(f"{text} began")
        with Redis.from_url(broker_url) as client:
            client.blpop([GO], timeout=30)
        done(f"{text} ended")

    def tell(*, run: int) -> None:
        with logs.bound(run=run, window=31, endpoint="wilson-center"):
            logging.getLogger("ingest.work").info("page %s kept", 14)
            structlog.stdlib.get_logger("workers.tasks").info("window ended", pages=14)

    def fail() -> None:
        raise RuntimeError(f"no way to {broker_url}")

    for task in (note, wait, tell, fail):
        app.task(task, name=task.__name__, shared=False)
    app.finalize()
    return app


def main() -> None:
    """Work until told to stop."""
    broker_url, form, level = sys.argv[1:]
    settings = read({"OAI_INGEST_BROKER_URL": broker_url, "OAI_INGEST_LOG_FORMAT": form})
    logs.configure(settings, level="debug" if level == "debug" else "info")
    worker = Worker(
        app=small_app(broker_url), concurrency=2, quiet=True, without_gossip=True, without_mingle=True, loglevel="DEBUG"
    )
    worker.start()
    sys.exit(worker.exitcode)


if __name__ == "__main__":
    main()

"""How tasks are declared: by one function that knows all options that a task of ours has."""

from collections.abc import Callable
from typing import Any

from celery import Task

from ingest.errors import IngestError
from workers.app import app


def task(*, name: str, queue: str, again_after_death: bool = False) -> Callable[[Callable[..., str]], Task]:
    """Declare a task; it is called with itself first, and gives the words that the dashboard shows as its result.

    ``again_after_death``: the queue gives it out again at once where its process was killed; only for what the ledger
    counts deaths of. Celery takes any word for an option and says nothing about one that it does not know; here that
    is a TypeError.
    """

    def declare(work: Callable[..., str]) -> Task:
        options: dict[str, Any] = {
            "name": name,
            "queue": queue,
            "bind": True,
            # Errors of ours are told by a line of our own, without the traceback that Celery adds to what it does not
            # expect.
            "throws": (IngestError,),
            # What has failed is found again in the ledger, and not by a second attempt from the queue.
            "max_retries": 0,
            # Without it a child that was killed has its message acknowledged (measured). With it a task that kills its
            # child comes back at once, for ever, unless someone counts.
            "reject_on_worker_lost": again_after_death,
        }
        return app.task(work, **options)

    return declare

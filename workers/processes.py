"""What the processes of a worker share, and what each has of its own."""

import mmap
import time
from collections.abc import Callable
from concurrent import futures
from contextvars import copy_context
from functools import cache
from threading import Thread
from typing import Any, TypeVar

from celery import signals

from ingest.settings import Settings, from_environment
from ingest.store.engine import Database, open_engine
from workers.garbage import look_seldom
from workers.interruption import Interrupted

Result = TypeVar("Result")

# Shared by the worker and the children that it forks, and read without a lock: one that is killed can hold none.
_stopping = mmap.mmap(-1, 1)
_LOOK_SECONDS = 0.2


def _stop(**_: Any) -> None:
    _stopping[0] = 1


def _begin(**_: Any) -> None:
    look_seldom()


signals.worker_shutting_down.connect(_stop, weak=False)
signals.worker_process_init.connect(_begin, weak=False)


def stopping() -> bool:
    """Whether the worker has been asked to stop: then each child ends with the page in hand."""
    return _stopping[0] == 1


def wait(seconds: float) -> None:
    """Wait, less where a stop is asked for."""
    until = time.monotonic() + seconds
    while not stopping() and (left := until - time.monotonic()) > 0:
        time.sleep(min(_LOOK_SECONDS, left))


def wait_or_end(seconds: float) -> None:
    """Wait before a request. Raises Interrupted where a stop is asked for: that request must not be made."""
    wait(seconds)
    if stopping():
        raise Interrupted


def unless_stopping(work: Callable[[], Result]) -> Result:
    """Do work that may wait for a repository, and give what it gives or raise what it raises.

    Raises Interrupted where a stop is asked for first; what still waits then is left alone and ends with the process.
    """
    done: futures.Future[Result] = futures.Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001  # handed to the caller, who takes the result
            done.set_exception(error)

    # With the context of the caller, so that what is logged carries the same names.
    Thread(target=copy_context().run, args=(run,), name="asking", daemon=True).start()
    while not futures.wait([done], _LOOK_SECONDS).done:
        if stopping():
            raise Interrupted
    return done.result()


@cache
def settings() -> Settings:
    """Give this process's settings, read once."""
    return from_environment()


@cache
def database() -> Database:
    """Give this process's database. It is opened by the child that needs it: a connection does not survive a fork."""
    return open_engine(settings().database_url)

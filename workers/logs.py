"""Logs: one line an event, on standard error, whoever tells it: this project, Celery, kombu or Flower.

::

    configure(settings)
    with bound(run=7, window=31, endpoint="wilson-center"):
        structlog.get_logger(__name__).info("window ended", pages=14)
        logging.getLogger(__name__).info("page %s kept", 14)

In the form ``console`` a line is time, level, logger, event and ``key=value``; in the form ``json`` it is one object.
Times are UTC. What is a secret, or looks like a password in a URL, is written ``***``.
"""

import logging
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Literal, TextIO

import structlog
from celery import signals
from celery.utils.log import get_multiprocessing_logger
from structlog.stdlib import ProcessorFormatter

from ingest.settings import Settings
from workers.log_lines import Fields, hider, renderer

Level = Literal["debug", "info", "warning", "error"]

_D, _I, _W, _E = logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR
LEAST: Mapping[str, tuple[int, int]] = {
    "alembic": (_W, _I),  # Two lines about its own set-up whenever a database is opened.
    "asyncio": (_W, _W),  # Which selector it uses, each time the dashboard starts.
    "celery": (_W, _D),  # A line for each task that came and each that ended; our own lines say what they did.
    "celery.apps.worker": (_I, _D),  # Says once that a worker is ready.
    "celery.worker.consumer.connection": (_I, _D),  # Says which broker was reached, and later that it is back.
    "celery.worker.request": (_I, _D),  # Says which task was thrown away unseen because it came too late.
    "flower.inspector": (_E, _D),  # Four lines whenever no worker is there to be asked.
    "kombu": (_W, _I),  # Its debug level tells every event of its loop.
    "multiprocessing": (_W, _I),  # The pool's own account of processes that come and go.
    "py.warnings": (_E, _W),  # For programmers; Celery repeats one at each lost connection.
    "redis": (_W, _I),  # As kombu, its only user here.
    "sqlalchemy": (_W, _W),  # Below that it tells every statement, and then every row.
    "tornado": (_W, _I),  # A line for each request that the dashboard answers.
    "urllib3": (_E, _D),  # Warns of headers that repositories write amiss; our own lines tell what fails by it.
}
"""The least level that is shown of other people's loggers: usually, and where the level asked for is debug."""


def configure(settings: Settings, *, level: Level = "info") -> None:
    """Write all logs of this process, and of those that it forks, in the form that the settings name.

    May be called again. Celery's own set-up, which comes later, finds that it has nothing to do.
    """
    least = logging.getLevelNamesMapping()[level.upper()]
    debugging = least <= logging.DEBUG
    root = logging.getLogger()
    for former in [each for each in root.handlers if isinstance(each, _Handler)]:
        root.removeHandler(former)
    root.addHandler(_handler(settings, sys.stderr, tracebacks=debugging))
    root.setLevel(least)
    for name, (usually, when_debugging) in LEAST.items():
        logging.getLogger(name).setLevel(when_debugging if debugging else max(least, usually))
    logging.captureWarnings(capture=True)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.PositionalArgumentsFormatter(),
            ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    _hear_the_pool()
    # Where somebody listens to this signal, Celery leaves logging alone.
    signals.setup_logging.connect(_hear_the_pool, weak=False, dispatch_uid=__name__)


def bound(
    *, run: int | None = None, window: int | None = None, endpoint: str | None = None
) -> AbstractContextManager[None]:
    """Let every line of this thread within, whoever tells it, carry what is given.

    A thread begun within carries it too where it runs in ``contextvars.copy_context()``.
    """
    given = {"run": run, "window": window, "endpoint": endpoint}
    return structlog.contextvars.bound_contextvars(**{key: value for key, value in given.items() if value is not None})


class _Handler(logging.StreamHandler[TextIO]):
    """Known again as ours; an event that can not be told is told of in one line, without what it holds."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - so named by the standard library.
        error = sys.exc_info()[1]
        if isinstance(error, OSError) or self.stream.closed:
            return  # Nobody reads any more, and there is nowhere else to say so.
        told = "an event of %s, line %s, can not be told: %s"
        where = (record.pathname, record.lineno, type(error).__name__)
        self.stream.write(self.format(logging.LogRecord(record.name, _E, "", 0, told, where, None)) + self.terminator)
        self.flush()


def _handler(settings: Settings, stream: TextIO, *, tracebacks: bool) -> _Handler:
    handler = _Handler(stream)
    as_json = settings.log_format == "json"
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[structlog.contextvars.merge_contextvars],
            processors=[
                Fields(hide=hider(settings), line_breaks=as_json, tracebacks=tracebacks),
                renderer(stream, as_json=as_json),
            ],
        )
    )
    return handler


def _hear_the_pool(**_: Any) -> None:
    """Let billiard's logger reach the root's handler; Celery makes billiard forget it just before its signal."""
    get_multiprocessing_logger().propagate = True

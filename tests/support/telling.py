"""A process that tells of one thing after another: ``python telling.py FORM LEVEL``, with secrets in its settings."""

import logging
import sys
import warnings

import structlog

from ingest.errors import ConfigurationError
from ingest.settings import read
from workers import logs

SETTINGS = {
    "OAI_INGEST_DATABASE_URL": "postgresql://harvester:data%2Fbase-pass@db.example.org/catalogue",
    "OAI_INGEST_BROKER_URL": "redis://:broker-pass@broker.example.org:6379/0",
    "OAI_INGEST_FLOWER_AUTH": "watcher:dashboard-pass",
}
SECRETS = ("data%2Fbase-pass", "data/base-pass", "broker-pass", "dashboard-pass", "somebody-elses")


def main() -> None:
    """Tell of everything that the tests look for, in the form and at the level that the arguments name."""
    form, level = sys.argv[1:]
    for _ in range(2):
        logs.configure(read(SETTINGS | {"OAI_INGEST_LOG_FORMAT": form}), level="debug" if level == "debug" else "info")
    ours, plain = structlog.stdlib.get_logger("workers.tasks"), logging.getLogger("ingest.work")
    with logs.bound(run=7, endpoint="wilson-center"):
        plain.info("page %s kept", 14)
        with logs.bound(window=31):
            ours.info("window ended", pages=14, title="a title", none=None, seconds=0.5)
        ours.debug("only to be seen when debugging")
    ours.info("ended", parts=["a", "b"], text='say "x"', empty="")
    _tell_of_what_breaks_lines(plain)
    _tell_of_secrets(plain)
    _tell_of_errors(plain)
    _tell_in_other_names()
    plain.info("this has %s place for %s", "no")


def _tell_of_what_breaks_lines(plain: logging.Logger) -> None:
    plain.info("two\nlines\u2028or three \x1b[31mred\x1b[0m \x07bell \u202eturned \ud800half")
    plain.warning("Лихачёв 馬")


def _tell_of_secrets(plain: logging.Logger) -> None:
    for url in (SETTINGS["OAI_INGEST_DATABASE_URL"], SETTINGS["OAI_INGEST_BROKER_URL"]):
        plain.info("reached %s", url)
    plain.info("verbatim: data/base-pass, broker-pass and dashboard-pass; basic watcher:dashboard-pass")
    plain.info("reached amqp://somebody:somebody-elses@example.org/ and http://example.org:8080/oai?verb=Identify")
    structlog.stdlib.get_logger("workers.tasks").info("nested", parts={"url": ["x broker-pass x"]})


def _tell_of_errors(plain: logging.Logger) -> None:
    try:
        logs.bound(colour="red")  # type: ignore[call-arg]  # The defect that is to be told of.
    except TypeError:
        plain.exception("a defect")
        structlog.stdlib.get_logger("workers.tasks").exception("a defect", page=3)
    try:
        read({"OAI_INGEST_LOG_FORMAT": "runes"})
    except ConfigurationError as error:
        plain.warning("told of in short", exc_info=error)
        logging.getLogger("celery.worker").exception("a defect that passed through our code")
    try:
        _reach()
    except ConnectionError:
        logging.getLogger("kombu.connection").exception("somebody else's trouble")


def _reach() -> None:
    raise ConnectionError("redis://:broker-pass@broker.example.org does not answer\nat all")


def _tell_in_other_names() -> None:
    for name in ("celery.app.trace", "celery.worker.strategy", "kombu", "urllib3.connectionpool", "alembic.runtime"):
        logging.getLogger(name).info("noise")
    for name in ("celery.apps.worker", "celery.worker.consumer.connection"):
        logging.getLogger(name).info("of use")
    warnings.warn("for programmers", UserWarning, stacklevel=1)


if __name__ == "__main__":
    main()

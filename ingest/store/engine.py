"""Engines, and transactions that are repeated when the database asks for it."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, exc
from sqlalchemy.pool import QueuePool

from ingest.errors import DatabaseRefused

Result = TypeVar("Result")
Database: TypeAlias = Engine
"""What the rest of the house calls an engine: it is handed around and never looked into."""

_TRIES = 8
_BUSY_MILLISECONDS = 30_000
# No transaction of ours waits for anything but the database: one that does belongs to a process that was stopped in
# the middle, and its locks must not hold up the others for longer than that.
_IDLE_MILLISECONDS = 60_000
# Deadlock and serialisation failure (PostgreSQL's codes), and a lock that was not to be had in time.
_REPEATABLE = {"40P01", "40001", "55P03"}


def open_engine(database_url: str) -> Engine:
    """Make an engine for ``sqlite:///…`` or ``postgresql+psycopg://…``; nothing is connected yet."""
    if database_url.startswith("sqlite"):
        # A file database keeps one connection per thread that writes; the driver leaves BEGIN to us.
        engine = create_engine(
            database_url,
            poolclass=QueuePool,
            connect_args={"isolation_level": None, "check_same_thread": False, "timeout": _BUSY_MILLISECONDS / 1000},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(database_url, isolation_level="READ COMMITTED", pool_pre_ping=True)
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={_BUSY_MILLISECONDS}", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    connection.execute(f"SET idle_in_transaction_session_timeout = {_IDLE_MILLISECONDS}")
    connection.autocommit = False


def _begin_sqlite(connection: Connection) -> None:
    mode = "" if connection.get_execution_options().get("reading") else " IMMEDIATE"
    connection.exec_driver_sql(f"BEGIN{mode}")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection for statements that only read; it blocks no writer."""
    with translated(), engine.connect().execution_options(reading=True) as connection:
        yield connection


def write(engine: Engine, work: Callable[[Connection], Result]) -> Result:
    """Run ``work`` in one transaction and commit it; repeat it on deadlock, serialisation failure or a busy database.

    SQLite takes its one writer's place at the start (BEGIN IMMEDIATE). ``work`` must be safe to run again.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            with engine.begin() as connection:
                return work(connection)
        except exc.OperationalError as error:
            if attempt == _TRIES or not _repeatable(error):
                raise translate(error) from error
        except exc.DBAPIError as error:
            raise translate(error) from error
        time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311  # spreads repeats, guards nothing
    raise AssertionError  # the last attempt returns or raises


def _repeatable(error: exc.OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _REPEATABLE or "database is locked" in str(error.orig)


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the database's driver raises into one line that says what to do."""
    try:
        yield
    except exc.DBAPIError as error:
        raise translate(error) from error


_NO_SUCH_TABLE = "42P01"
_ADVICE = (
    ("readonly database", "the database is read-only; make its file and folder writable"),
    ("read-only transaction", "the database is read-only; connect with a role that may write"),
    ("database or disk is full", "the disk is full; free some space, then run the same command again"),
    ("no space left", "the disk is full; free some space, then run the same command again"),
    ("disk i/o error", "the disk refused the database's file; see whether it is full or failing"),
    ("unable to open database file", "the database file can not be opened; check its folder and rights"),
    ("file is not a database", "the file is no SQLite database; set OAI_INGEST_DATABASE_URL to another one"),
    ("database is locked", "another process has kept the database locked for too long; try again"),
    ("no such table", "the database has no tables yet; run `oai-ingest db upgrade`"),
    ("statement timeout", "a statement took too long and was given up; see what else keeps the database busy"),
    ("lock timeout", "another process kept a lock for too long; try again"),
)


def translate(error: exc.DBAPIError) -> DatabaseRefused:
    """Give the error that tells a person what to do about a driver's error."""
    told = str(error.orig or error).strip()
    if getattr(error.orig, "sqlstate", None) == _NO_SUCH_TABLE:
        return DatabaseRefused("the database lacks a table; run `oai-ingest db upgrade`")
    for words, advice in _ADVICE:
        if words in told.lower():
            return DatabaseRefused(advice)
    if isinstance(error, exc.OperationalError):
        return DatabaseRefused(f"the database is not reachable: {told.splitlines()[0]}; check OAI_INGEST_DATABASE_URL")
    return DatabaseRefused(f"the database refused a statement: {told.splitlines()[0]}")

"""Engines, and transactions that are repeated when the database asks for it."""

import random
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, exc, make_url
from sqlalchemy.pool import QueuePool

from ingest.errors import DatabaseRefused
from ingest.store.driver import cursor_of, ping

Result = TypeVar("Result")
Database: TypeAlias = Engine
"""What the rest of the house calls an engine: it is handed around and never looked into."""

PATIENCE_SECONDS = 30.0
"""How long a server that is away in the middle of work is waited for."""

_TRIES = 8
_LONGEST_PAUSE = 2.0
_BUSY_MILLISECONDS = 30_000
# A record's row has some 2,300 bytes: of SQLite's usual pages, 4,096 bytes each, it would leave two fifths empty.
_SQLITE_PAGE_BYTES = 16_384
# No transaction of ours waits for anything but the database: one that does belongs to a process that was stopped in
# the middle, and its locks must not hold up the others for longer than that.
_IDLE_MILLISECONDS = 60_000
_IDLE_READER = "1h"
# As many connections as there are threads that work, which their number bounds.
_NO_LIMIT = -1
# libpq's own: a server that is gone without a word is noticed within a minute or so, and not after the system's hours.
_NOTICE_SILENCE = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
# Deadlock and serialisation failure (PostgreSQL's codes), and a lock that was not to be had in time.
_REPEATABLE = {"40P01", "40001", "55P03"}


def open_engine(database_url: str) -> Engine:
    """Make an engine for ``sqlite:///…`` or ``postgresql+psycopg://…``; nothing is connected yet."""
    if database_url.startswith("sqlite"):
        # A file database keeps one connection per thread that writes; the driver leaves BEGIN to us.
        engine = create_engine(
            database_url,
            poolclass=QueuePool,
            max_overflow=_NO_LIMIT,
            connect_args={"isolation_level": None, "check_same_thread": False, "timeout": _BUSY_MILLISECONDS / 1000},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    chosen = make_url(database_url).query
    engine = create_engine(
        database_url,
        isolation_level="READ COMMITTED",
        max_overflow=_NO_LIMIT,
        connect_args={name: value for name, value in _NOTICE_SILENCE.items() if name not in chosen},
    )
    event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    pragmas = (
        # Of a database that is made anew; one that is there keeps what it has.
        f"page_size={_SQLITE_PAGE_BYTES}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        f"busy_timeout={_BUSY_MILLISECONDS}",
        "foreign_keys=ON",
    )
    for pragma in pragmas:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgresql(connection: Any, _record: Any) -> None:
    connection.autocommit = True
    connection.execute(f"SET idle_in_transaction_session_timeout = {_IDLE_MILLISECONDS}")
    connection.autocommit = False


def _begin_sqlite(connection: Connection) -> None:
    mode = "" if connection.get_execution_options().get("reading") else " IMMEDIATE"
    begin = f"BEGIN{mode}"
    with cursor_of(connection, begin) as cursor:
        cursor.execute(begin)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection for statements that only read; it blocks no writer."""
    with translated(), _connected(engine).execution_options(reading=True) as connection:
        yield connection


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Give a connection that only reads, and sees the database as it is now, however long it reads; no writer waits."""
    with reading(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            # It holds no lock that anybody waits for, and what it reads may be paused by a slow disk or a person.
            connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{_IDLE_READER}'")
        yield connection


def _connected(engine: Engine) -> Connection:
    """Connect, with some patience for a server that is starting again, and over a connection that is there still.

    Whoever repeats his work need not ask for that.
    """
    began, attempt = time.monotonic(), 0
    while True:
        attempt += 1
        try:
            connection = engine.connect()
            if engine.dialect.name == "postgresql":
                ping(connection)
        except exc.DBAPIError as error:
            if not _lost(error) or time.monotonic() - began > PATIENCE_SECONDS:
                raise
            _pause(attempt)
        else:
            return connection


def _pause(tries: int) -> None:
    time.sleep(min(random.uniform(0, 0.02 * 2**tries), _LONGEST_PAUSE))  # noqa: S311  # spreads repeats, guards nothing


def write(engine: Engine, work: Callable[[Connection], Result]) -> Result:
    """Run ``work`` in one transaction and commit it; repeat it where the database asks for it or was away for a moment.

    Repeated are deadlocks, serialisation failures, a busy database, and a connection that was lost: until
    ``PATIENCE_SECONDS`` have passed. SQLite takes its one writer's place at the start (BEGIN IMMEDIATE). ``work`` must
    be safe to run again, even where its transaction was committed before the connection was lost.
    """

    def attempt() -> Result:
        with engine.begin() as connection:
            return work(connection)

    return _repeated(attempt)


def glance(engine: Engine, work: Callable[[Connection], Result]) -> Result:
    """Run ``work``, which reads by one statement, without a transaction, of which PostgreSQL would be told twice.

    It is repeated where a transaction that writes would be.
    """

    def attempt() -> Result:
        with engine.connect() as connection:
            connection.execution_options(**_GLANCING[engine.dialect.name])
            return work(connection)

    return _repeated(attempt)


_GLANCING: Mapping[str, Any] = {"postgresql": {"isolation_level": "AUTOCOMMIT"}, "sqlite": {"reading": True}}


def _repeated(attempt: Callable[[], Result]) -> Result:
    # Counted from the first failure: a process that was stopped for a while has not waited.
    failed_at, tries = None, 0
    while True:
        tries += 1
        try:
            return attempt()
        except exc.DBAPIError as error:
            failed_at = failed_at or time.monotonic()
            late = time.monotonic() - failed_at > PATIENCE_SECONDS
            if not (_lost(error) and not late) and not (_repeatable(error) and tries < _TRIES):
                raise translate(error) from error
        _pause(tries)


def _repeatable(error: exc.DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in _REPEATABLE or "database is locked" in str(error.orig)


def _lost(error: exc.DBAPIError) -> bool:
    """Whether the server ended the connection or takes none: it may be starting again."""
    if not isinstance(error, exc.OperationalError | exc.InterfaceError):
        return False
    return error.connection_invalidated or (error.statement is None and not isinstance(error.orig, sqlite3.Error))


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

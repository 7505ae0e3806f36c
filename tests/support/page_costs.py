"""What writing a page asks of a database, counted: the same numbers on every machine, however busy it is."""

import os
import sqlite3
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import IO, Any

from psycopg import pq
from sqlalchemy import Engine, event
from store_pages import LEASE_SECONDS, Harvest

from ingest.records import Record
from ingest.store.engine import open_engine
from ingest.store.pages import PageKept, keep_page
from ingest.store.reading import look_up_items


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a page cost."""

    turns: int
    """How often the database was asked and waited for: calls of SQLite's driver, round trips to PostgreSQL."""
    sent: int
    """Bytes of all messages to PostgreSQL; of SQLite nothing is known."""


class _Calls:
    """The calls of the driver; many rows at once are one."""

    def __init__(self, engine: Engine) -> None:
        self._count = 0
        event.listen(engine, "do_connect", self._counted)

    def _counted(self, _dialect: Any, _record: Any, _arguments: Any, named: dict[str, Any]) -> None:
        """Let every cursor of a connection count, whoever asks it: SQLAlchemy, or we past it."""
        calls = self

        class Cursor(sqlite3.Cursor):
            def execute(self, *given: Any) -> sqlite3.Cursor:
                calls._count += 1
                return super().execute(*given)

            def executemany(self, *given: Any) -> sqlite3.Cursor:
                calls._count += 1
                return super().executemany(*given)

        class Counted(sqlite3.Connection):
            def cursor(self, _factory: Any = None) -> sqlite3.Cursor:
                return super().cursor(Cursor)

        named["factory"] = Counted

    def cost(self) -> Cost:
        return Cost(turns=self._count, sent=0)


class _Protocol:
    """What libpq writes down of each message: whose it is, its length, its name."""

    def __init__(self, engine: Engine, log: IO[bytes]) -> None:
        self._log = log
        event.listen(engine, "connect", self._connected)

    def _connected(self, connection: Any, _record: Any) -> None:
        connection.pgconn.trace(os.dup(self._log.fileno()))
        connection.pgconn.set_trace_flags(pq.Trace.SUPPRESS_TIMESTAMPS)

    def cost(self) -> Cost:
        self._log.seek(0)
        messages = [line.split(b"\t") for line in self._log if line[:2] in {b"F\t", b"B\t"}]
        waited_for = {b"ReadyForQuery", b"CopyInResponse"}
        return Cost(
            turns=sum(name.strip() in waited_for for _, _, name, *_ in messages),
            sent=sum(int(length) for whose, length, *_ in messages if whose == b"F"),
        )


def cost_of_page(harvest: Harvest, records: Iterable[Record]) -> Cost:
    """Write a page as a harvest does, over a connection of its own: look its items up, then write what has moved."""
    page = harvest.page(*records)
    engine = open_engine(harvest.database.url.render_as_string(hide_password=False))
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        log = stack.enter_context(tempfile.TemporaryFile("w+b"))
        counting = _Calls(engine) if engine.dialect.name == "sqlite" else _Protocol(engine, log)
        # SQLAlchemy asks a new connection a few things, which belong to no page.
        with engine.connect():
            pass
        before = counting.cost()
        known = look_up_items(
            engine,
            endpoint_id=harvest.endpoint_id,
            metadata_prefix=page.voices.metadata_prefix,
            identifiers=[answer.identifier for answer in page.answers],
        )
        assert isinstance(keep_page(engine, replace(page, known=known), lease_seconds=LEASE_SECONDS), PageKept)
        # What libpq has written down is whole when the connection is closed.
        engine.dispose()
        after = counting.cost()
    return Cost(turns=after.turns - before.turns, sent=after.sent - before.sent)

"""Walking a database from revision to revision, and rows that fit whatever tables are there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Column, Connection, MetaData, Table, insert, select
from sqlalchemy.types import Boolean, DateTime, Integer, LargeBinary, TypeEngine

from ingest.descriptions import VocabularyEntry
from ingest.store.engine import open_engine
from ingest.store.migrating import migrating

MIGRATIONS = Path(__file__).parents[2] / "migrations"
# Texts that a check or a view demands; any other text may be anything.
TEXTS = {"kind": "full", "change": "created", "fields": "[]"}
# Tables that a revision fills by itself.
FILLED = frozenset({"alembic_version", "feed", "schema_state"})

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture
def vocabulary() -> tuple[VocabularyEntry, ...]:
    """Return two entries, enough to be told apart."""
    return tuple(
        VocabularyEntry(
            uri=f"http://rightsstatements.org/vocab/{code}/1.0/",
            label=code,
            scheme="rightsstatements",
            category=category,
        )
        for code, category in (("InC", "in-copyright"), ("NKC", "no-copyright-other"))
    )


@pytest.fixture
def config() -> Callable[[Connection], Config]:
    """Return what makes Alembic's configuration for a connection, as a developer's command would read it."""

    def make(connection: Connection) -> Config:
        made = Config(attributes={"connection": connection})
        made.set_main_option("script_location", str(MIGRATIONS))
        return made

    return make


@pytest.fixture
def walk(config: Callable[[Connection], Config]) -> Callable[[str, str], None]:
    """Return what takes a database to a revision: ``+1``, ``-1`` or a name."""

    def go(database_url: str, revision: str) -> None:
        with migrating(database_url) as connection:
            down = revision.startswith("-") or revision == "base"
            (command.downgrade if down else command.upgrade)(config(connection), revision)

    return go


@pytest.fixture
def opened() -> Callable[[str], Any]:
    """Return what opens a transaction on a database, as the program itself does."""

    @contextmanager
    def begin(database_url: str) -> Iterator[Connection]:
        engine = open_engine(database_url)
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            engine.dispose()

    return begin


@pytest.fixture
def rows(opened: Callable[[str], Any]) -> Callable[[str], Rows]:
    """Return what reads every row of every table."""

    def read(database_url: str) -> Rows:
        with opened(database_url) as connection:
            return {
                table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
                for table in _reflected(connection)
                if table.name != "alembic_version"
            }

    return read


@pytest.fixture
def fill(opened: Callable[[str], Any]) -> Callable[[str], None]:
    """Return what puts one row into each table that has none, by plain SQL and with the columns it has now."""

    def insert_rows(database_url: str) -> None:
        with opened(database_url) as connection:
            for table in _reflected(connection):
                if table.name not in FILLED and connection.execute(select(table)).first() is None:
                    connection.execute(insert(table).values(_row(table)))

    return insert_rows


def _reflected(connection: Connection) -> list[Table]:
    reflected = MetaData()
    reflected.reflect(connection)
    return reflected.sorted_tables


def _row(table: Table) -> dict[str, Any]:
    """Give only what has no default, so that the defaults which a revision sets are tried too."""
    return {
        column.name: _value(column) for column in table.columns if not column.nullable and column.server_default is None
    }


def _value(column: Column[Any]) -> Any:
    kinds: list[tuple[type[TypeEngine[Any]], Any]] = [
        (Boolean, False),
        (Integer, 1),
        (LargeBinary, b"\x00\xff"),
        (DateTime, datetime(2026, 1, 2, tzinfo=UTC)),
    ]
    for kind, value in kinds:
        if isinstance(column.type, kind):
            return value
    return TEXTS.get(column.name, "2026-01-02T00:00:00.000000Z" if column.name.endswith("_at") else "é")

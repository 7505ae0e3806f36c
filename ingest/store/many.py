"""Many rows of one table at once, handed to the database's driver as they are.

SQLAlchemy writes the statements, each once; for every row of a page it would do more than the database itself does.
What goes past it is in the driver's own types already: an instant as ``instant_for`` gives it, JSON as text.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any, TypeAlias

from sqlalchemy import Connection, Dialect, Table, UpdateBase, bindparam, exc, insert

Values: TypeAlias = tuple[Any, ...]
"""A row's values, in the order of the names that are given beside the rows."""

_MOST_STATEMENTS = 100
"""Statements that are kept as text; there are fewer in this package."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A statement as a driver takes it with a tuple of values for each row."""

    text: str
    values: Callable[[Values], tuple[Any, ...]]
    """Puts a row's values in the order in which the text names them."""


_MARKS = {"postgresql": "format", "sqlite": "qmark"}
"""The marks by which each driver's statements name a value by its place alone."""


@lru_cache(_MOST_STATEMENTS)
def _text(statement: UpdateBase, names: tuple[str, ...], dialect: Callable[..., Dialect], dialect_name: str) -> _Text:
    compiled = statement.compile(dialect=dialect(paramstyle=_MARKS[dialect_name]))
    return _Text(text=str(compiled), values=_in_order(names, compiled.positiontup or ()))


def _in_order(names: Sequence[str], wanted: Sequence[str]) -> Callable[[Values], tuple[Any, ...]]:
    if tuple(names) == tuple(wanted):
        return tuple
    places = [names.index(name) for name in wanted]
    return itemgetter(*places) if len(places) > 1 else lambda row: (row[places[0]],)


def write_many(connection: Connection, statement: UpdateBase, names: tuple[str, ...], rows: Sequence[Values]) -> int:
    """Run a statement for each row of ``names``' values, and say how many rows of the database it has written.

    A statement's text is kept by what it is: one that is made anew each time gains nothing.
    """
    if not rows:
        return 0
    kind: Callable[..., Dialect] = type(connection.dialect)
    written = _text(statement, names, kind, connection.dialect.name)
    return connection.exec_driver_sql(written.text, list(map(written.values, rows))).rowcount


@lru_cache(_MOST_STATEMENTS)
def _insert(table: Table, names: tuple[str, ...]) -> UpdateBase:
    return insert(table).values({name: bindparam(name) for name in names})


def insert_many(connection: Connection, table: Table, names: tuple[str, ...], rows: Sequence[Values]) -> None:
    """Insert rows of these columns; PostgreSQL takes them as one stream (COPY)."""
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        write_many(connection, _insert(table, names), names, rows)
        return
    columns = ", ".join(map(connection.dialect.identifier_preparer.quote, names))
    statement = f"COPY {table.name} ({columns}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    with _translated(connection, statement), driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def _translated(connection: Connection, statement: str) -> Iterator[None]:
    """Raise what the driver raises as SQLAlchemy would: whether a transaction is repeated is decided by that."""
    dialect = connection.dialect
    try:
        yield
    except dialect.loaded_dbapi.Error as error:
        lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
        if lost:
            connection.invalidate(error)
        raise exc.DBAPIError.instance(
            statement, None, error, dialect.loaded_dbapi.Error, connection_invalidated=lost, dialect=dialect
        ) from error

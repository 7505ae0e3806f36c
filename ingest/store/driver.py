"""The statements of every page, handed to the database's driver as they are.

SQLAlchemy writes them, each once, and knows how their values are written and read; for each run of a statement it would
do ten times what SQLite itself does. They belong to the transaction that the connection is in, and begin none.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import ClauseElement, Connection, Dialect, LargeBinary, exc
from sqlalchemy.types import TypeEngine

Values: TypeAlias = tuple[Any, ...]
"""A row's values, in the order of its columns."""

_MOST_STATEMENTS = 200
"""Statements that are kept as text; there are fewer in this package."""
_MARKS = {"postgresql": "format", "sqlite": "qmark"}
"""The marks by which each driver's statements name a value by its place alone."""
_Converter: TypeAlias = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A statement as a driver takes it."""

    text: str
    names: tuple[str, ...]
    """The names of its values, in the order in which the text marks their places."""
    given: Mapping[str, Any]
    """The values that it brings itself."""
    writers: tuple[tuple[str, _Converter], ...]
    """What makes a value, by its name, one of the driver's own."""
    readers: tuple[tuple[int, _Converter], ...]
    """What makes a value of a row, by its place, one of ours."""


def text_of(statement: ClauseElement, connection: Connection) -> Text:
    """Give the text of a statement, which is kept by what it is: one that is made anew each time gains nothing."""
    kind: Callable[..., Dialect] = type(connection.dialect)
    return _text(statement, kind, connection.dialect.name)


@lru_cache(_MOST_STATEMENTS)
def _text(statement: ClauseElement, kind: Callable[..., Dialect], dialect_name: str) -> Text:
    dialect = kind(paramstyle=_MARKS[dialect_name])
    compiled: Any = statement.compile(dialect=dialect)
    names = tuple(compiled.positiontup or ())
    types: dict[str, TypeEngine[Any]] = {name: compiled.binds[name].type.dialect_impl(dialect) for name in names}
    columns: Iterable[Any] = getattr(statement, "exported_columns", ())
    writers = ((name, kind_of.bind_processor(dialect)) for name, kind_of in types.items())
    readers = (_reader(column.type, dialect) for column in columns)
    return Text(
        text=str(compiled),
        names=names,
        given=dict(compiled.params),
        writers=tuple((name, writer) for name, writer in writers if writer is not None),
        readers=tuple((place, reader) for place, reader in enumerate(readers) if reader is not None),
    )


def _reader(of_type: TypeEngine[Any], dialect: Dialect) -> _Converter | None:
    # Both drivers give bytes as bytes already.
    return None if isinstance(of_type, LargeBinary) else of_type.dialect_impl(dialect).result_processor(dialect, None)


def ask(connection: Connection, statement: ClauseElement, values: Mapping[str, Any]) -> list[Values]:
    """Run a statement and give its rows; values are given and read as SQLAlchemy would give and read them."""
    readers = text_of(statement, connection).readers
    rows = ask_raw(connection, statement, values)
    return [_read(row, readers) for row in rows] if readers else rows


def _read(row: Values, readers: tuple[tuple[int, _Converter], ...]) -> Values:
    values = list(row)
    for place, read in readers:
        values[place] = read(values[place])
    return tuple(values)


def ask_raw(connection: Connection, statement: ClauseElement, values: Mapping[str, Any]) -> list[Values]:
    """Run a statement and give its rows as the driver has them, of which SQLite's knows neither truths nor instants."""
    text = text_of(statement, connection)
    given = {**text.given, **values}
    for name, write in text.writers:
        given[name] = write(given[name])
    try:
        cursor: Any = connection.connection.cursor()
        cursor.execute(text.text, [given[name] for name in text.names])
        rows: list[Values] = cursor.fetchall() if cursor.description else []
        cursor.close()
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_ours(connection, text.text, error) from error
    return rows


@contextmanager
def cursor_of(connection: Connection, statement: str) -> Iterator[Any]:
    """Give a cursor of the driver's; what that raises is raised as SQLAlchemy would."""
    try:
        with closing(connection.connection.cursor()) as cursor:
            yield cursor
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_ours(connection, statement, error) from error


def ping(connection: Connection) -> None:
    """Ask the database whether the connection is there still; one that is not is given up, and told as any other."""
    try:
        connection.dialect.do_ping(connection.connection.dbapi_connection)  # type: ignore[arg-type]
    except connection.dialect.loaded_dbapi.Error as error:
        told = _as_ours(connection, "SELECT 1", error)
        connection.close()
        raise told from error


def _as_ours(connection: Connection, statement: str, error: Any) -> Exception:
    """Give what SQLAlchemy would raise: whether a transaction is repeated is decided by that."""
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)
    if lost:
        connection.invalidate(error)
    told: Exception = exc.DBAPIError.instance(
        statement, None, error, dialect.loaded_dbapi.Error, connection_invalidated=lost, dialect=dialect
    )
    return told

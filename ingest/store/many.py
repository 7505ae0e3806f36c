"""Many rows of one table at once, handed to the database's driver as they are.

What is given is in the driver's own types already: an instant as ``instant_for`` gives it, JSON as text.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter

from sqlalchemy import Connection, Table, UpdateBase, bindparam, insert

from ingest.store.driver import Values, cursor_of, text_of

_MOST_STATEMENTS = 100
"""Statements that are kept with the order of their values; there are fewer in this package."""


@lru_cache(_MOST_STATEMENTS)
def _in_order(names: tuple[str, ...], wanted: tuple[str, ...]) -> Callable[[Values], Values]:
    """Make what puts a row's values in the order in which a statement names them."""
    if names == wanted:
        return tuple
    places = [names.index(name) for name in wanted]
    return itemgetter(*places) if len(places) > 1 else lambda row: (row[places[0]],)


def write_many(connection: Connection, statement: UpdateBase, names: tuple[str, ...], rows: Sequence[Values]) -> int:
    """Run a statement for each row of ``names``' values, and say how many rows of the database it has written."""
    if not rows:
        return 0
    text = text_of(statement, connection)
    with cursor_of(connection, text.text) as cursor:
        cursor.executemany(text.text, list(map(_in_order(names, text.names), rows)))
        return int(cursor.rowcount)


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
    with cursor_of(connection, statement) as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)

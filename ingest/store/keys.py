"""Keys that new rows are going to have, known before they are inserted."""

from sqlalchemy import Column, Connection, text

from ingest.store.driver import ask

_NEXT = text("SELECT nextval(pg_get_serial_sequence(:table, :column)) FROM generate_series(1, :number)")
_NEWEST = text("SELECT seq FROM sqlite_sequence WHERE name = :table")


def allot_keys(connection: Connection, column: Column[int], number: int) -> list[int]:
    """Give the keys that so many new rows of a table are going to have; nobody else will be given them."""
    if not number:
        return []
    if connection.dialect.name == "postgresql":
        asked = {"table": column.table.name, "column": column.name, "number": number}
        return [key for (key,) in ask(connection, _NEXT, asked)]
    # There is one writer, and it is us.
    newest = max((key for (key,) in ask(connection, _NEWEST, {"table": column.table.name})), default=0)
    return list(range(newest + 1, newest + 1 + number))

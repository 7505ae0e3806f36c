"""Inserts that say what becomes of a row that is there already: each database has its own kind."""

from typing import TYPE_CHECKING

from sqlalchemy import Table

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


def insert_into(table: Table, dialect_name: str) -> "postgresql.Insert | sqlite.Insert":
    """Begin an insert of which ``on_conflict_do_nothing`` and ``on_conflict_do_update`` can be asked."""
    if dialect_name == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415  # slow to load, and SQLite does without

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415  # likewise

    return sqlite.insert(table)

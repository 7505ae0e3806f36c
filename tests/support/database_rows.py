"""Reading a database as another program would: rows as dictionaries, alike from both kinds of database."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import create_engine, text

_JSON = {"creators", "origins", "languages", "metadata", "permits", "evidence", "parts", "fields", "sets"}
_INSTANTS = {"bound", "response_date", "next_try_at", "ended_at"}


def rows(database_url: str, statement: str, **values: Any) -> list[dict[str, Any]]:
    """Read rows; JSON, instants and booleans look the same on both kinds of database."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        read = [dict(row) for row in connection.execute(text(statement), values).mappings()]
    engine.dispose()
    return [{name: _alike(name, value) for name, value in row.items()} for row in read]


def count(database_url: str, table: str) -> int:
    """Count a table's rows."""
    return int(rows(database_url, f"SELECT count(*) AS number FROM {table}")[0]["number"])


def everything(database_url: str, *tables: str) -> dict[str, list[str]]:
    """Read all rows of some tables, to be compared with what they are later."""
    return {table: sorted(repr(row) for row in rows(database_url, f"SELECT * FROM {table}")) for table in tables}


def _alike(name: str, value: Any) -> Any:
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, bool):
        return int(value)
    if name in _JSON and isinstance(value, str):
        return json.loads(value)
    if name in _INSTANTS and isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value

"""Looks at the database: whether an upgrade is due, and how much it holds."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.table import Table

from ingest.settings import from_environment
from ingest.store.engine import open_engine
from ingest.store.schema import SchemaReport, check
from ingest.store.sizes import DatabaseSize, TableSize, all_bytes, measure
from workers.cli import layout
from workers.cli.output import counted, write, write_json

_UNIT = 1024
_UNITS = ("KiB", "MiB", "GiB", "TiB")
_WORTH_A_LINE = _UNIT * _UNIT


def check_and_report(*, as_json: bool) -> int:
    """Write where the database stands and what it holds; returns the exit code, 1 where an upgrade is due."""
    database_url = from_environment().database_url
    report = check(database_url)
    # Where no revision was applied there may not even be a file, and looking would make one.
    size = None if report.current is None else _measured(database_url)
    if as_json:
        write_json(asdict(report) | _object(size))
    else:
        _tell(report, size)
    return 1 if report.upgrade_due else 0


def _measured(database_url: str) -> DatabaseSize:
    database = open_engine(database_url)
    try:
        return measure(database)
    finally:
        database.dispose()


def _object(size: DatabaseSize | None) -> dict[str, Any]:
    if size is None:
        return {"bytes": 0, "free_bytes": None, "tables": []}
    return {
        "bytes": size.bytes,
        "free_bytes": size.free_bytes,
        "tables": [
            asdict(each) | {"indexes": [{"index": name, "bytes": held} for name, held in each.indexes.items()]}
            for each in size.tables
        ],
    }


def _tell(report: SchemaReport, size: DatabaseSize | None) -> None:
    if report.upgrade_due:
        write(f"an upgrade is due, from {report.current or 'nothing'} to {report.head}; run `oai-ingest db upgrade`\n")
    else:
        write(f"up to date at {report.current}\n")
    if size is not None:
        free = f", {_words(size.free_bytes)} of it free for rows to come" if size.free_bytes else ""
        write(f"{_words(size.bytes)} in all{free}\n\n")
        layout.show(_table(size))
        empty = sum(not each.rows for each in size.tables)
        write(f"\n{counted(empty, 'table')} without rows\n" if empty else "")


def _table(size: DatabaseSize) -> Table:
    headings = ("table", "rows", "table itself", "indexes")
    rows = [row for each in size.tables if each.rows for row in _rows(each)]
    return layout.table(headings, rows, numbers=headings[1:])


def _rows(size: TableSize) -> Iterator[tuple[str, ...]]:
    """Give a table's line, and one for each of its indexes that is worth it."""
    indexes = all_bytes(size) - (size.bytes or 0)
    yield size.table, f"{size.rows:,}", _words(size.bytes), _words(None if size.bytes is None else indexes)
    for name, held in size.indexes.items():
        if held is not None and held >= _WORTH_A_LINE:
            yield f"  {name}", "", "", _words(held)


def _words(number: int | None) -> str:
    """Write a number of bytes for people."""
    if number is None:
        return "not told"
    amount = float(number)
    for unit in _UNITS:
        amount /= _UNIT
        if amount < _UNIT or unit == _UNITS[-1]:
            break
    return f"{amount:,.1f} {unit}"

"""What PostgreSQL takes for the same rows: COPY into the same tables with the same indexes, a commit a page.

The rows come from a database that was harvested before. They are read, and cut into pages as the harvest met them,
before the time begins; then each page's rows go into every table in the order of its keys, as ready text.
"""

from collections import defaultdict
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Table

from benchmarks.clock import Clock
from ingest.store.tables import records

_PAGES = """
CREATE TEMPORARY TABLE page_of AS
SELECT id, record_key, (row_number() OVER (ORDER BY id) - 1) / {size} AS page FROM items
"""
_PAGE_BY = {"items": "page_of.id = it.id", "records": "page_of.record_key = it.key"}
"""How a row belongs to an item and with it to a page; other tables name a record or an item."""


def run(clock: Clock, *, source: str, target: str, page: int) -> dict[str, Any]:
    """Copy all rows that tell of records, and count them by table; what a run notes of itself is copied before."""
    with psycopg.connect(source) as harvested, psycopg.connect(target) as empty:
        harvested.execute(sql.SQL(_PAGES).format(size=page))
        tables = [table for table in records.metadata.sorted_tables if not _rows(empty, table.name)]
        paged = [table for table in tables if _belongs(table)]
        for table in tables:
            if table not in paged:
                _copy_whole(harvested, empty, table.name)
        empty.commit()
        pages = _read(harvested, paged)
        with clock:
            for number in sorted(pages):
                for name, rows in pages[number].items():
                    with empty.cursor().copy(_statement("COPY {} FROM STDIN", name)) as copy:
                        copy.write(rows)
                empty.commit()
        return {"pages": len(pages), "rows": {table.name: _rows(empty, table.name) for table in paged}}


def _belongs(table: Table) -> str | None:
    for column, joined in (
        ("record_key", "page_of.record_key = it.record_key"),
        ("item_id", "page_of.id = it.item_id"),
    ):
        if table.name not in _PAGE_BY and column in table.columns:
            return joined
    return _PAGE_BY.get(table.name)


def _read(source: "psycopg.Connection[Any]", tables: list[Table]) -> dict[int, dict[str, bytes]]:
    """Give each page's rows as COPY writes them, by table."""
    pages: defaultdict[int, defaultdict[str, list[bytes]]] = defaultdict(lambda: defaultdict(list))
    for table in tables:
        query = f"COPY (SELECT page, it.* FROM {{}} AS it JOIN page_of ON {_belongs(table)} ORDER BY page) TO STDOUT"
        with source.cursor().copy(_statement(query, table.name)) as copy:
            for line in b"".join(map(bytes, copy)).splitlines(keepends=True):
                page, _, row = line.partition(b"\t")
                pages[int(page)][table.name].append(row)
    return {page: {name: b"".join(rows) for name, rows in by_table.items()} for page, by_table in pages.items()}


def _copy_whole(source: "psycopg.Connection[Any]", target: "psycopg.Connection[Any]", name: str) -> None:
    with source.cursor().copy(_statement("COPY {} TO STDOUT", name)) as copy:
        rows = b"".join(map(bytes, copy))
    with target.cursor().copy(_statement("COPY {} FROM STDIN", name)) as written:
        written.write(rows)


def _rows(connection: "psycopg.Connection[Any]", name: str) -> int:
    row = connection.execute(_statement("SELECT count(*) FROM {}", name)).fetchone()
    return int(row[0]) if row else 0


def _statement(query: str, name: str) -> sql.Composed:
    return sql.SQL(query).format(sql.Identifier(name))

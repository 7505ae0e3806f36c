"""How much each table and index holds, on both databases."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection, exc, func, inspect, select, text

from ingest.store.engine import Database, snapshot
from ingest.store.ledger_tables import metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSize:
    """What a table holds, in rows and bytes."""

    table: str
    rows: int
    bytes: int | None
    """Without its indexes; None where SQLite was built without dbstat and can not tell."""
    indexes: Mapping[str, int | None]
    """Index -> bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSize:
    """What the whole database holds, in bytes."""

    bytes: int
    free_bytes: int | None
    """What a SQLite file keeps free for rows to come; None on PostgreSQL, where each table keeps its own."""
    tables: tuple[TableSize, ...]
    """The largest first."""


def measure(database: Database) -> DatabaseSize:
    """Measure every table of ours that is there; every row is counted."""
    with snapshot(database) as connection:
        there = set(inspect(connection).get_table_names())
        names = [name for name in metadata.tables if name in there]
        sizes, indexes = (_postgresql if connection.dialect.name == "postgresql" else _sqlite)(connection, names)
        found = [
            TableSize(
                table=name,
                rows=connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one(),
                bytes=sizes.get(name),
                indexes=indexes.get(name, {}),
            )
            for name in names
        ]
        return DatabaseSize(
            bytes=_whole(connection),
            free_bytes=_free(connection),
            tables=tuple(sorted(found, key=lambda each: (-all_bytes(each), each.table))),
        )


def all_bytes(size: TableSize) -> int:
    """Give a table's bytes with its indexes, as far as they are known."""
    return (size.bytes or 0) + sum(each or 0 for each in size.indexes.values())


_Sizes = tuple[Mapping[str, int], Mapping[str, Mapping[str, int | None]]]
_POSTGRESQL_TABLES = """
SELECT relname, pg_table_size(oid) AS size FROM pg_class
 WHERE relkind = 'r' AND pg_table_is_visible(oid) AND relname = ANY(:names)
"""
_POSTGRESQL_INDEXES = """
SELECT owner.relname, held.relname, pg_relation_size(held.oid)
  FROM pg_index
  JOIN pg_class AS owner ON owner.oid = pg_index.indrelid
  JOIN pg_class AS held ON held.oid = pg_index.indexrelid
 WHERE owner.relkind = 'r' AND pg_table_is_visible(owner.oid) AND owner.relname = ANY(:names)
 ORDER BY 1, 2
"""
_SQLITE_INDEXES = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'index' ORDER BY 1, 2"


def _postgresql(connection: Connection, names: list[str]) -> _Sizes:
    tables = connection.execute(text(_POSTGRESQL_TABLES), {"names": names})
    indexes = connection.execute(text(_POSTGRESQL_INDEXES), {"names": names}).all()
    return (
        {row.relname: row.size for row in tables},
        {table: {name: size for _, name, size in rows} for table, rows in groupby(indexes, key=lambda row: row[0])},
    )


def _sqlite(connection: Connection, _names: list[str]) -> _Sizes:
    try:
        told = connection.exec_driver_sql("SELECT name, pgsize FROM dbstat WHERE aggregate = TRUE").all()
    except exc.OperationalError:
        told = []
    sizes = {row.name: row.pgsize for row in told}
    indexes = connection.exec_driver_sql(_SQLITE_INDEXES).all()
    return sizes, {
        table: {name: sizes.get(name) for _, name in rows} for table, rows in groupby(indexes, key=lambda row: row[0])
    }


def _whole(connection: Connection) -> int:
    if connection.dialect.name == "postgresql":
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    return _pages(connection, "page_count")


def _free(connection: Connection) -> int | None:
    return None if connection.dialect.name == "postgresql" else _pages(connection, "freelist_count")


def _pages(connection: Connection, which: str) -> int:
    number, size = (connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in (which, "page_size"))
    return int(number * size)

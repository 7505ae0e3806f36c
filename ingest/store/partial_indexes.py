"""The indexes of some rows only, apart from their tables: only whoever migrates or compares the schema needs them.

SQLAlchemy loads all of PostgreSQL's dialect for the word ``postgresql_where``, and each command would wait for that.
"""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Index, MetaData, Table, text

from ingest.store import ledger_tables, tables


@cache
def whole_schema() -> MetaData:
    """Give the tables with all of their indexes."""
    for _index in _partial_indexes():
        # To be made is to belong to its table.
        pass
    return ledger_tables.metadata


def _partial_indexes() -> Iterator[Index]:
    # At most one active run per endpoint: by the database and not by hope.
    yield _partial(ledger_tables.runs, "endpoint_id", where="ended_at IS NULL", name="uq_runs_active", unique=True)
    # What catalogues ask for. Rows that have no version yet are left out, as the view leaves them out: a new record is
    # inserted empty and then written, and stands in these indexes once.
    yield _partial(tables.records, "record_id", where="version > 0")
    yield _partial(tables.records, "changed_at", where="version > 0")
    # With the key, so that the many records of a category can be read a page at a time.
    yield _partial(tables.records, "rights_category", "key", where="version > 0")
    yield _partial(tables.records, "rights_uri", where="rights_uri IS NOT NULL")
    yield _partial(tables.records, "merged_into", where="merged_into IS NOT NULL")
    # Nearly always empty: asked by each page that rejects anything.
    yield _partial(tables.records, "forgotten_at", where="forgotten_at IS NOT NULL")
    yield _partial(tables.record_sources, "repository", "ref", where="repository IS NOT NULL")
    # Each page asks whether there is anything to release; nearly always there is not.
    names, where = ("endpoint_id", "metadata_prefix"), "released_at IS NULL"
    yield _partial(tables.rejections, *names, where=where, name="ix_rejections_not_released")


def _partial(table: Table, *columns: str, where: str, name: str | None = None, unique: bool = False) -> Index:
    return Index(
        name or "_".join(("ix", table.name, *columns)),
        *(table.c[column] for column in columns),
        unique=unique,
        postgresql_where=text(where),
        sqlite_where=text(where),
    )

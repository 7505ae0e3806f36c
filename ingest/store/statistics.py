"""The database's own statistics, which an empty table's are far from once a first harvest is under way."""

from sqlalchemy import Engine

from ingest.store.engine import translated

_GROWING = ("items", "item_sets", "records", "record_rights", "record_donors", "record_sources")


def refresh_statistics(engine: Engine) -> None:
    """Have PostgreSQL look at the growing tables: planned for empty ones, a first harvest is ten times slower."""
    if engine.dialect.name != "postgresql":
        return
    with translated(), engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in _GROWING:
            connection.exec_driver_sql(f"ANALYZE {table}")

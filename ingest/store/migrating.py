"""What revisions run in: one transaction that no second process enters, with the catalogue views put aside."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, event, exc, text

from ingest.errors import DatabaseRefused
from ingest.store.engine import open_engine, translate
from ingest.store.views import create_views, drop_views

if TYPE_CHECKING:
    from alembic.config import Config

REVISIONS = (
    "20261124_0900_schema_state",
    "20261124_0910_ledger",
    "20261124_0920_items_and_records",
    "20261124_0930_feed",
    "20261124_0940_rejections",
    "20261124_0950_vocabulary",
    "20261124_1700_many_workers",
    "20261124_2000_every_repository",
    "20261128_2000_described_in_depth",
    "20261129_0800_catalogue_indexes",
    "20261129_0900_sweeps",
    "20261129_0930_forgotten_records",
    "20261129_1000_causes",
    "20261129_1100_items_gone",
    "20261129_1200_no_language",
    "20261129_1300_planning_leases",
)
"""The revisions of ``migrations/versions``, oldest first."""

HEAD = REVISIONS[-1]

# Any number will do, as long as no other program on the server takes the same.
_ADVISORY_LOCK = 7_236_118_405_332
_WAIT_FOR_OTHERS = "10min"
_LOCK_TIMEOUT = "5s"
_STATEMENT_TIMEOUT = "30min"


@contextmanager
def migrating(database_url: str) -> Iterator[Connection]:
    """Open the one transaction in which revisions run and which no second process enters; it commits at the end."""
    engine = open_engine(database_url)
    if engine.dialect.name == "sqlite":
        # Rebuilding a table drops the old one: with foreign keys on, the rows that point to it would go with it.
        event.listen(engine, "connect", _foreign_keys_off)
    try:
        with _refused(_TOO_LONG), engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                _lock(connection)
            yield connection
    finally:
        engine.dispose()


@contextmanager
def views_put_aside(connection: Connection) -> Iterator[None]:
    """Drop the views before revisions run; create them after, with the rights on them, if the newest was reached."""
    with _refused(_TOO_LONG | _DEPENDENT):
        give_rights_back = drop_views(connection)
    yield
    if connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD:
        create_views(connection)
        give_rights_back()


def refuse_orphans(connection: Connection) -> None:
    """Undo a revision that left rows pointing nowhere: SQLite ran it with foreign keys off."""
    if connection.dialect.name != "sqlite":
        return
    orphan = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if orphan is not None:
        raise DatabaseRefused(f"rows of {orphan[0]} would point to no row of {orphan[2]}; nothing was changed")


def _lock(connection: Connection) -> None:
    """Wait for other upgrades as long as they may take, then for nothing else for long.

    Held until the transaction ends, so that the next one sees what this one has done.
    """
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAIT_FOR_OTHERS}'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{_STATEMENT_TIMEOUT}'")


def _foreign_keys_off(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


_TOO_LONG = {
    "55P03": "the upgrade waited too long for another session's lock; stop workers and long queries, then run it again",
    "57014": "the upgrade took too long and was undone; run it again when the server is less busy",
}

_DEPENDENT = {"2BP01": "another view stands on the catalogue views; drop it, upgrade, then create it again"}


@contextmanager
def _refused(advices: Mapping[str, str]) -> Iterator[None]:
    """Say in one line why an upgrade did not happen, by PostgreSQL's codes where these tell more than its words."""
    try:
        yield
    except exc.DBAPIError as error:
        advice = advices.get(getattr(error.orig, "sqlstate", None) or "")
        raise (DatabaseRefused(advice) if advice else translate(error)) from error


def alembic_config(connection: Connection) -> "Config":
    """Tell Alembic where its scripts are and which connection they run on."""
    from alembic.config import Config  # noqa: PLC0415  # takes longer to load than most commands take to run

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_scripts()).replace("%", "%%"))
    return config


def _scripts() -> Path:
    """Return the folder of Alembic's scripts: inside the installed package, else beside it in a checkout."""
    package = Path(str(resources.files("ingest")))
    packed = package / "store" / "migrations"
    return packed if packed.is_dir() else package.parent / "migrations"

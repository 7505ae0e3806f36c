"""Bringing a database to the newest revision, and refusing one that this program can not work with.

Alembic and the tables of the catalogue are loaded only where they are needed: every command asks whether it may use its
database.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, create_engine, inspect, make_url, select, text
from sqlalchemy.pool import NullPool

from ingest.errors import DatabaseRefused
from ingest.store.engine import open_engine, translated
from ingest.store.ledger_tables import schema_state
from ingest.store.migrating import HEAD, REVISIONS, alembic_config, migrating, views_put_aside
from ingest.store.views import views_current

if TYPE_CHECKING:
    from ingest.descriptions import VocabularyEntry

CODE = 3
"""This program's number; a database whose ``oldest_code`` is greater was changed in a way that it can not work with.

2: knows of forgotten records, and leaves them so (see ``forgetting``). 3: reads metadata that leaves languages out (see
``languages``).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaReport:
    """Where a database stands; ``current`` is None where no revision was ever applied."""

    current: str | None
    head: str
    upgrade_due: bool
    """False too where the database is at a revision of a newer program that this one can still work with."""


# --- asking -----------------------------------------------------------------------------------------


def check(database_url: str) -> SchemaReport:
    """Tell whether an upgrade is due; changes nothing and makes no file.

    Raises DatabaseRefused where the database is not reachable, is another program's or needs a newer program.
    """
    path = _sqlite_file(database_url)
    if path is not None and not _is_there(path):
        try:
            path.parent.stat()
        except OSError as error:
            raise _can_not_be_made(path, error) from error
        return SchemaReport(current=None, head=HEAD, upgrade_due=True)
    with _looking(database_url) as connection:
        return _report(connection)


def ensure_usable(database_url: str, *, vocabulary: "Sequence[VocabularyEntry]") -> None:
    """Make sure that this program can work with the database: a SQLite file is created and upgraded, others are not.

    Raises DatabaseRefused as ``check`` does, and where the database is read-only or its upgrade is left to a person.
    """
    path = _sqlite_file(database_url)
    if path is not None:
        _refuse_read_only_file(path)
        if _file_is_due(database_url, path, vocabulary):
            upgrade(database_url, vocabulary=vocabulary)
        return
    with _looking(database_url) as connection:
        current = _report(connection).current
        if connection.scalar(text("SELECT current_setting('transaction_read_only')")) == "on":
            raise DatabaseRefused("the database is read-only; connect to one, and with a role, that may be written")
    if current is None:
        raise DatabaseRefused("the database has no tables yet; run `oai-ingest db upgrade`")
    # A revision that is not known was checked by its `oldest_code`: a newer program runs beside this one.
    if current in REVISIONS and current != HEAD:
        raise DatabaseRefused(f"the database stands at {current}, not at {HEAD}; run `oai-ingest db upgrade`")


def _file_is_due(database_url: str, path: Path, vocabulary: "Sequence[VocabularyEntry]") -> bool:
    if not _is_there(path):
        return True
    from ingest.store.vocabulary import holds_vocabulary  # noqa: PLC0415 - slow to load, and only to write.

    with _looking(database_url) as connection:
        report = _report(connection)
        return report.upgrade_due or (report.current == HEAD and not holds_vocabulary(connection, vocabulary))


def _report(connection: Connection) -> SchemaReport:
    tables = set(inspect(connection).get_table_names())
    migrated = "alembic_version" in tables
    current = connection.scalar(text("SELECT version_num FROM alembic_version")) if migrated else None
    _refuse_foreign(connection.dialect.name, tables, current)
    if schema_state.name in tables:
        _refuse_newer(connection.scalar(select(schema_state.c.oldest_code)) or 0)
    due = current != HEAD if current is None or current in REVISIONS else False
    return SchemaReport(
        current=current, head=HEAD, upgrade_due=due or (current == HEAD and not views_current(connection))
    )


def _refuse_foreign(dialect: str, found: set[str], current: str | None) -> None:
    """Refuse what another program made: a SQLite file is ours alone, a PostgreSQL schema may be shared."""
    if "alembic_version" not in found:
        from ingest.store import tables  # noqa: PLC0415 - slow to load, and asked for only before the first upgrade.

        foreign = found if dialect == "sqlite" else found & set(tables.records.metadata.tables)
    else:
        foreign = set() if current is None or current in REVISIONS or schema_state.name in found else {str(current)}
    if foreign:
        raise DatabaseRefused(
            f"the database belongs to another program (it holds {min(foreign)}); set OAI_INGEST_DATABASE_URL to another"
        )


def _refuse_newer(oldest_code: int) -> None:
    if oldest_code > CODE:
        raise DatabaseRefused(
            f"the database is newer than this program (it asks for {oldest_code}, this is {CODE}); update oai-ingest"
        )


def _refuse_read_only_file(path: Path) -> None:
    # SQLite keeps its log beside the file, so that the folder has to be writable too.
    for place in (path, path.parent):
        if _is_there(place) and not os.access(place, os.W_OK):
            raise DatabaseRefused(f"{place} is read-only; make the database's file and folder writable")


def _is_there(path: Path) -> bool:
    # Unlike `Path.exists`, no error where a folder above may not be entered: the file is not there for us.
    return os.access(path, os.F_OK)


def _sqlite_file(database_url: str) -> Path | None:
    """Return the file of a SQLite address, None for PostgreSQL."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite":
        return None
    if not url.database or url.database == ":memory:":
        raise DatabaseRefused("a SQLite database needs a file; set OAI_INGEST_DATABASE_URL to sqlite:///FILE")
    return Path(url.database)


@contextmanager
def _looking(database_url: str) -> Iterator[Connection]:
    """Connect without a setting of ours: what is not our file must not be changed by looking at it."""
    engine = (
        create_engine(database_url, poolclass=NullPool, connect_args={"isolation_level": None})
        if database_url.startswith("sqlite")
        else open_engine(database_url)
    )
    try:
        with translated(), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


# --- changing ---------------------------------------------------------------------------------------


def upgrade(database_url: str, *, vocabulary: "Sequence[VocabularyEntry]") -> tuple[str, ...]:
    """Bring the database to the newest revision, views and vocabulary included; return the revisions applied.

    All or nothing, one after the other where several processes ask. A database at a newer program's revision is left
    as it is. Raises DatabaseRefused as ``check`` does, and where the database does not take the change.
    """
    check(database_url)
    path = _sqlite_file(database_url)
    if path is not None and not _is_there(path):
        built = _build(path, vocabulary)
        if built:
            return built
    return _upgrade_in_place(database_url, vocabulary)


def downgrade(database_url: str, revision: str) -> None:
    """Go back to a revision, or to ``base``.

    The catalogue views stand on the newest revision alone: they are gone until the older program's upgrade.
    """
    from alembic import command  # noqa: PLC0415  # takes longer to load than most commands take to run

    check(database_url)
    with migrating(database_url) as connection:
        command.downgrade(alembic_config(connection), revision)


def _build(path: Path, vocabulary: "Sequence[VocabularyEntry]") -> tuple[str, ...]:
    """Make a new SQLite database aside and give it its name when it is whole; return nothing if others were first.

    So no half-made file is ever seen, whoever else creates it at the same time and whatever fails.
    """
    try:
        with TemporaryDirectory(prefix=".oai-ingest-", dir=path.parent) as folder:
            made = Path(folder) / path.name
            applied = _upgrade_in_place(URL.create("sqlite", database=str(made)).render_as_string(), vocabulary)
            # Refused where the file exists by now, or where the file system knows no links: then it is made in place.
            with suppress(OSError):
                os.link(made, path)
                return applied
    except OSError as error:
        raise _can_not_be_made(path, error) from error
    return ()


def _can_not_be_made(path: Path, error: OSError) -> DatabaseRefused:
    return DatabaseRefused(f"{path} can not be made: {error.strerror}; set OAI_INGEST_DATABASE_URL")


def _upgrade_in_place(database_url: str, vocabulary: "Sequence[VocabularyEntry]") -> tuple[str, ...]:
    from ingest.store.vocabulary import keep_vocabulary  # noqa: PLC0415 - slow to load, and only to write.

    with migrating(database_url) as connection:
        report = _report(connection)  # again: another process may have been first
        if report.current is not None and report.current not in REVISIONS:
            return ()
        applied = _apply(connection, report)
        keep_vocabulary(connection, vocabulary)
        return applied


def _apply(connection: Connection, report: SchemaReport) -> tuple[str, ...]:
    if report.current == HEAD:
        if report.upgrade_due:
            with views_put_aside(connection):
                pass
        return ()
    from alembic import command  # noqa: PLC0415  # takes longer to load than most commands take to run

    command.upgrade(alembic_config(connection), HEAD)
    return REVISIONS[REVISIONS.index(report.current) + 1 :] if report.current else REVISIONS

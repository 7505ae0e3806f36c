"""Every revision goes up, down and up again with rows in its tables, and the last one is what the code expects."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, inspect, text

import ingest
from ingest.errors import DatabaseRefused
from ingest.store.ledger_tables import endpoints, hosts, runs, schema_state, windows
from ingest.store.migrating import HEAD, REVISIONS, migrating, refuse_orphans, views_put_aside
from ingest.store.partial_indexes import whole_schema
from ingest.store.schema import CODE
from ingest.store.tables import feed, records
from ingest.store.types import database_now
from ingest.store.views import VIEWS, views_current

MIGRATIONS = Path(__file__).parents[2] / "migrations"
metadata = whole_schema()

Walk = Callable[[str, str], None]
Opened = Callable[[str], Any]


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def test_the_code_names_the_revisions_that_there_are() -> None:
    """The list in ``schema`` saves every command from loading Alembic, and must not fall behind."""
    assert tuple(script.revision for script in reversed(list(_scripts().walk_revisions()))) == REVISIONS
    assert _scripts().get_current_head() == HEAD


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_revision_is_a_file_of_its_name_and_says_when_to_deploy_it(revision: str) -> None:
    """The folder reads in order; Alembic's own table holds 32 characters."""
    script = _scripts().get_revision(revision)
    assert Path(script.path).stem == revision
    assert len(revision) <= 32
    assert ("Before the code." in script.longdoc) != ("After the code." in script.longdoc)


def test_each_revision_goes_up_down_and_up_again_with_rows_in_place(
    database_url: str, walk: Walk, fill: Callable[[str], None], rows: Callable[[str], dict[str, list[Any]]]
) -> None:
    """What was there before a revision is there after it was taken back, and the newest fits again."""
    older: dict[str, list[Any]] = {}
    for revision in REVISIONS:
        walk(database_url, revision)
        fill(database_url)
        newer = rows(database_url)
        assert all(newer[table] for table in newer), "each table has a row"
        walk(database_url, "-1")
        assert rows(database_url) == older
        walk(database_url, revision)
        fill(database_url)
        older = rows(database_url)
        assert older.keys() == newer.keys()


def test_all_the_way_down_leaves_nothing(database_url: str, walk: Walk, opened: Opened) -> None:
    """No table, view, index or type outlives its revision."""
    walk(database_url, "head")
    walk(database_url, "base")
    with opened(database_url) as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
        assert inspect(connection).get_view_names() == []
        assert inspect(connection).get_sequence_names() == [] if connection.dialect.name == "postgresql" else True


def test_the_revisions_make_the_tables_that_the_code_uses(database_url: str, walk: Walk, opened: Opened) -> None:
    """No drift; defaults are compared on PostgreSQL alone, since SQLite reports those of booleans wrongly."""
    walk(database_url, "head")
    with opened(database_url) as connection:
        options = {"compare_server_default": connection.dialect.name == "postgresql"}
        assert compare_metadata(MigrationContext.configure(connection, opts=options), metadata) == []


def test_the_revisions_make_what_is_not_compared(database_url: str, walk: Walk, opened: Opened) -> None:
    """Alembic compares neither checks nor collations nor AUTOINCREMENT: the statements that made them are compared."""
    walk(database_url, "head")
    with opened(database_url) as connection:
        migrated = _details(connection)
    walk(database_url, "base")
    with opened(database_url) as connection:
        metadata.create_all(connection)
        assert migrated == _details(connection)


def _details(connection: Connection) -> dict[str, Any]:
    inspector = inspect(connection)
    found: dict[str, Any] = {}
    for table in sorted(metadata.tables):
        columns = {
            each["name"]: (str(each["type"]), getattr(each["type"], "collation", None), each["default"])
            for each in inspector.get_columns(table)
        }
        checks = sorted((each["name"], each["sqltext"]) for each in inspector.get_check_constraints(table))
        keys = inspector.get_pk_constraint(table), sorted(inspector.get_foreign_keys(table), key=repr)
        found[table] = columns, checks, keys
        if connection.dialect.name == "sqlite":
            statement = connection.scalar(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table})
            found[table] += ("AUTOINCREMENT" in statement,)
    return found


def test_rows_can_be_written_after_migrating(migrated_database_url: str, opened: Opened) -> None:
    """A default that a database takes and then can not work out shows only here."""
    with opened(migrated_database_url) as connection:
        now = database_now()
        connection.execute(insert(endpoints).values(name="a", url="u", declaration="{}", created_at=now))
        connection.execute(
            insert(runs).values(endpoint_id=1, kind="full", selection="{}", declaration="{}", started_at=now)
        )
        connection.execute(insert(windows).values(run_id=1, metadata_prefix="oai_dc"))
        connection.execute(insert(records).values(namespace="n", record_id="r", created_at=now, changed_at=now))
        connection.execute(insert(hosts).values(name="h"))
        assert connection.execute(endpoints.select()).one().paused is False
        assert connection.execute(runs.select()).one().reasons == "[]"
        window = connection.execute(windows.select()).one()
        assert (window.set_spec, window.state, window.seen, window.bytes, window.fence) == ("", "open", 0, 0, 0)
        record = connection.execute(records.select()).one()
        assert (record.version, record.deleted, record.creators, record.metadata) == (0, False, "[]", "{}")
        assert record.created_at.tzinfo is not None


DEVELOPER = """
import sys
from alembic import command
from alembic.config import Config
config = Config()
config.set_main_option("script_location", sys.argv[1])
command.upgrade(config, "head")
command.check(config)
"""


def test_a_developers_command_takes_the_database_from_the_environment(database_url: str, opened: Opened) -> None:
    """Alembic's own commands run in the same transaction and bring the same views."""
    subprocess.run(
        [sys.executable, "-c", DEVELOPER, str(MIGRATIONS)],
        cwd=Path(ingest.__file__).parents[1],
        env={"OAI_INGEST_DATABASE_URL": database_url},
        timeout=60,
        check=True,
    )
    with opened(database_url) as connection:
        assert views_current(connection)


def test_a_new_database_has_a_feed_of_its_own(database_url: str, walk: Walk, opened: Opened) -> None:
    """A cursor names its feed, so that one of another database is not taken for ours."""
    names = set()
    for _ in range(2):
        walk(database_url, "head")
        with opened(database_url) as connection:
            row = connection.execute(feed.select()).one()
            assert (row.oldest_cursor, row.newest_cursor, len(row.feed_id)) == (1, 0, 32)
            assert connection.execute(schema_state.select()).one() == (1, CODE)
        names.add(row.feed_id)
        walk(database_url, "base")
    assert len(names) == 2


def test_rebuilding_a_table_keeps_what_points_to_it(
    migrated_database_url: str, fill: Callable[[str], None], rows: Callable[[str], dict[str, list[Any]]], opened: Opened
) -> None:
    """SQLite alters a table by dropping it: children with ON DELETE CASCADE must stay, and the views come back."""
    fill(migrated_database_url)
    before = rows(migrated_database_url)
    with migrating(migrated_database_url) as connection, views_put_aside(connection):
        operations = Operations(MigrationContext.configure(connection, opts={"target_metadata": metadata}))
        with operations.batch_alter_table("records") as batch:
            batch.alter_column("title", new_column_name="heading")
        with operations.batch_alter_table("records") as batch:
            batch.alter_column("heading", new_column_name="title")
        refuse_orphans(connection)
    assert rows(migrated_database_url) == before
    assert before["record_donors"]
    assert before["item_sets"]
    with opened(migrated_database_url) as connection:
        assert set(inspect(connection).get_view_names()) == set(VIEWS)


def test_a_revision_that_orphans_rows_is_undone(
    migrated_sqlite_url: str, fill: Callable[[str], None], rows: Callable[[str], dict[str, list[Any]]]
) -> None:
    """With foreign keys off SQLite itself would not object."""
    fill(migrated_sqlite_url)
    before = rows(migrated_sqlite_url)

    def revise() -> None:
        with migrating(migrated_sqlite_url) as connection:
            connection.exec_driver_sql("DELETE FROM profiles")
            refuse_orphans(connection)

    with pytest.raises(DatabaseRefused, match="would point to no row of profiles; nothing was changed"):
        revise()
    assert rows(migrated_sqlite_url) == before


def test_a_revision_that_fails_leaves_no_trace(database_url: str, walk: Walk, opened: Opened) -> None:
    """DDL is undone on both databases, views and all."""
    walk(database_url, "head")

    def revise() -> None:
        with migrating(database_url) as connection, views_put_aside(connection):
            connection.exec_driver_sql("DROP TABLE hosts")
            connection.exec_driver_sql("ALTER TABLE records ADD COLUMN colour TEXT")
            connection.exec_driver_sql("SELECT nothing FROM nowhere")

    with pytest.raises(DatabaseRefused):
        revise()
    with opened(database_url) as connection:
        assert set(metadata.tables) <= set(inspect(connection).get_table_names())
        assert set(inspect(connection).get_view_names()) == set(VIEWS)
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_views_do_not_stand_in_the_way_of_an_older_revision(database_url: str, walk: Walk, opened: Opened) -> None:
    """They belong to the newest revision and are not there below it."""
    walk(database_url, "head")
    walk(database_url, "-1")
    with opened(database_url) as connection:
        assert inspect(connection).get_view_names() == []
    walk(database_url, "+1")
    with opened(database_url) as connection:
        assert set(inspect(connection).get_view_names()) == set(VIEWS)

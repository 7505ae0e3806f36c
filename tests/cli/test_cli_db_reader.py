"""``oai-ingest db grant-reader``: a role that reads the views, and is refused everything else."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from ingest.store.contract import CONTRACT
from ingest.store.tables import records

OaiIngest = Callable[..., Any]
PASSWORD = "a long password"  # noqa: S105 - of a role that lives as long as its test.


def _plain(database_url: str) -> str:
    return database_url.replace("+psycopg", "")


def _as_owner(database_url: str, *statements: str, **names: str) -> None:
    with psycopg.connect(_plain(database_url), autocommit=True) as connection:
        for statement in statements:
            written = {name: sql.Identifier(value) for name, value in names.items()}
            connection.execute(sql.SQL(statement).format(**written))


@pytest.fixture
def new_role(migrated_postgresql_url: str) -> Iterator[Callable[..., str]]:
    """Return what makes a role that may log in; all are gone afterwards."""
    made: list[str] = []

    def make(options: str = "", *, name: str = "reader") -> str:
        # Roles belong to the server: a name of its own for each test.
        role = f"{name} {uuid4().hex}"
        create = f"CREATE ROLE {{role}} LOGIN PASSWORD '{PASSWORD}' {options}"
        _as_owner(migrated_postgresql_url, create, role=role)
        made.append(role)
        return role

    yield make
    for role in made:
        _as_owner(migrated_postgresql_url, "DROP OWNED BY {role}", "DROP ROLE {role}", role=role)


@pytest.fixture
def grant(oai_ingest: OaiIngest, migrated_postgresql_url: str) -> OaiIngest:
    """Run the command on the test's database."""

    def run(role: str, *options: str) -> Any:
        return oai_ingest("db", "grant-reader", role, *options, OAI_INGEST_DATABASE_URL=migrated_postgresql_url)

    return run


def _login(database_url: str, role: str) -> "psycopg.Connection[tuple[Any, ...]]":
    place = urlsplit(_plain(database_url))
    return psycopg.connect(
        host=place.hostname,
        port=place.port,
        dbname=place.path.lstrip("/"),
        user=role,
        password=PASSWORD,
        autocommit=True,
    )


def _readable(database_url: str, role: str) -> set[str]:
    """Say which views, and which tables, the role can read when it tries."""
    with _login(database_url, role) as connection:
        read = set()
        for name in (*CONTRACT, *records.metadata.tables, "alembic_version"):
            try:
                connection.execute(sql.SQL("SELECT * FROM {}").format(sql.Identifier(name)))
            except psycopg.errors.InsufficientPrivilege:
                continue
            read.add(name)
    return read


# --- what it may ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["reader", '50% of: "all" \'Ö'])
def test_a_reader_reads_the_views_and_no_table(
    grant: OaiIngest, new_role: Callable[..., str], migrated_postgresql_url: str, name: str
) -> None:
    """Whatever it is called; asked a second time the same holds."""
    role = new_role(name=name)
    assert _readable(migrated_postgresql_url, role) == set()
    first, second = grant(role), grant(role, "--json")
    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert second.json["views"] == list(CONTRACT)
    assert (second.json["role"], second.json["read_only"], second.json["statement_seconds"]) == (role, True, 300)
    assert _readable(migrated_postgresql_url, role) == set(CONTRACT)


def test_a_reader_is_read_only_and_limited_from_its_login(
    grant: OaiIngest, new_role: Callable[..., str], migrated_postgresql_url: str
) -> None:
    """In this database; what the role does in others is not ours."""
    role = new_role()
    grant(role)
    with _login(migrated_postgresql_url, role) as connection:
        assert connection.execute("SHOW statement_timeout").fetchone() == ("5min",)
        assert connection.execute("SHOW default_transaction_read_only").fetchone() == ("on",)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("CREATE TEMPORARY TABLE mine (number integer)")


FORBIDDEN = (
    "INSERT INTO catalogue_vocabulary VALUES ('u', 'l', 's', 'c')",
    "UPDATE catalogue_feed SET newest_cursor = 0",
    "DELETE FROM catalogue_vocabulary",
    "TRUNCATE changes",
    "SELECT oai_identifier FROM items",
    "SELECT nextval('items_id_seq')",
    "SELECT setval('items_id_seq', 1)",
    "CREATE TABLE mine (number integer)",
    "CREATE VIEW mine AS SELECT title FROM catalogue_records",
    "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    "CREATE EXTENSION dblink",
    "ALTER VIEW catalogue_feed RENAME TO mine",
    "DROP VIEW catalogue_feed",
    "COMMENT ON VIEW catalogue_feed IS 'mine'",
    "CREATE INDEX mine ON records (title)",
    "LOCK TABLE records",
    "GRANT SELECT ON items TO PUBLIC",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "CREATE ROLE mine",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT lo_import('/etc/hostname')",
    "COPY catalogue_feed TO '/tmp/mine'",
    "COPY catalogue_feed TO PROGRAM 'true'",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> current_user",
)


def test_a_reader_is_refused_all_the_rest(
    grant: OaiIngest, new_role: Callable[..., str], migrated_postgresql_url: str
) -> None:
    """By its rights and not by its settings, which it could change."""
    role = new_role()
    grant(role)
    with psycopg.connect(_plain(migrated_postgresql_url)), _login(migrated_postgresql_url, role) as connection:
        connection.execute("SET default_transaction_read_only = off")
        assert [statement for statement in FORBIDDEN if not _is_refused(connection, statement)] == []


def _is_refused(connection: "psycopg.Connection[tuple[Any, ...]]", statement: str) -> bool:
    try:
        with connection.transaction():
            connection.execute(sql.SQL(statement))
    except psycopg.errors.InsufficientPrivilege:
        return True
    return False


def test_a_reader_still_reads_after_the_views_were_made_anew(
    grant: OaiIngest, new_role: Callable[..., str], oai_ingest: OaiIngest, migrated_postgresql_url: str
) -> None:
    """An upgrade replaces the views of another program version, and gives back who may read them."""
    role = new_role(name="50% of")
    grant(role)
    _as_owner(migrated_postgresql_url, "COMMENT ON VIEW catalogue_records IS 'by another program'")
    place = {"OAI_INGEST_DATABASE_URL": migrated_postgresql_url}
    assert oai_ingest("db", "check", **place).code == 1
    assert oai_ingest("db", "upgrade", **place).code == 0
    assert oai_ingest("db", "check", **place).code == 0
    assert _readable(migrated_postgresql_url, role) == set(CONTRACT)


# --- what is refused ------------------------------------------------------------------------------


def test_a_role_that_is_not_there_is_shown_how_to_be_made(grant: OaiIngest) -> None:
    """In one line that can be copied into psql."""
    ended = grant("No such")
    assert ended.code == 2
    assert "there is no role No such; create it in psql" in ended.error
    assert ended.error.endswith("""CREATE ROLE "No such" LOGIN PASSWORD 'a long password';""")


@pytest.mark.parametrize(
    ("options", "statement", "told"),
    [
        ("SUPERUSER", None, "may make roles or databases, or do anything"),
        ("CREATEROLE", None, "may make roles or databases, or do anything"),
        ("", "GRANT SELECT ON items TO {role}", "(SELECT on items)"),
        ("", "GRANT SELECT (url) ON endpoints TO {role}", "(SELECT on endpoints)"),
        ("", "GRANT DELETE ON catalogue_feed TO {role}", "(DELETE on catalogue_feed)"),
        ("", "GRANT CREATE ON SCHEMA public TO {role}", "(CREATE in schema public)"),
        ("", "GRANT pg_read_all_data TO {role}", "(SELECT on alembic_version, "),
        ("NOINHERIT", "GRANT pg_write_all_data TO {role}", "(DELETE on alembic_version, "),
    ],
)
def test_a_role_that_may_do_more_is_refused(
    grant: OaiIngest,
    new_role: Callable[..., str],
    migrated_postgresql_url: str,
    *,
    options: str,
    statement: str | None,
    told: str,
) -> None:
    """By itself or through another role, at once or by SET ROLE; nothing is granted then, nor taken away."""
    role = new_role(options)
    if statement:
        _as_owner(migrated_postgresql_url, statement, role=role)
    before = _readable(migrated_postgresql_url, role)
    ended = grant(role)
    assert ended.code == 2
    assert told in ended.error
    assert _readable(migrated_postgresql_url, role) == before


def test_who_may_not_grant_is_told_to_be_another(
    new_role: Callable[..., str], oai_ingest: OaiIngest, migrated_postgresql_url: str
) -> None:
    """The command's own connection has to be allowed to."""
    role, other = new_role(), new_role(name="other")
    _as_owner(migrated_postgresql_url, "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {other}", other=other)
    place = urlsplit(migrated_postgresql_url)
    login = f"{quote(other)}:{quote(PASSWORD)}"
    url = f"postgresql://{login}@{place.hostname}:{place.port}{place.path}"
    ended = oai_ingest("db", "grant-reader", role, OAI_INGEST_DATABASE_URL=url)
    assert ended.code == 2
    assert ended.error.startswith(f"your own role may not give {role} its rights")
    assert _readable(migrated_postgresql_url, role) == set()


def test_a_database_without_roles_or_tables_is_refused(oai_ingest: OaiIngest, database_url: str, tmp_path: Any) -> None:
    """SQLite has no roles, and no file is made; PostgreSQL needs its upgrade first."""
    before = sorted(tmp_path.iterdir())
    ended = oai_ingest("db", "grant-reader", "reader", OAI_INGEST_DATABASE_URL=database_url)
    assert ended.code == 2
    assert "SQLite has no roles" in ended.error or "oai-ingest db upgrade" in ended.error
    assert sorted(tmp_path.iterdir()) == before

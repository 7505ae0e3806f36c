"""The role with which a catalogue reads on PostgreSQL: the views, and nothing else."""

from dataclasses import dataclass

from sqlalchemy import Connection, exc, text

from ingest.errors import DatabaseRefused
from ingest.store.contract import CONTRACT
from ingest.store.engine import open_engine, write
from ingest.store.schema import check
from ingest.store.tables import records

STATEMENT_SECONDS = 300
"""How long one statement of a reader may take: longer than a page of any view needs, shorter than a mistake would."""

_VIEWS = tuple(CONTRACT)
_NOT_ALLOWED = "42501"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What a role may do from now on."""

    role: str
    database: str
    views: tuple[str, ...]
    statement_seconds: int = STATEMENT_SECONDS
    read_only: bool = True


def grant_reader(database_url: str, role: str) -> Reader:
    """Let a role read the views, with a limit to each statement; asked again, nothing changes.

    It may do nothing else here, or nothing is granted: neither by itself, nor by a role that it belongs to, nor as
    everybody. Raises DatabaseRefused where it is not there, may do more, or is not ours to give rights to.
    """
    if database_url.startswith("sqlite"):
        raise DatabaseRefused(
            "SQLite has no roles: whoever may read the file may read the views; give out a copy of it"
        )
    if check(database_url).upgrade_due:
        raise DatabaseRefused("an upgrade of the database is due; run `oai-ingest db upgrade`, then this again")
    database = open_engine(database_url)
    try:
        return write(database, lambda connection: _granted(connection, role))
    except DatabaseRefused as error:
        if _sqlstate(error.__cause__) == _NOT_ALLOWED:
            raise DatabaseRefused(_ask_another(role)) from error
        raise
    finally:
        database.dispose()


def _sqlstate(error: BaseException | None) -> str | None:
    return getattr(error.orig, "sqlstate", None) if isinstance(error, exc.DBAPIError) else None


def _ask_another(role: str) -> str:
    return (
        f"your own role may not give {role} its rights; set OAI_INGEST_DATABASE_URL to a superuser's for this command"
    )


def _granted(connection: Connection, role: str) -> Reader:
    _refuse_unless_an_ordinary_role(connection, role)
    values = {"role": role, "views": list(_VIEWS)}
    for statement in connection.scalars(text(_GRANTS), {**values, "limit": f"{STATEMENT_SECONDS}s"}).all():
        # Made by the database itself, which writes names as they have to be; a per cent sign in one is no parameter.
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
    if not connection.scalar(text(_ENOUGH), values):
        # PostgreSQL only warns where whoever grants has the right itself and may not pass it on.
        raise DatabaseRefused(_ask_another(role))
    tables = [*records.metadata.tables, "alembic_version"]
    more = connection.scalars(text(_MORE), {**values, "tables": tables}).all()
    if more:
        examples = ", ".join([*more[:3], *(["…"] if more[3:] else [])])
        raise DatabaseRefused(
            f"{role} may do more than read the views ({examples}); take it from the role, from those that it belongs "
            "to and from PUBLIC, or name another role"
        )
    return Reader(role=role, database=connection.execute(text("SELECT current_database()")).scalar_one(), views=_VIEWS)


def _refuse_unless_an_ordinary_role(connection: Connection, role: str) -> None:
    found = connection.execute(text(_ROLE), {"role": role}).one_or_none()
    if found is None:
        create = connection.scalar(text(_CREATE), {"role": role})
        raise DatabaseRefused(f"there is no role {role}; create it in psql, then run this again: {create}")
    if found.powerful:
        raise DatabaseRefused(f"{role} may make roles or databases, or do anything; name a role that may not")


_ROLE = """
SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS powerful
  FROM pg_roles WHERE rolname = :role
"""

_CREATE = "SELECT format('CREATE ROLE %I LOGIN PASSWORD %L;', CAST(:role AS text), 'a long password')"

# A name can not be a parameter of these statements: the database writes them, with its own rules of quoting.
_GRANTS = """
SELECT format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), CAST(:role AS text))
UNION ALL
SELECT format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), CAST(:role AS text))
UNION ALL
SELECT format('GRANT SELECT ON %I.%I TO %I', current_schema(), named, CAST(:role AS text))
  FROM unnest(CAST(:views AS text[])) AS named
UNION ALL
SELECT format('ALTER ROLE %I IN DATABASE %I SET %I = %L', CAST(:role AS text), current_database(), setting, value)
  FROM (VALUES ('statement_timeout', CAST(:limit AS text)), ('default_transaction_read_only', 'on'))
       AS wanted (setting, value)
"""

_ENOUGH = """
SELECT has_database_privilege(:role, current_database(), 'CONNECT')
   AND has_schema_privilege(:role, current_schema(), 'USAGE')
   AND (SELECT bool_and(has_table_privilege(:role, format('%I.%I', current_schema(), named), 'SELECT'))
          FROM unnest(CAST(:views AS text[])) AS named)
"""

# Whatever the role is, or may become by SET ROLE.
_MORE = """
WITH roles AS (SELECT oid FROM pg_roles WHERE pg_has_role(:role, oid, 'MEMBER'))
SELECT DISTINCT format('%s on %s', privilege, relname)
  FROM roles, pg_class,
       unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS privilege
 WHERE relnamespace = CAST(current_schema() AS regnamespace)
   AND (relname = ANY(:tables) OR (relname = ANY(:views) AND privilege <> 'SELECT'))
   AND (has_table_privilege(roles.oid, pg_class.oid, privilege)
        OR (privilege IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
            AND has_any_column_privilege(roles.oid, pg_class.oid, privilege)))
UNION
SELECT format('CREATE in schema %s', nspname)
  FROM roles, pg_namespace
 WHERE nspname NOT LIKE 'pg\\_%' AND has_schema_privilege(roles.oid, pg_namespace.oid, 'CREATE')
UNION
SELECT format('CREATE in database %s', current_database())
  FROM roles WHERE has_database_privilege(roles.oid, current_database(), 'CREATE')
 ORDER BY 1
"""

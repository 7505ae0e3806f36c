"""The catalogue views, version 1: what other programs read. Code, not migrations, so every release brings its own.

Each statement is written once for both databases; ``{json}`` and ``{sets}`` are where they differ, ``{kept}`` and
``{whole}`` stand for what ``languages`` shortens. What the columns are and mean, and when they may change, stands in
``contract``.
"""

import hashlib
from collections.abc import Callable

from sqlalchemy import Column, Connection, MetaData, Table, text
from sqlalchemy.schema import SetColumnComment

from ingest.store.contract import CONTRACT, MINOR, VERSION
from ingest.store.languages import KEPT, WHOLE

# A key is given out before its record has content: until the first version is written there is nothing to show.
_RECORDS = """
SELECT records.key AS record_key,
       records.namespace,
       records.record_id,
       endpoints.name AS endpoint,
       items.oai_identifier,
       items.metadata_prefix,
       items.datestamp,
       records.title,
       CAST(records.creators AS {json}) AS creators,
       records.date,
       CAST(records.languages AS {json}) AS languages,
       records.rights_uri,
       records.rights_category,
       CAST(replace(records.metadata, {kept}, {whole}) AS {json}) AS metadata,
       records.version,
       records.deleted,
       records.merged_into,
       records.created_at,
       records.changed_at,
       records.rights_conflict
  FROM records
  LEFT JOIN items ON items.id = records.item_id
  LEFT JOIN endpoints ON endpoints.id = items.endpoint_id
 WHERE records.version > 0
"""

_RIGHTS = """
SELECT record_key,
       position,
       statement,
       uri,
       label,
       category,
       access,
       embargo_end,
       holder,
       CAST(permits AS {json}) AS permits,
       contact,
       rule,
       confidence,
       CAST(details AS {json}) AS details
  FROM record_rights
"""

_DONORS = """
SELECT record_key,
       position,
       name,
       kind,
       role,
       identifier,
       statement,
       CAST(evidence AS {json}) AS evidence,
       rule,
       confidence
  FROM record_donors
"""

_SOURCES = """
SELECT record_key,
       position,
       statement,
       type,
       repository,
       ref,
       pages,
       collection,
       CAST(parts AS {json}) AS parts,
       rule,
       confidence
  FROM record_sources
"""

# An item of which only a tombstone was ever seen has no record: its record_key is NULL.
_ITEMS = """
SELECT items.record_key,
       endpoints.name AS endpoint,
       items.oai_identifier,
       items.metadata_prefix,
       items.datestamp,
       items.deleted,
       COALESCE(records.item_id = items.id, FALSE) AS speaks,
       {sets} AS sets,
       items.origin_base_url,
       items.origin_identifier,
       items.first_seen_at,
       CAST(items.origins AS {json}) AS origins
  FROM items
  JOIN endpoints ON endpoints.id = items.endpoint_id
  LEFT JOIN records ON records.key = items.record_key
"""

_CHANGES = """
SELECT changes.cursor,
       changes.record_key,
       records.namespace,
       records.record_id,
       changes.change,
       CAST(changes.fields AS {json}) AS fields,
       changes.version,
       changes.merged_into,
       changes.changed_at
  FROM changes
  JOIN records ON records.key = changes.record_key
"""

_FEED = f"""
SELECT feed_id,
       oldest_cursor,
       newest_cursor,
       {VERSION} AS contract_version,
       {MINOR} AS contract_minor
  FROM feed
"""  # noqa: S608  # the only things filled in are two numbers of the contract

_VOCABULARY = """
SELECT uri,
       label,
       scheme,
       category
  FROM rights_statements
"""

VIEWS = {
    "catalogue_records": _RECORDS,
    "catalogue_rights": _RIGHTS,
    "catalogue_donors": _DONORS,
    "catalogue_sources": _SOURCES,
    "catalogue_items": _ITEMS,
    "catalogue_changes": _CHANGES,
    "catalogue_feed": _FEED,
    "catalogue_vocabulary": _VOCABULARY,
}
"""Name -> query; nothing else is promised to other programs."""

_DIALECTS = {
    "postgresql": {
        "json": "jsonb",
        "sets": "COALESCE((SELECT jsonb_agg(item_sets.set_spec ORDER BY item_sets.set_spec) "
        "FROM item_sets WHERE item_sets.item_id = items.id), '[]'::jsonb)",
    },
    "sqlite": {
        "json": "TEXT",
        # Older SQLite has no ORDER BY inside an aggregate; it takes the rows as the subquery gives them.
        "sets": "(SELECT json_group_array(sorted.set_spec) FROM (SELECT set_spec FROM item_sets "
        "WHERE item_sets.item_id = items.id ORDER BY set_spec) AS sorted)",
    },
}

_SHORTENED = {"kept": f"'{KEPT}'", "whole": f"'{WHOLE}'"}


def create_views(connection: Connection) -> None:
    """Create the views, on PostgreSQL with their comments; every table must have the newest revision's columns."""
    for name in VIEWS:
        connection.exec_driver_sql(_statement(name, connection.dialect.name))
        if connection.dialect.name == "postgresql":
            comment = _comment(name).replace("'", "''")
            connection.exec_driver_sql(f"COMMENT ON VIEW {name} IS '{comment}'")
            for column in _commented(name).columns:
                connection.execute(SetColumnComment(column))


def drop_views(connection: Connection) -> Callable[[], None]:
    """Drop the views that exist and return what gives the rights on them back, once they are created again.

    PostgreSQL forgets with a view who may read it. A view of someone else's that stands on ours makes it refuse.
    """
    grants = _grants(connection) if connection.dialect.name == "postgresql" else ()
    for name in VIEWS:
        connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")

    def give_back() -> None:
        for grant in grants:
            # Told apart from its parameters, since a role's name may have a per cent sign.
            connection.exec_driver_sql(grant, execution_options={"no_parameters": True})

    return give_back


def views_current(connection: Connection) -> bool:
    """Tell whether the database holds every view as this code writes it."""
    if connection.dialect.name == "postgresql":
        comments = connection.execute(text(_POSTGRESQL_COMMENTS), {"names": list(VIEWS)})
        return {tuple(row) for row in comments} == {(name, _comment(name)) for name in VIEWS}
    stored = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'view'")
    return {(name, _statement(name, "sqlite")) for name in VIEWS} <= {tuple(row) for row in stored}


def _statement(name: str, dialect: str) -> str:
    return f"CREATE VIEW {name} AS {VIEWS[name].format(**_DIALECTS[dialect], **_SHORTENED).strip()}"


# PostgreSQL rewrites a view's query, so that it can not be compared; a comment tells which text made it.
_POSTGRESQL_COMMENTS = """
SELECT relname, obj_description(oid, 'pg_class') FROM pg_class
 WHERE relkind = 'v' AND pg_table_is_visible(oid) AND relname = ANY(:names)
"""


def _comment(name: str) -> str:
    contract = CONTRACT[name]
    told = [_statement(name, "postgresql"), *(column.meaning for column in contract.columns)]
    digest = hashlib.sha256("\n".join(told).encode()).hexdigest()
    return f"{contract.meaning} (oai-ingest, views {VERSION}.{MINOR}, {digest[:16]})"


def _commented(name: str) -> Table:
    """Give a view as a table of its columns, each with its meaning as the comment."""
    return Table(name, MetaData(), *(Column(each.name, comment=each.meaning) for each in CONTRACT[name].columns))


_POSTGRESQL_GRANTS = """
SELECT format('GRANT %s ON %s TO %s%s', granted.privilege_type, pg_class.oid::regclass,
              CASE granted.grantee WHEN 0 THEN 'PUBLIC' ELSE granted.grantee::regrole::text END,
              CASE WHEN granted.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
  FROM pg_class, aclexplode(pg_class.relacl) AS granted
 WHERE relkind = 'v' AND pg_table_is_visible(pg_class.oid) AND relname = ANY(:names)
   AND granted.grantee <> pg_class.relowner
"""


def _grants(connection: Connection) -> tuple[str, ...]:
    return tuple(connection.scalars(text(_POSTGRESQL_GRANTS), {"names": list(VIEWS)}))

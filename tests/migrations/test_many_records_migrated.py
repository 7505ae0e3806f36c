"""A database that was in use at the first revision with records and a feed: the upgrade keeps every row of it."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, Table, select, text

from ingest.descriptions import VocabularyEntry
from ingest.store.migrating import HEAD, REVISIONS
from ingest.store.schema import CODE, upgrade

FIRST = "20261124_0930_feed"
MANY = 100_000
AT = "'2026-01-02T03:04:05.000006Z'"
DATE = "'2026-01-02'"
BLOB = {
    "postgresql": "decode(md5(CAST(i AS text)) || md5(CAST(-i AS text)), 'hex')",
    "sqlite": "CAST('bytes of ' || i AS BLOB)",
}
ONE, ALL, TENTH = "i = 1", "i > 0", "i % 10 = 0"


def _field(said: str, rule: str, **columns: str) -> dict[str, str]:
    told = {"record_key": "i", "position": "0", "statement": f"'{said} ' || i", "rule": f"'{rule}'"}
    return {**told, "confidence": "'named'", **columns}


# Table, the SQL of each column's value, and for which numbers i there is a row. BLOB is bytes that tell the number.
ROWS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("endpoints", {"id": "1", "name": "'a'", "url": "'u'", "declaration": "'{}'", "created_at": AT}, ONE),
    (
        "runs",
        {"id": "1", "endpoint_id": "1", "kind": "'full'", "selection": "'{}'", "declaration": "'{}'"}
        | {"verdict": "'complete'", "started_at": AT, "ended_at": AT},
        ONE,
    ),
    ("windows", {"id": "1", "run_id": "1", "metadata_prefix": "'oai_dc'", "state": "'ended'"}, ONE),
    (
        "coverage",
        {"endpoint_id": "1", "metadata_prefix": "'oai_dc'", "set_spec": "''", "bound": AT, "full_count": ":many"},
        ONE,
    ),
    ("profiles", {"id": "i", "digest": "BLOB", "content": "'{}'"}, "i <= 3"),
    (
        "records",
        {"key": "i", "namespace": "'papers'", "record_id": "'record ' || i", "item_id": "i", "digest": "BLOB"}
        | {"version": f"1 + CAST({TENTH} AS integer)", "deleted": "i % 50 = 0", "title": "'Title ' || i"}
        | {"creators": "'[\"Author\"]'", "metadata": "'{}'", "created_at": AT, "changed_at": AT},
        ALL,
    ),
    (
        "items",
        {"id": "i", "endpoint_id": "1", "metadata_prefix": "'oai_dc'", "oai_identifier": "'oai' || i"}
        | {"datestamp": DATE, "datestamp_key": DATE, "response_date": DATE, "run_id": "1", "deleted": "i % 50 = 0"}
        | {"digest": "BLOB", "header_digest": "BLOB", "profile_id": "1 + i % 3", "understood": ALL}
        | {"priority": "100", "prefix_position": "0", "record_key": "i", "xml": "BLOB", "first_seen_at": AT},
        ALL,
    ),
    ("item_sets", {"item_id": "i", "set_spec": "'set ' || i % 7"}, ALL),
    (
        "record_versions",
        {"record_key": "i", "version": "1", "content": "'{}'", "deleted": "i < 0", "change": "'changed'"}
        | {"valid_from": AT, "valid_until": AT},
        TENTH,
    ),
    ("record_rights", _field("©", "rights/r@1", category="'in-copyright'"), ALL),
    ("record_donors", _field("Gift of", "donor/d@1", name="'Donor ' || i", kind="'person'", role="'donor'"), ALL),
    ("record_sources", _field("Box", "source/s@1", type="'archival'"), ALL),
    (
        "changes",
        {"cursor": "i", "record_key": "i", "change": "'created'", "fields": "'[]'", "version": "1", "changed_at": AT},
        ALL,
    ),
    (
        "changes",
        {"cursor": ":many + i / 10", "record_key": "i", "change": "'changed'", "fields": "'[]'", "version": "2"}
        | {"changed_at": AT},
        TENTH,
    ),
)

Kept = dict[str, tuple[list[str], int, str]]


def _in_use(connection: Connection, many: int) -> None:
    """Fill a database as a program of the first revision would have left it, a statement a table."""
    connection.execute(text("CREATE TEMPORARY TABLE numbers (i INTEGER PRIMARY KEY)"))
    count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many) SELECT i FROM n"
    connection.execute(text(f"INSERT INTO numbers {count}"), {"many": many})
    for table, values, which in ROWS:
        told = ", ".join(values.values()).replace("BLOB", BLOB[connection.dialect.name])
        statement = text(f"INSERT INTO {table} ({', '.join(values)}) SELECT {told} FROM numbers WHERE {which}")
        connection.execute(statement, {"many": many} if ":many" in told else {})
    connection.execute(text("UPDATE feed SET newest_cursor = :newest"), {"newest": many + many // 10})


def _kept(connection: Connection, known: Kept | None = None) -> Kept:
    """Read every table, or those that are known with the columns that they had: how many rows, and a digest of all."""
    reflected = MetaData()
    reflected.reflect(connection)
    # What programs may work with the database is raised on purpose, and told by the test itself.
    names = known or sorted(reflected.tables.keys() - {"alembic_version", "schema_state"})
    return {name: _told(connection, reflected.tables[name], known[name][0] if known else None) for name in names}


def _told(connection: Connection, table: Table, columns: list[str] | None) -> tuple[list[str], int, str]:
    columns = columns or [column.name for column in table.columns]
    digest, number = hashlib.sha256(), 0
    query = select(*(table.c[name] for name in columns)).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=5_000).execute(query):
        number += 1
        # A later revision lengthens the digests of profiles on purpose: their beginning is what was there.
        told = [
            value[:10] if name == "digest" and table.name == "profiles" else value
            for name, value in zip(columns, row, strict=True)
        ]
        digest.update(repr(told).encode())
    return columns, number, digest.hexdigest()


@pytest.mark.parametrize("many", [5_000, pytest.param(MANY, marks=pytest.mark.long)])
def test_a_database_in_use_is_upgraded_and_keeps_every_row(  # noqa: PLR0917 - the fixtures that it takes.
    database_url: str,
    walk: Callable[[str, str], None],
    opened: Callable[[str], Any],
    vocabulary: tuple[VocabularyEntry, ...],
    many: int,
) -> None:
    """Records, versions and cursors: who followed the feed before goes on, and reads what the views always told."""
    walk(database_url, FIRST)
    with opened(database_url) as connection:
        _in_use(connection, many)
    with opened(database_url) as connection:
        before = _kept(connection)
    assert {name for name, (_, number, _) in before.items() if not number} == {"gaps", "hosts", "pages"}

    assert upgrade(database_url, vocabulary=vocabulary) == REVISIONS[REVISIONS.index(FIRST) + 1 :]

    with opened(database_url) as connection:
        assert _kept(connection, before) == before
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == HEAD
        assert connection.scalar(text("SELECT oldest_code FROM schema_state")) == CODE
        assert connection.scalar(text("SELECT count(*) FROM catalogue_records")) == many
        assert connection.scalar(text("SELECT count(*) FROM catalogue_records WHERE version = 2")) == many // 10
        feed = connection.execute(text("SELECT feed_id, oldest_cursor, newest_cursor FROM catalogue_feed")).one()
        assert connection.execute(text("SELECT feed_id, oldest_cursor, newest_cursor FROM feed")).one() == feed
        assert feed[1:] == (1, many + many // 10)
        assert connection.scalar(text("SELECT max(cursor) FROM catalogue_changes")) == feed.newest_cursor

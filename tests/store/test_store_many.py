"""Many rows at once: whichever way they take into the database, they arrive as they are, or as an error one knows."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, bindparam, exc, insert, select, text, update
from store_pages import change_database, harvesting, live, rows

from ingest.store import ledger_tables, tables
from ingest.store.engine import write
from ingest.store.many import insert_many, write_many
from ingest.store.types import instant_for

_records = tables.records.c
SET = ("item_id", "set_spec")
NOW = datetime(2026, 5, 1, 12, 30, 15, 250, tzinfo=UTC)
TEXTS = [
    "",
    "plain",
    "tab\tnewline\nreturn\rbackslash\\N \\. end",
    "'\"%s %(name)s ?",
    "\u0416\u00e9\U0001f4dc",
    "{a,b}",
]


def item_of(harvest_id: int, number: int, told: str) -> dict[str, Any]:
    """Make an item's row, with a value of each kind that tables have."""
    return {
        "endpoint_id": harvest_id,
        "metadata_prefix": "oai_dc",
        "oai_identifier": f"{number}{told}",
        "datestamp": told or None,
        "datestamp_key": told,
        "response_date": told,
        "deleted": number % 2 == 0,
        "digest": bytes(range(256)),
        "header_digest": b"",
        "understood": True,
        "priority": -number,
        "prefix_position": 0,
        "xml": None if number % 2 else bytes([0, 9, 10, 13, 92]),
    }


@pytest.mark.parametrize("number", [1, len(TEXTS)])
def test_rows_arrive_as_they_are(database: Engine, number: int) -> None:
    """Signs that a stream of rows takes for its own, bytes, nothing at all, instants, and either truth."""
    harvest = harvesting(database)
    told = [item_of(harvest.endpoint_id, each, TEXTS[each]) for each in range(number)]
    of_run = {"run_id": harvest.run_id, "profile_id": harvest.profile_id}
    with database.begin() as connection:
        first_seen_at = instant_for(NOW, connection.dialect)
        names = (*told[0], *of_run, "first_seen_at")
        values = [(*row.values(), *of_run.values(), first_seen_at) for row in told]
        insert_many(connection, tables.items, names, values)
    wanted = [tables.items.c[name] for name in (*told[0], "first_seen_at")]
    with database.connect() as connection:
        found = connection.execute(select(*wanted).order_by(tables.items.c.priority.desc())).all()

    assert [row._asdict() for row in found] == [{**row, "first_seen_at": NOW} for row in told]


def test_no_rows_are_no_statement(database: Engine) -> None:
    """Nothing is asked, and nothing written."""
    with database.begin() as connection:
        insert_many(connection, tables.item_sets, SET, [])
        assert write_many(connection, insert(tables.item_sets), SET, []) == 0


def test_what_the_database_refuses_is_told_as_of_any_statement(database: Engine) -> None:
    """So that whoever repeats transactions knows it."""
    with pytest.raises(exc.IntegrityError) as refused, database.begin() as connection:
        insert_many(connection, tables.item_sets, SET, [(1, "papers")])

    assert refused.value.statement is not None
    assert not refused.value.connection_invalidated


def test_rows_whose_connection_is_lost_are_written_over_another(database: Engine) -> None:
    """As when the server is started again in the middle."""
    tries: list[int] = []

    def work(connection: Connection) -> None:
        tries.append(1)
        if len(tries) == 1 and database.dialect.name == "postgresql":
            process = connection.scalar(text("SELECT pg_backend_pid()"))
            with database.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:process, 10000)"), {"process": process})
        insert_many(connection, ledger_tables.hosts, ("name",), [("archive.example.org",), ("other.example.org",)])

    write(database, work)

    assert rows(database, "SELECT name FROM hosts ORDER BY name") == [("archive.example.org",), ("other.example.org",)]
    assert len(tries) == (2 if database.dialect.name == "postgresql" else 1)


def test_the_rows_that_were_written_are_counted(database: Engine) -> None:
    """Whoever replaces rows on a condition learns from that whether it held for all."""
    harvesting(database).keep(live("1", "a"), live("2", "b"))
    change_database(database, "UPDATE records SET version = 7 WHERE record_id = 'a'")
    named = (_records.record_id == bindparam("the_id"), _records.version < bindparam("most"))
    older = update(tables.records).where(*named).values(deleted=bindparam("is_deleted"))
    names = ("the_id", "is_deleted", "most")
    with database.begin() as connection:
        written = write_many(connection, older, names, [(record_id, True, 7) for record_id in ("a", "b", "c")])

    assert written == 1

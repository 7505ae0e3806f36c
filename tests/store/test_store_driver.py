"""What is handed to the driver as it is: values and rows come as SQLAlchemy would give them, and so do errors."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import ClauseElement, Connection, Engine, bindparam, delete, exc, insert, null, select, text, update
from store_pages import harvesting, live, refused

from ingest.store import items, ledger_tables, tables
from ingest.store.driver import ask
from ingest.store.engine import open_engine, write
from ingest.store.types import among, database_now

NOW = datetime(2026, 5, 1, 12, 30, 15, 250, tzinfo=UTC)
_items = tables.items.c
_rejections = tables.rejections.c
IDENTIFIERS = {"identifiers": ["oai:1", "oai:2", "\u0416'%s"]}
# Each kind of value that a page's statements are given, bring themselves, or read.
ASKED: dict[str, tuple[ClauseElement, dict[str, Any]]] = {
    "items": (items._KNOWN, {"endpoint_id": 1, "metadata_prefix": "oai_dc", **IDENTIFIERS}),  # noqa: SLF001
    "all columns": (select(tables.items).where(among(_items.oai_identifier, "identifiers")), IDENTIFIERS),
    "all columns of a window": (select(ledger_tables.windows), {}),
    "an instant": (
        select(_rejections.first_seen_at, _rejections.released_at, _rejections.content).where(
            _rejections.last_seen_at < bindparam("now")
        ),
        {"now": NOW.replace(year=2100)},
    ),
    "what the statement brings": (select(_items.id).where(_items.deleted.is_(False)).limit(1), {}),
    "a condition": (select(_items.xml.is_(None), null()).where(_items.digest != bindparam("digest")), {"digest": b""}),
    "text": (text("SELECT metadata_prefix FROM items WHERE oai_identifier = :name"), {"name": "oai:1"}),
    "no row": (select(tables.items).where(_items.id == bindparam("id")), {"id": 0}),
}


@pytest.mark.parametrize("name", ASKED)
def test_a_statement_reads_what_sqlalchemy_reads(database: Engine, name: str) -> None:
    """Each value is equal and of the same type."""
    harvesting(database).keep(live("oai:1", "a", set_specs=("papers",)), live("oai:2", "b"), refused("oai:3"))
    statement, values = ASKED[name]
    with database.connect() as connection:
        found = ask(connection, statement, values)
        expected = connection.execute(statement, values).all()  # type: ignore[call-overload]
    assert found == [tuple(row) for row in expected]
    assert [list(map(type, row)) for row in found] == [list(map(type, row)) for row in expected]
    assert bool(found) == (name != "no row")


def test_the_databases_clock_is_read_as_an_instant(database: Engine) -> None:
    """It is what leases go by."""
    with database.connect() as connection:
        ((now,),) = ask(connection, select(database_now()), {})
    assert now.tzinfo is UTC


def test_what_gives_no_rows_is_written_all_the_same(database: Engine) -> None:
    """In the transaction that it stands in."""
    hosts = ledger_tables.hosts
    named = {"name": "archive.example.org"}
    later = update(hosts).where(hosts.c.name == bindparam("of_name")).values(next_at=bindparam("later"))
    with database.begin() as connection:
        assert ask(connection, insert(hosts).values(name=bindparam("name")), named) == []
        assert ask(connection, later, {"of_name": named["name"], "later": NOW}) == []
    with database.connect() as connection, connection.begin() as undone:
        assert ask(connection, select(hosts.c.next_at), {}) == [(NOW,)]
        ask(connection, delete(hosts), {})
        undone.rollback()
        assert ask(connection, select(hosts.c.name), {}) == [(named["name"],)]


def test_what_the_database_refuses_is_told_as_of_any_statement(database: Engine) -> None:
    """So that whoever repeats transactions knows it."""
    sets = insert(tables.item_sets).values(item_id=bindparam("item_id"), set_spec=bindparam("set_spec"))
    with pytest.raises(exc.IntegrityError) as told, database.begin() as connection:
        ask(connection, sets, {"item_id": 1, "set_spec": "papers"})
    assert told.value.statement is not None
    assert not told.value.connection_invalidated


def test_a_question_whose_connection_is_lost_is_asked_over_another(migrated_postgresql_url: str) -> None:
    """As when the server is started again in the middle."""
    database, tries = open_engine(migrated_postgresql_url), []

    def work(connection: Connection) -> list[Any]:
        tries.append(1)
        if len(tries) == 1:
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return ask(connection, select(ledger_tables.hosts.c.name), {})

    assert write(database, work) == []
    assert len(tries) == 2
    database.dispose()

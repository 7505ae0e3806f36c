"""Transactions that are repeated, and what a person is told when a database can not be used."""

import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text
from store_pages import harvesting, live, rows

from ingest.errors import DatabaseRefused
from ingest.store.engine import open_engine, reading, write


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """Open a database and close it afterwards."""
    engine = open_engine(url)
    yield engine
    engine.dispose()


def refusal(url: str, statement: str = "DELETE FROM items") -> str:
    """Write to a database that can not be written to, and give what is said."""
    with opened(url) as engine, pytest.raises(DatabaseRefused) as refused:
        write(engine, lambda connection: connection.execute(text(statement)))
    return str(refused.value)


def test_a_database_without_tables_is_to_be_upgraded(database_url: str) -> None:
    """The command is named."""
    assert "run `oai-ingest db upgrade`" in refusal(database_url)


def test_a_read_only_file_is_named(migrated_sqlite_url: str) -> None:
    """What to do stands beside it."""
    path = migrated_sqlite_url.removeprefix("sqlite:///")

    assert refusal(f"sqlite:///file:{path}?mode=ro&uri=true") == (
        "the database is read-only; make its file and folder writable"
    )


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """It is not written over."""
    path = tmp_path / "notes.txt"
    path.write_text("no database " * 100)

    assert "no SQLite database" in refusal(f"sqlite:///{path}")
    assert path.read_text() == "no database " * 100


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    """The driver's own words say less."""
    assert "can not be opened" in refusal(f"sqlite:///{tmp_path}/nowhere/new.db")


def test_a_server_that_does_not_answer_is_named() -> None:
    """With the variable that says where it should be."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    told = refusal(f"postgresql+psycopg://nobody@127.0.0.1:{port}/nothing")

    assert told.startswith("the database is not reachable: ")
    assert told.endswith("; check OAI_INGEST_DATABASE_URL")


def test_a_read_only_role_is_told_apart(migrated_postgresql_url: str) -> None:
    """A catalogue's role reads views and nothing else."""
    url = f"{migrated_postgresql_url}?options=-c%20default_transaction_read_only%3Don"

    assert refusal(url) == "the database is read-only; connect with a role that may write"


def test_errors_are_told_in_one_line(database: Engine) -> None:
    """Whatever the driver writes."""
    with pytest.raises(DatabaseRefused) as refused:
        write(database, lambda connection: connection.execute(text("INSERT INTO feed VALUES (1, 'x', 1, 1)")))

    assert "\n" not in str(refused.value)


def test_two_transactions_that_wait_for_each_other_both_succeed(migrated_postgresql_url: str) -> None:
    """The one that the database gives up is repeated."""
    with opened(migrated_postgresql_url) as database:
        harvesting(database).keep(live("1", "a"), live("2", "b"))
        both_hold_one = threading.Barrier(2)
        times: list[str] = []

        def work(connection: Connection, first: str, second: str) -> None:
            lock = text("UPDATE records SET title = title || :by WHERE record_id = :record_id")
            connection.execute(lock, {"by": first, "record_id": first})
            times.append(first)
            if times.count(first) == 1:
                both_hold_one.wait()
            connection.execute(lock, {"by": first, "record_id": second})

        one, other = (
            threading.Thread(target=write, args=(database, lambda connection, names=names: work(connection, *names)))
            for names in ("ab", "ba")
        )
        one.start()
        other.start()
        one.join()
        other.join()
        titles = rows(database, "SELECT title FROM records ORDER BY record_id")

    assert len(times) == 3
    assert [sorted(title.removeprefix("words")) for (title,) in titles] == [["a", "b"], ["a", "b"]]


def test_a_writer_waits_for_another_and_a_reader_for_none(database: Engine) -> None:
    """A page is written while the one before it still commits; a catalogue reads meanwhile."""
    harvest = harvesting(database)
    holds, order = threading.Event(), []

    def slow(connection: Connection) -> None:
        connection.execute(text("UPDATE feed SET newest_cursor = newest_cursor"))
        holds.set()
        time.sleep(0.3)
        order.append("slow")

    thread = threading.Thread(target=write, args=(database, slow))
    thread.start()
    holds.wait()
    with reading(database) as connection:
        connection.execute(text("SELECT * FROM catalogue_changes")).all()
        order.append("read")
    harvest.keep(live("1", "a"))
    order.append("written")
    thread.join()

    assert order == ["read", "slow", "written"]


def test_a_new_file_has_pages_that_hold_several_records_and_an_old_one_keeps_its_own(tmp_path: Path) -> None:
    """Two records' rows do not fit on one of SQLite's usual pages, and half of the file would be empty."""
    new, old = (f"sqlite:///{tmp_path / name}" for name in ("new.db", "old.db"))
    with closing(sqlite3.connect(tmp_path / "old.db")) as made_before:
        made_before.execute("PRAGMA page_size = 4096")
        made_before.execute("CREATE TABLE items (id INTEGER)")
    with opened(new) as one, opened(old) as other:
        assert rows(one, "PRAGMA page_size") == [(16384,)]
        assert rows(other, "PRAGMA page_size") == [(4096,)]

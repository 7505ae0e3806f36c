"""Eight processes write pages of one namespace at once, while a catalogue follows the feed."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import store_world
from equality import assert_equal
from sqlalchemy import Engine, create_engine, text
from store_pages import rows

# The order of precedence in one statement, beside the function that decides a record at a time.
WRONG_SPEAKERS = """
SELECT records.record_id, records.item_id, first.id
  FROM records
  LEFT JOIN (
       SELECT items.record_key,
              items.id,
              row_number() OVER (
                  PARTITION BY items.record_key
                  ORDER BY items.deleted, NOT items.understood, items.priority, items.prefix_position,
                           items.datestamp_key DESC, endpoints.name, items.metadata_prefix, items.oai_identifier
              ) AS place
         FROM items JOIN endpoints ON endpoints.id = items.endpoint_id
       ) AS first ON first.record_key = records.key AND first.place = 1
 WHERE records.item_id IS NOT first.id
"""
WRONG_STATES = """
SELECT records.record_id
  FROM records LEFT JOIN items ON items.record_key = records.key
 GROUP BY records.key, records.record_id, records.deleted
HAVING records.deleted <> (count(CASE WHEN NOT items.deleted THEN 1 END) = 0)
"""
NEWS = """
SELECT cursor, record_key, change, version, merged_into FROM catalogue_changes WHERE cursor > :seen ORDER BY cursor
"""


class Catalogue:
    """What another program knows that follows the feed by cursor and asks for nothing else."""

    def __init__(self, database_url: str) -> None:
        """Begin before the first change."""
        self.engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
        self.seen: list[int] = []
        self.records: dict[int, tuple[int, bool, int | None]] = {}

    def poll(self) -> None:
        """Read what is new since the last cursor."""
        with self.engine.connect() as connection:
            found = connection.execute(text(NEWS), {"seen": self.seen[-1] if self.seen else 0}).all()
        for cursor, record_key, change, version, merged_into in found:
            self.seen.append(cursor)
            deleted = self.records.get(record_key, (0, False, None))[1]
            if change != "changed":
                deleted = change in {"deleted", "merged"}
            self.records[record_key] = (version, deleted, merged_into)


@pytest.fixture
def catalogue(migrated_database_url: str) -> Iterator[Catalogue]:
    """Return a program that follows the feed of the database."""
    reader = Catalogue(migrated_database_url)
    yield reader
    reader.engine.dispose()


def written_at_once(database_url: str, seed: int, catalogue: Catalogue) -> list[tuple[int, str]]:
    """Let eight processes write, and the catalogue poll until they have ended; give their exits."""
    program = [sys.executable, str(Path(store_world.__file__)), database_url]
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with ExitStack() as stack:
        writers = [
            stack.enter_context(subprocess.Popen([*program, str(number), str(seed)], text=True, **pipes))
            for number in range(store_world.ENDPOINTS)
        ]
        for writer in writers:
            assert writer.stdout.readline() == "ready\n"
        for writer in writers:
            writer.stdin.write("begin\n")
            writer.stdin.flush()
        while any(writer.poll() is None for writer in writers):
            catalogue.poll()
            time.sleep(0.002)
        catalogue.poll()
        return [(writer.returncode, writer.stderr.read()) for writer in writers]


def in_dialect(database: Engine, query: str) -> list[tuple[Any, ...]]:
    """Run a query in which two values that may be NULL are compared as SQLite writes it."""
    return rows(database, query if database.dialect.name == "sqlite" else query.replace("IS NOT", "IS DISTINCT FROM"))


@pytest.mark.parametrize("seed", [1])
def test_many_processes_and_one_write_the_same(
    *, migrated_database_url: str, database: Engine, other_database: Engine, catalogue: Catalogue, seed: int
) -> None:
    """No writer fails, no word is given to the wrong item, no change is missed, and the result is that of one."""
    exits = written_at_once(migrated_database_url, seed, catalogue)
    assert exits == [(0, "")] * store_world.ENDPOINTS

    assert in_dialect(database, WRONG_SPEAKERS) == []
    assert rows(database, WRONG_STATES) == []

    assert catalogue.seen == list(range(1, len(catalogue.seen) + 1))
    known = rows(database, "SELECT record_key, version, deleted, merged_into FROM catalogue_records")
    assert catalogue.records == {key: (version, bool(deleted), merged) for key, version, deleted, merged in known}
    assert len(known) > 20
    assert {bool(deleted) for _, _, deleted, _ in known} == {False, True}

    if database.dialect.name == "postgresql":
        # All lock in one order, so that no page has to be repeated because two waited for each other.
        query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        assert rows(database, query) == [(0,)]

    for number in reversed(range(store_world.ENDPOINTS)):
        store_world.write(store_world.endpoint(other_database, number), store_world.rounds(number, seed))
    assert_equal(migrated_database_url, other_database.url.render_as_string(hide_password=False))

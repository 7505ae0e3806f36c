"""Eight processes write pages of one namespace at once, while a catalogue follows the feed."""

from typing import Any

import pytest
import store_world
from at_once import run_at_once
from equality import assert_equal
from following import Follower, assert_follower_knows_all
from sqlalchemy import Engine
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


def in_dialect(database: Engine, query: str) -> list[tuple[Any, ...]]:
    """Run a query in which two values that may be NULL are compared as SQLite writes it."""
    return rows(database, query if database.dialect.name == "sqlite" else query.replace("IS NOT", "IS DISTINCT FROM"))


@pytest.mark.parametrize("seed", [1])
def test_many_processes_and_one_write_the_same(
    *, migrated_database_url: str, database: Engine, other_database: Engine, seed: int
) -> None:
    """No writer fails, no word is given to the wrong item, no change is missed, and the result is that of one."""
    with Follower(migrated_database_url) as follower:
        arguments = [(migrated_database_url, number, seed) for number in range(store_world.ENDPOINTS)]
        ends = run_at_once(store_world.__file__, arguments, meanwhile=follower.poll)
        assert ends == [(0, "", "")] * store_world.ENDPOINTS
        follower.catch_up()
    assert_follower_knows_all(follower, migrated_database_url)

    assert in_dialect(database, WRONG_SPEAKERS) == []
    assert rows(database, WRONG_STATES) == []

    known = rows(database, "SELECT deleted FROM catalogue_records")
    assert len(known) > 20
    assert {bool(deleted) for (deleted,) in known} == {False, True}

    if database.dialect.name == "postgresql":
        # All lock in one order, so that no page has to be repeated because two waited for each other.
        query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
        assert rows(database, query) == [(0,)]

    for number in reversed(range(store_world.ENDPOINTS)):
        store_world.write(store_world.endpoint(other_database, number), store_world.rounds(number, seed))
    assert_equal(migrated_database_url, other_database.url.render_as_string(hide_password=False))

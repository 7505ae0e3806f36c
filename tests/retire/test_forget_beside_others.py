"""A record forgotten while a page is being written that has something of it: on PostgreSQL, where writers meet."""

from threading import Event, Thread
from typing import Any

from database_rows import count, rows
from sqlalchemy import event
from store_pages import harvesting, live, refused

from ingest.store.engine import open_engine
from ingest.store.forgetting import forget
from ingest.store.show import find_records

_PATIENCE = 30
_WAITING = "SELECT 1 FROM pg_locks WHERE NOT granted"


def test_a_rejection_that_waits_for_it_keeps_no_byte(migrated_postgresql_url: str) -> None:
    """It had looked before, when nothing was forgotten; written after, it would stay for ever."""
    database, forgetting = open_engine(migrated_postgresql_url), open_engine(migrated_postgresql_url)
    harvest = harvesting(database)
    harvest.keep(live("oai:1", "one"), live("oai:2", "two"))
    begun, go_on = Event(), Event()

    def wait(_connection: Any, _cursor: Any, statement: str, *_further: Any) -> None:
        if statement.startswith("DELETE FROM record_versions"):
            begun.set()
            go_on.wait(_PATIENCE)

    event.listen(forgetting, "before_cursor_execute", wait)
    key = find_records(database, "one")[0].record_key
    forgets = Thread(target=lambda: forget(forgetting, key, "A reason."))
    writes = Thread(target=lambda: harvest.keep(refused("oai:1")))
    forgets.start()
    assert begun.wait(_PATIENCE)
    writes.start()
    while not rows(migrated_postgresql_url, _WAITING):
        assert writes.is_alive()
    go_on.set()
    for thread in (forgets, writes):
        thread.join(_PATIENCE)
    assert count(migrated_postgresql_url, "rejections") == 0
    counts = rows(migrated_postgresql_url, "SELECT seen, rejected, unchanged FROM windows")
    assert counts == [{"seen": 3, "rejected": 0, "unchanged": 1}]
    database.dispose()
    forgetting.dispose()

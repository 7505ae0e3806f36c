"""Writers that go on for a while, some of whose transactions stay open long: run beside a reader of the feed.

``python feed_writers.py DATABASE_URL NUMBER SEED SECONDS`` is one of them, for one endpoint of a namespace that all
share. It says when it is ready and waits for a line, so that all begin at once, and tells at its end how many pages it
has written.
"""

import random
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import store_world
from sqlalchemy import Connection, Engine, event, select
from store_pages import Harvest, dead, live, raw

from ingest.records import Record
from ingest.store import tables
from ingest.store.engine import open_engine
from ingest.store.feed import Change, publish

_ITEMS = 30
_RECORD_IDS = 40
_LONGEST_PAGE = 5
_LONGEST_STAY = 0.3
_OFTEN_LATE = store_world.ENDPOINTS - 1
"""The writer whose transactions nearly all stay open."""


def pages(chance: random.Random, number: int) -> Iterator[tuple[Record, ...]]:
    """Make what an endpoint says, page after page without an end: items change, go, come back, change their record."""
    for time_ in count():
        items = chance.sample(range(_ITEMS), chance.randint(1, _LONGEST_PAGE))
        yield tuple(_record(chance, number, item, time_) for item in items)


def _record(chance: random.Random, number: int, item: int, time_: int) -> Record:
    identifier = f"oai:{number} of {item}"
    kind = chance.choice(("live", "live", "live", "raw", "dead"))
    if kind == "dead":
        return dead(identifier)
    # Most items stay with a record that they share with other endpoints' items; one now and then leaves it.
    shared = (7 * number + item) % _RECORD_IDS
    record_id = f"own-{number}-{item}" if chance.random() < 0.2 else f"r{shared:02}"
    return (live if kind == "live" else raw)(identifier, record_id, f"{number} of {item} at {time_}")


def _stay_open(database: Engine, chance: random.Random, *, share: float) -> None:
    """Hold a share of transactions up, as a slow machine does: before they take numbers, or with them, uncommitted."""

    def before_numbers(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE feed") and chance.random() < share / 4:
            time.sleep(chance.uniform(0, _LONGEST_STAY))

    def before_commit(_connection: Connection) -> None:
        if chance.random() < share:
            time.sleep(chance.uniform(0, _LONGEST_STAY))

    event.listen(database, "before_cursor_execute", before_numbers)
    event.listen(database, "commit", before_commit)


def _take_back(database: Engine, chance: random.Random) -> None:
    """Publish a change and take it back: it was never there, and leaves no hole."""
    with database.connect() as connection:
        key = connection.scalar(select(tables.records.c.key).limit(1).with_for_update())
        if key is not None:
            change = Change(record_key=key, change="changed", fields=("title",), version=1_000_000)
            publish(connection, [change] * chance.randint(1, 3), datetime.now(UTC))
            time.sleep(chance.uniform(0, _LONGEST_STAY / 4))
        connection.rollback()


def write(database: Engine, harvest: Harvest, chance: random.Random, *, number: int, seconds: float) -> int:
    """Write pages for so long; return how many."""
    end = time.monotonic() + seconds
    for written, page in enumerate(pages(chance, number)):
        if time.monotonic() > end:
            return written
        harvest.keep(*page)
        if chance.random() < 0.02:
            _take_back(database, chance)
    raise AssertionError


def main(database_url: str, number: int, seed: int, seconds: float) -> None:
    """Write what one endpoint says from the moment that a line comes."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - decides what is written, guards nothing.
    database = open_engine(database_url)
    harvest = store_world.endpoint(database, number)
    _stay_open(database, chance, share=0.8 if number == _OFTEN_LATE else 0.02)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    written = write(database, harvest, chance, number=number, seconds=seconds)
    database.dispose()
    sys.stdout.write(str(written))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))

"""Eight endpoints of one namespace, several rounds of answers: what each says is made from a seed, the same everywhere.

Run as a program, one process writes what one endpoint says: ``store_world.py DATABASE_URL NUMBER SEED``. It says
when it is ready and waits for a line, so that all begin at once.
"""

import random
import sys
from dataclasses import dataclass

from sqlalchemy import Engine
from store_pages import Harvest, dead, harvesting, live, raw

from ingest.records import Record
from ingest.store.engine import open_engine

ENDPOINTS = 8
ROUNDS = 5
_RECORD_IDS = 24
_ITEMS = 16
_PAGE = 4
_DATESTAMPS = ("2024-01-01", "2024-01-02", "2024-01-01T12:00:00Z", "2024-01-02T00:00:01Z", None)


@dataclass(frozen=True, kw_only=True)
class Round:
    """What one endpoint says at one time: pages in the order in which it sends them."""

    answered: str
    pages: tuple[tuple[Record, ...], ...]


def rounds(number: int, seed: int) -> tuple[Round, ...]:
    """Make what an endpoint says. An item's answers have an order of their own; pages have none."""
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - decides what tests read, guards nothing.
    shared = [f"r{chance.randrange(_RECORD_IDS):02}" for _ in range(_ITEMS)]
    said: list[Record | None] = [None] * _ITEMS
    told = []
    for time in range(ROUNDS):
        for item in range(_ITEMS):
            # Some items begin in a record of their own and move to the shared one, which leaves theirs merged.
            alone = item % 5 == 0 and time < ROUNDS // 2
            record_id = f"own-{number}-{item}" if alone else shared[item]
            said[item] = _next(
                chance, f"{number} of {item}", record_id=record_id, time=time, known=said[item] is not None
            )
        now = [record for record in said if record is not None]
        chance.shuffle(now)
        pages = tuple(tuple(now[start : start + _PAGE]) for start in range(0, len(now), _PAGE))
        told.append(Round(answered=f"2024-06-0{time + 1}T00:00:00Z", pages=pages))
    return tuple(told)


def _next(chance: random.Random, name: str, *, record_id: str, time: int, known: bool) -> Record | None:
    """Say what an item says at a time; None: it is not there yet."""
    identifier, datestamp = f"oai:{name}", chance.choice(_DATESTAMPS)
    kind = chance.choice(("absent", "same", "same", "live", "live", "raw", "dead"))
    if kind == "absent" and not known:
        return None
    if kind == "dead":
        return dead(identifier, datestamp=datestamp)
    if kind in {"absent", "same"}:
        return live(identifier, record_id, name, datestamp=datestamp)
    make = live if kind == "live" else raw
    return make(identifier, record_id, f"{name} at {time}", datestamp=datestamp)


def endpoint(database: Engine, number: int) -> Harvest:
    """Begin an endpoint's harvest; some share a priority."""
    return harvesting(database, f"archive-{number}", priority=100 + number // 2)


def write(harvest: Harvest, told: tuple[Round, ...]) -> None:
    """Write all that an endpoint says, a page at a time."""
    for each in told:
        for page in each.pages:
            harvest.keep(*page, answered=each.answered)


def main(database_url: str, number: int, seed: int) -> None:
    """Write what one endpoint says as soon as a line comes."""
    database = open_engine(database_url)
    harvest, told = endpoint(database, number), rounds(number, seed)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    write(harvest, told)
    database.dispose()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

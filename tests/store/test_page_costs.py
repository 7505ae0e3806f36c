"""What a page costs, counted and not timed: how often a database is asked does not depend on how many records come."""

from collections.abc import Iterator

import pytest
from page_costs import Cost, cost_of_page
from sqlalchemy import Engine
from store_pages import Harvest, counts, harvesting, live

from ingest.records import Record
from ingest.store.windows import read_window

FEW, MANY = 10, 100
CHANGED_EVERY = 10
WORDS = "words of a record " * 20

# Driver's calls on SQLite, among them BEGIN; round trips on PostgreSQL, among them BEGIN and COMMIT, and two for each
# table that is copied into.
TURNS = {
    "first": {"sqlite": 19, "postgresql": 26},
    "unchanged": {"sqlite": 9, "postgresql": 10},
    "changed": {"sqlite": 31, "postgresql": 38},
}
MOST_SENT = {"first": 4700, "unchanged": 50, "changed": 1000}
"""Bytes sent to PostgreSQL for each further record of a page."""


def of_repository(number: int, *, changed: bool = False) -> Iterator[Record]:
    """Give so many records; every tenth says something else where the repository has changed."""
    for each in range(number):
        told = f"{WORDS} anew" if changed and each % CHANGED_EVERY == 0 else WORDS
        yield live(f"oai:archive:{each}", f"record-{each}", told, set_specs=("papers",))


def costs(database: Engine, number: int) -> dict[str, Cost]:
    """Write a page of so many records thrice: as new, as it was, and with every tenth changed."""
    harvest = harvesting(database, f"archive-{number}", namespace=f"papers-{number}")
    found = {
        "first": cost_of_page(harvest, of_repository(number)),
        "unchanged": cost_of_page(harvest, of_repository(number)),
        "changed": cost_of_page(harvest, of_repository(number, changed=True)),
    }
    changed = number // CHANGED_EVERY
    assert told(harvest) == {"created": number, "unchanged": 2 * number - changed, "changed": changed}
    return found


def told(harvest: Harvest) -> dict[str, int]:
    """Give what the harvest's window counts."""
    (lease,) = harvest.leases.values()
    return counts(read_window(harvest.database, lease.window_id))


@pytest.mark.parametrize("page", TURNS)
def test_a_page_asks_the_database_as_often_however_many_records_it_brings(database: Engine, page: str) -> None:
    """One more question a record, and a page of a thousand would wait a thousand times."""
    few, many = costs(database, FEW)[page], costs(database, MANY)[page]

    assert few.turns == many.turns == TURNS[page][database.dialect.name]
    assert (many.sent - few.sent) / (MANY - FEW) <= MOST_SENT[page]

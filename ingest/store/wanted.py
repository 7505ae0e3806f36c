"""What a transaction may find that it needs before it can succeed: it is rolled back, and asked for again with it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from ingest.errors import RetriableError
from ingest.store.answers import KnownItem
from ingest.store.engine import Result, write

_MOST_ROUNDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptionsWanted:
    """Nothing was written: these have to be described first. Ask again with them."""

    items: frozenset[int] = frozenset()
    """Stored items that speak from now on."""
    identifiers: frozenset[str] = frozenset()
    """Answers of a page whose item has changed since it was looked up, or was not looked up."""
    known: Mapping[str, KnownItem] | None = None
    """What is known of the page's items, where the page was not looked up."""


class RolledBack(Exception):
    """Carries out of the transaction what is wanted before it can succeed; None: to begin again will do."""

    def __init__(self, wanted: DescriptionsWanted | None) -> None:
        """Keep what is wanted."""
        super().__init__()
        self.wanted = wanted


def write_or_want(engine: Engine, work: Callable[[Connection], Result]) -> Result | DescriptionsWanted:
    """Run ``work`` in one transaction, again where it has to begin again; give what it wants where that is something.

    Raises RetriableError where the records keep moving under other writers.
    """
    for _round in range(_MOST_ROUNDS):
        try:
            return write(engine, work)
        except RolledBack as rolled_back:
            if rolled_back.wanted is not None:
                return rolled_back.wanted
    raise RetriableError("the records keep moving under other writers; run the same command again, it goes on")

"""A repository of made-up letters: harvested as declared before, and described again as declared now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from equality import catalogue
from harvesting import endpoint_at, harvest_here
from sqlalchemy import text

from ingest.endpoints import Endpoint
from ingest.ledger import Verdict
from ingest.renormalise import Compared, Redescribed, compare, renormalise
from ingest.store.engine import open_engine

RECORDS = 450
"""One in fifty of them is deleted."""


@dataclass(frozen=True, kw_only=True)
class Letters:
    """A repository of made-up letters, one in fifty of them deleted."""

    url: str
    new_database: Callable[[], str]

    def endpoint(self, **keys: object) -> Endpoint:
        """Declare the repository."""
        return endpoint_at(self.url, **keys)

    def harvested(self, database_url: str, **keys: object) -> str:
        """Harvest the repository into a database, declared so; give the database."""
        run = harvest_here(database_url, self.endpoint(**keys))
        assert run.verdict is Verdict.COMPLETE
        return database_url

    def afresh(self, **keys: object) -> str:
        """Harvest the repository into a new database, declared so."""
        return self.harvested(self.new_database(), **keys)


def described_again(database_url: str, endpoint: Endpoint, *, stop: Callable[[], bool] = lambda: False) -> Redescribed:
    """Describe an endpoint's items again, as it is declared now."""
    database = open_engine(database_url)
    try:
        return renormalise(endpoint, database, declared=True, stop=stop, tell=lambda _done: None)
    finally:
        database.dispose()


def compared(database_url: str, endpoint: Endpoint) -> Compared:
    """Say what describing an endpoint's items again would change."""
    database = open_engine(database_url)
    try:
        return compare(endpoint, database, stop=lambda: False, tell=lambda _compared: None)
    finally:
        database.dispose()


def live_catalogue(database_url: str) -> dict[str, list[Any]]:
    """Read what a catalogue has of live records: a fresh harvest knows nothing of those that the items have left."""
    engine = open_engine(database_url)
    with engine.connect() as connection:
        query = text("SELECT namespace, record_id FROM catalogue_records WHERE NOT deleted")
        live = {tuple(row) for row in connection.execute(query)}
    engine.dispose()
    return {view: [row for row in rows if row[0] in live] for view, rows in catalogue(database_url).items()}

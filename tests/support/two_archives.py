"""Two repositories that have some records in common, and an endpoint of them retired."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from harvesting import endpoint_at, harvest_here
from small_archive import SmallArchive

from ingest.endpoints import Endpoint
from ingest.ledger import Run, Selection
from ingest.retire import Retired, retire
from ingest.store.engine import open_engine


@dataclass(frozen=True, kw_only=True)
class Two:
    """Two endpoints of one namespace: the first, with seven records, speaks before the second, with three."""

    one: SmallArchive
    two: SmallArchive
    urls: dict[str, str]

    def endpoint(self, name: str, **keys: Any) -> Endpoint:
        """Declare ``one`` or ``two``."""
        priority = {"one": 10, "two": 20}[name]
        return endpoint_at(self.urls[name], **{"name": name, "namespace": "shared", "priority": priority} | keys)

    def harvest(self, database_url: str, *names: str, full: bool = False, **keys: Any) -> Run:
        """Harvest endpoints; give the run of the last."""
        for name in names:
            endpoint = self.endpoint(name, **keys)
            selection = Selection(prefixes=endpoint.metadata_prefix, sets=endpoint.sets, full=full)
            run = harvest_here(database_url, endpoint, selection=selection)
        return run


def retired(database_url: str, name: str, *, stop: Callable[[], bool] = lambda: False) -> Retired:
    """Retire an endpoint in this process."""
    database = open_engine(database_url)
    try:
        return retire(name, database, stop=stop, tell=lambda _done: None)
    finally:
        database.dispose()

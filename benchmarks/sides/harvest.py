"""A whole harvest in one process, from ``begin`` to the verdict, as ``oai-ingest harvest`` does it."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from benchmarks.clock import Clock
from benchmarks.corpus import BEGINNING
from benchmarks.endpoint import declared, settings_of
from benchmarks.errors import Wrong
from ingest.endpoints import Endpoint
from ingest.harvest import harvest
from ingest.ledger import Run, Selection, Verdict
from ingest.store.engine import open_engine
from ingest.store.owners import this_owner
from ingest.surroundings import Surroundings
from workers.garbage import look_seldom
from workers.repositories import open_repository, share_pace

_COUNTS = ("pages", "seen", "created", "changed", "unchanged", "deleted", "restored", "rejected")
_END = datetime(2026, 1, 1, tzinfo=BEGINNING.tzinfo)


def run(  # Keyword-only, one for each way in which harvests differ.
    clock: Clock, *, url: str, database_url: str, parallel: int = 1, full: bool = False, ranges: int = 1
) -> dict[str, Any]:
    """Harvest everything, where ``ranges`` are asked for by a run for each of so many ranges of datestamps."""
    endpoint, settings = declared(url, parallel=parallel), settings_of()
    database = open_engine(database_url)
    look_seldom()
    with open_repository(endpoint, settings, wait=time.sleep, on_wait=None) as repository, clock:
        share_pace(repository, endpoint, settings, database)
        around = Surroundings(
            database=database,
            repository=repository,
            lease_seconds=settings.lease_seconds,
            owner=this_owner(),
            stop=lambda: False,
            wait=time.sleep,
            tell=lambda _window: None,
        )
        runs = [
            _complete(harvest(endpoint, selection, around)) for selection in _selections(endpoint, ranges, full=full)
        ]
        database.dispose()
    return {name: sum(run.total(name) for run in runs) for name in _COUNTS}


def _selections(endpoint: Endpoint, ranges: int, *, full: bool) -> Iterator[Selection]:
    if ranges == 1:
        yield Selection(prefixes=endpoint.metadata_prefix, full=full)
        return
    cuts = [BEGINNING + (_END - BEGINNING) * number // ranges for number in range(ranges + 1)]
    for start, end in pairwise(cuts):
        until = end - timedelta(seconds=1)
        yield Selection(prefixes=endpoint.metadata_prefix, from_=_written(start), until=_written(until))


def _written(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


def _complete(run: Run) -> Run:
    if run.verdict is not Verdict.COMPLETE:
        raise Wrong(f"a harvest ended {run.verdict}: {'; '.join(reason.text for reason in run.reasons)}")
    return run

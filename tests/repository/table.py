"""The table of what must come out of each misbehaviour: the rows of all families, and the harvest that fills one in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from importlib import import_module
from typing import Any

from harvesting import endpoint_at, harvest_here, selection_of
from hostile.naming import all_named
from hostile.serving import misbehaving
from outcomes import RECORDS, Row
from watching import PAGE_SIZE, Watch

from ingest.endpoints import Endpoint
from ingest.ledger import Run
from ingest.protocol.client import Repository
from ingest.records import Set
from workers.demo.generated import GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
"""The repository's clock."""
ENDLESS = 600
"""Requests after which a harvest is stopped: it would ask for ever."""
_LARGEST = 256 << 20


@cache
def families() -> Mapping[str, tuple[Row, ...]]:
    """Give the rows by the family that their misbehaviours are of, in the order in which they stand there."""
    names = dict.fromkeys(each.family for each in all_named().values())
    return {family: import_module(f"rows_{family}").ROWS for family in names}


def all_rows() -> tuple[Row, ...]:
    """Give the whole table."""
    return tuple(row for rows in families().values() for row in rows)


@cache
def repository() -> DemoRepository:
    """Return the repository of the table, which misbehaves only by what stands in front of it."""
    items = GeneratedItems(RECORDS, size=800, sets=("letters",))
    sets = (Set(spec="letters", name="Letters"),)
    # Where ranges are split depends on the repository's clock.
    return DemoRepository(items=items, page_size=PAGE_SIZE, sets=sets, now=lambda: NOW)


@contextmanager
def harvested(
    database_url: str,
    *names: str,
    keys: Mapping[str, Any] | None = None,
    wait: Callable[[float], object] = lambda _seconds: None,
    **asked: Any,
) -> Iterator[tuple[Run, Watch]]:
    """Harvest the table's repository with these misbehaviours, or with none; no wait is sat through.

    ``keys`` are those of the endpoint's declaration, ``asked`` what is selected; ``wait`` is told the seconds.
    """
    with _serving(names) as (url, watch):
        endpoint = endpoint_at(url, **(keys or {}))
        run = harvest_here(
            database_url,
            endpoint,
            selection=selection_of(endpoint, **asked),
            wait=wait,
            stop=lambda: len(watch.log) > ENDLESS,
            kind=_as_declared(endpoint),
        )
        yield run, watch


@contextmanager
def _serving(names: Sequence[str]) -> Iterator[tuple[str, Watch]]:
    if names:
        with misbehaving(repository(), *names) as served:
            yield served
    else:
        watch = Watch()
        with serve(repository(), middleware=watch) as url:
            yield url, watch


def _as_declared(endpoint: Endpoint) -> Any:
    """Give the client with what the declaration says of it beside its patience."""
    return partial(
        Repository,
        max_bytes=endpoint.max_bytes or _LARGEST,
        repeat_arguments="repeat_arguments" in endpoint.known_quirks,
        day_granularity="day_granularity" in endpoint.known_quirks,
    )

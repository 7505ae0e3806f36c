"""When an endpoint is due, and what it is then asked for. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from cronsim import CronSim

from ingest.endpoints import Endpoint
from ingest.ledger import Coverage, Selection
from ingest.plan.windows import lists_of


def next_due(endpoint: Endpoint, after: datetime) -> datetime | None:
    """Say when the endpoint's schedule (cron, UTC) is next due after an instant; None where it never is."""
    if endpoint.schedule is None or endpoint.paused:
        return None
    return next(CronSim(endpoint.schedule, after), None)


def next_sweep(endpoint: Endpoint, after: datetime) -> datetime | None:
    """Say when the endpoint's next sweep is due after an instant; None where it never is."""
    if endpoint.sweep is None or endpoint.paused:
        return None
    return next(CronSim(endpoint.sweep, after), None)


def sweep_selection(endpoint: Endpoint) -> Selection:
    """Say what a scheduled sweep asks for: every list that is declared."""
    return Selection(prefixes=endpoint.metadata_prefix, sets=endpoint.sets, sweep=True)


def due_selection(endpoint: Endpoint, coverages: Iterable[Coverage], now: datetime) -> Selection:
    """Say what a scheduled run asks for: what is new, or everything where ``full_every`` says that it is time."""
    new = Selection(prefixes=endpoint.metadata_prefix, sets=endpoint.sets)
    lists = lists_of(new)
    read = [coverage.full_at for coverage in coverages if coverage.full_at and coverage.list in lists]
    every = endpoint.full_every
    return replace(new, full=every is not None and bool(read) and now - min(read) >= timedelta(seconds=every))

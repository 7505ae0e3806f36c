"""When an endpoint is due, and what it is then asked for. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from cronsim import CronSim

from ingest.endpoints import Endpoint
from ingest.ledger import Coverage, Selection


def next_due(endpoint: Endpoint, after: datetime) -> datetime | None:
    """Say when the endpoint's schedule (cron, UTC) is next due after an instant; None where it never is."""
    if endpoint.schedule is None or endpoint.paused:
        return None
    return next(CronSim(endpoint.schedule, after), None)


def due_selection(endpoint: Endpoint, coverages: Iterable[Coverage], now: datetime) -> Selection:
    """Say what a scheduled run asks for: what is new, or everything where ``full_every`` says that it is time."""
    oldest = min((coverage.full_at for coverage in coverages if coverage.full_at), default=None)
    every = endpoint.full_every
    full = every is not None and oldest is not None and now - oldest >= timedelta(seconds=every)
    return Selection(prefixes=endpoint.metadata_prefix, sets=endpoint.sets, full=full)

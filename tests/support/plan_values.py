"""Windows and runs as the ledger has them, with only what a case is about."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ingest.identify_values import Granularity
from ingest.ledger import ListName, Run, RunKind, Selection, Verb, Window

LIST = ListName(metadata_prefix="oai_dc")
ANSWERED = datetime(2024, 6, 10, 1, tzinfo=UTC)
"""The responseDate of the run's own Identify answer."""

_UNTOLD = dict.fromkeys(Window.__slots__, 0) | {
    "window_id": 1,
    "list": LIST,
    "from_": None,
    "until": None,
    "gap_ids": (),
    "state": "open",
    "reason": None,
    "message": None,
    "token": None,
    "announced": None,
    "run_id": 1,
    "fence": 0,
    "parent_id": None,
    "list_size": None,
    "next_try_at": None,
    "verb": Verb.LIST_RECORDS,
    "repairs": {},
}


def window(**told: Any) -> Window:
    """Make a window of one list, open, undated and without counts, but for what is told."""
    return Window(**{**_UNTOLD, **told})


def run(*windows: Window, **told: Any) -> Run:
    """Make an active, planned, incremental run of these windows, but for what is told.

    Windows that are not numbered otherwise are numbered in their order.
    """
    if all(each.window_id == 1 for each in windows):
        windows = tuple(replace(each, window_id=number) for number, each in enumerate(windows, start=1))
    values = {
        "run_id": 1,
        "endpoint_id": 1,
        "endpoint": "archive",
        "kind": RunKind.INCREMENTAL,
        "selection": Selection(prefixes=("oai_dc",)),
        "declaration": "{}",
        "host": "archive.example.org",
        "parallel": 1,
        "scheduled": False,
        "earliest_datestamp": None,
        "response_date": ANSWERED,
        "granularity": Granularity.SECOND,
        "verdict": None,
        "reasons": (),
        "records": 0,
        "started_at": ANSWERED,
        "ended_at": None,
        "windows": windows,
    }
    return Run(**{**values, **told})

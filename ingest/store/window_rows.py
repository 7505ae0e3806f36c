"""A window's row: read as a value, and held by its lease."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Float, bindparam, select, update

from ingest.errors import LeaseLost
from ingest.ledger import ListName, Repaired, Verb, Window
from ingest.store import ledger_tables
from ingest.store.driver import ask
from ingest.store.leases import Lease
from ingest.store.types import database_now

_windows = ledger_tables.windows.c


class Held(NamedTuple):
    """A lease that has just been renewed."""

    now: datetime
    """The database's time."""
    pages: int
    """How many pages the window has."""


_HELD = (
    update(ledger_tables.windows)
    .where(
        _windows.id == bindparam("the_window"),
        _windows.owner == bindparam("of_owner"),
        _windows.fence == bindparam("of_fence"),
        _windows.state == "open",
    )
    .values(lease_until=database_now(bindparam("ahead", type_=Float())))
    .returning(database_now(), _windows.pages)
)


def hold_lease(connection: Connection, lease: Lease, *, lease_seconds: float) -> Held:
    """Renew the lease where owner and fence are still ours. Raises LeaseLost if they are not."""
    values = {"the_window": lease.window_id, "of_owner": lease.owner, "of_fence": lease.fence, "ahead": lease_seconds}
    held = ask(connection, _HELD, values)
    if not held:
        message = f"window {lease.window_id} has passed to another worker"
        raise LeaseLost(message)
    return Held(*held[0])


_READ = {"gap_ids", "verb", "repairs"}
"""Columns that are not kept as the value has them."""
_COPIED = [name for name in Window.__slots__ if name in ledger_tables.windows.c and name not in _READ]


def window_from(values: Mapping[Any, Any]) -> Window:
    """Make the value of a window from its row."""
    return Window(
        window_id=values["id"],
        list=ListName(metadata_prefix=values["metadata_prefix"], set_spec=values["set_spec"]),
        from_=values["from_date"],
        until=values["until_date"],
        **{name: values[name] for name in _COPIED},
        gap_ids=tuple(json.loads(values["gap_ids"])),
        verb=Verb(values["verb"]),
        repairs=repairs_of(values["repairs"]),
    )


def repairs_of(text: str) -> dict[str, Repaired]:
    """Read the repairs of a window as its row keeps them."""
    told = json.loads(text)
    return {name: Repaired(count=count, identifier=identifier) for name, (count, identifier) in told.items()}


def window_of(connection: Connection, window_id: int) -> Window:
    """Read a window as it stands inside a transaction."""
    return window_from(connection.execute(_WINDOW, {"the_window": window_id}).mappings().one())


_WINDOW = select(ledger_tables.windows).where(_windows.id == bindparam("the_window"))


def windows_of(connection: Connection, run_id: int) -> tuple[Window, ...]:
    """Read the windows of a run in the order in which they were planned."""
    query = select(ledger_tables.windows).where(_windows.run_id == run_id).order_by(_windows.id)
    return tuple(window_from(row) for row in connection.execute(query).mappings())

"""A window's row: read as a value, and held by its lease."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, update

from ingest.errors import LeaseLost
from ingest.ledger import ListName, Window
from ingest.store import ledger_tables
from ingest.store.answers import Lease
from ingest.store.types import database_now

_windows = ledger_tables.windows.c


def hold_lease(connection: Connection, lease: Lease, *, lease_seconds: float) -> datetime:
    """Renew the lease where owner and fence are still ours, and give the database's time. Raises LeaseLost if not."""
    now: datetime | None = connection.scalar(
        update(ledger_tables.windows)
        .where(
            _windows.id == lease.window_id,
            _windows.owner == lease.owner,
            _windows.fence == lease.fence,
            _windows.state == "open",
        )
        .values(lease_until=database_now(lease_seconds))
        .returning(database_now())
    )
    if now is None:
        message = f"window {lease.window_id} has passed to another worker"
        raise LeaseLost(message)
    return now


_COPIED = [name for name in Window.__slots__ if name in ledger_tables.windows.c]


def window_from(row: Row[*tuple[Any, ...]]) -> Window:
    """Make the value of a window from its row."""
    values = row._mapping  # noqa: SLF001  # SQLAlchemy's documented name for a row as a mapping
    return Window(
        window_id=values["id"],
        list=ListName(metadata_prefix=values["metadata_prefix"], set_spec=values["set_spec"]),
        from_=values["from_date"],
        until=values["until_date"],
        **{name: values[name] for name in _COPIED if name != "gap_ids"},
        gap_ids=tuple(json.loads(values["gap_ids"])),
    )

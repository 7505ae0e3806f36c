"""Windows that are read in another way than they were planned: in parts, or by their headers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, and_, case, func, insert, select, update

from ingest.ledger import PlannedWindow, Verb, Window
from ingest.store import ledger_tables
from ingest.store.digests import to_json
from ingest.store.engine import glance, write
from ingest.store.leases import Lease
from ingest.store.window_rows import hold_lease
from ingest.store.windows import close_window

_windows = ledger_tables.windows.c

MOST_WINDOWS = 1000
"""How many windows a run may have before none is split any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """Why a window is split whose page can not be read, and how often one run may do that."""

    reason: str
    message: str
    most: int


def split_window(
    engine: Engine,
    lease: Lease,
    parts: Iterable[PlannedWindow],
    *,
    announced: int | None,
    because: Narrowed | None = None,
    lease_seconds: float,
) -> bool:
    """Put windows in the place of one, which together cover its range: all of them or none. Raises LeaseLost.

    ``announced`` is the size that the repository gave of the list that is split, where it gave any. False, and nothing
    is changed, where the run has as many windows as one may have, or ``because`` of faults as many as it says.
    """

    def work(connection: Connection) -> bool:
        mine = select(func.count()).where(_windows.run_id == lease.run_id)
        narrowed = mine.where(_windows.state == "split", _windows.reason.is_not(None))
        if (connection.scalar(mine) or 0) >= MOST_WINDOWS:
            return False
        if because and (connection.scalar(narrowed) or 0) >= because.most:
            return False
        size = func.coalesce(_windows.list_size, announced)
        closed = {"state": "split", "owner": None, "lease_until": None, "announced": announced, "list_size": size}
        closed |= {"reason": because.reason, "message": because.message} if because else {}
        close_window(connection, lease, closed, lease_seconds)
        # What has not helped with the whole is not tried again with each part.
        handed_down = select(_windows.list_size, _windows.furthest, _windows.fruitless_restarts)
        row = connection.execute(handed_down.where(_windows.id == lease.window_id)).one()
        inherited = {"parent_id": lease.window_id, **row._mapping}  # noqa: SLF001  # SQLAlchemy's documented name
        connection.execute(
            insert(ledger_tables.windows), [window_values(lease.run_id, part) | inherited for part in parts]
        )
        return True

    return write(engine, work)


def left_to_read(engine: Engine, window: Window) -> int | None:
    """Count the records that are still to be read of the undivided list that a window is a part of.

    None where its repository announced no size, or where another window of the run waits to be begun.
    """
    of_list = (
        _windows.metadata_prefix == window.list.metadata_prefix,
        _windows.set_spec == window.list.set_spec,
        _windows.state != "split",
    )
    waiting = case((and_(_windows.state == "open", _windows.owner.is_(None)), 1), else_=0)
    read = case((and_(*of_list), _windows.read), else_=0)
    query = select(func.sum(waiting), func.sum(read)).where(_windows.run_id == window.run_id)
    others, already = glance(engine, lambda connection: connection.execute(query).one())
    return None if others or window.list_size is None else max(0, window.list_size - int(already))


def window_values(run_id: int, window: PlannedWindow) -> dict[str, Any]:
    """Give the row of a window that is planned and not yet begun."""
    return {
        "run_id": run_id,
        "metadata_prefix": window.list.metadata_prefix,
        "set_spec": window.list.set_spec,
        "from_date": window.from_,
        "until_date": window.until,
        "gap_ids": to_json(window.gap_ids),
        "verb": window.verb.value,
    }


def read_by_headers(engine: Engine, lease: Lease, *, message: str, lease_seconds: float) -> None:
    """Begin a window's list again, by its headers and a GetRecord for each. Raises LeaseLost."""
    begun_again = {
        "verb": Verb.LIST_IDENTIFIERS.value,
        "message": message,
        "token": None,
        "announced": None,
        "last_length": 0,
        "empty_pages": 0,
        "read": 0,
        "restarts": _windows.restarts + 1,
    }

    def work(connection: Connection) -> None:
        hold_lease(connection, lease, lease_seconds=lease_seconds)
        # Once only, should the connection be lost while this is committed.
        mine = (_windows.id == lease.window_id, _windows.verb == Verb.LIST_RECORDS.value)
        connection.execute(update(ledger_tables.windows).where(*mine).values(begun_again))

    write(engine, work)

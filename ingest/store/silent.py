"""Workers that were stopped in the middle of a page's transaction: their locks must not outlive their leases."""

from collections.abc import Collection

from sqlalchemy import Connection, select, text

from ingest.store import ledger_tables

SILENT_SECONDS = 5.0
"""How long nothing has come from a client that is taken for stopped; one that works says something all the time."""

_windows = ledger_tables.windows.c
# The xmax of a row, as others see it, is the transaction that is changing it.
_END = text(
    "SELECT pg_terminate_backend(holder.pid) FROM windows "
    "JOIN pg_stat_activity AS holder ON holder.backend_xid = windows.xmax "
    "WHERE windows.id = ANY(:windows) AND holder.wait_event = 'ClientRead' "
    "AND holder.state_change < clock_timestamp() - make_interval(secs => :seconds)"
)


def lock_free_windows(connection: Connection, window_ids: Collection[int]) -> set[int]:
    """Lock those of the windows that nobody else has locked, and name them."""
    query = select(_windows.id).where(_windows.id.in_(window_ids)).with_for_update(skip_locked=True)
    return set(connection.scalars(query))


def end_silent_sessions(connection: Connection, window_ids: Collection[int]) -> None:
    """End the sessions that have locked these windows and whose clients have fallen silent: PostgreSQL rolls back.

    For windows whose leases have run out. PostgreSQL's own patience with a session that idles in a transaction lasts
    longer, and has no end where the client was stopped between the statements of a batch. Where it is done in error
    nothing is lost: whoever still works does the transaction again, and finds that the lease is another's.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_END, {"windows": list(window_ids), "seconds": SILENT_SECONDS})

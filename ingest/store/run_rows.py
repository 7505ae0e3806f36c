"""A run's row: read as a value, with its windows; a module of its own, as listing runs needs no more of the store."""

import json
from typing import Any

from sqlalchemy import Connection, Engine, Row, select

from ingest.identify_values import Granularity
from ingest.ledger import Reason, Run, RunKind, Selection, Verdict, Window
from ingest.store import ledger_tables
from ingest.store.engine import reading
from ingest.store.window_rows import windows_of

_runs = ledger_tables.runs.c


def list_runs(engine: Engine, *, endpoint: str | None = None, limit: int = 50) -> tuple[Run, ...]:
    """Read the newest runs first, of one endpoint or of all; the records of an active one are not counted."""
    query = select(_runs.id).join(ledger_tables.endpoints).order_by(_runs.id.desc()).limit(limit)
    if endpoint is not None:
        query = query.where(ledger_tables.endpoints.c.name == endpoint)
    with reading(engine) as connection:
        return tuple(run_inside(connection, run_id) for run_id in connection.scalars(query).all())


def run_inside(connection: Connection, run_id: int) -> Run:
    """Read a run inside a transaction of the caller's, the records of an active one not counted.

    Raises LookupError where there is none.
    """
    query = (
        select(ledger_tables.runs, ledger_tables.endpoints.c.name)
        .join(ledger_tables.endpoints)
        .where(_runs.id == run_id)
    )
    row = connection.execute(query).first()
    if row is None:
        message = f"there is no run {run_id}; see `oai-ingest runs list`"
        raise LookupError(message)
    return run_from(row, windows_of(connection, run_id))


def run_from(row: Row[*tuple[Any, ...]], windows: tuple[Window, ...]) -> Run:
    """Make the value of a run from its row, which holds its endpoint's name too."""
    return Run(
        run_id=row.id,
        endpoint_id=row.endpoint_id,
        endpoint=row.name,
        kind=RunKind(row.kind),
        selection=selection_from(row.selection),
        declaration=row.declaration,
        host=row.host,
        parallel=row.parallel,
        scheduled=row.scheduled,
        earliest_datestamp=row.earliest_datestamp,
        response_date=row.response_date,
        granularity=Granularity(row.granularity) if row.granularity else None,
        verdict=Verdict(row.verdict) if row.verdict else None,
        reasons=reasons_from(row.reasons),
        records=row.records,
        started_at=row.started_at,
        ended_at=row.ended_at,
        windows=windows,
    )


def selection_from(text: str) -> Selection:
    """Read a selection as it is kept; what came later is as it was then: not asked for."""
    told: dict[str, Any] = json.loads(text)
    return Selection(
        prefixes=tuple(told["prefixes"]),
        sets=tuple(told["sets"]),
        from_=told["from_"],
        until=told["until"],
        full=told["full"],
        identifiers=tuple(told.get("identifiers", ())),
        sweep=told.get("sweep", False),
    )


def reasons_from(text: str) -> tuple[Reason, ...]:
    """Read reasons as they are kept."""
    return tuple(Reason(**reason) for reason in json.loads(text))

"""Runs: begun once, planned once, concluded once, whoever asks and however often."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, Engine, delete, exc, func, insert, select, update

from ingest.errors import RunRefused
from ingest.ledger import (
    Conclusion,
    Coverage,
    Distinct,
    ListName,
    PlannedWindow,
    Reason,
    Run,
    RunRequest,
    Verdict,
)
from ingest.records import Identification
from ingest.store import ledger_tables
from ingest.store.coverage import coverages_of, coverages_with_known, keep_outcome, lock_coverage
from ingest.store.digests import to_json
from ingest.store.distinct import count_distinct
from ingest.store.engine import reading, write
from ingest.store.run_rows import run_inside, selection_from
from ingest.store.types import database_now
from ingest.store.window_parts import window_values

_runs = ledger_tables.runs.c


def begin_run(engine: Engine, request: RunRequest) -> int:
    """Give the endpoint's active run, begun now where there is none.

    Raises RunRefused where the active run has another selection.
    """
    try:
        return write(engine, lambda connection: begin(connection, request))
    except BegunElsewhere:
        return write(engine, lambda connection: begin(connection, request))


class BegunElsewhere(Exception):
    """Another process began a run of this endpoint between our look and our insert."""


def begin(connection: Connection, request: RunRequest) -> int:
    """Begin or join a run inside a transaction of the caller's. Raises RunRefused as ``begin_run`` does."""
    active = connection.execute(
        select(_runs.id, _runs.selection).where(_runs.endpoint_id == request.endpoint_id, _runs.ended_at.is_(None))
    ).first()
    if active is None:
        try:
            begun = insert(ledger_tables.runs).values(_run_values(request)).returning(_runs.id)
            return int(connection.execute(begun).scalar_one())
        except exc.IntegrityError as error:
            raise BegunElsewhere from error
    if selection_from(active.selection) != request.selection:
        message = (
            f"run {active.id} of this endpoint is not finished and reads something else; "
            "finish it by harvesting with its own arguments, or end it with "
            f"`oai-ingest runs cancel {active.id}`"
        )
        raise RunRefused(message)
    return int(active.id)


def _run_values(request: RunRequest) -> dict[str, Any]:
    return {
        "endpoint_id": request.endpoint_id,
        "kind": request.kind.value,
        "selection": to_json(request.selection),
        "declaration": request.declaration,
        "host": request.host,
        "parallel": request.parallel,
        "scheduled": request.scheduled,
        "started_at": database_now(),
    }


def plan_run(
    engine: Engine,
    run_id: int,
    *,
    identification: Identification,
    plan: Callable[[Iterable[Coverage]], Iterable[PlannedWindow]],
    lists: Iterable[ListName],
) -> None:
    """Keep the windows of a run, unless another process has planned it already.

    ``plan`` is asked for the windows with the coverage of ``lists`` as it is inside the transaction.
    """

    def work(connection: Connection) -> None:
        endpoint_id = connection.scalar(
            update(ledger_tables.runs)
            .where(_runs.id == run_id, _runs.planned_at.is_(None), _runs.ended_at.is_(None))
            .values(
                planned_at=database_now(),
                response_date=identification.response_date,
                granularity=identification.granularity.value,
                earliest_datestamp=identification.earliest_datestamp,
                hinted_at=None,
                owner=None,
                lease_until=None,
            )
            .returning(_runs.endpoint_id)
        )
        if endpoint_id is None:
            return
        _keep_identify(connection, endpoint_id, identification)
        windows = plan(coverages_of(connection, endpoint_id, lists))
        connection.execute(insert(ledger_tables.windows), [window_values(run_id, window) for window in windows])

    write(engine, work)


def _keep_identify(connection: Connection, endpoint_id: int, identification: Identification) -> None:
    told = {**asdict(identification), "response_date": identification.response_date.isoformat()}
    connection.execute(
        update(ledger_tables.endpoints)
        .where(ledger_tables.endpoints.c.id == endpoint_id)
        .values(identify=to_json(told))
    )


def conclude_run(
    engine: Engine, run_id: int, conclude: Callable[[Run, Iterable[Coverage], Distinct], Conclusion]
) -> Run:
    """End a run none of whose windows is open, once; give it as it ended.

    ``conclude`` is asked with the run, the coverage of its lists and what was read without what came twice. A run with
    open windows, or one that has ended before, is given as it is.
    """

    def work(connection: Connection) -> None:
        # The run's row is locked, so that two processes that finish together conclude one after the other.
        connection.execute(select(_runs.id).where(_runs.id == run_id).with_for_update(key_share=True))
        run = run_inside(connection, run_id)
        if not run.active or any(window.state == "open" for window in run.windows):
            return
        distinct = count_distinct(connection, run)
        # A person may decide about an earlier run at the same moment.
        lock_coverage(connection, run.endpoint_id)
        conclusion = conclude(run, coverages_with_known(connection, run.endpoint_id, lists_of_run(run)), distinct)
        for outcome in conclusion.lists:
            keep_outcome(connection, run.endpoint_id, outcome)
        _end(connection, run_id, conclusion, distinct.records)

    write(engine, work)
    return read_run(engine, run_id)


def lists_of_run(run: Run) -> list[ListName]:
    """Name the lists that a run has read, and those that it was asked for."""
    prefixes, sets = run.selection.prefixes, run.selection.sets or ("",)
    asked = {ListName(metadata_prefix=prefix, set_spec=set_spec) for prefix in prefixes for set_spec in sets}
    return sorted({window.list for window in run.windows} | asked)


def _end(connection: Connection, run_id: int, conclusion: Conclusion, records: int) -> None:
    connection.execute(
        update(ledger_tables.runs)
        .where(_runs.id == run_id, _runs.ended_at.is_(None))
        .values(
            ended_at=database_now(),
            verdict=conclusion.verdict.value,
            reasons=to_json(conclusion.reasons),
            records=records,
        )
    )
    of_run = select(ledger_tables.windows.c.id).where(ledger_tables.windows.c.run_id == run_id)
    connection.execute(delete(ledger_tables.pages).where(ledger_tables.pages.c.window_id.in_(of_run)))


def fail_run(engine: Engine, run_id: int, reason: Reason) -> Run:
    """End a run that could not even be planned; a run with windows is given as it is."""

    def work(connection: Connection) -> None:
        planned = connection.scalar(
            select(_runs.planned_at).where(_runs.id == run_id, _runs.ended_at.is_(None)).with_for_update(key_share=True)
        )
        if planned is None:
            _end(connection, run_id, Conclusion(verdict=Verdict.FAILED, reasons=(reason,)), 0)

    write(engine, work)
    return read_run(engine, run_id)


def cancel_windows(engine: Engine, run_id: int, reason: Reason) -> None:
    """Give up every window of a run that is still open; whoever works on one loses it with the page in hand."""
    open_windows = (ledger_tables.windows.c.run_id == run_id, ledger_tables.windows.c.state == "open")
    values = {"state": "abandoned", "reason": reason.code, "message": reason.text, "owner": None, "lease_until": None}
    write(engine, lambda c: c.execute(update(ledger_tables.windows).where(*open_windows).values(values)))


def note_interruption(engine: Engine, run_id: int, reason: Reason) -> Run:
    """Say of a run that stays active that it was stopped: what is left is read when it is taken up again."""
    write(
        engine,
        lambda connection: connection.execute(
            update(ledger_tables.runs)
            .where(_runs.id == run_id, _runs.ended_at.is_(None))
            .values(verdict=Verdict.PARTIAL.value, reasons=to_json([reason]))
        ),
    )
    return read_run(engine, run_id)


def read_run(engine: Engine, run_id: int, *, counted: bool = True) -> Run:
    """Read a run with its windows; the records of an active one are counted as they stand, which takes a while."""
    with reading(engine) as connection:
        run = run_inside(connection, run_id)
        if not run.active or not counted:
            return run
        return replace(run, records=count_distinct(connection, run).records)


def elements_of_run(engine: Engine, run_id: int) -> tuple[int, int]:
    """Give how many elements of a run were rejected, and how many it has seen."""
    windows = ledger_tables.windows.c
    query = select(func.sum(windows.rejected), func.sum(windows.seen)).where(windows.run_id == run_id)
    with reading(engine) as connection:
        rejected, seen = connection.execute(query).one()
    return int(rejected or 0), int(seen or 0)

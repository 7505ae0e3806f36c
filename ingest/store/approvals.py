"""What a person may decide about a run, and the decision written."""

from collections.abc import Callable, Iterable

from sqlalchemy import Connection, Engine, select, update

from ingest.ledger import Conclusion, Coverage, ListName, Reason, Run, RunKind, Verdict
from ingest.store import ledger_tables
from ingest.store.coverage import coverages_of, keep_outcome, lock_coverage
from ingest.store.digests import to_json
from ingest.store.engine import reading, write
from ingest.store.run_rows import reasons_from, run_inside

_runs = ledger_tables.runs.c
_windows = ledger_tables.windows.c


def lists_in_doubt(engine: Engine, run: Run) -> tuple[ListName, ...]:
    """Name the lists of a run of which the last full read is in doubt."""
    lists = sorted({window.list for window in run.windows})
    with reading(engine) as connection:
        coverages = coverages_of(connection, run.endpoint_id, lists)
    return tuple(coverage.list for coverage in coverages if coverage.suspect_count is not None)


def later_runs(engine: Engine, run: Run, name: ListName) -> dict[int, tuple[Reason, ...]]:
    """Give the reasons of the runs that have ended after this one began and read the list too, by their numbers."""
    query = (
        select(_runs.id, _runs.reasons)
        .join(ledger_tables.windows)
        .where(
            _runs.endpoint_id == run.endpoint_id,
            _runs.id > run.run_id,
            _runs.ended_at.is_not(None),
            _windows.metadata_prefix == name.metadata_prefix,
            _windows.set_spec == name.set_spec,
        )
    )
    with reading(engine) as connection:
        return {key: reasons_from(reasons) for key, reasons in connection.execute(query)}


def read_since(engine: Engine, run: Run) -> frozenset[ListName]:
    """Name the lists that a full run has read after this one, and was believed."""
    query = (
        select(_windows.metadata_prefix, _windows.set_spec)
        .join(ledger_tables.runs)
        .where(
            _runs.endpoint_id == run.endpoint_id,
            _runs.id > run.run_id,
            _runs.kind == RunKind.FULL.value,
            _runs.verdict == Verdict.COMPLETE.value,
        )
        .distinct()
    )
    with reading(engine) as connection:
        return frozenset(ListName(metadata_prefix=prefix, set_spec=spec) for prefix, spec in connection.execute(query))


def decide_run(engine: Engine, run_id: int, decide: Callable[[Run, Iterable[Coverage]], Conclusion]) -> Run:
    """Write what a person has decided: verdict and reasons of an ended run, and what its lists are compared with."""

    def work(connection: Connection) -> Run:
        connection.execute(select(_runs.id).where(_runs.id == run_id).with_for_update(key_share=True))
        run = run_inside(connection, run_id)
        lists = sorted({window.list for window in run.windows})
        # A run of now may be concluded at the same moment.
        lock_coverage(connection, run.endpoint_id)
        conclusion = decide(run, coverages_of(connection, run.endpoint_id, lists))
        for outcome in conclusion.lists:
            keep_outcome(connection, run.endpoint_id, outcome)
        told = {"verdict": conclusion.verdict.value, "reasons": to_json(conclusion.reasons)}
        connection.execute(update(ledger_tables.runs).where(_runs.id == run_id).values(told))
        return run_inside(connection, run_id)

    return write(engine, work)

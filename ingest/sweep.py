"""Sweeps: what a repository no longer lists is deleted when two have missed it, or held until a person decides."""

from collections.abc import Callable, Iterable
from functools import partial

from ingest.endpoints import Endpoint
from ingest.errors import RunRefused
from ingest.identify_values import DeletedRecord
from ingest.keep import with_descriptions
from ingest.ledger import Conclusion, Coverage, Distinct, Run, Selection, Swept, Verdict
from ingest.plan.sweeps import APART, conclude_sweep, holding, is_held
from ingest.plan.windows import lists_of
from ingest.store.deleting import delete_batch
from ingest.store.endpoints import deleted_record, endpoint_coverages
from ingest.store.engine import Database
from ingest.store.misses import Judging, note_missed, what_was_swept
from ingest.store.runs import conclude_run, read_run

TOMBSTONES_TELL = "its Identify answer says that it keeps what it deletes (persistent), and harvests bring that"


def check_sweep(selection: Selection, endpoint: Endpoint, endpoint_id: int, database: Database) -> None:
    """Raise RunRefused where a sweep has nothing to find: nothing was harvested, or tombstones tell of deletions."""
    read = {each.list for each in endpoint_coverages(database, endpoint_id) if each.bound is not None}
    if read.isdisjoint(lists_of(selection)):
        told = f"nothing of {endpoint.name} has been harvested that could be missed"
        raise RunRefused(f"{told}; harvest it first, without --sweep")
    if deleted_record(database, endpoint_id) is DeletedRecord.PERSISTENT:
        raise RunRefused(f"{endpoint.name} needs no sweep: {TOMBSTONES_TELL}; leave out --sweep")


def finish_sweep(run: Run, endpoint: Endpoint, database: Database) -> Run:
    """Note what a sweep has missed, delete what an earlier one has missed too, and conclude it.

    Whoever is stopped on the way leaves an active run; whoever takes it up does the rest.
    """
    beside = note_missed(database, run.run_id, _judging(endpoint))
    run = read_run(database, run.run_id, counted=False)
    swept = Swept()
    if beside is not None:
        delete_due(run, database, held=False)
        swept = what_was_swept(database, run, beside=beside)

    def concluded(run: Run, coverages: Iterable[Coverage], _distinct: Distinct) -> Conclusion:
        return conclude_sweep(run, coverages=coverages, swept=swept, shrink_limit=endpoint.shrink_limit)

    return conclude_run(database, run.run_id, concluded)


def _judging(endpoint: Endpoint) -> Judging:
    def counts(run: Run, coverages: Iterable[Coverage]) -> bool:
        conclusion = conclude_sweep(run, coverages=coverages, swept=Swept(), shrink_limit=endpoint.shrink_limit)
        return conclusion.verdict is Verdict.COMPLETE

    return Judging(counts=counts, holding=holding, is_held=partial(is_held, fuse=endpoint.fuse), apart=APART)


def delete_due(
    run: Run,
    database: Database,
    *,
    held: bool,
    stop: Callable[[], bool] = lambda: False,
    tell: Callable[[int], None] = lambda _deleted: None,
) -> int:
    """Delete what is due by a sweep, or what it ``held``, a batch at a time; give how many items were.

    ``stop`` is looked at between batches, ``tell`` told how many have been deleted after each.
    """
    deleted = 0
    while not stop():
        batch = with_descriptions(partial(delete_batch, database, run, held=held), database)
        if not batch.taken:
            break
        deleted += batch.items
        tell(deleted)
    return deleted

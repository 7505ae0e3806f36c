"""A person's decision about a run: what it holds is deleted or kept, what it doubts is believed or not."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ingest.errors import RunRefused
from ingest.ledger import ListName, Run
from ingest.plan.approvals import approved, is_doubted, rejected
from ingest.plan.sweeps import HELD
from ingest.store.approvals import decide_run, later_runs, lists_in_doubt, read_since
from ingest.store.engine import Database
from ingest.store.misses import count_held, forget_held, newest_holding, what_was_swept
from ingest.store.runs import read_run
from ingest.sweep import delete_due


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What came of a person's decision."""

    run: Run
    deleted: int = 0
    """Items that were held and are deleted now."""
    kept: int = 0
    """Items that were held and stay."""
    left: int = 0
    """Items that are held still, because a stop was asked for: the same command goes on."""
    lists: tuple[ListName, ...] = ()
    """Lists that were in doubt and are no more."""


def approve(run_id: int, database: Database, *, stop: Callable[[], bool], tell: Callable[[int, int], None]) -> Decided:
    """Delete what a run holds and is still missed, and believe what it has read of the lists in doubt.

    ``stop`` is looked at between batches; ``tell`` is told how many have been deleted of how many. Whoever is ended on
    the way leaves a decision that the next one writes. Raises RunRefused where there is nothing to approve, LookupError
    where there is no such run.
    """
    run, held, doubted = _undecided(run_id, database, approving=True)
    deleted = delete_due(run, database, held=True, stop=stop, tell=lambda done: tell(done, held))
    left = count_held(database, run_id)
    if left:
        return Decided(run=run, deleted=deleted, left=left)
    since = read_since(database, run)
    decide = partial(approved, doubted=doubted, deleted=_deleted(run, database), read_since=since)
    return Decided(run=decide_run(database, run_id, decide), deleted=deleted, lists=doubted)


def reject(run_id: int, database: Database) -> Decided:
    """Keep what a run holds, as if it had not been missed, and do not believe what it has read of lists in doubt.

    Raises as ``approve`` does.
    """
    run, _held, doubted = _undecided(run_id, database, approving=False)
    kept = forget_held(database, run.run_id)
    decide = partial(rejected, doubted=doubted, kept=kept)
    return Decided(run=decide_run(database, run_id, decide), kept=kept, lists=doubted)


def _undecided(run_id: int, database: Database, *, approving: bool) -> tuple[Run, int, tuple[ListName, ...]]:
    """Give a run with what is to be decided about it: how many deletions it holds, and the lists that it left in doubt.

    Raises RunRefused where there is nothing.
    """
    run = read_run(database, run_id)
    if run.active:
        raise RunRefused(f"run {run_id} has not ended; see `oai-ingest runs show {run_id}`")
    held = count_held(database, run_id)
    doubted = tuple(name for name in lists_in_doubt(database, run) if not _doubted_later(run, name, database))
    if not is_doubted(run.reasons):
        doubted = ()
    if not held and not doubted and not (approving and _deleted(run, database)):
        raise RunRefused(_nothing(run, database))
    return run, held, doubted


def _deleted(run: Run, database: Database) -> int:
    """Count what has been deleted of what a run held; none where that is told of it already."""
    if all(reason.code != HELD for reason in run.reasons):
        return 0
    return what_was_swept(database, run).deleted


def _doubted_later(run: Run, name: ListName, database: Database) -> bool:
    return any(is_doubted(reasons) for reasons in later_runs(database, run, name).values())


def _nothing(run: Run, database: Database) -> str:
    """Say that there is nothing to decide about a run, and where there is."""
    told = f"run {run.run_id} has nothing to approve"
    holding = newest_holding(database, run.endpoint_id)
    later = [
        key
        for name in lists_in_doubt(database, run)
        for key, reasons in later_runs(database, run, name).items()
        if is_doubted(reasons)
    ]
    other = holding if holding is not None and holding != run.run_id else max(later, default=None)
    where = f"run {other} has; see `oai-ingest runs show {other}`" if other else "see `oai-ingest runs list`"
    return f"{told}; {where}"

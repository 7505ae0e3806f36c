"""The main path: ask a repository for what is new, keep it page by page, and say honestly how far that went."""

import math
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from ingest.endpoints import Endpoint, endpoint_for_url
from ingest.endpoints import declared as read_declaration
from ingest.errors import (
    CannotDisseminateFormat,
    ConfigurationError,
    DeletionsAnnounced,
    FatalProtocolError,
    LeaseLost,
    RestartListError,
    RetriableError,
)
from ingest.identify_values import DeletedRecord, Granularity
from ingest.ledger import Conclusion, Coverage, Distinct, PlannedWindow, Reason, Run, RunKind, RunRequest, Selection
from ingest.operator_tables import NO_TABLES
from ingest.plan.offers import offered_of
from ingest.plan.refusals import pauses, with_pause
from ingest.plan.verdict import conclude
from ingest.plan.windows import as_answered, kind_of, lists_of, plan_list
from ingest.profiles import profile_of
from ingest.store.answers import Voices
from ingest.store.endpoints import endpoint_coverages, keep_endpoint, keep_profile, read_operator_tables
from ingest.store.engine import Database
from ingest.store.hosts import seconds_to_wait
from ingest.store.leases import Lease
from ingest.store.runs import begin_run, cancel_windows, conclude_run, fail_run, note_interruption, plan_run, read_run
from ingest.store.schedule import set_paused
from ingest.store.windows import claim_window, count_open, read_window, seconds_until_due
from ingest.surroundings import Job, Surroundings
from ingest.sweep import TOMBSTONES_TELL, check_sweep, finish_sweep
from ingest.work import work_window

_LOOKS, _LOOK_SECONDS = 20, 0.025
"""How often who has no window looks for parts that were left in this process, before the ledger is asked for others."""
_MOST_ROUNDS = 10


def harvest(
    endpoint: Endpoint,
    selection: Selection,
    around: Surroundings,
    *,
    declared: bool = False,
    as_declared: Endpoint | None = None,
) -> Run:
    """Bring our copy of the selected lists up to date, and give the run as it ended or was stopped.

    A run of the same selection that is active is joined, or taken up where it was left; raises RunRefused where
    another one is active. ``as_declared`` is the endpoint without what was asked for this once.
    """
    run = begin(endpoint, selection, around.database, declared=declared, as_declared=as_declared)
    # A run that was begun before describes by the declaration of then, whatever the file says by now.
    endpoint = read_declaration(run.declaration)
    run = plan_or_fail(run, around)
    if not run.active:
        return run
    work_in_parallel(run, endpoint, around)
    if around.stop():
        return interrupted(run.run_id, endpoint, around)
    return put_off(run, around) or finish(run.run_id, endpoint, around.database)


def begin(
    endpoint: Endpoint,
    selection: Selection,
    database: Database,
    *,
    declared: bool,
    as_declared: Endpoint | None = None,
) -> Run:
    """Begin a run, or join the active one; what is asked for this once stays out of the endpoint's own declaration."""
    endpoint_id = keep_endpoint(database, as_declared or endpoint, declared=declared)
    selection = as_answered(selection, endpoint.known_quirks)
    if selection.sweep:
        check_sweep(selection, endpoint, endpoint_id, database)
    coverages = {coverage.list: coverage for coverage in endpoint_coverages(database, endpoint_id)}
    wanted = [coverages.get(name, Coverage(list=name)) for name in lists_of(selection)]
    request = RunRequest(
        endpoint_id=endpoint_id,
        kind=kind_of(selection, wanted),
        selection=selection,
        declaration=endpoint.model_dump_json(),
        host=endpoint.host,
        parallel=endpoint.parallel,
    )
    return read_run(database, begin_run(database, request), counted=False)


def plan_or_fail(run: Run, around: Surroundings, *, patient: bool = False) -> Run:
    """Plan a run that is not planned yet; one whose repository does not tell what it needs to know has failed.

    Where ``patient`` is true, RetriableError is raised instead, and the run can be planned later.
    """
    try:
        plan(run, run.selection, around)
    except RetriableError as error:
        if patient:
            raise
        return fail(run, error, around.database)
    except (FatalProtocolError, RestartListError) as error:
        return fail(run, error, around.database)
    return read_run(around.database, run.run_id, counted=False)


def plan(run: Run, selection: Selection, around: Surroundings) -> None:
    """Ask the repository who it is and what it offers, and plan the run's windows. A planned run is let be."""
    if run.response_date is not None:
        return
    quirks = read_declaration(run.declaration).known_quirks
    identification = around.repository.identify()
    if selection.sweep and identification.deleted_record is DeletedRecord.PERSISTENT:
        raise DeletionsAnnounced(f"a sweep is not needed: {TOMBSTONES_TELL}")
    offered = {offer.metadata_prefix for offer in around.repository.list_metadata_formats()}
    prefixes = offered_of(selection.prefixes, offered)
    granularity = Granularity.DAY if "day_granularity" in quirks else identification.granularity
    identification = replace(identification, granularity=granularity)

    def planned(coverages: Iterable[Coverage]) -> Iterable[PlannedWindow]:
        date = identification.response_date
        windows = [
            window
            for coverage in coverages
            for window in plan_list(
                coverage, selection=selection, granularity=granularity, response_date=date, scheduled=run.scheduled
            )
        ]
        if not windows:
            # Only a sweep plans none for a list: for one that was never read.
            raise CannotDisseminateFormat(
                "of what the repository offers now, nothing has been harvested that a sweep reads"
            )
        return windows

    lists = lists_of(replace(selection, prefixes=prefixes))
    plan_run(around.database, run.run_id, identification=identification, plan=planned, lists=lists)


def work_in_parallel(run: Run, endpoint: Endpoint, around: Surroundings) -> None:
    """Work the run's windows in this process, as many at once as the run declares, until none is left or at a stop."""
    done: list[int] = []
    with ThreadPoolExecutor(run.parallel, thread_name_prefix="window") as threads:
        for each in [threads.submit(work_windows, run, endpoint, around, done) for _ in range(run.parallel)]:
            each.result()


def work_windows(run: Run, endpoint: Endpoint, around: Surroundings, done: list[int]) -> None:
    """Work one window after the other until none is left; ``done`` are those that this process was done with."""
    while not around.stop():
        before = len(done)
        lease = claim_window(around.database, run_id=run.run_id, owner=around.owner, lease_seconds=around.lease_seconds)
        if lease is not None:
            work(lease, endpoint, run, around)
            done.append(lease.window_id)
        elif not count_open(around.database, run.run_id):
            return
        elif _seconds_to_wait(run, around) > endpoint.page_deadline:
            # Nobody is kept waiting for longer than for a page.
            return
        else:
            for _ in range(_LOOKS):
                if len(done) == before and not around.stop():
                    around.wait(_LOOK_SECONDS)


def work(lease: Lease, endpoint: Endpoint, run: Run, around: Surroundings) -> bool:
    """Work one window; False where the lease was lost on the way, which is another worker's gain."""
    profile = profile_of(endpoint)
    tables = read_operator_tables(around.database, profile.tables)
    if tables is None:
        # Gone since the run began: what is described without them is marked so, and described again later.
        profile, tables = profile.model_copy(update={"tables": ""}), NO_TABLES
    prefix = read_window(around.database, lease.window_id).list.metadata_prefix
    voices = Voices(
        endpoint=endpoint.name,
        metadata_prefix=prefix,
        prefix_position=profile.prefix_position(prefix),
        priority=endpoint.priority,
        profile_id=keep_profile(around.database, profile),
    )
    job = Job(
        lease=lease,
        voices=voices,
        profile=profile,
        tables=tables,
        max_pages=endpoint.max_pages,
        max_list_bytes=endpoint.max_list_bytes,
        max_list_seconds=endpoint.max_list_time,
        rejection_ceiling=endpoint.rejection_ceiling,
        identifiers=run.selection.identifiers,
        quirks=endpoint.known_quirks,
        run_date=run.response_date.strftime("%Y-%m-%dT%H:%M:%SZ") if run.response_date else "",
        host=run.host,
        parallel=run.parallel,
        granularity=run.granularity or Granularity.DAY,
        earliest=run.earliest_datestamp,
        response_date=run.response_date,
    )
    try:
        work_window(job, around)
    except LeaseLost:
        return False
    return True


def finish(run_id: int, endpoint: Endpoint, database: Database) -> Run:
    """Conclude a run whose windows have all ended or been given up."""
    run = read_run(database, run_id, counted=False)
    if run.kind is RunKind.SWEEP:
        return _heeded(finish_sweep(run, endpoint, database), endpoint, database)

    def concluded(run: Run, coverages: Iterable[Coverage], distinct: Distinct) -> Conclusion:
        conclusion = conclude(
            run,
            coverages=coverages,
            distinct=distinct,
            overlap=endpoint.overlap,
            shrink_limit=endpoint.shrink_limit,
            rejection_ceiling=endpoint.rejection_ceiling,
        )
        return replace(conclusion, reasons=with_pause(conclusion.reasons, endpoint))

    return _heeded(conclude_run(database, run_id, concluded), endpoint, database)


def _heeded(run: Run, endpoint: Endpoint, database: Database) -> Run:
    """Let the schedule begin no further run where the repository refuses access."""
    if pauses(run.reasons, endpoint):
        set_paused(database, endpoint.name, paused=True)
    return run


def put_off(run: Run, around: Surroundings) -> Run | None:
    """Say of a run whose host asked to be left alone that it is not finished; None where nothing of it is left."""
    left = count_open(around.database, run.run_id)
    if not left:
        return None
    minutes = math.ceil(_seconds_to_wait(run, around) / 60)
    text = f"the repository is to be left alone for {minutes} minutes; after that the same command goes on"
    return note_interruption(around.database, run.run_id, Reason(code="repository-unavailable", count=left, text=text))


def interrupted(run_id: int, endpoint: Endpoint, around: Surroundings) -> Run:
    """Say that a stopped run is not finished; one that had nothing left to do is concluded."""
    left = count_open(around.database, run_id)
    if not left and read_run(around.database, run_id).windows:
        return finish(run_id, endpoint, around.database)
    text = "stopped before the end; the same command goes on where it was left"
    return note_interruption(around.database, run_id, Reason(code="interrupted", count=max(left, 1), text=text))


def cancel(run_id: int, database: Database) -> Run:
    """End a run before its end: what it has kept stays, what it has not read is a gap. An ended run is let be."""
    reason = Reason(code="cancelled", count=1, text="a person ended the run before its end")
    run = read_run(database, run_id, counted=False)
    if not run.windows:
        run = fail_run(database, run_id, reason)
    # Whoever plans it or splits a window at this moment may add windows behind our back.
    for _round in range(_MOST_ROUNDS):
        if not run.active:
            break
        cancel_windows(database, run_id, reason)
        run = finish(run_id, _declared_or_default(run), database)
    return run


def _declared_or_default(run: Run) -> Endpoint:
    """Give the endpoint as the run has it; one that another version wrote is concluded by the defaults."""
    try:
        return read_declaration(run.declaration)
    except ConfigurationError:
        return endpoint_for_url(f"http://{run.host}/")


def _seconds_to_wait(run: Run, around: Surroundings) -> float:
    """Say how long nothing of a run can be worked on."""
    return max(seconds_to_wait(around.database, run.host), seconds_until_due(around.database, run.run_id))


def fail(run: Run, error: FatalProtocolError | RetriableError | RestartListError, database: Database) -> Run:
    """End a run that could not be planned."""
    endpoint = _declared_or_default(run)
    (reason,) = with_pause((_reason(error),), endpoint)
    return _heeded(fail_run(database, run.run_id, reason), endpoint, database)


def _reason(error: FatalProtocolError | RetriableError | RestartListError) -> Reason:
    match error:
        case FatalProtocolError():
            code = error.code
        case RetriableError():
            code = "repository-unavailable"
        case _:
            code = "bad-resumption-token"
    return Reason(code=code, count=1, text=str(error))

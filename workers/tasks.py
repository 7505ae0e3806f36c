"""The tasks: each asks the ledger what is to be done, does a slice of it, and tells the queue what waits next.

A task may come twice, late, or never: who may do what is decided by leases and fences in the ledger.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from celery import Task

from ingest import harvest as main_path
from ingest.endpoints import Endpoint, declared
from ingest.errors import ConfigurationError, DatabaseRefused, IngestError, RetriableError
from ingest.heartbeat import beating
from ingest.ledger import Reason, Run, Verdict, Window
from ingest.store.hints import Hint, Step, run_of_window
from ingest.store.owners import this_owner
from ingest.store.planning import claim_planning, give_back_planning, put_off_planning, renew_planning
from ingest.store.runs import cancel_windows, fail_run, note_interruption, read_run
from ingest.store.windows import claim_window, read_window
from ingest.surroundings import Surroundings
from workers import processes
from workers.app import HARVEST, MAINTENANCE
from workers.declaring import task
from workers.interruption import Interrupted
from workers.logs import bound
from workers.progress import Progress, run_words, window_words
from workers.repositories import open_repository, share_pace
from workers.sending import NAMES, send, send_what_waits

log = structlog.stdlib.get_logger(__name__)

PLAN_AGAIN, PLAN_UNTIL = timedelta(minutes=5), timedelta(hours=1)
"""How often, and for how long, a scheduled run is tried to be planned while its repository is away."""
LEAST_PATIENCE = 30.0
"""Seconds that a task waits for a repository in any case: long enough for one that stumbles."""
PATIENCE = 4
"""How often in a row a window is put back because its repository is away, before what is left of it becomes a gap."""
_BEATS_A_LEASE = 3


class HarvestFailed(IngestError):
    """A run has failed: the dashboard shows its task as failed, with the reason."""


# --- the tasks ------------------------------------------------------------------------------------


@task(name=NAMES[Step.PLAN], queue=HARVEST)
def plan_run(_task: Task, run: int) -> str:
    """Ask the repository who it is, and plan the windows of a run."""
    return _on_run(lambda: run, _plan)


@task(name=NAMES[Step.WORK], queue=HARVEST, again_after_death=True)
def work_window(task: Task, window: int, fence: int) -> str:
    """Work a window for one slice."""
    return _on_run(
        lambda: run_of_window(processes.database(), window), lambda run: _work(task, run, window, fence), window=window
    )


@task(name=NAMES[Step.FINISH], queue=MAINTENANCE)
def finish_run(_task: Task, run: int) -> str:
    """Conclude a run whose windows have all ended."""
    return _on_run(lambda: run, _finish)


# --- what they do ---------------------------------------------------------------------------------


def _plan(run: Run) -> str:
    if run.response_date is not None:
        return "nothing to do: the run is planned"
    endpoint, database = _endpoint(run), processes.database()
    try:
        with _surroundings(endpoint, lambda _window: None) as around:
            if not claim_planning(database, run.run_id, owner=around.owner, lease_seconds=around.lease_seconds):
                return "nothing to do: another worker plans the run, or the host takes no more for now"
            with _planning(run, around):
                run = processes.unless_stopping(partial(main_path.plan_or_fail, run, around, patient=True))
    except DatabaseRefused:
        raise
    except Interrupted:
        # Whoever starts next finds it at once, and not only when this task counts as lost.
        send([Hint(step=Step.PLAN, run=run)])
        raise
    except RetriableError as error:
        if not _may_wait(run, error):
            return _told(main_path.fail(run, error, database))
        put_off_planning(database, run.run_id, seconds=max(PLAN_AGAIN.total_seconds(), error.retry_after or 0.0))
        note_interruption(database, run.run_id, Reason(code="repository-unavailable", count=1, text=str(error)))
        raise
    except ConfigurationError as error:
        return _told(fail_run(database, run.run_id, Reason(code="configuration", count=1, text=str(error))))
    if run.verdict is Verdict.FAILED:
        return _told(run)
    log.info("run planned", kind=run.kind.value, windows=len(run.windows))
    return f"{len(run.windows)} {'window' if len(run.windows) == 1 else 'windows'} planned"


@contextmanager
def _planning(run: Run, around: Surroundings) -> Iterator[None]:
    """Keep the lease of a run that is being planned, and give it back before anybody else is told of the run."""
    lease_seconds = around.lease_seconds

    def renew() -> None:
        renew_planning(around.database, run.run_id, owner=around.owner, lease_seconds=lease_seconds)

    try:
        with beating(renew, seconds=lease_seconds / _BEATS_A_LEASE):
            yield
    finally:
        give_back_planning(around.database, run.run_id, owner=around.owner)


def _may_wait(run: Run, error: RetriableError) -> bool:
    """Whether the run is planned later: a repository that asks for patience, or is away when the schedule asks."""
    return bool(run.scheduled or error.retry_after) and datetime.now(UTC) - run.started_at < PLAN_UNTIL


def _work(task: Task, run: Run, window_id: int, fence: int) -> str:
    endpoint, database = _endpoint(run), processes.database()
    try:
        with _surroundings(endpoint, Progress(task).tell) as around:
            lease = claim_window(
                database,
                run_id=run.run_id,
                owner=around.owner,
                lease_seconds=around.lease_seconds,
                window_id=window_id,
                fence=fence,
            )
            if lease is None:
                return "nothing to do: another worker has the window, or the host takes no more for now"
            if not main_path.work(lease, endpoint, run, around):
                log.info("another worker has taken the window over")
                return "nothing more to do: another worker has taken the window over"
    except DatabaseRefused:
        raise
    except ConfigurationError as error:
        # A credential is missing here: no other attempt of this worker could do better.
        cancel_windows(database, run.run_id, Reason(code="configuration", count=1, text=str(error)))
        raise
    window = read_window(database, window_id)
    words = window_words(window)
    tell = log.warning if window.state == "abandoned" else log.debug if window.state == "open" else log.info
    tell("window worked", state=window.state, result=words)
    return words


def _finish(run: Run) -> str:
    run = main_path.finish(run.run_id, _endpoint(run), processes.database())
    return "nothing to do: windows of the run are open still" if run.active else _told(run)


def _told(run: Run) -> str:
    """Log how a run has ended and give it in words. Raises HarvestFailed where it has failed."""
    words = run_words(run)
    if run.verdict is Verdict.FAILED:
        log.warning("run failed", reason=words)
        raise HarvestFailed(words)
    log.info("run ended", verdict=run.verdict and run.verdict.value, result=words)
    return words


# --- what they have in common ---------------------------------------------------------------------


def _on_run(find: Callable[[], int | None], work: Callable[[Run], str], *, window: int | None = None) -> str:
    """Do a task's work on a run that is active, then tell the queue what waits next at its host."""
    try:
        run = _active(find())
    except DatabaseRefused as error:
        log.warning("the database is away", reason=str(error))
        raise
    if run is None:
        log.info("nothing to do: no such work waits", window=window)
        return "nothing to do: it has ended, or was never begun"
    with bound(run=run.run_id, endpoint=run.endpoint, window=window):
        try:
            return work(run)
        except Interrupted:
            return "stopped together with the worker; goes on with the next one"
        except HarvestFailed:
            raise
        except IngestError as error:
            log.warning("task failed", reason=str(error))
            raise
        finally:
            _follow_up(run.host)


def _active(run_id: int | None) -> Run | None:
    try:
        run = None if run_id is None else read_run(processes.database(), run_id, counted=False)
    except LookupError:
        return None
    return run if run and run.active else None


def _follow_up(host: str) -> None:
    try:
        send_what_waits(processes.database(), processes.settings(), host=host)
    except DatabaseRefused as error:
        log.warning("what waits next is found later", reason=str(error))


def _endpoint(run: Run) -> Endpoint:
    return declared(run.declaration)


@contextmanager
def _surroundings(endpoint: Endpoint, tell: Callable[[Window], None]) -> Iterator[Surroundings]:
    """Put together what a slice of work is handed."""
    settings, database, began = processes.settings(), processes.database(), time.monotonic()
    # A task that waits keeps others from the process: beyond a slice the window is put back instead.
    patience = max(settings.slice_seconds, LEAST_PATIENCE)
    with open_repository(
        endpoint, settings, wait=processes.wait_or_end, on_wait=_waiting, longest_wait=patience
    ) as repository:
        share_pace(repository, endpoint, settings, database)
        yield Surroundings(
            database=database,
            repository=repository,
            lease_seconds=settings.lease_seconds,
            owner=this_owner(),
            stop=processes.stopping,
            wait=processes.wait,
            tell=tell,
            slice_over=lambda: time.monotonic() - began > settings.slice_seconds,
            patience=PATIENCE,
        )


def _waiting(seconds: float, reason: str) -> None:
    log.info("asking again later", seconds=round(seconds, 1), reason=reason)

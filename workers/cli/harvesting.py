"""A harvest in this process: what it needs is put together here, and what came of it is told."""

import time
from contextlib import AbstractContextManager, ExitStack

from ingest import harvest as main_path
from ingest.errors import DatabaseRefused
from ingest.ledger import Run
from ingest.settings import Settings, from_environment
from ingest.store.endpoints import open_gaps
from ingest.store.engine import Database
from ingest.store.owners import this_owner
from ingest.store.runs import read_run
from ingest.surroundings import Surroundings
from workers.cli.databases import writable
from workers.cli.layout import show
from workers.cli.options import HarvestArguments
from workers.cli.outcomes import Outcome
from workers.cli.output import complain, write_json
from workers.cli.progress import shown_progress
from workers.cli.reports import harvest_object
from workers.cli.run_shown import outcome_shown
from workers.cli.selecting import HarvestRequest, harvest_request
from workers.cli.stopping import stoppable
from workers.garbage import look_seldom
from workers.interruption import Interrupted
from workers.repositories import open_repository, share_pace


def harvest_and_report(asked: HarvestArguments, *, as_json: bool) -> int:
    """Harvest and write the report; returns the exit code. Raises ConfigurationError where it was refused."""
    settings = from_environment()
    request = harvest_request(asked, settings.config)
    outcome = harvest_here(request, settings, writable(settings.database_url))
    if outcome.error:
        complain(outcome.error)
    if as_json:
        write_json(harvest_object(outcome))
    else:
        show(*outcome_shown(outcome))
    return 0 if outcome.complete else 1


def harvest_here(request: HarvestRequest, settings: Settings, database: AbstractContextManager[Database]) -> Outcome:
    """Harvest, with progress on standard error, until the run has ended or a stop is asked for.

    The database is entered last, so that none is made where a credential is missing. Raises ConfigurationError where
    nothing was asked or written: another run stands in the way, most often.
    """
    began = time.monotonic()
    look_seldom()
    with ExitStack() as stack:
        stop = stack.enter_context(stoppable())
        progress = stack.enter_context(shown_progress())
        repository = stack.enter_context(
            open_repository(request.endpoint, settings, wait=stop.wait_or_end, on_wait=progress.waiting)
        )
        opened = stack.enter_context(database)
        share_pace(repository, request.endpoint, settings, opened)
        around = Surroundings(
            database=opened,
            repository=repository,
            lease_seconds=settings.lease_seconds,
            owner=this_owner(),
            stop=stop,
            wait=stop.wait,
            tell=progress.tell,
        )
        before = main_path.begin(
            request.endpoint, request.selection, opened, declared=request.declared, as_declared=request.as_declared
        )
        run, gaps, error = _harvested(request, around, before)
    return Outcome(
        run=run,
        gaps=gaps,
        seconds=time.monotonic() - began,
        seen=run.total("seen") - before.total("seen"),
        error=error,
    )


def _harvested(request: HarvestRequest, around: Surroundings, run: Run) -> tuple[Run, int, str | None]:
    """Harvest; a database that fails from here on has not refused, it has failed in the middle."""
    try:
        try:
            run = main_path.harvest(
                request.endpoint, request.selection, around, declared=request.declared, as_declared=request.as_declared
            )
        except Interrupted:
            run = main_path.interrupted(run.run_id, request.endpoint, around)
        return run, open_gaps(around.database, run.endpoint_id), None
    except DatabaseRefused as error:
        return *_as_kept(around.database, run), str(error)


def _as_kept(database: Database, run: Run) -> tuple[Run, int]:
    """Read what the database still tells of a run that it has just refused to go on with."""
    try:
        return read_run(database, run.run_id), open_gaps(database, run.endpoint_id)
    except DatabaseRefused:
        return run, 0

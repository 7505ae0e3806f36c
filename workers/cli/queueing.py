"""A harvest for the workers: begun in the ledger, told to the queue, not waited for."""

from ingest import harvest as main_path
from ingest.ledger import Run
from ingest.settings import Settings, from_environment
from workers.app import check_broker, connect
from workers.cli.databases import writable
from workers.cli.options import HarvestArguments
from workers.cli.output import note, write, write_json
from workers.cli.reports import run_object
from workers.cli.selecting import HarvestRequest, harvest_request
from workers.sending import send_what_waits


def queue_and_report(asked: HarvestArguments, *, as_json: bool) -> None:
    """Queue a harvest and say which run it is. Raises ConfigurationError where nothing was begun."""
    settings = from_environment()
    connect(settings)
    request = harvest_request(asked, settings.config)
    check_broker(settings)
    run = _queued(request, settings)
    waits = run.response_date is None
    if as_json:
        write_json(run_object(run) | {"queued": waits})
    else:
        write(f"run {run.run_id} of {run.endpoint} is {'queued' if waits else 'active already'}\n")
        note(f"see it with `oai-ingest runs watch {run.run_id}`")
    if asked.parallel and asked.parallel != run.parallel:
        note(f"run {run.run_id} was begun before and goes on as it was: at most {run.parallel} at once")


def _queued(request: HarvestRequest, settings: Settings) -> Run:
    """Begin the run, or join the one that is active, and tell the queue of it after the commit."""
    with writable(settings.database_url) as database:
        run = main_path.begin(
            request.endpoint,
            request.selection,
            database,
            declared=request.declared,
            as_declared=request.as_declared,
        )
        send_what_waits(database, settings, host=run.host)
        return run

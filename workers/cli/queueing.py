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
    run, sent = _queue(request, settings)
    if as_json:
        write_json(run_object(run) | {"queued": sent})
    else:
        write(f"run {run.run_id} of {run.endpoint} {'is queued' if sent else 'is being worked on already'}\n")
        note(f"see it with `oai-ingest runs watch {run.run_id}`")


def _queue(request: HarvestRequest, settings: Settings) -> tuple[Run, bool]:
    with writable(settings.database_url) as database:
        run = main_path.begin(request.endpoint, request.selection, database, declared=request.declared)
        return run, send_what_waits(database, settings, host=run.host) > 0

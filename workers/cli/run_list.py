"""Lists runs: a module of its own, as it needs little of what showing one does, and is asked for often."""

from ingest.endpoint_values import quoted
from ingest.settings import Settings, from_environment
from ingest.store.engine import Database
from ingest.store.run_rows import list_runs
from workers.cli import layout
from workers.cli.databases import readable
from workers.cli.output import write, write_json
from workers.cli.reports import run_object
from workers.cli.run_shown import runs_shown


def list_and_write(endpoint: str | None, *, as_json: bool) -> None:
    """Write the newest runs. Raises LookupError for an endpoint that nobody knows."""
    settings = from_environment()
    with readable(settings.database_url) as database:
        runs = list_runs(database, endpoint=endpoint)
        if endpoint is not None and not runs:
            _check_known(endpoint, database, settings)
    if as_json:
        write_json([run_object(run) for run in runs])
    elif runs:
        layout.show(runs_shown(runs))
    else:
        write("no runs yet\n")


def _check_known(endpoint: str, database: Database, settings: Settings) -> None:
    from ingest.declarations import read_declarations  # noqa: PLC0415 - slow to load, and hardly ever asked for.
    from ingest.store.show import endpoint_names  # noqa: PLC0415 - see above.

    names = {*endpoint_names(database), *(each.name for each in read_declarations(settings.config))}
    if endpoint not in names:
        raise LookupError(f"there is no endpoint {quoted(endpoint)}; see `oai-ingest endpoints list`")

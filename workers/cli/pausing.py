"""Pauses endpoints and lets them go on: the schedule begins no run of one that is paused."""

import difflib
from collections.abc import Iterable
from datetime import UTC, datetime

from ingest.declarations import read_declarations
from ingest.endpoint_values import quoted
from ingest.endpoints import Endpoint
from ingest.errors import ConfigurationError
from ingest.settings import from_environment
from ingest.store.endpoints import keep_endpoint
from ingest.store.engine import Database
from ingest.store.schedule import set_paused
from ingest.store.show_endpoints import ShownEndpoint, shown_endpoints
from workers.cli.databases import writable
from workers.cli.endpoint_listing import endpoint_object
from workers.cli.output import instant, write, write_json


def pause_and_write(name: str, *, as_json: bool) -> None:
    """Pause an endpoint and say what that means. Raises LookupError where nobody knows it."""
    declared, known = _set(name, paused=True)
    if as_json:
        write_json(endpoint_object(name, declared, known))
        return
    run = known.last_run
    goes_on = f"; run {run.run_id}, which is active, goes on" if run and run.active else ""
    write(f"{name} is paused: the schedule begins no run of it{goes_on}; `oai-ingest harvest {name}` still works\n")


def resume_and_write(name: str, *, as_json: bool) -> None:
    """Let the schedule begin runs of an endpoint again, and say when.

    Raises LookupError where nobody knows it, and ConfigurationError where its declaration pauses it.
    """
    declared, known = _set(name, paused=False)
    if as_json:
        write_json(endpoint_object(name, declared, known))
    else:
        write(f"{name} is not paused; {_when(declared, known)}\n")


def _set(name: str, *, paused: bool) -> tuple[Endpoint | None, ShownEndpoint]:
    settings = from_environment()
    declared = {each.name: each for each in read_declarations(settings.config)}
    endpoint = declared.get(name)
    if endpoint is not None and endpoint.paused and not paused:
        path = settings.config / "endpoints.toml"
        raise ConfigurationError(f"{path} declares {name} as paused; take `paused = true` out of it")
    with writable(settings.database_url) as database:
        if not set_paused(database, name, paused=paused):
            _take_in(name, declared, database)
            set_paused(database, name, paused=paused)
        known = next(each for each in shown_endpoints(database) if each.name == name)
    return endpoint, known


def _take_in(name: str, declared: dict[str, Endpoint], database: Database) -> None:
    """Write an endpoint that is declared into the database, which has not met it yet."""
    if name not in declared:
        raise LookupError(unknown_endpoint(name, {*declared, *(each.name for each in shown_endpoints(database))}))
    keep_endpoint(database, declared[name], declared=True)


def unknown_endpoint(name: str, names: Iterable[str]) -> str:
    """Say that no endpoint has this name, and which of those known it may be meant for."""
    close = difflib.get_close_matches(name, sorted(names), n=3)
    hint = f"did you mean {' or '.join(map(quoted, close))}?" if close else "see `oai-ingest endpoints list`"
    return f"there is no endpoint {quoted(name)}; {hint}"


def _when(declared: Endpoint | None, known: ShownEndpoint) -> str:
    if declared is None:
        return "it is not declared, so that it is harvested only when asked"
    if declared.schedule is None:
        return "it has no schedule, so that it is harvested only when asked"
    if known.schedule != declared.schedule or known.next_due_at is None:
        return "it is due when a beat has read its declaration"
    if known.next_due_at <= datetime.now(UTC):
        return f"it was due {instant(known.next_due_at)}, and is begun when a beat looks next"
    return f"it is due {instant(known.next_due_at)}"

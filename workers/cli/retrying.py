"""``oai-ingest rejections retry``: asks again for what could not be taken in, by the main path, and says what came."""

import shlex
from contextlib import nullcontext
from typing import Any

from ingest.declarations import read_declarations
from ingest.endpoints import Endpoint, declared
from ingest.errors import ConfigurationError, DatabaseRefused
from ingest.harvest import cancel
from ingest.ledger import Selection
from ingest.settings import Settings, from_environment
from ingest.store.engine import Database
from ingest.store.show_rejections import (
    KeptRejection,
    RejectionGroup,
    Wanted,
    kept_declaration,
    read_rejections,
    rejection_groups,
    rejections_to_retry,
)
from workers.cli.databases import writable
from workers.cli.harvesting import harvest_here
from workers.cli.output import complain, note, one_line, write_json
from workers.cli.rejection_listing import check_endpoint
from workers.cli.reports import why_not_complete
from workers.cli.retried import Retried, Tried, retried_object, write_retried
from workers.cli.selecting import HarvestRequest

MOST_AT_ONCE = 1000


def retry_and_report(ids: tuple[int, ...], *, endpoint: str | None, reason: str | None, as_json: bool) -> int:
    """Ask again for the rejections that are meant, and write what came; returns the exit code.

    Raises ConfigurationError for too many numbers, LookupError for one that is not there.
    """
    if len(set(ids)) > MOST_AT_ONCE:
        raise ConfigurationError(
            f"at most {MOST_AT_ONCE} rejections can be named at once; leave the numbers out for all"
        )
    settings = from_environment()
    with writable(settings.database_url) as database:
        check_endpoint(endpoint, database, settings)
        _check_ids(ids, database)
        outcome = _retry(Wanted(endpoint=endpoint, reason=reason, ids=tuple(set(ids))), database, settings)
    for each in outcome.tried:
        if each.error:
            complain(f"{each.endpoint}, {each.metadata_prefix}: {each.error}")
    if as_json:
        write_json(retried_object(outcome))
    else:
        write_retried(outcome)
    return 0 if outcome.well else 1


def _check_ids(ids: tuple[int, ...], database: Database) -> None:
    known = read_rejections(database, ids)
    for rejection_id in ids:
        if rejection_id not in known:
            raise LookupError(f"there is no rejection {rejection_id}; see `oai-ingest rejections list`")
        if known[rejection_id].released_at is not None:
            note(f"rejection {rejection_id} was released before: its record has come in")


# --- asking again ---------------------------------------------------------------------------------


def _retry(wanted: Wanted, database: Database, settings: Settings) -> Retried:
    groups = rejection_groups(database, wanted)
    chosen = rejections_to_retry(database, wanted, most=MOST_AT_ONCE)
    by_list: dict[tuple[int, str], list[KeptRejection]] = {}
    for rejection in chosen:
        by_list.setdefault((rejection.endpoint_id, rejection.metadata_prefix), []).append(rejection)
    from_file = {each.name: each for each in read_declarations(settings.config)}
    tried: list[Tried] = []
    for rejections in by_list.values():
        tried.append(_tried(rejections, from_file, database, settings))
        if tried[-1].stopped:
            break
    without = [(each, _list_command(each, from_file.get(each.endpoint))) for each in groups if each.without_identifier]
    askable = sum(group.count - group.without_identifier for group in groups)
    return Retried(
        tried=tuple(tried),
        left=askable - sum(each.asked for each in tried),
        without_identifier=tuple(without),
        named=bool(wanted.ids),
    )


def _tried(
    rejections: list[KeptRejection], from_file: dict[str, Endpoint], database: Database, settings: Settings
) -> Tried:
    """Ask for the rejections of one list; what stands in the way of it does not stand in the way of others."""
    first = rejections[0]
    about: dict[str, Any] = {"endpoint": first.endpoint, "metadata_prefix": first.metadata_prefix}
    try:
        request = _request(rejections, from_file, database)
        outcome = harvest_here(request, settings, nullcontext(database))
    except DatabaseRefused:
        raise
    except ConfigurationError as error:
        return Tried(**about, asked=0, rejected=tuple(rejections), error=one_line(str(error)))
    stopped = any(reason.code == "interrupted" for reason in outcome.run.reasons)
    if outcome.run.active and not outcome.error:
        # What it has not asked for is still rejected: the next call asks for it, and for what has come since.
        cancel(outcome.run.run_id, database)
    now = read_rejections(database, [each.rejection_id for each in rejections])
    return Tried(
        **about,
        asked=len(rejections),
        released=tuple(each for each in now.values() if each.released_at is not None),
        rejected=tuple(each for each in now.values() if each.released_at is None),
        run=outcome.run,
        error=outcome.error or (None if outcome.complete else why_not_complete(outcome.run)),
        stopped=stopped,
    )


def _request(rejections: list[KeptRejection], from_file: dict[str, Endpoint], database: Database) -> HarvestRequest:
    first = rejections[0]
    identifiers = dict.fromkeys(each.identifier for each in rejections if each.identifier is not None)
    endpoint, in_a_file = from_file.get(first.endpoint), True
    if endpoint is None:
        kept, in_a_file = kept_declaration(database, first.endpoint_id)
        endpoint = declared(kept)
    selection = Selection(prefixes=(first.metadata_prefix,), identifiers=tuple(identifiers))
    return HarvestRequest(endpoint=endpoint, declared=in_a_file, selection=selection)


def _list_command(group: RejectionGroup, endpoint: Endpoint | None) -> str:
    """Give the command that reads the list again in which records without identifier stood."""
    words = ["oai-ingest", "harvest", group.endpoint if endpoint else group.url, "--full"]
    prefixes = endpoint.metadata_prefix if endpoint else ("oai_dc",)
    words += [] if group.metadata_prefix in prefixes else ["--prefix", group.metadata_prefix]
    return shlex.join(words)

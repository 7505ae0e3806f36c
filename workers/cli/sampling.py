"""``oai-ingest harvest --limit``: a few records, shown as they would be described, and nothing stored."""

import json
import shlex
import time
from contextlib import ExitStack
from typing import Any

from ingest.descriptions import Described
from ingest.records import Rejection
from ingest.sample import Sample, Sampled, take_sample
from ingest.settings import Settings, from_environment
from ingest.store.contents import rows_of
from workers.cli.layout import show
from workers.cli.options import HarvestArguments
from workers.cli.output import complain, write, write_json
from workers.cli.progress import shown_progress
from workers.cli.reports import COUNTS
from workers.cli.sample_shown import sample_shown
from workers.cli.selecting import HarvestRequest, harvest_request
from workers.cli.stopping import stoppable
from workers.interruption import Interrupted
from workers.repositories import open_repository


def sample_and_report(asked: HarvestArguments, *, limit: int, as_json: bool) -> int:
    """Read a few records and write them; returns the exit code. Raises ConfigurationError where it was refused.

    No database is opened, and none is made.
    """
    settings = from_environment()
    request = harvest_request(asked, settings.config)
    began = time.monotonic()
    sample = _sampled(request, settings, limit)
    seconds = time.monotonic() - began
    if sample.error:
        complain(sample.error)
    if as_json:
        write_json(_told(sample, request, limit=limit, seconds=seconds))
    else:
        show(*sample_shown(sample, seconds=seconds))
        if not sample.error:
            # Not laid out: a command that is to be copied stays in one piece.
            write(f"to harvest it: {_command(asked)}\n")
    return 1 if sample.error else 0


def _sampled(request: HarvestRequest, settings: Settings, limit: int) -> Sample:
    with ExitStack() as stack:
        stop = stack.enter_context(stoppable())
        progress = stack.enter_context(shown_progress())
        repository = stack.enter_context(
            open_repository(request.endpoint, settings, wait=stop.wait_or_end, on_wait=progress.waiting)
        )
        try:
            return take_sample(request.endpoint, request.selection, repository, limit=limit, stop=stop)
        except Interrupted:
            return Sample(error="stopped while the repository was waited for")


def _command(asked: HarvestArguments) -> str:
    """Give the command that harvests what was shown."""
    named = {"--prefix": asked.prefixes, "--set": asked.sets, "--identifier": asked.identifiers}
    named |= {"--from": (asked.from_ or "",), "--until": (asked.until or "",)}
    options = [part for option, values in named.items() for value in values if value for part in (option, value)]
    return shlex.join(["oai-ingest", "harvest", asked.name_or_url, *options])


def _told(sample: Sample, request: HarvestRequest, *, limit: int, seconds: float) -> dict[str, Any]:
    """Tell a taste with the names of a harvest; what a harvest would have stored is nought."""
    seen = {"seen": len(sample.elements), "rejected": sample.rejected}
    told = {
        "run": None,
        "endpoint": request.endpoint.name,
        "verdict": None,
        "reasons": [],
        "pages": sample.pages,
        **dict.fromkeys(COUNTS, 0),
        **seen,
        "records": _distinct(sample),
        "restarts": 0,
        "gaps": 0,
        "repaired": sample.repaired,
        "seconds": round(seconds, 3),
        "limit": limit,
        "metadata_prefix": sample.metadata_prefix,
        "sample": [_element_object(each) for each in sample.elements],
    }
    return told | ({"error": sample.error} if sample.error else {})


def _distinct(sample: Sample) -> int:
    said = [each.said for each in sample.elements]
    return len({(each.namespace, each.record_id) for each in said if isinstance(each, Described) and each.record_id})


def _element_object(element: Sampled) -> dict[str, Any]:
    header, said = element.header, element.said
    told: dict[str, Any] = {
        "identifier": element.identifier,
        "datestamp": header.datestamp if header else None,
        "deleted": bool(header and header.deleted),
        "sets": list(header.set_specs) if header else [],
    }
    if isinstance(said, Rejection):
        why = {"stage": said.stage, "reason": said.reason, "message": said.message}
        return told | {"record_id": None, "rejection": why}
    content: dict[str, Any] = json.loads(rows_of(said.content).as_json())
    known = {"record_id": said.record_id, "namespace": said.namespace, "understood": said.understood}
    return told | known | content | {"rejection": None}

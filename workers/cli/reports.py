"""Runs as JSON objects, with the names that scripts rely on."""

from typing import Any

from ingest.ledger import Run, Window
from workers.cli.outcomes import Outcome
from workers.cli.output import instant

COUNTS = ("seen", "created", "changed", "unchanged", "deleted", "restored", "rejected")


def harvest_object(outcome: Outcome) -> dict[str, Any]:
    """Tell a harvest; one that is not complete says so under ``error`` too."""
    run = outcome.run
    told = {
        **_told(run),
        "gaps": outcome.gaps,
        "repaired": run.total("repaired"),
        "seconds": round(outcome.seconds, 3),
    }
    error = outcome.error or (None if outcome.complete else why_not_complete(run))
    return told | ({"error": error} if error else {})


def run_object(run: Run) -> dict[str, Any]:
    """Tell a run as a listing shows it."""
    selection = run.selection
    seconds = None if run.ended_at is None else round((run.ended_at - run.started_at).total_seconds(), 3)
    return {
        **_told(run),
        "repaired": run.total("repaired"),
        "kind": run.kind.value,
        "active": run.active,
        "selection": {
            "prefixes": list(selection.prefixes),
            "sets": list(selection.sets),
            "from": selection.from_,
            "until": selection.until,
            "full": selection.full,
            "identifiers": list(selection.identifiers),
            "sweep": selection.sweep,
        },
        "response_date": instant(run.response_date),
        "started_at": instant(run.started_at),
        "ended_at": instant(run.ended_at),
        "seconds": seconds,
    }


def window_object(window: Window) -> dict[str, Any]:
    """Tell one window of a run."""
    return {
        "window": window.window_id,
        "metadata_prefix": window.list.metadata_prefix,
        "set": window.list.set_spec or None,
        "from": window.from_,
        "until": window.until,
        "state": window.state,
        "reason": window.reason,
        "message": window.message,
        "announced": window.announced,
        "read": window.read,
        "pages": window.pages,
        **{name: getattr(window, name) for name in COUNTS},
        "restarts": window.restarts,
        "repaired": window.repaired,
        "bytes": window.bytes,
    }


def _told(run: Run) -> dict[str, Any]:
    return {
        "run": run.run_id,
        "endpoint": run.endpoint,
        "verdict": run.verdict.value if run.verdict else None,
        "reasons": [{"code": each.code, "count": each.count, "text": each.text} for each in run.reasons],
        "pages": run.total("pages"),
        **{name: run.total(name) for name in COUNTS},
        "records": run.records,
        "restarts": run.total("restarts"),
    }


def why_not_complete(run: Run) -> str:
    """Say in one line what a run that is not complete says of itself."""
    reasons = "; ".join(reason.text for reason in run.reasons) or "the run has not ended"
    return f"{run.verdict.value if run.verdict else 'active'}: {reasons}"

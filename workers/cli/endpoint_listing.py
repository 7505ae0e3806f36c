"""Endpoints as declared and as the database knows them, side by side."""

from collections.abc import Iterable
from typing import Any

from rich.console import RenderableType

from ingest.endpoints import Endpoint
from ingest.ledger import Coverage
from ingest.settings import from_environment
from ingest.store.show import ShownEndpoint, shown_endpoints
from workers.cli import layout
from workers.cli.databases import readable
from workers.cli.output import instant, note, write, write_json
from workers.cli.run_shown import verdict
from workers.cli.selecting import declared_endpoints


def list_and_write(*, as_json: bool) -> None:
    """Write every endpoint, declared ones first and in the file's order."""
    settings = from_environment()
    declared = declared_endpoints(settings.config)
    with readable(settings.database_url) as database:
        known = {each.name: each for each in shown_endpoints(database)}
    names = dict.fromkeys([*(each.name for each in declared), *known])
    of_file = {each.name: each for each in declared}
    if as_json:
        write_json([_told(name, of_file.get(name), known.get(name)) for name in names])
    elif names:
        layout.show(_table([(name, of_file.get(name), known.get(name)) for name in names]))
    else:
        write("no endpoints yet\n")
        note(f"declare one in {settings.config / 'endpoints.toml'}, or run `oai-ingest harvest URL`")


def complete_until(coverages: Iterable[Coverage]) -> str | None:
    """Say until when all lists that were read are whole: the start of the oldest gap, else the bound.

    None where a list was never read to an end, or has a gap without a start.
    """
    ends = [_whole_until(coverage) for coverage in coverages]
    return min((end for end in ends if end), default=None) if all(ends) else None


def _whole_until(coverage: Coverage) -> str | None:
    starts = [gap.from_ for gap in coverage.gaps]
    if coverage.bound is None or None in starts:
        return None
    return min([instant(coverage.bound) or "", *(start for start in starts if start)])


def _told(name: str, declared: Endpoint | None, known: ShownEndpoint | None) -> dict[str, Any]:
    told: dict[str, Any] = {"endpoint": name, "url": _url(declared, known), "declared": declared is not None}
    if declared is not None:
        told |= {"namespace": declared.namespace, "metadata_prefix": list(declared.metadata_prefix)}
        told |= {"sets": list(declared.sets), "schedule": declared.schedule}
    told["paused"] = _paused(declared, known)
    run = known.last_run if known else None
    return told | {
        "items": known.items if known else 0,
        "deleted_items": known.deleted_items if known else 0,
        "complete_until": complete_until(known.coverages) if known else None,
        "gaps": _gaps(known),
        "last_run": None
        if run is None
        else {
            "run": run.run_id,
            "verdict": run.verdict.value if run.verdict else None,
            "active": run.active,
            "started_at": instant(run.started_at),
            "ended_at": instant(run.ended_at),
        },
    }


def _table(rows: Iterable[tuple[str, Endpoint | None, ShownEndpoint | None]]) -> RenderableType:
    headings = ("endpoint", "state", "items", "complete until", "gaps", "last run", "URL")
    return layout.table(
        headings, (_row(*row) for row in rows), numbers=("items", "gaps"), whole=("state", "complete until")
    )


def _row(name: str, declared: Endpoint | None, known: ShownEndpoint | None) -> tuple[object, ...]:
    run = known.last_run if known else None
    state = "paused" if _paused(declared, known) else "declared" if declared else "undeclared"
    return (
        layout.words(name, "bold"),
        state,
        known.items if known else "",
        (complete_until(known.coverages) or "not yet") if known else "",
        _gaps(known) if known else "",
        verdict(run) if run else "never",
        _url(declared, known),
    )


def _url(declared: Endpoint | None, known: ShownEndpoint | None) -> str:
    return declared.url if declared else known.url if known else ""


def _paused(declared: Endpoint | None, known: ShownEndpoint | None) -> bool:
    return bool((declared and declared.paused) or (known and known.paused))


def _gaps(known: ShownEndpoint | None) -> int:
    return sum(len(coverage.gaps) for coverage in known.coverages) if known else 0

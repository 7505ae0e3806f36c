"""Endpoints as declared and as the database knows them, side by side."""

from collections.abc import Iterable
from typing import Any

from rich.console import RenderableType
from rich.text import Text

from ingest.declarations import read_declarations
from ingest.endpoints import Endpoint
from ingest.ledger import Coverage, Run
from ingest.operator_tables_toml import read_operator_tables
from ingest.profiles import profile_of
from ingest.settings import from_environment
from ingest.store.digests import profile_digest
from ingest.store.endpoints import kept_declarations
from ingest.store.show_endpoints import ShownEndpoint, shown_endpoints
from workers.cli import layout
from workers.cli.databases import readable
from workers.cli.described_now import Now, described_now
from workers.cli.output import counted, instant, note, write, write_json
from workers.cli.run_shown import verdict


def list_and_write(*, as_json: bool) -> None:
    """Write every endpoint, declared ones first and in the file's order."""
    settings = from_environment()
    declared = read_declarations(settings.config)
    with readable(settings.database_url) as database:
        kept = kept_declarations(database)
        shown = {each.name: each for each in shown_endpoints(database)}
    now = described_now(declared, kept, read_operator_tables(settings.config))
    now = (*now, *(Now(name=each.name, kept_as=each.name) for each in shown.values() if _half_retired(each)))
    known = [(each, shown.get(each.kept_as) if each.kept_as else None) for each in now]
    if as_json:
        write_json([endpoint_object(each.name, each.in_file, of_it, each.endpoint) for each, of_it in known])
    elif known:
        layout.show(_table((each.name, each.in_file, of_it) for each, of_it in known))
        for each, of_it in known:
            _note_stale(each, of_it)
    else:
        write("no endpoints yet\n")
        note(f"declare one in {settings.config / 'endpoints.toml'}, or run `oai-ingest harvest URL`")


def _half_retired(known: ShownEndpoint) -> bool:
    """Whether items are left of an endpoint that is retired; one of which nothing is left is not listed."""
    return known.retired_at is not None and known.items > 0


def _note_stale(now: Now, known: ShownEndpoint | None) -> None:
    """Say what is left to describe again, or why that can not be told."""
    if known and _half_retired(known):
        note(f"{now.name}: its retirement was interrupted; run `oai-ingest endpoints retire {now.name} --yes` again")
    if now.fault:
        note(f"{now.name}: {now.fault}")
    elif stale := _stale(now.endpoint, known):
        told = f"{counted(stale, 'item')} described by other rules or tables than those of now"
        note(f"{now.name}: {told}; see `oai-ingest renormalise --diff`")


# --- what is said of an endpoint ------------------------------------------------------------------


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


def is_paused(declared: Endpoint | None, known: ShownEndpoint | None) -> bool:
    """Whether a person or the declaration keeps the schedule from beginning runs."""
    return bool((declared and declared.paused) or (known and known.paused))


def _next_due_at(declared: Endpoint | None, known: ShownEndpoint | None) -> str | None:
    """Say when the next run is due; None where none is, or where no scheduler has taken the declaration over yet."""
    if declared is None or known is None or is_paused(declared, known) or known.schedule != declared.schedule:
        return None
    return instant(known.next_due_at)


def _next_sweep_at(declared: Endpoint | None, known: ShownEndpoint | None) -> str | None:
    """Say when the next sweep is due, likewise."""
    if declared is None or known is None or is_paused(declared, known) or known.sweep != declared.sweep:
        return None
    return instant(known.next_sweep_at)


def _stale(endpoint: Endpoint | None, known: ShownEndpoint | None) -> int | None:
    """Count the items that were described by another profile than the endpoint's of now; None: that is not known."""
    if known is None:
        return 0
    if endpoint is None:
        return None
    now = profile_digest(profile_of(endpoint))
    return sum(count for profile, count in known.profiles.items() if profile != now)


def _gaps(known: ShownEndpoint | None) -> int:
    return sum(len(coverage.gaps) for coverage in known.coverages) if known else 0


def _url(declared: Endpoint | None, known: ShownEndpoint | None) -> str:
    return declared.url if declared else known.url if known else ""


# --- for programs ---------------------------------------------------------------------------------


def endpoint_object(
    name: str, declared: Endpoint | None, known: ShownEndpoint | None, now: Endpoint | None = None
) -> dict[str, Any]:
    """Tell an endpoint; ``now`` is what describes its items where no file declares it."""
    told: dict[str, Any] = {"endpoint": name, "url": _url(declared, known), "declared": declared is not None}
    if declared is not None:
        told |= {"namespace": declared.namespace, "metadata_prefix": list(declared.metadata_prefix)}
        told |= {"sets": list(declared.sets), "schedule": declared.schedule}
    return told | {
        "paused": is_paused(declared, known),
        "next_due_at": _next_due_at(declared, known),
        "next_sweep_at": _next_sweep_at(declared, known),
        "retired_at": instant(known.retired_at) if known else None,
        "items": known.items if known else 0,
        "deleted_items": known.deleted_items if known else 0,
        "stale": _stale(declared or now, known),
        "complete_until": complete_until(known.coverages) if known else None,
        "gaps": _gaps(known),
        "last_run": _run_object(known.last_run if known else None),
        "last_ended": _run_object(known.last_ended if known else None),
    }


def _run_object(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "run": run.run_id,
        "verdict": run.verdict.value if run.verdict else None,
        "active": run.active,
        "started_at": instant(run.started_at),
        "ended_at": instant(run.ended_at),
    }


# --- for people -----------------------------------------------------------------------------------


def _table(rows: Iterable[tuple[str, Endpoint | None, ShownEndpoint | None]]) -> RenderableType:
    headings = ("endpoint", "items", "complete until", "last verdict", "next due")
    return layout.table(headings, (_row(*row) for row in rows), numbers=("items",), whole=headings[2:])


def _row(name: str, declared: Endpoint | None, known: ShownEndpoint | None) -> tuple[object, ...]:
    return (
        layout.words(name, "bold"),
        known.items if known else 0,
        _complete_until(known),
        _last(known),
        _with_sweep(_next_due(declared, known), _next_sweep_at(declared, known)),
    )


def _complete_until(known: ShownEndpoint | None) -> Text:
    until, gaps = complete_until(known.coverages) if known else None, _gaps(known)
    return _lines(layout.words(until or "not yet"), *([layout.words(counted(gaps, "gap"), "yellow")] if gaps else []))


def _last(known: ShownEndpoint | None) -> Text:
    """Tell how the last run ended, and of one that goes on."""
    ended, last = (known.last_ended, known.last_run) if known else (None, None)
    lines = [verdict(ended), layout.words(instant(ended.ended_at))] if ended else []
    lines += [layout.words(f"run {last.run_id} active", "bold cyan")] if last and last.active else []
    return _lines(*lines) if lines else layout.words("never")


def _next_due(declared: Endpoint | None, known: ShownEndpoint | None) -> Text:
    if declared is None:
        return layout.words("retired" if known and known.retired_at else "undeclared")
    if is_paused(declared, known):
        return layout.words("paused", "bold yellow")
    if declared.schedule is None:
        return layout.words("when asked")
    due = _next_due_at(declared, known)
    if due is None:
        return _lines(layout.words(declared.schedule), layout.words("no beat yet", "yellow"))
    overdue = known is not None and known.overdue
    return _lines(layout.words(due), *([layout.words("overdue, no beat", "bold yellow")] if overdue else []))


def _with_sweep(told: Text, sweep: str | None) -> Text:
    return _lines(told, layout.words(f"sweep {sweep}")) if sweep else told


def _lines(*lines: Text) -> Text:
    return Text("\n").join(lines)

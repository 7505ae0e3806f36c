"""Runs as people read them: the verdict first, why, then the counts."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from rich.console import RenderableType
from rich.text import Text

from ingest.ledger import Run, Selection, Window
from ingest.store.owners import is_dead
from workers.cli.layout import VERDICT_STYLES, fields, indented, line, table, words
from workers.cli.outcomes import Outcome
from workers.cli.output import counted, duration, instant
from workers.cli.reports import COUNTS

_LEAST_SECONDS = 0.001


def outcome_shown(outcome: Outcome) -> Iterator[RenderableType]:
    """Lay out a harvest that this process has just made."""
    run = outcome.run
    rate = outcome.seen / max(outcome.seconds, _LEAST_SECONDS)
    yield headline(run)
    yield from reasons(run)
    yield indented(counts(run))
    yield indented(
        words(
            f"{counted(run.total('pages'), 'page')} in {duration(outcome.seconds)}, {rate:.0f} records a second; "
            f"{counted(run.records, 'distinct record')} touched; {counted(outcome.gaps, 'gap')} open"
        )
    )


def run_shown(run: Run, *, owners: Mapping[int, tuple[str, datetime]], gaps: int) -> Iterator[RenderableType]:
    """Lay out a run with its windows and whoever works on them."""
    yield headline(run)
    yield from reasons(run)
    taken = duration((run.ended_at - run.started_at).total_seconds()) if run.ended_at else "not ended"
    yield indented(
        fields(
            [
                ("kind", words(run.kind.value)),
                ("asked for", words(selection_words(run.selection))),
                ("started", words(instant(run.started_at))),
                ("ended", words(f"{instant(run.ended_at) or '-'} ({taken})")),
                ("repository's date", words(instant(run.response_date) or "-")),
                ("records", words(f"{run.records} distinct; {counted(gaps, 'gap')} of the endpoint open")),
            ]
        )
    )
    yield indented(counts(run))
    if run.windows:
        yield indented(_windows(run.windows))
    yield from (indented(_worker(window, owners)) for window in run.windows if window.window_id in owners)
    yield from (indented(words(f"{_range(each)}: {each.message}")) for each in run.windows if each.message)


def runs_shown(runs: tuple[Run, ...]) -> RenderableType:
    """Lay out a listing of runs."""
    headings = ("run", "endpoint", "started", "took", "seen", "created", "changed", "verdict")
    rows = [
        (
            run.run_id,
            run.endpoint,
            instant(run.started_at),
            duration((run.ended_at - run.started_at).total_seconds()) if run.ended_at else "",
            *(run.total(name) for name in ("seen", "created", "changed")),
            line(verdict(run), *(f"\n{reason.code}" for reason in run.reasons)),
        )
        for run in runs
    ]
    numbers = ("run", "seen", "created", "changed")
    return table(headings, rows, numbers=numbers, whole=("started", "took", "verdict"))


def headline(run: Run) -> Text:
    """Give the verdict, and of which run it is."""
    return line(words(run.endpoint, "bold"), ": ", verdict(run), f"  (run {run.run_id}, {run.kind.value})")


def verdict(run: Run) -> Text:
    """Give the verdict in its colour; a run that has none yet is active."""
    if run.verdict is None:
        return words("active", "bold cyan")
    told = words(run.verdict.value, VERDICT_STYLES[run.verdict.value])
    return line(told, " so far, can be taken up again") if run.active else told


def reasons(run: Run) -> Iterator[RenderableType]:
    """Give the reasons in words."""
    for reason in run.reasons:
        yield indented(words(reason.text))


def counts(run: Run) -> RenderableType:
    """Lay out what became of the record elements seen."""
    return table(COUNTS, [[run.total(name) for name in COUNTS]], numbers=COUNTS)


def selection_words(selection: Selection) -> str:
    """Say what a run was asked for."""
    parts = [", ".join(selection.prefixes)]
    parts.append(f"sets {', '.join(selection.sets)}" if selection.sets else "the whole repository")
    parts += [f"from {selection.from_}"] if selection.from_ else []
    parts += [f"until {selection.until}"] if selection.until else []
    parts += ["in full"] if selection.full else []
    return "; ".join(parts)


def _windows(windows: tuple[Window, ...]) -> RenderableType:
    headings = ("list", "state", "pages", "read", "announced", "restarts", "rejected", "reason")
    rows = [
        (
            _range(window),
            window.state,
            window.pages,
            window.read,
            window.announced,
            window.restarts,
            window.rejected,
            window.reason,
        )
        for window in windows
    ]
    return table(headings, rows, numbers=headings[2:7], whole=("state",))


def _range(window: Window) -> str:
    parts = [str(window.list)]
    parts += [f"from {window.from_}"] if window.from_ else []
    parts += [f"until {window.until}"] if window.until else []
    return ", ".join(parts)


def _worker(window: Window, owners: Mapping[int, tuple[str, datetime]]) -> Text:
    owner, until = owners[window.window_id]
    gone = is_dead(owner)
    match owner.split("/"):
        case [host, _boot, process, _started]:
            owner = f"process {process} on {host.partition('@')[0]}"
    if gone:
        return words(f"{_range(window)}: {owner} is gone; the same harvest takes it up again")
    return words(f"{_range(window)}: {owner} works on it, at least until {instant(until)}")

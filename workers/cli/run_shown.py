"""Runs as people read them: the verdict first, why, then the counts."""

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from ingest.ledger import Run, Selection, Window
from ingest.store.owners import is_dead
from ingest.store.show_work import Holder
from workers.cli.layout import VERDICT_STYLES, fields, indented, line, table, words
from workers.cli.outcomes import Outcome
from workers.cli.output import counted, duration, instant
from workers.cli.reports import COUNTS
from workers.cli.window_words import (
    leaves_of,
    left_out_words,
    messages,
    range_words,
    read_words,
    state_word,
    worker_words,
)

_LEAST_SECONDS = 0.001
_MOST_ROWS = 40
_MOST_NAMES = 12


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


def run_shown(run: Run, *, holders: Mapping[int, Holder], gaps: int) -> Iterator[RenderableType]:
    """Lay out a run with its windows and whoever works on them; windows that were split read nothing themselves."""
    alive = any(holder.alive for holder in holders.values())
    yield headline(run, alive=alive)
    yield from () if alive else reasons(run)
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
    leaves = leaves_of(run)
    shown = _shown(leaves, holders)
    if shown:
        yield indented(_windows(shown))
    if left_out := [window for window in leaves if window not in shown]:
        yield indented(words(left_out_words(left_out)))
    yield from (indented(_worker(each, holders[each.window_id])) for each in leaves if each.window_id in holders)
    yield from (indented(words(told)) for told in messages(leaves))


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


def headline(run: Run, *, alive: bool = False) -> Text:
    """Give the verdict, and of which run it is; ``alive``: somebody works on it now."""
    told = verdict(run, alive=alive)
    return line(words(run.endpoint, "bold"), ": ", told, f"  (run {run.run_id}, {run.kind.value})")


def verdict(run: Run, *, alive: bool = False) -> Text:
    """Give the verdict in its colour; a run that has none yet, or is gone on with after a stop, is active."""
    if run.verdict is None or (run.active and alive):
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
    if selection.identifiers:
        return f"{parts[0]}; {counted(len(selection.identifiers), 'item')}: {_some(selection.identifiers)}"
    parts.append(f"sets {_some(selection.sets)}" if selection.sets else "the whole repository")
    parts += [f"from {selection.from_}"] if selection.from_ else []
    parts += [f"until {selection.until}"] if selection.until else []
    parts += ["in full"] if selection.full else []
    parts += ["which items are there still"] if selection.sweep else []
    return "; ".join(parts)


def _some(names: tuple[str, ...]) -> str:
    left = len(names) - _MOST_NAMES
    return ", ".join(names) if left <= 1 else f"{', '.join(names[:_MOST_NAMES])} and {left} more"


def _windows(windows: tuple[Window, ...]) -> RenderableType:
    headings = ("list", "state", "pages", "read", "restarts", "rejected", "reason")
    rows = [
        (
            range_words(window),
            state_word(window),
            window.pages,
            read_words(window.read, window.announced),
            window.restarts,
            window.rejected,
            window.reason,
        )
        for window in windows
    ]
    return table(headings, rows, numbers=headings[2:6], whole=("state",))


def _shown(windows: tuple[Window, ...], holders: Mapping[int, Holder]) -> tuple[Window, ...]:
    """Choose the windows that are worth a row each: all, or where they are very many those that are in progress."""
    if len(windows) <= _MOST_ROWS:
        return windows
    return tuple(
        window for window in windows if window.window_id in holders or (window.state == "open" and window.pages)
    )


def _worker(window: Window, holder: Holder) -> Text:
    told = f"{range_words(window)}: {worker_words(holder.owner)}"
    if is_dead(holder.owner):
        return words(f"{told} is gone; the same harvest takes it up again")
    if not holder.alive:
        return words(f"{told} has been silent since before {instant(holder.until)}; others take it up")
    return words(f"{told} works on it, at least until {instant(holder.until)}")

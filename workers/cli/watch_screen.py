"""A run that is watched on a terminal: its windows, drawn anew with each look and gone when it has ended."""

from collections.abc import Iterator
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live

from ingest.ledger import Window
from workers.cli.layout import indented, table, words
from workers.cli.output import duration
from workers.cli.run_shown import headline, reasons
from workers.cli.watch_words import progress_words
from workers.cli.watched import Sight
from workers.cli.window_words import (
    leaves_of,
    left_out_words,
    next_try_words,
    range_words,
    read_words,
    short_worker_words,
    state_word,
)

_LEAST_ROWS = 3


def suits() -> bool:
    """Whether standard output is a terminal on which something can be drawn over."""
    console = Console()
    return console.is_terminal and not console.is_dumb_terminal


class Screen:
    """What stands on the terminal; its last state is taken away when it is left."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        self._console = Console(highlight=False, emoji=False)
        self._live = Live(console=self._console, auto_refresh=False, transient=True)

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the drawing away, and give the cursor back."""
        self._live.stop()

    def tell(self, sight: Sight) -> None:
        """Draw the run anew, with as many windows as there is room for."""
        pieces = list(_above(sight))
        leaves = leaves_of(sight.run)
        room = max(self._console.height - self._lines(Group(*pieces)) - 5, _LEAST_ROWS)
        chosen = _chosen(leaves, sight, room)
        while len(chosen) > _LEAST_ROWS and self._lines(_table(chosen, sight)) > room + 2:
            chosen = _chosen(leaves, sight, len(chosen) - 1)
        if chosen:
            pieces.append(indented(_table(chosen, sight)))
        if left_out := [window for window in leaves if window not in chosen]:
            pieces.append(indented(words(left_out_words(left_out))))
        pieces.append(indented(words("Ctrl-C ends the watching, not the run", "dim")))
        self._live.update(Group(*pieces), refresh=True)

    def _lines(self, piece: RenderableType) -> int:
        return len(self._console.render_lines(piece, pad=False))


def _above(sight: Sight) -> Iterator[RenderableType]:
    yield headline(sight.run, alive=sight.work.alive)
    yield from () if sight.work.alive else reasons(sight.run)
    taken = duration(max((sight.work.now - sight.run.started_at).total_seconds(), 0.0))
    yield indented(words(f"{progress_words(sight)}; begun {taken} ago"))
    if sight.wait is not None:
        yield indented(words(sight.wait.text, "yellow"))


def _chosen(leaves: tuple[Window, ...], sight: Sight, room: int) -> tuple[Window, ...]:
    """Choose the windows that are shown: all, or where there is no room those in flight and those that moved lately."""
    if len(leaves) <= room:
        return leaves
    ranked = [(rank, window.window_id) for window in leaves if (rank := _rank(window, sight)) is not None]
    kept = {key for _, key in sorted(ranked)[:room]}
    return tuple(window for window in leaves if window.window_id in kept)


def _rank(window: Window, sight: Sight) -> int | None:
    if window.window_id in sight.work.holders:
        return 0
    if window.window_id in sight.moved:
        return 1
    return 2 if window.next_try_at else None


def _table(windows: tuple[Window, ...], sight: Sight) -> RenderableType:
    headings = ("list", "state", "pages", "read", "a second", "worked on by")
    rows = (_row(window, sight) for window in windows)
    return table(headings, rows, numbers=headings[2:5], whole=("state", "worked on by"))


def _row(window: Window, sight: Sight) -> tuple[object, ...]:
    rate = sight.rates.get(window.window_id)
    worker = short_worker_words(sight.work.holders.get(window.window_id))
    if window.next_try_at:
        worker = next_try_words(window.next_try_at, sight.work.now)
    return (
        range_words(window),
        state_word(window),
        window.pages,
        read_words(window.read, window.announced),
        f"{rate:.0f}" if rate else "",
        worker or window.reason,
    )

"""How far work on so many things is, on standard error: a bar on a terminal, a line every few seconds elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from workers.cli.output import note, one_line

_SECONDS_BETWEEN_LINES = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How many of the things that one name stands for have been done, of how many."""

    name: str
    done: int
    of: int
    things: str = "items"


@contextmanager
def shown_counting() -> Iterator[Callable[[Told], None]]:
    """Show progress in the way that suits standard error; give the function that is told."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal pays for loading rich.
    from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.completed} of {task.total}"),
    )
    console = Console(stderr=True, highlight=False, emoji=False)
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(told: Told) -> None:
            if told.name not in tasks:
                tasks[told.name] = progress.add_task(one_line(told.name), total=told.of)
            progress.update(tasks[told.name], completed=told.done)

        yield tell


def _lines() -> Callable[[Told], None]:
    told_at = time.monotonic()

    def tell(told: Told) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= _SECONDS_BETWEEN_LINES:
            told_at = time.monotonic()
            note(f"{told.name}: {told.done} of {told.of} {told.things}")

    return tell

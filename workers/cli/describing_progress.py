"""How far describing again is, on standard error: a bar on a terminal, a line every few seconds elsewhere."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from workers.cli.output import note, one_line

_SECONDS_BETWEEN_LINES = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How many of an endpoint's items have been looked at, of how many."""

    endpoint: str
    items: int
    of: int


@contextmanager
def shown_describing() -> Iterator[Callable[[Told], None]]:
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
            if told.endpoint not in tasks:
                tasks[told.endpoint] = progress.add_task(one_line(told.endpoint), total=told.of)
            progress.update(tasks[told.endpoint], completed=told.items)

        yield tell


def _lines() -> Callable[[Told], None]:
    told_at = time.monotonic()

    def tell(told: Told) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= _SECONDS_BETWEEN_LINES:
            told_at = time.monotonic()
            note(f"{told.endpoint}: {told.items} of {told.of} items")

    return tell

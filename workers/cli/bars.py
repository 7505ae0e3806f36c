"""Progress on a terminal: a bar for each list, told by rich."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from ingest.ledger import Window
from workers.cli.output import one_line
from workers.cli.pace import Pace, waiting_words


class Bars:
    """Bars that are gone when the work has ended: the report follows."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        columns = [TextColumn(f"{{task.{name}}}", markup=False) for name in ("description", "fields[told]")]
        console = Console(stderr=True, highlight=False, emoji=False)
        self._progress = Progress(columns[0], BarColumn(), columns[1], console=console, transient=True)
        self._tasks: dict[int, TaskID] = {}
        self._pace = Pace()

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bars away, and give the cursor back."""
        self._progress.stop()

    def tell(self, window: Window) -> None:
        """Move the bar of a window; one whose size nobody announced only swings."""
        task = self._tasks.get(window.window_id)
        if task is None:
            task = self._progress.add_task(one_line(str(window.list)), total=None, told="")
            self._tasks[window.window_id] = task
        total = window.announced if window.state == "open" else window.read
        self._progress.update(task, total=total, completed=window.read, told=self._pace.told(window))

    def waiting(self, seconds: float, reason: str) -> None:
        """Write above the bars why nothing happens for a while."""
        self._progress.console.print(waiting_words(seconds, reason), markup=False)

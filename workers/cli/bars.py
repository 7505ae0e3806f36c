"""Progress on a terminal: a bar for each list, and for each part of it that is being read; told by rich."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from ingest.ledger import Window
from workers.cli.output import one_line
from workers.cli.pace import Pace, waiting_words
from workers.cli.window_words import range_words, read_words


class Bars:
    """Bars that are gone when the work has ended: the report follows."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        columns = [TextColumn(f"{{task.{name}}}", markup=False) for name in ("description", "fields[told]")]
        console = Console(stderr=True, highlight=False, emoji=False)
        self._progress = Progress(columns[0], BarColumn(), columns[1], console=console, transient=True)
        self._tasks: dict[int, TaskID] = {}
        self._whole_of: dict[int, Window] = {}
        self._read: dict[int, dict[int, int]] = {}
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
        whole = self._whole(window)
        if whole is not None:
            self._tell_whole(whole, window)
        if window.state == "split":
            self._whole_of.setdefault(window.window_id, whole or window)
            return
        task = self._task(window)
        if whole is not None and window.state != "open":
            # What has been read of it is in the bar of the whole.
            self._progress.update(task, visible=False)
            return
        total = window.announced if window.state == "open" else window.read
        self._progress.update(task, total=total, completed=window.read, told=self._pace.told(window))

    def _whole(self, window: Window) -> Window | None:
        """Give the window that this one is a part of, if this process has seen it split."""
        return None if window.parent_id is None else self._whole_of.get(window.parent_id)

    def _tell_whole(self, whole: Window, part: Window) -> None:
        """Move the bar of a window that was split by what its parts have read."""
        of_whole = self._read.setdefault(whole.window_id, {})
        of_whole[part.window_id] = part.read
        read = sum(of_whole.values())
        told = f"{read_words(read, whole.announced)} records"
        self._progress.update(self._task(whole), total=whole.announced, completed=read, told=told)

    def _task(self, window: Window) -> TaskID:
        task = self._tasks.get(window.window_id)
        if task is None:
            name = _part_words(window) if self._whole(window) else range_words(window)
            task = self._progress.add_task(one_line(name), total=None, told="")
            self._tasks[window.window_id] = task
        return task

    def waiting(self, seconds: float, reason: str) -> None:
        """Write above the bars why nothing happens for a while."""
        self._progress.console.print(waiting_words(seconds, reason), markup=False)


def _part_words(window: Window) -> str:
    """Name a part below the bar of its whole; days are enough, and leave room for the bar."""
    from_, until = (date and date[: len("YYYY-MM-DD")] for date in (window.from_, window.until))
    return " ".join(["-", *([f"from {from_}"] if from_ else []), *([f"until {until}"] if until else [])])

"""Windows in words: the range they read, how far they are, who works on them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from ingest.ledger import Run, Window
from ingest.plan.families import families_of
from ingest.store.show_work import Holder
from workers.cli.output import counted, duration, instant


def range_words(window: Window) -> str:
    """Name the list of a window, and the range of it that the window reads."""
    parts = [str(window.list)]
    parts += [f"from {window.from_}"] if window.from_ else []
    parts += [f"until {window.until}"] if window.until else []
    return ", ".join(parts)


def leaves_of(run: Run) -> tuple[Window, ...]:
    """Give the windows that read, in the order of time within each that was planned; those that were split do not."""
    return tuple(leaf for family in families_of(run.windows) for leaf in sorted(family.leaves, key=_start))


def _start(window: Window) -> tuple[str, int]:
    return window.from_ or "", window.window_id


def announced_in_all(run: Run) -> int | None:
    """Sum what the repository announced of what the run reads; None where it has not announced all of it."""
    sizes = [family.whole.announced for family in families_of(run.windows)]
    return None if None in sizes or not sizes else sum(size or 0 for size in sizes)


def read_words(read: int, announced: int | None) -> str:
    """Say how much was read, of how much where that is known; the announced size is often a guess."""
    return f"{read} of {announced}" if announced else str(read)


def state_word(window: Window) -> str:
    """Name the state; an open window whose repository was away waits for its next try."""
    return "put back" if window.state == "open" and window.next_try_at else window.state


def left_out_words(windows: Iterable[Window]) -> str:
    """Sum up windows that are not shown."""
    states = Counter(state_word(window) for window in windows)
    told = ", ".join(f"{number} {state}" for state, number in states.items())
    return f"and {counted(states.total(), 'more window')}: {told}"


def worker_words(owner: str) -> str:
    """Name the process that has leased a window."""
    match owner.split("/"):
        case [host, _boot, process, _started]:
            return f"process {process} on {host.partition('@')[0]}"
    return owner


def short_worker_words(holder: Holder | None) -> str:
    """Name whoever has leased a window, where there is little room."""
    if holder is None:
        return ""
    told = worker_words(holder.owner).removeprefix("process ")
    return told if holder.alive else f"{told}, gone"


def next_try_words(next_try_at: datetime, now: datetime) -> str:
    """Say in how long something is tried again."""
    left = (next_try_at - now).total_seconds()
    return f"next try in {duration(left)}" if left > 0 else "next try now"


def messages(windows: Iterable[Window]) -> tuple[str, ...]:
    """Say why windows were given up or put back: each reason once, however many windows it holds for."""
    by_message: dict[str, list[Window]] = {}
    for window in windows:
        # What a window was once put back for does not matter any more when it is gone on with.
        if window.message and (window.state == "abandoned" or window.next_try_at):
            by_message.setdefault(window.message, []).append(window)
    return tuple(_message(message, of) for message, of in by_message.items())


def _message(message: str, windows: list[Window]) -> str:
    first = windows[0]
    where = range_words(first)
    if len(windows) > 1:
        where += f" and {counted(len(windows) - 1, 'more window')}"
    again = [window.next_try_at for window in windows if window.next_try_at]
    return f"{where}: put back until {instant(min(again))}: {message}" if again else f"{where}: {message}"

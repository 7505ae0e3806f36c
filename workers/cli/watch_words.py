"""How far a watched run and its windows are, in words."""

from ingest.ledger import Window
from workers.cli.output import counted, duration
from workers.cli.watched import Sight
from workers.cli.window_words import (
    announced_in_all,
    leaves_of,
    next_try_words,
    range_words,
    read_words,
    short_worker_words,
)


def progress_words(sight: Sight) -> str:
    """Say how far the run is: records, pages, windows, rate, and time left where the repository announced a size."""
    run, leaves = sight.run, leaves_of(sight.run)
    if not run.windows:
        return "not planned yet"
    read, announced = sum(window.read for window in leaves), announced_in_all(run)
    parts = [f"{read_words(read, announced)} records", counted(run.total("pages"), "page")]
    if len(leaves) > 1:
        parts.append(f"{sum(window.state != 'open' for window in leaves)} of {len(leaves)} windows done")
    if sight.rate:
        parts.append(f"{sight.rate:.0f} a second")
        left = (announced or 0) - read
        parts += [f"{duration(left / sight.rate)} left"] if left > 0 else []
    return ", ".join(parts)


def window_line(window: Window, sight: Sight) -> str:
    """Say how far a window is, who works on it, and what keeps it from being read."""
    parts = [f"{read_words(window.read, window.announced)} records", counted(window.pages, "page")]
    if window.state != "open":
        parts.append(window.state)
    elif rate := sight.rates.get(window.window_id):
        parts.append(f"{rate:.0f} a second")
    if worker := short_worker_words(sight.work.holders.get(window.window_id)):
        parts.append(worker)
    if window.next_try_at:
        parts.append(next_try_words(window.next_try_at, sight.work.now))
    if window.message and (window.next_try_at or window.state == "abandoned"):
        parts.append(window.message)
    return f"{range_words(window)}: {', '.join(parts)}"

"""What a harvest says of its progress, in words."""

import time

from ingest.ledger import Window
from workers.cli.output import counted, duration, one_line


class Pace:
    """How fast each window is read by this process."""

    def __init__(self) -> None:
        """Begin to measure now."""
        self._last_page_at = time.monotonic()
        self._began: dict[int, tuple[float, int]] = {}

    def told(self, window: Window) -> str:
        """Say how far a window is: records, pages, rate, and time left where the repository announced a size."""
        now = time.monotonic()
        began, before = self._began.setdefault(window.window_id, (self._last_page_at, window.read - window.last_length))
        self._last_page_at = now
        of = f" of {window.announced}" if window.announced else ""
        parts = [f"{window.read}{of} records" if of else counted(window.read, "record"), counted(window.pages, "page")]
        rate = (window.read - before) / max(now - began, 0.001)
        left = (window.announced or 0) - window.read
        if rate > 0:
            parts.append(f"{rate:.0f} a second")
        if rate > 0 and left > 0 and window.state == "open":
            parts.append(f"{duration(left / rate)} left")
        return ", ".join(parts)


def waiting_words(seconds: float, reason: str) -> str:
    """Say why nothing happens for a while."""
    return f"{one_line(reason)}; asking again in {duration(seconds)}"

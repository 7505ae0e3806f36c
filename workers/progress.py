"""What whoever watches the dashboard reads: how far a window is, how a slice ended, how a run ended."""

import time

import structlog
from celery import Task

from ingest.ledger import Run, Window

log = structlog.stdlib.get_logger(__name__)

_SECONDS_BETWEEN = 1.0
_SILENT_SECONDS = 30.0
_COUNTS = ("created", "changed", "deleted", "restored", "rejected", "unchanged")


class Progress:
    """Tells the dashboard of a window's pages, once a second at most: it keeps every event in memory."""

    def __init__(self, task: Task) -> None:
        """Say nothing yet."""
        self._task = task
        self._began = self._told_at = time.monotonic()
        self._before: int | None = None

    def tell(self, window: Window) -> None:
        """Tell where the window is, unless that was told a moment ago."""
        now = time.monotonic()
        if self._before is None:
            self._before = window.seen - window.last_length
        if now - self._told_at >= _SECONDS_BETWEEN and window.state == "open":
            self._told_at = now
            rate = (window.seen - self._before) / max(now - self._began, 0.001)
            self._send(f"{page_words(window)}, {rate:,.0f}/s")

    def _send(self, words: str) -> None:
        """Tell the dashboard; a broker that is away must not stop the work, nor hold it up at every page."""
        try:
            # Flower shows what an event says, and nothing of a state that is only stored.
            self._task.send_event("task-progress", result=words)
        except Exception as error:  # noqa: BLE001 - kombu lets through whatever its transports raise.
            log.info("the dashboard is not told of progress for a while", reason=str(error))
            self._told_at = time.monotonic() + _SILENT_SECONDS


def page_words(window: Window) -> str:
    """Say how far a window is."""
    of = f" of about {window.announced:,}" if window.announced else ""
    return f"page {window.pages:,}, {window.read:,}{of}" if window.pages else f"no page yet{of}"


def window_words(window: Window) -> str:
    """Say how a slice of work left its window."""
    match window.state:
        case "open" if window.next_try_at:
            return f"put back until {window.next_try_at:%Y-%m-%dT%H:%M:%SZ}: {window.message}; {page_words(window)}"
        case "open":
            return f"goes on: {page_words(window)}"
        case "abandoned":
            return f"given up, a gap is left: {window.message}; {page_words(window)}"
        case "split":
            return f"split into shorter windows: {page_words(window)}"
        case state:
            return f"{state}: {page_words(window)}"


def run_words(run: Run) -> str:
    """Say how a run has ended: the verdict, the counts, and why."""
    counts = ", ".join(f"{run.total(name):,} {name}" for name in _COUNTS if run.total(name))
    told = f"{run.verdict.value if run.verdict else 'active'}: {run.total('seen'):,} seen"
    why = "; ".join(reason.text for reason in run.reasons)
    return ": ".join([", ".join([told, counts] if counts else [told]), *([why] if why else [])])

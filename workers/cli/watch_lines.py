"""A run that is watched where there is no terminal: lines for people, objects for programs."""

import time
from types import TracebackType
from typing import Any, Self

from ingest.ledger import Window
from workers.cli.output import one_line, write, write_json
from workers.cli.run_listing import with_windows
from workers.cli.watch_words import progress_words, window_line
from workers.cli.watched import Sight
from workers.cli.window_words import leaves_of

_SECONDS_BETWEEN_LINES = 5.0


class _Plain:
    """Something that is entered and left without more ado."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return


class Objects(_Plain):
    """One object a line, whenever something has changed besides the time."""

    def __init__(self) -> None:
        """Tell nothing yet."""
        self._told: object = None

    def tell(self, sight: Sight) -> None:
        """Write the run with its windows, unless that is what was written last."""
        told = with_windows(sight.run, sight.work.holders)
        matters = (_without_leases(told), sight.wait.code if sight.wait else None)
        if matters != self._told:
            self._told = matters
            write_json({**told, "waits": sight.wait.text if sight.wait else None})


def _without_leases(told: dict[str, Any]) -> dict[str, Any]:
    """Leave out what every sign of life changes."""
    windows = [{key: value for key, value in each.items() if key != "lease_until"} for each in told["windows"]]
    return {**told, "windows": windows}


class Lines(_Plain):
    """A line for each window that has moved, every few seconds, and at once where its state has changed."""

    def __init__(self) -> None:
        """Tell nothing yet."""
        self._told_at: float | None = None
        self._told: dict[int, tuple[str, bool, int]] = {}
        self._waited: str | None = None

    def tell(self, sight: Sight) -> None:
        """Write what has changed since it was last written."""
        now = time.monotonic()
        leaves = leaves_of(sight.run)
        if self._told_at is None:
            _write(f"run {sight.run.run_id} of {sight.run.endpoint}: {progress_words(sight)}")
            for reason in () if sight.work.alive else sight.run.reasons:
                _write(f"run {sight.run.run_id}: {reason.text}")
            # What has ended before, or has not begun, is in the sum.
            self._told = {window.window_id: _standing(window) for window in leaves if window.state != "open"}
        due = self._told_at is None or now - self._told_at >= _SECONDS_BETWEEN_LINES
        moved = [window for window in leaves if self._is_news(window, due=due)]
        for window in moved:
            _write(window_line(window, sight))
        if due and moved and self._told_at is not None and len(leaves) > 1:
            _write(f"run {sight.run.run_id}: {progress_words(sight)}")
        self._tell_wait(sight)
        self._told |= {window.window_id: _standing(window) for window in moved}
        self._told_at = now if due else self._told_at

    def _is_news(self, window: Window, *, due: bool) -> bool:
        before, now = self._told.get(window.window_id), _standing(window)
        if before is None:
            return window.pages > 0 or window.state != "open"
        return before != now and (due or before[:2] != now[:2])

    def _tell_wait(self, sight: Sight) -> None:
        code = sight.wait.code if sight.wait else None
        if sight.wait is not None and code != self._waited:
            _write(f"run {sight.run.run_id}: {sight.wait.text}")
        self._waited = code


def _standing(window: Window) -> tuple[str, bool, int]:
    return window.state, window.next_try_at is not None, window.pages


def _write(line: str) -> None:
    write(f"{one_line(line)}\n")

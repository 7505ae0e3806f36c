"""The waits of one repository, all made through the one callable that its owner gave."""

import threading
import time
from collections.abc import Callable

from ingest.errors import RepositoryUnavailable
from ingest.protocol.retrying import Policy


class Waiting:
    """All waits of one repository: its pace, and the pauses before a request is made again."""

    def __init__(
        self,
        policy: Policy,
        min_interval: float,
        *,
        wait: Callable[[float], object],
        on_wait: Callable[[float, str], None] | None,
    ) -> None:
        """``wait`` sleeps the seconds given to it, and may raise to interrupt; nothing else sleeps here."""
        self.policy = policy
        self._min_interval = min_interval
        self._wait = wait
        self._on_wait = on_wait
        self._lock = threading.Lock()
        self._next_slot = 0.0
        self._take_turn: Callable[[float], float] | None = None
        self._keep_away: Callable[[float], None] | None = None

    def share(self, take_turn: Callable[[float], float] | None, keep_away: Callable[[float], None]) -> None:
        """Keep the pace together with others; see ``Repository.share_pace``."""
        self._take_turn, self._keep_away = take_turn, keep_away

    def pace(self) -> None:
        """Wait until the next request may begin, ``min_interval`` after the one before, over all threads.

        Raises RepositoryUnavailable where that is further off than a page is waited for.
        """
        if self._take_turn is not None:
            self._wait_for_turn(self._take_turn(self._min_interval))
            return
        if self._min_interval <= 0:
            return
        with self._lock:
            now = time.monotonic()
            slot = max(now, self._next_slot)
            self._next_slot = slot + self._min_interval
        if slot > now:
            self._wait(slot - now)

    def _wait_for_turn(self, seconds: float) -> None:
        if seconds > self.policy.page_deadline:
            told = f"the repository has asked to be left alone, for {seconds:.0f} s yet"
            raise RepositoryUnavailable(told, retry_after=seconds)
        if seconds > 0:
            self._wait(seconds)

    def asked_for_patience(self, seconds: float | None) -> None:
        """Let all who share the pace know what Retry-After asks of them."""
        if seconds and self._keep_away is not None:
            self._keep_away(seconds)

    def after(self, seconds: float, reason: str) -> None:
        """Say why, and wait."""
        if self._on_wait is not None:
            self._on_wait(seconds, reason)
        self._wait(seconds)

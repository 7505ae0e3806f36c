"""Whether and when the same request is made again: pure decisions, clock and chance passed in."""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

TRIES = 5
"""How often a request is made before the repository counts as unavailable."""

TRIES_AT_FIRST_CONTACT = 2
"""Where nothing ever answered under an address, it is more likely wrong than down, and a person waits to be told."""

TRIES_OF_BROKEN_ANSWERS = 3
"""A cut page may come whole; one that is broken in the repository will not."""

LONGEST_RETRY_AFTER = 7 * 24 * 3600.0
"""Seconds; a longer wait is a repository's mistake, and a week is long enough to notice it."""

_WAITS = (1.0, 3.0, 9.0, 18.0)
_IN_WORDS = re.compile(rb"retry after (\d{1,9}) second", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a request brought nothing that could be used, though asking again may help."""

    reason: str
    """A few words for a person: ``connection refused``, ``HTTP 503 Service Unavailable``."""
    tries: int = TRIES
    """How many tries, all in all, a fault of this kind is worth."""
    retry_after: float | None = None
    """Seconds that the repository asked to wait."""
    unreachable: bool = False
    """Nobody is there: the host name is unknown or the connection is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How patient the client is with one page."""

    page_deadline: float
    """Seconds; no wait may end later than this after the page was first asked for."""
    chance: Callable[[], float]
    """Gives numbers from 0 up to 1, so that workers that failed together do not come back together."""

    def decide(self, attempt: int, elapsed: float, fault: Fault) -> float | None:
        """Give the seconds to wait before the next try, or None to give up.

        ``attempt`` counts the tries made, from 1; ``elapsed`` is seconds since the first. A wait that the repository
        asked for is kept in full or not begun.
        """
        if attempt >= fault.tries:
            return None
        own = _WAITS[min(attempt, len(_WAITS)) - 1] * (0.75 + self.chance() / 2)
        wait = max(own, fault.retry_after or 0.0)
        return wait if elapsed + wait <= self.page_deadline else None


def retry_after(header: str | None, *, now: datetime) -> float | None:
    """Read a Retry-After header, seconds or HTTP date, as seconds from ``now``.

    Gives 0 for what has passed, a week at most, and None where the header is missing or says nothing.
    """
    if header is None:
        return None
    try:
        seconds = float(header)
    except ValueError:
        seconds = _seconds_until(header, now)
    return None if math.isnan(seconds) else min(max(seconds, 0.0), LONGEST_RETRY_AFTER)


def retry_after_in_words(body: bytes) -> float | None:
    """Read the wait that some repositories name only in the text of their page."""
    named = _IN_WORDS.search(body[:4096])
    return min(float(named[1]), LONGEST_RETRY_AFTER) if named else None


def http_date(text: str | None) -> datetime | None:
    """Read an HTTP date as an instant in UTC, None where it can not be read."""
    try:
        instant = parsedate_to_datetime(text or "")
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _seconds_until(header: str, now: datetime) -> float:
    instant = http_date(header)
    return math.nan if instant is None else (instant - now).total_seconds()

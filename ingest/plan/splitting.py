"""How a window is split into parts that many can read at once. Pure."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from ingest.identify_values import Granularity
from ingest.ledger import PlannedWindow, Window
from ingest.plan.outside import outside
from ingest.plan.windows import GRANULE, as_taken, in_granularity
from ingest.records import Page, Record

LEAST_PAGES = 4
"""Pages that a list must still hold to be worth splitting: each part costs a first request of its own."""
PARTS_A_WORKER = 2
"""Parts for each window that may be in flight: parts of one range differ in what they hold."""
LEAST_PAGES_AT_THE_END = 8
"""As ``LEAST_PAGES``, where a part is split so that all end together: what is shorter has ended soon."""
_TOO_MUCH = 1.25
_ASSUMED_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Where to cut a list whose repository does not say how old its records are: older ones are in the first part."""


def parts_wanted(page: Page, window: Window, *, parallel: int, left: Callable[[], int | None] = lambda: None) -> int:
    """Say into how many parts a window is split, given its first page; fewer than two: it is read as it is.

    ``left`` gives how many records of the whole list are still to be read, this window's included, where no other
    window waits to be begun, else None; it is asked only where that matters.

    A list that announces no size is split once, if its first page is not its last. A part is split again where it holds
    more than its share of the whole list, for records lie unevenly in time; where nothing else waits, more than its
    share of what is left, so that all who read end together; and never where the page shows that the repository pays no
    heed to dates.
    """
    goes_on = page.token is not None and bool(page.token.value)
    if parallel < PARTS_A_WORKER or window.pages or not goes_on or not _within(page, window):
        return 1
    announced = page.token.complete_list_size if page.token else None
    most = parallel * PARTS_A_WORKER
    if announced is None:
        return most if window.parent_id is None else 1
    share = (window.list_size or announced) / most
    if announced < LEAST_PAGES * len(page.elements):
        return 1
    if announced > share * _TOO_MUCH:
        return min(most, math.ceil(announced / share))
    if announced < LEAST_PAGES_AT_THE_END * len(page.elements) or not (records := left()):
        return 1
    share = max(announced, records) / parallel
    return min(parallel, math.ceil(announced / share)) if announced > share * _TOO_MUCH else 1


def _within(page: Page, window: Window) -> bool:
    """Whether all datestamps of a page lie in the range that was asked for."""
    return outside(page, window).of_range == 0


def split(  # Keyword-only: all that is known of where records lie.
    window: Window,
    parts: int,
    *,
    granularity: Granularity,
    earliest: str | None,
    latest: datetime,
    shown: Page | None = None,
) -> tuple[PlannedWindow, ...]:
    """Split a window's range in time into so many parts at most; fewer than two where it is too short to be split.

    Neighbours share their boundary, in the repository's granularity: what is read twice is free, a hole is not. The
    first part has the window's own start and the last its own end, also where it has none: ``earliest`` and ``latest``
    (the repository's clock) only say where to cut. So does the page that is ``shown`` of a part: that it holds more
    than its share says that records lie unevenly, and its first page where they do.
    """
    start = _instant(window.from_) or _instant(earliest)
    end = _instant(window.until) or latest
    cuts: list[str] = []
    if shown is not None and window.parent_id is not None:
        cuts = _cuts(*_stretch(shown, GRANULE[granularity], _instant(window.from_), end), parts, granularity)
    if not cuts and start is not None:
        cuts = _cuts(start, end, parts, granularity)
    if not cuts:
        return ()
    bounds = [window.from_, *cuts, window.until]
    planned = (
        PlannedWindow(list=window.list, from_=low, until=high, verb=window.verb) for low, high in pairwise(bounds)
    )
    # A person may have given a day where the cuts are seconds.
    return tuple(as_taken(part, granularity) for part in planned)


def oldest(earliest: str | None, *, latest: datetime) -> str:
    """Give a date to cut from where a list must be cut: the repository's ``earliestDatestamp``, or one of ours.

    Repositories leave it out, or give one that no calendar has or that has not come yet.
    """
    said = _instant(earliest)
    return earliest if earliest and said and said < latest else _ASSUMED_EARLIEST.isoformat()


def _stretch(page: Page, granule: timedelta, start: datetime | None, end: datetime) -> tuple[datetime, datetime]:
    """Say in which stretch of time a list lies whose first page is given, if it goes on as it begins; empty: unknown.

    That can be told only of a list in the order of its datestamps, up or down. A list may always turn out otherwise:
    then what lies beyond the stretch is in one part with its end, and is split again.
    """
    headers = (element.header for element in page.elements if isinstance(element, Record))
    stamps = [stamp for stamp in (_instant(header.datestamp) for header in headers) if stamp]
    size = page.token.complete_list_size if page.token else None
    if not stamps or size is None:
        return end, end
    first, last = min(stamps), max(stamps)
    # Where the window has no start, the page knows better than the repository's word for it.
    start = first if start is None else start
    length = (last - first + granule).total_seconds() * size / len(stamps)
    if stamps == sorted(stamps):
        return max(first, start), _before(end, first, length)
    if stamps == sorted(stamps, reverse=True):
        ends = _before(end, last, granule.total_seconds())
        return _after(start, ends, length), ends
    return end, end


def _before(end: datetime, instant: datetime, seconds: float) -> datetime:
    """Go on by so many seconds, which may be more than all time has, but not beyond the end."""
    return end if seconds >= (end - instant).total_seconds() else instant + timedelta(seconds=seconds)


def _after(start: datetime, instant: datetime, seconds: float) -> datetime:
    return start if seconds >= (instant - start).total_seconds() else instant - timedelta(seconds=seconds)


def _cuts(start: datetime, end: datetime, parts: int, granularity: Granularity) -> list[str]:
    if start >= end:
        return []
    granule = GRANULE[granularity]
    steps = min(parts, (end - start) // granule)
    instants = (start + (end - start) * step / steps for step in range(1, steps))
    inside = (in_granularity(instant, granularity) for instant in instants)
    ends = {in_granularity(start, granularity), in_granularity(end, granularity)}
    return [cut for cut in dict.fromkeys(inside) if cut not in ends]


def _instant(text: str | None) -> datetime | None:
    """Read a date in the protocol's forms (section 3.3), or with an offset, which it does not know; None for others."""
    try:
        instant = datetime.fromisoformat(text or "")
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None

"""How a window is split into parts that many can read at once. Pure."""

import math
from datetime import UTC, datetime
from itertools import pairwise

from ingest.ledger import PlannedWindow, Window
from ingest.plan.outside import outside
from ingest.plan.windows import GRANULE, as_taken, in_granularity
from ingest.records import Granularity, Page

LEAST_PAGES = 4
"""Pages that a list must still hold to be worth splitting: each part costs a first request of its own."""
PARTS_A_WORKER = 2
"""Parts for each window that may be in flight: parts of one range differ in what they hold."""
_TOO_MUCH = 1.25
_ASSUMED_EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Where to cut a list whose repository does not say how old its records are: older ones are in the first part."""


def parts_wanted(page: Page, window: Window, *, parallel: int) -> int:
    """Say into how many parts a window is split, given its first page; fewer than two: it is read as it is.

    A list that announces no size is split once, if its first page is not its last. A part is split again where it holds
    more than its share of the whole list, for records lie unevenly in time; and never where the page shows that the
    repository pays no heed to dates.
    """
    goes_on = page.token is not None and bool(page.token.value)
    if parallel < PARTS_A_WORKER or window.pages or not goes_on or not _within(page, window):
        return 1
    announced = page.token.complete_list_size if page.token else None
    most = parallel * PARTS_A_WORKER
    if announced is None:
        return most if window.parent_id is None else 1
    share = (window.list_size or announced) / most
    if announced < LEAST_PAGES * len(page.elements) or announced <= share * _TOO_MUCH:
        return 1
    return min(most, math.ceil(announced / share))


def _within(page: Page, window: Window) -> bool:
    """Whether all datestamps of a page lie in the range that was asked for."""
    return outside(page, window).of_range == 0


def split(
    window: Window,
    parts: int,
    *,
    granularity: Granularity,
    earliest: str | None,
    latest: datetime,
) -> tuple[PlannedWindow, ...]:
    """Split a window's range in time into so many parts at most; fewer than two where it is too short to be split.

    Neighbours share their boundary, in the repository's granularity: what is read twice is free, a hole is not. The
    first part has the window's own start and the last its own end, also where it has none: ``earliest`` and ``latest``
    (the repository's clock) only say where to cut.
    """
    start = _instant(window.from_) or _instant(earliest)
    end = _instant(window.until) or latest
    if start is None or start >= end:
        return ()
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


def _cuts(start: datetime, end: datetime, parts: int, granularity: Granularity) -> list[str]:
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

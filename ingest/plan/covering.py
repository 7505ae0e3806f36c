"""What a run leaves of a list's coverage: the bound, and the gaps that close, stay or are new. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from ingest.ledger import Coverage, Gap, ListOutcome, Run, Window
from ingest.plan.families import Family
from ingest.plan.windows import clock_went_back, in_granularity, new_bound

_RETRY_HOURS = (0, 1, 4, 16, 64, 7 * 24)


def full_window(windows: Iterable[Window]) -> Window | None:
    """Give the window that reads the whole list, if there is one."""
    return next((window for window in windows if window.from_ is None and window.until is None), None)


def list_outcome(
    run: Run, coverage: Coverage, families: Iterable[Family], *, read: int, doubt: bool, overlap: float | None
) -> ListOutcome:
    """Say what a run leaves of a list's coverage: how far its bound moves, which gaps close, stay or are new.

    ``read`` counts the distinct items that came; with ``doubt`` they do not count as those of a full read.
    """
    if run.response_date is None or run.granularity is None:
        return ListOutcome(coverage=coverage)
    families = tuple(families)
    full = full_window(family.whole for family in families)
    bound = _bound(run, coverage, full, new_bound(run.response_date, granularity=run.granularity, overlap=overlap))
    reached = in_granularity(bound, run.granularity)
    gaps = {gap.gap_id: gap for gap in coverage.gaps}
    closed: list[int] = []
    new: list[Gap] = []
    moved = coverage.bound
    for family in families:
        whole = family.whole
        mine = [gaps[gap_id] for gap_id in whole.gap_ids if gap_id in gaps]
        failed = [leaf for leaf in family.leaves if leaf.state != "ended"]
        moves = _moves_bound(whole, coverage, run) and (not failed or whole.pages > 0)
        smaller = bool(mine) and 0 < len(failed) < len(family.leaves)
        if moves:
            moved = bound
        if not failed or moves or smaller:
            closed += whole.gap_ids
        else:
            gaps |= {gap.gap_id: _tried(gap, whole, run.response_date) for gap in mine}
        if failed and (moves or smaller):
            tries = max((gap.attempts for gap in mine), default=0)
            new += [_gap(leaf, reached=reached, tries=tries, now=run.response_date) for leaf in failed]
    kept = tuple(gap for gap_id, gap in gaps.items() if gap_id not in closed)
    after = replace(coverage, bound=moved, gaps=(*kept, *new))
    whole_read = full is not None and full.state == "ended"
    counted = _counted(after, full, read=read, doubt=doubt) if full is not None and whole_read else after
    return ListOutcome(coverage=counted, closed_gap_ids=tuple(closed), read_whole=whole_read)


def _bound(run: Run, coverage: Coverage, full: Window | None, bound: datetime) -> datetime:
    """Give the bound that the list moves to, if it moves.

    A longer overlap takes nothing away of what was covered; a clock that was ahead does, once all is read again.
    """
    if coverage.bound is None:
        return bound
    read_again = full is not None and full.state == "ended" and clock_went_back(coverage, run.response_date)
    return bound if read_again else max(bound, coverage.bound)


def _moves_bound(window: Window, coverage: Coverage, run: Run) -> bool:
    """Whether what the window reads is everything from the bound on, or from before it."""
    if window.until is not None:
        return False
    if window.from_ is None:
        return True
    if coverage.bound is None or run.granularity is None:
        return False
    return window.from_ <= in_granularity(coverage.bound, run.granularity)


def _wait(tries: int) -> timedelta:
    """Say how long a gap is left alone that has been tried so often: the first time not at all."""
    return timedelta(hours=_RETRY_HOURS[min(tries, len(_RETRY_HOURS) - 1)])


def _tried(gap: Gap, window: Window, now: datetime) -> Gap:
    return replace(
        gap,
        reason=window.reason or gap.reason,
        message=window.message or gap.message,
        attempts=gap.attempts + 1,
        next_try_at=now + _wait(gap.attempts),
    )


def _gap(window: Window, *, reached: str, tries: int, now: datetime) -> Gap:
    # The last part of a short list may begin after the bound.
    until = window.until or max(reached, window.from_ or "")
    return Gap(
        gap_id=None,
        list=window.list,
        from_=window.from_,
        until=until,
        reason=window.reason or "unknown",
        message=window.message or "",
        attempts=tries + 1,
        next_try_at=now + _wait(tries),
    )


def _counted(coverage: Coverage, full: Window, *, read: int, doubt: bool) -> Coverage:
    if doubt:
        return replace(coverage, suspect_count=read)
    return replace(coverage, full_count=read, full_announced=full.announced, suspect_count=None)

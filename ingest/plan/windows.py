"""Which windows a run needs."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from ingest.identify_values import Granularity
from ingest.ledger import Coverage, Gap, ListName, PlannedWindow, RunKind, Selection, Verb

_LENGTH = {Granularity.DAY: 10, Granularity.SECOND: 20}
GRANULE = {Granularity.DAY: timedelta(days=1), Granularity.SECOND: timedelta(seconds=1)}
_LEAST_OVERLAP = timedelta(hours=1)
_LEAST_SET_BACK = timedelta(days=1)


def in_granularity(instant: datetime, granularity: Granularity) -> str:
    """Write an instant as a repository of this granularity takes it (protocol section 3.3)."""
    # The C library does not pad years below 1000, so it is not asked to write them.
    return f"{instant.replace(tzinfo=None).isoformat(timespec='seconds')}Z"[: _LENGTH[granularity]]


def new_bound(response_date: datetime, *, granularity: Granularity, overlap: float | None) -> datetime:
    """Say up to when a run that has read everything is complete: its Identify answer's date less the overlap.

    The overlap is one granule, at least an hour, or the seconds that the endpoint declares: a record that was being
    written while the list was made is read again by the next run (harvester guidelines, section 3).
    """
    least = max(GRANULE[granularity], _LEAST_OVERLAP)
    return response_date - (least if overlap is None else max(timedelta(seconds=overlap), GRANULE[granularity]))


def kind_of(selection: Selection, coverages: Iterable[Coverage]) -> RunKind:
    """Name what a run with this selection is, given what has been read before."""
    if selection.sweep:
        return RunKind.SWEEP
    if selection.from_ or selection.until or selection.identifiers:
        return RunKind.RANGED
    if selection.full or all(coverage.bound is None for coverage in coverages):
        return RunKind.FULL
    return RunKind.INCREMENTAL


def as_answered(selection: Selection, quirks: frozenset[str]) -> Selection:
    """Ask a repository for everything that pays no heed to dates, or refuses them (the quirk ``ignores_dates``)."""
    asked = selection.from_ or selection.until or selection.identifiers or selection.sweep
    return selection if asked or "ignores_dates" not in quirks else replace(selection, full=True)


def lists_of(selection: Selection) -> tuple[ListName, ...]:
    """Name the lists that a selection asks for, in the order of its prefixes; items that it names are of any set."""
    sets = () if selection.identifiers else selection.sets
    return tuple(
        ListName(metadata_prefix=prefix, set_spec=set_spec)
        for prefix in selection.prefixes
        for set_spec in sets or ("",)
    )


def clock_went_back(coverage: Coverage, response_date: datetime | None) -> bool:
    """Whether a list is covered up to a day that, by the repository's own clock, has not come yet.

    Clocks that differ by less come right by themselves: the bound stands until they have caught up.
    """
    if coverage.bound is None or response_date is None:
        return False
    return response_date < coverage.bound - _LEAST_SET_BACK


def plan_list(
    coverage: Coverage,
    *,
    selection: Selection,
    granularity: Granularity,
    response_date: datetime | None = None,
    scheduled: bool = False,
) -> tuple[PlannedWindow, ...]:
    """Plan the windows of one list.

    Items and a range that a person asked for are read as asked. Else everything where nothing has been read or ``full``
    is asked; else what is new since the bound, and each gap on its own, so that nothing is read again because something
    else failed. A gap that reaches the bound is read in one with what is new. A ``scheduled`` run leaves those gaps
    alone whose next try has not come; a person's tries them all. Where the repository's clock has gone back behind the
    bound, the bound was taken from a clock that was ahead, and everything is read. A sweep reads the identifiers of
    what has been read before, undated and in one piece.
    """
    if selection.sweep:
        return (PlannedWindow(list=coverage.list, verb=Verb.SWEEP),) if coverage.bound is not None else ()
    if selection.identifiers:
        return (PlannedWindow(list=coverage.list, verb=Verb.GET_RECORD),)
    if selection.from_ or selection.until:
        asked = PlannedWindow(list=coverage.list, from_=selection.from_, until=selection.until)
        return (as_taken(asked, granularity),)
    if selection.full or coverage.bound is None or clock_went_back(coverage, response_date):
        gap_ids = tuple(gap.gap_id for gap in coverage.gaps if gap.gap_id is not None)
        return (PlannedWindow(list=coverage.list, gap_ids=gap_ids),)
    bound = in_granularity(coverage.bound, granularity)
    gaps = [gap for gap in coverage.gaps if not scheduled or _is_due(gap, response_date)]
    adjacent = [gap for gap in gaps if _reaches(gap, bound)]
    apart = [gap for gap in gaps if gap not in adjacent]
    newest = _newest(coverage.list, adjacent, bound)
    return tuple(as_taken(window, granularity) for window in (*(_window(coverage.list, gap) for gap in apart), newest))


def _is_due(gap: Gap, now: datetime | None) -> bool:
    return gap.next_try_at is None or now is None or gap.next_try_at <= now


def as_taken(window: PlannedWindow, granularity: Granularity) -> PlannedWindow:
    """Write a range in days or seconds, which a person gave or a gap kept, as the repository takes it.

    Both ends share one granularity (protocol section 2.7.1); a day stands for all of it, and a second given to a
    repository that knows only days stands for its day.
    """
    from_, until = window.from_, window.until
    if granularity is Granularity.DAY:
        return replace(window, from_=from_ and from_[:10], until=until and until[:10])
    if {len(end) for end in (from_, until) if end} == {_LENGTH[Granularity.DAY]}:
        return window
    return replace(window, from_=_to_second(from_, "T00:00:00Z"), until=_to_second(until, "T23:59:59Z"))


def _to_second(end: str | None, time_of_day: str) -> str | None:
    return end + time_of_day if end and len(end) == _LENGTH[Granularity.DAY] else end


def _reaches(gap: Gap, bound: str) -> bool:
    return gap.until is None or gap.until >= bound


def _window(name: ListName, gap: Gap) -> PlannedWindow:
    return PlannedWindow(list=name, from_=gap.from_, until=gap.until, gap_ids=_ids([gap]))


def _newest(name: ListName, adjacent: list[Gap], bound: str) -> PlannedWindow:
    starts = [gap.from_ for gap in adjacent]
    from_ = None if None in starts else min([bound, *(start for start in starts if start is not None)])
    return PlannedWindow(list=name, from_=from_, gap_ids=_ids(adjacent))


def _ids(gaps: Iterable[Gap]) -> tuple[int, ...]:
    return tuple(gap.gap_id for gap in gaps if gap.gap_id is not None)

"""How a run ends: the verdict with its reasons, and what each list's coverage is from now on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from ingest.ledger import Conclusion, Coverage, Gap, ListName, ListOutcome, Reason, Run, Verdict, Window
from ingest.plan.windows import in_granularity, new_bound

_FIRST_RETRY = timedelta(hours=1)
_LONGEST_RETRY = timedelta(days=7)
_AGREEMENT = 0.05
_LEAST_CEILING = 100
_CEILING_PERCENT = 5.0


def conclude(
    run: Run,
    *,
    coverages: Iterable[Coverage],
    distinct: Mapping[ListName, int],
    overlap: float | None,
    shrink_limit: float,
    rejection_ceiling: float | None,
) -> Conclusion:
    """Conclude a run whose windows have all ended or been given up.

    ``distinct`` counts the distinct items read of each list, ``shrink_limit`` and ``rejection_ceiling`` are percent.
    """
    coverage_of = {coverage.list: coverage for coverage in coverages}
    outcomes, doubts = [], []
    for name in sorted({window.list for window in run.windows}):
        windows = [window for window in run.windows if window.list == name]
        coverage = coverage_of.get(name, Coverage(list=name))
        # What was rejected has come too.
        read = distinct.get(name, 0) + sum(window.rejected for window in windows)
        doubt = _doubt(coverage, windows, read=read, shrink_limit=shrink_limit)
        doubts += [doubt] if doubt else []
        outcomes.append(_list_outcome(run, coverage, windows, read=read, doubt=doubt, overlap=overlap))
    failures = _failures(run.windows)
    ceiling = _over_ceiling(run, rejection_ceiling)
    remarks = _remarks(run)
    if failures and not any(window.pages for window in run.windows):
        verdict = Verdict.FAILED
    elif failures or ceiling:
        verdict = Verdict.PARTIAL
    else:
        verdict = Verdict.SUSPECT if doubts else Verdict.COMPLETE
    return Conclusion(verdict=verdict, reasons=(*failures, *ceiling, *doubts, *remarks), lists=tuple(outcomes))


# --- reasons --------------------------------------------------------------------------------------


def _failures(windows: Iterable[Window]) -> tuple[Reason, ...]:
    by_code: dict[str, list[Window]] = {}
    for window in windows:
        if window.state == "abandoned":
            by_code.setdefault(window.reason or "unknown", []).append(window)
    return tuple(
        Reason(code=code, count=len(found), text=f"{found[0].list}: {found[0].message}")
        for code, found in sorted(by_code.items())
    )


def ceiling_of(seen: int, percent: float | None) -> float:
    """Give the number of rejections a run may have: what the endpoint declares in percent, else the default."""
    if percent is not None:
        return seen * percent / 100
    return max(_LEAST_CEILING, seen * _CEILING_PERCENT / 100)


def _over_ceiling(run: Run, percent: float | None) -> tuple[Reason, ...]:
    rejected, seen = run.total("rejected"), run.total("seen")
    if rejected <= ceiling_of(seen, percent):
        return ()
    text = f"{rejected} of {seen} record elements were rejected, more than the ceiling allows"
    return (Reason(code="rejection-ceiling", count=rejected, text=text),)


def _remarks(run: Run) -> tuple[Reason, ...]:
    """Name what does not spoil a verdict but a person may want to know."""
    words: tuple[tuple[str, str, Callable[[int], str]], ...] = (
        ("rejected", "rejections", lambda n: f"{n} record elements were rejected and are kept with their bytes"),
        ("repaired", "repaired", lambda n: f"{n} pages were mended before they could be read"),
        ("restarts", "restarts", lambda n: f"a list was begun again {n} times"),
        ("without_metadata", "no-metadata", lambda n: f"{n} live records came without metadata"),
        ("not_understood", "format-not-understood", lambda n: f"{n} records are in a format kept raw for now"),
    )
    counts = ((code, run.total(name), text) for name, code, text in words)
    return tuple(Reason(code=code, count=count, text=text(count)) for code, count, text in counts if count)


def _doubt(coverage: Coverage, windows: list[Window], *, read: int, shrink_limit: float) -> Reason | None:
    """Doubt a full read that brought much less than was announced or than the last one did."""
    full = _full_window(windows)
    if full is None or full.state != "ended":
        return None
    least = 1 - shrink_limit / 100
    if coverage.suspect_count is not None and _agree(read, coverage.suspect_count):
        return None
    if coverage.full_count and read < coverage.full_count * least:
        code = "nothing-came" if read == 0 else "fewer-than-before"
        text = f"{coverage.list}: {read} items came where the last complete read brought {coverage.full_count}"
        return Reason(code=code, count=coverage.full_count - read, text=text)
    if full.announced and read < full.announced * least and not _always_so(coverage, read, full.announced):
        text = f"{coverage.list}: {read} items came where {full.announced} were announced"
        return Reason(code="fewer-than-announced", count=full.announced - read, text=text)
    return None


def _agree(one: float, other: float) -> bool:
    return abs(one - other) <= _AGREEMENT * max(one, other)


def _always_so(coverage: Coverage, read: int, announced: int) -> bool:
    """Whether the repository announced wrongly by the same factor last time."""
    if not coverage.full_count or not coverage.full_announced:
        return False
    return _agree(read / announced, coverage.full_count / coverage.full_announced)


# --- coverage -------------------------------------------------------------------------------------


def _full_window(windows: Iterable[Window]) -> Window | None:
    return next((window for window in windows if window.from_ is None and window.until is None), None)


def _list_outcome(
    run: Run, coverage: Coverage, windows: list[Window], *, read: int, doubt: Reason | None, overlap: float | None
) -> ListOutcome:
    if run.response_date is None or run.granularity is None:
        return ListOutcome(coverage=coverage)
    bound = new_bound(run.response_date, granularity=run.granularity, overlap=overlap)
    reached = in_granularity(bound, run.granularity)
    gaps = {gap.gap_id: gap for gap in coverage.gaps}
    closed: list[int] = []
    new: list[Gap] = []
    moved = coverage.bound
    for window in windows:
        if window.state == "ended":
            closed += window.gap_ids
        elif window.gap_ids and not (_moves_bound(window, coverage, run) and window.pages):
            gaps |= {gap_id: _tried(gaps[gap_id], window, run) for gap_id in window.gap_ids if gap_id in gaps}
        elif _moves_bound(window, coverage, run) and window.pages:
            closed += window.gap_ids
            new.append(_gap(window, until=reached, now=run.response_date))
        if _moves_bound(window, coverage, run) and (window.state == "ended" or window.pages):
            moved = bound if moved is None else max(moved, bound)
    kept = tuple(gap for gap_id, gap in gaps.items() if gap_id not in closed)
    after = replace(coverage, bound=moved, gaps=(*kept, *new))
    return ListOutcome(coverage=_counted(after, windows, read=read, doubt=doubt), closed_gap_ids=tuple(closed))


def _moves_bound(window: Window, coverage: Coverage, run: Run) -> bool:
    """Whether what the window reads is everything from the bound on, or from before it."""
    if window.until is not None:
        return False
    if window.from_ is None:
        return True
    if coverage.bound is None or run.granularity is None:
        return False
    return window.from_ <= in_granularity(coverage.bound, run.granularity)


def _tried(gap: Gap, window: Window, run: Run) -> Gap:
    wait = min(_FIRST_RETRY * 4 ** (gap.attempts - 1), _LONGEST_RETRY)
    return replace(
        gap,
        reason=window.reason or gap.reason,
        message=window.message or gap.message,
        attempts=gap.attempts + 1,
        next_try_at=None if run.response_date is None else run.response_date + wait,
    )


def _gap(window: Window, *, until: str, now: datetime) -> Gap:
    return Gap(
        gap_id=None,
        list=window.list,
        from_=window.from_,
        until=until,
        reason=window.reason or "unknown",
        message=window.message or "",
        next_try_at=now,
    )


def _counted(coverage: Coverage, windows: list[Window], *, read: int, doubt: Reason | None) -> Coverage:
    full = _full_window(windows)
    if full is None or full.state != "ended":
        return coverage
    if doubt is not None:
        return replace(coverage, suspect_count=read)
    return replace(coverage, full_count=read, full_announced=full.announced, suspect_count=None)

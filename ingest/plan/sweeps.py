"""Sweeps: which items one has missed, when deletions are held, and what a sweep says of itself. Pure."""

import math
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

from ingest.endpoints import Fuse
from ingest.ledger import Conclusion, Coverage, ListName, ListOutcome, Missed, Reason, Run, Swept, Verdict, Window
from ingest.plan.doubts import always_so, not_empty, with_sets_gone
from ingest.plan.verdict import failures_of, many, not_offered, remarks_of

APART = timedelta(hours=24)
"""How far apart two sweeps begin at least that miss an item before it is deleted."""
HELD = "deletions-held"
_HEADERS_UNREAD = "headers could not be read: which items they are of is not known, and nothing counts as missed"
_AGAIN = "a sweep that begins a day later and misses them too deletes them"


def holding(
    set_specs: Collection[str], covered: Iterable[ListName], brought_by: Iterable[ListName]
) -> frozenset[ListName]:
    """Name the lists that may hold an item whose header names these sets, out of those that have been read.

    A set's list holds what names the set or one inside it; the list without a set holds everything. Where neither says
    anything, the item came with a set that its header does not name: any of those that ``brought_by`` names may hold
    it, the lists that its run read. These need not be covered: a range of another set, or single items, may be asked
    for once, and say nothing of the lists that are swept.
    """
    found = frozenset(name for name in covered if not name.set_spec or _is_in(set_specs, name.set_spec))
    return found or frozenset(brought_by)


def _is_in(set_specs: Collection[str], spec: str) -> bool:
    return any(name == spec or name.startswith(f"{spec}:") for name in set_specs)


def is_held(missed: Missed, fuse: Fuse) -> bool:
    """Whether a sweep would delete more than may be deleted unasked: in number, or of any list in percent.

    One item of a list is never more than a percentage allows, unless that is 0.
    """
    return missed.due > fuse.records or any(
        due > math.ceil(missed.live.get(name, 0) * fuse.percent / 100) for name, due in missed.due_of.items()
    )


def conclude_sweep(run: Run, *, coverages: Iterable[Coverage], swept: Swept, shrink_limit: float) -> Conclusion:
    """Conclude a sweep whose windows have all ended or been given up.

    Its word counts where it is ``complete`` but for what it holds. The bound of no list moves: no record was read.
    """
    coverage_of = {coverage.list: coverage for coverage in coverages}
    run, sets_gone = with_sets_gone(run, coverage_of.values())
    ended = [window for window in run.windows if window.state == "ended"]
    doubts = [doubt for window in ended if (doubt := _doubt(window, coverage_of[window.list], shrink_limit))]
    outcomes = [_outcome(window, coverage_of[window.list], swept) for window in ended]
    # A prefix that was never read is no matter of a sweep.
    missing, _never_read = not_offered(run, coverage_of)
    failures = (*failures_of(run.windows), *missing, *_headers_unread(run))
    told = _told(swept, run.run_id)
    if failures:
        verdict = Verdict.PARTIAL if any(window.pages for window in run.windows) else Verdict.FAILED
    else:
        verdict = Verdict.SUSPECT if doubts or swept.held else Verdict.COMPLETE
    reasons = (*failures, *doubts, *told, *sets_gone.values(), *remarks_of(run))
    return Conclusion(verdict=verdict, reasons=reasons, lists=tuple(each for each in outcomes if each))


def _headers_unread(run: Run) -> tuple[Reason, ...]:
    rejected = run.total("rejected")
    text = f"{rejected} {_HEADERS_UNREAD}"
    return (Reason(code="headers-unread", count=rejected, text=text),) if rejected else ()


def _doubt(window: Window, coverage: Coverage, shrink_limit: float) -> Reason | None:
    """Doubt a list that is empty where something is known, or shorter than was announced."""
    known = coverage.known if coverage.full_count is None else coverage.full_count
    if not window.seen:
        if not known or coverage.suspect_count == 0:
            return None
        text = f"{coverage.list}: no identifier came where {many(known, 'item')} came before"
        return Reason(code="nothing-came", count=known, text=text)
    announced = window.announced or 0
    if window.read >= announced * (1 - shrink_limit / 100) or always_so(coverage, window.read, announced):
        return None
    text = f"{coverage.list}: {window.read} identifiers came where {announced} were announced"
    return Reason(code="fewer-than-announced", count=announced - window.read, text=text)


def lowered(coverage: Coverage, window: Window) -> Coverage:
    """Expect no more of the next full read of a list than a sweep has found of which the rest is deleted."""
    if coverage.full_count is None or coverage.full_count <= window.read:
        return coverage
    return replace(coverage, full_count=window.read, full_announced=window.announced)


def _outcome(window: Window, coverage: Coverage, swept: Swept) -> ListOutcome | None:
    """Say what a sweep leaves of the doubt whether a list is empty, which it shares with full reads."""
    if window.seen:
        disproved = not_empty(coverage, (window,))
        if disproved.suspect_count == 0:
            disproved = replace(disproved, suspect_count=None)
        return ListOutcome(coverage=lowered(disproved, window) if swept.deleted else disproved)
    if coverage.suspect_count == 0:
        agreed = replace(coverage, full_count=0, full_announced=None, suspect_count=None)
        return ListOutcome(coverage=agreed)
    known = coverage.known if coverage.full_count is None else coverage.full_count
    return ListOutcome(coverage=replace(coverage, suspect_count=0)) if known else None


def _told(swept: Swept, run_id: int) -> tuple[Reason, ...]:
    commands = f"see `oai-ingest runs show {run_id}`, then `oai-ingest runs approve {run_id}`, with --reject if wrong"
    words = (
        (HELD, swept.held, f"{many(swept.held, 'item')} missed by two sweeps, more than the fuse allows: {commands}"),
        ("missed-twice", swept.deleted, f"{many(swept.deleted, 'item')} missed by two sweeps and deleted"),
        ("missed-once", swept.waiting, f"{many(swept.waiting, 'item')} no longer listed; {_AGAIN}"),
        (
            "list-not-swept",
            swept.beside,
            f"{many(swept.beside, 'item')} may be in a list that this sweep did not read, and not missed for that",
        ),
    )
    return tuple(Reason(code=code, count=count, text=text) for code, count, text in words if count)

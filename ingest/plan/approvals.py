"""What a person's word makes of a run that is in doubt, or that holds deletions. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from ingest.ledger import Conclusion, Coverage, ListName, ListOutcome, Reason, Run, Verdict, Window
from ingest.plan.covering import full_window
from ingest.plan.doubts import DOUBTS
from ingest.plan.sweeps import HELD, lowered
from ingest.plan.verdict import many


def is_doubted(reasons: Iterable[Reason]) -> bool:
    """Whether a run has read less of some list than is believed."""
    return any(reason.code in DOUBTS for reason in reasons)


def approved(
    run: Run,
    coverages: Iterable[Coverage],
    *,
    doubted: Collection[ListName],
    deleted: int,
    read_since: Collection[ListName] = (),
) -> Conclusion:
    """Conclude a run anew whose deletions a person has approved, or whose reading of the ``doubted`` lists.

    What came of these is what the next full read is compared with; of lists that have been ``read_since``, in full,
    what came then: that was without what is deleted now.
    """
    windows = {window.list: window for window in run.windows}
    lists = tuple(
        _believed(run, coverage) if coverage.list in doubted else _after(coverage, windows[coverage.list])
        for coverage in coverages
        if coverage.list in doubted or (deleted and coverage.list not in read_since)
    )
    reasons = [reason for reason in run.reasons if reason.code != HELD]
    if deleted:
        text = f"{many(deleted, 'item')} missed by two sweeps and deleted, as a person approved"
        reasons.append(Reason(code="deletions-approved", count=deleted, text=text))
    if doubted:
        text = f"{_named(doubted)}: a person approved what came"
        reasons.append(Reason(code="approved", count=len(doubted), text=text))
    verdict = Verdict.COMPLETE if run.verdict is Verdict.SUSPECT else run.verdict or Verdict.PARTIAL
    return Conclusion(verdict=verdict, reasons=tuple(reasons), lists=lists)


def _after(coverage: Coverage, window: Window) -> ListOutcome:
    return ListOutcome(coverage=lowered(coverage, window))


def _believed(run: Run, coverage: Coverage) -> ListOutcome:
    full = full_window(window for window in run.windows if window.list == coverage.list)
    announced = full.announced if full else None
    after = replace(coverage, full_count=coverage.suspect_count, full_announced=announced, suspect_count=None)
    return ListOutcome(coverage=after)


def rejected(run: Run, coverages: Iterable[Coverage], *, doubted: Collection[ListName], kept: int) -> Conclusion:
    """Conclude a run anew whose word a person does not believe: it stays suspect, and nothing waits any more."""
    lists = tuple(
        ListOutcome(coverage=replace(coverage, suspect_count=None))
        for coverage in coverages
        if coverage.list in doubted
    )
    reasons = [reason for reason in run.reasons if reason.code != HELD]
    if kept:
        text = f"{many(kept, 'item')} missed by two sweeps and kept, as a person decided; two more misses ask again"
        reasons.append(Reason(code="deletions-rejected", count=kept, text=text))
    if lists:
        text = f"{_named(doubted)}: a person does not believe what came; the next full read is compared as before"
        reasons.append(Reason(code="rejected", count=len(lists), text=text))
    return Conclusion(verdict=run.verdict or Verdict.PARTIAL, reasons=tuple(reasons), lists=lists)


def _named(lists: Collection[ListName]) -> str:
    return "; ".join(map(str, sorted(lists)))

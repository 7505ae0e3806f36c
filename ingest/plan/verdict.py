"""How a run ends: the verdict with its reasons, and what each list's coverage is from now on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from ingest.ledger import (
    Conclusion,
    Coverage,
    Distinct,
    ListName,
    Reason,
    Repaired,
    Run,
    Verb,
    Verdict,
    Window,
)
from ingest.plan.covering import full_window, list_outcome
from ingest.plan.doubts import as_unread, doubt_of, not_empty, pending, repeated, with_sets_gone
from ingest.plan.families import families_of
from ingest.plan.windows import clock_went_back

_NO_HEED = ": the repository may pay no heed to from and until (see the quirk ignores_dates)"
_LEAST_CEILING = 100
_CEILING_PERCENT = 5.0
REJECTION_CEILING = "rejection-ceiling"


def conclude(
    run: Run,
    *,
    coverages: Iterable[Coverage],
    distinct: Distinct,
    overlap: float | None,
    shrink_limit: float,
    rejection_ceiling: float | None,
) -> Conclusion:
    """Conclude a run whose windows have all ended or been given up.

    ``distinct`` is what came, without what came twice; ``shrink_limit`` and ``rejection_ceiling`` are percent.
    """
    coverage_of = {coverage.list: coverage for coverage in coverages}
    run, sets_gone = with_sets_gone(run, coverage_of.values())
    outcomes, doubts = [], []
    for name in sorted({window.list for window in run.windows}):
        # Items that a person named say nothing of how far their list has been read.
        windows = [each for each in run.windows if each.list == name and each.verb is not Verb.GET_RECORD]
        families = families_of(windows)
        wholes = [family.whole for family in families]
        coverage = coverage_of.get(name, Coverage(list=name))
        read = _read(wholes, distinct.items.get(name, 0), distinct.rejected.get(name.metadata_prefix))
        doubt = doubt_of(coverage, wholes, read=read, shrink_limit=shrink_limit) or repeated(coverage, windows, read)
        doubts += [each for each in (doubt or pending(run, coverage, wholes),) if each]
        outcome = list_outcome(run, coverage, families, read=read, doubt=doubt is not None, overlap=overlap)
        outcome = replace(outcome, coverage=not_empty(outcome.coverage, windows))
        outcomes.append(as_unread(outcome, coverage) if name in sets_gone else outcome)
    missed, unread = not_offered(run, coverage_of)
    failures = (*failures_of(run.windows), *_not_had(run), *missed, *_waiting(run, coverage_of))
    stopped = any(reason.code == REJECTION_CEILING for reason in failures)
    ceiling = () if stopped else _over_ceiling(run, rejection_ceiling)
    remarks = (*sets_gone.values(), *remarks_of(run), *unread, *_clock_set_back(run, coverage_of))
    if failures and not any(window.pages for window in run.windows):
        verdict = Verdict.FAILED
    elif failures or ceiling:
        verdict = Verdict.PARTIAL
    else:
        verdict = Verdict.SUSPECT if doubts else Verdict.COMPLETE
    return Conclusion(verdict=verdict, reasons=(*failures, *ceiling, *doubts, *remarks), lists=tuple(outcomes))


def _read(windows: list[Window], distinct: int, rejected: int | None) -> int:
    """Count what came of a list: distinct items, and what was rejected, but not what earlier beginnings rejected.

    ``rejected`` are the distinct rejections under the list's prefix: parts that overlap count theirs twice.
    """
    counted = sum(window.rejected for window in windows)
    came = distinct + (counted if rejected is None else min(counted, rejected))
    full = full_window(windows)
    return came if full is None or not full.restarts else min(came, max(full.read, distinct))


# --- reasons --------------------------------------------------------------------------------------


def failures_of(windows: Iterable[Window]) -> tuple[Reason, ...]:
    """Name why windows were given up, each reason once."""
    by_code: dict[str, list[Window]] = {}
    for window in windows:
        if window.state == "abandoned":
            by_code.setdefault(window.reason or "unknown", []).append(window)
    return tuple(
        Reason(code=code, count=len(found), text=f"{found[0].list}: {found[0].message}")
        for code, found in sorted(by_code.items())
    )


def _not_had(run: Run) -> tuple[Reason, ...]:
    """Name the items that a person asked for by name and that did not come as they should."""
    windows = [window for window in run.windows if window.verb is Verb.GET_RECORD and window.rejected]
    rejected, seen = sum(window.rejected for window in windows), sum(window.seen for window in windows)
    text = f"{rejected} of {many(seen, 'item')} asked for by name rejected; see `oai-ingest rejections list`"
    return (Reason(code="items-not-had", count=rejected, text=text),) if rejected else ()


def ceiling_of(seen: int, percent: float | None) -> float:
    """Give the number of rejections a run may have: what the endpoint declares in percent, else the default."""
    if percent is not None:
        return seen * percent / 100
    return max(_LEAST_CEILING, seen * _CEILING_PERCENT / 100)


def not_offered(run: Run, coverage_of: Mapping[ListName, Coverage]) -> tuple[tuple[Reason, ...], tuple[Reason, ...]]:
    """Name the prefixes that were asked for and are not offered: those that were read before, and the others."""
    read = {window.list.metadata_prefix for window in run.windows}
    before = {name.metadata_prefix for name, coverage in coverage_of.items() if coverage.bound is not None}
    reasons: tuple[list[Reason], list[Reason]] = ([], [])
    for prefix in run.selection.prefixes:
        if prefix in before - read:
            text = f"{prefix}: the repository no longer offers it, although it was read before"
            reasons[0].append(Reason(code="prefix-not-offered", count=1, text=text))
        elif prefix not in read:
            text = f"{prefix}: the repository does not offer it"
            reasons[1].append(Reason(code="prefix-not-offered", count=1, text=text))
    return tuple(reasons[0]), tuple(reasons[1])


def _waiting(run: Run, coverage_of: Mapping[ListName, Coverage]) -> tuple[Reason, ...]:
    """Name the gaps that a scheduled run has left alone, because their next try has not come yet."""
    tried = {gap_id for window in run.windows for gap_id in window.gap_ids}
    read = {window.list for window in run.windows}
    left = [gap for name in read if name in coverage_of for gap in coverage_of[name].gaps if gap.gap_id not in tried]
    if not run.scheduled or not left:
        return ()
    first = min((gap.next_try_at for gap in left if gap.next_try_at), default=None)
    when = f", the first of them from {first:%Y-%m-%dT%H:%M:%SZ} on" if first else ""
    text = f"{many(len(left), 'gap')} of earlier runs left for a later try{when}"
    return (Reason(code="gaps-waiting", count=len(left), text=text),)


def _clock_set_back(run: Run, coverage_of: Mapping[ListName, Coverage]) -> tuple[Reason, ...]:
    behind = [name for name, coverage in coverage_of.items() if clock_went_back(coverage, run.response_date)]
    text = "the repository's clock was ahead before: what was covered by that clock is read again in full"
    return (Reason(code="clock-set-back", count=len(behind), text=text),) if behind else ()


def _over_ceiling(run: Run, percent: float | None) -> tuple[Reason, ...]:
    rejected, seen = run.total("rejected"), run.total("seen")
    return (_ceiling(rejected, seen),) if rejected > ceiling_of(seen, percent) else ()


def ceiling_reached(rejected: int, seen: int, percent: float | None) -> Reason | None:
    """Say why a run whose ``rejected`` of ``seen`` elements are too many asks for nothing more.

    A hundred are borne in any case: the first pages of a list alone do not tell what the whole is like.
    """
    if rejected <= max(_LEAST_CEILING, ceiling_of(seen, percent)):
        return None
    reached = _ceiling(rejected, seen)
    return replace(reached, text=f"{reached.text}: nothing more is asked for; see `oai-ingest rejections list`")


def _ceiling(rejected: int, seen: int) -> Reason:
    text = f"{rejected} of {many(seen, 'record element')} rejected, more than the ceiling allows"
    return Reason(code=REJECTION_CEILING, count=rejected, text=text)


def remarks_of(run: Run) -> tuple[Reason, ...]:
    """Name what does not spoil a verdict but a person may want to know."""
    words: tuple[tuple[str, str, Callable[[int], str]], ...] = (
        ("rejected", "rejections", lambda n: f"{many(n, 'record element')} rejected, kept with the bytes that came"),
        ("repaired", "repaired", lambda n: f"{many(n, 'repair')} made pages readable{_named_repairs(run)}"),
        ("restarts", "restarts", lambda n: f"{many(n, 'restart')} of a list from its first page{_by_records(run)}"),
        ("without_metadata", "no-metadata", lambda n: f"{many(n, 'live record')} without metadata"),
        ("not_understood", "format-not-understood", lambda n: f"{many(n, 'record')} in a format that is kept raw"),
        ("outside_range", "outside-range", lambda n: f"{many(n, 'record')} outside the range asked for{_NO_HEED}"),
        ("outside_set", "outside-set", lambda n: f"{many(n, 'record')} whose header does not name the set asked for"),
    )
    counts = ((code, run.total(name), text) for name, code, text in words)
    return tuple(Reason(code=code, count=count, text=text(count)) for code, count, text in counts if count)


def _by_records(run: Run) -> str:
    """Say of how many windows a page could not be had, so that each record was asked for by itself."""
    number = sum(window.verb is Verb.LIST_IDENTIFIERS for window in run.windows)
    return f": a page could not be had, {many(number, 'window')} read by headers and single records" if number else ""


def _named_repairs(run: Run) -> str:
    """Say which repairs, and at which record each was needed first."""
    found: dict[str, Repaired] = {}
    for name, one in (each for window in run.windows for each in window.repairs.items()):
        before = found.get(name, Repaired(count=0))
        found[name] = Repaired(count=before.count + one.count, identifier=before.identifier or one.identifier)
    told = (f"{name} {_times(one.count)}{_first_at(one)}" for name, one in sorted(found.items()))
    return f": {'; '.join(told)}" if found else ""


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _first_at(one: Repaired) -> str:
    if one.identifier is None:
        return ""
    return f", at {one.identifier}" if one.count == 1 else f", first at {one.identifier}"


def many(count: int, what: str) -> str:
    """Write a number with its noun."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"

"""What a run in parts leaves of a list's coverage: gaps of the parts that failed alone, and gaps that shrink."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from plan_values import ANSWERED, LIST, run, window

from ingest.identify_values import Granularity
from ingest.ledger import Conclusion, Coverage, Distinct, Gap, ListName, ListOutcome, Run, Selection, Verdict, Window
from ingest.plan.verdict import conclude
from ingest.plan.windows import plan_list

BEFORE = datetime(2024, 6, 1, tzinfo=UTC)
"""The bound before the run."""
AFTER = ANSWERED - timedelta(hours=1)
BEFORE_TEXT, AFTER_TEXT = "2024-06-01T00:00:00Z", "2024-06-10T00:00:00Z"
NEVER = Coverage(list=LIST)
READ = Coverage(list=LIST, bound=BEFORE)
CUTS = ("2024-06-03T00:00:00Z", "2024-06-06T00:00:00Z")
"""Where the windows of these tests were split."""
FAILED: dict[str, Any] = {"state": "abandoned", "reason": "damaged-page", "message": "what happened"}


def parts(
    *failed: int,
    from_: str | None = None,
    until: str | None = None,
    cuts: tuple[str, ...] = CUTS,
    pages: int = 1,
    whole: dict[str, Any] | None = None,
) -> list[Window]:
    """Make a window that was split at the cuts, and its parts, of which the ``failed`` ones were given up.

    Parts that have ended have a page of ten new items; those given up have ``pages``.
    """
    ends = [from_, *cuts, until]
    root = window(**{"state": "split", "from_": from_, "until": until, **(whole or {})})
    counts = {"pages": 1, "seen": 10, "created": 10}
    leaves = [
        window(
            window_id=number + 2,
            parent_id=1,
            from_=ends[number],
            until=ends[number + 1],
            **({"state": "ended", **counts} if number not in failed else {**FAILED, "pages": pages}),
        )
        for number in range(len(cuts) + 1)
    ]
    return [root, *leaves]


def concluded(over: Run, *coverages: Coverage, read: int = 30, overlap: float | None = None) -> Conclusion:
    """Conclude a run that has brought so many distinct items."""
    return conclude(
        over,
        coverages=coverages,
        distinct=Distinct(items={LIST: read}),
        overlap=overlap,
        shrink_limit=10.0,
        rejection_ceiling=None,
    )


def outcome(conclusion: Conclusion) -> ListOutcome:
    """Give what becomes of the one list."""
    (only,) = conclusion.lists
    return only


def codes(conclusion: Conclusion) -> dict[str, int]:
    """Give the reasons: code and count."""
    return {reason.code: reason.count for reason in conclusion.reasons}


def gap(
    gap_id: int, from_: str | None = "2024-01-01T00:00:00Z", until: str = "2024-02-01T00:00:00Z", **told: Any
) -> Gap:
    """Make a gap that was kept before."""
    return Gap(gap_id=gap_id, list=LIST, from_=from_, until=until, reason="before", message="as it was", **told)


def ranges(after: ListOutcome) -> list[tuple[str | None, str | None]]:
    """Give the ranges of the gaps that are left."""
    return [(each.from_, each.until) for each in after.coverage.gaps]


# --- a full read in parts -------------------------------------------------------------------------


def test_a_full_read_in_parts_moves_the_bound_and_counts_as_whole() -> None:
    """With the size that the undivided list announced."""
    conclusion = concluded(run(*parts(whole={"announced": 30})), NEVER)

    assert (conclusion.verdict, conclusion.reasons) == (Verdict.COMPLETE, ())
    covered = Coverage(list=LIST, bound=AFTER, full_count=30, full_announced=30)
    assert outcome(conclusion) == ListOutcome(coverage=covered, read_whole=True)


def test_a_full_read_in_parts_that_brought_too_little_is_doubted_as_a_whole() -> None:
    """Parts are compared with nothing of their own."""
    conclusion = concluded(run(*parts()), replace(READ, full_count=100))

    assert (conclusion.verdict, codes(conclusion)) == (Verdict.SUSPECT, {"fewer-than-before": 70})
    assert outcome(conclusion).coverage.suspect_count == 30


LEFT: dict[str, tuple[int, tuple[str | None, str | None]]] = {
    "the first": (0, (None, CUTS[0])),
    "one in the middle": (1, CUTS),
    "the last": (2, (CUTS[1], AFTER_TEXT)),
}


@pytest.mark.parametrize(("failed", "left"), LEFT.values(), ids=LEFT)
@pytest.mark.parametrize("pages", [0, 3])
def test_a_part_given_up_leaves_only_its_own_range_as_a_gap(
    failed: int, left: tuple[str | None, str | None], pages: int
) -> None:
    """All else is covered, but the list has not been read whole."""
    conclusion = concluded(run(*parts(failed, pages=pages)), replace(NEVER, gaps=()))
    after = outcome(conclusion)

    assert (conclusion.verdict, codes(conclusion)) == (Verdict.PARTIAL, {"damaged-page": 1})
    assert (after.coverage.bound, ranges(after)) == (AFTER, [left])
    assert (after.coverage.full_count, after.read_whole) == (None, False)
    (new,) = after.coverage.gaps
    assert (new.gap_id, new.reason, new.message, new.attempts) == (None, "damaged-page", "what happened", 1)
    assert new.next_try_at == ANSWERED


def test_parts_given_up_side_by_side_leave_a_gap_each() -> None:
    """Each is tried again on its own."""
    after = outcome(concluded(run(*parts(0, 1)), NEVER))

    assert (after.coverage.bound, ranges(after)) == (AFTER, [(None, CUTS[0]), CUTS])


@pytest.mark.parametrize("coverage", [NEVER, READ, replace(READ, gaps=(gap(1),))])
def test_a_list_of_which_no_part_could_be_read_is_covered_as_before(coverage: Coverage) -> None:
    """Nothing is known of it that was not known before."""
    gap_ids = tuple(each.gap_id for each in coverage.gaps)
    conclusion = concluded(run(*parts(0, 1, 2, pages=0, whole={"gap_ids": gap_ids})), coverage, read=0)
    after = outcome(conclusion).coverage

    assert conclusion.verdict is Verdict.FAILED
    assert (after.bound, len(after.gaps), after.full_count) == (coverage.bound, len(coverage.gaps), None)


def test_what_was_read_before_a_window_was_split_counts_as_begun() -> None:
    """A list that died on the way is split with its pages: its parts leave their gaps."""
    after = outcome(concluded(run(*parts(0, 1, 2, pages=0, whole={"pages": 4, "seen": 40})), NEVER))

    assert (after.coverage.bound, len(after.coverage.gaps)) == (AFTER, 3)


def test_a_full_read_in_parts_closes_every_gap_that_was_left_before() -> None:
    """What a part leaves now is all that is missing."""
    coverage = replace(READ, gaps=(gap(1), gap(2, None, attempts=4)))
    after = outcome(concluded(run(*parts(1, whole={"gap_ids": (1, 2)})), coverage))

    assert (after.closed_gap_ids, ranges(after)) == ((1, 2), [CUTS])
    assert after.coverage.gaps[0].attempts == 5


def test_a_clock_that_was_ahead_is_believed_only_once_every_part_was_read() -> None:
    """A part that failed leaves the bound where the clock put it."""
    ahead = replace(READ, bound=datetime(2036, 1, 1, tzinfo=UTC))

    assert outcome(concluded(run(*parts()), ahead)).coverage.bound == AFTER
    assert outcome(concluded(run(*parts(1)), ahead)).coverage.bound == ahead.bound


# --- what is new, in parts ------------------------------------------------------------------------


def test_what_is_new_in_parts_moves_the_bound() -> None:
    """It begins where the list is covered up to."""
    after = outcome(concluded(run(*parts(from_=BEFORE_TEXT)), READ))

    assert after == ListOutcome(coverage=replace(READ, bound=AFTER))


@pytest.mark.parametrize("failed", [(2,), (1,), (0, 1, 2)])
@pytest.mark.parametrize("overlap", [None, 30 * 86400.0], ids=["as usual", "longer than what is new"])
def test_no_gap_ends_before_it_begins_where_parts_begin_after_the_new_bound(
    failed: tuple[int, ...], overlap: float | None
) -> None:
    """Such a gap would be asked for in vain for ever; the next run reads from the bound on anyway."""
    late = ("2024-06-09T23:00:00Z", "2024-06-10T00:30:00Z")
    conclusion = concluded(run(*parts(*failed, from_=BEFORE_TEXT, cuts=late)), READ, overlap=overlap)
    after = outcome(conclusion)

    assert conclusion.verdict is Verdict.PARTIAL
    assert after.coverage.bound == (AFTER if overlap is None else BEFORE)
    assert all((from_ or "") <= (until or "") for from_, until in ranges(after))
    assert (ranges(after)[:1] == [(BEFORE_TEXT, late[0])]) is (0 in failed)


# --- gaps in parts --------------------------------------------------------------------------------


def gap_in_parts(*failed: int, pages: int = 1, attempts: int = 1) -> ListOutcome:
    """Read a gap in three parts, beside what is new."""
    old = gap(1, until="2024-01-31T00:00:00Z", attempts=attempts)
    cuts = ("2024-01-11T00:00:00Z", "2024-01-21T00:00:00Z")
    tried = parts(*failed, from_=old.from_, until=old.until, cuts=cuts, pages=pages, whole={"gap_ids": (1,)})
    new = window(window_id=9, state="ended", from_=BEFORE_TEXT, pages=1)
    return outcome(concluded(run(*tried, new), replace(READ, gaps=(old, gap(2)))))


def test_a_gap_read_in_parts_is_closed_and_the_others_stay() -> None:
    """As if it had been read in one."""
    after = gap_in_parts()

    assert (after.closed_gap_ids, after.coverage.gaps, after.coverage.bound) == ((1,), (gap(2),), AFTER)


@pytest.mark.parametrize(("attempts", "hours"), [(1, 1), (3, 16), (50, 7 * 24)])
@pytest.mark.parametrize("pages", [0, 1])
def test_a_gap_of_which_a_part_fails_is_smaller_and_its_tries_are_counted_on(
    attempts: int, hours: int, pages: int
) -> None:
    """A person sees how often it has failed; it waits as long as the whole of it would."""
    after = gap_in_parts(1, attempts=attempts, pages=pages)
    other, smaller = after.coverage.gaps

    assert (after.closed_gap_ids, other, after.coverage.bound) == ((1,), gap(2), AFTER)
    assert (smaller.gap_id, smaller.from_, smaller.until) == (None, "2024-01-11T00:00:00Z", "2024-01-21T00:00:00Z")
    assert (smaller.attempts, smaller.next_try_at) == (attempts + 1, ANSWERED + timedelta(hours=hours))
    assert (smaller.reason, smaller.message) == ("damaged-page", "what happened")


def test_a_gap_of_which_every_part_fails_is_tried_again_as_it_was() -> None:
    """It has become no smaller, and need not become three."""
    after = gap_in_parts(0, 1, 2)
    tried, other = after.coverage.gaps

    assert (after.closed_gap_ids, other) == ((), gap(2))
    assert (tried.gap_id, tried.from_, tried.until) == (1, "2024-01-01T00:00:00Z", "2024-01-31T00:00:00Z")
    assert (tried.attempts, tried.reason, tried.next_try_at) == (2, "damaged-page", ANSWERED + timedelta(hours=1))


def test_gaps_at_the_bound_read_in_parts_with_what_is_new_leave_what_failed() -> None:
    """Counted on from the one that had been tried most often."""
    gaps = (
        gap(1, "2024-05-20T00:00:00Z", BEFORE_TEXT, attempts=2),
        gap(2, "2024-05-25T00:00:00Z", BEFORE_TEXT, attempts=5),
    )
    tried = parts(1, from_="2024-05-20T00:00:00Z", whole={"gap_ids": (1, 2)})
    after = outcome(concluded(run(*tried), replace(READ, gaps=gaps)))

    assert (after.coverage.bound, after.closed_gap_ids, ranges(after)) == (AFTER, (1, 2), [CUTS])
    assert after.coverage.gaps[0].attempts == 6


def test_a_gap_that_a_person_has_closed_meanwhile_leaves_nothing_of_its_parts() -> None:
    """Nothing was promised of that range any more."""
    tried = parts(1, from_="2024-01-01T00:00:00Z", until="2024-02-01T00:00:00Z", whole={"gap_ids": (9,)})

    assert outcome(concluded(run(*tried), READ)).coverage.gaps == ()


# --- ranges that a person asked for ---------------------------------------------------------------


RANGED: dict[str, tuple[Coverage, str | None, str | None, tuple[int, ...], datetime | None, int]] = {
    "with an end": (READ, "2024-01-01", "2024-12-31", (), BEFORE, 0),
    "with an end, a part fails": (READ, "2024-01-01", "2024-12-31", (1,), BEFORE, 0),
    "until a date, never read": (NEVER, None, "2024-12-31", (), None, 0),
    "from before the bound on": (READ, "2024-01-01", None, (), AFTER, 0),
    "from the bound's day on": (READ, "2024-06-01", None, (), AFTER, 0),
    "from before the bound on, a part fails": (READ, "2024-01-01", None, (1,), AFTER, 1),
    "from after the bound on": (READ, "2024-06-01T00:00:01Z", None, (), BEFORE, 0),
    "from after the bound on, a part fails": (READ, "2024-06-01T00:00:01Z", None, (1,), BEFORE, 0),
    "from a date on, never read": (NEVER, "2024-01-01", None, (), None, 0),
}


@pytest.mark.parametrize(("coverage", "from_", "until", "failed", "bound", "gaps"), RANGED.values(), ids=RANGED)
def test_a_range_in_parts_moves_the_bound_only_where_all_from_it_on_was_asked_for(
    *,
    coverage: Coverage,
    from_: str | None,
    until: str | None,
    failed: tuple[int, ...],
    bound: datetime | None,
    gaps: int,
) -> None:
    """By the range that was asked for, and not by those of its parts, of which the last has none before it."""
    after = outcome(concluded(run(*parts(*failed, from_=from_, until=until)), coverage)).coverage

    assert (after.bound, len(after.gaps), after.full_count) == (bound, gaps, None)


# --- gaps that wait -------------------------------------------------------------------------------


def waiting(gap_id: int, hours: float | None) -> Gap:
    """Make a gap whose next try comes so many hours after the run's own date, or whenever asked."""
    return gap(gap_id, next_try_at=None if hours is None else ANSWERED + timedelta(hours=hours))


FIRST = "from 2024-06-10T05:00:00Z on"
TOLD: dict[str, tuple[bool, list[Gap], tuple[int, ...], str | None]] = {
    "a person's run": (False, [waiting(1, 4)], (), None),
    "no gap": (True, [], (), None),
    "the gap was read": (True, [waiting(1, 0)], (1,), None),
    "the gap waits": (True, [waiting(1, 4)], (), FIRST),
    "two wait, one was read": (True, [waiting(1, 64), waiting(2, 4), waiting(3, 0)], (3,), FIRST),
    "it waits for nothing": (True, [waiting(1, None)], (), ""),
}


@pytest.mark.parametrize(("scheduled", "gaps", "read", "text"), TOLD.values(), ids=TOLD)
def test_a_scheduled_run_is_not_complete_while_gaps_wait(
    *, scheduled: bool, gaps: list[Gap], read: tuple[int, ...], text: str | None
) -> None:
    """The list has holes, and it says until when the first of them is left alone; a person's run leaves none alone."""
    windows = [window(state="ended", from_=BEFORE_TEXT, pages=1)]
    windows += [window(state="ended", from_="2024-01-01", until="2024-02-01", pages=1, gap_ids=(key,)) for key in read]
    conclusion = concluded(run(*windows, scheduled=scheduled), replace(READ, gaps=tuple(gaps)))

    left = [each for each in gaps if each.gap_id not in read]
    assert codes(conclusion) == ({} if text is None else {"gaps-waiting": len(left)})
    assert conclusion.verdict is (Verdict.COMPLETE if text is None else Verdict.PARTIAL)
    assert all((text or "") in reason.text for reason in conclusion.reasons)
    assert all(each in outcome(conclusion).coverage.gaps for each in left)


def test_gaps_of_a_list_that_was_not_asked_for_are_no_concern_of_the_run() -> None:
    """Another selection's."""
    other = ListName(metadata_prefix="mods")
    elsewhere = Coverage(list=other, bound=BEFORE, gaps=(replace(waiting(1, 4), list=other),))
    over = run(window(state="ended", from_=BEFORE_TEXT, pages=1), scheduled=True)

    assert concluded(over, READ, elsewhere).verdict is Verdict.COMPLETE


# --- which gaps a scheduled run reads -------------------------------------------------------------


def planned(*gaps: Gap, scheduled: bool = True, now: datetime | None = ANSWERED) -> list[tuple[Any, ...]]:
    """Plan what is new of a list with these gaps; give the windows' ranges and gaps."""
    windows = plan_list(
        replace(READ, gaps=gaps),
        selection=Selection(prefixes=("oai_dc",)),
        granularity=Granularity.SECOND,
        response_date=now,
        scheduled=scheduled,
    )
    return [(each.from_, each.until, each.gap_ids) for each in windows]


NEWEST = (BEFORE_TEXT, None, ())
APART = ("2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z", (1,))


@pytest.mark.parametrize(
    ("hours", "windows"),
    [
        pytest.param(None, [APART, NEWEST], id="whenever asked"),
        pytest.param(-1, [APART, NEWEST], id="long due"),
        pytest.param(0, [APART, NEWEST], id="due just now"),
        pytest.param(1, [NEWEST], id="not due"),
    ],
)
def test_a_scheduled_run_reads_the_gaps_that_are_due(hours: float | None, windows: list[tuple[Any, ...]]) -> None:
    """By the repository's clock, which said when; a person's run reads them all."""
    assert planned(waiting(1, hours)) == windows
    assert planned(waiting(1, hours), scheduled=False) == [APART, NEWEST]


def test_without_a_date_of_its_own_a_scheduled_run_reads_every_gap() -> None:
    """Nobody can tell that they are not due."""
    assert planned(waiting(1, 4), now=None) == [APART, NEWEST]


def test_a_gap_at_the_bound_that_is_not_due_does_not_hold_up_what_is_new() -> None:
    """It is read in one with what is new as soon as it is due."""
    last = replace(waiting(1, 4), from_="2024-05-20T00:00:00Z", until=BEFORE_TEXT)

    assert planned(last) == [NEWEST]
    assert planned(last, now=ANSWERED + timedelta(hours=4)) == [("2024-05-20T00:00:00Z", None, (1,))]


def test_each_gap_waits_for_its_own_time() -> None:
    """One that is due does not take the others with it."""
    assert planned(waiting(1, 0), waiting(2, 1), waiting(3, -1)) == [APART, (*APART[:2], (3,)), NEWEST]


def test_a_full_run_reads_over_every_gap_whether_it_is_due_or_not() -> None:
    """There is nothing left to wait for."""
    (whole,) = plan_list(
        replace(READ, gaps=(waiting(1, 4),)),
        selection=Selection(prefixes=("oai_dc",), full=True),
        granularity=Granularity.SECOND,
        response_date=ANSWERED,
        scheduled=True,
    )

    assert (whole.from_, whole.until, whole.gap_ids) == (None, None, (1,))

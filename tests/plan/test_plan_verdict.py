"""How a run ends: the verdict with its reasons, and what each list's coverage is from now on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from plan_values import ANSWERED, LIST, run, window

from ingest.identify_values import Granularity
from ingest.ledger import (
    Conclusion,
    Coverage,
    Distinct,
    Gap,
    ListName,
    ListOutcome,
    Repaired,
    Run,
    RunKind,
    Selection,
    Verb,
    Verdict,
    Window,
)
from ingest.plan.verdict import ceiling_of, conclude

MODS = ListName(metadata_prefix="mods")
BEFORE = datetime(2024, 6, 1, tzinfo=UTC)
"""The bound before the run; its windows begin there."""
AFTER = ANSWERED - timedelta(hours=1)
BEFORE_TEXT, AFTER_TEXT = "2024-06-01T00:00:00Z", "2024-06-10T00:00:00Z"
READ = Coverage(list=LIST, bound=BEFORE)


def ended(**told: Any) -> Window:
    """Make a window of one page that ended by the protocol's sign; from the bound on unless told."""
    return window(**{"state": "ended", "pages": 1, "seen": 10, "created": 10, "from_": BEFORE_TEXT, **told})


def given_up(reason: str = "damaged-page", **told: Any) -> Window:
    """Make a window that was given up after a page."""
    return ended(**{"state": "abandoned", "reason": reason, "message": "what happened", **told})


def concluded(
    over: Run,
    *coverages: Coverage,
    read: int | Mapping[ListName, int] = 10,
    overlap: float | None = None,
    shrink_limit: float = 10.0,
    rejection_ceiling: float | None = None,
) -> Conclusion:
    """Conclude a run whose lists have brought ``read`` distinct items."""
    return conclude(
        over,
        coverages=coverages,
        distinct=Distinct(items={LIST: read} if isinstance(read, int) else read),
        overlap=overlap,
        shrink_limit=shrink_limit,
        rejection_ceiling=rejection_ceiling,
    )


def codes(conclusion: Conclusion) -> dict[str, int]:
    """Give the reasons: code and count."""
    return {reason.code: reason.count for reason in conclusion.reasons}


def outcome(conclusion: Conclusion) -> ListOutcome:
    """Give what becomes of the one list."""
    (only,) = conclusion.lists
    return only


# --- the verdict ----------------------------------------------------------------------------------


NO_PAGE: dict[str, Any] = {"pages": 0, "seen": 0, "created": 0}
OTHER = {"window_id": 2, "list": MODS}
VERDICTS = {
    "every list ended": (run(ended(), ended(**OTHER)), "complete", {}),
    "nothing new": (run(ended(seen=0, created=0)), "complete", {}),
    "one window given up": (run(ended(), given_up(**OTHER)), "partial", {"damaged-page": 1}),
    "the only window given up after a page": (run(given_up()), "partial", {"damaged-page": 1}),
    "nothing could be read": (run(given_up("not-oai-pmh", **NO_PAGE)), "failed", {"not-oai-pmh": 1}),
    "nothing of one of two lists could be read": (
        run(given_up("access-refused", **NO_PAGE), ended(**OTHER)),
        "partial",
        {"access-refused": 1},
    ),
    "nothing of either could be read": (
        run(given_up("b", **NO_PAGE), given_up("a", **NO_PAGE, **OTHER)),
        "failed",
        {"a": 1, "b": 1},
    ),
    "two windows given up for one reason": (run(given_up(), given_up(**OTHER)), "partial", {"damaged-page": 2}),
    "a window given up without a reason": (run(given_up(reason=None)), "partial", {"unknown": 1}),
    "what a person may want to know": (
        run(ended(rejected=2, repaired=3, restarts=1, without_metadata=4, not_understood=5)),
        "complete",
        {"rejections": 2, "repaired": 3, "restarts": 1, "no-metadata": 4, "format-not-understood": 5},
    ),
    "sums over windows": (run(ended(repaired=1), ended(repaired=2, **OTHER)), "complete", {"repaired": 3}),
}


@pytest.mark.parametrize(("over", "verdict", "reasons"), VERDICTS.values(), ids=VERDICTS)
def test_the_verdict_and_its_reasons(over: Run, verdict: str, reasons: dict[str, int]) -> None:
    """What was given up is never called complete; what is remarkable is told without spoiling the verdict."""
    conclusion = concluded(over, READ, replace(READ, list=MODS))

    assert (conclusion.verdict, codes(conclusion)) == (verdict, reasons)
    assert all(reason.text for reason in conclusion.reasons)


def test_a_failure_names_its_list() -> None:
    """A person sees which of many."""
    (reason,) = concluded(
        run(
            given_up(list=ListName(metadata_prefix="mods", set_spec="maps")),
            selection=Selection(prefixes=("mods",), sets=("maps",)),
        ),
        READ,
    ).reasons

    assert reason.text == "mods, set maps: what happened"


def test_repairs_are_told_by_name_and_with_the_record_that_needed_each_first() -> None:
    """Over all windows; a page as a whole has no record to blame."""
    one = ended(repaired=3, repairs={"bare-ampersand": Repaired(count=2, identifier="oai:a:1")})
    other = ended(
        repaired=2, repairs={"bare-ampersand": Repaired(count=1, identifier="oai:a:9"), "a": Repaired(count=1)}, **OTHER
    )
    (reason,) = concluded(run(one, other), READ, replace(READ, list=MODS)).reasons

    told = "a once; bare-ampersand 3 times, first at oai:a:1"
    assert (reason.code, reason.count, reason.text) == ("repaired", 5, f"5 repairs made pages readable: {told}")


def test_a_list_read_by_its_headers_is_told_to_be() -> None:
    """So that an operator knows why it took so many requests."""
    (reason,) = concluded(run(ended(restarts=1, verb=Verb.LIST_IDENTIFIERS)), READ).reasons

    assert reason.code == "restarts"
    assert reason.text.endswith(": a page could not be had, 1 window read by headers and single records")


def test_what_was_not_asked_for_is_remarked() -> None:
    """It is kept, and the verdict is what it would be."""
    conclusion = concluded(run(ended(outside_range=3, outside_set=2)), READ)

    assert (conclusion.verdict, codes(conclusion)) == ("complete", {"outside-range": 3, "outside-set": 2})


def test_items_that_were_asked_for_by_name_and_did_not_come_make_a_run_partial() -> None:
    """They say nothing of how far their list has been read."""
    named = ended(verb=Verb.GET_RECORD, from_=None, seen=3, created=1, rejected=2)
    conclusion = concluded(run(named, kind=RunKind.RANGED), READ)

    assert (conclusion.verdict, codes(conclusion)) == ("partial", {"items-not-had": 2, "rejections": 2})
    assert outcome(conclusion).coverage == READ


def test_a_doubted_full_read_stays_in_doubt_until_a_further_one() -> None:
    """What is new may all have come: what was missing then is missing still. A range says nothing of the whole."""
    doubted = replace(READ, suspect_count=80)

    after = concluded(run(ended()), doubted)
    assert (after.verdict, codes(after)) == ("suspect", {"doubt-pending": 1})
    assert outcome(after).coverage.suspect_count == 80
    assert concluded(run(ended(), kind=RunKind.RANGED), doubted).verdict is Verdict.COMPLETE


# --- rejections -----------------------------------------------------------------------------------


CEILINGS = {
    "none": (10, 0, None, "complete"),
    "a hundred of few": (100, 100, None, "complete"),
    "one more than a hundred": (101, 101, None, "partial"),
    "five percent of many": (10_000, 500, None, "complete"),
    "one more than five percent of many": (10_000, 501, None, "partial"),
    "declared: one percent": (1000, 10, 1.0, "complete"),
    "declared: one more than one percent": (1000, 11, 1.0, "partial"),
    "declared: none at all": (1000, 1, 0.0, "partial"),
    "declared: none at all, and none came": (1000, 0, 0.0, "complete"),
    "declared: everything": (1000, 1000, 100.0, "complete"),
}


@pytest.mark.parametrize(("seen", "rejected", "percent", "verdict"), CEILINGS.values(), ids=CEILINGS)
def test_rejections_have_a_ceiling(seen: int, rejected: int, percent: float | None, verdict: str) -> None:
    """A hundred or five percent of seen, whichever is more; else what the endpoint declares."""
    over = run(ended(seen=seen, rejected=rejected))
    conclusion = concluded(over, READ, rejection_ceiling=percent)

    assert conclusion.verdict == verdict
    assert ("rejection-ceiling" in codes(conclusion)) is (verdict == "partial")
    assert (rejected > ceiling_of(seen, percent)) is (verdict == "partial")


def test_rejections_of_all_windows_count_together() -> None:
    """The ceiling is the run's."""
    over = run(ended(seen=60, rejected=60), ended(seen=60, rejected=60, **OTHER))

    assert codes(concluded(over, READ))["rejection-ceiling"] == 120


def test_rejections_over_the_ceiling_move_the_coverage_all_the_same() -> None:
    """They are kept with their bytes; reading everything again would bring the same."""
    after = outcome(concluded(run(ended(seen=200, rejected=200)), READ)).coverage

    assert (after.bound, after.gaps) == (AFTER, ())


# --- what was much less than it should be ---------------------------------------------------------


def full(**told: Any) -> Window:
    """Make a window of a full read."""
    return ended(from_=None, **told)


HUNDRED = replace(READ, full_count=100)
WRONGLY = replace(READ, full_count=100, full_announced=200)
DOUBTED = replace(READ, full_count=100, suspect_count=50)
DOUBTS: dict[str, tuple[Coverage, Window, int, str | None]] = {
    "as many as before": (HUNDRED, full(), 100, None),
    "more than before": (HUNDRED, full(), 1000, None),
    "nine tenths": (HUNDRED, full(), 90, None),
    "fewer than nine tenths": (HUNDRED, full(), 89, "fewer-than-before"),
    "nothing where there was something": (HUNDRED, full(), 0, "nothing-came"),
    "nothing where there was nothing": (replace(READ, full_count=0), full(), 0, None),
    "nothing, the first time": (Coverage(list=LIST), full(), 0, None),
    "as many as announced, the first time": (Coverage(list=LIST), full(announced=100), 100, None),
    "nine tenths of what was announced": (Coverage(list=LIST), full(announced=100), 90, None),
    "fewer than nine tenths of what was announced": (
        Coverage(list=LIST),
        full(announced=100),
        89,
        "fewer-than-announced",
    ),
    "more than was announced": (Coverage(list=LIST), full(announced=100), 200, None),
    "fewer than announced, as many as before, right before": (
        replace(HUNDRED, full_announced=100),
        full(announced=200),
        100,
        "fewer-than-announced",
    ),
    "announced wrongly by the same factor": (WRONGLY, full(announced=200), 100, None),
    "announced wrongly by nearly the same factor, more of both": (WRONGLY, full(announced=400), 195, None),
    "announced wrongly by another factor": (WRONGLY, full(announced=400), 110, "fewer-than-announced"),
    "announced wrongly as always, but fewer than before": (WRONGLY, full(announced=100), 50, "fewer-than-before"),
    "a second read that agrees with the doubted one": (DOUBTED, full(), 50, None),
    "a second read that nearly agrees": (DOUBTED, full(), 48, None),
    "a second read that is less still": (DOUBTED, full(), 40, "fewer-than-before"),
    "a second read that is as it was before": (DOUBTED, full(), 100, None),
    "a second read that brings nothing": (DOUBTED, full(), 0, "nothing-came"),
    "a second read that brings nothing again": (replace(DOUBTED, suspect_count=0), full(), 0, None),
    "a doubted first read that comes again": (
        replace(READ, suspect_count=50),
        full(announced=100),
        50,
        None,
    ),
    "what is new is never doubted": (HUNDRED, ended(announced=100), 1, None),
    "a read with an end is never doubted": (HUNDRED, full(until=AFTER_TEXT), 1, None),
    "a read given up is not doubted as well": (HUNDRED, given_up(from_=None), 1, None),
}


@pytest.mark.parametrize(("coverage", "read_by", "read", "doubt"), DOUBTS.values(), ids=DOUBTS)
def test_a_full_read_is_doubted_where_too_little_came(
    coverage: Coverage, read_by: Window, read: int, doubt: str | None
) -> None:
    """Beside the last complete one, else beside what was announced."""
    conclusion = concluded(run(read_by), coverage, read=read)

    assert [code for code in codes(conclusion) if code != "damaged-page"] == [doubt] * (doubt is not None)
    if read_by.state == "ended":
        assert conclusion.verdict is (Verdict.SUSPECT if doubt else Verdict.COMPLETE)


COUNTED: dict[str, tuple[Coverage, Window, int, tuple[int | None, int | None, int | None]]] = {
    "the first read": (Coverage(list=LIST), full(announced=10), 10, (10, 10, None)),
    "the first read, nothing announced": (Coverage(list=LIST), full(), 10, (10, None, None)),
    "a doubted read": (HUNDRED, full(announced=100), 50, (100, None, 50)),
    "a second that agrees": (DOUBTED, full(announced=50), 51, (51, 50, None)),
    "a second that is as it was before": (DOUBTED, full(announced=100), 100, (100, 100, None)),
    "a second that disagrees": (DOUBTED, full(), 20, (100, None, 20)),
    "what is new": (DOUBTED, ended(announced=3), 3, (100, None, 50)),
    "a read given up": (DOUBTED, given_up(from_=None, announced=100), 50, (100, None, 50)),
}


@pytest.mark.parametrize(("coverage", "read_by", "read", "counts"), COUNTED.values(), ids=COUNTED)
def test_what_is_remembered_of_a_full_read(
    coverage: Coverage, read_by: Window, read: int, counts: tuple[int | None, int | None, int | None]
) -> None:
    """Count and announced size of the last complete one; the count of one in doubt until another agrees."""
    after = outcome(concluded(run(read_by), coverage, read=read)).coverage

    assert (after.full_count, after.full_announced, after.suspect_count) == counts


@pytest.mark.parametrize(
    ("limit", "read", "verdict"),
    [
        pytest.param(50.0, 50, "complete", id="half is enough"),
        pytest.param(50.0, 49, "suspect", id="less than half"),
        pytest.param(0.0, 100, "complete", id="nothing may be missing"),
        pytest.param(0.0, 99, "suspect", id="one is missing"),
        pytest.param(100.0, 0, "complete", id="anything goes"),
    ],
)
def test_the_endpoint_declares_how_much_may_be_missing(limit: float, read: int, verdict: str) -> None:
    """In percent."""
    assert concluded(run(full()), HUNDRED, read=read, shrink_limit=limit).verdict == verdict


def test_rejected_elements_came_too() -> None:
    """A page of broken records is no shrunk list."""
    assert concluded(run(full(seen=100, rejected=20)), HUNDRED, read=80).verdict is Verdict.COMPLETE


def test_a_doubted_read_moves_the_bound() -> None:
    """Only what is decided on its word waits."""
    assert outcome(concluded(run(full()), HUNDRED, read=1)).coverage.bound == AFTER


def test_a_doubt_beside_a_failure_is_partial_and_both_are_told() -> None:
    """The graver one is the verdict."""
    conclusion = concluded(run(full(), given_up(**OTHER)), HUNDRED, read={LIST: 1, MODS: 1})

    assert conclusion.verdict is Verdict.PARTIAL
    assert codes(conclusion) == {"damaged-page": 1, "fewer-than-before": 99}


# --- the bound ------------------------------------------------------------------------------------


BOUNDS: dict[str, tuple[Coverage, Window, datetime | None]] = {
    "read from the bound": (READ, ended(), AFTER),
    "read from before the bound": (READ, ended(from_="2024-01-01T00:00:00Z"), AFTER),
    "read from the bound's day": (READ, ended(from_="2024-06-01"), AFTER),
    "everything read": (Coverage(list=LIST), full(), AFTER),
    "everything read again": (READ, full(), AFTER),
    "read from after the bound": (READ, ended(from_="2024-06-01T00:00:01Z"), BEFORE),
    "a range with an end": (READ, ended(from_="2024-01-01", until="2024-12-31"), BEFORE),
    "everything until a date": (READ, full(until="2024-12-31"), BEFORE),
    "a range where nothing was read before": (Coverage(list=LIST), ended(from_="2024-01-01"), None),
    "everything until a date where nothing was read before": (Coverage(list=LIST), full(until="2024-12-31"), None),
    "given up after a page": (READ, given_up(), AFTER),
    "given up after a page, the first time": (Coverage(list=LIST), given_up(from_=None), AFTER),
    "given up before its first page": (READ, given_up(**NO_PAGE), BEFORE),
    "given up before its first page, the first time": (Coverage(list=LIST), given_up(from_=None, **NO_PAGE), None),
    "a range from after the bound given up": (READ, given_up(from_="2024-06-05"), BEFORE),
}


@pytest.mark.parametrize(("coverage", "read_by", "bound"), BOUNDS.values(), ids=BOUNDS)
def test_the_bound_moves_where_all_from_it_on_was_asked_for(
    coverage: Coverage, read_by: Window, bound: datetime | None
) -> None:
    """A range moves it only if it touches it and has no end; what was asked and not read becomes a gap."""
    assert outcome(concluded(run(read_by), coverage)).coverage.bound == bound


@pytest.mark.parametrize("overlap", [None, 30 * 86400.0])
def test_the_bound_never_goes_back(overlap: float | None) -> None:
    """A server whose clock was set back, or an overlap that was declared longer, takes nothing away."""
    late = replace(READ, bound=ANSWERED + timedelta(days=1)) if overlap is None else READ

    assert outcome(concluded(run(ended()), late, overlap=overlap)).coverage.bound == late.bound


@pytest.mark.parametrize("overlap", [None, 30 * 86400.0])
def test_a_gap_never_ends_before_it_begins(overlap: float | None) -> None:
    """No repository would answer for it, and it would stay for ever."""
    bound = ANSWERED + timedelta(days=1) if overlap is None else BEFORE
    from_ = "2024-06-11T01:00:00Z" if overlap is None else BEFORE_TEXT
    after = outcome(concluded(run(given_up(from_=from_)), replace(READ, bound=bound), overlap=overlap)).coverage

    assert after.bound == bound
    assert [(gap.from_, gap.until) for gap in after.gaps] == [(from_, from_)]


def test_a_run_of_days_keeps_its_gaps_in_days() -> None:
    """As the repository takes them."""
    over = run(given_up(from_="2024-06-01"), granularity=Granularity.DAY)
    after = outcome(concluded(over, READ)).coverage

    assert after.bound == ANSWERED - timedelta(days=1)
    assert [(gap.from_, gap.until) for gap in after.gaps] == [("2024-06-01", "2024-06-09")]


def test_a_run_without_a_date_of_its_own_moves_nothing() -> None:
    """Never by our own clock."""
    assert outcome(concluded(run(ended(), response_date=None), READ)) == ListOutcome(coverage=READ)


def test_each_list_has_its_own_coverage() -> None:
    """One moves, the other gets a gap."""
    over = run(ended(), given_up(from_=None, **OTHER))
    conclusion = concluded(over, READ, Coverage(list=MODS), read={LIST: 1, MODS: 1})

    assert [(each.coverage.list, len(each.coverage.gaps)) for each in conclusion.lists] == [(MODS, 1), (LIST, 0)]


def test_a_list_whose_coverage_is_not_told_was_never_read() -> None:
    """It is covered from now on."""
    assert outcome(concluded(run(full()))).coverage == Coverage(list=LIST, bound=AFTER, full_count=10)


# --- gaps -----------------------------------------------------------------------------------------


def gap(gap_id: int, from_: str | None = "2024-01-01", until: str = "2024-02-01", **told: Any) -> Gap:
    """Make a gap that was kept before."""
    return Gap(gap_id=gap_id, list=LIST, from_=from_, until=until, reason="before", message="as it was", **told)


def test_what_was_asked_and_not_read_to_its_end_becomes_a_gap() -> None:
    """From where the window began up to the new bound, due at once."""
    (new,) = outcome(concluded(run(given_up("bad-resumption-token")), READ)).coverage.gaps

    assert new == Gap(
        gap_id=None,
        list=LIST,
        from_=BEFORE_TEXT,
        until=AFTER_TEXT,
        reason="bad-resumption-token",
        message="what happened",
        attempts=1,
        next_try_at=ANSWERED,
    )


def test_a_first_read_given_up_is_a_gap_from_the_beginning() -> None:
    """So that the next run begins there, and complete-until says so."""
    (new,) = outcome(concluded(run(given_up(from_=None)), Coverage(list=LIST))).coverage.gaps

    assert (new.from_, new.until) == (None, AFTER_TEXT)


def test_a_range_given_up_that_moves_nothing_leaves_no_gap() -> None:
    """What a person asked for beside the coverage was never promised."""
    after = outcome(concluded(run(given_up(from_="2020-01-01", until="2020-12-31")), READ))

    assert after == ListOutcome(coverage=READ)


def test_a_gap_read_to_its_end_is_closed_and_the_others_stay() -> None:
    """Each on its own."""
    coverage = replace(READ, gaps=(gap(1), gap(2)))
    after = outcome(concluded(run(ended(from_="2024-01-01", until="2024-02-01", gap_ids=(1,)), ended()), coverage))

    assert (after.closed_gap_ids, after.coverage.gaps) == ((1,), (gap(2),))
    assert after.coverage.bound == AFTER


def test_a_full_read_closes_all_gaps() -> None:
    """Nothing is missing any more."""
    coverage = replace(READ, gaps=(gap(1), gap(2)))
    after = outcome(concluded(run(full(gap_ids=(1, 2))), coverage))

    assert (after.closed_gap_ids, after.coverage.gaps) == ((1, 2), ())


def test_a_set_that_is_gone_leaves_bound_and_gaps_as_they_were() -> None:
    """Nothing of it was read: what it brings when it is back may be older than this run."""
    coverage = replace(READ, full_count=10, gaps=(gap(1),))
    gone = given_up("unknown-set", **NO_PAGE), given_up("unknown-set", from_="2024-01-01", gap_ids=(1,), **NO_PAGE)
    found = concluded(run(*gone), coverage, read=0)

    assert (found.verdict, codes(found)) == (Verdict.SUSPECT, {"nothing-came": 10, "set-gone": 1})
    assert outcome(found) == ListOutcome(coverage=replace(coverage, suspect_count=0))


def test_a_full_read_given_up_leaves_one_gap_in_place_of_all() -> None:
    """It covers them."""
    coverage = replace(READ, gaps=(gap(1), gap(2)))
    after = outcome(concluded(run(given_up(from_=None, gap_ids=(1, 2))), coverage))

    assert after.closed_gap_ids == (1, 2)
    assert [(new.gap_id, new.from_, new.until) for new in after.coverage.gaps] == [(None, None, AFTER_TEXT)]


@pytest.mark.parametrize("pages", [0, 1])
def test_a_gap_that_could_not_be_closed_is_tried_again_later(pages: int) -> None:
    """With the newest reason; its range is as it was, for nothing is known of the order of a list."""
    coverage = replace(READ, gaps=(gap(1),))
    again = given_up("token-loop", from_="2024-01-01", until="2024-02-01", gap_ids=(1,), pages=pages)
    after = outcome(concluded(run(again, ended()), coverage))

    assert after.closed_gap_ids == ()
    (tried,) = after.coverage.gaps
    assert (tried.gap_id, tried.from_, tried.until) == (1, "2024-01-01", "2024-02-01")
    assert (tried.reason, tried.message, tried.attempts) == ("token-loop", "what happened", 2)
    assert tried.next_try_at == ANSWERED + timedelta(hours=1)


@pytest.mark.parametrize(
    ("attempts", "hours"),
    [(1, 1), (2, 4), (3, 16), (4, 64), (5, 7 * 24), (6, 7 * 24), (50, 7 * 24), (5000, 7 * 24)],
)
def test_the_waits_between_tries_grow_up_to_a_week(attempts: int, hours: int) -> None:
    """However often it has been tried."""
    coverage = replace(READ, gaps=(gap(1, attempts=attempts),))
    again = given_up(from_="2024-01-01", until="2024-02-01", gap_ids=(1,))
    (tried,) = outcome(concluded(run(again), coverage)).coverage.gaps

    assert tried.attempts == attempts + 1
    assert tried.next_try_at == ANSWERED + timedelta(hours=hours)


def test_a_gap_at_the_bound_that_was_not_even_begun_again_is_tried_later() -> None:
    """The bound stays with it."""
    coverage = replace(READ, gaps=(gap(1, "2024-05-01", BEFORE_TEXT),))
    after = outcome(concluded(run(given_up(from_="2024-05-01", gap_ids=(1,), **NO_PAGE)), coverage))

    assert (after.coverage.bound, after.closed_gap_ids) == (BEFORE, ())
    (tried,) = after.coverage.gaps
    assert (tried.gap_id, tried.until, tried.attempts) == (1, BEFORE_TEXT, 2)


def test_a_gap_at_the_bound_that_fails_again_grows_and_is_counted_on() -> None:
    """It is one gap with what came after it, and a person sees how often it has failed."""
    coverage = replace(READ, gaps=(gap(1, "2024-05-01", BEFORE_TEXT, attempts=3),))
    after = outcome(concluded(run(given_up(from_="2024-05-01", gap_ids=(1,))), coverage))

    assert (after.coverage.bound, after.closed_gap_ids) == (AFTER, (1,))
    (grown,) = after.coverage.gaps
    assert (grown.from_, grown.until, grown.attempts) == ("2024-05-01", AFTER_TEXT, 4)


def test_a_gap_that_a_person_has_closed_meanwhile_is_not_tried_again() -> None:
    """The window that was planned for it has nothing to keep."""
    after = outcome(concluded(run(given_up(from_="2024-01-01", until="2024-02-01", gap_ids=(9,))), READ))

    assert after.coverage.gaps == ()


# --- what a verdict must not hide -----------------------------------------------------------------


def test_a_first_full_read_is_doubted_against_what_is_known_already() -> None:
    """An unfinished first harvest has brought a hundred items; a list that is empty now is not complete."""
    never_whole = replace(READ, known=100)
    emptied = concluded(run(ended(from_=None, seen=0, created=0)), never_whole, read=0)

    assert (emptied.verdict, codes(emptied)) == (Verdict.SUSPECT, {"nothing-came": 100})
    assert concluded(run(ended(from_=None)), never_whole, read=1000).verdict is Verdict.COMPLETE


def test_what_earlier_beginnings_rejected_does_not_count_as_read() -> None:
    """Else the next read, undisturbed, would seem to have shrunk."""
    restarted = ended(from_=None, read=1000, seen=3000, rejected=150, restarts=2)

    assert outcome(concluded(run(restarted), READ, read=950)).coverage.full_count == 1000


def test_a_clock_that_was_ahead_is_told_and_its_bound_taken_back_once_all_is_read() -> None:
    """An incremental read alone takes nothing back."""
    ahead = replace(READ, bound=datetime(2036, 1, 1, tzinfo=UTC), full_count=10)
    whole, part = (concluded(run(ended(from_=start)), ahead) for start in (None, "2035-12-31T00:00:00Z"))

    assert (whole.verdict, codes(whole)) == (Verdict.COMPLETE, {"clock-set-back": 1})
    assert outcome(whole).coverage.bound == AFTER
    assert outcome(part).coverage.bound == ahead.bound


def test_a_prefix_that_is_no_longer_offered_spoils_the_verdict_and_one_that_never_was_does_not() -> None:
    """What was read before ages unseen; what is only declared is harvested where it is offered."""
    asked = Selection(prefixes=("oai_dc", "mods"))
    lost = concluded(run(ended(), selection=asked), READ, replace(READ, list=MODS))
    never = concluded(run(ended(), selection=asked), READ, Coverage(list=MODS))

    assert (lost.verdict, codes(lost)) == (Verdict.PARTIAL, {"prefix-not-offered": 1})
    assert (never.verdict, codes(never)) == (Verdict.COMPLETE, {"prefix-not-offered": 1})

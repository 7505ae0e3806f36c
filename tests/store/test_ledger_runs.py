"""Runs: begun once, planned once, concluded once; and what they leave of an endpoint's coverage."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from store_pages import IDENTIFICATION, Harvest, begin, change_database, claim, dead, dump, harvesting, live, plan, rows

from ingest.endpoints import Endpoint
from ingest.errors import RunRefused
from ingest.identify_values import Granularity
from ingest.ledger import (
    Conclusion,
    Coverage,
    Distinct,
    Gap,
    ListName,
    ListOutcome,
    PlannedWindow,
    Reason,
    Run,
    RunKind,
    Verdict,
)
from ingest.plan.verdict import conclude
from ingest.store.endpoints import endpoint_coverages, keep_endpoint
from ingest.store.run_rows import list_runs
from ingest.store.runs import conclude_run, fail_run, note_interruption, plan_run, read_run

LIST = ListName(metadata_prefix="oai_dc")
BOUND = datetime(2024, 6, 1, 11, tzinfo=UTC)
REASON = Reason(code="not-oai-pmh", count=1, text="a web page")


def endpoint(database: Engine, name: str = "archive", **declared: str) -> int:
    """Keep an endpoint."""
    made = Endpoint(name=name, url="https://archive.example.org/oai", namespace="papers", **declared)
    return keep_endpoint(database, made, declared=True)


def concluded(database: Engine, run_id: int) -> Run:
    """Conclude a run as a harvest does."""

    def work(run: Run, coverages: Iterable[Coverage], distinct: Distinct) -> Conclusion:
        return conclude(
            run, coverages=coverages, distinct=distinct, overlap=None, shrink_limit=10, rejection_ceiling=None
        )

    return conclude_run(database, run_id, work)


# --- begun ----------------------------------------------------------------------------------------


def test_a_run_of_the_same_selection_is_joined(database: Engine) -> None:
    """Two callers mean the same run."""
    key = endpoint(database)
    first = begin(database, key, sets=("a", "b"))

    assert begin(database, key, sets=("a", "b")) == first
    run = read_run(database, first)
    assert (run.endpoint, run.kind, run.selection.sets, run.active) == ("archive", RunKind.FULL, ("a", "b"), True)
    assert (run.response_date, run.granularity, run.verdict, run.reasons, run.windows) == (None, None, None, (), ())


@pytest.mark.parametrize("other", [{"sets": ("a",)}, {"full": True}, {"from_": "2024-01-01"}, {"prefixes": ("mods",)}])
def test_a_run_of_another_selection_is_refused_while_one_is_active(database: Engine, other: dict[str, object]) -> None:
    """The message names the run, and how to end it."""
    key = endpoint(database)
    first = begin(database, key)
    with pytest.raises(RunRefused, match=f"run {first} .* `oai-ingest runs cancel {first}`"):
        begin(database, key, **other)
    change_database(database, "UPDATE runs SET ended_at = started_at")

    assert begin(database, key, **other) != first


def test_many_who_begin_at_once_get_one_run(database: Engine) -> None:
    """At most one is active: by the database and not by hope."""
    key = endpoint(database)
    with ThreadPoolExecutor(8) as threads:
        begun = set(threads.map(lambda _number: begin(database, key), range(8)))

    assert len(begun) == 1
    assert rows(database, "SELECT count(*) FROM runs") == [(1,)]


def test_endpoints_run_beside_each_other(database: Engine) -> None:
    """A run of one stands in no other's way."""
    assert begin(database, endpoint(database, "one")) != begin(database, endpoint(database, "other"))


# --- planned --------------------------------------------------------------------------------------


def test_a_run_is_planned_once(database: Engine) -> None:
    """Who comes second changes nothing, and keeps the first one's date."""
    run_id = begin(database, endpoint(database))
    windows = [PlannedWindow(list=LIST, from_="2024-01-01", until="2024-02-01", gap_ids=(3, 4))]
    plan(database, run_id, windows)
    before = dump(database)
    later = replace(IDENTIFICATION, response_date=IDENTIFICATION.response_date + timedelta(days=1))
    plan_run(database, run_id, identification=later, plan=lambda _coverages: [*windows, *windows], lists=[LIST])

    assert dump(database) == before
    run = read_run(database, run_id)
    assert (run.response_date, run.granularity) == (IDENTIFICATION.response_date, Granularity.SECOND)
    (window,) = run.windows
    assert (window.list, window.from_, window.until, window.gap_ids) == (LIST, "2024-01-01", "2024-02-01", (3, 4))
    assert (window.state, window.pages, window.token) == ("open", 0, None)


def test_many_who_plan_at_once_leave_one_plan(database: Engine) -> None:
    """Each window once."""
    run_id = begin(database, endpoint(database))
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _number: plan(database, run_id, [PlannedWindow(list=LIST)]), range(4)))

    assert len(read_run(database, run_id).windows) == 1


def test_a_run_that_could_not_be_planned_fails_with_its_reason(database: Engine) -> None:
    """Once; the next run can begin."""
    key = endpoint(database)
    run_id = begin(database, key)
    failed = fail_run(database, run_id, REASON)

    assert (failed.verdict, failed.reasons, failed.active) == (Verdict.FAILED, (REASON,), False)
    assert begin(database, key) != run_id


def test_a_run_that_another_process_has_planned_does_not_fail(database: Engine) -> None:
    """Its windows can be read."""
    run_id = begin(database, endpoint(database))
    plan(database, run_id, [PlannedWindow(list=LIST)])

    assert fail_run(database, run_id, REASON).active


def test_an_interrupted_run_says_so_and_stays_active(database: Engine) -> None:
    """The same command takes it up."""
    key = endpoint(database)
    run_id = begin(database, key)
    stopped = note_interruption(database, run_id, Reason(code="interrupted", count=1, text="stopped"))

    assert (stopped.verdict, [reason.code for reason in stopped.reasons]) == (Verdict.PARTIAL, ["interrupted"])
    assert stopped.active
    assert begin(database, key) == run_id


# --- concluded ------------------------------------------------------------------------------------


def test_a_run_with_an_open_window_is_not_concluded(database: Engine) -> None:
    """It is given as it is."""
    harvest = harvesting(database, prefixes=("oai_dc", "mods"))
    harvest.keep(live("1", "a"), ended=True)

    assert concluded(database, harvest.run_id).active


def finished(database: Engine) -> Harvest:
    """Read two lists to their ends, with repeats."""
    harvest = harvesting(database, prefixes=("oai_dc", "mods"))
    harvest.keep(live("1", "a"), live("2", "b"), dead("9"), then="t", announced=3)
    harvest.keep(live("2", "b"), live("3", "b"), ended=True)
    harvest.keep(live("1", "a"), prefix="mods", ended=True)
    return harvest


def test_distinct_items_and_records_are_counted_over_pages_that_repeat_each_other(database: Engine) -> None:
    """Items by list, records over the whole run, as long as it is active and when it has ended."""
    harvest = finished(database)
    told: list[Distinct] = []

    def work(_run: Run, _coverages: Iterable[Coverage], distinct: Distinct) -> Conclusion:
        told.append(distinct)
        return Conclusion(verdict=Verdict.COMPLETE, reasons=())

    assert read_run(database, harvest.run_id).records == 2
    run = conclude_run(database, harvest.run_id, work)
    assert told == [Distinct(items={LIST: 4, ListName(metadata_prefix="mods"): 1}, records=2)]
    assert (run.records, run.total("seen"), run.total("created")) == (2, 6, 4)
    assert read_run(database, harvest.run_id) == run


def test_a_run_is_concluded_once(database: Engine) -> None:
    """Who comes second finds it ended; what was only needed on the way is gone."""
    harvest = finished(database)
    first = concluded(database, harvest.run_id)
    before = dump(database)

    assert (first.verdict, first.active) == (Verdict.COMPLETE, False)
    assert concluded(database, harvest.run_id) == first
    assert dump(database) == before
    assert rows(database, "SELECT count(*) FROM pages") == [(0,)]


def test_many_who_conclude_at_once_conclude_once(database: Engine) -> None:
    """A gap is kept once, and all see the same end."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), reason="damaged-page", message="half of it")
    with ThreadPoolExecutor(4) as threads:
        ends = set(threads.map(lambda _number: concluded(database, harvest.run_id).ended_at, range(4)))

    assert len(ends) == 1
    assert rows(database, "SELECT count(*) FROM gaps") == [(1,)]


def test_runs_are_listed_newest_first(database: Engine) -> None:
    """Of one endpoint or of all."""
    one, other = endpoint(database, "one"), endpoint(database, "other")
    first = fail_run(database, begin(database, one), REASON).run_id
    second = fail_run(database, begin(database, other), REASON).run_id
    third = begin(database, one)

    assert [run.run_id for run in list_runs(database)] == [third, second, first]
    assert [run.run_id for run in list_runs(database, endpoint="one")] == [third, first]
    assert [run.run_id for run in list_runs(database, limit=1)] == [third]


def test_a_run_that_does_not_exist_is_named(database: Engine) -> None:
    """And where to look for those that do."""
    with pytest.raises(LookupError, match="there is no run 77; see `oai-ingest runs list`"):
        read_run(database, 77)


# --- coverage -------------------------------------------------------------------------------------


def test_a_complete_run_is_the_coverage_of_its_lists(database: Engine) -> None:
    """Bound, counts and no gap; nothing of what was never asked for."""
    harvest = finished(database)
    assert endpoint_coverages(database, harvest.endpoint_id) == ()
    concluded(database, harvest.run_id)

    assert endpoint_coverages(database, harvest.endpoint_id) == (
        Coverage(list=ListName(metadata_prefix="mods"), bound=BOUND, full_at=BOUND, full_count=1),
        Coverage(list=LIST, bound=BOUND, full_at=BOUND, full_count=4, full_announced=3),
    )


def test_gaps_are_kept_tried_again_and_closed(database: Engine) -> None:
    """Each with range, reason, attempts and next try."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), reason="damaged-page", message="half of it")
    concluded(database, harvest.run_id)
    (coverage,) = endpoint_coverages(database, harvest.endpoint_id)
    (gap,) = coverage.gaps

    assert gap == Gap(
        gap_id=gap.gap_id,
        list=LIST,
        from_=None,
        until="2024-06-01T11:00:00Z",
        reason="damaged-page",
        message="half of it",
        attempts=1,
        next_try_at=IDENTIFICATION.response_date,
    )
    assert gap.gap_id is not None
    told = replace(gap, attempts=2, reason="token-loop", next_try_at=BOUND)
    _leave(database, harvest.endpoint_id, ListOutcome(coverage=replace(coverage, gaps=(told,))))
    assert endpoint_coverages(database, harvest.endpoint_id) == (replace(coverage, gaps=(told,)),)
    closed = ListOutcome(coverage=replace(coverage, gaps=()), closed_gap_ids=(gap.gap_id,))
    _leave(database, harvest.endpoint_id, closed)
    assert endpoint_coverages(database, harvest.endpoint_id) == (replace(coverage, gaps=()),)


def _leave(database: Engine, endpoint_id: int, outcome: ListOutcome) -> None:
    """Conclude another run with this outcome."""
    run_id = begin(database, endpoint_id)
    plan(database, run_id, [PlannedWindow(list=outcome.coverage.list, from_="2024-01-01")])
    claim(database, run_id)
    change_database(database, f"UPDATE windows SET state = 'ended' WHERE run_id = {run_id}")
    conclusion = Conclusion(verdict=Verdict.COMPLETE, reasons=(), lists=(outcome,))
    conclude_run(database, run_id, lambda _run, _coverages, _distinct: conclusion)


@pytest.mark.parametrize(
    ("window", "state", "counts"),
    [
        pytest.param({}, "ended", True, id="everything, to its end"),
        pytest.param({}, "abandoned", False, id="everything, given up"),
        pytest.param({"from_": "2024-01-01"}, "ended", False, id="what is new"),
        pytest.param({"until": "2024-01-01"}, "ended", False, id="a range"),
    ],
)
def test_the_date_of_the_last_full_read_moves_only_with_one(
    database: Engine,
    window: dict[str, str],
    state: str,
    counts: bool,  # noqa: FBT001 - a case's expected answer.
) -> None:
    """What says when everything is to be read again."""
    key = endpoint(database)
    run_id = begin(database, key)
    plan(database, run_id, [PlannedWindow(list=LIST, **window)])
    change_database(database, f"UPDATE windows SET state = '{state}', pages = 1")
    concluded(database, run_id)

    kept = rows(database, "SELECT full_at FROM coverage WHERE full_at IS NOT NULL")
    assert bool(kept) is counts


# --- endpoints ------------------------------------------------------------------------------------


def test_an_endpoint_keeps_its_key_when_it_is_declared_anew_or_renamed(database: Engine) -> None:
    """And so its items and its coverage."""
    key = endpoint(database, "old")

    assert endpoint(database, "old") == key
    assert endpoint(database, "new", renamed_from="old") == key
    assert endpoint(database, "new", renamed_from="old") == key
    assert rows(database, "SELECT name FROM endpoints") == [("new",)]
    assert endpoint(database, "old") != key

"""Which windows a run needs: everything, what is new, the gaps, or a range that a person asked for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ingest.identify_values import Granularity
from ingest.ledger import Coverage, Gap, ListName, PlannedWindow, RunKind, Selection
from ingest.plan.windows import as_answered, in_granularity, kind_of, lists_of, new_bound, plan_list

DAY, SECOND = Granularity.DAY, Granularity.SECOND
LIST = ListName(metadata_prefix="oai_dc")
BOUND = datetime(2024, 6, 1, 12, 30, 5, tzinfo=UTC)
ANSWERED = datetime(2024, 6, 1, 12, 30, 5, tzinfo=UTC)
NEWS = Selection(prefixes=("oai_dc",))
FULL = Selection(prefixes=("oai_dc",), full=True)


# --- dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "granularity", "written"),
    [
        pytest.param(BOUND, SECOND, "2024-06-01T12:30:05Z", id="seconds"),
        pytest.param(BOUND, DAY, "2024-06-01", id="days"),
        pytest.param(BOUND + timedelta(microseconds=999_999), SECOND, "2024-06-01T12:30:05Z", id="fractions are cut"),
        pytest.param(BOUND.replace(hour=23, minute=59, second=59), DAY, "2024-06-01", id="the end of a day"),
        pytest.param(datetime(1, 1, 1, tzinfo=UTC), SECOND, "0001-01-01T00:00:00Z", id="the first year"),
        pytest.param(datetime(987, 1, 1, tzinfo=UTC), DAY, "0987-01-01", id="a year before 1000"),
    ],
)
def test_an_instant_is_written_as_the_repository_takes_it(
    instant: datetime, granularity: Granularity, written: str
) -> None:
    """Cut down, never rounded up: what is asked for again costs reading, what is left out is lost."""
    assert in_granularity(instant, granularity) == written


@pytest.mark.parametrize(
    ("granularity", "overlap", "back"),
    [
        pytest.param(SECOND, None, timedelta(hours=1), id="seconds: an hour"),
        pytest.param(DAY, None, timedelta(days=1), id="days: a day"),
        pytest.param(SECOND, 60.0, timedelta(minutes=1), id="declared shorter than an hour"),
        pytest.param(SECOND, 86400.0, timedelta(days=1), id="declared longer"),
        pytest.param(SECOND, 0.0, timedelta(seconds=1), id="declared as none: a second still"),
        pytest.param(DAY, 3600.0, timedelta(days=1), id="declared shorter than the granule"),
        pytest.param(DAY, 7 * 86400.0, timedelta(days=7), id="declared longer than the granule"),
    ],
)
def test_a_run_is_complete_up_to_its_own_date_less_the_overlap(
    granularity: Granularity, overlap: float | None, back: timedelta
) -> None:
    """One granule at least, an hour unless declared."""
    assert new_bound(ANSWERED, granularity=granularity, overlap=overlap) == ANSWERED - back


RANGES = {
    "days for a repository of days": (DAY, "2024-01-01", "2024-01-31", "2024-01-01", "2024-01-31"),
    "seconds for a repository of days": (
        DAY,
        "2024-01-01T10:00:00Z",
        "2024-01-31T10:00:00Z",
        "2024-01-01",
        "2024-01-31",
    ),
    "mixed for a repository of days": (DAY, "2024-01-01", "2024-01-31T10:00:00Z", "2024-01-01", "2024-01-31"),
    "seconds for a repository of seconds": (
        SECOND,
        "2024-01-01T10:00:00Z",
        "2024-01-31T10:00:00Z",
        "2024-01-01T10:00:00Z",
        "2024-01-31T10:00:00Z",
    ),
    "days for a repository of seconds": (SECOND, "2024-01-01", "2024-01-31", "2024-01-01", "2024-01-31"),
    "from a day until a second": (
        SECOND,
        "2024-01-01",
        "2024-01-31T10:00:00Z",
        "2024-01-01T00:00:00Z",
        "2024-01-31T10:00:00Z",
    ),
    "from a second until a day": (
        SECOND,
        "2024-01-01T10:00:00Z",
        "2024-01-31",
        "2024-01-01T10:00:00Z",
        "2024-01-31T23:59:59Z",
    ),
    "from a day on": (SECOND, "2024-01-01", None, "2024-01-01", None),
    "until a day": (SECOND, None, "2024-01-31", None, "2024-01-31"),
    "from a second on": (SECOND, "2024-01-01T10:00:00Z", None, "2024-01-01T10:00:00Z", None),
    "until a second, in days": (DAY, None, "2024-01-31T10:00:00Z", None, "2024-01-31"),
}


@pytest.mark.parametrize(("granularity", "from_", "until", "asked_from", "asked_until"), RANGES.values(), ids=RANGES)
def test_a_range_is_asked_for_in_one_granularity_that_the_repository_takes(
    *, granularity: Granularity, from_: str | None, until: str | None, asked_from: str | None, asked_until: str | None
) -> None:
    """Both ends alike, and nothing that the person asked for left out (protocol section 2.7.1)."""
    selection = Selection(prefixes=("oai_dc",), from_=from_, until=until)

    (window,) = plan_list(Coverage(list=LIST, bound=BOUND), selection=selection, granularity=granularity)
    assert window == PlannedWindow(list=LIST, from_=asked_from, until=asked_until)


# --- what a run is --------------------------------------------------------------------------------


READ, NEVER = Coverage(list=LIST, bound=BOUND), Coverage(list=ListName(metadata_prefix="mods"))
KINDS = {
    "nothing asked, never read": (NEWS, [NEVER], RunKind.FULL),
    "nothing asked, read before": (NEWS, [READ], RunKind.INCREMENTAL),
    "nothing asked, one list of two read before": (NEWS, [NEVER, READ], RunKind.INCREMENTAL),
    "everything asked": (FULL, [READ], RunKind.FULL),
    "from a date": (Selection(prefixes=("oai_dc",), from_="2024-01-01"), [READ], RunKind.RANGED),
    "until a date, never read": (Selection(prefixes=("oai_dc",), until="2024-01-01"), [NEVER], RunKind.RANGED),
    "everything from a date": (Selection(prefixes=("oai_dc",), from_="2024-01-01", full=True), [READ], RunKind.RANGED),
}


@pytest.mark.parametrize(("selection", "coverages", "kind"), KINDS.values(), ids=KINDS)
def test_the_kind_of_a_run(selection: Selection, coverages: list[Coverage], kind: RunKind) -> None:
    """A range is ranged whatever else is asked; what was never read is read in full."""
    assert kind_of(selection, coverages) is kind


@pytest.mark.parametrize(
    ("asked", "full"),
    [
        ({}, True),
        ({"full": True}, True),
        ({"from_": "2024-01-01"}, False),
        ({"until": "2024-01-01"}, False),
        ({"identifiers": ("oai:a:1",)}, False),
    ],
)
def test_a_repository_that_pays_no_heed_to_dates_is_read_in_full(asked: dict[str, Any], *, full: bool) -> None:
    """Unless a person asks for a range or for items; other repositories are asked as ever."""
    selection = Selection(prefixes=("oai_dc",), **asked)
    assert as_answered(selection, frozenset({"ignores_dates"})).full is full
    assert as_answered(selection, frozenset({"single_use_tokens"})) == selection


def test_the_lists_of_a_selection_are_every_prefix_with_every_set() -> None:
    """In the order of prefixes, which is that of precedence."""
    selection = Selection(prefixes=("mods", "oai_dc"), sets=("b", "a"))

    assert [str(name) for name in lists_of(selection)] == [
        "mods, set b",
        "mods, set a",
        "oai_dc, set b",
        "oai_dc, set a",
    ]
    assert [str(name) for name in lists_of(Selection(prefixes=("mods", "oai_dc")))] == ["mods", "oai_dc"]


# --- windows --------------------------------------------------------------------------------------


def gap(gap_id: int | None, from_: str | None, until: str | None) -> Gap:
    """Make a gap."""
    return Gap(gap_id=gap_id, list=LIST, from_=from_, until=until, reason="damaged-page", message="")


OLD = gap(1, "2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z")
OLDER = gap(2, None, "2023-01-01T00:00:00Z")
LAST = gap(3, "2024-05-01T00:00:00Z", "2024-06-01T12:30:05Z")
BEYOND = gap(4, "2024-05-20T00:00:00Z", "2024-07-01T00:00:00Z")
ENDLESS = gap(5, "2024-04-01T00:00:00Z", None)
WHOLE = gap(6, None, "2024-06-01T12:30:05Z")
BOUND_TEXT = "2024-06-01T12:30:05Z"


def window(from_: str | None = None, until: str | None = None, *gap_ids: int) -> PlannedWindow:
    """Make a window as it should be planned."""
    return PlannedWindow(list=LIST, from_=from_, until=until, gap_ids=gap_ids)


PLANS = {
    "never read": (Coverage(list=LIST), NEWS, [window()]),
    "never read to its end": (Coverage(list=LIST, gaps=(OLD,)), NEWS, [window(None, None, 1)]),
    "read before": (READ, NEWS, [window(BOUND_TEXT)]),
    "everything again": (Coverage(list=LIST, bound=BOUND, gaps=(OLD, LAST)), FULL, [window(None, None, 1, 3)]),
    "a gap apart": (
        Coverage(list=LIST, bound=BOUND, gaps=(OLD,)),
        NEWS,
        [window(OLD.from_, OLD.until, 1), window(BOUND_TEXT)],
    ),
    "two gaps apart": (
        Coverage(list=LIST, bound=BOUND, gaps=(OLD, OLDER)),
        NEWS,
        [window(OLD.from_, OLD.until, 1), window(None, OLDER.until, 2), window(BOUND_TEXT)],
    ),
    "a gap up to the bound": (Coverage(list=LIST, bound=BOUND, gaps=(LAST,)), NEWS, [window(LAST.from_, None, 3)]),
    "a gap beyond the bound": (Coverage(list=LIST, bound=BOUND, gaps=(BEYOND,)), NEWS, [window(BEYOND.from_, None, 4)]),
    "a gap without an end": (Coverage(list=LIST, bound=BOUND, gaps=(ENDLESS,)), NEWS, [window(ENDLESS.from_, None, 5)]),
    "gaps up to the bound, the oldest start of them": (
        Coverage(list=LIST, bound=BOUND, gaps=(LAST, ENDLESS, BEYOND)),
        NEWS,
        [window(ENDLESS.from_, None, 3, 5, 4)],
    ),
    "a gap from the beginning up to the bound": (
        Coverage(list=LIST, bound=BOUND, gaps=(LAST, WHOLE)),
        NEWS,
        [window(None, None, 3, 6)],
    ),
    "gaps apart and at the bound": (
        Coverage(list=LIST, bound=BOUND, gaps=(LAST, OLD)),
        NEWS,
        [window(OLD.from_, OLD.until, 1), window(LAST.from_, None, 3)],
    ),
    "a gap that starts after the bound": (
        Coverage(list=LIST, bound=BOUND, gaps=(gap(7, "2024-06-15T00:00:00Z", None),)),
        NEWS,
        [window(BOUND_TEXT, None, 7)],
    ),
}


@pytest.mark.parametrize(("coverage", "selection", "planned"), PLANS.values(), ids=PLANS)
def test_the_windows_of_a_list(coverage: Coverage, selection: Selection, planned: list[PlannedWindow]) -> None:
    """Each gap on its own but for those that touch what is new; nothing else is read again."""
    assert list(plan_list(coverage, selection=selection, granularity=SECOND)) == planned


def test_a_repository_of_days_is_asked_in_days() -> None:
    """The bound's own day is read again."""
    at_the_bound = gap(1, "2024-05-01", "2024-06-01")

    assert plan_list(READ, selection=NEWS, granularity=DAY) == (window("2024-06-01"),)
    coverage = Coverage(list=LIST, bound=BOUND, gaps=(at_the_bound,))
    assert plan_list(coverage, selection=NEWS, granularity=DAY) == (window("2024-05-01", None, 1),)


def test_a_gap_left_by_a_range_in_days_is_asked_for_in_one_granularity() -> None:
    """The range began on a day that a person gave; the gap ends at a second, where the coverage ends."""
    coverage = Coverage(list=LIST, bound=BOUND, gaps=(gap(1, "2024-05-01", "2024-05-20T10:00:00Z"),))
    apart, newest = plan_list(coverage, selection=NEWS, granularity=SECOND)

    assert apart == window("2024-05-01T00:00:00Z", "2024-05-20T10:00:00Z", 1)
    assert newest == window(BOUND_TEXT)


def test_gaps_of_a_repository_that_has_changed_its_granularity_are_asked_for_as_it_takes_them_now() -> None:
    """A repository of seconds that is now one of days would refuse them as they were kept."""
    coverage = Coverage(list=LIST, bound=BOUND, gaps=(OLD, LAST))

    assert plan_list(coverage, selection=NEWS, granularity=DAY) == (
        window("2024-01-01", "2024-02-01", 1),
        window("2024-05-01", None, 3),
    )


@pytest.mark.parametrize(("behind", "from_"), [(timedelta(hours=23), BOUND_TEXT), (timedelta(hours=25), None)])
def test_a_bound_taken_from_a_clock_that_was_ahead_is_not_trusted(behind: timedelta, from_: str | None) -> None:
    """Days ahead, it would hide everything until then; clocks that differ by less come right by themselves."""
    planned = plan_list(READ, selection=NEWS, granularity=SECOND, response_date=BOUND - behind)

    assert planned == (window(from_),)

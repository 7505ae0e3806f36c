"""Into how many parts a window is split and where: nothing of its range is lost, nothing beyond it is read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, TypeAlias

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from plan_values import LIST, window

from ingest.identify_values import Granularity
from ingest.ledger import PlannedWindow, Window
from ingest.plan.splitting import parts_wanted, split
from ingest.records import Header, Page, Record, Rejection, ResumptionToken

DAY, SECOND = Granularity.DAY, Granularity.SECOND
NOW = datetime(2024, 6, 10, 1, tzinfo=UTC)
ENDED = ResumptionToken(value="", complete_list_size=400)


# --- into how many --------------------------------------------------------------------------------


def record(datestamp: str | None) -> Record:
    """Make a record of which only the datestamp matters."""
    return Record(header=Header(identifier="oai:a:1", datestamp=datestamp), metadata=None)


def page(announced: int | None = 400, *, stamps: tuple[str | None, ...] = ("2024-01-01",) * 10, **told: Any) -> Page:
    """Make a first page of ten records of a list that goes on, but for what is told."""
    token = ResumptionToken(value="more", complete_list_size=announced)
    elements = tuple(record(stamp) for stamp in stamps)
    return Page(**{"response_date": NOW, "elements": elements, "token": token} | told)


UNKNOWN = Rejection(stage="protocol", reason="no-identifier", message="", content=b"<record/>")
PART = {"parent_id": 1, "list_size": 400}
DATED = {"from_": "2024-01-01T00:00:00Z", "until": "2024-01-31T00:00:00Z"}
WANTED: dict[str, tuple[Page, dict[str, Any], int, int]] = {
    "nobody to share with": (page(), {}, 1, 1),
    "two at once": (page(), {}, 2, 4),
    "four at once": (page(), {}, 4, 8),
    "a list in progress": (page(), {"pages": 1}, 4, 1),
    "no token": (page(token=None), {}, 4, 1),
    "the protocol's sign of the end": (page(token=ENDED), {}, 4, 1),
    "a list of fewer than four pages": (page(39), {}, 4, 1),
    "a list of four pages": (page(40), {}, 4, 8),
    "an empty first page of a list that is long": (page(stamps=()), {}, 4, 8),
    "an empty list that goes on": (page(0, stamps=()), {}, 4, 1),
    "no size": (page(None), {}, 2, 4),
    "no size, of a part": (page(None), {"parent_id": 1}, 2, 1),
    "a part with its share": (page(50), PART, 4, 1),
    "a part with a little more than its share": (page(62), PART, 4, 1),
    "a part with a quarter more than its share": (page(63), PART, 4, 2),
    "a part with half of the list": (page(200), PART, 4, 4),
    "a part with the whole list": (page(400), PART, 4, 8),
    "a part with more than the whole list": (page(4000), PART, 4, 8),
    "a part with its share, of fewer than four pages": (page(39), PART | {"list_size": 100}, 4, 1),
    "a part of a list of unknown size that tells its own": (page(400), {"parent_id": 1}, 4, 8),
    "a range, all inside": (page(stamps=("2024-01-01T00:00:00Z", "2024-01-31T00:00:00Z")), DATED, 4, 8),
    "a range, one before it": (page(stamps=("2024-01-02T00:00:00Z", "2023-12-31T23:59:59Z")), DATED, 4, 1),
    "a range, one after it": (page(stamps=("2024-01-02T00:00:00Z", "2024-02-01T00:00:00Z")), DATED, 4, 1),
    "a range, one after it on its last day": (page(stamps=("2024-01-02", "2024-01-31T00:00:01Z")), DATED, 4, 8),
    "a range, datestamps in days": (page(stamps=("2024-01-01", "2024-01-31")), DATED, 4, 8),
    "a range, datestamps in days outside": (page(stamps=("2024-01-01", "2024-02-01")), DATED, 4, 1),
    "a range, no datestamp": (page(stamps=(None, "", "2024-01-02T00:00:00Z")), DATED, 4, 8),
    "a range, what could not be read": (page(elements=(UNKNOWN,)), DATED, 4, 8),
    "a range without a start": (page(stamps=("1990-01-01T00:00:00Z",)), {"until": DATED["until"]}, 4, 8),
    "a range without an end": (page(stamps=("2090-01-01T00:00:00Z",)), {"from_": DATED["from_"]}, 4, 8),
}


@pytest.mark.parametrize(("first", "told", "parallel", "parts"), WANTED.values(), ids=WANTED)
def test_a_list_is_split_where_its_first_page_shows_that_it_is_long(
    first: Page, told: dict[str, Any], parallel: int, parts: int
) -> None:
    """Twice as many parts as may be in flight; a part again where it holds more than its share; never out of doubt."""
    wanted = parts_wanted(first, window(**told), parallel=parallel)

    assert max(1, wanted) == parts


AT_THE_END: dict[str, tuple[Page, int | None, int]] = {
    "others wait to be begun": (page(100), None, 1),
    "all that is left": (page(100), 100, 4),
    "all that is left, and the repository counts less": (page(100), 60, 4),
    "half of what is left": (page(100), 200, 2),
    "a little more than its share of what is left": (page(100), 330, 1),
    "a quarter more than its share of what is left": (page(100), 318, 2),
    "all that is left, of eight pages": (page(80), 80, 4),
    "all that is left, of fewer than eight pages": (page(79), 79, 1),
    "nothing is left": (page(100), 0, 1),
}


@pytest.mark.parametrize(("first", "left", "parts"), AT_THE_END.values(), ids=AT_THE_END)
def test_near_the_end_a_long_part_is_shared_out_among_those_who_would_have_nothing_to_do(
    first: Page, left: int | None, parts: int
) -> None:
    """All who read are done at about the same time, although nothing is split that has been begun."""
    part = window(parent_id=1, list_size=800)

    assert parts_wanted(first, part, parallel=4, left=lambda: left) == parts


# --- where ----------------------------------------------------------------------------------------


def ranges(parts: tuple[PlannedWindow, ...]) -> list[tuple[str | None, str | None]]:
    """Give the parts' ranges."""
    return [(part.from_, part.until) for part in parts]


CUTS: dict[str, tuple[Granularity, str | None, str | None, str | None, int, list[str]]] = {
    "everything, in days": (DAY, None, None, "2024-06-02", 2, ["2024-06-06"]),
    "everything, in seconds": (SECOND, None, None, "2024-06-02T01:00:00Z", 2, ["2024-06-06T01:00:00Z"]),
    "everything, the oldest in days": (SECOND, None, None, "2024-06-10", 2, ["2024-06-10T00:30:00Z"]),
    "four parts of four days": (
        DAY,
        "2024-06-01",
        "2024-06-05",
        None,
        4,
        ["2024-06-02", "2024-06-03", "2024-06-04"],
    ),
    "more parts than days": (DAY, "2024-06-01", "2024-06-04", None, 8, ["2024-06-02", "2024-06-03"]),
    "two days": (DAY, "2024-06-01", "2024-06-03", None, 8, ["2024-06-02"]),
    "more parts than seconds": (
        SECOND,
        "2024-06-01T00:00:00Z",
        "2024-06-01T00:00:03Z",
        None,
        8,
        ["2024-06-01T00:00:01Z", "2024-06-01T00:00:02Z"],
    ),
    "from a date on": (SECOND, "2024-06-09T01:00:00Z", None, "1990-01-01", 2, ["2024-06-09T13:00:00Z"]),
    "until a date": (SECOND, None, "2024-06-03T00:00:00Z", "2024-06-01T00:00:00Z", 2, ["2024-06-02T00:00:00Z"]),
    "across a leap day": (DAY, "2024-02-28", "2024-03-01", None, 2, ["2024-02-29"]),
    "an oldest date of the first year": (DAY, None, "0001-01-03", "0001-01-01", 2, ["0001-01-02"]),
    "an oldest date elsewhere in the world": (
        SECOND,
        None,
        "2024-06-03T00:00:00Z",
        "2024-06-01T02:00:00+02:00",
        2,
        ["2024-06-02T00:00:00Z"],
    ),
    "seconds that can not be shared out evenly": (
        SECOND,
        "2024-06-01T00:00:00Z",
        "2024-06-01T00:00:10Z",
        None,
        3,
        ["2024-06-01T00:00:03Z", "2024-06-01T00:00:06Z"],
    ),
}


@pytest.mark.parametrize(("granularity", "from_", "until", "earliest", "parts", "cuts"), CUTS.values(), ids=CUTS)
def test_parts_are_equally_long_and_share_their_boundaries(  # One argument for each column of the table.
    *, granularity: Granularity, from_: str | None, until: str | None, earliest: str | None, parts: int, cuts: list[str]
) -> None:
    """In the repository's granularity; the outer ends are the window's own, also where it has none."""
    planned = split(window(from_=from_, until=until), parts, granularity=granularity, earliest=earliest, latest=NOW)

    assert ranges(planned) == list(pairwise([from_, *cuts, until]))
    assert {part.list for part in planned} == {LIST}
    assert {part.gap_ids for part in planned} == {()}


NOON = ("2024-06-01T12:00:00Z", "2024-06-01T12:00:04Z")
SHOWN: dict[str, tuple[Granularity, tuple[str | None, ...], int | None, list[str]]] = {
    # Two records in five seconds, and forty in all: they go on for a hundred seconds.
    "in order": (SECOND, NOON, 40, ["2024-06-01T12:00:25Z", "2024-06-01T12:00:50Z", "2024-06-01T12:01:15Z"]),
    "in the order from the newest": (
        SECOND,
        NOON[::-1],
        40,
        ["2024-06-01T11:58:50Z", "2024-06-01T11:59:15Z", "2024-06-01T11:59:40Z"],
    ),
    "in order, some without a date": (
        SECOND,
        (None, NOON[0], "soon", NOON[1]),
        40,
        ["2024-06-01T12:00:25Z", "2024-06-01T12:00:50Z", "2024-06-01T12:01:15Z"],
    ),
    "all in one second": (
        SECOND,
        NOON[:1] * 2,
        8,
        ["2024-06-01T12:00:01Z", "2024-06-01T12:00:02Z", "2024-06-01T12:00:03Z"],
    ),
    "all on one day": (DAY, ("2024-06-02",) * 2, 8, ["2024-06-03", "2024-06-04", "2024-06-05"]),
    "on days, from the newest": (DAY, ("2024-06-08", "2024-06-07"), 4, ["2024-06-06", "2024-06-07", "2024-06-08"]),
    "further than the range": (DAY, ("2024-06-05", "2024-06-06"), 40, ["2024-06-06", "2024-06-07", "2024-06-08"]),
    "a size beyond all time": (DAY, ("2024-06-05",), 10**30, ["2024-06-06", "2024-06-07", "2024-06-08"]),
    "in no order": (DAY, ("2024-06-02", "2024-06-04", "2024-06-03"), 40, ["2024-06-03", "2024-06-05", "2024-06-07"]),
    "no dates": (DAY, (None, ""), 40, ["2024-06-03", "2024-06-05", "2024-06-07"]),
    "no size": (DAY, ("2024-06-02",), None, ["2024-06-03", "2024-06-05", "2024-06-07"]),
}


@pytest.mark.parametrize(("granularity", "stamps", "size", "cuts"), SHOWN.values(), ids=SHOWN)
def test_a_part_is_cut_where_its_first_page_shows_that_records_lie(
    granularity: Granularity, stamps: tuple[str | None, ...], size: int | None, cuts: list[str]
) -> None:
    """As many of them in each part, if the list goes on as it begins; the outer ends are the window's own."""
    tail = "" if granularity is DAY else "T00:00:00Z"
    part = window(parent_id=1, from_=f"2024-06-01{tail}", until=f"2024-06-09{tail}")
    shown = page(size, stamps=stamps)
    planned = split(part, 4, granularity=granularity, earliest="1990-01-01", latest=NOW, shown=shown)

    assert ranges(planned) == list(pairwise([part.from_, *cuts, part.until]))


def test_a_part_without_a_start_is_cut_where_its_records_lie_however_wrong_the_oldest_date_is() -> None:
    """Records older than the repository says are all in the first part: there they are found."""
    part = window(parent_id=1, until="2024-06-09")
    shown = page(8, stamps=("2021-03-01",) * 2)
    planned = split(part, 4, granularity=DAY, earliest="2024-06-01", latest=NOW, shown=shown)

    assert ranges(planned) == list(pairwise([None, "2021-03-02", "2021-03-03", "2021-03-04", "2024-06-09"]))


def test_the_whole_list_is_cut_evenly_whatever_its_first_page_shows() -> None:
    """The oldest records tell nothing of the newest: bulk loads are followed by years."""
    shown = page(40, stamps=NOON)

    assert split(window(), 4, granularity=DAY, earliest="2024-01-01", latest=NOW, shown=shown) == split(
        window(), 4, granularity=DAY, earliest="2024-01-01", latest=NOW
    )


WHOLE: dict[str, tuple[Granularity, str | None, str | None, str | None]] = {
    "a day": (DAY, "2024-06-01", "2024-06-01", None),
    "a day and its neighbour": (DAY, "2024-06-01", "2024-06-02", None),
    "a second": (SECOND, "2024-06-01T00:00:00Z", "2024-06-01T00:00:00Z", None),
    "a second and its neighbour": (SECOND, "2024-06-01T00:00:00Z", "2024-06-01T00:00:01Z", None),
    "no oldest date": (SECOND, None, None, None),
    "an empty oldest date": (SECOND, None, None, ""),
    "an oldest date that is none": (SECOND, None, None, "long ago"),
    "an oldest date that no calendar has": (SECOND, None, None, "0000-00-00"),
    "an oldest date before all time": (SECOND, None, None, "0001-01-01T00:00:00+01:00"),
    "an oldest date after all time": (SECOND, None, None, "9999-12-31T23:59:59-01:00"),
    "an oldest date after the clock": (SECOND, None, None, "2024-06-10T01:00:01Z"),
    "an oldest date at the clock": (SECOND, None, None, "2024-06-10T01:00:00Z"),
    "an oldest date after the end": (SECOND, None, "2000-01-01T00:00:00Z", "2001-01-01T00:00:00Z"),
    "from after the clock": (SECOND, "2024-06-11T00:00:00Z", None, "1990-01-01"),
    "an end before the start": (SECOND, "2024-06-03T00:00:00Z", "2024-06-01T00:00:00Z", "1990-01-01"),
}


@pytest.mark.parametrize(("granularity", "from_", "until", "earliest"), WHOLE.values(), ids=WHOLE)
def test_a_range_that_is_too_short_or_unknown_is_not_split(
    granularity: Granularity, from_: str | None, until: str | None, earliest: str | None
) -> None:
    """It is read as it is."""
    whole = window(from_=from_, until=until)

    assert len(split(whole, 4, granularity=granularity, earliest=earliest, latest=NOW)) < 2


def test_the_oldest_date_only_says_where_to_cut() -> None:
    """Repositories err about it: what is older is in the first part all the same."""
    first, *_, last = split(window(), 4, granularity=DAY, earliest="2024-01-01", latest=NOW)

    assert (first.from_, last.until) == (None, None)


def test_a_range_in_days_of_a_repository_of_seconds_is_asked_for_in_one_granularity() -> None:
    """A person gave days; a cut in seconds beside them would be refused (protocol section 2.7.1)."""
    whole = window(from_="2024-06-01", until="2024-06-02")
    planned = split(whole, 4, granularity=SECOND, earliest=None, latest=NOW)

    assert len(planned) > 1
    assert all(in_one_granularity(part) for part in planned)
    for stamp in ("2024-05-31T23:59:59Z", "2024-06-01T00:00:00Z", "2024-06-02T23:59:59Z", "2024-06-03T00:00:00Z"):
        assert any(holds(part, stamp) for part in planned) is holds(whole, stamp)


def in_one_granularity(part: PlannedWindow) -> bool:
    """Whether both ends of a range are written alike, as the protocol demands."""
    return len({len(end) for end in (part.from_, part.until) if end}) < 2


# --- whatever the range ---------------------------------------------------------------------------


def holds(asked: PlannedWindow | Window, stamp: str) -> bool:
    """Whether a repository that keeps to the protocol answers a range with this datestamp."""
    after = asked.from_ is None or stamp[: len(asked.from_)] >= asked.from_
    return after and (asked.until is None or stamp[: len(asked.until)] <= asked.until)


def written(instant: datetime, length: int = 20) -> str:
    """Write an instant as far as the length goes."""
    return f"{instant.replace(tzinfo=None).isoformat(timespec='seconds')}Z"[:length]


INSTANTS = st.datetimes(timezones=st.just(UTC), max_value=datetime(9998, 12, 31)).map(  # noqa: DTZ001 - hypothesis adds the zone itself.
    lambda instant: instant.replace(microsecond=0)
)
RECENT = st.integers(0, 5 * 10**6).map(lambda seconds: NOW - timedelta(seconds=seconds))
SOME = st.one_of(INSTANTS, RECENT, RECENT)
ABSURD = st.sampled_from(["", "long ago", "0000-00-00", "2024-06-01T00:00:00+14:00", "2024-06-01T00:00:00-12:00"])


Drawn: TypeAlias = tuple[Window, Granularity, str | None]


@st.composite
def windows(draw: st.DrawFn) -> Drawn:
    """Draw a range as a run may ask for it, a granularity, and what the repository says of its oldest date."""
    granularity = draw(st.sampled_from(Granularity))
    # Days are asked of a repository of seconds too, where a person gave days: both ends alike.
    length = 10 if granularity is DAY else draw(st.sampled_from([10, 20, 20]))
    from_, until = (draw(st.none() | SOME.map(lambda each: written(each, length))) for _ in range(2))
    assume(from_ is None or until is None or from_ <= until)
    earliest = draw(st.none() | ABSURD | SOME.map(lambda each: written(each, draw(st.sampled_from([10, 20])))))
    return window(from_=from_, until=until), granularity, earliest


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """Draw a first page: in order, up or down, or in none, of any size."""
    stamps = draw(st.lists(st.none() | ABSURD | SOME.map(written), max_size=5))
    if draw(st.booleans()):
        stamps = sorted((stamp for stamp in stamps if stamp), reverse=draw(st.booleans()))
    return page(draw(st.none() | st.integers(0, 10**30) | st.integers(0, 1000)), stamps=tuple(stamps))


@given(st.tuples(windows(), st.none() | pages()), st.integers(0, 40), SOME, st.lists(SOME, max_size=5))
@example(((window(until="2024-06-03T00:00:00Z"), SECOND, "2024-06-02T12:00:00+14:00"), None), 8, NOW, [])
@example(((window(from_="2024-06-01", until="2024-06-02"), SECOND, None), None), 8, NOW, [])
def test_every_instant_of_a_range_lies_in_a_part_and_none_beside_it_does(
    asked: tuple[Drawn, Page | None], parts: int, latest: datetime, stamps: list[datetime]
) -> None:
    """The parts are in order, each overlaps the next by their boundary alone, and each can be asked for."""
    (whole, granularity, earliest), shown = asked
    whole = whole if shown is None else replace(whole, parent_id=1)
    planned = split(whole, parts, granularity=granularity, earliest=earliest, latest=latest, shown=shown)
    assume(planned)

    assert 2 <= len(planned) <= parts
    assert all(in_one_granularity(part) for part in planned)
    assert all(one.until == other.from_ for one, other in pairwise(planned))
    cuts = [part.until for part in planned[:-1]]
    ends = [end for end in (planned[0].from_, *cuts, planned[-1].until) if end]
    assert all(one < other for one, other in pairwise(ends))
    assert {len(cut or "") for cut in cuts} == {10 if granularity is DAY else 20}
    near = [datetime.fromisoformat(end).replace(tzinfo=UTC) + timedelta(seconds=off) for end in ends for off in (0, 1)]
    for stamp in map(written, [*stamps, *near]):
        assert any(holds(part, stamp) for part in planned) is holds(whole, stamp)

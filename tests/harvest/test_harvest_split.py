"""Whole harvests of long lists in parts: whatever happens, they end as undivided ones do."""

import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from database_rows import count, rows
from equality import assert_equal
from harvesting import OUTCOMES, HarvestProcess, endpoint_at, harvest_here, selection_of
from hostile import tokens
from hostile.shaping import error
from watching import PAGE_SIZE, Asked, Fault, Watch, polite

from ingest.identify_values import Granularity
from ingest.ledger import Run, RunKind, Verdict
from ingest.records import Set
from workers.demo.exchange import Answer, Response, Writer
from workers.demo.generated import DELETED_EVERY, GeneratedItems
from workers.demo.items import Item
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

NUMBER, NUMBER_OF_YEARS = 160, 240
SETS = ("letters", "minutes")
DAY = timedelta(days=1)
ITEMS = tuple(GeneratedItems(NUMBER, size=800, sets=SETS))


# --- repositories ---------------------------------------------------------------------------------


def ignores_dates(asked: Asked, answer: Answer) -> Response:
    """Send everything, whatever range is asked for."""
    kept = tuple((name, value) for name, value in asked.request.arguments if name not in {"from", "until"})
    return answer(replace(asked.request, arguments=kept))


def tells_no_size(asked: Asked, answer: Answer) -> Response:
    """Leave the size of each list out."""
    response = answer(asked.request)
    return Response(body=response.body.replace(b"completeListSize=", b"size="))


def some_can_not_be_taken_in(asked: Asked, answer: Answer) -> Response:
    """Put two elements inside the metadata of every tenth record, on whichever page it comes."""
    response = answer(asked.request)
    tenth = re.compile(rb"(generated/\d*0</identifier>.*?<metadata>)", re.DOTALL)
    return Response(body=tenth.sub(rb'\1<more xmlns="urn:more"/>', response.body))


def dated(items: Sequence[Item], datestamp: Callable[[int], str]) -> tuple[Item, ...]:
    """Give each item another datestamp."""
    return tuple(replace(item, datestamp=datestamp(position)) for position, item in enumerate(items))


def a_time_of_day(position: int) -> str:
    """Give one of many times of a day."""
    return f"{position % 24:02}:{position % 60:02}:{position * 7 % 60:02}Z"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A repository to be harvested undivided and in parts."""

    items: tuple[Item, ...] = ITEMS
    fault: Fault = polite
    keys: dict[str, Any] = field(default_factory=dict)
    sets: tuple[str, ...] = ()
    windows: tuple[int, int] = (9, 9)
    """The least and the most windows that a harvest with four in flight has."""
    most_read: float = 1.1
    """How many times as much as an undivided harvest it reads at most."""

    def repository(self) -> DemoRepository:
        """Make the repository."""
        sets = tuple(Set(spec=name, name=name) for name in SETS)
        return DemoRepository(items=self.items, page_size=PAGE_SIZE, sets=sets, **self.keys)


THREE_DAYS = dated(ITEMS, lambda position: f"2021-03-0{position % 3 + 1}T{a_time_of_day(position)}")
KINDS = {
    "records all over the years": Kind(),
    "in days": Kind(keys={"granularity": Granularity.DAY}),
    "two lists": Kind(sets=SETS, windows=(18, 18)),
    "records on three days": Kind(items=THREE_DAYS, windows=(10, 60)),
    "records on three days, in days": Kind(
        items=THREE_DAYS,
        keys={"granularity": Granularity.DAY, "earliest_datestamp": "1990-01-01T00:00:00Z"},
        windows=(10, 60),
        most_read=2.0,
    ),
    "records of one second": Kind(
        items=dated(ITEMS, lambda _position: "2021-03-04T05:06:07Z"),
        keys={"earliest_datestamp": "1990-01-01T00:00:00Z"},
        windows=(10, 120),
        most_read=2.0,
    ),
    "an oldest date that is much too old": Kind(keys={"earliest_datestamp": "0001-01-01T00:00:00Z"}, windows=(10, 60)),
    "an oldest date that is much too young": Kind(
        keys={"earliest_datestamp": "2024-06-01T00:00:00Z"}, windows=(10, 90)
    ),
    "an oldest date that is none": Kind(keys={"earliest_datestamp": "long ago"}, windows=(1, 1)),
    "no size": Kind(fault=tells_no_size),
    "no heed to dates": Kind(fault=ignores_dates, most_read=8.0),
    "records that can not be taken in": Kind(fault=some_can_not_be_taken_in),
}


@pytest.fixture(scope="module")
def undivided(new_database: Callable[[], str]) -> Callable[[str], tuple[str, Run]]:
    """Return what harvests a kind of repository once, undivided, and gives the database and the run."""
    done: dict[str, tuple[str, Run]] = {}

    def harvest(name: str) -> tuple[str, Run]:
        if name not in done:
            url = new_database()
            with serving(KINDS[name]) as (base_url, _watch):
                done[name] = url, harvest_here(url, endpoint_at(base_url, sets=KINDS[name].sets))
            assert done[name][1].verdict is Verdict.COMPLETE
        return done[name]

    return harvest


@contextmanager
def serving(kind: Kind, fault: Fault | None = None) -> Iterator[tuple[str, Watch]]:
    """Serve a repository."""
    watch = Watch(fault or kind.fault)
    with serve(kind.repository(), middleware=watch) as base_url:
        yield base_url, watch


class Busy:
    """A fault that counts how many lists are asked for at the same time, and answers each after a moment."""

    def __init__(self, seconds: float = 0.01, *, together: int = 0) -> None:
        """Answer each list after so many seconds; the first parts only when ``together`` of them are asked for."""
        self.most = 0
        self._now = 0
        self._seconds = seconds
        self._lock = threading.Lock()
        self._together = threading.Barrier(together or 1)
        self._parts_held = together

    def __call__(self, asked: Asked, answer: Answer) -> Response:
        """Count, wait, and answer."""
        if not asked.page:
            return answer(asked.request)
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
            held = self._parts_held > 0 and bool(asked.from_ or asked.until)
            self._parts_held -= held
        if held:
            self._together.wait(60)
        time.sleep(self._seconds)
        response = answer(asked.request)
        with self._lock:
            self._now -= 1
        return response


def states(run: Run) -> Counter[str]:
    """Count a run's windows by what has become of them."""
    return Counter(window.state for window in run.windows)


def assert_as_undivided(run: Run, database_url: str, expected: tuple[str, Run], *, sets: int = 1) -> None:
    """Assert that a run in parts leaves, and says, what an undivided one does."""
    other_url, other = expected
    assert (run.verdict, run.active) == (Verdict.COMPLETE, False), run.reasons
    assert run.records == other.records
    assert set(states(run)) <= {"split", "ended"}
    assert run.total("seen") == sum(run.total(name) for name in OUTCOMES) >= other.total("seen")
    covered = rows(database_url, "SELECT full_count, full_announced, suspect_count FROM coverage ORDER BY set_spec")
    assert covered == rows(
        other_url, "SELECT full_count, full_announced, suspect_count FROM coverage ORDER BY set_spec"
    )
    assert (len(covered), count(database_url, "gaps")) == (sets, 0)
    assert_equal(database_url, other_url)


# --- whatever the repository ----------------------------------------------------------------------


@pytest.mark.parametrize("parallel", [2, 4])
def test_a_long_list_is_read_in_parts_as_many_at_once_as_declared(
    parallel: int, migrated_database_url: str, undivided: Callable[[str], tuple[str, Run]]
) -> None:
    """All places at the host are used, and never more; what is new is then asked for in one."""
    name, busy = "records all over the years", Busy(together=parallel)
    with serving(KINDS[name], busy) as (base_url, watch):
        run = harvest_here(migrated_database_url, endpoint_at(base_url, parallel=parallel))
        assert busy.most == parallel
        whole, *parts = watch.lists[: 1 + 2 * parallel]
        assert (whole.from_, whole.until) == (None, None)
        assert all(part.from_ or part.until for part in parts)
        watch.forget()
        harvest_here(migrated_database_url, endpoint_at(base_url, parallel=parallel))
        (new,) = watch.lists
    assert new.from_ is not None
    assert new.until is None
    assert states(run)["ended"] >= 2 * parallel
    assert_as_undivided(run, migrated_database_url, undivided(name))


@pytest.mark.parametrize("name", KINDS)
def test_whatever_the_repository_its_list_in_parts_comes_to_the_same(
    name: str, migrated_database_url: str, undivided: Callable[[str], tuple[str, Run]]
) -> None:
    """And it is not read much more often than it has to be."""
    kind = KINDS[name]
    with serving(kind) as (base_url, _watch):
        run = harvest_here(migrated_database_url, endpoint_at(base_url, sets=kind.sets, parallel=4))
    assert kind.windows[0] <= len(run.windows) <= kind.windows[1]
    assert run.total("seen") <= kind.most_read * undivided(name)[1].total("seen")
    assert_as_undivided(run, migrated_database_url, undivided(name), sets=len(kind.sets) or 1)


def test_a_list_whose_tokens_die_is_read_in_parts_that_are_short_enough(
    migrated_database_url: str, undivided: Callable[[str], tuple[str, Run]]
) -> None:
    """Where beginning again has not helped, halves are asked for, and halves of them."""
    name = "records all over the years"
    with serving(KINDS[name], tokens.expired_token) as (base_url, _watch):
        run = harvest_here(migrated_database_url, endpoint_at(base_url, parallel=4), wait=lambda _seconds: None)
    assert len(run.windows) > 9
    assert_as_undivided(run, migrated_database_url, undivided(name))


# --- whatever happens -----------------------------------------------------------------------------


class Nth:
    """A fault that tells when so many lists have been asked for."""

    def __init__(self, number: int, answering: Fault) -> None:
        """Answer as another fault does."""
        self.reached = threading.Event()
        self._left = number
        self._answering = answering
        self._lock = threading.Lock()

    def __call__(self, asked: Asked, answer: Answer) -> Response | Writer:
        """Count, and answer."""
        with self._lock:
            self._left -= bool(asked.page)
            if self._left <= 0:
                self.reached.set()
        return self._answering(asked, answer)


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moments_it_still_ends_equal(
    seed: int, migrated_database_url: str, undivided: Callable[[str], tuple[str, Run]]
) -> None:
    """Before the list is split, while it is, and with four parts in hand: only what was in hand is asked for again."""
    chance = random.Random(seed)  # noqa: S311 - decides when a process is killed, guards nothing.
    name, kills = "records all over the years", 3
    with serving(KINDS[name]) as (base_url, watch):
        for _ in range(kills):
            nth = Nth(chance.choice([1, 2, 4, 5]), Busy())
            watch.fault = nth
            with HarvestProcess() as process:
                process.begin(migrated_database_url, endpoint_at(base_url, parallel=4))
                assert nth.reached.wait(60)
                time.sleep(chance.uniform(0, 0.05))
                process.kill()
        watch.fault = polite
        run = harvest_here(migrated_database_url, endpoint_at(base_url, parallel=4))
        asked = len(watch.lists)
    assert count(migrated_database_url, "runs") == 1
    # Each of four threads has a page in hand, and one ahead.
    assert asked <= run.total("pages") + 1 + kills * 4 * 2
    assert_as_undivided(run, migrated_database_url, undivided(name))


def test_stopped_with_four_parts_in_hand_each_is_gone_on_with_where_it_was_left(
    migrated_database_url: str, undivided: Callable[[str], tuple[str, Run]]
) -> None:
    """All leases are given back; no committed page is asked for again."""
    name, told = "records all over the years", threading.Event()
    pages: list[int] = []

    def tell(window: Any) -> None:
        pages.append(window.pages)
        if len(pages) > 5 and window.state == "open":
            told.set()

    with serving(KINDS[name], Busy()) as (base_url, watch):
        endpoint = endpoint_at(base_url, parallel=4)
        stopped = harvest_here(migrated_database_url, endpoint, tell=tell, stop=told.is_set)
        open_windows = rows(migrated_database_url, "SELECT owner, lease_until, token FROM windows WHERE state = 'open'")
        tokens = [window["token"] for window in open_windows if window["token"]]
        watch.forget()
        run = harvest_here(migrated_database_url, endpoint)
        assert Counter(asked.token for asked in watch.lists if asked.token in tokens) == Counter(tokens)
        seen = [asked.request.arguments for asked in watch.lists]
    assert (stopped.verdict, [reason.code for reason in stopped.reasons]) == (Verdict.PARTIAL, ["interrupted"])
    assert {(window["owner"], window["lease_until"]) for window in open_windows} == {(None, None)}
    assert tokens
    assert len(seen) == len(set(seen)) == run.total("pages") - stopped.total("pages")
    assert run.run_id == stopped.run_id
    assert_as_undivided(run, migrated_database_url, undivided(name))


def test_two_processes_on_one_list_have_no_more_in_flight_than_one(
    migrated_database_url: str, undivided: Callable[[str], tuple[str, Run]]
) -> None:
    """They share the places at the host, and no part is read twice."""
    name, busy = "records all over the years", Busy(together=3)
    with serving(KINDS[name], busy) as (base_url, watch), ExitStack() as stack:
        together = [stack.enter_context(HarvestProcess()) for _ in range(2)]
        for process in together:
            process.begin(migrated_database_url, endpoint_at(base_url, parallel=3))
        results = [process.result() for process in together]
        asked = Counter(each.request.arguments for each in watch.lists)
    assert [result["verdict"] for result in results] == ["complete", "complete"]
    assert len({result["run"] for result in results}) == count(migrated_database_url, "runs") == 1
    assert busy.most == 3
    assert set(asked.values()) == {1}
    assert_equal(migrated_database_url, undivided(name)[0])


# --- what is new, and what was left out -----------------------------------------------------------


@dataclass
class Years:
    """A repository whose clock and items a test moves; two databases follow it, one by parts and one undivided."""

    in_parts: str
    undivided: str
    items: tuple[Item, ...]
    now: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)
    watch: Watch = field(default_factory=Watch)

    def harvest(self, fault: Fault = polite, *, parallel: int = 4, **keys: Any) -> Run:
        """Harvest the repository as it stands into both; only the requests for the parts are in ``watch``."""
        repository = DemoRepository(items=self.items, page_size=PAGE_SIZE, now=lambda: self.now)
        with serve(repository) as base_url:
            endpoint = endpoint_at(base_url)
            harvest_here(self.undivided, endpoint, selection=selection_of(endpoint, **keys))
        self.watch = Watch(fault)
        with serve(repository, middleware=self.watch) as base_url:
            endpoint = endpoint_at(base_url, parallel=parallel)
            return harvest_here(self.in_parts, endpoint, selection=selection_of(endpoint, **keys))

    def bound(self) -> datetime:
        """Give up to when the list is covered."""
        ((bound,),) = [tuple(row.values()) for row in rows(self.in_parts, "SELECT bound FROM coverage")]
        return bound  # type: ignore[no-any-return]

    def gaps(self) -> list[tuple[str | None, str | None, int]]:
        """Give the gaps that are left: from, until and how often each was tried."""
        read = rows(self.in_parts, "SELECT from_date, until_date, attempts FROM gaps ORDER BY id")
        return [(row["from_date"], row["until_date"], row["attempts"]) for row in read]

    def change_all(self, *, days: int) -> None:
        """Let so many days pass, and let every item change some time in them."""
        spread = days * DAY / NUMBER_OF_YEARS
        began, self.now = self.now, self.now + days * DAY
        other = [item.formats for item in self.items[1:] + self.items[:1]]
        self.items = tuple(
            replace(
                item,
                datestamp=(began + (position + 1) * spread).strftime("%Y-%m-%dT%H:%M:%SZ"),
                formats=other[position],
            )
            for position, item in enumerate(self.items)
        )


@pytest.fixture
def years(migrated_database_url: str, new_database: Callable[[], str]) -> Years:
    """Return a repository of live items that are all old."""
    generated = GeneratedItems(NUMBER_OF_YEARS + DELETED_EVERY, size=800, sets=())
    live = [item for item in generated if not item.deleted]
    return Years(in_parts=migrated_database_url, undivided=new_database(), items=tuple(live[:NUMBER_OF_YEARS]))


def test_much_that_is_new_is_read_in_parts(years: Years) -> None:
    """From the bound on, and nothing before it; then the bound moves as after any run."""
    years.harvest(parallel=1)
    before = years.bound()
    years.change_all(days=10)
    run = years.harvest()

    assert (run.kind, run.verdict) == (RunKind.INCREMENTAL, Verdict.COMPLETE)
    assert states(run) == {"split": 1, "ended": 8}
    assert all((asked.from_ or "") >= f"{before:%Y-%m-%dT%H:%M:%SZ}" for asked in years.watch.lists)
    assert (years.bound(), years.gaps()) == (before + 10 * DAY, [])
    assert_equal(years.in_parts, years.undivided)


def struck(poison: str, *, whole: Callable[[Asked], bool]) -> Fault:
    """Make a fault that refuses the format in every range around an instant, but for those that are called whole."""

    def fault(asked: Asked, answer: Answer) -> Response | Writer:
        around = (asked.from_ or "") <= poison <= (asked.until or "9")
        if asked.page and around and not whole(asked):
            return error(asked, "cannotDisseminateFormat", "No such format.")
        return answer(asked.request)

    return fault


def test_a_part_that_can_not_be_read_is_a_gap_that_shrinks_until_it_is_closed(years: Years) -> None:
    """Each time only the part that fails is left; nothing else is read again."""
    poison = "2019-06-01T00:00:00Z"
    first = years.harvest(struck(poison, whole=lambda asked: not asked.from_ and not asked.until), parallel=2)
    assert (first.verdict, states(first)) == (Verdict.PARTIAL, {"split": 1, "ended": 3, "abandoned": 1})
    ((from_, until, tries),) = years.gaps()
    assert from_ is not None
    assert until is not None
    assert (from_ < poison < until, tries) == (True, 1)
    years.now += DAY
    second = years.harvest(struck(poison, whole=lambda asked: (asked.from_, asked.until) == (from_, until)))
    assert second.verdict is Verdict.PARTIAL
    assert all(asked.until is None or from_ <= (asked.from_ or "") <= until for asked in years.watch.lists)
    ((low, high, tries),) = years.gaps()
    assert low is not None
    assert high is not None
    assert (from_ <= low < poison < high <= until, tries) == (True, 2)
    assert (low, high) != (from_, until)
    assert second.total("created") > 0
    years.now += DAY
    third = years.harvest()
    assert (third.verdict, years.gaps()) == (Verdict.COMPLETE, [])
    assert {(asked.from_, asked.until) for asked in years.watch.lists if asked.until} >= {(low, high)}
    assert_equal(years.in_parts, years.undivided)


@pytest.mark.parametrize(
    "range_",
    [{"from_": "2016-01-01"}, {"until": "2023-12-31"}, {"from_": "2016-01-01", "until": "2023-12-31"}],
    ids=["from a day on", "until a day", "from a day until another"],
)
def test_a_range_that_a_person_gave_in_days_is_read_in_parts(years: Years, range_: dict[str, str]) -> None:
    """Of a repository of seconds too; what lies beside it is not read."""
    run = years.harvest(**range_)

    assert (run.kind, run.verdict, run.reasons) == (RunKind.RANGED, Verdict.COMPLETE, ())
    assert states(run) == {"split": 1, "ended": 8}
    assert_equal(years.in_parts, years.undivided)

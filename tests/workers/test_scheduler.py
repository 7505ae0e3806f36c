"""The scheduler at work: the file of declarations, what is due and what is not, and hosts that are shared or away."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import pytest
from database_rows import rows
from harvesting import endpoint_at, harvest_here
from hostile.ends import lost_token
from ledger_runs import set_clock, set_window
from processes import Process, until
from sqlalchemy import Engine
from stack import Stack, declare, slow_repository, wait_for_line
from watching import PAGE_SIZE, Asked, Watch, polite

from ingest.ledger import Run, RunKind, Verdict
from ingest.schedule import begin_what_is_due, take_over
from ingest.store import ledger_tables
from ingest.store.engine import open_engine
from workers.demo.exchange import Answer, Response

pytestmark = pytest.mark.xdist_group("stack")

NIGHTLY, HOURLY, ONCE_A_YEAR = "0 3 * * *", "0 * * * *", "0 3 1 1 *"
NOWHERE = "http://127.0.0.1:1/oai"
SETS = ("letters", "minutes")


@contextmanager
def opened(database_url: str) -> Iterator[Engine]:
    """Open a database, and close it afterwards."""
    engine = open_engine(database_url)
    try:
        yield engine
    finally:
        engine.dispose()


@pytest.fixture
def database(migrated_postgresql_url: str) -> Iterator[Engine]:
    """Return the stack's database, opened."""
    with opened(migrated_postgresql_url) as engine:
        yield engine


@pytest.fixture
def stack(migrated_postgresql_url: str, broker_url: str, tmp_path: Path) -> Iterator[Stack]:
    """Return a stack whose scheduler looks five times a second, and whose tasks are as short."""
    with Stack(
        migrated_postgresql_url, broker_url, tmp_path, lease_seconds=3, tick_seconds=0.2, slice_seconds=0.4
    ) as stack:
        yield stack


def beat(stack: Stack) -> Process:
    """Start a scheduler, and wait until it has begun."""
    process = stack.beat("--alive-file", str(alive_file(stack)))
    wait_for_line(process, "declarations taken over", 30)
    return process


def alive_file(stack: Stack) -> Path:
    """Name the file that the scheduler touches at each tick."""
    return stack.folder / "alive"


def let_tick(stack: Stack) -> None:
    """Wait for a tick that has begun after this call: the second to end."""
    file = alive_file(stack)
    for _ in range(2):
        before = file.stat().st_mtime_ns if file.exists() else 0
        until(partial(_touched, file, before), 30, what="a tick", tails=stack.tails)


def _touched(file: Path, before: int) -> bool:
    return file.exists() and file.stat().st_mtime_ns > before


def make_due(database: Engine) -> None:
    """Let all endpoints have been due an hour ago."""
    set_clock(database, ledger_tables.endpoints, next_due_at=-3600)


def schedule_of(stack: Stack, name: str) -> dict[str, Any]:
    """Read what the database has of an endpoint's schedule."""
    query = "SELECT declared, schedule, next_due_at FROM endpoints WHERE name = :name"
    (found,) = rows(stack.environment["OAI_INGEST_DATABASE_URL"], query, name=name)
    return found


def begun_when_due(stack: Stack, database: Engine, name: str, seconds: float = 60) -> Run:
    """Let everything be due, and give the endpoint's run that ends then."""
    before = len(stack.runs(name))
    make_due(database)
    until(lambda: len(stack.runs(name)) > before, 30, what=f"a run of {name}", tails=stack.tails)
    return stack.ended(stack.newest(name, 1).run_id, seconds)


# --- the file -------------------------------------------------------------------------------------


def test_an_edit_of_the_declarations_needs_no_restart(stack: Stack, database: Engine) -> None:
    """Another schedule counts from now on; what vanished is due no more; a file that is broken changes nothing."""
    one, other = {"url": f"{NOWHERE}/1"}, {"url": f"{NOWHERE}/2"}
    path = declare(stack.config, {"one": one | {"schedule": ONCE_A_YEAR}, "other": other | {"schedule": NIGHTLY}})
    scheduler = beat(stack)
    before = schedule_of(stack, "other")

    declare(stack.config, {"one": one | {"schedule": HOURLY}, "other": other | {"schedule": NIGHTLY, "parallel": 3}})
    wait_for_schedule(stack, "one", schedule=HOURLY)
    due = schedule_of(stack, "one")["next_due_at"]
    assert (due.minute, due.second, due - datetime.now(UTC) <= timedelta(hours=1)) == (0, 0, True)
    assert schedule_of(stack, "other") == before

    declare(stack.config, {"other": other | {"schedule": NIGHTLY}})
    wait_for_schedule(stack, "one", declared=0)
    path.write_text("[other\nurl = ", encoding="utf-8")
    wait_for_line(scheduler, "the declarations can not be read; the schedule stays as it was", 30)
    make_due(database)
    assert stack.newest("other", 30).scheduled
    let_tick(stack)
    assert stack.runs("one") == ()
    assert scheduler.log.count("can not be read") == 1

    declare(stack.config, {"one": one | {"schedule": HOURLY}})
    wait_for_schedule(stack, "one", declared=1)
    wait_for_schedule(stack, "other", declared=0)


def wait_for_schedule(stack: Stack, name: str, **values: Any) -> None:
    """Wait until the database has these values of an endpoint's schedule."""
    until(lambda: values.items() <= schedule_of(stack, name).items(), 30, what=f"{values} of {name}", tails=stack.tails)


def test_a_paused_endpoint_waits_until_it_is_resumed(stack: Stack, database: Engine) -> None:
    """A person says so at the command line, and no file has to be edited; what was missed is made up for once."""
    declare(stack.config, {"tested": {"url": NOWHERE, "schedule": ONCE_A_YEAR}})
    beat(stack)
    assert stack.command("endpoints", "pause", "tested").returncode == 0
    make_due(database)
    let_tick(stack)
    assert stack.runs() == ()
    assert stack.command("endpoints", "resume", "tested").returncode == 0
    assert stack.newest("tested", 30).scheduled
    let_tick(stack)
    assert len(stack.runs()) == 1
    assert schedule_of(stack, "tested")["next_due_at"] > datetime.now(UTC)


# --- what is due ----------------------------------------------------------------------------------


def test_a_time_that_falls_into_another_selections_run_is_missed(stack: Stack, database: Engine) -> None:
    """That run goes on, nothing else is begun, and the next time comes as if nothing had been."""
    with slow_repository(20, 10, 0) as url:
        declare(stack.config, {"tested": {"url": url, "schedule": ONCE_A_YEAR}})
        beat(stack)
        ranged = stack.queue("tested", "--from", "2020-01-01")
        make_due(database)
        let_tick(stack)
        assert [run.run_id for run in stack.runs()] == [ranged]
        assert schedule_of(stack, "tested")["next_due_at"] > datetime.now(UTC)
        stack.worker()
        assert stack.ended(ranged, 60).kind is RunKind.RANGED
        run = begun_when_due(stack, database, "tested")
    assert (run.scheduled, run.kind, run.verdict) == (True, RunKind.FULL, Verdict.COMPLETE)


def test_everything_is_read_again_as_often_as_is_declared(stack: Stack, database: Engine) -> None:
    """Between two full reads a scheduled run asks for what is new."""
    with slow_repository(20, 10, 0) as url:
        declare(stack.config, {"tested": {"url": url, "schedule": ONCE_A_YEAR, "full_every": "30d"}})
        beat(stack)
        stack.worker()
        kinds = [begun_when_due(stack, database, "tested").kind for _ in range(2)]
        set_clock(database, ledger_tables.coverage, full_at=-31 * 86400)
        runs = [begun_when_due(stack, database, "tested") for _ in range(2)]
    assert kinds == [RunKind.FULL, RunKind.INCREMENTAL]
    assert [run.kind for run in runs] == [RunKind.FULL, RunKind.INCREMENTAL]
    assert {run.verdict for run in runs} == {Verdict.COMPLETE}


def test_a_gap_that_is_not_due_is_left_to_a_person(migrated_database_url: str) -> None:
    """A scheduled run tries a new gap once, then waits for its time and says so; a person's tries it whenever asked."""
    watch = Watch(lost_token)
    with slow_repository(5 * PAGE_SIZE, PAGE_SIZE, 0, watch=watch) as url, opened(migrated_database_url) as database:
        endpoint = endpoint_at(url, schedule=ONCE_A_YEAR)

        def harvested() -> tuple[Verdict | None, list[str]]:
            run = harvest_here(migrated_database_url, endpoint, wait=lambda _seconds: None)
            return run.verdict, [reason.code for reason in run.reasons]

        def when_due() -> tuple[Verdict | None, list[str]]:
            take_over([endpoint], database)
            set_clock(database, ledger_tables.endpoints, next_due_at=-1)
            assert len(begin_what_is_due(database)) == 1
            return harvested()

        broken = [when_due(), when_due()]
        watch.forget()
        left_alone = when_due()
        asked = list(watch.lists)
        watch.fault = polite
        tried = harvested()
    assert [verdict for verdict, _ in broken] == [Verdict.PARTIAL] * 2
    assert left_alone == (Verdict.PARTIAL, ["gaps-waiting"])
    assert [each.from_ is not None for each in asked] == [True]
    assert tried == (Verdict.COMPLETE, [])


# --- hosts ----------------------------------------------------------------------------------------


class Counted:
    """A fault that counts: how many requests are in hand at once, and when each came; each takes a little while."""

    def __init__(self) -> None:
        """Count from nothing."""
        self._lock = threading.Lock()
        self._in_hand = 0
        self.most = 0
        self.came: list[float] = []

    def __call__(self, asked: Asked, answer: Answer) -> Response:
        """Count, and answer after a while."""
        with self._lock:
            self.came.append(time.monotonic())
            self._in_hand += 1
            self.most = max(self.most, self._in_hand)
        time.sleep(0.05)
        response = answer(asked.request)
        with self._lock:
            self._in_hand -= 1
        return response


def declare_two(stack: Stack, url: str, **keys: Any) -> None:
    """Declare two endpoints at one host, each with a set of its own, due once a year."""
    declare(stack.config, {spec: {"url": url, "sets": [spec], "schedule": ONCE_A_YEAR} | keys for spec in SETS})


@pytest.mark.parametrize("parallel", [1, 2])
def test_a_host_is_never_asked_more_at_once_than_is_declared(parallel: int, stack: Stack, database: Engine) -> None:
    """Two endpoints share it, four processes would work: whatever is asked counts, and each run gets its turns."""
    counted = Counted()
    watch = Watch(counted)
    with slow_repository(600, 20, 0, sets=SETS, watch=watch) as url:
        declare_two(stack, url, parallel=parallel)
        stack.worker(2)
        stack.worker(2)
        beat(stack)
        make_due(database)
        runs = [stack.ended(stack.newest(spec, 30).run_id, 60) for spec in SETS]
    assert [(run.verdict, run.records) for run in runs] == [(Verdict.COMPLETE, 300)] * 2
    assert counted.most == parallel
    if parallel == 1:
        stretches = [len(list(pages)) for _, pages in groupby(asked.set_spec for asked in watch.lists)]
        assert max(stretches) < 10, "one of the two had to wait for most of the other"


def test_two_workers_keep_one_pace(stack: Stack, database: Engine) -> None:
    """``min_interval`` lies between any two requests of a host, whoever makes them."""
    counted = Counted()
    with slow_repository(120, 20, 0, sets=SETS, watch=Watch(counted)) as url:
        declare_two(stack, url, parallel=2, min_interval="300ms")
        stack.worker(2)
        stack.worker(2)
        beat(stack)
        make_due(database)
        runs = [stack.ended(stack.newest(spec, 30).run_id, 60) for spec in SETS]
    assert [run.verdict for run in runs] == [Verdict.COMPLETE] * 2
    # Turns are taken to the millisecond; how soon a request follows its turn is up to the machine.
    assert min(after - before for before, after in pairwise(counted.came)) > 0.15
    assert counted.came[-1] - counted.came[0] > 0.3 * (len(counted.came) - 1) - 0.15


class Away:
    """A fault that refuses one page of the letters the first time, with Retry-After, and remembers when what came."""

    def __init__(self, page: int, seconds: int) -> None:
        """Refuse nothing yet."""
        self._page, self._seconds = page, seconds
        self.refused_at = 0.0
        self.came: list[tuple[float, Asked]] = []

    def __call__(self, asked: Asked, answer: Answer) -> Response:
        """Refuse the page, once; answer everything else."""
        self.came.append((time.monotonic(), asked))
        if (asked.page, asked.set_spec, self.refused_at) != (self._page, "letters", 0.0):
            return answer(asked.request)
        self.refused_at = time.monotonic()
        return Response(body=b"", status=503, headers=(("Retry-After", str(self._seconds)),))

    def came_too_early(self, tolerance: float = 0.0) -> list[Asked]:
        """Give what was asked while the host had to be left alone, but for so many seconds at the beginning."""
        since, until_ = self.refused_at + tolerance, self.refused_at + self._seconds
        return [asked for when, asked in self.came if since < when < until_]


def test_a_host_that_is_away_is_left_alone_and_gone_on_with(stack: Stack, database: Engine) -> None:
    """The window is put back; another run of the host waits as well; then both go on, the first from its token."""
    away = Away(page=3, seconds=4)
    with slow_repository(10 * PAGE_SIZE, PAGE_SIZE, 0, sets=SETS, watch=Watch(away)) as url:
        declare_two(stack, url, page_deadline="2s")
        stack.worker(2)
        beat(stack)
        letters = stack.queue("letters")
        (window,) = until(lambda: put_back(stack, letters), 30, what="a window to be put back", tails=stack.tails)
        make_due(database)
        minutes = stack.ended(stack.newest("minutes", 30).run_id, 60)
        assert stack.run(letters).windows == (window,)
        # It is left alone for a minute at least, which a test need not sit through.
        set_window(database, window.window_id, next_try_at=datetime.now(UTC))
        run = stack.ended(letters, 60)
    assert away.came_too_early() == []
    assert [run.verdict, minutes.verdict] == [Verdict.COMPLETE] * 2
    pages = [asked.page for _, asked in away.came if asked.page and asked.set_spec == "letters"]
    assert pages == [1, 2, 3, 3, 4, 5]


def put_back(stack: Stack, run_id: int) -> tuple[Any, ...]:
    """Give the windows of a run that wait for their next try."""
    return tuple(window for window in stack.run(run_id).windows if window.next_try_at is not None)


def test_a_host_that_asks_for_a_moment_gets_it_from_all_who_are_at_work(stack: Stack) -> None:
    """Others with windows of their own in hand hear of it before their next request."""
    away = Away(page=2, seconds=4)
    with slow_repository(60 * PAGE_SIZE, PAGE_SIZE, 0.05, sets=SETS, watch=Watch(away)) as url:
        declare(stack.config, {"letters": {"url": url, "sets": ["letters"], "parallel": 3}})
        stack.worker(3)
        beat(stack)
        run = stack.ended(stack.queue("letters"), 60)
    # What is under way at that moment can not be called back.
    assert away.came_too_early(tolerance=1) == []
    assert (run.verdict, run.records) == (Verdict.COMPLETE, 30 * PAGE_SIZE)
    assert {window.outages for window in run.windows} == {0}

"""More than there should be: tasks that come twice, callers and beats at once, endpoints that are in each other's way.

Who does what is decided in the ledger, so nothing is done twice, and nobody waits for long for anybody else.
"""

import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import psycopg
import pytest
from database_rows import count, rows
from equality import catalogue
from harvesting import endpoint_at, harvest_here
from hostile.statuses import not_oai_pmh
from processes import until
from redis import Redis
from servers import RedisServer
from stack import Stack, declare, slow_repository, wait_for_line
from watching import Asked, Fault, Watch

from ingest.ledger import Verdict
from ingest.normalise.vocabularies import rights_vocabulary
from ingest.store.schema import upgrade
from workers.app import QUEUES
from workers.demo.exchange import Answer, Response, Writer

pytestmark = pytest.mark.xdist_group("stack")

RECORDS = 1500
PAGE_SIZE = 25
PAGES = RECORDS // PAGE_SIZE


# --- tasks that come twice ------------------------------------------------------------------------


class Copier:
    """Watches what is sent to the queues, and sends all of it once more: as it is, and in turn as another task's."""

    def __init__(self, broker_url: str) -> None:
        """Watch nothing yet."""
        self._broker = Redis.from_url(broker_url)
        # Nothing may be said for longer than its usual patience: processes take seconds to start.
        patient = Redis.from_url(broker_url, socket_timeout=None)
        self._monitor = patient.monitor()  # type: ignore[no-untyped-call]  # Redis has no type here.
        self._known: set[str] = set()
        self._thread = threading.Thread(target=self._watch)
        self.copies: Counter[str] = Counter()
        """How many copies have been sent, by the name of the task."""

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._monitor.__enter__()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Watch no more."""
        self._broker.publish("end", "")
        self._thread.join()
        self._monitor.__exit__(kind, error, trace)
        self._monitor.connection_pool.disconnect()
        self._broker.close()

    def _watch(self) -> None:
        for told in self._monitor.listen():
            words = told["command"]
            if words.startswith("PUBLISH end"):
                return
            # The server doubles each backslash.
            found = re.fullmatch(rf"LPUSH ({'|'.join(QUEUES)}) (.*)", words.replace("\\\\", "\\"))
            if found and found[2] not in self._known:
                self._copy(found[1], found[2])

    def _copy(self, queue: str, message: str) -> None:
        """Send a message once more, twice over: a broker that takes it for lost does the first."""
        told = json.loads(message)
        other = json.loads(message)
        other["headers"]["id"] = other["properties"]["correlation_id"] = str(uuid4())
        other["properties"]["delivery_tag"] = str(uuid4())
        for copy in (message, json.dumps(other)):
            self._known.add(copy)
            self._broker.lpush(queue, copy)
            self.copies[told["headers"]["task"]] += 1


def test_tasks_that_come_three_times_are_done_once(
    migrated_postgresql_url: str, broker: RedisServer, expected: Callable[..., Any], tmp_path: Path
) -> None:
    """Under the same id, and under another; four processes take them at the same time."""
    watch = Watch()
    with (
        slow_repository(RECORDS, PAGE_SIZE, 0.05, watch=watch) as url,
        Stack(migrated_postgresql_url, broker.url, tmp_path, slice_seconds=0.5) as stack,
        Copier(broker.url) as copier,
    ):
        declare(stack.config, {"tested": {"url": url, "parallel": 3}})
        workers = [stack.worker(2), stack.worker(2), stack.beat()]
        run = stack.ended(stack.queue("tested"), 120)
        assert all(process.running for process in workers)
        assert "Traceback" not in "".join(process.log for process in workers)
        assert len(stack.runs()) == 1
    assert copier.copies.keys() == {"ingest.plan_run", "ingest.work_window", "ingest.finish_run"}
    assert copier.copies["ingest.work_window"] >= 10
    asked = Counter(each.request.arguments for each in watch.log)
    assert max(asked.values()) == 1, "the same was asked for twice"
    expected(RECORDS).assert_same(run, migrated_postgresql_url)


# --- callers and beats at once --------------------------------------------------------------------


def test_a_run_that_five_callers_ask_for_at_once_is_one_run(
    migrated_postgresql_url: str, broker_url: str, expected: Callable[..., Any], tmp_path: Path
) -> None:
    """Nobody is refused, each is told the same run, and it is worked on once."""
    with (
        slow_repository(RECORDS, PAGE_SIZE, 0) as url,
        Stack(migrated_postgresql_url, broker_url, tmp_path) as stack,
    ):
        declare(stack.config, {"tested": {"url": url}})
        callers = [stack.start("harvest", "tested", "--queue", "--json") for _ in range(5)]
        assert [caller.wait(60) for caller in callers] == [0] * 5
        told = [json.loads(line) for caller in callers for line in caller.log.splitlines() if line.startswith("{")]
        stack.worker()
        run = stack.ended(told[0]["run"], 60)
        assert len(stack.runs()) == 1
    assert [each["run"] for each in told] == [run.run_id] * 5
    assert run.total("pages") == PAGES
    expected(RECORDS).assert_same(run, migrated_postgresql_url)


def test_three_beats_begin_what_is_due_once_and_the_last_one_goes_on_alone(
    migrated_postgresql_url: str, broker_url: str, tmp_path: Path
) -> None:
    """Thirty endpoints at a time, so that the beats meet; three years of missed times are one; two beats are killed."""
    names = {f"archive-{number}" for number in range(30)}
    with Stack(migrated_postgresql_url, broker_url, tmp_path, tick_seconds=TICK_SECONDS) as stack:
        keys = {"url": "http://127.0.0.1:1/oai", "schedule": ONCE_A_YEAR}
        declare(stack.config, dict.fromkeys(names, keys))
        beats = [stack.beat() for _ in range(3)]
        for beat in beats:
            wait_for_line(beat, "declarations taken over", 30)
        for times in range(1, 7):
            if times == 5:
                beats[0].kill_all()
                beats[1].kill_all()
            made_due_at = make_due(migrated_postgresql_url, "3 years")
            wait_for_runs(migrated_postgresql_url, times * len(names))
            (newest,) = rows(migrated_postgresql_url, "SELECT max(started_at) AS begun FROM runs")
            assert (newest["begun"] - made_due_at).total_seconds() <= 2 * TICK_SECONDS
            end_runs(migrated_postgresql_url)
        lines = "".join(beat.log for beat in beats).count("is due since")
    begun = rows(migrated_postgresql_url, "SELECT name FROM runs JOIN endpoints ON endpoints.id = endpoint_id")
    assert Counter(run["name"] for run in begun) == dict.fromkeys(names, 6)
    assert lines == len(begun), "a time was taken twice"


TICK_SECONDS = 2
ONCE_A_YEAR = "0 3 1 1 *"


def wait_for_runs(database_url: str, number: int) -> None:
    """Wait until so many runs have been begun, and until whoever would begin one more has had the time to."""
    until(lambda: count(database_url, "runs") >= number, 30, what=f"{number} runs")
    time.sleep(TICK_SECONDS)


def end_runs(database_url: str) -> None:
    """Let all runs have ended: what they would read is no matter here."""
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE runs SET ended_at = now(), verdict = 'complete' WHERE ended_at IS NULL")


def make_due(database_url: str, ago: str) -> datetime:
    """Let every endpoint have been due so long ago, and give the database's time."""
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE endpoints SET next_due_at = now() - %s::interval", [ago])
        now = connection.execute("SELECT clock_timestamp()").fetchone()
    assert now is not None
    return datetime.fromisoformat(str(now[0]))


# --- endpoints that get in each other's way -------------------------------------------------------


FEW = 200
SEVEN = tuple(f"small-{number}" for number in range(1, 8))


def hanging(_asked: Asked, _answer: Answer) -> Writer:
    """Take the question, and never answer."""
    return lambda connection: connection.pause(3600)


def out_of_order(_asked: Asked, _answer: Answer) -> Response:
    """Answer everything with status 503."""
    return Response(body=b"", status=503)


TOLD: dict[Fault, str] = {not_oai_pmh: "not-oai-pmh", out_of_order: "repository-unavailable"}
"""What the run of a failing repository says of it."""


# The one is asked five times, for half a minute in all, before it counts as out of order.
@pytest.mark.parametrize("failing", [not_oai_pmh, pytest.param(out_of_order, marks=pytest.mark.long)])
def test_endpoints_that_hang_fail_or_never_end_do_not_hold_up_the_others(
    failing: Fault, migrated_postgresql_url: str, broker_url: str, tmp_path: Path
) -> None:
    """Ten at once on two workers: seven of them end within a minute, though the other three come first."""
    watches = [Watch() for _ in range(9)]
    with (
        ExitStack() as servers,
        Stack(migrated_postgresql_url, broker_url, tmp_path, lease_seconds=30) as stack,
    ):
        served = [servers.enter_context(slow_repository(FEW, 20, 0.03, watch=watch)) for watch in watches]
        urls = {"enormous": servers.enter_context(slow_repository(40_000, 100, 0.03))}
        # The queue is told of hosts in the order of their names where none has been worked at yet.
        order = sorted(range(9), key=lambda number: served[number])
        watches[order[0]].fault, watches[order[1]].fault = hanging, failing
        urls |= {name: served[number] for name, number in zip(("hanging", "failing", *SEVEN), order, strict=True)}
        declare(stack.config, {name: {"url": url, "schedule": ONCE_A_YEAR} for name, url in urls.items()})
        stack.worker(1)
        stack.worker(1)
        wait_for_line(stack.beat(), "declarations taken over", 30)
        made_due_at = make_due(migrated_postgresql_url, "1 hour")
        runs = {name: stack.ended(stack.newest(name, 30).run_id, 120) for name in SEVEN}
        others = {name: stack.newest(name, 1) for name in urls.keys() - runs.keys()}
        assert others["enormous"].total("pages") > 0
    assert max((run.ended_at - made_due_at).total_seconds() for run in runs.values() if run.ended_at) < 60
    assert {run.verdict for run in runs.values()} == {Verdict.COMPLETE}
    assert all(others[name].active for name in ("enormous", "hanging"))
    assert [reason.code for reason in others["failing"].reasons] == [TOLD[failing]]
    of_seven = {
        view: [row for row in said if row[0][0] in SEVEN] for view, said in catalogue(migrated_postgresql_url).items()
    }
    assert of_seven == catalogue(each_alone(tmp_path))


def each_alone(folder: Path) -> str:
    """Harvest the seven one after the other with nothing in their way, and give the database."""
    database_url = f"sqlite:///{folder / 'alone.db'}"
    upgrade(database_url, vocabulary=rights_vocabulary())
    with slow_repository(FEW, 20, 0) as url:
        for name in SEVEN:
            harvest_here(database_url, endpoint_at(url, name=name, namespace=name))
    return database_url

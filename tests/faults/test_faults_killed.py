"""Workers that are killed: what they had in hand is gone on with, and nothing is lost or redone."""

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from database_rows import rows
from equality import assert_equal
from processes import until
from redis import Redis
from stack import Process, Stack, declare, slow_repository
from watching import Asked, Watch

from ingest.ledger import Verdict
from workers.demo.exchange import Answer, Response

pytestmark = [pytest.mark.xdist_group("stack")]

KILLS = 20
PAGE_SIZE = 100
SECONDS_A_PAGE = 0.03
PATIENCE_SECONDS = 5
"""For somebody to be at work who can be killed; whoever was killed last may hold the only lease for longer."""
SETS = ("letters", "minutes", "photographs")
DEADLY = 3
"""The page that kills whoever works on it: the last of a list that is too short to be split."""
# A process that sees another name of the host, and counts processes apart: as another machine would.
ELSEWHERE = ("unshare", "--uts", "--pid", "--mount-proc", "--fork", "sh", "-c", 'hostname elsewhere; exec "$0" "$@"')


def holders(database_url: str) -> list[int]:
    """Give the ids of the processes that hold a lease."""
    held = rows(database_url, "SELECT owner FROM windows WHERE owner IS NOT NULL AND state = 'open'")
    return [int(row["owner"].split("/")[2]) for row in held]


def at_work(workers: Sequence[Process], database_url: str) -> list[int]:
    """Give the holders of leases, as soon as one of them is among the workers: between two slices there is none."""
    within = time.monotonic() + PATIENCE_SECONDS
    while True:
        held = holders(database_url)
        children = {child for worker in workers for child in worker.children()}
        if not children.isdisjoint(held) or time.monotonic() > within:
            return held
        time.sleep(0.01)


# --- anywhere, again and again --------------------------------------------------------------------


@pytest.mark.parametrize("parallel", [1, 4])
@pytest.mark.parametrize("records", [8_000, pytest.param(40_000, marks=[pytest.mark.long, pytest.mark.timeout(600)])])
def test_a_harvest_whose_workers_are_killed_twenty_times_ends_as_if_none_had_been(
    *,
    records: int,
    parallel: int,
    migrated_postgresql_url: str,
    broker_url: str,
    tmp_path: Path,
    expected: Callable[..., Any],
) -> None:
    """Children and whole workers in turn, at random moments of one harvest; killed workers are started anew."""
    chance = random.Random(parallel)  # noqa: S311 - the same moments each time, and nothing secret.
    moments = sorted(chance.sample(range(1, records // PAGE_SIZE - 2), KILLS))
    with (
        slow_repository(records, PAGE_SIZE, SECONDS_A_PAGE) as url,
        Stack(migrated_postgresql_url, broker_url, tmp_path) as stack,
    ):
        declare(stack.config, {"tested": {"url": url, "parallel": parallel}})
        stack.beat()
        workers = [stack.worker(2), stack.worker(2)]
        run_id = stack.queue("tested")
        struck = 0
        for number, pages in enumerate(moments):
            stack.wait_for_pages(run_id, pages, 60)
            time.sleep(chance.uniform(0, 2 * SECONDS_A_PAGE))
            held = at_work(workers, migrated_postgresql_url)
            if number % 2:
                struck += kill_worker(stack, workers, held)
            else:
                struck += kill_child(workers, held)
        run = stack.ended(run_id, 300)
    assert struck > KILLS / 2, "most kills should have met somebody at work"
    expected(records).assert_same(run, migrated_postgresql_url)


def kill_child(workers: Sequence[Process], held: Sequence[int]) -> bool:
    """Kill a process of a pool, one that holds a lease where there is one, and tell whether it was one."""
    alive = [child for worker in workers for child in worker.children()]
    busy = [child for child in alive if child in held]
    for victim in (busy or alive)[:1]:
        os.kill(victim, signal.SIGKILL)
    return bool(busy)


def kill_worker(stack: Stack, workers: list[Process], held: Sequence[int]) -> bool:
    """Kill a whole worker, likewise, and start another in its place."""
    busy = [worker for worker in workers if not {*worker.children()}.isdisjoint(held)]
    victim = (busy or workers)[0]
    victim.kill_all()
    workers.remove(victim)
    workers.append(stack.worker(2))
    return bool(busy)


def test_children_whose_worker_is_killed_alone_end_and_leave_nothing_undone(
    migrated_postgresql_url: str, broker_url: str, tmp_path: Path, expected: Callable[..., Any]
) -> None:
    """As the system does where memory runs out: what its children had in hand they may end, and take up no more."""
    with (
        slow_repository(600, 10, SECONDS_A_PAGE) as url,
        Stack(migrated_postgresql_url, broker_url, tmp_path) as stack,
    ):
        declare(stack.config, {"tested": {"url": url}})
        stack.beat()
        first = stack.worker(2)
        run_id = stack.queue("tested")
        stack.wait_for_pages(run_id, 5, 60)
        children = first.children()
        first.kill()
        stack.worker(2)
        run = stack.ended(run_id, 120)
        until(lambda: not any(map(alive, children)), 20, what="the children to end")
    expected(600).assert_same(run, migrated_postgresql_url)


def alive(pid: int) -> bool:
    """Tell whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


# --- how soon -------------------------------------------------------------------------------------


def test_what_a_killed_worker_had_in_hand_is_gone_on_with_at_the_next_tick_on_the_same_host(
    migrated_postgresql_url: str, broker_url: str, tmp_path: Path, expected: Callable[..., Any]
) -> None:
    """With the times that are usual: nobody waits for the lease of a process that is known to be gone."""
    with Stack(migrated_postgresql_url, broker_url, tmp_path, lease_seconds=60, tick_seconds=10) as stack:
        took, _ = recovery(stack, migrated_postgresql_url, expected, under=())
    assert took < timedelta(seconds=15)


def test_what_a_worker_killed_on_another_host_had_in_hand_is_gone_on_with_when_its_lease_has_run_out(
    migrated_postgresql_url: str, broker_url: str, tmp_path: Path, expected: Callable[..., Any]
) -> None:
    """Nobody can tell from here whether it lives: not before the lease is over, and within 15 s after that."""
    if not shutil.which("unshare") or subprocess.run([*ELSEWHERE, "true"], capture_output=True, check=False).returncode:
        pytest.skip("a process can only be given a host of its own by root, and by unshare of util-linux")
    with Stack(migrated_postgresql_url, broker_url, tmp_path, lease_seconds=5, tick_seconds=10) as stack:
        took, left = recovery(stack, migrated_postgresql_url, expected, under=ELSEWHERE)
    assert left <= took < timedelta(seconds=5 + 15)


def recovery(
    stack: Stack, database_url: str, expected: Callable[..., Any], *, under: Sequence[str]
) -> tuple[timedelta, timedelta]:
    """Kill a worker in mid-run, let another end the run, and give what the ledger says of the time between.

    That is how long the window waited after the kill, and how much of the lease was left then.
    """
    with slow_repository(600, 10, SECONDS_A_PAGE) as url:
        declare(stack.config, {"tested": {"url": url}})
        stack.beat()
        victim = stack.start("worker", "--concurrency", "1", under=under)
        run_id = stack.queue("tested")
        stack.wait_for_pages(run_id, 5, 60)
        # Between two slices of its work it holds nothing, and nothing would have to be waited for.
        until(lambda: window(database_url)["owner"], 60, what="a slice of the work to be begun", tails=stack.tails)
        victim.kill_all()
        killed = window(database_url)
        stack.worker(1)
        # Each further slice of the work has a lease of its own: the first one tells when it was gone on with.
        after = until(
            lambda: leased_since(killed, database_url), 120, what="the window to be gone on with", tails=stack.tails
        )
        run = stack.ended(run_id, 120)
    assert killed["owner"] is not None
    expected(600).assert_same(run, database_url)
    return after["leased_at"] - killed["now"], killed["lease_until"] - killed["now"]


def leased_since(killed: dict[str, Any], database_url: str) -> dict[str, Any] | None:
    """Read the only window, where somebody has leased it since."""
    now = window(database_url)
    return now if now["fence"] > killed["fence"] else None


def window(database_url: str) -> dict[str, Any]:
    """Read the only window, and the time by the same clock."""
    (row,) = rows(database_url, "SELECT owner, fence, leased_at, lease_until, now() AS now FROM windows")
    assert isinstance(row["now"], datetime)
    return row


# --- for ever -------------------------------------------------------------------------------------


class Deadly:
    """A fault that kills whoever asks for one page of a set, once all pages before it are kept."""

    def __init__(self, database_url: str, set_spec: str) -> None:
        """Kill nobody yet."""
        self._database_url = database_url
        self._set_spec = set_spec
        self.deaths = 0

    def __call__(self, asked: Asked, answer: Answer) -> Response:
        """Kill, or answer as the repository does."""
        if (asked.set_spec, asked.page) == (self._set_spec, DEADLY):
            os.kill(until(self._victim, 30, what="the pages before to be kept"), signal.SIGKILL)
            self.deaths += 1
        return answer(asked.request)

    def _victim(self) -> int | None:
        """Give the holder of the list's window, which asks for the next page while it keeps the one before."""
        query = "SELECT owner FROM windows WHERE set_spec = :set AND pages = :pages AND state = 'open'"
        found = rows(self._database_url, query, set=self._set_spec, pages=DEADLY - 1)
        return int(found[0]["owner"].split("/")[2]) if found else None


def test_a_page_that_kills_its_worker_each_time_is_given_up_and_the_other_lists_are_complete(
    migrated_postgresql_url: str, broker_url: str, tmp_path: Path, expected: Callable[..., Any]
) -> None:
    """Ten deaths in a row are enough, nothing goes on for ever, and the next run reads what is missing."""
    watch = Watch(fault := Deadly(migrated_postgresql_url, SETS[0]))
    keys = {"sets": SETS, "parallel": 2}
    with (
        slow_repository(90, 10, SECONDS_A_PAGE, sets=SETS, watch=watch) as url,
        Stack(migrated_postgresql_url, broker_url, tmp_path) as stack,
        Redis.from_url(broker_url) as queue,
    ):
        declare(stack.config, {"tested": {"url": url, **keys}})
        stack.beat()
        stack.worker(2)
        run_id = stack.queue("tested")
        run = stack.ended(run_id, 120)
        assert run.verdict is Verdict.PARTIAL
        assert [(reason.code, reason.count) for reason in run.reasons] == [("workers-died", 1)]
        states = {each.list.set_spec: (each.state, each.pages) for each in run.windows}
        assert states == dict.fromkeys(SETS, ("ended", 3)) | {SETS[0]: ("abandoned", DEADLY - 1)}
        until(lambda: not queue.llen("harvest") and not queue.hlen("unacked"), 20, what="the queue to be empty")
        assert fault.deaths == 10
        watch.fault = lambda asked, answer: answer(asked.request)
        again = stack.ended(stack.queue("tested"), 60)
        assert again.verdict is Verdict.COMPLETE
        assert_equal(migrated_postgresql_url, expected(90, sets=SETS).database_url)

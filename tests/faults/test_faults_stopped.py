"""Workers that are stopped: frozen past their lease, asked to end, cut into slices, or kept waiting for nothing."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from database_rows import everything, rows
from stack import Process, Stack, declare, slow_repository, wait_for_line
from watching import PAGE_SIZE, Asked, Gate, Watch

from ingest.ledger import Verdict
from ingest.records import OaiError
from workers.demo import answers
from workers.demo.exchange import Answer, Response

pytestmark = [pytest.mark.xdist_group("stack")]

AT_ONCE = 6
"""Seconds: a few, for a machine that has other things to do."""
PATIENCE = 60
LEDGER = ("runs", "windows", "pages", "coverage", "gaps", "items", "records", "changes", "rejections")


# --- frozen ---------------------------------------------------------------------------------------


def in_transaction(database_url: str) -> list[int]:
    """Give the database's sessions whose client has begun a transaction and says nothing."""
    query = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'"
    return [row["pid"] for row in rows(database_url, query)]


def freeze_at_rest(worker: Process, database_url: str) -> None:
    """Freeze a worker while it has no transaction open."""
    worker.freeze()
    while in_transaction(database_url):
        worker.wake()
        time.sleep(0.05)
        worker.freeze()


def freeze_in_mid_transaction(worker: Process, database_url: str, *, state: str) -> None:
    """Freeze a worker in the middle of a page's transaction, when the database waits for it in that state."""
    query = (
        "SELECT pid FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND wait_event = 'ClientRead' AND state = :s"
    )

    def waits() -> bool:
        return bool(rows(database_url, query, s=state))

    worker.freeze()
    # Twice, for what was still on its way when the worker was frozen.
    while not waits() or time.sleep(0.1) or not waits():
        worker.wake()
        time.sleep(0.02)
        worker.freeze()


def test_a_worker_frozen_past_its_lease_writes_nothing_more_when_it_wakes(
    migrated_postgresql_url: str, broker_url: str, tmp_path: Path, expected: Callable[..., Any]
) -> None:
    """Another one has taken its window over within the lease and 15 s; the page that the frozen one has is dropped."""
    gate = Gate(4)
    with (
        slow_repository(300, PAGE_SIZE, 0.01, watch=Watch(gate)) as url,
        Stack(migrated_postgresql_url, broker_url, tmp_path, lease_seconds=3, tick_seconds=10) as stack,
    ):
        declare(stack.config, {"tested": {"url": url}})
        stack.beat()
        frozen = stack.worker(1)
        run_id = stack.queue("tested")
        gate.wait_until_reached()
        stack.wait_for_pages(run_id, 3, 60)
        freeze_at_rest(frozen, migrated_postgresql_url)
        (held,) = rows(migrated_postgresql_url, "SELECT lease_until, now() AS now FROM windows")
        # The answer comes while nobody is there to take it, and is the first thing that the worker finds.
        gate.open()
        stack.worker(1)
        run = stack.ended(run_id, 60)
        (taken,) = rows(migrated_postgresql_url, "SELECT leased_at FROM windows")
        assert held["lease_until"] < taken["leased_at"] < held["now"] + timedelta(seconds=3 + 15)
        before = everything(migrated_postgresql_url, *LEDGER)
        frozen.wake()
        wait_for_line(frozen, "window=1", 30)
        frozen.terminate()
        assert frozen.wait(30) == 0
        assert everything(migrated_postgresql_url, *LEDGER) == before
    assert "Traceback" not in frozen.log
    expected(300).assert_same(run, migrated_postgresql_url)


@pytest.mark.parametrize("state", ["idle in transaction", "active"])
def test_a_worker_frozen_in_the_middle_of_a_pages_transaction_holds_nobody_up_and_writes_nothing_more(
    *, state: str, migrated_postgresql_url: str, broker_url: str, tmp_path: Path, expected: Callable[..., Any]
) -> None:
    """Between two statements, or between those of a batch: its session is ended when its lease is over."""
    with (
        slow_repository(4_000, 100, 0) as url,
        Stack(migrated_postgresql_url, broker_url, tmp_path, lease_seconds=3, slice_seconds=60) as stack,
    ):
        declare(stack.config, {"tested": {"url": url}})
        beat = stack.beat()
        frozen = stack.worker(1)
        run_id = stack.queue("tested")
        stack.wait_for_pages(run_id, 2, 60)
        freeze_in_mid_transaction(frozen, migrated_postgresql_url, state=state)
        (held,) = rows(migrated_postgresql_url, "SELECT fence, now() AS now FROM windows")
        stack.worker(1)
        run = stack.ended(run_id, 60)
        (taken,) = rows(migrated_postgresql_url, "SELECT fence, leased_at FROM windows")
        assert taken["fence"] > held["fence"]
        assert taken["leased_at"] < held["now"] + timedelta(seconds=3 + 15)
        before = everything(migrated_postgresql_url, *LEDGER)
        frozen.wake()
        wait_for_line(frozen, "window=1", 30)
        frozen.terminate()
        assert frozen.wait(30) == 0
        assert everything(migrated_postgresql_url, *LEDGER) == before
    assert "Traceback" not in frozen.log + beat.log
    expected(4_000).assert_same(run, migrated_postgresql_url)


# --- asked to end ---------------------------------------------------------------------------------


class Held:
    """A fault that leaves one request without an answer until the test lets it go."""

    def __init__(self, is_held: Callable[[Asked], bool]) -> None:
        """Hold nothing yet."""
        self._is_held = is_held
        self.reached = threading.Event()
        self.let_go = threading.Event()

    def wait_until_reached(self) -> None:
        """Wait until somebody waits for the answer."""
        assert self.reached.wait(60)

    def __call__(self, asked: Asked, answer: Answer) -> Response:
        """Say nothing, or answer as the repository does."""
        if self._is_held(asked):
            self.reached.set()
            self.let_go.wait(PATIENCE)
        return answer(asked.request)


def test_workers_asked_to_end_are_gone_at_once_and_no_page_but_those_in_hand_is_asked_for_again(
    migrated_postgresql_url: str, broker_url: str, tmp_path: Path, expected: Callable[..., Any]
) -> None:
    """A page that does not come is not waited for. Leases are given back: none of ten minutes has to run out."""
    held = Held(lambda asked: asked.page == 4 and asked.from_ is None)
    watch = Watch(held)
    with (
        slow_repository(600, PAGE_SIZE, 0.05, watch=watch) as url,
        Stack(migrated_postgresql_url, broker_url, tmp_path, lease_seconds=600, slice_seconds=60) as stack,
    ):
        declare(stack.config, {"tested": {"url": url, "parallel": 4}})
        stack.beat()
        workers = [stack.worker(2), stack.worker(2)]
        run_id = stack.queue("tested")
        held.wait_until_reached()
        stack.wait_for_pages(run_id, 20, 60)
        end_at_once(workers)
        held.let_go.set()
        assert not rows(migrated_postgresql_url, "SELECT id FROM windows WHERE owner IS NOT NULL")
        kept = {(each.from_, each.until): each.pages for each in stack.run(run_id).windows}
        before = watch.lists.copy()
        watch.forget()
        for _ in workers:
            stack.worker(2)
        run = stack.ended(run_id, 60)
    assert sum(kept.values()) < run.total("pages")
    for window in run.windows:
        name = (window.from_, window.until)
        first, then = (pages_asked(log, name) for log in (before, watch.lists))
        done = kept.get(name, 0)
        # What was kept was asked for once; of what was not, the next page may have been in hand.
        assert first in ([*range(1, done + 1)], [*range(1, done + 2)])
        # A list that proves long when it is begun is split instead of being read.
        assert then == ([1] if window.state == "split" and not first else [*range(done + 1, window.pages + 1)])
    expected(600).assert_same(run, migrated_postgresql_url)


def pages_asked(log: Iterable[Asked], window: tuple[str | None, str | None]) -> list[int]:
    """Give the pages of a window that were asked for."""
    return [asked.page for asked in log if (asked.from_, asked.until) == window]


def end_at_once(workers: list[Process]) -> None:
    """Ask workers to end and see that they do, in order and without waiting for anybody."""
    for worker in workers:
        worker.terminate()
    assert [worker.wait(AT_ONCE) for worker in workers] == [0] * len(workers)
    assert not any("Traceback" in worker.log for worker in workers)


# --- slices ---------------------------------------------------------------------------------------


class SingleUse:
    """A fault that honours each resumptionToken once."""

    def __init__(self) -> None:
        """Have honoured none yet."""
        self._used: Counter[str] = Counter()

    def __call__(self, asked: Asked, answer: Answer) -> Response:
        """Answer, or refuse a token that comes again."""
        if asked.token and (self._used.update([asked.token]) or self._used[asked.token] > 1):
            error = answers.error(OaiError(code="badResumptionToken", message="The token has been used."))
            base_url = asked.request.base_url
            body = answers.document(response_date="2026-01-01T00:00:00Z", base_url=base_url, echo={}, body=error)
            return Response(body=body)
        return answer(asked.request)


def test_slices_shorter_than_a_page_get_further_and_drop_no_page(
    migrated_postgresql_url: str, broker_url: str, tmp_path: Path, expected: Callable[..., Any]
) -> None:
    """Each page is asked for once, so that a repository whose tokens work once is read without a restart."""
    watch = Watch(SingleUse())
    with (
        slow_repository(160, PAGE_SIZE, 0.2, watch=watch) as url,
        Stack(migrated_postgresql_url, broker_url, tmp_path, slice_seconds=0.1) as stack,
    ):
        declare(stack.config, {"tested": {"url": url}})
        stack.beat()
        stack.worker(2)
        run = stack.ended(stack.queue("tested"), 60)
    assert [asked.page for asked in watch.lists] == [*range(1, 17)]
    expected(160).assert_same(run, migrated_postgresql_url)


# --- nothing comes --------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["Identify", "ListRecords"])
def test_a_repository_that_does_not_answer_keeps_neither_other_endpoints_waiting_nor_workers_from_ending(
    *, verb: str, migrated_postgresql_url: str, broker_url: str, tmp_path: Path, expected: Callable[..., Any]
) -> None:
    """It holds one process of two. Workers that are started later go on with it at once, when it has come back."""
    held = Held(lambda asked: asked.verb == verb)
    with (
        slow_repository(100, PAGE_SIZE, 0.01, watch=Watch(held)) as silent_url,
        slow_repository(300, PAGE_SIZE, 0.01) as url,
        Stack(migrated_postgresql_url, broker_url, tmp_path, lease_seconds=600) as stack,
    ):
        # Both are of one namespace, and the silent one has no record that the other one lacks.
        silent = {"url": silent_url, "namespace": "tested"}
        declare(stack.config, {"tested": {"url": url}, "silent": silent})
        stack.beat()
        workers = [stack.worker(1), stack.worker(1)]
        silent_id = stack.queue("silent")
        held.wait_until_reached()
        run = stack.ended(stack.queue("tested"), 30)
        expected(300).assert_same(run, migrated_postgresql_url)
        assert stack.run(silent_id).active
        end_at_once(workers)
        held.let_go.set()
        stack.worker(1)
        assert stack.ended(silent_id, 30).verdict is Verdict.COMPLETE

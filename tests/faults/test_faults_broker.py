"""The broker loses everything, goes away, or was never there: the ledger knows what waits, and the end is the same."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from redis import Redis
from servers import RedisServer
from stack import Stack, declare, slow_repository, wait_for_line

from workers.app import HARVEST

pytestmark = pytest.mark.xdist_group("stack")

RECORDS = 1500
PAGE_SIZE = 25
SECONDS_A_PAGE = 0.1
LEASE_SECONDS = 3
NOWHERE = "redis://127.0.0.1:1/0"


@contextmanager
def stack_on(database_url: str, broker_url: str, folder: Path, **keys: Any) -> Iterator[Stack]:
    """Give a stack without processes, that has one endpoint declared; its work is cut into slices of half a second."""
    with (
        slow_repository(RECORDS, PAGE_SIZE, SECONDS_A_PAGE) as url,
        Stack(database_url, broker_url, folder, lease_seconds=LEASE_SECONDS, slice_seconds=0.5) as stack,
    ):
        declare(stack.config, {"tested": {"url": url, "parallel": 2} | keys})
        yield stack


def test_a_broker_emptied_again_and_again_loses_no_work(
    migrated_postgresql_url: str, broker: RedisServer, expected: Callable[..., Any], tmp_path: Path
) -> None:
    """The first thing lost is the run itself, before anybody took it; then whatever waits in mid-run."""
    with stack_on(migrated_postgresql_url, broker.url, tmp_path) as stack, Redis.from_url(broker.url) as client:
        stack.beat()
        run_id = stack.queue("tested")
        assert client.llen(HARVEST) == 1
        client.flushall()
        stack.worker(2)
        for pages in range(5, 40, 5):
            stack.wait_for_pages(run_id, pages, 60)
            client.flushall()
        run = stack.ended(run_id, 90)
    expected(RECORDS).assert_same(run, migrated_postgresql_url)


def test_a_broker_that_was_away_for_ten_seconds_costs_time_alone(
    migrated_postgresql_url: str, broker: RedisServer, expected: Callable[..., Any], tmp_path: Path
) -> None:
    """It comes back empty: worker and scheduler find it again, and what it knew stands in the ledger."""
    with stack_on(migrated_postgresql_url, broker.url, tmp_path) as stack:
        worker, beat = stack.worker(2), stack.beat()
        run_id = stack.queue("tested")
        before = stack.wait_for_pages(run_id, 10, 60)
        broker.stop()
        wait_for_line(worker, "Connection to broker lost", 20)
        with pytest.raises(AssertionError, match=f"waited 10 s for run {run_id} to end"):
            stack.ended(run_id, 10)
        assert stack.pages_of(run_id) >= before
        broker.start()
        run = stack.ended(run_id, 90)
        assert (worker.running, beat.running) == (True, True)
    expected(RECORDS).assert_same(run, migrated_postgresql_url)


@pytest.mark.parametrize(
    "command", [("worker",), ("beat",), ("harvest", "tested", "--queue")], ids=lambda words: words[0]
)
def test_what_needs_a_broker_is_refused_in_one_line_where_there_is_none(
    command: tuple[str, ...], migrated_postgresql_url: str, tmp_path: Path
) -> None:
    """Nothing is begun that nobody would hear of."""
    with stack_on(migrated_postgresql_url, NOWHERE, tmp_path) as stack:
        refused = stack.command(*command)
        runs = stack.runs()
    assert (refused.returncode, refused.stdout, runs) == (2, "", ())
    (line,) = refused.stderr.splitlines()
    assert f"the broker at {NOWHERE} can not be reached" in line


def test_a_run_that_is_due_while_the_broker_is_away_is_worked_on_when_it_comes(
    migrated_postgresql_url: str, broker: RedisServer, expected: Callable[..., Any], tmp_path: Path
) -> None:
    """A beat begins it all the same; a worker and another beat that were told to wait begin when there is a broker."""
    with stack_on(migrated_postgresql_url, broker.url, tmp_path, schedule="0 3 1 1 *") as stack:
        beat = stack.beat()
        wait_for_line(beat, "declarations taken over", 30)
        broker.stop()
        make_due(migrated_postgresql_url, "tested")
        run_id = stack.newest("tested", 30).run_id
        wait_for_line(beat, "the broker is away", 30)
        waiting = [stack.worker(2, "--wait"), stack.beat("--wait")]
        for process in waiting:
            wait_for_line(process, "can not be reached", 30)
        broker.start()
        run = stack.ended(run_id, 90)
        wait_for_line(waiting[1], "declarations taken over", 30)
        assert len(stack.runs()) == 1
    assert run.scheduled
    expected(RECORDS).assert_same(run, migrated_postgresql_url)


def make_due(database_url: str, name: str) -> None:
    """Set the next time of an endpoint to an hour ago."""
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE endpoints SET next_due_at = now() - interval '1 hour' WHERE name = %s", [name])

"""The database goes away in mid-run, or a connection at the worst moment: each page is there once all the same."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from lossy_link import LossyLink
from processes import until
from psycopg import sql
from servers import PostgresqlServer
from stack import Stack, declare, slow_repository, wait_for_line

from ingest.store.engine import PATIENCE_SECONDS

pytestmark = pytest.mark.xdist_group("stack")

RECORDS = 600
PAGE_SIZE = 20
PAGES = RECORDS // PAGE_SIZE
SECONDS_A_PAGE = 0.1
AWAY_SECONDS = 4
"""Longer than a lease, and much shorter than the product waits for a database."""


@contextmanager
def stack_on(
    database_url: str, broker_url: str, folder: Path, *, parallel: int = 1, seconds: float = 3
) -> Iterator[Stack]:
    """Give a stack without processes, that has one endpoint declared; leases and slices are so many ``seconds``."""
    with (
        slow_repository(RECORDS, PAGE_SIZE, SECONDS_A_PAGE) as url,
        Stack(database_url, broker_url, folder, lease_seconds=seconds, slice_seconds=seconds) as stack,
    ):
        declare(stack.config, {"tested": {"url": url, "parallel": parallel}})
        yield stack


# --- the server goes away -------------------------------------------------------------------------


def test_a_database_that_restarts_in_mid_run_costs_time_alone(
    own_postgresql: PostgresqlServer, broker_url: str, expected: Callable[..., Any], tmp_path: Path
) -> None:
    """Twice: workers wait for it with the page in hand, the scheduler with its tick."""
    with stack_on(own_postgresql.database_url, broker_url, tmp_path, parallel=2) as stack:
        worker, beat = stack.worker(2), stack.beat()
        run_id = stack.queue("tested")
        for pages in (5, 15):
            # A task that was just reading leaves its window alone for a minute.
            stack.wait_for_pages(run_id, pages, 100)
            own_postgresql.stop()
            time.sleep(AWAY_SECONDS)
            own_postgresql.start()
        run = stack.ended(run_id, 150)
        assert (worker.running, beat.running) == (True, True)
        assert "Traceback" not in worker.log + beat.log
    expected(RECORDS).assert_same(run, own_postgresql.database_url)


@pytest.mark.long
def test_a_database_that_is_away_for_longer_than_workers_wait_is_gone_on_with(
    own_postgresql: PostgresqlServer, broker_url: str, expected: Callable[..., Any], tmp_path: Path
) -> None:
    """The tasks in hand fail, with one line each; the scheduler finds what they left."""
    with stack_on(own_postgresql.database_url, broker_url, tmp_path, parallel=2) as stack:
        worker, beat = stack.worker(2), stack.beat()
        run_id = stack.queue("tested")
        stack.wait_for_pages(run_id, 10, 60)
        own_postgresql.stop()
        for process, line in ((worker, "task failed"), (beat, "the database is away")):
            wait_for_line(process, line, 4 * PATIENCE_SECONDS)
        own_postgresql.start()
        run = stack.ended(run_id, 120)
        wait_for_line(beat, "the database is back", 30)
        assert (worker.running, beat.running) == (True, True)
        assert beat.log.count("the database is away") == 1
        assert "Traceback" not in worker.log + beat.log
    expected(RECORDS).assert_same(run, own_postgresql.database_url)


def test_processes_that_wait_for_a_database_begin_when_there_is_one(
    own_postgresql: PostgresqlServer, broker_url: str, expected: Callable[..., Any], tmp_path: Path
) -> None:
    """Without being told to wait they say in one line that there is none."""
    with stack_on(own_postgresql.database_url, broker_url, tmp_path, parallel=2) as stack:
        run_id = stack.queue("tested")
        own_postgresql.stop()
        refused = stack.command("worker")
        waiting = [stack.worker(2, "--wait"), stack.beat("--wait")]
        for process in waiting:
            wait_for_line(process, "not ready to begin", 30)
        own_postgresql.start()
        run = stack.ended(run_id, 90)
    assert (refused.returncode, refused.stdout, len(refused.stderr.splitlines())) == (2, "", 1)
    assert "the database is not reachable" in refused.stderr
    expected(RECORDS).assert_same(run, own_postgresql.database_url)


# --- a connection is lost -------------------------------------------------------------------------


def test_a_connection_killed_in_a_page_transaction_leaves_nothing_of_it(
    migrated_postgresql_url: str, broker_url: str, expected: Callable[..., Any], tmp_path: Path
) -> None:
    """It waits for a lock that the test holds, where it would write its next table; there its connection is ended."""
    plain_url = migrated_postgresql_url.replace("+psycopg", "")
    with (
        stack_on(migrated_postgresql_url, broker_url, tmp_path) as stack,
        psycopg.connect(plain_url) as holder,
        psycopg.connect(plain_url, autocommit=True) as onlooker,
    ):
        stack.worker()
        run_id = stack.queue("tested")
        for pages, table in enumerate(("records", "items", "record_rights", "pages", "changes"), start=2):
            stack.wait_for_pages(run_id, pages, 60)
            holder.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(sql.Identifier(table)))
            before = stack.pages_of(run_id)
            end_who_waits_for(onlooker, table)
            assert stack.pages_of(run_id) == before
            holder.rollback()
        run = stack.ended(run_id, 90)
    assert run.total("pages") == PAGES
    expected(RECORDS).assert_same(run, migrated_postgresql_url)


def end_who_waits_for(onlooker: psycopg.Connection, table: str) -> None:
    """End the connection that waits for a table, and wait until it is gone."""
    waiting = """
        SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE NOT granted AND relation = %s::regclass AND query ~ '^(INSERT|COPY)'
    """
    (pid,) = until(lambda: onlooker.execute(waiting, [table]).fetchone(), 30, what=f"a transaction to wait for {table}")
    onlooker.execute("SELECT pg_terminate_backend(%s)", [pid])
    still = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"
    until(lambda: onlooker.execute(still, [pid]).fetchone() is None, 30, what="the connection to be gone")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_connection_lost_while_a_page_is_committed_counts_the_page_once(
    when: str, *, migrated_postgresql_url: str, broker_url: str, expected: Callable[..., Any], tmp_path: Path
) -> None:
    """The worker can not know whether its COMMIT has arrived. All but one or two of those that are cut are of pages."""
    parts = urlsplit(migrated_postgresql_url)
    with (
        LossyLink(str(parts.hostname), parts.port or 5432) as link,
        stack_on(migrated_postgresql_url, broker_url, tmp_path, seconds=60) as stack,
    ):
        # In the clear, so that the link can read along.
        linked = parts._replace(netloc=f"{parts.username}@127.0.0.1:{link.port}", query="sslmode=disable")
        worker = stack.worker(OAI_INGEST_DATABASE_URL=linked.geturl())
        run_id = stack.queue("tested")
        for pages in range(1, PAGES - 2, 3):
            stack.wait_for_pages(run_id, pages, 60)
            link.cut_next_commit(when)
        run = stack.ended(run_id, 90)
        assert worker.running
    assert link.cuts == len(range(1, PAGES - 2, 3))
    assert run.total("pages") == PAGES
    expected(RECORDS).assert_same(run, migrated_postgresql_url)

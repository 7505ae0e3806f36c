"""Transactions whose connection is lost: they are repeated, and nothing is done or counted twice."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from ledger_runs import claimed, leased, planned, request, states, windows_of
from lossy_link import LossyLink
from sqlalchemy import Connection, Engine, text
from store_pages import LEASE_SECONDS, Harvest, change_database, counts, harvesting, live, plan, rows

from ingest.errors import DatabaseRefused, LeaseLost
from ingest.ledger import ListName, PlannedWindow
from ingest.store.engine import glance, open_engine, reading, write
from ingest.store.owners import this_owner
from ingest.store.pages import PageKept, keep_page
from ingest.store.runs import begin_run
from ingest.store.window_parts import split_window
from ingest.store.windows import read_window

INSERT = text("INSERT INTO hosts (name) VALUES (:name)")
COUNT = text("SELECT count(*) FROM hosts")
END_OWN = text("SELECT pg_terminate_backend(pg_backend_pid())")
WHEN = ["before", "after"]


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    """Open a database and close it afterwards."""
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def postgresql(migrated_postgresql_url: str) -> Iterator[Engine]:
    """Return a PostgreSQL database, opened."""
    with opened(migrated_postgresql_url) as engine:
        yield engine


@pytest.fixture
def link(migrated_postgresql_url: str) -> Iterator[LossyLink]:
    """Return a link to the server of that database."""
    parts = urlsplit(migrated_postgresql_url)
    with LossyLink(str(parts.hostname), parts.port or 5432) as made:
        yield made


@pytest.fixture
def linked(migrated_postgresql_url: str, link: LossyLink) -> Iterator[Engine]:
    """Return the same database, reached over the link."""
    parts = urlsplit(migrated_postgresql_url)
    user = f"{parts.username}:{parts.password}@" if parts.password else f"{parts.username}@"
    with opened(parts._replace(netloc=f"{user}127.0.0.1:{link.port}").geturl()) as engine:
        yield engine


def hosts(database: Engine) -> list[str]:
    """Read what the tests write."""
    return [name for (name,) in rows(database, "SELECT name FROM hosts ORDER BY name")]


# --- in the middle --------------------------------------------------------------------------------


def test_a_connection_that_is_lost_in_the_middle_is_made_again_and_the_work_repeated(postgresql: Engine) -> None:
    """From its beginning: what it had written was never committed."""
    begun: list[int] = []

    def work(connection: Connection) -> str:
        begun.append(len(begun))
        connection.execute(INSERT, {"name": f"written by try {begun[-1]}"})
        if len(begun) < 3:
            connection.execute(END_OWN)
        return "done"

    assert write(postgresql, work) == "done"
    assert hosts(postgresql) == ["written by try 2"]


def test_a_connection_that_was_lost_while_nobody_used_it_is_not_noticed(postgresql: Engine) -> None:
    """A server restarts at night; the next page is written all the same."""
    write(postgresql, lambda connection: connection.execute(INSERT, {"name": "one"}))
    end_all(postgresql)
    write(postgresql, lambda connection: connection.execute(INSERT, {"name": "two"}))
    end_all(postgresql)
    assert glance(postgresql, lambda connection: connection.scalar(COUNT)) == 2
    end_all(postgresql)
    with reading(postgresql) as connection:
        assert connection.scalar(COUNT) == 2


def end_all(database: Engine) -> None:
    """End every connection to a database, as a restart of its server does."""
    with opened(database.url.render_as_string(hide_password=False)) as other:
        change_database(
            other, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid()"
        )  # fmt: skip


def test_what_no_repeating_helps_is_said_at_once(database: Engine) -> None:
    """A statement that is refused, and an error of the work itself."""
    tries: list[str] = []

    def refused(connection: Connection) -> None:
        tries.append("refused")
        connection.execute(INSERT, {"name": None})

    def lost(connection: Connection) -> None:
        tries.append("lost")
        connection.execute(INSERT, {"name": "never committed"})
        raise LeaseLost

    with pytest.raises(DatabaseRefused):
        write(database, refused)
    with pytest.raises(LeaseLost):
        write(database, lost)
    assert tries == ["refused", "lost"]
    assert hosts(database) == []


@pytest.mark.xdist_group("stack")
def test_a_server_that_is_away_for_a_moment_is_waited_for(own_postgresql: Any) -> None:
    """A restart loses no page, to whoever writes or reads meanwhile."""
    with opened(own_postgresql.database_url) as database:
        write(database, lambda connection: connection.execute(INSERT, {"name": "before"}))
        own_postgresql.kill()
        start = threading.Timer(1.0, own_postgresql.start)
        start.start()
        try:
            write(database, lambda connection: connection.execute(INSERT, {"name": "while it was away"}))
            start.join()
            own_postgresql.kill()
            start = threading.Timer(1.0, own_postgresql.start)
            start.start()
            with reading(database) as connection:
                assert connection.scalar(COUNT) == 2
            own_postgresql.kill()
            start = threading.Timer(1.0, own_postgresql.start)
            start.start()
            assert glance(database, lambda connection: connection.scalar(COUNT)) == 2
        finally:
            start.join()


def test_a_transaction_that_was_stopped_in_the_middle_does_not_keep_its_locks(postgresql: Engine) -> None:
    """The server ends it; none of ours waits for anything but the database."""
    with reading(postgresql) as connection:
        assert connection.scalar(text("SHOW idle_in_transaction_session_timeout")) == "1min"
        assert connection.scalar(text("SHOW transaction_isolation")) == "read committed"


# --- around a commit ------------------------------------------------------------------------------


@pytest.mark.parametrize("when", WHEN)
def test_a_commit_whose_answer_is_lost_is_repeated(when: str, linked: Engine, link: LossyLink) -> None:
    """Nobody can tell whether it was done; the work has to bear it."""
    tries: list[int] = []

    def work(connection: Connection) -> None:
        tries.append(len(tries))
        connection.execute(text("INSERT INTO hosts (name) VALUES ('a') ON CONFLICT DO NOTHING"))

    write(linked, lambda connection: connection.execute(text("SELECT 1")))
    link.cut_next_commit(when)
    write(linked, work)

    assert (tries, link.cuts, hosts(linked)) == ([0, 1], 1, ["a"])


def one_page(harvest: Harvest, **progress: Any) -> Any:
    """Write a page of two records."""
    page = harvest.page(live("1", "a"), live("2", "b"), **progress)
    return keep_page(harvest.database, page, lease_seconds=LEASE_SECONDS)


@pytest.mark.parametrize("when", WHEN)
def test_a_page_whose_commit_was_lost_is_counted_once(when: str, linked: Engine, link: LossyLink) -> None:
    """Whether the server had heard of it or not."""
    harvest = harvesting(linked)
    harvest.keep(live("9", "z"), then="first")
    link.cut_next_commit(when)
    kept = one_page(harvest, then="second")

    assert isinstance(kept, PageKept)
    assert link.cuts == 1
    assert (kept.loop, kept.window.token, kept.window.pages, kept.window.read) == (False, "second", 2, 3)
    assert counts(kept.window) == {"created": 3}
    assert rows(linked, "SELECT position FROM pages ORDER BY position") == [(1,), (2,)]
    assert rows(linked, "SELECT count(*) FROM changes") == [(3,)]
    assert harvest.keep(live("3", "c"), then="third").window.pages == 3


@pytest.mark.parametrize("when", WHEN)
def test_a_last_page_whose_commit_was_lost_ends_the_list_once(when: str, linked: Engine, link: LossyLink) -> None:
    """Where the server had heard of it, the window is closed, and nobody has it any more."""
    harvest = harvesting(linked)
    link.cut_next_commit(when)
    if when == "after":
        with pytest.raises(LeaseLost):
            one_page(harvest, ended=True)
    else:
        one_page(harvest, ended=True)
    (lease,) = harvest.leases.values()
    window = read_window(linked, lease.window_id)

    assert (window.state, window.pages, counts(window)) == ("ended", 1, {"created": 2})


def test_a_page_that_was_written_before_is_not_written_again(database: Engine) -> None:
    """It is known by how many pages the window had; the next page is another one."""
    harvest = harvesting(database)
    page = harvest.page(live("1", "a"), then="t", announced=7)
    first = keep_page(database, page, lease_seconds=LEASE_SECONDS)
    again = keep_page(database, page, lease_seconds=LEASE_SECONDS)

    assert isinstance(first, PageKept)
    assert isinstance(again, PageKept)
    assert (again.window, again.loop) == (first.window, first.loop)
    assert rows(database, "SELECT count(*) FROM pages") == [(1,)]
    following = keep_page(database, replace(page, pages_before=1), lease_seconds=LEASE_SECONDS)
    assert isinstance(following, PageKept)
    assert (following.window.pages, following.loop) == (2, True)


def test_a_window_whose_splitting_was_not_answered_has_its_parts_once(linked: Engine, link: LossyLink) -> None:
    """The worker drops it: others go on with the parts."""
    run_id = planned(linked)
    lease = leased(linked, run_id, this_owner())
    parts = [PlannedWindow(list=ListName(metadata_prefix="oai_dc", set_spec="000"))] * 2
    link.cut_next_commit("after")
    with pytest.raises(LeaseLost):
        split_window(linked, lease, parts, announced=10, lease_seconds=LEASE_SECONDS)

    assert [state for state, _ in states(linked, run_id)] == ["split", "open", "open"]


@pytest.mark.parametrize("when", WHEN)
def test_a_run_whose_beginning_was_not_answered_is_begun_once(when: str, linked: Engine, link: LossyLink) -> None:
    """The second try joins it."""
    asked = request(linked)
    link.cut_next_commit(when)
    run_id = begin_run(linked, asked)

    assert rows(linked, "SELECT id FROM runs") == [(run_id,)]


@pytest.mark.parametrize("when", WHEN)
def test_a_run_whose_planning_was_not_answered_is_planned_once(when: str, linked: Engine, link: LossyLink) -> None:
    """The second try finds it planned."""
    run_id = begin_run(linked, request(linked))
    link.cut_next_commit(when)
    plan(linked, run_id, [PlannedWindow(list=ListName(metadata_prefix="oai_dc"))])

    assert len(windows_of(linked, run_id)) == 1


@pytest.mark.parametrize("when", WHEN)
def test_a_claim_that_was_not_answered_never_gives_a_window_to_two(when: str, linked: Engine, link: LossyLink) -> None:
    """At worst it waits until the lease that nobody knows of has run out."""
    run_id = planned(linked)
    link.cut_next_commit(when)
    lease = claimed(linked, run_id, this_owner())

    assert (lease is None) is (when == "after")
    assert claimed(linked, run_id) is None
    assert rows(linked, "SELECT fence FROM windows") == [(1,)]

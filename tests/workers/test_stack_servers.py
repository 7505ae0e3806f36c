"""What tests of the whole stand on is itself true: servers and processes that do as they are told, and end."""

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg
import pytest
from equality import assert_equal
from processes import until
from redis import Redis
from redis.exceptions import ConnectionError as BrokerUnreachable
from servers import PostgresqlServer, RedisServer, ServerMissing
from stack import Process, Stack, declare, slow_repository, undisturbed, wait_for_line
from watching import Watch

from ingest.ledger import Verdict

KEEPERS = Path(__file__).parents[1] / "servers"
# A process with two children that count, each in a file of its own, as long as they live.
FAMILY = """
import os, time
def count(name):
    while True:
        with open(name, "a") as file:
            file.write(".")
        time.sleep(0.01)
for name in ("first", "second"):
    open(name, "w").close()
    if not os.fork():
        count(name)
print("two are at work", flush=True)
time.sleep(600)
"""


# --- servers --------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_broker_that_was_ended_comes_back_empty_at_its_address(end: str, broker: RedisServer) -> None:
    """While it is away connections are refused; what it held is gone with it."""
    with Redis.from_url(broker.url) as client:
        client.set("title", "Лихачёв")
        getattr(broker, end)()
        with pytest.raises(BrokerUnreachable):
            client.ping()
        broker.start()
        assert client.dbsize() == 0


def test_a_broker_keeps_nothing_on_disk_and_throws_nothing_away(broker: RedisServer, broker_url: str) -> None:
    """The settings of a queue: full memory is an error that is seen, never a task that is lost."""
    with Redis.from_url(broker.url, decode_responses=True) as client:
        settings = client.config_get("maxmemory-policy", "save", "appendonly")
    with Redis.from_url(broker_url) as client:
        assert client.dbsize() == 0
    assert settings == {"maxmemory-policy": "noeviction", "save": "", "appendonly": "no"}


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_database_that_was_ended_comes_back_with_what_was_committed(
    end: str, own_postgresql: PostgresqlServer
) -> None:
    """Same address, same rows, and nothing of a transaction that was under way."""
    with psycopg.connect(own_postgresql.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE shelf (label TEXT)")
        connection.execute("INSERT INTO shelf VALUES ('committed')")
    under_way = psycopg.connect(own_postgresql.url)
    under_way.execute("INSERT INTO shelf VALUES ('under way')")
    getattr(own_postgresql, end)()
    with pytest.raises(psycopg.OperationalError):
        under_way.commit()
    under_way.close()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(own_postgresql.url)
    own_postgresql.start()
    with psycopg.connect(own_postgresql.url) as connection:
        assert connection.execute("SELECT label FROM shelf").fetchall() == [("committed",)]
        assert connection.execute("SELECT count(*) FROM items").fetchone() == (0,)


def test_a_database_that_is_restarted_breaks_its_connections_off(own_postgresql: PostgresqlServer) -> None:
    """It is back at once, and whoever was connected has to connect again."""
    before = psycopg.connect(own_postgresql.url)
    own_postgresql.restart()
    with pytest.raises(psycopg.OperationalError):
        before.execute("SELECT 1")
    before.close()
    with psycopg.connect(own_postgresql.url) as after:
        assert after.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("keeper", ["redis", "postgresql"])
def test_a_keeper_answers_each_order_and_ends_with_its_input(keeper: str) -> None:
    """To start what runs and to stop what does not is no error; what is no order is said to be none."""
    orders = ("start", "stop", "stop", "kill", "start", "dance")
    command = [sys.executable, str(KEEPERS / f"{keeper}.py")]
    ended = subprocess.run(command, input="\n".join(orders), capture_output=True, text=True, check=False)
    first, *answers = map(json.loads, ended.stdout.splitlines())
    if "error" in first:
        pytest.skip(first["error"])
    assert answers[:-1] == [{"done": order} for order in orders[:-1]]
    assert answers[-1] == {"error": '"dance" is none of stop, kill, start, restart'}
    assert (ended.returncode, ended.stderr) == (0, "")
    place = urlsplit(first["url"])
    with socket.socket() as probe:
        assert probe.connect_ex((str(place.hostname), int(place.port or 0))) != 0


@pytest.mark.parametrize("kind", [RedisServer, PostgresqlServer])
def test_a_server_that_can_not_be_started_says_why(kind: type[RedisServer | PostgresqlServer]) -> None:
    """A test is then skipped with that reason, or fails with it in CI."""
    with pytest.raises(ServerMissing, match=r"no .* or newer found \(source: nowhere\)"):
        kind("nowhere")


# --- processes ------------------------------------------------------------------------------------


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Process]:
    """Start a process that has two children."""
    command = [sys.executable, "-c", FAMILY]
    process = Process(command, log=tmp_path / "family.log", folder=tmp_path, environment={})
    wait_for_line(process, "at work", 20)
    yield process
    process.kill_all()


def alive(pid: int) -> bool:
    """Tell whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def at_work(folder: Path) -> list[str]:
    """Name the children that go on counting."""
    before = {name: (folder / name).stat().st_size for name in ("first", "second")}
    time.sleep(0.3)
    return [name for name, size in before.items() if (folder / name).stat().st_size > size]


def test_a_killed_child_leaves_its_parent_and_its_sibling(family: Process) -> None:
    """As a worker's pool loses one process."""
    children = family.children()
    killed = family.kill_child()
    assert len(children) == 2
    assert family.children() == tuple(sorted({*children} - {killed}))
    assert family.running


def test_a_killed_parent_leaves_its_children_until_all_are_killed(family: Process) -> None:
    """What a worker that was killed alone leaves behind can still be found and ended."""
    children = family.children()
    family.kill()
    assert [alive(each) for each in (family.pid, *children)] == [False, True, True]
    family.kill_all()
    assert [alive(each) for each in children] == [False, False]


def test_a_frozen_family_rests_until_it_is_woken(family: Process, tmp_path: Path) -> None:
    """All of it: a worker whose parent alone is stopped would go on working."""
    both = ["first", "second"]
    until(lambda: at_work(tmp_path) == both, 20, what="two to count")
    family.freeze()
    assert at_work(tmp_path) == []
    family.wake()
    until(lambda: at_work(tmp_path) == both, 20, what="two to count again")


def test_a_wait_that_fails_shows_how_the_log_ends(family: Process) -> None:
    """Whoever reads the failure need not look for a file."""
    with pytest.raises(AssertionError, match=r"waited 0\.1 s for family to end\n--- family, running\ntwo are at work"):
        family.wait(0.1)
    family.terminate()
    assert family.wait(20) == -15


# --- the product ----------------------------------------------------------------------------------


@pytest.fixture
def stack(migrated_postgresql_url: str, tmp_path: Path) -> Iterator[Stack]:
    """Return a stack that needs no broker: its harvests are embedded ones."""
    with Stack(migrated_postgresql_url, "redis://127.0.0.1:1/0", tmp_path) as stack:
        yield stack


def test_a_command_sees_what_the_test_declares(stack: Stack) -> None:
    """Names, nested tables and text of any script arrive as they were written."""
    fields = {"donor": {"element": "contributor", "pattern": r"^Donor: (.+)$"}}
    keys = {"url": "http://127.0.0.1:1/oai", "sets": ["письма"], "parallel": 2, "fields": fields, "paused": False}
    declare(stack.config, {"wilson-center": keys, "other": {"url": "http://127.0.0.1:2/oai"}})
    listed = stack.command("endpoints", "list", "--json")
    assert listed.returncode == 0, listed.stderr
    told = [(each["endpoint"], each["sets"]) for each in json.loads(listed.stdout)]
    assert told == [("wilson-center", ["письма"]), ("other", [])]


def test_a_harvest_killed_in_the_middle_is_followed_in_the_ledger(stack: Stack, migrated_postgresql_url: str) -> None:
    """The tests' own waits, seen at work: pages, a kill, an end, and a database equal to an undisturbed one."""
    watch = Watch()
    with slow_repository(300, page_size=10, seconds_a_page=0.05, watch=watch) as url:
        declare(stack.config, {"tested": {"url": url}})
        first = stack.start("harvest", "tested")
        run_id = stack.newest("tested", 30).run_id
        assert stack.wait_for_pages(run_id, 5, 30) >= 5
        first.kill_all()
        assert stack.pages_of(run_id) < 30
        second = stack.start("harvest", "tested")
        run = stack.ended(run_id, 60)
        assert second.wait(30) == 0, second.log
    with slow_repository(300, page_size=10, seconds_a_page=0) as url:
        expected = undisturbed(url, stack.folder)
    assert (run.verdict, run.total("seen")) == (Verdict.COMPLETE, 300)
    assert {asked.page for asked in watch.lists} == {*range(1, 31)}
    assert_equal(migrated_postgresql_url, expected)


def test_a_wait_for_the_ledger_that_fails_shows_runs_and_logs(stack: Stack) -> None:
    """Which run stands where, and what each process said last."""
    with slow_repository(300, page_size=10, seconds_a_page=0.2) as url:
        declare(stack.config, {"tested": {"url": url}})
        stack.start("harvest", "tested")
        run_id = stack.newest("tested", 30).run_id
        with pytest.raises(
            AssertionError,
            match=f"(?s)waited 0.5 s for run {run_id} to end.*--- harvest-1, running.*"
            f"--- run {run_id} of tested: active; windows: open after",
        ):
            stack.ended(run_id, 0.5)


def test_a_stack_leaves_no_process_behind(sqlite_url: str, tmp_path: Path) -> None:
    """Whatever the test left running, frozen ones included."""
    with Stack(sqlite_url, "redis://127.0.0.1:1/0", tmp_path) as stack, slow_repository(100, 10, 60) as url:
        one, other = stack.start("harvest", url), stack.start("harvest", url)
        other.freeze()
        assert alive(one.pid)
        assert alive(other.pid)
    assert not alive(one.pid)
    assert not alive(other.pid)


def test_a_slow_repository_is_slow_in_lists_alone_and_ends_at_once() -> None:
    """The same records every time; whoever leaves it does not wait for pages that nobody waits for."""
    began = time.monotonic()
    with slow_repository(100, page_size=10, seconds_a_page=60) as url:
        identify = read(url, "verb=Identify")
        with pytest.raises(TimeoutError):
            read(url, "verb=ListRecords&metadataPrefix=oai_dc", seconds=0.2)
    assert b"repositoryName" in identify
    assert time.monotonic() - began < 10


def read(url: str, query: str, *, seconds: float = 10) -> bytes:
    """Ask the repository."""
    with urlopen(f"{url}?{query}", timeout=seconds) as answer:
        return bytes(answer.read())

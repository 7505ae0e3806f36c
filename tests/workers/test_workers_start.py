"""How worker and beat start: what keeps them from it is one line and exit code 2, or is waited for where they may."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from database_rows import count
from processes import Process, until
from redis import Redis
from servers import RedisServer
from stack import Stack, declare, wait_for_line

from ingest.normalise.vocabularies import rights_vocabulary
from ingest.store.engine import open_engine
from ingest.store.ledger_tables import endpoints
from ingest.store.schema import upgrade

pytestmark = pytest.mark.xdist_group("stack")

SECRET = "hunter2"  # noqa: S105 - what must never be shown.
NOWHERE = "http://127.0.0.1:1/oai"
COMMANDS = (("worker", "--concurrency", "1"), ("beat",), ("harvest", "tested", "--queue"))
BROKER, DATABASE = "OAI_INGEST_BROKER_URL", "OAI_INGEST_DATABASE_URL"
SECONDS = 60


@pytest.fixture
def stack(migrated_postgresql_url: str, broker: RedisServer, tmp_path: Path) -> Stack:
    """Return a stack without processes, with one endpoint declared that answers nobody."""
    made = Stack(migrated_postgresql_url, broker.url, tmp_path)
    declare(made.config, {"tested": {"url": NOWHERE}})
    return made


def _refused(stack: Stack, **environment: str) -> list[str]:
    """Start each command as it is not to be started, and give the one line that each of them writes."""
    with stack:
        # At the same time: most of the time they take is to begin at all.
        started = [stack.start(*command, **environment) for command in COMMANDS]
        codes = [process.wait(SECONDS) for process in started]
        logs = [process.log for process in started]
    assert codes == [2] * len(COMMANDS), logs
    for log in logs:
        assert log.startswith("error: "), log
        assert log.count("\n") == 1, log
        assert SECRET not in log
    return [log.removeprefix("error: ").strip() for log in logs]


# --- the broker -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broker_url", "words"),
    [
        ("", "there is no broker; set OAI_INGEST_BROKER_URL"),
        ("127.0.0.1:6379", "OAI_INGEST_BROKER_URL must be a URL"),
        (f"carrier://pigeon:{SECRET}@127.0.0.1/0", "carrier"),
        (f"redis://:{SECRET}@nobody.invalid:6379/0", "nobody.invalid"),
        (f"redis://:{SECRET}@127.0.0.1:1/0", "can not be reached: Error 111"),
        (f"redis://:{SECRET}@127.0.0.1:port/0", "can not be reached"),
    ],
)
def test_a_broker_that_is_not_there_is_one_line(stack: Stack, broker_url: str, words: str) -> None:
    """Which address it was, without its password, and which variable to look at; nothing is begun."""
    for line in _refused(stack, **{BROKER: broker_url}):
        assert words in line
        assert BROKER in line
    assert count(stack.environment[DATABASE], "runs") == 0


@pytest.mark.parametrize("password", ["", f":{SECRET}@"])
def test_a_broker_that_wants_another_password_is_one_line(stack: Stack, broker: RedisServer, password: str) -> None:
    """None at all, or a wrong one."""
    with Redis.from_url(broker.url) as client:
        client.config_set("requirepass", "something else")

    for line in _refused(stack, **{BROKER: broker.url.replace("//", f"//{password}")}):
        assert "can not be reached" in line
        assert "something else" not in line
    assert count(stack.environment[DATABASE], "runs") == 0


# --- the database ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("database_url", "words"),
    [
        ("", "workers need PostgreSQL"),
        ("sqlite:///catalogue.db", "workers need PostgreSQL"),
        (f"postgresql://harvester:{SECRET}@127.0.0.1:1/catalogue", "the database is not reachable"),
        (f"postgresql://harvester:{SECRET}@nobody.invalid/catalogue", "nobody.invalid"),
        (f"mysql://harvester:{SECRET}@127.0.0.1/catalogue", "OAI_INGEST_DATABASE_URL must be postgresql://"),
    ],
)
def test_a_database_that_workers_can_not_share_is_one_line(
    stack: Stack, tmp_path: Path, database_url: str, words: str
) -> None:
    """None is made, and none is asked for ever."""
    for line in _refused(stack, **{DATABASE: database_url}):
        assert words in line
    assert not list(tmp_path.glob("*.db"))


def test_a_database_that_does_not_exist_is_one_line(stack: Stack) -> None:
    """The server is there and says so."""
    address = urlsplit(stack.environment[DATABASE])._replace(path="/nowhere").geturl()

    assert all('database "nowhere" does not exist' in line for line in _refused(stack, **{DATABASE: address}))


def test_a_database_without_tables_is_left_to_a_person(stack: Stack, postgresql_url: str) -> None:
    """The line names the command that makes them; none is made without it."""
    assert all("run `oai-ingest db upgrade`" in line for line in _refused(stack, **{DATABASE: postgresql_url}))

    with psycopg.connect(postgresql_url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_database_that_is_newer_is_left_alone(stack: Stack) -> None:
    """What would be written by rules of before might harm it."""
    with psycopg.connect(stack.environment[DATABASE].replace("+psycopg", "")) as connection:
        connection.execute("UPDATE schema_state SET oldest_code = 99")

    assert all("newer than this program" in line for line in _refused(stack))
    assert count(stack.environment[DATABASE], "runs") == 0


# --- arguments ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("worker", "--queue", "harvests"), "there is no queue harvests; there are harvest and maintenance"),
        (("worker", "--concurrency", "0"), "'--concurrency'"),
        (("worker", "--log-level", "loud"), "'--log-level'"),
        (("beat", "--alive-file"), "--alive-file"),
        (("harvest", "testing", "--queue"), 'did you mean "tested"?'),
        (("harvest", "tested", "--queue", "--from", "yesterday"), "is no date"),
    ],
)
def test_what_can_not_be_asked_for_is_one_line(stack: Stack, arguments: tuple[str, ...], words: str) -> None:
    """Exit code 2, before anything is looked at."""
    ended = stack.command(*arguments)

    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("error: ")
    assert ended.stderr.count("\n") == 1
    assert words in ended.stderr


# --- waiting --------------------------------------------------------------------------------------


def _waits(process: Process, words: str) -> None:
    """Wait until a process has said twice that it tries again, later the second time."""
    lines = until(
        lambda: [line for line in process.log.splitlines() if "trying again" in line][1:2] and process.log.splitlines(),
        SECONDS,
        what=f"{process.name} to wait",
        tails=lambda: process.tail,
    )
    assert all(words in line for line in lines)
    assert [f"seconds={seconds}" in line for seconds, line in zip(("1.0", "2.0"), lines, strict=False)] == [True, True]
    assert process.running


def test_worker_and_beat_wait_for_a_broker(stack: Stack, broker: RedisServer, tmp_path: Path) -> None:
    """With growing waits, a line each; when it comes they begin as if nothing had been."""
    broker.stop()
    with stack:
        worker, beat = stack.worker(1, "--wait"), stack.beat("--wait", "--alive-file", "alive")
        for process in (worker, beat):
            _waits(process, "the broker at redis://127.0.0.1")
        assert not (tmp_path / "alive").exists()
        broker.start()
        wait_for_line(worker, "ready.", SECONDS)
        until((tmp_path / "alive").exists, SECONDS, what="a tick", tails=beat.log.__str__)
        assert "error" not in worker.log + beat.log


def test_worker_and_beat_wait_for_a_database_to_be_upgraded(stack: Stack, postgresql_url: str, tmp_path: Path) -> None:
    """The line says what they wait for; a person, or the service that does it, need not tell them when it is done."""
    with stack:
        environment = {DATABASE: postgresql_url}
        worker, beat = (
            stack.worker(1, "--wait", **environment),
            stack.beat("--wait", "--alive-file", "alive", **environment),
        )
        for process in (worker, beat):
            _waits(process, "run `oai-ingest db upgrade`")
        upgrade(postgresql_url, vocabulary=rights_vocabulary())
        wait_for_line(worker, "ready.", SECONDS)
        until((tmp_path / "alive").exists, SECONDS, what="a tick", tails=beat.log.__str__)


def test_waiting_is_told_in_the_form_of_the_log(stack: Stack, broker: RedisServer) -> None:
    """Whoever reads objects reads these lines too."""
    broker.stop()
    with stack:
        worker = stack.worker(1, "--wait", OAI_INGEST_LOG_FORMAT="json")
        told = json.loads(wait_for_line(worker, "trying again", SECONDS))

    assert (told["level"], told["seconds"]) == ("warning", 1.0)
    assert "127.0.0.1" in told["reason"]


@pytest.mark.parametrize("command", ["worker", "beat"])
def test_a_process_that_waits_ends_at_once_when_it_is_asked_to(stack: Stack, broker: RedisServer, command: str) -> None:
    """With exit code 0: it had begun nothing, and did as it was told."""
    broker.stop()
    with stack:
        process = stack.start(command, "--wait")
        wait_for_line(process, "trying again", SECONDS)
        process.terminate()
        code = process.wait(SECONDS)

    assert code == 0
    assert "Traceback" not in process.log
    assert process.log.splitlines()[-1].endswith("stopped before it was ready to begin")


# --- declarations ---------------------------------------------------------------------------------


def test_a_beat_goes_on_with_what_it_knows_while_the_declarations_are_broken(
    stack: Stack, let_be_due: Callable[[str], None]
) -> None:
    """Already when it starts; a file that is mended counts within a tick."""
    declared = {"tested": {"url": NOWHERE, "schedule": "0 3 * * *"}}
    path = declare(stack.config, declared)
    with stack:
        first = stack.beat()
        wait_for_line(first, "declarations taken over", SECONDS)
        first.terminate()
        assert first.wait(SECONDS) == 0
        path.write_text("[tested")
        let_be_due("tested")

        beat = stack.beat()
        broken = wait_for_line(beat, "the declarations can not be read", SECONDS)
        begun = stack.newest("tested", SECONDS)
        declare(stack.config, declared | {"added": {"url": NOWHERE, "schedule": "* * * * *"}})
        wait_for_line(beat, "declarations taken over endpoints=2", 10)

    assert " error " in broken
    assert "endpoints.toml:1: not TOML" in broken
    assert beat.log.count("can not be read") == 1
    assert "Traceback" not in beat.log
    assert begun.scheduled


@pytest.fixture
def let_be_due(migrated_postgresql_url: str) -> Callable[[str], None]:
    """Let an endpoint's time have come."""

    def come(name: str) -> None:
        engine = open_engine(migrated_postgresql_url)
        with engine.begin() as connection:
            connection.execute(
                endpoints.update().where(endpoints.c.name == name).values(next_due_at=endpoints.c.created_at)
            )
        engine.dispose()

    return come

"""The dashboard, asked as a program asks it: what it tells of real harvests, whom it lets in, what it refuses."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from dashboards import AUTH, Dashboard, dashboard
from processes import until, wait_for_line
from redis import Redis
from servers import RedisServer
from sqlalchemy import make_url
from stack import ROOT, Stack, declare, slow_repository

from ingest.errors import ConfigurationError
from workers.app import Celery
from workers.dashboard import credentials

TELLTALE = "lithium"
"""Part of every password that is given to the processes here, and of nothing else."""
PROGRESS = re.compile(r"page \d[\d,]*, (\d[\d,]*) of about (\d[\d,]*), \d[\d,]*/s")

in_turn = pytest.mark.xdist_group("stack")


# --- what it tells of harvests --------------------------------------------------------------------


@pytest.fixture
def stack(broker: RedisServer, migrated_postgresql_url: str, tmp_path: Path) -> Iterator[Stack]:
    """Give a stack whose broker asks for a password, and whose database address holds one."""
    database = make_url(migrated_postgresql_url)
    if database.password is None:
        database = database.set(password=f"{TELLTALE}-database")
    with Redis.from_url(broker.url) as server:
        server.config_set("requirepass", f"{TELLTALE}-broker")
    broker_url = broker.url.replace("redis://", f"redis://:{TELLTALE}-broker@")
    passwords = {"OAI_INGEST_FLOWER_AUTH": f"watcher:{TELLTALE}-dashboard", "ARCHIVE_KEY": f"{TELLTALE}-header"}
    address = database.render_as_string(hide_password=False)
    with Stack(address, broker_url, tmp_path, slice_seconds=20, **passwords) as stack:
        yield stack


@in_turn
def test_a_harvest_is_told_from_its_first_page_to_its_verdict(stack: Stack) -> None:
    """Names, what each task is about, how far it is while it works, and at last what the run brought; no secret."""
    with slow_repository(2400, page_size=50, seconds_a_page=0.15, sets=["maps", "letters"]) as url:
        declare(stack.config, {"town-archive": {"url": url, "sets": ["maps"], **_key()}})
        with _watched(stack) as watched:
            worker = stack.worker(1)
            run_id = stack.queue("town-archive")

            working = watched.task("work_window", _in_progress, 60, what="a window to tell how far it is")
            (being_read,) = stack.run(run_id).windows
            found = PROGRESS.fullmatch(working["result"])
            assert found
            assert int(found[1].replace(",", "")) <= being_read.read + 50
            assert found[2] == f"{being_read.announced:,}"
            window_id = being_read.window_id
            assert working["name"] == "ingest.work_window"
            assert working["kwargs"] == f"endpoint=town-archive run={run_id} window={window_id} prefix=oai_dc set=maps"
            assert working["worker"].startswith("worker@")

            ended = stack.ended(run_id, 60)
            finished = watched.task("finish_run", _in_state("SUCCESS"), 10, what="the run to be finished")
            assert finished["kwargs"] == f"endpoint=town-archive run={run_id} full"
            assert f"complete: {ended.total('seen'):,} seen, {ended.total('created'):,} created" in finished["result"]
            planned = watched.task("plan_run", _in_state("SUCCESS"), 1, what="the plan")
            assert "1 window planned" in planned["result"]
            _assert_nothing_secret(watched, worker.log)
            assert "town-archive" not in watched.ask("metrics", auth=None).text


@in_turn
def test_a_repository_that_is_not_there_fails_with_its_reason(stack: Stack) -> None:
    """In the programs' list in Python's notation, in the page's list as a sentence; in neither with a secret."""
    declare(stack.config, {"gone": {"url": "http://127.0.0.1:1/oai", **_key()}})
    with _watched(stack) as watched:
        worker = stack.worker(1)
        run_id = stack.queue("gone")
        failed = watched.task("plan_run", _in_state("FAILURE"), 60, what="the run to fail")
        (shown,) = _page_of_tasks(watched, f"endpoint=gone run={run_id}")

        assert failed["kwargs"] == f"endpoint=gone run={run_id} full"
        assert "cannot reach http://127.0.0.1:1/oai: connection refused" in failed["exception"]
        assert shown["result"].startswith("failed: 0 seen: cannot reach http://127.0.0.1:1/oai: connection refused")
        assert not shown["result"].endswith("'")
        assert "connection refused" in watched.ask(f"task/{failed['uuid']}").text
        _assert_nothing_secret(watched, worker.log)


def _watched(stack: Stack) -> Any:
    return dashboard(stack, OAI_INGEST_FLOWER_AUTH=stack.environment["OAI_INGEST_FLOWER_AUTH"] + ",{}:{}".format(*AUTH))


def _key() -> dict[str, Any]:
    return {"auth": {"header": "X-Api-Key", "value": "env:ARCHIVE_KEY"}}


def _in_state(state: str) -> Any:
    return lambda task: task["state"] == state


def _in_progress(task: dict[str, Any]) -> bool:
    return task["state"] == "PROGRESS"


def _page_of_tasks(watched: Dashboard, search: str) -> list[dict[str, Any]]:
    """Ask for the rows of the page of tasks, as the page itself does."""
    form = {"draw": 1, "start": 0, "length": 15, "search[value]": search}
    order = {"order[0][column]": 0, "order[0][dir]": "desc", "columns[0][data]": "started"}
    rows: list[dict[str, Any]] = watched.ask("tasks/datatable", "POST", data=form | order).json()["data"]
    return rows


def _assert_nothing_secret(watched: Dashboard, log: str) -> None:
    """Look through all that the dashboard has to say, and through the logs."""
    workers = list(watched.ask("api/workers", params={"refresh": "1"}).json())
    tasks = [task["uuid"] for task in watched.tasks()]
    assert workers
    assert tasks
    pages = ["", "workers", "tasks", "broker", "metrics", "api/tasks", "api/workers", "api/queues/length"]
    pages += [f"task/{uuid}" for uuid in tasks] + [f"worker/{name}" for name in workers]
    pages += [f"api/workers?refresh=1&workername={name}" for name in workers]
    told = {page: watched.ask(page) for page in pages}

    assert {page: answer.status_code for page, answer in told.items()} == dict.fromkeys(pages, 200)
    assert [page for page, answer in told.items() if TELLTALE in answer.text] == []
    assert TELLTALE not in watched.process.log + log


# --- whom it lets in ------------------------------------------------------------------------------


@pytest.fixture
def alone(broker_url: str, tmp_path: Path) -> Iterator[Stack]:
    """Give a stack without a database: the dashboard needs none."""
    with Stack("sqlite:///not-there.db", broker_url, tmp_path) as stack:
        yield stack


@in_turn
def test_nobody_gets_in_without_a_password(alone: Stack) -> None:
    """Two users may; whatever Flower would take from its own variables and file opens nothing and moves nothing."""
    opened = {
        "FLOWER_UNAUTHENTICATED_API": "true",
        "FLOWER_BASIC_AUTH": "stranger:let-me-in",
        "FLOWER_READ_ONLY": "false",
        "FLOWER_URL_PREFIX": "elsewhere",
    }
    (alone.folder / "flowerconfig.py").write_text("raise SystemExit('this file was read')\n")
    pages = ["", "workers", "tasks", "broker", "api/tasks", "api/workers", "api/task/types", "api/queues/length"]
    strangers = [None, ("watcher", "mistaken-1"), ("watcher", ""), ("stranger", "let-me-in"), ("second", "o")]
    friends = [AUTH, ("second", "o:ther")]
    with dashboard(alone, OAI_INGEST_FLOWER_AUTH="{}:{},second:o:ther".format(*AUTH), **opened) as watched:
        assert {watched.ask(page, auth=one).status_code for page in pages for one in strangers} == {401}
        assert {watched.ask(page, auth=one).status_code for page in pages for one in friends} == {200}
        assert watched.ask("tasks", auth=(b"watcher", "ключ".encode())).status_code >= 400
        assert watched.ask("api/task/revoke/some", "POST").status_code == 403
        assert "user=watcher" in wait_for_line(watched.process, "a wrong password", 5)
        assert [word for word in ("mistaken-1", "let-me-in", AUTH[1]) if word in watched.process.log] == []


@in_turn
def test_health_and_metrics_are_open(alone: Stack) -> None:
    """Containers ask for the one and Prometheus for the other; neither says more than names of workers and counts."""
    with dashboard(alone) as watched:
        health, metrics = (watched.ask(page, auth=None) for page in ("healthcheck", "metrics"))

        assert (health.status_code, health.text) == (200, "OK")
        assert metrics.status_code == 200
        assert "flower_events_total" in metrics.text


@in_turn
def test_it_only_looks_unless_it_was_told_otherwise(alone: Stack) -> None:
    """Every order is refused."""
    orders = ["api/task/revoke/some", "api/task/send-task/ingest.plan_run", "api/task/apply/ingest.plan_run"]
    orders += ["api/task/async-apply/ingest.plan_run", "api/task/abort/some", "api/worker/shutdown/worker@here"]
    with dashboard(alone) as watched:
        assert {watched.ask(order, "POST", data="{}").status_code for order in orders} == {403}
        with Redis.from_url(alone.environment["OAI_INGEST_BROKER_URL"]) as server:
            assert server.llen("harvest") == 0


@in_turn
def test_orders_are_taken_and_logged_where_control_was_allowed(alone: Stack) -> None:
    """With who gave them; a page of another site can still give none."""
    elsewhere = [{"Origin": "http://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}]
    with dashboard(alone, "--allow-control") as watched:
        revoked = watched.ask("api/task/revoke/some", "POST")

        assert (revoked.status_code, revoked.json()) == (200, {"message": "Revoked 'some'"})
        assert "user=watcher" in wait_for_line(watched.process, "control used path=/api/task/revoke/some", 5)
        for headers in elsewhere:
            assert watched.ask("api/task/revoke/some", "POST", headers=headers).status_code == 403
        assert watched.ask("api/task/revoke/some", "POST", auth=None).status_code == 401


@in_turn
def test_it_listens_on_loopback_alone_and_its_arguments_hold_no_secret(alone: Stack) -> None:
    """Another address of this machine does not lead to it, and no list of processes shows the password."""
    with dashboard(alone) as watched:
        port = int(watched.url.rstrip("/").rpartition(":")[2])
        with socket.socket() as probe, pytest.raises(ConnectionRefusedError):
            probe.connect(("127.0.0.2", port))
        assert watched.url.startswith("http://127.0.0.1:")
        shown = Path(f"/proc/{watched.process.pid}/cmdline").read_bytes().decode()
        assert AUTH[1] not in shown
        assert watched.process.children() == ()


# --- how it runs ----------------------------------------------------------------------------------


@in_turn
def test_it_writes_nothing_where_it_runs_and_one_line_an_event(alone: Stack) -> None:
    """Its folder holds its log alone; Ctrl-C ends it in order too."""
    with dashboard(alone, OAI_INGEST_LOG_FORMAT="json") as watched:
        for page in ("tasks", "workers", "broker", "not-there", "healthcheck"):
            watched.ask(page)
        watched.ask("tasks", auth=None)
        os.kill(watched.process.pid, signal.SIGINT)
        assert watched.process.wait(30) == 0
        events = [json.loads(line)["event"] for line in watched.process.log.splitlines()]

    assert events == ["dashboard ready"]
    assert [path.name for path in alone.folder.iterdir()] == [f"{watched.process.name}.log"]


@in_turn
def test_all_paths_begin_as_a_proxy_needs_them(alone: Stack) -> None:
    """Pages, programs' lists, files and the check of its health."""
    with dashboard(alone, "--url-prefix", "/watch/harvests/") as watched:
        assert watched.url.endswith("/watch/harvests/")
        for page in ("", "tasks", "api/tasks", "healthcheck", "static/js/flower.js"):
            assert watched.ask(page).status_code == 200
        assert 'src="/watch/harvests/static/js/flower.js' in watched.ask("tasks").text
        assert watched.ask("../../tasks").status_code == 404


@in_turn
def test_what_was_seen_is_there_again_where_a_file_keeps_it(alone: Stack) -> None:
    """Without one it is forgotten."""
    kept = ("--persistent", str(alone.folder / "seen"))
    with dashboard(alone, *kept) as watched:
        _tell_until_heard(alone, watched, "a-1")
    with dashboard(alone, *kept) as watched:
        (task,) = watched.tasks()
    with dashboard(alone) as watched:
        assert watched.tasks() == []

    assert (task["uuid"], task["kwargs"]) == ("a-1", "endpoint=archive run=1 full")


@in_turn
def test_it_waits_for_a_broker_and_survives_that_it_is_away(broker: RedisServer, tmp_path: Path) -> None:
    """Told to wait it starts when the broker does; a broker that was away and is back tells it events as before."""
    with Stack("sqlite:///not-there.db", broker.url, tmp_path) as stack:
        broker.stop()
        process = stack.dashboard(0, "--wait", OAI_INGEST_FLOWER_AUTH=":".join(AUTH))
        wait_for_line(process, "trying again", 30)
        broker.start()
        watched = Dashboard(process)
        _tell_until_heard(stack, watched, "before")
        broker.stop()
        wait_for_line(process, "the broker tells nothing", 30)
        assert watched.ask("healthcheck", auth=None).status_code == 200
        broker.start()
        _tell_until_heard(stack, watched, "after")
        assert "Traceback" not in process.log


def _tell_until_heard(stack: Stack, watched: Dashboard, uuid: str) -> None:
    """Send an event again and again: what is sent while nobody listens is lost."""

    def heard() -> bool:
        _tell(stack, "task-received", uuid=uuid, name="ingest.plan_run", kwargs="endpoint=archive run=1 full")
        return uuid in {task["uuid"] for task in watched.tasks()}

    until(heard, 60, what="an event to arrive", tails=lambda: watched.process.tail)


def _tell(stack: Stack, kind: str, **fields: Any) -> None:
    """Send an event as a worker does."""
    with (
        Celery(broker=stack.environment["OAI_INGEST_BROKER_URL"]) as app,
        app.connection_for_write() as connection,
        app.events.Dispatcher(connection, hostname="worker@here") as dispatcher,
        suppress(ConnectionError),
    ):
        dispatcher.send(kind, **fields)


# --- what it refuses ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "flower_auth", ["watcher", "watcher:", ":password", "watcher:password,", "watcher:pass,word", "wächter:password"]
)
def test_what_is_no_password_is_refused_unsaid(flower_auth: str) -> None:
    """An empty half would let in whoever leaves it empty; a comma parts two users."""
    with pytest.raises(ConfigurationError, match="must be USER:PASSWORD") as refused:
        credentials(flower_auth)

    assert "word" not in str(refused.value).replace("PASSWORD", "")


def test_several_may_have_passwords() -> None:
    """A password may hold colons; blanks around a comma are no part of it."""
    assert credentials("one:a:b, two:c") == ["one:a:b", "two:c"]


@in_turn
@pytest.mark.parametrize(
    ("arguments", "environment", "told"),
    [
        ([], {"OAI_INGEST_FLOWER_AUTH": ""}, "set OAI_INGEST_FLOWER_AUTH to USER:PASSWORD"),
        ([], {"OAI_INGEST_FLOWER_AUTH": "hunter2"}, "OAI_INGEST_FLOWER_AUTH must be USER:PASSWORD"),
        ([], {"OAI_INGEST_BROKER_URL": ""}, "set OAI_INGEST_BROKER_URL"),
        ([], {"OAI_INGEST_BROKER_URL": "redis://:hunter2@127.0.0.1:1/0"}, "can not be reached"),
        (["--port", "TAKEN"], {}, "Address already in use; choose others with --address and --port"),
        (["--port", "70000"], {}, "--port"),
        (["--address", "192.0.2.1"], {}, "can not listen on 192.0.2.1"),
        (["--address", ""], {}, "--address is empty"),
        (["--persistent", "not/there/seen"], {}, "name a file in a folder that is there"),
        (["--url-prefix", "a b"], {}, "can not begin a path"),
    ],
)
def test_what_can_not_be_served_is_refused(
    alone: Stack, arguments: list[str], environment: dict[str, str], told: str
) -> None:
    """In one line, with what to do and without a secret, and with exit code 2."""
    given = {"OAI_INGEST_FLOWER_AUTH": ":".join(AUTH), "OAI_INGEST_DATABASE_URL": "", **environment}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        arguments = [port if each == "TAKEN" else each for each in arguments]
        ended = alone.command("dashboard", "--port", "0", *arguments, **given)

    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1), ended.stderr
    assert ended.stderr.startswith("error: ")
    assert told in ended.stderr
    assert "hunter2" not in ended.stderr
    assert list(alone.folder.iterdir()) == []


def test_without_flower_it_says_how_to_install_it(tmp_path: Path) -> None:
    """Flower is an extra: whoever harvests on one machine needs none."""
    without = "import sys; sys.modules['flower'] = None; from workers.cli.main import run; sys.exit(run(['dashboard']))"
    environment = {"PYTHONPATH": str(ROOT), "OAI_INGEST_BROKER_URL": "redis://127.0.0.1:1/0"}
    ended = subprocess.run(
        [sys.executable, "-c", without], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )

    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1), ended.stderr
    assert "with its extra [dashboard]" in ended.stderr

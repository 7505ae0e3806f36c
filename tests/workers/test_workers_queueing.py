"""``harvest --queue`` and what a person does with a run meanwhile: join it, watch it, cancel it."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from database_rows import count
from equality import assert_equal
from stack import Stack, declare, slow_repository, undisturbed, wait_for_line
from watching import Gate, Watch

from ingest.ledger import Verdict

pytestmark = pytest.mark.xdist_group("stack")

RECORDS, PAGE_SIZE = 400, 20
SECONDS = 120


@pytest.fixture
def base_url() -> Iterator[str]:
    """Serve four hundred records, twenty a page, a tenth of a second each."""
    with slow_repository(RECORDS, PAGE_SIZE, seconds_a_page=0.1) as url:
        yield url


@pytest.fixture
def stack(migrated_postgresql_url: str, broker_url: str, base_url: str, tmp_path: Path) -> Iterator[Stack]:
    """Give a stack without processes, with the repository declared, two windows of it at once."""
    with Stack(migrated_postgresql_url, broker_url, tmp_path) as made:
        declare(made.config, {"tested": {"url": base_url, "parallel": 2}})
        yield made


# --- asking for a run -----------------------------------------------------------------------------


def test_a_harvest_is_queued_once_however_often_it_is_asked_for(stack: Stack) -> None:
    """The same selection joins, with exit code 0; another is refused, and told how to go on."""
    first = stack.command("harvest", "tested", "--queue")
    again = stack.command("harvest", "tested", "--queue", "--json", "--parallel", "5")
    other = stack.command("harvest", "tested", "--queue", "--full", "--json")

    assert (first.returncode, first.stdout) == (0, "run 1 of tested is queued\n")
    assert first.stderr == "see it with `oai-ingest runs watch 1`\n"
    told = json.loads(again.stdout)
    assert (again.returncode, told["run"], told["queued"], told["active"]) == (0, 1, True, True)
    assert again.stderr == "run 1 was begun before and goes on as it was: at most 2 at once\n"
    assert (other.returncode, other.stderr.count("\n")) == (2, 1)
    assert "oai-ingest runs cancel 1" in json.loads(other.stdout)["error"]
    assert len(stack.runs()) == 1


def test_five_callers_at_once_are_given_one_run(stack: Stack) -> None:
    """Whoever was first: all are told the same number, and it is harvested once; a pause is for the schedule alone."""
    assert stack.command("endpoints", "pause", "tested").returncode == 0
    answers: list[int] = []

    def ask() -> None:
        answers.append(stack.queue("tested"))

    callers = [threading.Thread(target=ask) for _ in range(5)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    stack.worker(2)
    run = stack.ended(answers[0], SECONDS)

    assert answers == [run.run_id] * 5
    assert len(stack.runs()) == 1
    assert (run.verdict, run.records) == (Verdict.COMPLETE, RECORDS)


def test_a_repository_that_is_not_declared_is_harvested_by_its_url(stack: Stack, base_url: str) -> None:
    """Workers go by what the run says of it, and need no file."""
    declare(stack.config, {})
    run_id = stack.queue(base_url, "--parallel", "2")
    stack.worker(2, OAI_INGEST_CONFIG=str(stack.folder / "nowhere"))
    run = stack.ended(run_id, SECONDS)

    assert run.endpoint == base_url.removeprefix("http://")
    assert (run.verdict, run.records, run.parallel) == (Verdict.COMPLETE, RECORDS, 2)


# --- watching and cancelling it -------------------------------------------------------------------


def test_a_run_is_watched_from_the_queue_to_its_verdict(stack: Stack) -> None:
    """It waits for a worker, for long; then it is planned, split and read, and the watch ends with it."""
    run_id = stack.queue("tested")
    watch = stack.start("runs", "watch", str(run_id))
    # What patience a watch has is told by its lease: this one begins within it, however slowly a process starts.
    objects = stack.start("runs", "watch", str(run_id), "--json", OAI_INGEST_LEASE_SECONDS="60")
    wait_for_line(objects, "waits for a worker", SECONDS)
    wait_for_line(watch, f"run {run_id}: no worker has taken it up for", SECONDS)
    stack.worker(2)

    assert (watch.wait(SECONDS), objects.wait(SECONDS)) == (0, 0)
    lines = watch.log.splitlines()
    assert lines[0] == f"run {run_id} of tested: not planned yet"
    assert any(line.startswith("tested: complete") for line in lines)
    told = [json.loads(line) for line in objects.log.splitlines()]
    assert told[0]["waits"] == "waits for a worker"
    assert any(window["owner"] for each in told for window in each["windows"])
    assert (told[-1]["verdict"], told[-1]["records"], told[-1]["waits"]) == ("complete", RECORDS, None)


def test_a_run_that_is_cancelled_ends_with_the_page_in_hand(stack: Stack) -> None:
    """Partial, because cancelled; the worker goes on with other work, and has no error to tell."""
    gate = Gate(5)
    with slow_repository(RECORDS, page_size=10, seconds_a_page=0, watch=Watch(gate)) as url:
        declare(stack.config, {"tested": {"url": url, "parallel": 2}})
        run_id = stack.queue("tested")
        worker, watch = stack.worker(2), stack.start("runs", "watch", str(run_id))
        gate.wait_until_reached()
        wait_for_line(watch, " records, 4 pages, ", SECONDS)

        cancelled = stack.command("runs", "cancel", str(run_id), "--json")
        run = stack.run(run_id)
        gate.open()
        again = stack.ended(stack.queue("tested", "--full"), SECONDS)

    told = json.loads(cancelled.stdout)
    assert (cancelled.returncode, told["verdict"], told["gaps"] > 0) == (0, "partial", True)
    assert (run.active, run.verdict, [each.code for each in run.reasons]) == (False, Verdict.PARTIAL, ["cancelled"])
    assert 0 < run.total("seen") < RECORDS
    assert stack.pages_of(run_id) == run.total("pages")
    assert watch.wait(SECONDS) == 1
    assert (again.verdict, again.records) == (Verdict.COMPLETE, RECORDS)
    assert " error " not in worker.log
    assert "Traceback" not in worker.log


def test_a_run_is_cancelled_before_anybody_takes_it_up(stack: Stack) -> None:
    """Nothing was read of it; a worker that comes later passes it over."""
    run_id = stack.queue("tested")
    cancelled = stack.command("runs", "cancel", str(run_id))
    worker = stack.worker(1)
    wait_for_line(worker, "nothing to do", SECONDS)
    again = stack.ended(stack.queue("tested"), SECONDS)

    assert (cancelled.returncode, cancelled.stdout.splitlines()[0]) == (0, f"tested: failed  (run {run_id}, full)")
    assert "a person ended the run" in cancelled.stdout
    assert again.verdict is Verdict.COMPLETE
    assert count(stack.environment["OAI_INGEST_DATABASE_URL"], "windows") > 0
    assert " error " not in worker.log


# --- without workers ------------------------------------------------------------------------------


def test_a_harvest_in_one_process_reads_several_windows_at_once(
    migrated_database_url: str, base_url: str, tmp_path: Path
) -> None:
    """A long list is split, and what comes of it is the same."""
    with ExitStack() as ends:
        stack = ends.enter_context(Stack(migrated_database_url, "", tmp_path))
        ended: subprocess.CompletedProcess[str] = stack.command("harvest", base_url, "--parallel", "3", "--json")
        told = json.loads(ended.stdout)
        windows = stack.run(told["run"]).windows

    assert (ended.returncode, told["verdict"], told["records"]) == (0, "complete", RECORDS)
    assert windows[0].state == "split"
    assert sum(window.state == "ended" for window in windows) >= 3
    assert all(f"oai_dc, {'from' if window.from_ else 'until'}" in ended.stderr for window in windows[1:])
    assert_equal(migrated_database_url, undisturbed(base_url, tmp_path, name=base_url.removeprefix("http://")))

"""Several processes on one endpoint, and clean stops: one run, taken up where it was left."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from database_rows import count, rows
from equality import assert_equal
from harvesting import OUTCOMES, HarvestProcess, counts_of, endpoint_at, harvest_here, selection_of
from watching import Asked, Gate, Watch

from ingest.errors import RunRefused
from ingest.ledger import Verdict
from workers.demo.exchange import Answer, Response
from workers.demo.server import serve

SETS = ("letters", "minutes")


def slowly(asked: Asked, answer: Answer) -> Response:
    """Answer a list after a while, so that processes that began together work at the same time."""
    if asked.page:
        time.sleep(0.05)
    return answer(asked.request)


@contextmanager
def processes(number: int) -> Iterator[list[HarvestProcess]]:
    """Give processes that are ready to begin at the same moment."""
    with ExitStack() as stack:
        yield [stack.enter_context(HarvestProcess()) for _ in range(number)]


@pytest.mark.parametrize("number", [2, 3])
@pytest.mark.parametrize("sets", [(), SETS], ids=["one list", "two lists"])
def test_processes_that_begin_together_share_one_run(
    number: int, sets: tuple[str, ...], migrated_database_url: str, eight_pages: Any
) -> None:
    """Each says the same of the same run; the database is as if one had worked alone."""
    watch = Watch(slowly)
    with serve(eight_pages.repository, middleware=watch) as base_url, processes(number) as together:
        for process in together:
            process.begin(migrated_database_url, endpoint_at(base_url, sets=sets))
        results = [process.result() for process in together]
    expected = eight_pages.undisturbed(sets)
    assert [(result.get("verdict"), result["exit"]) for result in results] == [("complete", 0)] * number, results
    assert len({result["run"] for result in results}) == 1
    assert count(migrated_database_url, "runs") == 1
    for result in results:
        assert result["seen"] == sum(result[name] for name in OUTCOMES) == expected.run.total("seen")
        assert (result["pages"], result["records"]) == (8 if not sets else result["pages"], expected.run.records)
    pages = [(asked.set_spec, asked.page) for asked in watch.lists]
    assert len(pages) == len(set(pages)), "a page was read by two processes"
    assert_equal(migrated_database_url, expected.database_url)


def test_two_processes_write_the_same_records_through_two_sets_at_once(
    migrated_database_url: str, eight_pages: Any
) -> None:
    """Both lists are in flight at the same time: each process waits with its page until the other has one too."""
    gates = {name: Gate(1, set_spec=name) for name in SETS}
    watch = Watch(lambda asked, answer: gates[asked.set_spec](asked, answer) if asked.page else answer(asked.request))
    with serve(eight_pages.repository, middleware=watch) as base_url, processes(2) as together:
        for process in together:
            process.begin(migrated_database_url, endpoint_at(base_url, sets=SETS, parallel=2))
        for gate in gates.values():
            gate.wait_until_reached()
        for gate in gates.values():
            gate.open()
        results = [process.result() for process in together]
    assert [result["verdict"] for result in results] == ["complete", "complete"]
    assert_equal(migrated_database_url, eight_pages.undisturbed(SETS).database_url)


def test_a_process_takes_over_what_a_killed_one_had_in_hand(migrated_database_url: str, eight_pages: Any) -> None:
    """The lease of a process that died on this host is void at once; the other one, which waited, goes on."""
    gate, watch = Gate(4), Watch()
    watch.fault = gate
    with serve(eight_pages.repository, middleware=watch) as base_url, processes(2) as (first, second):
        first.begin(migrated_database_url, endpoint_at(base_url))
        gate.wait_until_reached()
        second.begin(migrated_database_url, endpoint_at(base_url))
        time.sleep(0.3)
        first.kill()
        gate.open()
        result = second.result()
    assert result["verdict"] == "complete"
    assert {name: result[name] for name in OUTCOMES} == {
        name: eight_pages.undisturbed().run.total(name) for name in OUTCOMES
    }
    assert_equal(migrated_database_url, eight_pages.undisturbed().database_url)


def test_a_frozen_process_whose_lease_has_passed_on_writes_nothing_when_it_wakes(
    migrated_database_url: str, eight_pages: Any
) -> None:
    """It finds its fence raised, drops the page in hand, and says of the run what the other one made of it."""
    gate, watch = Gate(4), Watch()
    watch.fault = gate
    with serve(eight_pages.repository, middleware=watch) as base_url, processes(2) as (frozen, other):
        frozen.begin(migrated_database_url, endpoint_at(base_url), lease_seconds=1)
        gate.wait_until_reached()
        freeze_at_rest(frozen, migrated_database_url, pages=3)
        gate.open()
        other.begin(migrated_database_url, endpoint_at(base_url))
        results = [other.result()]
        frozen.wake()
        results.append(frozen.result())
    expected = eight_pages.undisturbed()
    assert [result["verdict"] for result in results] == ["complete", "complete"]
    assert {result["seen"] for result in results} == {expected.run.total("seen")}
    assert_equal(migrated_database_url, expected.database_url)


def freeze_at_rest(process: HarvestProcess, database_url: str, *, pages: int) -> None:
    """Freeze a process between two transactions: right after it has renewed its lease, the pages before being kept.

    Frozen in the middle of one it would keep SQLite's one writer's place, which no lease can free.
    """

    def window() -> dict[str, Any]:
        return rows(database_url, "SELECT pages, lease_until FROM windows")[0]

    deadline = time.monotonic() + 60
    while window()["pages"] < pages:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    before = window()["lease_until"]
    while window()["lease_until"] == before:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.freeze()


def test_another_selection_is_refused_while_a_run_is_active(migrated_database_url: str, eight_pages: Any) -> None:
    """The refusal names the run and what to do; the active run goes on untouched."""
    gate = Gate(2)
    with serve(eight_pages.repository, middleware=Watch(gate)) as base_url, processes(2) as (first, second):
        endpoint = endpoint_at(base_url)
        first.begin(migrated_database_url, endpoint)
        gate.wait_until_reached()
        other = selection_of(endpoint, sets=("letters",))
        second.begin(migrated_database_url, endpoint, other)
        refused = second.result()
        with pytest.raises(RunRefused, match="runs cancel"):
            harvest_here(migrated_database_url, endpoint, selection=other)
        gate.open()
        result = first.result()
    assert (refused["error"], refused["exit"]) == ("RunRefused", 2)
    assert f"run {result['run']} " in refused["text"]
    assert result["verdict"] == "complete"
    assert_equal(migrated_database_url, eight_pages.undisturbed().database_url)


# --- clean stops ----------------------------------------------------------------------------------


@pytest.mark.parametrize("pages", [1, 3, 7])
def test_a_stop_between_pages_leaves_the_run_to_be_taken_up(
    pages: int, migrated_database_url: str, eight_pages: Any
) -> None:
    """Verdict partial, reason interrupted, the lease given back; then no committed page is asked for again."""
    watch, read = Watch(), [0]

    def tell(_window: object) -> None:
        read[0] += 1

    with serve(eight_pages.repository, middleware=watch) as base_url:
        endpoint = endpoint_at(base_url)
        stopped = harvest_here(migrated_database_url, endpoint, tell=tell, stop=lambda: read[0] >= pages)
        assert_interrupted(migrated_database_url, pages)
        watch.forget()
        run = harvest_here(migrated_database_url, endpoint)
    assert (stopped.verdict, [reason.code for reason in stopped.reasons]) == (Verdict.PARTIAL, ["interrupted"])
    assert stopped.active
    assert [asked.page for asked in watch.lists] == [*range(pages + 1, 9)]
    assert (run.run_id, run.verdict, run.reasons) == (
        stopped.run_id,
        Verdict.COMPLETE,
        eight_pages.undisturbed().run.reasons,
    )
    assert counts_of(run) == counts_of(eight_pages.undisturbed().run)
    assert_equal(migrated_database_url, eight_pages.undisturbed().database_url)


def test_sigterm_ends_a_process_after_the_page_in_hand(migrated_database_url: str, eight_pages: Any) -> None:
    """It does not wait for a slow repository's next page, and the next harvest goes on from the committed one."""
    gate, watch = Gate(4), Watch()
    watch.fault = gate
    with serve(eight_pages.repository, middleware=watch) as base_url, HarvestProcess() as process:
        process.begin(migrated_database_url, endpoint_at(base_url))
        gate.wait_until_reached()
        process.terminate()
        result = process.result()
        gate.open()
        done = assert_interrupted(migrated_database_url, None)
        watch.forget()
        run = harvest_here(migrated_database_url, endpoint_at(base_url))
    assert (result["verdict"], result["reasons"], result["exit"]) == ("partial", ["interrupted"], 0)
    assert result["pages"] == done
    assert [asked.page for asked in watch.lists] == [*range(done + 1, 9)]
    assert (run.run_id, run.verdict) == (result["run"], Verdict.COMPLETE)
    assert_equal(migrated_database_url, eight_pages.undisturbed().database_url)


def test_a_stop_before_anything_was_asked_leaves_nothing_behind_that_is_in_the_way(
    migrated_sqlite_url: str, eight_pages: Any
) -> None:
    """A run that was planned and never worked on is taken up like any other."""
    with serve(eight_pages.repository) as base_url:
        stopped = harvest_here(migrated_sqlite_url, endpoint_at(base_url), stop=lambda: True)
        run = harvest_here(migrated_sqlite_url, endpoint_at(base_url))
    assert (stopped.verdict, stopped.active) == (Verdict.PARTIAL, True)
    assert (run.run_id, run.verdict) == (stopped.run_id, Verdict.COMPLETE)


def assert_interrupted(database_url: str, pages: int | None) -> int:
    """Assert that the only window is open, owned by nobody, and as far as it should be."""
    (window,) = rows(database_url, "SELECT state, owner, lease_until, pages, token FROM windows")
    assert (window["state"], window["owner"], window["lease_until"]) == ("open", None, None)
    assert window["token"]
    assert pages in {None, window["pages"]}
    return int(window["pages"])

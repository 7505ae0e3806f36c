"""A harvest killed at any moment: taken up again, it ends in the database that an undisturbed one leaves."""

import time
from typing import Any

import pytest
from database_rows import rows
from equality import assert_equal
from harvesting import OUTCOMES, HarvestProcess, counts_of, endpoint_at, harvest_here
from processes import until
from watching import Gate, Watch

from ingest.ledger import Run, Verdict
from ingest.records import OaiError
from workers.demo import answers
from workers.demo.exchange import Response
from workers.demo.server import serve

PAGES = range(1, 9)
SETS = ("letters", "minutes")


def kill_at(
    gate: Gate,
    watch: Watch,
    database_url: str,
    base_url: str,
    *,
    after: float = 0.0,
    pages: int = 0,
    **keys: Any,
) -> None:
    """Harvest in a process of its own, and kill it some seconds after the gate was reached and pages are committed."""
    watch.fault = gate
    with HarvestProcess() as process:
        process.begin(database_url, endpoint_at(base_url, **keys))
        gate.wait_until_reached()
        until(lambda: committed(database_url)[0] >= pages or None, 60, what=f"{pages} pages in the database")
        time.sleep(after)
        process.kill()
    gate.open()


def committed(database_url: str) -> tuple[int, str | None]:
    """Tell how many pages are in the database, and which token goes on from there."""
    window = rows(database_url, "SELECT pages, token FROM windows ORDER BY id")[0]
    return window["pages"], window["token"]


def assert_same_as_undisturbed(run: Run, database_url: str, expected: Any) -> None:
    """Assert that a run taken up again counts, and leaves, what an undisturbed one does."""
    assert run.verdict is Verdict.COMPLETE
    assert not run.active
    assert counts_of(run) == counts_of(expected.run)
    assert run.records == expected.run.records
    assert_equal(database_url, expected.database_url)


@pytest.mark.parametrize("page", PAGES)
def test_killed_while_a_page_is_asked_for_it_goes_on_with_the_committed_token(
    page: int, migrated_database_url: str, eight_pages: Any
) -> None:
    """The committed token is asked again; what was committed is not, and no count is lost or doubled."""
    watch = Watch()
    with serve(eight_pages.repository, middleware=watch) as base_url:
        kill_at(Gate(page), watch, migrated_database_url, base_url)
        done, token = committed(migrated_database_url)
        assert page - 2 <= done <= page - 1
        watch.forget()
        run = harvest_here(migrated_database_url, endpoint_at(base_url))
    assert [asked.page for asked in watch.lists] == [*PAGES][done:]
    assert watch.lists[0].token == token
    assert_same_as_undisturbed(run, migrated_database_url, eight_pages.undisturbed())


@pytest.mark.parametrize(("page", "after"), [(2, 0.06), (3, 0.01), (4, 0.015), (6, 0.02), (7, 0.025), (8, 0.03)])
def test_killed_while_a_page_may_be_being_committed_nothing_is_lost(
    page: int, after: float, migrated_database_url: str, eight_pages: Any
) -> None:
    """The next page is asked for before the one before it is written: the kill falls into that moment."""
    watch = Watch()
    with serve(eight_pages.repository, middleware=watch) as base_url:
        kill_at(Gate(page), watch, migrated_database_url, base_url, after=after)
        done, _ = committed(migrated_database_url)
        watch.forget()
        run = harvest_here(migrated_database_url, endpoint_at(base_url))
    assert [asked.page for asked in watch.lists] == [*PAGES][done:]
    assert_same_as_undisturbed(run, migrated_database_url, eight_pages.undisturbed())


@pytest.mark.parametrize("after", [0.01, 0.03, 0.06])
def test_killed_after_the_last_page_was_sent_the_run_is_still_concluded(
    after: float, migrated_database_url: str, eight_pages: Any
) -> None:
    """Whether the last page, the conclusion, or neither was written: the next harvest leaves it complete."""
    watch = Watch()
    with serve(eight_pages.repository, middleware=watch) as base_url:
        kill_at(Gate(PAGES[-1], held=False), watch, migrated_database_url, base_url, after=after)
        run = harvest_here(migrated_database_url, endpoint_at(base_url))
    assert run.verdict is Verdict.COMPLETE
    runs = rows(migrated_database_url, "SELECT verdict, ended_at FROM runs")
    assert all(each["verdict"] == "complete" and each["ended_at"] for each in runs)
    assert_equal(migrated_database_url, eight_pages.undisturbed().database_url)


def test_killed_at_every_page_in_turn_it_still_ends_equal(migrated_database_url: str, eight_pages: Any) -> None:
    """Eight kills in a chain, over two lists whose sets overlap, cost nothing but asking again."""
    watch = Watch()
    with serve(eight_pages.repository, middleware=watch) as base_url:
        endpoint = endpoint_at(base_url, sets=SETS)
        for set_spec in SETS:
            for page in (1, 2, 3, 4):
                gate = Gate(page, set_spec=set_spec)
                kill_at(gate, watch, migrated_database_url, base_url, sets=SETS)
        run = harvest_here(migrated_database_url, endpoint)
    assert len({asked.set_spec for asked in watch.lists}) == 2
    assert_same_as_undisturbed(run, migrated_database_url, eight_pages.undisturbed(SETS))


@pytest.mark.parametrize("page", [3, 8])
def test_a_committed_token_that_is_refused_after_the_kill_restarts_the_list(
    page: int, migrated_database_url: str, eight_pages: Any
) -> None:
    """Reading again what is committed costs reading only: it is counted as unchanged, and the end is equal."""
    watch = Watch()
    with serve(eight_pages.repository, middleware=watch) as base_url:
        kill_at(Gate(page), watch, migrated_database_url, base_url, pages=page - 1)
        done, token = committed(migrated_database_url)
        assert done == page - 1
        watch.forget()
        watch.fault = lambda asked, answer: refused() if asked.token == token else answer(asked.request)
        # The list's new tokens shall not be the refused one: they name the second at which they were issued.
        time.sleep(1.1)
        run = harvest_here(migrated_database_url, endpoint_at(base_url))
    assert [asked.page for asked in watch.lists] == [page, *PAGES]
    counts, least = counts_of(run), counts_of(eight_pages.undisturbed().run)
    assert run.verdict is Verdict.COMPLETE
    assert counts["restarts"] == 1
    assert counts["seen"] == sum(counts[name] for name in OUTCOMES) == least["seen"] + 10 * done
    assert counts["unchanged"] == least["unchanged"] + 10 * done
    assert all(counts[name] >= least[name] for name in OUTCOMES)
    assert run.records == eight_pages.undisturbed().run.records
    assert_equal(migrated_database_url, eight_pages.undisturbed().database_url)


def refused() -> Response:
    """Refuse a token as the protocol has it (section 3.6)."""
    error = answers.error(OaiError(code="badResumptionToken", message="The token is not known any more."))
    body = answers.document(response_date="2026-01-01T00:00:00Z", base_url="http://127.0.0.1/oai", echo={}, body=error)
    return Response(body=body)

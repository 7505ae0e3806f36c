"""The dashboard as a person sees it: the page of tasks in a browser, while workers harvest."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from dashboards import AUTH, Dashboard, dashboard
from processes import until
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import title_contains
from selenium.webdriver.support.wait import WebDriverWait
from stack import Stack, declare, slow_repository

PROGRESS = re.compile(r"page \d[\d,]*, (\d[\d,]*) of about \d[\d,]*, \d[\d,]*/s")
NAME, STATE, ABOUT, RESULT, WORKER = 0, 1, 2, 3, 7

Row = list[str]


@pytest.fixture
def stack(broker_url: str, migrated_postgresql_url: str, tmp_path: Path) -> Iterator[Stack]:
    """Give a stack with four endpoints, one of them large, and one whose repository is not there."""
    with Stack(migrated_postgresql_url, broker_url, tmp_path, slice_seconds=8) as stack, _repositories(stack.config):
        yield stack


def test_the_page_says_what_goes_on_and_how_it_ended(stack: Stack, browser: Chrome, screenshot: Path | None) -> None:
    """Endpoints, windows, progress, verdicts and reasons, whole words within the page's width, and without a reload."""
    with dashboard(stack) as watched:
        for name in ("north", "south"):
            stack.worker(2, "--name", name)
        _open(browser, watched)
        runs = {name: stack.queue(name) for name in ("closed-library", "town-archive", "photographs", "wilson-center")}

        reading = _row(browser, f"endpoint=wilson-center run={runs['wilson-center']}", "ingest.work_window", "PROGRESS")
        assert re.search(r" window=\d+ prefix=oai_dc (from|until)=\S+", reading[ABOUT])
        assert reading[WORKER].startswith(("north@", "south@"))
        _assert_a_program_is_told_the_same(watched, reading)

        gone = _row(browser, f"endpoint=closed-library run={runs['closed-library']}", "ingest.plan_run", "FAILURE")
        assert gone[RESULT].startswith("failed: 0 seen: cannot reach http://127.0.0.1:1/oai: connection refused")

        ended = stack.ended(runs["town-archive"], 60)
        told = _row(browser, f"endpoint=town-archive run={ended.run_id}", "ingest.finish_run", "SUCCESS")
        assert told[RESULT].startswith(f"complete: {ended.total('seen'):,} seen, {ended.total('created'):,} created")

        assert _scrolls_sideways(browser) == []
        if screenshot:
            _wait_for_much_to_see(browser)
            browser.save_screenshot(str(screenshot))

        _assert_started_finds_what_is_in_progress(browser)
        _assert_a_search_finds_one_run(browser, runs["photographs"])
        _assert_a_task_has_a_page_of_its_own(browser)
        assert [line for line in browser.get_log("browser") if line["level"] == "SEVERE"] == []


@contextmanager
def _repositories(config: Path) -> Iterator[None]:
    with ExitStack() as served:
        large = served.enter_context(slow_repository(30_000, page_size=100, seconds_a_page=0.3))
        small = served.enter_context(slow_repository(600, page_size=100, seconds_a_page=0.2, sets=["maps", "letters"]))
        middle = served.enter_context(slow_repository(12_300, page_size=100, seconds_a_page=0.3))
        declare(
            config,
            {
                "wilson-center": {"url": large, "parallel": 2},
                "town-archive": {"url": small, "sets": ["maps", "letters"]},
                "photographs": {"url": middle},
                "closed-library": {"url": "http://127.0.0.1:1/oai"},
            },
        )
        yield


def _open(browser: Chrome, watched: Dashboard) -> None:
    browser.get(watched.url.replace("://", "://{}:{}@".format(*AUTH)) + "tasks")
    WebDriverWait(browser, 30).until(title_contains("Tasks"))


# --- what is on the page --------------------------------------------------------------------------


def _rows(browser: Chrome) -> list[Row]:
    """Read the table as it stands."""
    rows: list[Row] = browser.execute_script(
        "return $('#tasks-table tbody tr').get().map(row => $(row).children().get().map(cell => cell.innerText.trim()))"
    )
    return [row for row in rows if len(row) > WORKER]


def _row(browser: Chrome, about: str, name: str, state: str) -> Row:
    """Wait for a row, which the page has to fetch by itself, and give it."""

    def found() -> Row | None:
        rows = (row for row in _rows(browser) if f"{row[ABOUT]} ".startswith(f"{about} "))
        return next((row for row in rows if (row[NAME], row[STATE]) == (name, state)), None)

    def tails() -> str:
        return "\n".join(map(str, _rows(browser)))

    return until(found, 60, what=f"{name} of {about} to be in state {state}", tails=tails)


def _wait_for_much_to_see(browser: Chrome) -> None:
    """Wait until three windows are well on their way."""

    def much() -> bool:
        told = [PROGRESS.fullmatch(row[RESULT]) for row in _rows(browser) if row[STATE] == "PROGRESS"]
        return len(told) > 2 and all(found and _number(found[1]) > 200 for found in told)

    until(much, 60, what="windows on their way")


def _scrolls_sideways(browser: Chrome) -> list[str]:
    """Name what is wider than there is room for: text that a person would not see."""
    wide: list[str] = browser.execute_script(
        "return $('.dataTables_scrollBody, #tasks-table td').get()"
        ".filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.innerText)"
    )
    return wide


def _assert_a_program_is_told_the_same(watched: Dashboard, row: Row) -> None:
    (task,) = [task for task in watched.tasks("work_window", state="PROGRESS") if task["kwargs"] == row[ABOUT]]
    now, then = PROGRESS.fullmatch(task["result"]), PROGRESS.fullmatch(row[RESULT])
    assert now
    assert then
    assert _number(then[1]) <= _number(now[1])
    assert task["worker"] == row[WORKER]


def _number(words: str) -> int:
    return int(words.replace(",", ""))


# --- what a person does ---------------------------------------------------------------------------


def _assert_started_finds_what_is_in_progress(browser: Chrome) -> None:
    browser.find_element(By.CSS_SELECTOR, "[data-task-state=STARTED]").click()
    until(lambda: {row[STATE] for row in _rows(browser)} <= {"STARTED", "PROGRESS"}, 20, what="what has started")
    until(lambda: "PROGRESS" in {row[STATE] for row in _rows(browser)}, 20, what="what is in progress")


def _assert_a_search_finds_one_run(browser: Chrome, run_id: int) -> None:
    field = browser.find_element(By.CSS_SELECTOR, ".dataTables_filter input")
    field.clear()
    field.send_keys(f'"run={run_id} "')
    until(lambda: {f"run={run_id}" in row[ABOUT].split() for row in _rows(browser)} == {True}, 20, what="one run")


def _assert_a_task_has_a_page_of_its_own(browser: Chrome) -> None:
    about = _rows(browser)[0][ABOUT]

    def followed() -> bool:
        try:
            browser.find_element(By.CSS_SELECTOR, "#tasks-table tbody a[href*='/task/']").click()
        except StaleElementReferenceException:
            return False  # The page has fetched its rows anew in this moment.
        return True

    until(followed, 10, what="the link to a task")
    until(lambda: about in browser.find_element(By.TAG_NAME, "body").text, 20, what="the task's page")

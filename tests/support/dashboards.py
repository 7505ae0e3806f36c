"""The dashboard as a process, asked over HTTP: by whoever has its password, by whoever has another, or none."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests
from processes import Process, until, wait_for_line
from stack import Stack

AUTH = ("watcher", "open-sesame-7")
_START_SECONDS = 60
_ANSWER_SECONDS = 30

Task = dict[str, Any]


class Dashboard:
    """A dashboard that answers."""

    def __init__(self, process: Process) -> None:
        """Wait until it says where it is."""
        self.process = process
        line = wait_for_line(process, "dashboard ready", _START_SECONDS)
        self.url = "".join(re.findall(r"http://[^\s\"]+", line))

    def ask(
        self, path: str, method: str = "GET", auth: tuple[str | bytes, str | bytes] | None = AUTH, **more: Any
    ) -> requests.Response:
        """Ask for a page or give an order; the answer may be a refusal."""
        return requests.request(method, self.url + path, auth=auth, timeout=_ANSWER_SECONDS, **more)

    def tasks(self, name: str = "", **query: str) -> list[Task]:
        """List the tasks that it knows, of one name or of all."""
        answer = self.ask("api/tasks", params=query)
        assert answer.status_code == 200, answer.text
        return [task for task in answer.json().values() if name in (task["name"] or "")]

    def task(self, name: str, fits: Callable[[Task], object], seconds: float, *, what: str) -> Task:
        """Wait for a task of a name that fits, and give it."""

        def found() -> Task | None:
            return next(filter(fits, self.tasks(name)), None)

        def tails() -> str:
            return "\n".join([self.process.tail, *(f"{task['state']} {task['kwargs']}" for task in self.tasks())])

        return until(found, seconds, what=what, tails=tails)


@contextmanager
def dashboard(stack: Stack, *arguments: str, **environment: str) -> Iterator[Dashboard]:
    """Start a dashboard at a free port; at the end it has to stop in order."""
    # It is told of no database: it needs none.
    told = {"OAI_INGEST_FLOWER_AUTH": ":".join(AUTH), "OAI_INGEST_DATABASE_URL": "", **environment}
    process = stack.dashboard(0, *arguments, **told)
    yield Dashboard(process)
    process.terminate()
    assert process.wait(_START_SECONDS) == 0, process.log

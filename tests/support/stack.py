"""The product as it runs in production: workers, schedulers and dashboard as processes, and a repository to harvest.

::

    with slow_repository(40_000, page_size=100, seconds_a_page=0.03) as url, Stack(database, broker, folder) as stack:
        declare(stack.config, {"tested": {"url": url}})
        stack.worker(concurrency=2)
        run = stack.ended(stack.queue("tested"), 120)
        assert_equal(database, undisturbed(url, folder))
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from forked_commands import run_command
from processes import Process, until, wait_for_line
from repositories import declare, slow_repository, undisturbed

from ingest.errors import DatabaseRefused
from ingest.ledger import Run
from ingest.store.engine import open_engine
from ingest.store.run_rows import list_runs
from ingest.store.runs import read_run

# All that a test of the whole needs comes from here.
__all__ = ["Process", "Stack", "declare", "slow_repository", "undisturbed", "wait_for_line"]

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "workers.cli.main")
T = TypeVar("T")


class Stack:
    """Processes that share a database and a broker; when the test leaves it, none of them is left."""

    def __init__(  # Keyword-only, one for each thing that a test may want to be otherwise.
        self,
        database_url: str,
        broker_url: str,
        folder: Path,
        *,
        lease_seconds: float = 5,
        tick_seconds: float = 1,
        slice_seconds: float = 2,
        config: Path | None = None,
        **more_environment: str,
    ) -> None:
        """Start nothing yet. The processes run in ``folder`` and write their logs there; its ``config`` is theirs."""
        self.folder = folder
        self.config = config or folder / "config"
        self._processes: list[Process] = []
        self._engine = open_engine(database_url)
        # A process sees nothing of ours but what the test says.
        self.environment = {
            "PATH": os.defpath,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "LANG": "C.UTF-8",
            "COLUMNS": "100",
            "OAI_INGEST_DATABASE_URL": database_url,
            "OAI_INGEST_BROKER_URL": broker_url,
            "OAI_INGEST_CONFIG": str(self.config),
            "OAI_INGEST_LEASE_SECONDS": str(lease_seconds),
            "OAI_INGEST_TICK_SECONDS": str(tick_seconds),
            "OAI_INGEST_SLICE_SECONDS": str(slice_seconds),
            **more_environment,
        }

    def __enter__(self) -> Self:
        """Give the stack itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave no process behind."""
        with ExitStack() as ends:
            ends.callback(self._engine.dispose)
            for process in self._processes:
                ends.callback(process.kill_all)

    # --- processes

    def worker(self, concurrency: int = 1, *arguments: str, **environment: str) -> Process:
        """Start a worker with a pool of so many processes."""
        return self.start("worker", "--concurrency", str(concurrency), *arguments, **environment)

    def beat(self, *arguments: str, **environment: str) -> Process:
        """Start a scheduler."""
        return self.start("beat", *arguments, **environment)

    def dashboard(self, port: int, *arguments: str, **environment: str) -> Process:
        """Start the dashboard; it needs OAI_INGEST_FLOWER_AUTH in its environment."""
        return self.start("dashboard", "--port", str(port), *arguments, **environment)

    def start(self, *arguments: str, under: Sequence[str] = (), **environment: str) -> Process:
        """Start any command and leave it running; ``under`` is a command that runs it, with its arguments."""
        log = self.folder / f"{arguments[0]}-{len(self._processes) + 1}.log"
        process = Process(
            [*under, *COMMAND, *arguments], log=log, folder=self.folder, environment=self.environment | environment
        )
        self._processes.append(process)
        return process

    def command(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        ended = run_command(arguments, folder=self.folder, environment=self.environment | environment)
        return subprocess.CompletedProcess(
            ended.args, ended.returncode, ended.stdout.decode("utf-8"), ended.stderr.decode("utf-8")
        )

    def queue(self, endpoint: str, *arguments: str) -> int:
        """Ask for a harvest by the workers and give its run."""
        asked = self.command("harvest", endpoint, "--queue", "--json", *arguments)
        assert asked.returncode == 0, asked.stderr
        return int(json.loads(asked.stdout)["run"])

    # --- the ledger

    def run(self, run_id: int) -> Run:
        """Read a run as it stands; its distinct records are counted only once it has ended."""
        return read_run(self._engine, run_id, counted=False)

    def runs(self, endpoint: str | None = None) -> tuple[Run, ...]:
        """Read the newest runs first, of one endpoint or of all."""
        return list_runs(self._engine, endpoint=endpoint)

    def pages_of(self, run_id: int) -> int:
        """Count the pages that a run has committed."""
        return self.run(run_id).total("pages")

    def newest(self, endpoint: str, seconds: float) -> Run:
        """Wait until an endpoint has a run, whoever began it, and give the newest."""
        return self._until(lambda: next(iter(self.runs(endpoint)), None), seconds, what=f"a run of {endpoint}")

    def wait_for_pages(self, run_id: int, count: int, seconds: float) -> int:
        """Wait until a run has committed so many pages, and give how many they are by then."""

        def enough() -> int | None:
            pages = self.pages_of(run_id)
            return pages if pages >= count else None

        return self._until(enough, seconds, what=f"{count} pages of run {run_id}")

    def ended(self, run_id: int, seconds: float) -> Run:
        """Wait until a run has ended, and give it."""

        def done() -> Run | None:
            run = self.run(run_id)
            return None if run.active else run

        return self._until(done, seconds, what=f"run {run_id} to end")

    def _until(self, look: Callable[[], T | None], seconds: float, *, what: str) -> T:
        def looked() -> T | None:
            # The database may be the very thing that is away.
            with suppress(DatabaseRefused):
                return look()
            return None

        return until(looked, seconds, what=what, tails=self.tails)

    def tails(self) -> str:
        """Show how each run stands and how the log of each process ends: what a failed wait shows."""
        told = [process.tail for process in self._processes]
        with suppress(DatabaseRefused):
            told += [_standing(run) for run in self.runs()]
        return "\n".join(told)


def _standing(run: Run) -> str:
    windows = ", ".join(f"{window.state} after {window.pages} pages" for window in run.windows)
    return f"--- run {run.run_id} of {run.endpoint}: {run.verdict or 'active'}; windows: {windows or 'none'}"

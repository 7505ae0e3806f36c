"""Harvests for tests: in this process, or in one of their own that can be stopped or killed."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from ingest.endpoints import Endpoint
from ingest.harvest import harvest
from ingest.ledger import Run, Selection, Window
from ingest.protocol.client import Repository
from ingest.settings import read
from ingest.store.engine import open_engine
from ingest.store.owners import this_owner
from ingest.surroundings import Surroundings
from workers.repositories import share_pace

COUNTS = ("pages", "seen", "created", "changed", "unchanged", "deleted", "restored", "rejected", "restarts")
OUTCOMES = ("created", "changed", "unchanged", "deleted", "restored", "rejected")
LEASE_SECONDS = 60.0
_SCRIPT = Path(__file__).with_name("harvest_process.py")
_PATIENCE = 60


def endpoint_at(url: str, **keys: Any) -> Endpoint:
    """Declare the repository at this URL under a name that does not depend on its port."""
    return Endpoint(**{"name": "tested", "namespace": "tested", "url": url, "timeout": 20.0} | keys)


def selection_of(endpoint: Endpoint, **keys: Any) -> Selection:
    """Select what the endpoint declares, or what is given instead."""
    return Selection(**{"prefixes": endpoint.metadata_prefix, "sets": endpoint.sets} | keys)


def harvest_here(  # Keyword-only, one for each thing that a test may want to hand in.
    database_url: str,
    endpoint: Endpoint,
    *,
    selection: Selection | None = None,
    wait: Callable[[float], object] = time.sleep,
    lease_seconds: float = LEASE_SECONDS,
    stop: Callable[[], bool] = lambda: False,
    tell: Callable[[Window], None] = lambda _window: None,
    kind: type[Repository] = Repository,
    shares_pace: bool = False,
) -> Run:
    """Harvest in this process; ``wait`` does the waits of the protocol, which a test need not sit through.

    With ``shares_pace`` the host's pace is kept in the database, as a harvest from the command line does.
    """
    database = open_engine(database_url)
    try:
        with kind(
            endpoint.url,
            user_agent="oai-ingest-tests",
            timeout=endpoint.timeout,
            page_deadline=endpoint.page_deadline,
            wait=wait,
        ) as repository:
            if shares_pace:
                share_pace(repository, endpoint, read({}), database)
            around = Surroundings(
                database=database,
                repository=repository,
                lease_seconds=lease_seconds,
                owner=this_owner(),
                stop=stop,
                wait=time.sleep,
                tell=tell,
            )
            return harvest(endpoint, selection or selection_of(endpoint), around)
    finally:
        database.dispose()


def counts_of(run: Run) -> dict[str, int]:
    """Give the run's counts over all its windows."""
    return {name: run.total(name) for name in COUNTS}


def told(run: Run) -> dict[str, Any]:
    """Give what a process says of the run that it ended."""
    reasons = [reason.code for reason in run.reasons]
    return {"run": run.run_id, "verdict": run.verdict, "reasons": reasons, "records": run.records, **counts_of(run)}


class HarvestProcess:
    """A process that harvests once: its imports are done when it is made, and it begins when it is told what."""

    def __init__(self) -> None:
        """Start the process and wait until it listens."""
        command = [sys.executable, str(_SCRIPT)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def __enter__(self) -> Self:
        """Give the process itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave no process behind."""
        self.kill()

    def begin(
        self,
        database_url: str,
        endpoint: Endpoint,
        selection: Selection | None = None,
        *,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        """Tell the process what to harvest."""
        assert self._process.stdin is not None
        job = {
            "database_url": database_url,
            "endpoint": endpoint.model_dump(mode="json"),
            "selection": asdict(selection or selection_of(endpoint)),
            "lease_seconds": lease_seconds,
        }
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        """End the process as a power cut would, and wait until it is gone."""
        self._process.kill()
        self._process.communicate(timeout=_PATIENCE)

    def freeze(self) -> None:
        """Stop the process as a machine that sleeps would, until it is woken."""
        self._process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let a frozen process go on."""
        self._process.send_signal(signal.SIGCONT)

    def terminate(self) -> None:
        """Ask the process to stop after the page in hand."""
        self._process.terminate()

    def result(self, *, patience: float = 4 * _PATIENCE) -> dict[str, Any]:
        """Wait for the end, so many seconds at most, and give what the process said of its run."""
        output, _ = self._process.communicate(timeout=patience)
        result: dict[str, Any] = json.loads(output)
        return result | {"exit": self._process.returncode}

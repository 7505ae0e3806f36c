"""The product as processes: workers and a scheduler with a broker of their own, as they run in production."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.endpoint import NAME
from benchmarks.errors import Wrong
from benchmarks.running import ROOT
from benchmarks.servers import plain, server
from ingest.ledger import Run
from ingest.store.engine import open_engine
from ingest.store.runs import read_run

COMMAND = str(Path(sys.executable).with_name("oai-ingest"))
_START_SECONDS, _STOP_SECONDS, _HARVEST_SECONDS, _LOOK_SECONDS = 60, 60, 3600, 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Processes that work on what the queue tells of."""

    database_url: str
    folder: Path
    environment: Mapping[str, str]

    def declare(self, base_url: str, *, parallel: int) -> None:
        """Declare the made-up repository."""
        declared = f"[{NAME}]\nurl = {json.dumps(base_url)}\nparallel = {parallel}\n"
        (self.folder / "endpoints.toml").write_text(declared, "utf-8")

    def harvest(self) -> Run:
        """Ask the workers for a harvest, and give its run when it has ended. Raises Wrong where it never does."""
        command = [COMMAND, "harvest", NAME, "--queue", "--json"]
        asked = subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False
        )
        if asked.returncode:
            raise Wrong(f"a harvest could not be queued: {asked.stderr.strip()}")
        run_id, database = int(json.loads(asked.stdout)["run"]), open_engine(self.database_url)
        deadline = time.monotonic() + _HARVEST_SECONDS
        while (run := read_run(database, run_id, counted=False)).active:
            if time.monotonic() > deadline:
                raise Wrong(f"a harvest through workers has not ended after {_HARVEST_SECONDS} seconds")
            time.sleep(_LOOK_SECONDS)
        database.dispose()
        return run


@contextmanager
def workers(database_url: str, *, count: int, concurrency: int) -> Iterator[Product]:
    """Start so many workers and a scheduler, and give them when all say that they are alive."""
    with server("redis.py") as broker, TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        environment = environment_of(database_url, folder) | {"OAI_INGEST_BROKER_URL": broker}
        commands = [
            *(["worker", "--concurrency", str(concurrency), "--name", f"worker{number}"] for number in range(count)),
            ["beat"],
        ]
        alive = [folder / f"alive-{number}" for number in range(len(commands))]
        for command, file in zip(commands, alive, strict=True):
            stack.enter_context(_running([*command, "--alive-file", str(file)], environment, folder))
        deadline = time.monotonic() + _START_SECONDS
        while not all(file.exists() for file in alive):
            if time.monotonic() > deadline:
                raise Wrong(f"the workers have not started after {_START_SECONDS} seconds")
            time.sleep(_LOOK_SECONDS)
        yield Product(database_url=database_url, folder=folder, environment=environment)


def environment_of(database_url: str, folder: Path) -> dict[str, str]:
    """Give what a process of the product sees: nothing of ours but the database and the folder of declarations."""
    return {
        "PATH": os.defpath,
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
        "OAI_INGEST_DATABASE_URL": plain(database_url),
        "OAI_INGEST_CONFIG": str(folder),
    }


@contextmanager
def _running(arguments: list[str], environment: Mapping[str, str], folder: Path) -> Iterator[None]:
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [COMMAND, *arguments], env=environment, cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # The whole session: a worker's pool outlives it.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

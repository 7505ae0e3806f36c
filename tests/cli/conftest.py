"""What the command line's tests share: the real command as a process, and repositories to harvest."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from forked_commands import run_command

from workers.demo.exchange import Answer, Request, Response
from workers.demo.generated import GeneratedItems
from workers.demo.records import demo_repository
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "workers.cli.main")
# A test's process sees nothing of ours but what the test says.
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "COLUMNS": "100"}


@dataclass(frozen=True)
class Finished:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, which is JSON alone and on one line."""
        assert self.out.endswith("\n")
        assert self.out.count("\n") == 1
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The one line of an error."""
        assert self.err.startswith("error: "), self.err
        assert self.err.count("\n") == 1, self.err
        assert "Traceback" not in self.err
        return self.err[len("error: ") : -1]


OaiIngest = Callable[..., Finished]
Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture(scope="session")
def run_in() -> OaiIngest:
    """Run the command in a folder, wait for its end and give what it wrote."""

    def run(folder: Path, *arguments: str, content: bytes = b"", **environment: str) -> Finished:
        ended = run_command(arguments, folder=folder, environment=ENVIRONMENT | environment, content=content)
        return Finished(code=ended.returncode, out=ended.stdout.decode(), err=ended.stderr.decode())

    return run


@pytest.fixture
def oai_ingest(tmp_path: Path, run_in: OaiIngest) -> OaiIngest:
    """Run the command in a folder of the test's own."""
    return partial(run_in, tmp_path)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start the command in the same folder and leave it running; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def run(*arguments: str, stdout: Any = subprocess.PIPE, largest_file: int | None = None) -> "subprocess.Popen[str]":
        limit = () if largest_file is None else ("prlimit", f"--fsize={largest_file}")
        process = subprocess.Popen(
            [*limit, *COMMAND, *arguments],
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            env=ENVIRONMENT,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()


@pytest.fixture(scope="session")
def demo_url() -> Iterator[str]:
    """Serve the demo repository."""
    with serve(demo_repository()) as url:
        yield url


@pytest.fixture
def slow_url() -> Iterator[tuple[str, list[Request]]]:
    """Serve three hundred records in thirty slow pages, and note what was asked."""
    asked: list[Request] = []

    def slowly(request: Request, answer: Answer) -> Response:
        asked.append(request)
        if request.argument("resumptionToken"):
            time.sleep(0.25)
        return answer(request)

    repository = DemoRepository(items=GeneratedItems(300), page_size=10)
    with serve(repository, middleware=slowly) as url:
        yield url, asked


@pytest.fixture
def declare(tmp_path: Path) -> Callable[[str], Path]:
    """Write endpoints.toml where the command looks for it."""

    def write(content: str) -> Path:
        path = tmp_path / "config" / "endpoints.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    return write

"""Processes of the product as a test handles them: looked at, frozen, killed, and never left behind."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

_PAUSE = 0.02
_TAIL_LINES = 40
_GONE_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Status:
    """What the system tells of a process."""

    pid: int
    parent: int
    group: int
    state: str
    """One letter: ``T`` is stopped, ``Z`` has ended and waits for its parent to take note."""


def _living() -> Iterator[_Status]:
    """Look at every process of the machine that has not ended."""
    for path in Path("/proc").glob("[1-9]*/stat"):
        with suppress(OSError):  # It has ended since it was listed.
            # The second field is the command in brackets and may hold blanks.
            state, parent, group, *_ = path.read_text().rpartition(")")[2].split()
            if state not in {"Z", "X"}:
                yield _Status(pid=int(path.parent.name), parent=int(parent), group=int(group), state=state)


class Process:
    """A process in a session of its own, so that a signal reaches all that it started and nothing else."""

    def __init__(self, command: Sequence[str], *, log: Path, folder: Path, environment: Mapping[str, str]) -> None:
        """Start the command in a folder; what it writes goes to ``log``."""
        self.name = log.stem
        self._log = log
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=environment,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        """The id of the main process."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the main process has not ended."""
        return self._process.poll() is None

    @property
    def log(self) -> str:
        """All that has been written so far."""
        return self._log.read_text(errors="replace")

    @property
    def tail(self) -> str:
        """The end of the log, under the name of the process: what a failed wait shows."""
        state = "running" if self.running else f"ended with {self._process.returncode}"
        lines = self.log.splitlines()[-_TAIL_LINES:]
        return "\n".join([f"--- {self.name}, {state}", *lines])

    def children(self) -> tuple[int, ...]:
        """Give the ids of the processes that the main process started and that live: a worker's pool."""
        return tuple(sorted(each.pid for each in _living() if each.parent == self.pid))

    def kill(self) -> None:
        """End the main process as a power cut would; what it started is left to find out."""
        self._process.kill()
        self._process.wait(_GONE_SECONDS)

    def kill_all(self) -> None:
        """End the main process and all that it started, at once."""
        self._signal_all(signal.SIGKILL)
        self._process.wait(_GONE_SECONDS)
        until(lambda: not self._members(), _GONE_SECONDS, what=f"all of {self.name} to be gone")

    def kill_child(self) -> int:
        """End one process of the pool; give its id."""
        (child, *_) = until(self.children, _GONE_SECONDS, what=f"{self.name} to have a child", tails=lambda: self.tail)
        os.kill(child, signal.SIGKILL)
        return child

    def freeze(self) -> None:
        """Stop the main process and all that it started, as a machine that sleeps would, until they are woken."""
        self._signal_all(signal.SIGSTOP)
        until(lambda: all(each.state == "T" for each in self._members()), _GONE_SECONDS, what=f"{self.name} to rest")

    def wake(self) -> None:
        """Let what was frozen go on."""
        self._signal_all(signal.SIGCONT)

    def terminate(self) -> None:
        """Ask the main process to end in order."""
        self._process.terminate()

    def wait(self, seconds: float) -> int:
        """Wait for the main process to end, so many seconds at most, and give its exit code."""
        until(lambda: not self.running, seconds, what=f"{self.name} to end", tails=lambda: self.tail)
        return int(self._process.returncode)

    def _signal_all(self, what: signal.Signals) -> None:
        # The group keeps its number while any of it lives, even when the main process is gone.
        if self._members():
            with suppress(ProcessLookupError):
                os.killpg(self.pid, what)

    def _members(self) -> list[_Status]:
        return [each for each in _living() if each.group == self.pid]


def until(look: Callable[[], T | None], seconds: float, *, what: str, tails: Callable[[], str] = str) -> T:
    """Look again and again until there is something to see, and give it.

    After so many seconds the test fails, with ``what`` was waited for and what ``tails`` shows.
    """
    deadline = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds:g} s for {what}\n{tails()}")
        time.sleep(_PAUSE)
    return seen


def wait_for_line(process: Process, text: str, seconds: float) -> str:
    """Wait until a line of the process's log holds the text, and give the first such line."""

    def line() -> str | None:
        return next((each for each in process.log.splitlines() if text in each), None)

    return until(line, seconds, what=f'"{text}" in the log of {process.name}', tails=lambda: process.tail)

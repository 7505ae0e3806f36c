"""Sides run as processes of their own, the provider beside them, and pairs of sides in turns."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from benchmarks.corpus import Kind
from benchmarks.errors import Wrong
from benchmarks.shelf import Contents

ROOT = Path(__file__).parents[1]
CORES = tuple(sorted(os.sched_getaffinity(0)))
CLIENT, SERVER = CORES[:1], CORES[-1:]
"""The core of a side that has one to itself, and that of the provider."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a side took, and what it said."""

    seconds: float
    cpu_seconds: float = 0.0
    """Of the process itself, not of the servers that it asks."""
    peak_kib: int = 0
    told: dict[str, Any]


Side: TypeAlias = Callable[[], Taken]


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A provider that runs."""

    port: int
    contents: dict[Kind, Contents]

    def url(self, kind: Kind = Kind.EVEN, *, page: int, wait: int = 0) -> str:
        """Give the base URL under which it answers in pages of so many records, after so many milliseconds."""
        return f"http://127.0.0.1:{self.port}/kind={kind},page={page},wait={wait}/oai"


@contextmanager
def served(records: int, *kinds: Kind) -> Iterator[Served]:
    """Render so many records of each kind and serve them from a process of its own, on the last core."""
    say(f"rendering {records:,} records of {', '.join(kinds)}")
    command = [sys.executable, "-m", "benchmarks.provider", str(records), *kinds]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if process.stdout is None or process.stdin is None:
            raise Wrong("the provider can not be spoken to")
        os.sched_setaffinity(process.pid, SERVER)
        told = json.loads(process.stdout.readline() or "{}")
        if "port" not in told:
            raise Wrong("the provider could not be started; what it said stands above")
        contents = {Kind(kind): Contents(**each) for kind, each in told["contents"].items()}
        yield Served(port=told["port"], contents=contents)
        # It ends when its standard input does, which leaving the block closes.


def run_side(side: str, cores: Sequence[int] = CLIENT, **arguments: Any) -> Taken:
    """Run a side of ``benchmarks.sides`` on the named cores. Raises Wrong where it fails."""
    job = json.dumps({"side": side, "cores": list(cores), "arguments": arguments})
    command = [sys.executable, "-m", "benchmarks.sides"]
    done = subprocess.run(command, cwd=ROOT, input=job, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Wrong(f"{side} failed: {(done.stderr.strip().splitlines() or ['without a word'])[-1]}")
    told = json.loads(done.stdout)
    took = {name: told.pop(name) for name in ("seconds", "cpu_seconds", "peak_kib")}
    return Taken(**took, told=told)


def in_turns(what: str, rounds: int, *sides: Side) -> list[tuple[Taken, ...]]:
    """Run the sides one after the other, so many rounds, and give what each took in each round."""
    taken = []
    for number in range(1, rounds + 1):
        taken.append(tuple(side() for side in sides))
        times = " | ".join(f"{each.seconds:.2f} s" for each in taken[-1])
        say(f"{what}, round {number} of {rounds}: {times}")
    return taken


def say(line: str) -> None:
    """Tell how far it is, on standard error."""
    print(line, file=sys.stderr, flush=True)

"""Row 10: how long a command takes to start, beside ``python -c "import sqlalchemy"``, which is most of it."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from benchmarks.corpus import Kind
from benchmarks.errors import Wrong
from benchmarks.figures import Figure, Goal
from benchmarks.plan import Plan, compared
from benchmarks.rows_sequential import first_harvest
from benchmarks.running import Taken, in_turns, served
from benchmarks.servers import sqlite
from benchmarks.workers import COMMAND, environment_of

_IMPORT = [sys.executable, "-c", "import sqlalchemy"]
_BESIDE_SECONDS = 0.33
"""What the import took on the machine for which the goals were set, in seconds."""
_HELP = Goal(row=10, what="oai-ingest --help", goal=0.25 / _BESIDE_SECONDS, beyond=0.15 / _BESIDE_SECONDS)
_RUNS = Goal(row=10, what="oai-ingest runs list", goal=0.6 / _BESIDE_SECONDS, beyond=0.45 / _BESIDE_SECONDS)
_RECORDS = 1000


def measure(plan: Plan) -> Iterator[Figure]:
    """Run each command and the import in turns, as whole processes; the database holds a harvest."""
    with served(_RECORDS, Kind.EVEN) as provider, sqlite() as files:
        _, url = first_harvest(provider, files, 100)
        environment = environment_of(url, files.folder)
        for goal, arguments in ((_HELP, ["--help"]), (_RUNS, ["runs", "list"])):
            sides = [partial(_timed, command, environment) for command in (_IMPORT, [COMMAND, *arguments])]
            rounds = in_turns(f"row 10, {goal.what}", plan.starts, *sides)
            yield compared(goal, rounds, page=None, records=_RECORDS, cpu=False)


def _timed(command: Sequence[str], environment: Mapping[str, str]) -> Taken:
    begun = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise Wrong(f"{' '.join(command)} failed: {done.stderr.strip()}")
    return Taken(seconds=seconds, told={})

"""Run one side of a comparison: ``python -m benchmarks.sides``, told what as JSON, says what it took as JSON.

Each side imports only what it needs, so that none carries the objects of another.
"""

import json
import os
import sys
from importlib import import_module

from benchmarks.clock import Clock


def main() -> None:
    """Read the side's name, its processor cores and its arguments, and run it."""
    job = json.load(sys.stdin)
    os.sched_setaffinity(0, job["cores"])
    clock = Clock()
    told = import_module(f"benchmarks.sides.{job['side']}").run(clock, **job["arguments"])
    json.dump(
        {"seconds": clock.seconds, "cpu_seconds": clock.cpu_seconds, "peak_kib": clock.peak_kib, **told}, sys.stdout
    )


if __name__ == "__main__":
    main()

"""Programs that begin at the same moment: each says when it is ready and waits for a line."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

_SECONDS_BETWEEN = 0.005


def run_at_once(
    program: str, arguments: Sequence[Sequence[object]], *, meanwhile: Callable[[], object]
) -> list[tuple[int, str, str]]:
    """Run a Python program as often as there are arguments, and do something else again and again until all have ended.

    Gives each one's exit code, what it wrote to standard output after it was ready, and what to standard error.
    """
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with ExitStack() as stack:
        processes = [
            stack.enter_context(subprocess.Popen([sys.executable, program, *map(str, each)], text=True, **pipes))
            for each in arguments
        ]
        for process in processes:
            assert process.stdout.readline() == "ready\n", process.stderr.read()
        for process in processes:
            process.stdin.write("begin\n")
            process.stdin.flush()
        while any(process.poll() is None for process in processes):
            meanwhile()
            time.sleep(_SECONDS_BETWEEN)
        return [(process.returncode, process.stdout.read(), process.stderr.read()) for process in processes]

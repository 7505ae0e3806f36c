"""What a piece of work takes."""

import time
from pathlib import Path
from types import TracebackType
from typing import Self


class Clock:
    """Measures the block that it is entered for: its seconds, those of all processor cores, and the memory's peak."""

    seconds = cpu_seconds = 0.0
    peak_kib = 0

    def __enter__(self) -> Self:
        """Begin."""
        self._begun, self._cpu_begun = time.perf_counter(), time.process_time()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End."""
        self.seconds = time.perf_counter() - self._begun
        self.cpu_seconds = time.process_time() - self._cpu_begun
        self.peak_kib = _peak_kib()


def _peak_kib() -> int:
    """Give the most memory this process ever held; not by getrusage, which begins with the parent's peak."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))

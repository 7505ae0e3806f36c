"""What came out of a run of the benchmarks, and where it is kept for the next one."""

import platform
import sqlite3
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pydantic import TypeAdapter

from benchmarks.running import CORES

RESULTS = Path(__file__).with_name("results.json")
_PACKAGES = ("lxml", "sickle", "sqlalchemy", "psycopg", "celery")


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a row of the table is to reach."""

    row: int
    what: str
    goal: float
    beyond: float
    more_is_better: bool = False

    def reached(self, ratio: float) -> str:
        """Say how far a ratio goes."""
        good, best = (
            (ratio >= self.goal, ratio >= self.beyond)
            if self.more_is_better
            else (
                ratio <= self.goal,
                ratio <= self.beyond,
            )
        )
        return "beyond" if best else "yes" if good else "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured line: a ratio a round, and what both sides took."""

    goal: Goal
    page: int | None
    """Records a page, where that makes a difference."""
    records: int
    ratios: tuple[float, ...]
    cpu_ratios: tuple[float, ...] = ()
    """Those of processor seconds of the two processes, where neither asks another server to work."""
    seconds: tuple[tuple[float, float], ...] = ()
    """What our side and the other one took in each round, by the clock on the wall, and below by the processor's."""
    cpu_seconds: tuple[tuple[float, float], ...] = ()
    took: str
    """What our side took against the other one, in words; medians."""
    date: str = ""
    surroundings: str = ""
    """Machine and versions."""

    @property
    def median(self) -> float:
        """The figure that counts."""
        return statistics.median(self.ratios)

    @property
    def key(self) -> tuple[int, str, int]:
        """What two figures of the same thing share."""
        return self.goal.row, self.goal.what, self.page or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One measured large harvest."""

    what: str
    records: int
    seconds: float
    peak_mib: float
    bytes_a_record: dict[str, float]
    """By table, with its indexes."""
    index_bytes_a_record: float = 0.0
    """Of all tables' indexes together."""
    date: str = ""
    surroundings: str = ""

    @property
    def key(self) -> str:
        """What two measurements of the same thing share."""
        return self.what


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """All figures, the newest of each."""

    figures: tuple[Figure, ...] = ()
    scale: tuple[Scale, ...] = ()

    def with_newer(self, found: Figure | Scale) -> "Results":
        """Put what was measured in the place of what is older; the others stay."""
        found = replace(found, date=f"{datetime.now(UTC):%Y-%m-%d}", surroundings=surroundings())
        if isinstance(found, Scale):
            return replace(self, scale=tuple({each.key: each for each in (*self.scale, found)}.values()))
        figures = {each.key: each for each in (*self.figures, found)}
        return replace(self, figures=tuple(sorted(figures.values(), key=_by_row)))


_FILE = TypeAdapter(Results)


def _by_row(figure: Figure) -> tuple[int, int]:
    return figure.goal.row, figure.page or 0


def surroundings() -> str:
    """Say on what was measured."""
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
    memory = int(Path("/proc/meminfo").read_text("utf-8").split()[1]) / 2**20
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    return (
        f"{len(CORES)} cores of {model}, {memory:.0f} GiB, Linux {platform.release().partition('-')[0]}; "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}"
    )


def spread(numbers: Sequence[float]) -> str:
    """Write the least and the greatest of some numbers."""
    return f"{min(numbers):.2f}-{max(numbers):.2f}"


def load(path: Path = RESULTS) -> Results:
    """Read what was kept; nothing where nothing was."""
    if not path.is_file():
        return Results()
    return _FILE.validate_json(path.read_bytes())


def save(results: Results, path: Path = RESULTS) -> None:
    """Keep all figures for the next run and for whoever reads them with a program."""
    path.write_bytes(_FILE.dump_json(results, indent=1) + b"\n")

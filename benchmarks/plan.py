"""What a run of the benchmarks was asked for, and what its rows share."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from benchmarks.figures import Figure, Goal
from benchmarks.running import Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured."""

    records: int = 20_000
    many: int = 1_000_000
    """Records of row 6 and of the section on scale."""
    rounds: int = 5
    pages: tuple[int, ...] = (100, 1000)
    starts: int = 20
    """Rounds of row 10."""
    least_pages: int = 32
    """Pages that a list has at least where requests take their time: fewer can not be shared out among windows."""

    def slow_records(self, page: int) -> int:
        """Say how many records a list has where requests take their time."""
        return max(self.records, page * self.least_pages)


def compared(
    goal: Goal,
    rounds: Sequence[tuple[Taken, ...]],
    *,
    page: int | None,
    records: int,
    cpu: bool = True,
    rate: bool = False,
) -> Figure:
    """Make a figure of rounds in which the other side came first and ours second.

    The ratio is our time over the other one's, or with ``rate`` the other way round.
    """
    pairs = [(ours, others) for others, ours in rounds]
    seconds = tuple((ours.seconds, others.seconds) for ours, others in pairs)
    cpu_seconds = tuple((ours.cpu_seconds, others.cpu_seconds) for ours, others in pairs) if cpu else ()
    return Figure(
        goal=goal,
        page=page,
        records=records,
        ratios=_ratios(seconds, rate=rate),
        cpu_ratios=_ratios(cpu_seconds, rate=rate),
        seconds=seconds,
        cpu_seconds=cpu_seconds,
        took="; ".join([_medians(seconds), *([f"processor {_medians(cpu_seconds)}"] if cpu else [])]),
    )


_Pairs: TypeAlias = tuple[tuple[float, float], ...]


def _ratios(pairs: _Pairs, *, rate: bool) -> tuple[float, ...]:
    return tuple(others / ours if rate else ours / others for ours, others in pairs)


def _medians(pairs: _Pairs) -> str:
    ours, others = (statistics.median(side) for side in zip(*pairs, strict=True))
    return f"{ours:.2f} s against {others:.2f} s"

"""What a run of the benchmarks was asked for, and what its rows share."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.figures import Figure, Goal
from benchmarks.running import Taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured."""

    records: int = 20_000
    many: int = 1_000_000
    """Records of row 6 and of the section on scale."""
    rounds: int = 5
    many_rounds: int = 1
    """Rounds of row 6: how much memory a process takes does not depend on what else the machine does."""
    pages: tuple[int, ...] = (100, 1000)
    starts: int = 20
    """Rounds of row 10."""
    least_pages: int = 100
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
    ours, others = [each[1] for each in rounds], [each[0] for each in rounds]

    def ratios(time: Callable[[Taken], float]) -> tuple[float, ...]:
        pairs = ((time(our), time(other)) for our, other in zip(ours, others, strict=True))
        return tuple(other / our if rate else our / other for our, other in pairs)

    wall, processor = (_median(each.seconds for each in side) for side in (ours, others)), ""
    if cpu:
        of_cpu = (_median(each.cpu_seconds for each in side) for side in (ours, others))
        processor = "; processor {:.2f} s against {:.2f} s".format(*of_cpu)
    return Figure(
        goal=goal,
        page=page,
        records=records,
        ratios=ratios(lambda taken: taken.seconds),
        cpu_ratios=ratios(lambda taken: taken.cpu_seconds) if cpu else (),
        took="{:.2f} s against {:.2f} s".format(*wall) + processor,
    )


def _median(numbers: Iterable[float]) -> float:
    return statistics.median(numbers)

"""Fuzz the page parser for as long as it is told (`make fuzz`), telling about once a minute how it goes.

Ends with status 1 and the smallest failing example that was found, where one fails.
"""

import faulthandler
import resource
import sys
from collections import Counter
from dataclasses import dataclass, field
from time import monotonic

from examining import Examined, examine
from hypothesis import HealthCheck, Phase, given, settings
from mutations import LONGEST, Mutation, mutated, mutations, pages

PAGES = pages(largest=LONGEST)
MOST_MEMORY = 1024
"""MB of resident memory that the process may reach; a page of 2 MB and its tree take a fraction of it."""


@dataclass(slots=True)
class Told:
    """What is known of the run so far."""

    examples: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, int] = (0.0, 0)
    """CPU seconds, and bytes of that page."""

    def add(self, examined: Examined, size: int) -> None:
        """Count one example."""
        self.examples += 1
        self.outcomes[f"read: {examined.outcome}"] += 1
        self.outcomes[f"salvaged: {examined.salvaged}"] += 1
        self.slowest = max(self.slowest, (examined.seconds, size))

    def lines(self, seconds: float) -> str:
        """Say it."""
        counts = "".join(f"\n  {number:>9}  {outcome}" for outcome, number in sorted(self.outcomes.items()))
        slow, size = self.slowest
        return (
            f"{seconds:.0f} s: {self.examples} examples; slowest page {slow:.3f} s for {size} bytes; "
            f"peak memory {_megabytes():.0f} MB{counts}\n"
        )


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fuzz(seconds: float) -> None:
    """Run examples until the time is over; raises what a failing example raises."""
    begun = told_at = monotonic()
    told = Told()

    @settings(
        max_examples=500,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(mutations(list(PAGES)))
    def run(example: tuple[str, list[Mutation]]) -> None:
        nonlocal told_at
        if monotonic() - begun > seconds:
            return
        body = mutated(*example, PAGES)
        told.add(examine(body), len(body))
        assert _megabytes() <= MOST_MEMORY, f"{_megabytes():.0f} MB at a page of {len(body)} bytes"
        if monotonic() - told_at > 60:
            told_at = monotonic()
            _say(told.lines(told_at - begun))

    while monotonic() - begun < seconds:
        run()
    _say("the time is over\n" + told.lines(monotonic() - begun))


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    faulthandler.enable()
    fuzz(float(sys.argv[1]))

"""What the normalisers of rights, donor and source cost a record, and at worst a value.

``python -m benchmarks.normalise [RECORDS]`` describes generated records (5,000 unless named), the same each time, and
prints microseconds of the processor a record: once with a few dozen values that come again and again, as boilerplate
does, and once with values that were never met. Then the longest that a hostile value of 20,000 characters takes.
"""

import gc
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from benchmarks.values import DONORS, RIGHTS, SOURCES, filled
from ingest.descriptions import Description, Value
from ingest.normalise.donors import normalise_donors
from ingest.normalise.folding import LONGEST
from ingest.normalise.rights import normalise_rights
from ingest.normalise.sources import normalise_sources

RECORDS = 5_000
SHARE = 500
"""Records that are timed together; what is printed is the median of these shares."""
REPEATED = 12
"""Different values of a field that come again and again."""
RUNS = 3

HOSTILE = (
    "a", "1", " ", "(", "[", "<", "-", ", ", "; ", ". ", "1-2, ", "&amp;", "http://", "\u200b", "\u0436",
    "\u6863\u6848 ", "e\u0301", " and ", "by ", "not ", "gift of ", "CC BY-", "\N{COPYRIGHT SIGN} 1999 ", "A. B. ",
    "John Smith and ", "f. 1, op. 2, d. 3, ",
)  # fmt: skip


def records(count: int, *, new: bool, run: int = 0) -> list[Description]:
    """Make so many records, the same for each run: with values never met, or with a few that are drawn again and again.

    Each run has values of its own, for those of an earlier one are remembered.
    """
    chance = random.Random(20 + run)  # noqa: S311 - for always the same values, no secrets.
    values = _new_values(chance) if new else _repeated_values(chance)
    return [next(values) for _ in range(count)]


def _new_values(chance: random.Random) -> Iterator[Description]:
    met: set[str] = set()
    while True:
        yield _description(*(_not_met(forms, chance, met) for forms in (RIGHTS, DONORS, SOURCES)))


def _not_met(forms: Sequence[str], chance: random.Random, met: set[str]) -> str:
    while (value := filled(chance.choice(forms), chance)) in met:
        pass
    met.add(value)
    return value


def _repeated_values(chance: random.Random) -> Iterator[Description]:
    kept = [[filled(chance.choice(forms), chance) for _ in range(REPEATED)] for forms in (RIGHTS, DONORS, SOURCES)]
    while True:
        yield _description(*(chance.choice(values) for values in kept))


def _description(rights: str, donor: str, source: str) -> Description:
    return Description(
        rights=(Value(text=rights, element="dc:rights"),),
        donors=(Value(text=donor, element="dc:contributor"),),
        sources=(Value(text=source, element="dc:source"),),
    )


def microseconds(described: Sequence[Description]) -> dict[str, float]:
    """Time each normaliser over all records, and give the median of the shares, in microseconds a record.

    It is the processor's time, since others may work on the same machine.
    """
    fields: dict[str, Callable[[Description], object]] = {
        "rights": lambda record: normalise_rights(record.rights),
        "donor": normalise_donors,
        "source": lambda record: normalise_sources(record.sources),
    }
    taken = {name: statistics.median(_shares(work, described)) for name, work in fields.items()}
    return {**taken, "together": sum(taken.values())}


def _shares(work: Callable[[Description], object], described: Sequence[Description]) -> Iterator[float]:
    for start in range(0, len(described), SHARE):
        share = described[start : start + SHARE]
        begun = time.process_time()
        for record in share:
            work(record)
        yield (time.process_time() - begun) / len(share) * 1e6


def slowest_hostile() -> dict[str, tuple[float, str]]:
    """Give for each field the milliseconds of the hostile value that takes longest, and what it repeats."""
    worst = dict.fromkeys(("rights", "donor", "source"), (0.0, ""))
    for piece in HOSTILE:
        text = (piece * LONGEST)[:LONGEST]
        record = _description(text, text, text)
        for name, milliseconds in microseconds([record]).items():
            if name in worst:
                worst[name] = max(worst[name], (milliseconds / 1000, piece))
    return worst


def main(count: int) -> None:
    """Measure and print; the tables are read before, and the best of a few runs counts."""
    microseconds(records(SHARE, new=True))
    gc.collect()
    gc.freeze()
    for told, new in (("repeated values", False), ("new values", True)):
        runs = [microseconds(records(count, new=new, run=run)) for run in range(1, RUNS + 1)]
        best = min(runs, key=lambda taken: taken["together"])
        figures = "  ".join(f"{name} {each:6.1f}" for name, each in best.items())
        print(f"{told:<16} {figures}  microseconds a record", flush=True)
    for name, (milliseconds, piece) in slowest_hostile().items():
        print(f"hostile {name:<8} {milliseconds:8.1f} ms at most for {LONGEST:,} characters: {piece!r} again and again")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS)

"""``python -m benchmarks``: measure the rows of the table in ``docs/performance.md`` and write it anew.

Progress goes to standard error, a line for each figure to standard output. Rows that are not run keep their figures;
what was measured is kept at once, so that a run that is stopped has not been for nothing.
"""

import argparse
import signal
import sys
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks import rows_databases, rows_large, rows_parallel, rows_sequential, rows_starting
from benchmarks.errors import Wrong
from benchmarks.figures import Figure, Results, Scale, load, save, spread
from benchmarks.page import write_page
from benchmarks.plan import Plan

_ROWS = range(1, 11)
_QUICK = Plan(records=2000, many=10_000, rounds=2, pages=(100,), starts=3, least_pages=20)


def main() -> None:
    """Measure what is asked for; one line and exit code 1 where a figure can not count."""
    options = _options()
    # Whoever stops the whole stops the servers and workers with it: an exception ends every block that started one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("bench: stopped"))
    plan = replace(
        _QUICK if options.quick else Plan(),
        **{name: value for name in ("records", "many", "rounds", "pages") if (value := getattr(options, name))},
    )
    kept, measured = load(), Results()
    try:
        for found in _measured(options.rows, plan):
            _tell(found)
            measured = measured.with_newer(found)
            if options.json:
                save(measured, options.json)
            if not options.quick:
                kept = kept.with_newer(found)
                save(kept)
                write_page(kept)
    except Wrong as wrong:
        sys.exit(f"bench: {wrong}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure the rows of the table in docs/performance.md.")
    whole = partial(parser.add_argument, type=int, metavar="N")
    parser.add_argument("--rows", type=_numbers, default=_ROWS, metavar="1,2", help="only these")
    whole("--records", help="records where sides are compared (20,000)")
    whole("--many", help="records of row 6 and of the large harvests (1,000,000)")
    parser.add_argument("--pages", type=_numbers, metavar="100,1000", help="records a page, each in turn")
    whole("--pairs", dest="rounds", help="pairs of runs, in turns (5)")
    parser.add_argument("--quick", action="store_true", help="a try of some minutes that leaves the page as it is")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was measured to this file, too")
    options = parser.parse_args()
    if unknown := set(options.rows) - set(_ROWS):
        parser.error(f"there is no row {', '.join(map(str, sorted(unknown)))}")
    return options


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def _measured(rows: Collection[int], plan: Plan) -> Iterator[Figure | Scale]:
    measures: dict[int, Callable[[Plan], Iterator[Figure | Scale]]] = {
        3: rows_databases.measure_copy,
        6: rows_large.measure,
        7: rows_parallel.measure_windows,
        8: rows_parallel.measure_workers,
        9: rows_databases.measure_disk,
        10: rows_starting.measure,
    }
    yield from rows_sequential.measure(set(rows), plan)
    for row, measure in measures.items():
        if row in rows:
            yield from measure(plan)


def _tell(found: Figure | Scale) -> None:
    if isinstance(found, Scale):
        print(f"    {found.what}: {found.seconds:,.0f} s, {found.peak_mib:,.0f} MiB", flush=True)
        return
    goal, page = found.goal, f", page {found.page}" if found.page else ""
    what = f"{found.median:.2f} ({spread(found.ratios)}), {goal.reached(found.median)}; {found.took}"
    print(f"{goal.row:>2}  {goal.what}{page}: {what}", flush=True)


if __name__ == "__main__":
    main()

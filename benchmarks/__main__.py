"""``python -m benchmarks``: measure the rows of the table in ``docs/performance.md`` and write it anew.

Progress goes to standard error, a line for each figure to standard output. Rows that are not run keep their figures.
"""

import argparse
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks import rows_databases, rows_parallel, rows_sequential, rows_starting
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
        **{
            name: value
            for name in ("records", "many", "rounds", "many_rounds", "pages")
            if (value := getattr(options, name))
        },
    )
    try:
        figures, scale = _measured(options.rows, plan)
    except Wrong as wrong:
        sys.exit(f"bench: {wrong}")
    if options.json:
        save(Results().with_newer(figures, scale), options.json)
    if not options.quick:
        results = load().with_newer(figures, scale)
        save(results)
        write_page(results)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="Measure the rows of the table in docs/performance.md.")
    whole = partial(parser.add_argument, type=int, metavar="N")
    everything = {*map(str, _ROWS), "scale"}
    parser.add_argument(
        "--rows", type=lambda text: set(text.split(",")), default=everything, metavar="1,2,scale", help="only these"
    )
    whole("--records", help="records where sides are compared (20,000)")
    whole("--many", help="records of row 6 and of the large harvests (1,000,000)")
    parser.add_argument("--pages", type=_page_sizes, metavar="100,1000", help="records a page, each in turn")
    whole("--pairs", dest="rounds", help="pairs of runs, in turns (5)")
    whole("--many-pairs", dest="many_rounds", help="pairs of runs of row 6 (1)")
    parser.add_argument("--quick", action="store_true", help="a try of some minutes that leaves the page as it is")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was measured to this file, too")
    options = parser.parse_args()
    if unknown := options.rows - everything:
        parser.error(f"there is no row {', '.join(sorted(unknown))}")
    return options


def _page_sizes(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


def _measured(names: set[str], plan: Plan) -> tuple[list[Figure], list[Scale]]:
    rows = {int(name) for name in names if name.isdecimal()}
    measures: dict[int, Callable[[Plan], Iterator[Figure]]] = {
        3: rows_databases.measure_copy,
        6: rows_databases.measure_memory,
        7: rows_parallel.measure_windows,
        8: rows_parallel.measure_workers,
        9: rows_databases.measure_disk,
        10: rows_starting.measure,
    }
    figures = [_told(figure) for figure in rows_sequential.measure(rows, plan)]
    figures += [_told(figure) for row, measure in measures.items() if row in rows for figure in measure(plan)]
    return figures, list(rows_databases.measure_scale(plan)) if "scale" in names else []


def _told(figure: Figure) -> Figure:
    goal, page = figure.goal, f", page {figure.page}" if figure.page else ""
    found = f"{figure.median:.2f} ({spread(figure.ratios)}), {goal.reached(figure.median)}; {figure.took}"
    print(f"{goal.row:>2}  {goal.what}{page}: {found}", flush=True)
    return figure


if __name__ == "__main__":
    main()

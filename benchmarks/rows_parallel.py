"""Rows 7 and 8: a slow repository read through several windows at once, in one process and by workers."""

from collections.abc import Iterator
from functools import partial

from benchmarks.corpus import Kind
from benchmarks.errors import Wrong
from benchmarks.figures import Figure, Goal
from benchmarks.plan import Plan, compared
from benchmarks.reached import check
from benchmarks.running import CORES, Served, Taken, in_turns, run_side, served
from benchmarks.servers import PostgresqlServer, SqliteFiles, postgresql, sqlite
from benchmarks.workers import workers
from ingest.ledger import Verdict

_WAIT = 200
"""Milliseconds that a repository takes to answer, where it takes its time."""
_SPREAD = {Kind.EVEN: "spread over ten years", Kind.CROWDED: "on three days"}
_WINDOWS = {
    (Kind.EVEN, 4): (3.5, 3.8),
    (Kind.EVEN, 8): (6.0, 7.0),
    (Kind.CROWDED, 4): (2.5, 3.8),
    (Kind.CROWDED, 8): (4.0, 7.0),
}
THROUGH_WORKERS = Goal(
    row=8,
    what="through Celery and two workers, beside the rate of one process",
    goal=0.85,
    beyond=1.0,
    more_is_better=True,
)
MORE_WINDOWS = Goal(
    row=8,
    what=f"through two workers, {_WAIT} ms a request, 4 windows against 2",
    goal=1.8,
    beyond=1.95,
    more_is_better=True,
)
_WORKERS, _CONCURRENCY = 2, 2
"""Processes that were started, and windows that each works on at once."""


def measure_windows(plan: Plan) -> Iterator[Figure]:
    """Row 7: one window, four and eight, in turns, into SQLite, with all cores."""
    for page in plan.pages:
        records = plan.slow_records(page)
        with served(records, *_SPREAD) as provider, sqlite() as files:
            for kind, spread in _SPREAD.items():
                sides = [partial(_in_windows, provider, files, kind, page=page, parallel=each) for each in (1, 4, 8)]
                rounds = in_turns(f"row 7, page {page}, records {spread}", plan.rounds, *sides)
                for position, parallel in ((1, 4), (2, 8)):
                    pairs = [(each[0], each[position]) for each in rounds]
                    goal = _goal_of_windows(kind, parallel)
                    yield compared(goal, pairs, page=page, records=records, cpu=False, rate=True)


def _goal_of_windows(kind: Kind, parallel: int) -> Goal:
    goal, beyond = _WINDOWS[kind, parallel]
    what = f"{_WAIT} ms a request, records {_SPREAD[kind]}: {parallel} windows against 1"
    return Goal(row=7, what=what, goal=goal, beyond=beyond, more_is_better=True)


def _in_windows(provider: Served, files: SqliteFiles, kind: Kind, *, page: int, parallel: int) -> Taken:
    url, expected = files.new(), provider.contents[kind]
    base_url = provider.url(kind, page=page, wait=_WAIT)
    taken = run_side("harvest", CORES, url=base_url, database_url=url, parallel=parallel)
    check(url, expected, changes=expected.records)
    files.drop(url)
    return taken


def measure_workers(plan: Plan) -> Iterator[Figure]:
    """Row 8: in one process and through workers; then through workers with two and with four windows."""
    for page in plan.pages:
        records = plan.slow_records(page)
        with served(records, Kind.EVEN) as provider, postgresql() as databases:
            here = partial(_in_one_process, provider, databases, page)
            there = partial(_through_workers, provider, databases, page)
            rounds = in_turns(f"row 8, page {page}, no latency", plan.rounds, here, partial(there, parallel=2))
            yield compared(THROUGH_WORKERS, rounds, page=page, records=records, cpu=False, rate=True)
            slow = [partial(there, parallel=parallel, wait=_WAIT) for parallel in (2, 4)]
            rounds = in_turns(f"row 8, page {page}, {_WAIT} ms", plan.rounds, *slow)
            yield compared(MORE_WINDOWS, rounds, page=page, records=records, cpu=False, rate=True)


def _in_one_process(provider: Served, databases: PostgresqlServer, page: int) -> Taken:
    url, expected = databases.new(), provider.contents[Kind.EVEN]
    taken = run_side("harvest", CORES, url=provider.url(page=page), database_url=url, parallel=2)
    check(url, expected, changes=expected.records)
    databases.drop(url)
    return taken


def _through_workers(
    provider: Served, databases: PostgresqlServer, page: int, *, parallel: int, wait: int = 0
) -> Taken:
    """Time a run from its beginning to its verdict, with workers that were started before."""
    url, expected = databases.new(), provider.contents[Kind.EVEN]
    with workers(url, count=_WORKERS, concurrency=_CONCURRENCY) as product:
        product.declare(provider.url(page=page, wait=wait), parallel=parallel)
        run = product.harvest()
    check(url, expected, changes=expected.records)
    databases.drop(url)
    if run.ended_at is None or run.verdict is not Verdict.COMPLETE:
        raise Wrong(
            f"a harvest through workers ended {run.verdict}: {'; '.join(reason.text for reason in run.reasons)}"
        )
    return Taken(seconds=(run.ended_at - run.started_at).total_seconds(), told={})

"""Rows 1, 2, 4 and 5: one core against sickle's plain loop, which stores nothing, with the provider on another core."""

from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.corpus import CHANGED_EVERY, Kind
from benchmarks.errors import Wrong
from benchmarks.figures import Figure, Goal
from benchmarks.plan import Plan, compared
from benchmarks.reached import check
from benchmarks.running import Served, Taken, in_turns, run_side, say, served
from benchmarks.servers import SqliteFiles, sqlite

PIPELINE = Goal(row=1, what="fetch, parse, describe, normalise, digest; no database", goal=0.8, beyond=0.6)
FIRST = Goal(row=2, what="whole first harvest into SQLite", goal=1.3, beyond=1.0)
UNCHANGED = Goal(row=4, what="full harvest again, nothing changed", goal=0.4, beyond=0.3)
CHANGED = Goal(row=5, what="full harvest again, one record in ten changed", goal=0.55, beyond=0.4)


def measure(rows: set[int], plan: Plan) -> Iterator[Figure]:
    """Measure those of these rows that are asked for, at each page size."""
    if not rows & {1, 2, 4, 5}:
        return
    with served(plan.records, Kind.EVEN, Kind.CHANGED) as provider, sqlite() as files:
        for page in plan.pages:
            _say_what_serving_takes(provider, page)
            yield from (measure(plan, provider, files, page) for row, measure in _MEASURES.items() if row in rows)


def _say_what_serving_takes(provider: Served, page: int) -> None:
    taken = run_side("bare_client", url=provider.url(page=page))
    rate = taken.told["records"] / taken.seconds
    say(f"page {page}: a client that looks at nothing takes {rate:,.0f} records a second")


def sickle_loop(provider: Served, page: int, kind: Kind = Kind.EVEN) -> Taken:
    """Run sickle's loop and count what it gave."""
    taken, wanted = run_side("sickle_loop", url=provider.url(kind, page=page)), provider.contents[kind]
    if (taken.told["records"], taken.told["deleted"]) != (wanted.records, wanted.deleted):
        raise Wrong(f"sickle gave {taken.told}, not {wanted}")
    return taken


def _pipeline(plan: Plan, provider: Served, _files: SqliteFiles, page: int) -> Figure:
    def ours() -> Taken:
        taken, wanted = run_side("pipeline", url=provider.url(page=page)), provider.contents[Kind.EVEN]
        if taken.told["digest"] != wanted.digest:
            raise Wrong(f"what was read has the digest {taken.told['digest']}, what was served {wanted.digest}")
        return taken

    rounds = in_turns(f"row 1, page {page}", plan.rounds, partial(sickle_loop, provider, page), ours)
    return compared(PIPELINE, rounds, page=page, records=plan.records)


def first_harvest(provider: Served, files: SqliteFiles, page: int) -> tuple[Taken, str]:
    """Harvest into a new database and check it; give the database, too."""
    url = files.new()
    taken = run_side("harvest", url=provider.url(page=page), database_url=url)
    expected = provider.contents[Kind.EVEN]
    check(url, expected, changes=expected.records)
    return taken, url


def _first(plan: Plan, provider: Served, files: SqliteFiles, page: int) -> Figure:
    def ours() -> Taken:
        taken, url = first_harvest(provider, files, page)
        files.drop(url)
        return taken

    rounds = in_turns(f"row 2, page {page}", plan.rounds, partial(sickle_loop, provider, page), ours)
    return compared(FIRST, rounds, page=page, records=plan.records)


def _again(  # Keyword-only: what is changed, and what is only handed through.
    plan: Plan, provider: Served, files: SqliteFiles, page: int, *, goal: Goal, kind: Kind
) -> Figure:
    """Harvest everything again, each time into a copy of the same harvested database."""
    _, template = first_harvest(provider, files, page)
    expected = provider.contents[kind]
    changed = len(range(0, plan.records, CHANGED_EVERY)) if kind is Kind.CHANGED else 0

    def ours() -> Taken:
        url = files.new(template)
        taken = run_side("harvest", url=provider.url(kind, page=page), database_url=url, full=True)
        if taken.told["changed"] != changed or taken.told["unchanged"] != plan.records - changed:
            raise Wrong(f"a harvest of {changed} changed records says {taken.told}")
        check(url, expected, changes=expected.records + changed)
        files.drop(url)
        return taken

    peer = partial(sickle_loop, provider, page, kind)
    rounds = in_turns(f"row {goal.row}, page {page}", plan.rounds, peer, ours)
    files.drop(template)
    return compared(goal, rounds, page=page, records=plan.records)


_MEASURES: dict[int, Callable[[Plan, Served, SqliteFiles, int], Figure]] = {
    1: _pipeline,
    2: _first,
    4: partial(_again, goal=UNCHANGED, kind=Kind.EVEN),
    5: partial(_again, goal=CHANGED, kind=Kind.CHANGED),
}

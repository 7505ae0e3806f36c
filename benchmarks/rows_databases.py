"""Rows 3 and 9: what databases take, in time and in bytes."""

from collections.abc import Iterator

import psycopg

from benchmarks.corpus import Kind
from benchmarks.errors import Wrong
from benchmarks.figures import Figure, Goal
from benchmarks.plan import Plan, compared
from benchmarks.reached import check
from benchmarks.rows_sequential import first_harvest
from benchmarks.running import CORES, Served, Taken, run_side, say, served
from benchmarks.servers import PostgresqlServer, plain, postgresql, sqlite

_LARGE_PAGE = 1000
DISK = {
    name: Goal(row=9, what=f"bytes on disk in {name} against the XML as served", goal=1.4, beyond=1.0)
    for name in ("SQLite", "PostgreSQL")
}
_ON_DISK = """
SELECT sum(pg_total_relation_size(oid))::bigint FROM pg_class
 WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


# --- row 3 ------------------------------------------------------------------------------------------


def measure_copy(plan: Plan) -> Iterator[Figure]:
    """Harvest into PostgreSQL, then copy the rows that it wrote into another database of the same server."""
    with served(plan.records, Kind.EVEN) as provider, postgresql() as server:
        for page in plan.pages:
            taken = [_harvested_and_copied(provider, server, page, number + 1) for number in range(plan.rounds)]
            yield compared(_beside_copy(page), taken, page=page, records=plan.records, cpu=False, rate=True)


def _beside_copy(page: int) -> Goal:
    return Goal(
        row=3,
        what="first harvest into PostgreSQL, beside the rate of COPY of its rows",
        goal=0.8 if page >= _LARGE_PAGE else 0.6,
        beyond=0.9,
        more_is_better=True,
    )


def _harvested_and_copied(provider: Served, server: PostgresqlServer, page: int, number: int) -> tuple[Taken, Taken]:
    source, target = server.new(), server.new()
    harvested = into_postgresql(provider, source, page)
    copied = run_side("copying", CORES, source=plain(source), target=plain(target), page=page)
    expected = provider.contents[Kind.EVEN]
    check(target, expected, changes=expected.records)
    server.drop(target)
    server.drop(source)
    say(f"row 3, page {page}, round {number}: {copied.seconds:.2f} s | {harvested.seconds:.2f} s")
    return copied, harvested


def into_postgresql(provider: Served, database_url: str, page: int) -> Taken:
    """Harvest into a new PostgreSQL database and check it."""
    taken = run_side("harvest", CORES, url=provider.url(page=page), database_url=database_url)
    expected = provider.contents[Kind.EVEN]
    check(database_url, expected, changes=expected.records)
    return taken


# --- row 9 ------------------------------------------------------------------------------------------


def measure_disk(plan: Plan) -> Iterator[Figure]:
    """Measure what a first harvest leaves on disk, once: it does not depend on what else the machine does."""
    page = plan.pages[0]
    with served(plan.records, Kind.EVEN) as provider, sqlite() as files, postgresql() as server:
        _, url = first_harvest(provider, files, page)
        yield _on_disk("SQLite", files.file(url).stat().st_size, provider)
        url = server.new()
        into_postgresql(provider, url, page)
        with psycopg.connect(plain(url)) as connection:
            row = connection.execute(_ON_DISK).fetchone()
        if row is None:
            raise Wrong("PostgreSQL does not tell how much its tables hold")
        yield _on_disk("PostgreSQL", row[0], provider)


def _on_disk(database: str, size: int, provider: Served) -> Figure:
    contents = provider.contents[Kind.EVEN]
    each, served_each = size / contents.records, contents.xml_bytes / contents.records
    return Figure(
        goal=DISK[database],
        page=None,
        records=contents.records,
        ratios=(size / contents.xml_bytes,),
        took=f"{each:,.0f} against {served_each:,.0f} bytes a record",
    )

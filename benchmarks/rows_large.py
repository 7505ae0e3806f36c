"""Row 6 and the large harvests: what many records take, in time, memory and bytes, with one core for the harvest."""

from collections.abc import Iterator

from benchmarks.corpus import Kind
from benchmarks.figures import Figure, Goal, Scale
from benchmarks.plan import Plan
from benchmarks.reached import check
from benchmarks.rows_databases import into_postgresql
from benchmarks.rows_sequential import first_harvest
from benchmarks.running import Served, Taken, run_side, served
from benchmarks.servers import SqliteFiles, postgresql, sqlite
from ingest.store.engine import open_engine
from ingest.store.sizes import measure as measure_sizes

MEMORY = Goal(row=6, what="peak memory of the large list against the small one", goal=1.1, beyond=1.05)
_RANGES = 100
_LEAST_BYTES = 5
"""Bytes a record below which a table is not worth a column."""


def measure(plan: Plan) -> Iterator[Figure | Scale]:
    """Harvest many records once in each way; where it is one list into SQLite, compare memory with that of few."""
    page = plan.pages[-1]
    with served(plan.records, Kind.EVEN) as few, served(plan.many, Kind.EVEN) as many, sqlite() as files:
        for each in plan.pages:
            yield from _in_one_list(few, many, files, each)
        yield _in_ranges(many, files, page)
        with postgresql() as server:
            url = server.new()
            yield _scale(f"PostgreSQL, one list, page {page}", many, into_postgresql(many, url, page), url)


def _in_one_list(few: Served, many: Served, files: SqliteFiles, page: int) -> Iterator[Figure | Scale]:
    small, url = first_harvest(few, files, page)
    files.drop(url)
    large, url = first_harvest(many, files, page)
    yield Figure(
        goal=MEMORY,
        page=page,
        records=many.contents[Kind.EVEN].records,
        ratios=(large.peak_kib / small.peak_kib,),
        took=f"{large.peak_kib / 1024:.0f} MiB against {small.peak_kib / 1024:.0f} MiB",
    )
    yield _scale(f"SQLite, one list, page {page}", many, large, url)
    files.drop(url)


def _in_ranges(many: Served, files: SqliteFiles, page: int) -> Scale:
    url, expected = files.new(), many.contents[Kind.EVEN]
    taken = run_side("harvest", url=many.url(page=page), database_url=url, ranges=_RANGES)
    check(url, expected, changes=expected.records)
    scale = _scale(f"SQLite, {_RANGES} windows one after the other, page {page}", many, taken, url)
    files.drop(url)
    return scale


def _scale(what: str, provider: Served, taken: Taken, database_url: str) -> Scale:
    records = provider.contents[Kind.EVEN].records
    database = open_engine(database_url)
    tables = measure_sizes(database).tables
    database.dispose()
    indexes = {table.table: sum(size or 0 for size in table.indexes.values()) / records for table in tables}
    sizes = {table.table: (table.bytes or 0) / records + indexes[table.table] for table in tables}
    return Scale(
        what=what,
        records=records,
        seconds=taken.seconds,
        peak_mib=taken.peak_kib / 1024,
        bytes_a_record={name: round(size, 1) for name, size in sizes.items() if size >= _LEAST_BYTES},
        index_bytes_a_record=round(sum(indexes.values()), 1),
    )

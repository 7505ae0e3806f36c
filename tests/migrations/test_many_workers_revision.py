"""The revision of many workers, with a database that is in use: nothing is lost, and older programs go on writing."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, Table, inspect, select, text

from ingest.endpoints import Endpoint
from ingest.ledger import RunKind, RunRequest, Selection
from ingest.store.engine import open_engine
from ingest.store.hints import Step, give_hints
from ingest.store.planning import put_off_planning
from ingest.store.runs import begin_run
from ingest.store.schema import upgrade
from ingest.store.windows import claim_window

BEFORE, REVISION = "20261124_0950_vocabulary", "20261124_1700_many_workers"
AT = "2026-01-02T03:04:05.000006Z"
URLS = (
    "https://archive.example.org/oai",
    "http://Archive.Example.ORG:8080/oai?key=a",
    "https://[2001:db8::1]:8443/oai/",
    "http://127.0.0.1:9/oai",
)
SELECTION = '{"from_":null,"full":false,"prefixes":["oai_dc"],"sets":[],"until":null}'
FIRST = 11
"""The number of the first endpoint; that of a row of any kind is 1."""
ADDED = {
    "endpoints": {"schedule"},
    "runs": {"host", "parallel", "scheduled", "earliest_datestamp", "hinted_at"},
    "windows": {"parent_id", "list_size", "hinted_at", "leased_at", "outages", "deaths"},
}

Walk = Callable[[str, str], None]
Opened = Callable[[str], Any]
Rows = Callable[[str], dict[str, list[Any]]]


def put(connection: Connection, table: str, **values: Any) -> None:
    """Insert a row by plain SQL, as a program of any revision might."""
    names = ", ".join(values)
    places = ", ".join(f":{name}" for name in values)
    connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({places})"), values)


def put_run(connection: Connection, run_id: int, endpoint_id: int, *, windows: int = 2, **values: Any) -> None:
    """Insert a run and its windows with the columns of the revision before."""
    told = {"kind": "full", "selection": SELECTION, "declaration": "{}", "started_at": AT}
    put(connection, "runs", id=run_id, endpoint_id=endpoint_id, **told | values)
    for number in range(windows):
        put(
            connection,
            "windows",
            id=10 * run_id + number,
            run_id=run_id,
            metadata_prefix="oai_dc",
            set_spec=str(number),
            token="t",  # noqa: S106 - a resumptionToken.
            pages=number,
            owner="host/boot/1/1",
            lease_until=AT,
            fence=3,
        )


@pytest.fixture
def in_use(database_url: str, walk: Walk, opened: Opened, fill: Callable[[str], None]) -> str:
    """Return a database at the revision before, with a row in every table and runs of several endpoints."""
    walk(database_url, BEFORE)
    fill(database_url)
    told = {"declaration": "{}", "next_due_at": AT, "created_at": AT}
    with opened(database_url) as connection:
        for number, url in enumerate(URLS, start=FIRST):
            put(connection, "endpoints", id=number, name=f"archive-{number}", url=url, **told)
            put_run(connection, 2 * number, number, ended_at=AT, verdict="complete")
            put_run(connection, 2 * number + 1, number, planned_at=AT)
        connection.execute(text("UPDATE feed SET newest_cursor = 41"))
    return database_url


def table(connection: Connection, name: str) -> Table:
    """Read a table as it is now."""
    return Table(name, MetaData(), autoload_with=connection)


def test_each_active_run_is_told_its_endpoints_host(in_use: str, walk: Walk, opened: Opened) -> None:
    """As the code names it; one that has ended asks nobody any more."""
    walk(in_use, REVISION)
    with opened(in_use) as connection:
        query = text("SELECT host, parallel, scheduled FROM runs WHERE endpoint_id >= :first ORDER BY id")
        found = connection.execute(query, {"first": FIRST}).all()
    hosts = [Endpoint(name="a", namespace="a", url=url).host for url in URLS]

    assert len(set(hosts)) == len(URLS)
    assert [row.host for row in found] == [named for host in hosts for named in ("", host)]
    assert {(row.parallel, bool(row.scheduled)) for row in found} == {(1, False)}


def test_windows_begin_without_outages_and_parents(in_use: str, walk: Walk, opened: Opened) -> None:
    """What is not known of them is nothing."""
    walk(in_use, REVISION)
    with opened(in_use) as connection:
        windows = table(connection, "windows").c
        new = select(*(windows[name] for name in sorted(ADDED["windows"]))).distinct()
        assert connection.execute(new).mappings().all() == [
            {"deaths": 0, "hinted_at": None, "leased_at": None, "list_size": None, "outages": 0, "parent_id": None}
        ]


def test_only_these_columns_are_new(in_use: str, walk: Walk, opened: Opened) -> None:
    """Each may be left out by whoever does not know it."""

    def columns() -> dict[str, dict[str, bool]]:
        with opened(in_use) as connection:
            inspector = inspect(connection)
            return {
                name: {
                    each["name"]: bool(each["nullable"] or each["default"] is not None)
                    for each in inspector.get_columns(name)
                }
                for name in inspector.get_table_names()
            }

    before = columns()
    walk(in_use, REVISION)
    after = columns()

    assert before.keys() == after.keys()
    assert {name: after[name].keys() - before[name].keys() for name in ADDED} == ADDED
    assert all(after[name].keys() == before[name].keys() for name in after if name not in ADDED)
    assert all(after[name][column] for name, added in ADDED.items() for column in added)


def test_up_down_and_up_again_keeps_every_row_and_cursor(in_use: str, walk: Walk, rows: Rows, opened: Opened) -> None:
    """What the older program knows is as it was; the newer one names the hosts again."""
    before = rows(in_use)
    walk(in_use, REVISION)
    first = rows(in_use)
    walk(in_use, "-1")
    assert rows(in_use) == before
    walk(in_use, REVISION)
    assert rows(in_use) == first
    with opened(in_use) as connection:
        assert connection.scalar(text("SELECT newest_cursor FROM feed")) == 41


def test_rows_that_newer_code_wrote_survive_the_way_down_and_up(in_use: str, walk: Walk, opened: Opened) -> None:
    """Of a window in parts the older program sees the parts, and that it is closed."""
    walk(in_use, REVISION)
    with opened(in_use) as connection:
        connection.execute(text("UPDATE windows SET state = 'split', list_size = 900, outages = 2 WHERE id = 230"))
        for number in (500, 501):
            put(connection, "windows", id=number, run_id=23, metadata_prefix="oai_dc", parent_id=230, list_size=900)
        connection.execute(text("UPDATE endpoints SET schedule = '0 3 * * *'"))
        windows = connection.execute(text("SELECT id, state, pages, token FROM windows ORDER BY id")).all()
    walk(in_use, "-1")
    walk(in_use, REVISION)
    with opened(in_use) as connection:
        assert connection.execute(text("SELECT id, state, pages, token FROM windows ORDER BY id")).all() == windows
        assert connection.scalars(text("SELECT DISTINCT parent_id FROM windows")).all() == [None]
        assert (
            connection.scalar(text("SELECT count(*) FROM runs WHERE host = '' AND ended_at IS NULL AND id > 20")) == 0
        )


def test_a_program_of_the_revision_before_goes_on_writing(in_use: str, walk: Walk, opened: Opened) -> None:
    """It names neither host nor any other new column, and reads what it knows."""
    with opened(in_use) as connection:
        old = {name: [column.name for column in table(connection, name).columns] for name in ADDED}
    walk(in_use, REVISION)
    with opened(in_use) as connection:
        put(connection, "endpoints", id=99, name="new", url=URLS[0], declaration="{}", created_at=AT)
        put_run(connection, 77, 99)
        connection.execute(text("UPDATE windows SET pages = pages + 1, fence = fence + 1 WHERE run_id = 77"))
        for name, columns in old.items():
            known = table(connection, name).c
            assert connection.execute(select(*(known[column] for column in columns))).all()
        query = "SELECT host, parallel, pages, outages FROM runs JOIN windows ON run_id = runs.id WHERE run_id = 77"
        assert sorted(map(tuple, connection.execute(text(query)))) == [("", 1, 1, 0), ("", 1, 2, 0)]


def test_newer_code_goes_on_with_what_an_older_program_began(in_use: str, walk: Walk, opened: Opened) -> None:
    """A run that names no host is told of, worked on and joined like any other."""
    walk(in_use, "head")
    with opened(in_use) as connection:
        connection.execute(text("UPDATE runs SET ended_at = started_at"))
        put_run(connection, 77, FIRST, windows=0)
        put_run(connection, 78, FIRST + 1, planned_at=AT, response_date=AT, granularity="YYYY-MM-DD")
    engine = open_engine(in_use)
    request = RunRequest(
        endpoint_id=FIRST,
        kind=RunKind.FULL,
        selection=Selection(prefixes=("oai_dc",)),
        declaration="{}",
        host="archive.example.org",
    )
    try:
        assert begin_run(engine, request) == 77
        for run_id, step in ((77, Step.PLAN), (78, Step.WORK)):
            (hint,) = give_hints(engine, hint_seconds=60)
            assert (hint.step, hint.run.run_id) == (step, run_id)
            put_off_planning(engine, run_id, seconds=100)
        assert claim_window(engine, run_id=78, owner="host/boot/2/2", lease_seconds=60) is not None
    finally:
        engine.dispose()


def test_the_upgrade_that_operators_run_brings_it(in_use: str, vocabulary: Any, opened: Opened) -> None:
    """With the views of the newest program over rows of the older one."""
    assert REVISION in upgrade(in_use, vocabulary=vocabulary)
    with opened(in_use) as connection:
        assert connection.scalar(text("SELECT newest_cursor FROM catalogue_feed")) == 41

"""The revision of sweeps, with sweeps in the database: programs of the revision before go on, and nothing is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, text

from ingest.ledger import RunKind, Verb
from ingest.store.engine import open_engine
from ingest.store.run_rows import list_runs

BEFORE, REVISION = "20261129_0800_catalogue_indexes", "20261129_0900_sweeps"
AT = "2026-01-02T03:04:05.000006Z"
SELECTION = '{"from_":null,"full":false,"prefixes":["oai_dc"],"sets":[],"until":null}'
RUN = "INSERT INTO runs (id, endpoint_id, kind, selection, declaration, started_at, ended_at, verdict) VALUES "

Walk = Callable[[str, str], None]
Opened = Callable[[str], Any]
Rows = Callable[[str], dict[str, list[Any]]]


def with_sweeps(connection: Connection) -> None:
    """Put a sweep that has ended and one that goes on beside what is there, and a miss."""
    told = {"selection": SELECTION, "at": AT}
    connection.execute(text("UPDATE runs SET ended_at = started_at, verdict = 'complete'"))
    connection.execute(text(f"{RUN} (41, 1, 'sweep', :selection, '{{}}', :at, :at, 'complete')"), told)
    connection.execute(text(f"{RUN} (42, 1, 'sweep', :selection, '{{}}', :at, NULL, NULL)"), told)
    for run_id, state in ((41, "ended"), (42, "open")):
        values = {"run": run_id, "state": state}
        window = (
            "INSERT INTO windows (id, run_id, metadata_prefix, verb, state) VALUES (:run, :run, 'a', 'sweep', :state)"
        )
        connection.execute(text(window), values)
    connection.execute(text("UPDATE endpoints SET sweep = '0 4 1 * *', next_sweep_at = :at"), {"at": AT})


@pytest.fixture
def in_use(database_url: str, walk: Walk, fill: Callable[[str], None]) -> str:
    """Return a database at the revision before with a row in every table."""
    walk(database_url, BEFORE)
    fill(database_url)
    return database_url


def test_up_down_and_up_again_keeps_every_row(in_use: str, walk: Walk, rows: Rows) -> None:
    """And begins with no item missed."""
    before = rows(in_use)
    walk(in_use, REVISION)
    assert rows(in_use)["misses"] == []
    walk(in_use, "-1")
    assert rows(in_use) == before


def test_the_program_of_before_meets_no_sweep(
    in_use: str, walk: Walk, opened: Opened, *, fill: Callable[[str], None], rows: Rows
) -> None:
    """One that was under way has ended; what it had listed is not read by GetRecord in its place."""
    walk(in_use, REVISION)
    fill(in_use)
    items = rows(in_use)["items"]
    with opened(in_use) as connection:
        with_sweeps(connection)
    walk(in_use, "-1")
    with opened(in_use) as connection:
        kinds = connection.execute(text("SELECT id, kind, verdict, ended_at IS NULL FROM runs WHERE id > 40")).all()
        windows = connection.execute(text("SELECT id, verb, state FROM windows WHERE id > 40 ORDER BY id")).all()
    assert sorted(map(tuple, kinds)) == [(41, "ranged", "complete", False), (42, "ranged", "failed", False)]
    assert list(map(tuple, windows)) == [(41, "ListIdentifiers", "ended"), (42, "ListIdentifiers", "abandoned")]
    assert rows(in_use)["items"] == items
    walk(in_use, "head")
    engine = open_engine(in_use)
    newest = list_runs(engine, limit=1)[0]
    engine.dispose()
    assert (newest.run_id, newest.kind, newest.windows[0].verb) == (42, RunKind.RANGED, Verb.LIST_IDENTIFIERS)

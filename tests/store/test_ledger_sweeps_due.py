"""Sweeps in the schedule: a time of their own, and neither a harvest nor a sweep is lost because of the other."""

from datetime import UTC, datetime
from typing import Any

import pytest
from ledger_runs import end_run, endpoint, request, set_clock
from sqlalchemy import Engine
from store_pages import rows

from ingest.ledger import RunKind, Selection
from ingest.schedule import begin_what_is_due, take_over
from ingest.store import ledger_tables
from ingest.store.retiring import begin_retiring
from ingest.store.runs import begin_run, read_run
from ingest.store.schedule import due_endpoints, set_paused

NIGHTLY, MONTHLY = "0 3 * * *", "0 4 1 * *"
SWEEP = Selection(prefixes=("oai_dc",), sweep=True)


def swept(database: Engine, *, deleted_record: str = "no", read: bool = True, **keys: Any) -> None:
    """Declare an endpoint that is swept and was harvested, and let its sweep be due."""
    take_over([endpoint("archive", **{"sweep": MONTHLY} | keys)], database)
    told = f'{{"deleted_record":"{deleted_record}"}}'
    with database.begin() as connection:
        connection.execute(ledger_tables.endpoints.update().values(identify=told))
        if read:
            bound = datetime(2024, 6, 1, tzinfo=UTC)
            row = {"endpoint_id": 1, "metadata_prefix": "oai_dc", "set_spec": "", "bound": bound}
            connection.execute(ledger_tables.coverage.insert().values(row))
    set_clock(database, ledger_tables.endpoints, next_sweep_at=-60)


def kinds(database: Engine, run_ids: tuple[int, ...]) -> list[RunKind]:
    """Say what runs are."""
    return [read_run(database, run_id).kind for run_id in run_ids]


def dues(database: Engine) -> list[bool]:
    """Say of each time that has come whether it is a sweep's."""
    return [due.sweep for due in due_endpoints(database)]


def test_a_sweep_that_is_due_is_begun_once(database: Engine) -> None:
    """By its own time, and put forward to the next one."""
    swept(database)
    (run_id,) = begin_what_is_due(database)
    run = read_run(database, run_id)
    assert (run.kind, run.selection, run.scheduled) == (RunKind.SWEEP, SWEEP, True)
    end_run(database, run_id)
    assert (begin_what_is_due(database), dues(database)) == ((), [])


def test_an_endpoint_may_be_due_for_both_and_the_sweep_waits_for_the_harvest(database: Engine) -> None:
    """A month is too long to be missed because of a quarter of an hour."""
    swept(database, schedule=NIGHTLY)
    set_clock(database, ledger_tables.endpoints, next_due_at=-60, next_sweep_at=-60)
    harvest = begin_what_is_due(database)
    assert (kinds(database, harvest), dues(database)) == ([RunKind.INCREMENTAL], [True])
    assert begin_what_is_due(database) == ()
    end_run(database, harvest[0])
    assert kinds(database, begin_what_is_due(database)) == [RunKind.SWEEP]


def test_a_harvest_waits_for_a_sweep(database: Engine) -> None:
    """As soon as that has ended, what is new is read."""
    swept(database, schedule=NIGHTLY)
    sweep = begin_what_is_due(database)
    set_clock(database, ledger_tables.endpoints, next_due_at=-60)
    assert (begin_what_is_due(database), dues(database)) == ((), [False])
    end_run(database, sweep[0])
    assert kinds(database, begin_what_is_due(database)) == [RunKind.INCREMENTAL]


@pytest.mark.parametrize("told", [{"deleted_record": "persistent"}, {"read": False}])
def test_a_sweep_that_has_nothing_to_find_waits_for_its_next_time(database: Engine, told: dict[str, Any]) -> None:
    """No run is begun that could only fail."""
    swept(database, **told)
    assert (begin_what_is_due(database), dues(database)) == ((), [])
    assert rows(database, "SELECT count(*) FROM runs") == [(0,)]
    assert rows(database, "SELECT count(*) FROM endpoints WHERE next_sweep_at IS NOT NULL") == [(1,)]


@pytest.mark.parametrize("keys", [{"sweep": None}, {"paused": True}])
def test_a_sweep_that_was_taken_away_or_paused_is_due_no_more(database: Engine, keys: dict[str, Any]) -> None:
    """Though its time had come."""
    swept(database)
    take_over([endpoint("archive", **{"sweep": MONTHLY} | keys)], database)
    assert dues(database) == []


def test_a_person_who_pauses_an_endpoint_pauses_its_sweeps(database: Engine) -> None:
    """Until it is let go on."""
    swept(database)
    set_paused(database, "archive", paused=True)
    assert dues(database) == []
    set_paused(database, "archive", paused=False)
    assert dues(database) == [True]


def test_a_sweep_by_hand_is_joined_when_it_is_due(database: Engine) -> None:
    """The same selection is the same run."""
    swept(database)
    asked = request(database, selection=SWEEP, kind=RunKind.SWEEP)
    take_over([endpoint("archive", sweep=MONTHLY)], database)
    assert begin_what_is_due(database) == (begin_run(database, asked),)


def test_an_endpoint_that_was_retired_is_swept_at_its_next_time(database: Engine) -> None:
    """Declared anew it begins anew, however long it was away."""
    swept(database)
    begin_retiring(database, "archive")
    take_over([endpoint("archive", sweep=MONTHLY)], database)
    assert dues(database) == []
    assert rows(database, "SELECT count(*) FROM endpoints WHERE next_sweep_at IS NOT NULL") == [(1,)]

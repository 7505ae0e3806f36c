"""The schedule as the database has it: what is declared, when it is due, and that each run is begun once."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ledger_runs import begun, end_run, endpoint, request, set_clock
from processes import until
from sqlalchemy import Engine
from store_pages import dump, rows

from ingest.endpoints import Endpoint
from ingest.ledger import Coverage, ListName, ListOutcome, RunKind, Selection
from ingest.schedule import begin_what_is_due, take_over
from ingest.store import ledger_tables
from ingest.store.coverage import keep_outcome
from ingest.store.endpoints import keep_endpoint
from ingest.store.engine import open_engine, write
from ingest.store.runs import begin as begin_inside
from ingest.store.runs import read_run
from ingest.store.schedule import Due, Times, begin_due, declare, due_endpoints, set_paused

NIGHTLY, HOURLY = "0 3 * * *", "0 * * * *"
SOON = datetime(2030, 1, 1, tzinfo=UTC)


def scheduled(name: str = "archive", schedule: str | None = NIGHTLY, **keys: Any) -> Endpoint:
    """Declare an endpoint with a schedule."""
    return endpoint(name, schedule=schedule, **keys)


def kept(database: Engine) -> dict[str, tuple[bool, str | None, bool]]:
    """Read of each endpoint whether it is declared, its cron line, and whether it will ever be due."""
    query = "SELECT name, declared, schedule, next_due_at FROM endpoints"
    return {name: (bool(declared), line, due is not None) for name, declared, line, due in rows(database, query)}


def due_at(database: Engine, name: str = "archive") -> Any:
    """Read when an endpoint is due next, as the database has it."""
    ((found,),) = rows(database, "SELECT next_due_at FROM endpoints WHERE name = :name", name=name)
    return found


def set_due(database: Engine, name: str = "archive", *, seconds: float = -1) -> None:
    """Let an endpoint be due so many seconds from now."""
    table = ledger_tables.endpoints
    ((key,),) = rows(database, "SELECT id FROM endpoints WHERE name = :name", name=name)
    set_clock(database, table, key=key, next_due_at=seconds)


def names(database: Engine, dues: Iterable[Due]) -> list[str]:
    """Name the endpoints that are due."""
    known = dict(rows(database, "SELECT id, name FROM endpoints"))
    return [known[due.endpoint_id] for due in dues]


# --- declared -------------------------------------------------------------------------------------


def test_declared_endpoints_are_known_with_when_they_are_due(database: Engine) -> None:
    """Those without a schedule, or paused in the file, are known and never due."""
    take_over([scheduled(), scheduled("by-hand", None), scheduled("paused", paused=True)], database)

    assert kept(database) == {
        "archive": (True, NIGHTLY, True),
        "by-hand": (True, None, False),
        "paused": (True, None, False),
    }


def test_the_next_time_is_after_the_databases_now(database: Engine) -> None:
    """What was due before the endpoint was declared is not made up for."""
    asked: list[datetime] = []

    def note(_endpoint: Endpoint, after: datetime) -> datetime:
        asked.append(after)
        return SOON

    declare(database, [scheduled()], Times(next_due=note, next_sweep=note))
    (after,) = asked
    assert abs(after - datetime.now(UTC)) < timedelta(minutes=5)


def test_a_declaration_that_is_taken_over_again_changes_no_time(database: Engine) -> None:
    """However often the file is read, and though other keys have changed."""
    take_over([scheduled()], database)
    set_due(database, seconds=-100)
    before = due_at(database)
    take_over([scheduled(parallel=4)], database)

    assert due_at(database) == before
    ((declaration,),) = rows(database, "SELECT declaration FROM endpoints")
    assert Endpoint.model_validate_json(declaration).parallel == 4


def test_another_schedule_counts_from_now_on(database: Engine) -> None:
    """The time that was computed from the old one is forgotten."""
    take_over([scheduled()], database)
    set_due(database, seconds=-100)
    before = due_at(database)
    take_over([scheduled(schedule=HOURLY)], database)

    assert kept(database) == {"archive": (True, HOURLY, True)}
    assert due_at(database) != before
    assert due_endpoints(database) == ()


@pytest.mark.parametrize("keys", [{"schedule": None}, {"paused": True}])
def test_a_schedule_that_was_taken_away_or_paused_is_due_no_more(database: Engine, keys: dict[str, Any]) -> None:
    """Though its time had come."""
    take_over([scheduled()], database)
    set_due(database)
    take_over([scheduled(**keys)], database)

    assert (kept(database), due_endpoints(database)) == ({"archive": (True, None, False)}, ())


def test_an_endpoint_that_is_no_longer_declared_is_not_due_and_keeps_its_data(database: Engine) -> None:
    """Nor does a run of it that is going end; another endpoint is let be."""
    take_over([scheduled(), scheduled("other")], database)
    run_id = begun(database)
    set_due(database)
    take_over([scheduled("other")], database)

    assert (kept(database)["archive"][0], kept(database)["other"]) == (False, (True, NIGHTLY, True))
    assert due_endpoints(database) == ()
    assert read_run(database, run_id).active


def test_a_declaration_that_was_away_for_a_moment_costs_no_time(database: Engine) -> None:
    """The file is written anew, and read in between."""
    take_over([scheduled()], database)
    set_due(database)
    take_over([], database)
    assert due_endpoints(database) == ()
    take_over([scheduled()], database)
    assert names(database, due_endpoints(database)) == ["archive"]


def test_an_endpoint_that_was_never_declared_is_let_be(database: Engine) -> None:
    """A bare URL was harvested once."""
    keep_endpoint(database, endpoint("by-url"), declared=False)
    take_over([scheduled()], database)

    assert kept(database)["by-url"] == (False, None, False)


def test_a_renamed_endpoint_keeps_its_time(database: Engine) -> None:
    """And its key, and so all it has."""
    take_over([scheduled("old")], database)
    set_due(database, "old", seconds=500)
    before = due_at(database, "old")
    take_over([scheduled("new", renamed_from="old")], database)

    assert kept(database) == {"new": (True, NIGHTLY, True)}
    assert due_at(database, "new") == before


# --- due ------------------------------------------------------------------------------------------


def test_due_is_whose_time_has_come_the_longest_first(database: Engine) -> None:
    """By the database's clock."""
    take_over([scheduled(name) for name in ("late", "early", "later", "not-yet")], database)
    for name, seconds in (("early", -300.0), ("late", -200.0), ("later", -100.0), ("not-yet", 100.0)):
        set_due(database, name, seconds=seconds)
    dues = due_endpoints(database)

    assert names(database, dues) == ["early", "late", "later"]
    assert all(due.due_at < due.now for due in dues)
    assert all(Endpoint.model_validate_json(due.declaration).schedule == NIGHTLY for due in dues)


def test_a_paused_endpoint_is_not_due_until_it_is_let_go_on(database: Engine) -> None:
    """Then once, for all the times that were missed."""
    take_over([scheduled()], database)
    set_due(database, seconds=-10 * 86400)
    assert set_paused(database, "archive", paused=True)
    assert due_endpoints(database) == ()
    take_over([scheduled()], database)
    assert due_endpoints(database) == ()
    assert set_paused(database, "archive", paused=False)
    assert len(begin_what_is_due(database)) == 1
    assert due_endpoints(database) == ()


def test_an_endpoint_that_the_database_does_not_know_can_not_be_paused(database: Engine) -> None:
    """Whoever asked is told."""
    take_over([scheduled()], database)

    assert not set_paused(database, "achive", paused=True)
    assert rows(database, "SELECT paused FROM endpoints") in ([(False,)], [(0,)])


# --- begun ----------------------------------------------------------------------------------------


def due_now(database: Engine, **keys: Any) -> Due:
    """Declare an endpoint, and let it be due."""
    take_over([scheduled(**keys)], database)
    set_due(database)
    (due,) = due_endpoints(database)
    return due


def begin(database: Engine, due: Due, **told: Any) -> int | None:
    """Begin the run of a due endpoint; the next time is soon."""
    asked = replace(request(database, scheduled=True), endpoint_id=due.endpoint_id, **told)
    return begin_due(database, due, request=asked, next_due_at=SOON)


def is_put_forward(database: Engine) -> bool:
    """Whether the endpoint's next time is the one that was given."""
    return "2030-01-01" in str(due_at(database)) and due_endpoints(database) == ()


def test_a_due_run_is_begun_and_the_next_time_put_forward(database: Engine) -> None:
    """Both or neither."""
    due = due_now(database)
    run_id = begin(database, due)
    assert run_id is not None

    run = read_run(database, run_id)
    assert (run.scheduled, run.active, run.kind) == (True, True, RunKind.FULL)
    assert is_put_forward(database)


def test_who_comes_second_begins_nothing(database: Engine) -> None:
    """Though the first one's run has ended meanwhile."""
    due = due_now(database)
    first = begin(database, due)
    assert first is not None
    end_run(database, first)
    before = dump(database)

    assert begin(database, due) is None
    assert dump(database) == before


def test_eight_who_begin_at_once_begin_one_run(database: Engine) -> None:
    """Any number of beats may look."""
    due = due_now(database)
    with ThreadPoolExecutor(8) as threads:
        runs = list(threads.map(lambda _number: begin(database, due), range(8)))

    assert sum(run is not None for run in runs) == 1
    assert rows(database, "SELECT count(*) FROM runs") == [(1,)]
    assert is_put_forward(database)


def test_eight_who_look_at_once_begin_each_due_endpoint_once(database: Engine) -> None:
    """From looking to beginning, as beats do."""
    declared = [scheduled(f"archive-{number}") for number in range(5)]
    take_over(declared, database)
    for each in declared:
        set_due(database, each.name)
    with ThreadPoolExecutor(8) as threads:
        begun_by = list(threads.map(lambda _number: begin_what_is_due(database), range(8)))

    assert len([run for runs in begun_by for run in runs]) == 5
    assert rows(database, "SELECT count(DISTINCT endpoint_id), count(*) FROM runs") == [(5, 5)]
    assert due_endpoints(database) == ()


def test_a_run_that_a_person_begins_at_the_same_moment_is_left_to_be_joined(migrated_postgresql_url: str) -> None:
    """Nothing is put forward: whoever looks next finds the endpoint due still, and the run going."""
    database = open_engine(migrated_postgresql_url)
    due = due_now(database)
    asked = request(database)
    with ThreadPoolExecutor(1) as thread, database.begin() as connection:
        mine = begin_inside(connection, asked)
        other = thread.submit(begin_due, database, due, request=asked, next_due_at=SOON)
        until(lambda: waiting_for_a_lock(database), 30, what="the other to wait for what is not committed")
        connection.commit()
        assert other.result() is None
    assert names(database, due_endpoints(database)) == ["archive"]
    assert begin(database, due) == mine
    assert is_put_forward(database)
    database.dispose()


def waiting_for_a_lock(database: Engine) -> bool:
    """Whether anybody waits for somebody else's transaction in this database."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ((number,),) = rows(database, query)
    return bool(number)


def test_a_run_of_the_same_selection_that_is_going_is_joined(database: Engine) -> None:
    """Nothing is read twice at the same time."""
    due = due_now(database)
    active = begun(database)

    assert begin(database, due) == active
    assert rows(database, "SELECT count(*) FROM runs") == [(1,)]
    assert is_put_forward(database)


def test_a_run_of_another_selection_is_let_go_on_and_the_time_is_missed(database: Engine) -> None:
    """It is made up for by the next one."""
    due = due_now(database)
    active = begun(database, selection=Selection(prefixes=("oai_dc",), from_="2024-01-01"))
    before = rows(database, "SELECT * FROM runs")

    assert begin(database, due) is None
    assert rows(database, "SELECT * FROM runs") == before
    assert read_run(database, active).active
    assert is_put_forward(database)


def test_times_that_were_missed_are_made_up_for_by_one_run(database: Engine) -> None:
    """The next time is after now, and not after the one that was missed."""
    take_over([scheduled(schedule=HOURLY)], database)
    set_due(database, seconds=-30 * 86400)
    (run_id,) = begin_what_is_due(database)
    end_run(database, run_id)

    assert begin_what_is_due(database) == ()
    assert rows(database, "SELECT count(*) FROM runs") == [(1,)]
    table = ledger_tables.endpoints
    with database.connect() as connection:
        upcoming = connection.execute(table.select()).one().next_due_at
    assert timedelta(0) < upcoming - datetime.now(UTC) <= timedelta(hours=1, minutes=1)


def test_a_declaration_that_can_not_be_due_any_more_begins_its_last_run(database: Engine) -> None:
    """Without a next time it is not looked at again."""
    due = due_now(database)
    assert begin_due(database, due, request=request(database), next_due_at=None) is not None

    assert due_at(database) is None
    assert due_endpoints(database) == ()


# --- what is begun --------------------------------------------------------------------------------


def covered(database: Engine, name: str = "archive", *, full_days_ago: float = 1, prefix: str = "oai_dc") -> None:
    """Let a list of an endpoint have been read in full so many days ago."""
    key = keep_endpoint(database, scheduled(name), declared=True)
    coverage = Coverage(list=ListName(metadata_prefix=prefix), bound=datetime.now(UTC) - timedelta(days=full_days_ago))
    write(database, lambda connection: keep_outcome(connection, key, ListOutcome(coverage=coverage, read_whole=True)))


@pytest.mark.parametrize(
    ("keys", "full_days_ago", "kind"),
    [
        pytest.param({}, None, RunKind.FULL, id="never read"),
        pytest.param({}, 100, RunKind.INCREMENTAL, id="read before"),
        pytest.param({"full_every": 30 * 86400.0}, 29, RunKind.INCREMENTAL, id="read in full not long ago"),
        pytest.param({"full_every": 30 * 86400.0}, 31, RunKind.FULL, id="read in full long ago"),
    ],
)
def test_a_scheduled_run_asks_for_what_the_declaration_says_now(
    database: Engine, keys: dict[str, Any], full_days_ago: float | None, kind: RunKind
) -> None:
    """Everything where it is time, else what is new; host and windows in flight as declared."""
    if full_days_ago is not None:
        covered(database, full_days_ago=full_days_ago)
    take_over([scheduled(parallel=3, **keys)], database)
    set_due(database)
    (run_id,) = begin_what_is_due(database)
    run = read_run(database, run_id)

    assert (run.kind, run.scheduled, run.parallel, run.host) == (kind, True, 3, "archive.example.org")
    assert run.selection == Selection(prefixes=("oai_dc",), full=kind is RunKind.FULL and full_days_ago is not None)
    assert Endpoint.model_validate_json(run.declaration) == scheduled(parallel=3, **keys)


def test_a_list_that_is_not_asked_for_any_more_does_not_make_everything_be_read_again(database: Engine) -> None:
    """It will never be read again, and so would always be the oldest."""
    covered(database, full_days_ago=1)
    covered(database, full_days_ago=400, prefix="mods")
    take_over([scheduled(full_every=30 * 86400.0)], database)
    set_due(database)
    (run_id,) = begin_what_is_due(database)

    assert read_run(database, run_id).kind is RunKind.INCREMENTAL

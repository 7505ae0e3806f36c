"""What the queue is told: what waits, when it is told again, and whose turn it is."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import pytest
from ledger_runs import (
    ELSEWHERE,
    HOST,
    LEASE_SECONDS,
    begun,
    claimed,
    dead_owner,
    end_run,
    leased,
    planned,
    set_clock,
    set_window,
    windows_of,
)
from sqlalchemy import Engine, text, update
from store_pages import harvesting, live

from ingest.ledger import Reason
from ingest.store import ledger_tables
from ingest.store.engine import open_engine
from ingest.store.hints import Hint, Step, give_hints, run_of_window
from ingest.store.hosts import note_retry_after
from ingest.store.planning import claim_planning, put_off_planning, renew_planning
from ingest.store.runs import fail_run
from ingest.store.windows import give_back

HINT_SECONDS = 60.0
OTHER_HOST = "other.example.org"
PLAN, WORK, FINISH = Step.PLAN, Step.WORK, Step.FINISH


def hints(database: Engine, *, host: str | None = None, hint_seconds: float = HINT_SECONDS) -> tuple[Hint, ...]:
    """Ask what waits."""
    return give_hints(database, hint_seconds=hint_seconds, host=host)


def told(given: Iterable[Hint]) -> list[tuple[Step, int]]:
    """Give what is to be done, and on which window or run."""
    return [(hint.step, hint.run.run_id if hint.window is None else hint.window.window_id) for hint in given]


def ids(database: Engine, run_id: int) -> list[int]:
    """Give the numbers of a run's windows."""
    return [window.window_id for window in windows_of(database, run_id)]


def forget(database: Engine, seconds: float = HINT_SECONDS + 1) -> None:
    """Let so many seconds pass since everything was told."""
    for table in (ledger_tables.runs, ledger_tables.windows):
        told_before = update(table).where(table.c.hinted_at.is_not(None))
        with database.begin() as connection:
            keys = connection.execute(told_before.values(hinted_at=table.c.hinted_at).returning(table.c.id)).scalars()
            found = list(keys)
        for key in found:
            set_clock(database, table, key=key, hinted_at=-seconds)


def end_windows(database: Engine, *window_ids: int, state: str = "ended") -> None:
    """Let windows have ended."""
    for window_id in window_ids:
        set_window(database, window_id, state=state, owner=None, lease_until=None)


# --- what waits -----------------------------------------------------------------------------------


def test_a_run_is_told_to_be_planned_then_worked_on_then_finished(database: Engine) -> None:
    """Each step as soon as the one before it is done."""
    unplanned = begun(database, "unplanned")
    assert told(hints(database)) == [(PLAN, unplanned)]
    end_run(database, unplanned)
    run_id = planned(database, windows=2, parallel=2)
    one, other = ids(database, run_id)
    assert told(hints(database)) == [(WORK, one), (WORK, other)]
    leased(database, run_id)
    end_windows(database, one)
    assert told(hints(database)) == []
    leased(database, run_id)
    end_windows(database, other, state="abandoned")
    assert told(hints(database)) == [(FINISH, run_id)]
    end_run(database, run_id)
    forget(database)
    assert told(hints(database)) == []


def test_a_run_that_is_planned_soon_after_it_was_told_to_be_is_finished_as_soon(database: Engine) -> None:
    """What was told of the plan does not keep the end waiting."""
    run_id = begun(database, sets=("000",))
    assert told(hints(database)) == [(PLAN, run_id)]
    assert planned(database) == run_id
    end_windows(database, *ids(database, run_id))
    assert told(hints(database)) == [(FINISH, run_id)]


def test_a_run_that_failed_before_it_was_planned_waits_for_nothing(database: Engine) -> None:
    """It has ended."""
    fail_run(database, begun(database), Reason(code="not-oai-pmh", count=1, text="a web page"))

    assert hints(database) == ()


def test_a_hint_says_what_a_person_wants_to_read_of_it(database: Engine) -> None:
    """The endpoint, and the window as it stands."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), then="t")
    (lease,) = harvest.leases.values()
    give_back(database, lease)
    (hint,) = hints(database)

    assert (hint.step, hint.run.endpoint, hint.run.run_id, hint.run.windows) == (WORK, "archive", harvest.run_id, ())
    assert hint.window is not None
    assert (hint.window.window_id, hint.window.pages, hint.window.token) == (lease.window_id, 1, "t")


def test_a_run_that_is_being_concluded_is_passed_over(migrated_postgresql_url: str) -> None:
    """Others at the host do not wait for it, and nothing of it is told."""
    database = open_engine(migrated_postgresql_url)
    concluding, ended = planned(database, "concluding", windows=2, parallel=4), planned(database, "ended", parallel=4)
    end_windows(database, ids(database, concluding)[0], *ids(database, ended))
    lock = text("SELECT id FROM runs WHERE id = :key FOR NO KEY UPDATE")
    with database.begin() as connection:
        connection.execute(lock, {"key": concluding})
        assert told(hints(database)) == [(FINISH, ended)]
    assert told(hints(database)) == [(WORK, ids(database, concluding)[1])]
    database.dispose()


def test_one_host_may_be_asked_for_alone(database: Engine) -> None:
    """Whoever has just worked there tells what waits next there."""
    here, there = begun(database, "here"), begun(database, "there", host=OTHER_HOST)

    assert told(hints(database, host=OTHER_HOST)) == [(PLAN, there)]
    assert told(hints(database)) == [(PLAN, here)]
    assert hints(database, host="unknown.example.org") == ()


# --- again ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", [PLAN, WORK, FINISH])
def test_what_was_told_is_told_again_only_where_nobody_has_followed_for_a_while(database: Engine, what: Step) -> None:
    """A queue that was emptied costs that while, and nothing else."""
    run_id = begun(database) if what is PLAN else planned(database)
    if what is FINISH:
        end_windows(database, *ids(database, run_id))
    first = told(hints(database))
    assert [step for step, _ in first] == [what]
    assert hints(database) == ()
    forget(database, HINT_SECONDS - 10)
    assert hints(database) == ()
    forget(database)
    assert told(hints(database)) == first
    assert hints(database) == ()


@pytest.mark.parametrize("how", ["given back", "run out", "its owner died here"])
def test_a_window_that_was_begun_and_let_go_is_told_again_at_once(database: Engine, how: str) -> None:
    """Whoever was told has followed; what is left waits for the next."""
    run_id = planned(database)
    first = told(hints(database))
    lease = leased(database, run_id, dead_owner() if how == "its owner died here" else "another-host/boot/1/1")
    if how == "given back":
        give_back(database, lease)
    elif how == "run out":
        set_clock(database, ledger_tables.windows, lease_until=-1)
    assert told(hints(database)) == first


def test_a_window_that_someone_works_on_is_not_told_however_long(database: Engine) -> None:
    """Its owner is alive."""
    run_id = planned(database)
    leased(database, run_id)
    forget(database)

    assert hints(database) == ()


def test_a_run_that_is_being_planned_is_not_told_again(database: Engine) -> None:
    """A slow repository may take longer for it than the while."""
    run_id = begun(database)
    hints(database)
    forget(database)
    assert claim_planning(database, run_id, owner=ELSEWHERE, lease_seconds=LEASE_SECONDS)
    assert hints(database) == ()
    forget(database)
    renew_planning(database, run_id, owner=ELSEWHERE, lease_seconds=LEASE_SECONDS)
    assert hints(database) == ()
    forget(database)
    assert told(hints(database)) == [(PLAN, run_id)]


def test_a_run_that_is_put_off_is_not_told_of_until_then(database: Engine) -> None:
    """Its repository is away, and may be back."""
    run_id = begun(database)
    put_off_planning(database, run_id, seconds=100)
    assert hints(database) == ()
    assert hints(database, hint_seconds=0) == ()
    forget(database)
    assert told(hints(database)) == [(PLAN, run_id)]


def test_many_who_ask_at_once_are_told_each_thing_once(database: Engine) -> None:
    """Beats and workers ask whenever they like."""
    run_id = planned(database, windows=6, parallel=3)
    waits = begun(database, "unplanned")
    with ThreadPoolExecutor(8) as threads:
        given = [hint for each in threads.map(lambda _number: hints(database), range(8)) for hint in each]

    assert sorted(told(given)) == sorted([(PLAN, waits), *((WORK, key) for key in ids(database, run_id)[:2])])


# --- how many -------------------------------------------------------------------------------------


def test_no_more_windows_are_told_than_may_be_in_flight(database: Engine) -> None:
    """Those told and those worked on count together; what is let go makes room."""
    run_id = planned(database, windows=5, parallel=2)
    keys = ids(database, run_id)
    assert told(hints(database)) == [(WORK, keys[0]), (WORK, keys[1])]
    lease = leased(database, run_id, window_id=keys[1])
    assert hints(database) == ()
    end_windows(database, lease.window_id)
    assert told(hints(database)) == [(WORK, keys[2])]
    assert hints(database) == ()


def test_windows_of_two_runs_at_one_host_count_together(database: Engine) -> None:
    """What is told of one takes a place that the other might have had."""
    runs = [planned(database, name, windows=3, parallel=2) for name in ("one", "other")]
    ended: list[int] = []
    for told_now in (2, 1, 1, 1, 1):
        assert sum(step is WORK for step, _ in told(hints(database))) == told_now
        assert hints(database) == ()
        (first, *_) = [key for run_id in runs for key in ids(database, run_id) if key not in ended]
        ended.append(first)
        end_windows(database, first)


def test_a_run_that_declares_fewer_is_told_of_when_no_more_are_in_flight(database: Engine) -> None:
    """Whatever the other one at the host declares."""
    quick, careful = planned(database, "quick", windows=2, parallel=3), planned(database, "careful", windows=2)
    assert told(hints(database)) == [(WORK, key) for key in ids(database, quick)]
    end_windows(database, *ids(database, quick))
    assert told(hints(database)) == [(FINISH, quick), (WORK, ids(database, careful)[0])]


def test_a_run_that_is_being_planned_takes_a_place_at_its_host(database: Engine) -> None:
    """The host is asked for the plan too; one that was put off leaves its place to others."""
    run_id, waits = planned(database), begun(database, "unplanned")
    assert told(hints(database)) == [(PLAN, waits)]
    assert hints(database) == ()
    assert claim_planning(database, waits, owner=ELSEWHERE, lease_seconds=LEASE_SECONDS)
    assert hints(database) == ()
    put_off_planning(database, waits, seconds=100)
    assert told(hints(database)) == [(WORK, ids(database, run_id)[0])]


def test_a_window_whose_next_try_has_not_come_is_not_told_and_takes_no_place(database: Engine) -> None:
    """The others are worked on meanwhile."""
    run_id = planned(database, windows=2)
    one, other = ids(database, run_id)
    set_clock(database, ledger_tables.windows, key=one, next_try_at=100)
    assert told(hints(database)) == [(WORK, other)]
    end_windows(database, other)
    assert hints(database) == ()
    set_clock(database, ledger_tables.windows, key=one, next_try_at=-1)
    assert told(hints(database)) == [(WORK, one)]


def test_a_host_that_asked_for_patience_is_not_told_of(database: Engine) -> None:
    """Neither to be worked on nor to be asked for a plan; what needs no request is done meanwhile."""
    run_id, ended = planned(database), planned(database, "ended")
    waits, elsewhere = begun(database, "unplanned"), planned(database, "other", host=OTHER_HOST)
    end_windows(database, *ids(database, ended))
    note_retry_after(database, HOST, 100)
    assert sorted(told(hints(database))) == sorted([(FINISH, ended), (WORK, ids(database, elsewhere)[0])])
    set_clock(database, ledger_tables.hosts, retry_after_until=-1)
    assert told(hints(database)) == [(PLAN, waits)]
    end_run(database, waits)
    assert told(hints(database)) == [(WORK, ids(database, run_id)[0])]


# --- whose turn it is -----------------------------------------------------------------------------


def test_of_one_run_those_windows_come_first_whose_list_has_begun(database: Engine) -> None:
    """Their tokens age; then in the order in which they were planned."""
    run_id = planned(database, windows=4, parallel=3)
    keys = ids(database, run_id)
    for key in (keys[3], keys[2]):
        set_window(database, key, token="t", pages=1)  # noqa: S106 - a resumptionToken.

    assert told(hints(database)) == [(WORK, keys[2]), (WORK, keys[3]), (WORK, keys[0])]


def work_one(database: Engine, *, slices: bool) -> int:
    """Follow the one hint that there is, and end the window or give it back; give its run."""
    (hint,) = hints(database)
    assert hint.window is not None
    lease = leased(database, hint.run.run_id, window_id=hint.window.window_id)
    if slices:
        give_back(database, lease)
    else:
        end_windows(database, lease.window_id)
    return hint.run.run_id


@pytest.mark.parametrize("slices", [True, False], ids=["windows that take many slices", "windows that end at once"])
def test_runs_that_share_a_host_take_turns(database: Engine, *, slices: bool) -> None:
    """None waits until another has ended, however many windows that one has."""
    one, other = planned(database, "one", windows=4), planned(database, "other", windows=4)

    assert [work_one(database, slices=slices) for _ in range(6)] in ([one, other] * 3, [other, one] * 3)


def test_a_run_that_declares_fewer_gets_its_turn_beside_one_that_declares_more(database: Engine) -> None:
    """Nobody else is told of until there is a place for it."""
    quick, careful = planned(database, "quick", windows=6, parallel=3), planned(database, "careful", windows=2)
    in_flight = leased(database, quick)
    assert hints(database) == ()
    end_windows(database, in_flight.window_id)
    assert told(hints(database)) == [(WORK, ids(database, careful)[0])]
    leased(database, careful)
    assert told(hints(database)) == [(WORK, key) for key in ids(database, quick)[1:3]]


def test_a_run_of_short_windows_does_not_keep_a_long_one_waiting(database: Engine) -> None:
    """That its windows were never worked on before does not make each of them the next."""
    long = planned(database, "long")
    work_one(database, slices=True)
    short = planned(database, "short", windows=5)

    turns = []
    for _ in range(4):
        (hint,) = hints(database)
        assert hint.window is not None
        lease = leased(database, hint.run.run_id, window_id=hint.window.window_id)
        turns.append(hint.run.run_id)
        if hint.run.run_id == long:
            give_back(database, lease)
        else:
            end_windows(database, lease.window_id)
    assert turns == [short, long, short, long]


# --- looked up ------------------------------------------------------------------------------------


def test_the_run_of_an_open_window_is_known(database: Engine) -> None:
    """A message of another day names windows that are closed, or none of ours."""
    run_id = planned(database, windows=2, parallel=2)
    one, other = ids(database, run_id)
    end_windows(database, other)
    assert claimed(database, run_id) is not None

    assert [run_of_window(database, key) for key in (one, other, 999)] == [run_id, None, None]

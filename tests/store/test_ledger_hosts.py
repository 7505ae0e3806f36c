"""Hosts: at most so many windows in flight at each, whoever works, and one pace for all."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from ledger_runs import (
    ELSEWHERE,
    HOST,
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
from sqlalchemy import Engine, text
from store_pages import rows

from ingest.store import ledger_tables
from ingest.store.engine import open_engine, reading
from ingest.store.hosts import (
    LONGEST_KEPT_AWAY,
    hosts_with_work,
    in_flight,
    lock_host,
    must_wait,
    note_retry_after,
    seconds_to_wait,
    take_turn,
)
from ingest.store.owners import this_owner
from ingest.store.windows import give_back, read_window

OTHER_HOST = "other.example.org"


def flying(database: Engine, host: str = HOST) -> int:
    """Count the windows in flight at a host."""
    with reading(database) as connection:
        return in_flight(connection, host)


# --- in flight ------------------------------------------------------------------------------------


@pytest.mark.parametrize("alive", [ELSEWHERE, "this process"])
def test_a_living_lease_is_in_flight(database: Engine, alive: str) -> None:
    """Of an owner that lives, or of whom nobody here can tell that it does not."""
    run_id = planned(database, windows=3, parallel=3)
    assert flying(database) == 0
    for number in (1, 2):
        leased(database, run_id, this_owner() if alive == "this process" else alive)
        assert flying(database) == number


@pytest.mark.parametrize("how", ["run out", "its owner died here", "given back", "ended", "given up", "run ended"])
def test_a_lease_that_is_over_is_not_in_flight(database: Engine, how: str) -> None:
    """However it came to its end; another's place is not taken with it."""
    run_id = planned(database, windows=2, parallel=2)
    leased(database, run_id)
    over = leased(database, run_id, dead_owner() if how == "its owner died here" else ELSEWHERE)
    if how == "run out":
        set_clock(database, ledger_tables.windows, key=over.window_id, lease_until=-1)
    elif how == "given back":
        give_back(database, over)
    elif how in {"ended", "given up"}:
        set_window(database, over.window_id, state={"ended": "ended", "given up": "abandoned"}[how])
    elif how == "run ended":
        end_run(database, run_id)
    assert flying(database) == (0 if how == "run ended" else 1)


def test_windows_at_another_host_are_not_in_flight_here(database: Engine) -> None:
    """Each host has its own count."""
    leased(database, planned(database, "other", host=OTHER_HOST))

    assert (flying(database), flying(database, OTHER_HOST)) == (0, 1)


# --- claims ---------------------------------------------------------------------------------------


def test_a_host_takes_no_more_windows_than_the_run_declares(database: Engine) -> None:
    """As soon as one is given back, the next may begin."""
    run_id = planned(database, windows=4, parallel=2)
    first, _second = leased(database, run_id), leased(database, run_id, "host/boot/2/2")
    assert claimed(database, run_id) is None
    give_back(database, first)
    assert claimed(database, run_id) is not None
    assert claimed(database, run_id) is None


def test_runs_of_two_endpoints_share_their_host(database: Engine) -> None:
    """What one has in flight counts for the other."""
    one, other = (planned(database, name, windows=3, parallel=2) for name in ("one", "other"))
    mine = leased(database, one)
    leased(database, other)
    assert (claimed(database, one), claimed(database, other)) == (None, None)
    give_back(database, mine)
    leased(database, other)
    assert claimed(database, one) is None


def test_each_run_keeps_to_what_it_declares_itself(database: Engine) -> None:
    """An endpoint declared to be asked one at a time waits while another has any in flight."""
    careful, quick = planned(database, "careful", parallel=1), planned(database, "quick", windows=3, parallel=3)
    leased(database, quick)
    assert claimed(database, careful) is None
    leased(database, quick)
    leased(database, quick)
    assert flying(database) == 3


def test_runs_at_two_hosts_do_not_wait_for_each_other(database: Engine) -> None:
    """A slow repository holds up itself alone."""
    here, there = planned(database, "here"), planned(database, "there", host=OTHER_HOST)

    assert claimed(database, here) is not None
    assert claimed(database, there) is not None


@pytest.mark.parametrize("parallel", [1, 3])
def test_workers_that_claim_at_once_over_two_runs_never_have_more_in_flight(database: Engine, parallel: int) -> None:
    """The host's row is locked: what was counted is still so when the lease is written."""
    runs = [planned(database, name, windows=8, parallel=parallel) for name in ("one", "other")]
    with ThreadPoolExecutor(8) as threads:
        leases = list(
            threads.map(lambda number: claimed(database, runs[number % 2], f"host/boot/{number}/1"), range(16))
        )

    assert sum(lease is not None for lease in leases) == parallel
    assert flying(database) == parallel


def test_a_window_that_is_asked_for_by_its_number_is_leased_or_nothing_is(database: Engine) -> None:
    """A hint names the window; if another has it, there are others to be hinted."""
    run_id = planned(database, windows=3, parallel=3)
    first, second, _third = windows_of(database, run_id)

    assert leased(database, run_id, window_id=second.window_id).window_id == second.window_id
    assert claimed(database, run_id, window_id=second.window_id) is None
    assert claimed(database, run_id, window_id=999) is None
    assert leased(database, run_id).window_id == first.window_id


def test_a_window_on_which_a_page_is_being_written_is_passed_over(migrated_postgresql_url: str) -> None:
    """Nobody waits for that under the host's lock, whatever became of the lease."""
    database = open_engine(migrated_postgresql_url)
    run_id = planned(database, windows=2, parallel=2)
    first, second = windows_of(database, run_id)
    with database.begin() as writing:
        writing.execute(text("UPDATE windows SET pages = pages + 1 WHERE id = :key"), {"key": first.window_id})
        assert leased(database, run_id).window_id == second.window_id
        assert claimed(database, run_id) is None
    assert leased(database, run_id).window_id == first.window_id
    database.dispose()


def test_a_window_of_another_run_is_not_leased(database: Engine) -> None:
    """Its own run's host and declaration would not be asked."""
    run_id, other = planned(database), planned(database, "other", host=OTHER_HOST)
    (window,) = windows_of(database, other)

    assert claimed(database, run_id, window_id=window.window_id) is None


def test_a_window_whose_list_has_begun_is_leased_first(database: Engine) -> None:
    """Tokens age."""
    run_id = planned(database, windows=3, parallel=3)
    begun_window = windows_of(database, run_id)[1].window_id
    set_window(database, begun_window, token="t", pages=1)  # noqa: S106 - a resumptionToken.

    assert leased(database, run_id).window_id == begun_window


# --- patience -------------------------------------------------------------------------------------


def waits(database: Engine, host: str = HOST) -> bool:
    """Whether the host is to be left alone."""
    with reading(database) as connection:
        return must_wait(connection, host)


def test_a_host_that_asked_for_patience_is_left_alone_until_then(database: Engine) -> None:
    """Nobody claims a window there; other hosts are asked meanwhile."""
    run_id, elsewhere = planned(database), planned(database, "other", host=OTHER_HOST)
    note_retry_after(database, HOST, 120)

    assert (waits(database), waits(database, OTHER_HOST)) == (True, False)
    assert 110 < seconds_to_wait(database, HOST) <= 120
    assert claimed(database, run_id) is None
    assert claimed(database, elsewhere) is not None
    set_clock(database, ledger_tables.hosts, retry_after_until=-1)
    assert (waits(database), seconds_to_wait(database, HOST)) == (False, 0.0)
    assert claimed(database, run_id) is not None


@pytest.mark.parametrize(("second", "least", "most"), [(10, 110, 120), (600, 590, 600)])
def test_the_longer_of_two_waits_stands(database: Engine, second: float, least: float, most: float) -> None:
    """Whichever was asked for last."""
    note_retry_after(database, HOST, 120)
    note_retry_after(database, HOST, second)

    assert least < seconds_to_wait(database, HOST) <= most


def test_a_wait_that_has_run_out_does_not_stand_in_the_way_of_a_new_one(database: Engine) -> None:
    """However short the new one is."""
    note_retry_after(database, HOST, -100)
    note_retry_after(database, HOST, 30)

    assert 20 < seconds_to_wait(database, HOST) <= 30


def test_a_host_that_asks_for_a_year_is_asked_again_the_next_day(database: Engine) -> None:
    """It is a mistake."""
    note_retry_after(database, HOST, 365 * 86400)

    assert LONGEST_KEPT_AWAY - 10 < seconds_to_wait(database, HOST) <= LONGEST_KEPT_AWAY == 86400


def test_a_host_that_was_never_asked_waits_for_nothing(database: Engine) -> None:
    """It has no row yet."""
    assert (waits(database), seconds_to_wait(database, HOST)) == (False, 0.0)


# --- the pace -------------------------------------------------------------------------------------


def test_the_first_turn_is_taken_at_once_and_the_next_after_the_interval(database: Engine) -> None:
    """Counted from the turn before it, and not from when it was asked for."""
    waits = [take_turn(database, HOST, 100.0) for _ in range(3)]

    assert waits == [0.0, pytest.approx(100, abs=5), pytest.approx(200, abs=5)]
    assert take_turn(database, OTHER_HOST, 100.0) == 0.0


def test_a_host_that_was_left_alone_for_long_is_asked_at_once(database: Engine) -> None:
    """What was not asked is not saved up: the turn after it waits again."""
    take_turn(database, HOST, 100.0)
    set_clock(database, ledger_tables.hosts, next_at=-1000)

    assert take_turn(database, HOST, 100.0) == 0.0
    assert take_turn(database, HOST, 100.0) == pytest.approx(100, abs=5)


@pytest.mark.parametrize("min_interval", [0.0, 10.0])
def test_nobody_has_a_turn_while_the_host_is_to_be_left_alone(database: Engine, min_interval: float) -> None:
    """Those who work there when it asks for patience wait too; then they come one after the other again."""
    take_turn(database, HOST, min_interval)
    note_retry_after(database, HOST, 100)

    assert take_turn(database, HOST, min_interval) == pytest.approx(100, abs=5)
    assert take_turn(database, HOST, min_interval) == pytest.approx(100 + min_interval, abs=5)


def test_without_an_interval_turns_come_at_once(database: Engine) -> None:
    """They only ask whether the host is to be left alone."""
    assert [take_turn(database, HOST, 0.0) for _ in range(3)] == [
        0.0,
        pytest.approx(0, abs=0.1),
        pytest.approx(0, abs=0.1),
    ]


def test_a_turn_without_an_interval_waits_for_no_writer(database: Engine) -> None:
    """Every request asks for one: behind the pages that are being written it would wait longer than for its answer."""
    note_retry_after(database, HOST, 100)
    with database.begin() as writing, ThreadPoolExecutor(1) as asking:
        lock_host(writing, HOST)
        turn = asking.submit(take_turn, database, HOST, 0.0)

        assert turn.result(timeout=10) == pytest.approx(100, abs=5)


def test_eight_who_take_turns_at_once_are_evenly_spaced(database: Engine) -> None:
    """No two have the same turn, and none is left out."""
    began = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        waits = sorted(threads.map(lambda _number: take_turn(database, HOST, 50.0), range(24)))
    late = time.monotonic() - began

    assert len(rows(database, "SELECT name FROM hosts")) == 1
    for number, wait in enumerate(waits):
        assert 50 * number - late <= wait <= 50 * number + late


def test_eight_who_wait_for_their_turns_ask_no_sooner_than_the_pace_allows(database: Engine) -> None:
    """By their own clocks, whatever the database's says."""
    asked = []

    def ask(_number: int) -> None:
        time.sleep(take_turn(database, HOST, 0.05))
        asked.append(time.monotonic())

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(ask, range(16)))

    # One may be late in waking, and the next in time; over all of them the pace shows.
    assert max(asked) - min(asked) >= 14 * 0.05


# --- whose turn it is -----------------------------------------------------------------------------


def test_hosts_with_work_are_those_of_active_runs_the_one_that_waited_longest_first(database: Engine) -> None:
    """A host where nothing was ever leased comes before all others."""
    _new, early, late, done = (
        planned(database, name, host=f"{name}.example.org") for name in ("new", "early", "late", "done")
    )
    begun(database, "unplanned", host="unplanned.example.org")
    for run_id, ago in ((early, -100.0), (late, -10.0), (done, -1000.0)):
        lease = leased(database, run_id)
        set_clock(database, ledger_tables.windows, key=lease.window_id, leased_at=ago)
    end_run(database, done)

    names = [f"{name}.example.org" for name in ("new", "unplanned", "early", "late")]
    assert hosts_with_work(database) == tuple(names)


def test_a_host_of_two_runs_is_named_once(database: Engine) -> None:
    """By the window that was leased there last."""
    one, _other = planned(database, "one"), planned(database, "other")
    planned(database, "third", host=OTHER_HOST)
    leased(database, one)

    assert hosts_with_work(database) == (OTHER_HOST, HOST)


def test_a_lease_notes_when_it_was_taken(database: Engine) -> None:
    """And clears what stood in its way."""
    run_id = planned(database)
    (window,) = windows_of(database, run_id)
    set_clock(database, ledger_tables.windows, next_try_at=-1, hinted_at=-1)
    leased(database, run_id)

    (row,) = rows(database, "SELECT leased_at, hinted_at, next_try_at FROM windows")
    assert row[0] is not None
    assert row[1:] == (None, None)
    assert read_window(database, window.window_id).next_try_at is None

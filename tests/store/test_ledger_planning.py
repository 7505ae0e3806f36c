"""Who plans a run: one process at a time, and none beside more requests than the host takes."""

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
)
from sqlalchemy import Engine
from store_pages import rows

from ingest.ledger import Reason
from ingest.store import ledger_tables
from ingest.store.hints import Step, give_hints
from ingest.store.hosts import note_retry_after
from ingest.store.planning import claim_planning, give_back_planning, put_off_planning, renew_planning
from ingest.store.runs import fail_run
from ingest.store.windows import give_back

OTHER = "another-host/boot/2/2"


def claims(database: Engine, run_id: int, owner: str = ELSEWHERE) -> bool:
    """Claim a run to plan it."""
    return claim_planning(database, run_id, owner=owner, lease_seconds=LEASE_SECONDS)


def told(database: Engine) -> list[Step]:
    """Give the steps that the queue is told of."""
    return [hint.step for hint in give_hints(database, hint_seconds=LEASE_SECONDS)]


def test_of_many_who_are_told_at_once_one_plans(database: Engine) -> None:
    """A message that comes twice, or was sent again because nobody took the first, is followed once."""
    run_id = begun(database, parallel=8)
    with ThreadPoolExecutor(8) as threads:
        given = list(threads.map(lambda number: claims(database, run_id, f"host/boot/{number}/1"), range(8)))

    assert sorted(given) == [False] * 7 + [True]


@pytest.mark.parametrize("how", ["run out", "its owner died here", "given back"])
def test_a_lease_that_is_over_leaves_the_run_to_the_next(database: Engine, how: str) -> None:
    """However it came to its end; until then nobody else has it."""
    run_id = begun(database)
    owner = dead_owner() if how == "its owner died here" else ELSEWHERE
    assert claims(database, run_id, owner)
    assert how == "its owner died here" or not claims(database, run_id, OTHER)
    if how == "run out":
        set_clock(database, ledger_tables.runs, key=run_id, lease_until=-1)
    elif how == "given back":
        give_back_planning(database, run_id, owner=owner)

    assert claims(database, run_id, OTHER)


def test_who_has_lost_the_lease_neither_renews_nor_ends_it(database: Engine) -> None:
    """It belongs to another by now."""
    run_id = begun(database)
    assert claims(database, run_id)
    set_clock(database, ledger_tables.runs, key=run_id, lease_until=-1)
    assert claims(database, run_id, OTHER)
    before = rows(database, "SELECT owner, lease_until, hinted_at FROM runs")
    renew_planning(database, run_id, owner=ELSEWHERE, lease_seconds=2 * LEASE_SECONDS)
    give_back_planning(database, run_id, owner=ELSEWHERE)

    assert rows(database, "SELECT owner, lease_until, hinted_at FROM runs") == before


def test_a_lease_that_is_renewed_holds(database: Engine) -> None:
    """For as long as a slow repository takes."""
    run_id = begun(database)
    assert claims(database, run_id)
    set_clock(database, ledger_tables.runs, key=run_id, lease_until=-1)
    renew_planning(database, run_id, owner=ELSEWHERE, lease_seconds=LEASE_SECONDS)

    assert not claims(database, run_id, OTHER)


def test_what_is_planned_or_has_ended_is_not_planned_again(database: Engine) -> None:
    """Nor what nobody has begun."""
    done, ended = planned(database, "done"), begun(database, "ended")
    end_run(database, ended)
    failed = begun(database, "failed")
    fail_run(database, failed, Reason(code="not-oai-pmh", count=1, text="a web page"))

    assert not any(claims(database, run_id) for run_id in (done, ended, failed, 4711))


def test_a_plan_ends_its_lease(database: Engine) -> None:
    """With it the host is free for the first window."""
    run_id = begun(database, sets=("000",))
    assert claims(database, run_id)
    assert planned(database) == run_id

    assert claimed(database, run_id) is not None


def test_a_host_that_is_asked_for_windows_is_asked_for_no_plan_beside_them(database: Engine) -> None:
    """The queue is told again as soon as the host is free, and not only after the time of a lease."""
    other, run_id = planned(database, "other"), begun(database)
    assert told(database) == [Step.PLAN]
    window = leased(database, other)
    assert not claims(database, run_id)
    assert told(database) == []
    set_window(database, window.window_id, state="ended", owner=None)

    assert told(database) == [Step.FINISH, Step.PLAN]
    assert claims(database, run_id)


def test_a_host_that_is_asked_for_a_plan_is_asked_for_no_window_beside_it(database: Engine) -> None:
    """Of another run; where it takes two at once, both are asked for."""
    one, two = planned(database, "one"), planned(database, "two", windows=2, parallel=2)
    waits = begun(database, "waits")
    assert claims(database, waits)
    assert claimed(database, one) is None
    window = leased(database, two)
    assert claimed(database, two) is None
    give_back(database, window)
    give_back_planning(database, waits, owner=ELSEWHERE)

    assert claimed(database, one) is not None


def test_a_host_that_asks_for_patience_is_left_alone(database: Engine) -> None:
    """Its plan waits as its windows do."""
    run_id = begun(database)
    note_retry_after(database, HOST, 100)
    assert not claims(database, run_id)
    set_clock(database, ledger_tables.hosts, retry_after_until=-1)

    assert claims(database, run_id)


def test_a_plan_that_is_put_off_stays_put_off_once_its_lease_is_given_back(database: Engine) -> None:
    """Its repository was away."""
    run_id = begun(database)
    assert claims(database, run_id)
    give_back_planning(database, run_id, owner=ELSEWHERE)
    put_off_planning(database, run_id, seconds=100)

    assert told(database) == []

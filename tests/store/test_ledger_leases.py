"""Who may work on a window: claims, leases, fences, restarts and what ends them."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial

import pytest
from sqlalchemy import Engine
from store_pages import (
    LEASE_SECONDS,
    Harvest,
    begin,
    change_database,
    claim,
    dump,
    harvesting,
    live,
    plan,
    refused,
    rows,
)

from ingest.errors import LeaseLost
from ingest.ledger import ListName, PlannedWindow, Reason
from ingest.plan.endings import MOST_FRUITLESS_RESTARTS, may_restart
from ingest.store.leases import Lease
from ingest.store.owners import this_owner
from ingest.store.pages import keep_page
from ingest.store.runs import cancel_windows
from ingest.store.windows import (
    abandon_window,
    claim_window,
    count_open,
    give_back,
    read_window,
    renew_lease,
    restart_window,
)

OTHER = "another-host/boot/1/1"
OWNER = "from ingest.store.owners import this_owner; print(this_owner(), flush=True); input()"


def lease_of(harvest: Harvest) -> Lease:
    """Give the lease on the harvest's one list."""
    (lease,) = harvest.leases.values()
    return lease


def taken_over(harvest: Harvest) -> Lease:
    """Let the lease run out, and let another worker claim the window."""
    renew_lease(harvest.database, lease_of(harvest), lease_seconds=-1)
    return claim(harvest.database, harvest.run_id, owner=OTHER)


def claimed(database: Engine, run_id: int, owner: str = OTHER, seconds: float = LEASE_SECONDS) -> Lease | None:
    """Claim the next window, if there is one."""
    return claim_window(database, run_id=run_id, owner=owner, lease_seconds=seconds)


@contextmanager
def another_process() -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start a process of this host, and give its name as an owner."""
    command = [sys.executable, "-c", OWNER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip(), process


# --- the fence ------------------------------------------------------------------------------------


def test_a_page_of_a_lease_that_has_passed_on_writes_nothing(database: Engine) -> None:
    """Its records, its rejections and its progress are the next worker's."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), then="t")
    page = harvest.page(live("1", "a", "other"), live("2", "b"), refused("3"), ended=True)
    other = taken_over(harvest)
    before = dump(database)
    with pytest.raises(LeaseLost, match=f"window {other.window_id} has passed to another worker"):
        keep_page(database, page, lease_seconds=LEASE_SECONDS)

    assert dump(database) == before
    assert other.fence == lease_of(harvest).fence + 1


def test_an_owner_that_leases_again_does_not_revive_its_old_lease(database: Engine) -> None:
    """The fence tells two leases of one process apart."""
    harvest = harvesting(database)
    page = harvest.page(live("1", "a"))
    give_back(database, lease_of(harvest))
    claim(database, harvest.run_id)
    with pytest.raises(LeaseLost):
        keep_page(database, page, lease_seconds=LEASE_SECONDS)


@pytest.mark.parametrize("how", ["ended", "given up", "cancelled"])
def test_a_window_that_is_closed_takes_no_more_pages(database: Engine, how: str) -> None:
    """A page on its way when the window was closed is dropped."""
    harvest = harvesting(database)
    page = harvest.page(live("1", "a"))
    if how == "ended":
        harvest.keep(ended=True)
    elif how == "given up":
        abandon_window(database, lease_of(harvest), reason="r", message="m", lease_seconds=LEASE_SECONDS)
    else:
        cancel_windows(database, harvest.run_id, Reason(code="cancelled", count=1, text="by a person"))
    before = dump(database)
    with pytest.raises(LeaseLost):
        keep_page(database, page, lease_seconds=LEASE_SECONDS)

    assert dump(database) == before


WHAT: dict[str, Callable[..., None]] = {
    "renew": renew_lease,
    "restart": partial(restart_window, restarts=0),
    "abandon": partial(abandon_window, reason="r", message="m"),
}


@pytest.mark.parametrize("what", WHAT)
def test_a_lease_that_has_passed_on_changes_nothing(database: Engine, what: str) -> None:
    """Whatever its old owner wants to do to the window."""
    harvest = harvesting(database)
    taken_over(harvest)
    before = dump(database)
    with pytest.raises(LeaseLost):
        WHAT[what](database, lease_of(harvest), lease_seconds=60)

    assert dump(database) == before


def test_a_lease_that_has_passed_on_gives_nothing_back(database: Engine) -> None:
    """A clean stop that comes too late is let be."""
    harvest = harvesting(database)
    taken_over(harvest)
    before = dump(database)
    give_back(database, lease_of(harvest))

    assert dump(database) == before


# --- claims ---------------------------------------------------------------------------------------


def test_a_window_that_someone_works_on_is_not_claimed(database: Engine) -> None:
    """Neither from another host nor from here."""
    harvest = harvesting(database)

    assert claimed(database, harvest.run_id) is None
    assert claimed(database, harvest.run_id, this_owner()) is None
    assert count_open(database, harvest.run_id) == 1


def test_a_dead_owners_window_is_claimed_at_once_and_a_living_ones_is_not(database: Engine) -> None:
    """On the same host nobody has to wait for the lease to run out."""
    with another_process() as (owner, process):
        harvest = harvesting(database, owner=owner)
        while_it_lives = claimed(database, harvest.run_id, this_owner())
        process.kill()
    assert while_it_lives is None
    lease = claimed(database, harvest.run_id, this_owner())
    assert lease is not None
    assert (lease.window_id, lease.fence) == (lease_of(harvest).window_id, 2)


def test_a_dead_owner_of_another_host_is_waited_for(database: Engine) -> None:
    """From here nobody can tell; its lease runs out by the database's clock."""
    harvest = harvesting(database, owner=OTHER)
    assert claimed(database, harvest.run_id, this_owner()) is None
    renew_lease(database, lease_of(harvest), lease_seconds=0.2)
    time.sleep(0.3)
    assert claimed(database, harvest.run_id, this_owner()) is not None


def test_a_lease_is_renewed_by_each_page(database: Engine) -> None:
    """As long as pages come, nobody else takes the window."""
    harvest = harvesting(database, owner=OTHER)
    renew_lease(database, lease_of(harvest), lease_seconds=-1)
    harvest.keep(live("1", "a"), then="t")

    assert claimed(database, harvest.run_id, this_owner()) is None


def test_a_lease_given_back_is_claimed_at_once(database: Engine) -> None:
    """A clean stop leaves nobody waiting."""
    harvest = harvesting(database, owner=OTHER)
    give_back(database, lease_of(harvest))

    lease = claimed(database, harvest.run_id, this_owner())
    assert lease is not None
    assert lease.fence == 2


def windows(database: Engine, number: int) -> int:
    """Begin a run with so many windows."""
    harvest = harvesting(database)
    change_database(database, f"UPDATE runs SET ended_at = started_at WHERE id = {harvest.run_id}")
    run_id = begin(database, harvest.endpoint_id)
    names = (ListName(metadata_prefix="oai_dc", set_spec=str(each)) for each in range(number))
    plan(database, run_id, [PlannedWindow(list=name) for name in names])
    return run_id


def test_windows_are_claimed_in_the_order_in_which_they_were_planned(database: Engine) -> None:
    """Each once; then there is none."""
    run_id = windows(database, 3)
    claims = [claimed(database, run_id) for _ in range(4)]

    assert [lease and read_window(database, lease.window_id).list.set_spec for lease in claims] == ["0", "1", "2", None]


def test_workers_that_claim_at_once_never_get_the_same_window(database: Engine) -> None:
    """Eight for five windows: five leases."""
    run_id = windows(database, 5)
    with ThreadPoolExecutor(8) as threads:
        leases = list(threads.map(lambda number: claimed(database, run_id, f"host/boot/{number}/1"), range(8)))
    got = [lease.window_id for lease in leases if lease is not None]
    # Who met a row that another was about to lease got none, and asks again.
    while (lease := claimed(database, run_id)) is not None:
        got.append(lease.window_id)

    assert len(got) == len(set(got)) == 5
    assert rows(database, f"SELECT fence FROM windows WHERE run_id = {run_id}") == [(1,)] * 5


@pytest.mark.parametrize("seconds", [-1, 60])
def test_a_window_with_a_next_try_is_claimed_when_that_has_come(database: Engine, seconds: int) -> None:
    """By the database's clock."""
    harvest = harvesting(database)
    give_back(database, lease_of(harvest))
    when = {
        "sqlite": f"strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', '{seconds} seconds')",
        "postgresql": f"now() + interval '{seconds} seconds'",
    }
    change_database(database, f"UPDATE windows SET next_try_at = {when[database.dialect.name]}")

    assert (claimed(database, harvest.run_id) is not None) is (seconds < 0)


def test_windows_of_a_run_that_has_ended_are_not_claimed(database: Engine) -> None:
    """Nor counted as open."""
    harvest = harvesting(database)
    give_back(database, lease_of(harvest))
    change_database(database, "UPDATE runs SET ended_at = started_at")

    assert claimed(database, harvest.run_id) is None
    assert count_open(database, harvest.run_id) == 0


# --- restarts -------------------------------------------------------------------------------------


def restart(harvest: Harvest) -> None:
    """Begin the list again."""
    lease = lease_of(harvest)
    restarts = read_window(harvest.database, lease.window_id).restarts
    restart_window(harvest.database, lease, restarts=restarts, lease_seconds=LEASE_SECONDS)


def test_a_list_begun_again_starts_from_its_first_page(database: Engine) -> None:
    """What it has kept stays, and so do its counts; what it knew of its place does not."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), live("2", "b"), then="t", announced=9)
    restart(harvest)
    window = read_window(database, lease_of(harvest).window_id)

    assert (window.token, window.read, window.last_length, window.empty_pages) == (None, 0, 0, 0)
    assert (window.pages, window.seen, window.created, window.restarts) == (1, 2, 2, 1)


def test_a_restart_is_fruitless_where_the_list_got_no_further_than_before(database: Engine) -> None:
    """Only what was never reached before is progress."""
    harvest = harvesting(database)
    told = []
    for elements in ((live("1", "a"), live("2", "b")), (live("1", "a"),), (), (live("1", "a"), live("2", "b"))):
        harvest.keep(*elements, then="t")
        restart(harvest)
        told.append(read_window(database, lease_of(harvest).window_id).fruitless_restarts)
    harvest.keep(live("1", "a"), live("2", "b"), live("3", "c"), then="t")
    restart(harvest)

    assert told == [0, 1, 2, 3]
    assert read_window(database, lease_of(harvest).window_id).fruitless_restarts == 0


def test_a_list_that_never_gives_a_first_page_is_begun_again_so_often(database: Engine) -> None:
    """Then it is given up."""
    harvest = harvesting(database)
    restarts = 0
    while may_restart(read_window(database, lease_of(harvest).window_id)):
        restart(harvest)
        restarts += 1

    assert restarts == MOST_FRUITLESS_RESTARTS


def test_the_same_page_after_a_restart_is_no_circle(database: Engine) -> None:
    """It is what was asked for."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), then="t")
    restart(harvest)

    assert not harvest.keep(live("1", "a"), then="t").loop
    assert harvest.keep(live("1", "a"), then="t").loop


def test_a_window_given_up_says_why_and_is_nobodys(database: Engine) -> None:
    """What it has read stays counted."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), then="t")
    abandon_window(database, lease_of(harvest), reason="token-loop", message="round and round", lease_seconds=60)
    window = read_window(database, lease_of(harvest).window_id)

    assert (window.state, window.reason, window.message, window.created) == (
        "abandoned",
        "token-loop",
        "round and round",
        1,
    )
    assert rows(database, "SELECT owner, lease_until FROM windows") == [(None, None)]
    assert claimed(database, harvest.run_id) is None


def test_cancelling_closes_open_windows_alone(database: Engine) -> None:
    """What has ended stays ended."""
    run_id = windows(database, 3)
    lease = claim(database, run_id)
    change_database(database, f"UPDATE windows SET state = 'ended' WHERE id = {lease.window_id}")
    cancel_windows(database, run_id, Reason(code="cancelled", count=1, text="by a person"))
    query = f"SELECT state, reason FROM windows WHERE run_id = {run_id} ORDER BY id"

    assert rows(database, query) == [("ended", None), ("abandoned", "cancelled"), ("abandoned", "cancelled")]

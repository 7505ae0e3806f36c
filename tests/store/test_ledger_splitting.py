"""Windows that are split, put back, and given up for the deaths of those who worked on them."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from ledger_runs import (
    ELSEWHERE,
    claimed,
    dead_owner,
    leased,
    planned,
    set_clock,
    set_window,
    states,
    windows_of,
)
from sqlalchemy import Engine, insert
from store_pages import LEASE_SECONDS, Harvest, change_database, dump, harvesting, live, rows

from ingest.errors import DatabaseRefused, LeaseLost
from ingest.ledger import ListName, PlannedWindow, Verb, Window
from ingest.plan.families import families_of
from ingest.store import ledger_tables
from ingest.store.leases import Lease
from ingest.store.owners import this_owner
from ingest.store.window_parts import MOST_WINDOWS, Narrowed, left_to_read, read_by_headers, split_window
from ingest.store.windows import (
    MOST_DEATHS,
    count_open,
    give_back,
    put_back_window,
    read_window,
    renew_lease,
    restart_window,
    seconds_until_due,
)

LIST = ListName(metadata_prefix="oai_dc", set_spec="000")
BOUNDS = (None, "2024-01-01", "2024-02-01", None)
PARTS = tuple(PlannedWindow(list=LIST, from_=low, until=high) for low, high in pairwise(BOUNDS))


def split(database: Engine, lease: Lease, parts: tuple[PlannedWindow, ...] = PARTS, **told: Any) -> bool:
    """Put parts in a window's place."""
    return split_window(database, lease, parts, **{"announced": 300, "lease_seconds": LEASE_SECONDS} | told)


def in_parts(database: Engine, run_id: int, **told: Any) -> tuple[Window, ...]:
    """Split the next window of a run, and give the windows that it has then."""
    assert split(database, leased(database, run_id), **told)
    return windows_of(database, run_id)


def lease_of(harvest: Harvest) -> Lease:
    """Give the lease on the harvest's one list."""
    (lease,) = harvest.leases.values()
    return lease


# --- splitting ------------------------------------------------------------------------------------


def test_parts_stand_in_the_place_of_the_window(database: Engine) -> None:
    """Of the same list, with their own ranges, and open; the window itself is closed and nobody's."""
    run_id = planned(database)
    root, *parts = in_parts(database, run_id)

    assert (root.state, root.announced, root.list_size, root.parent_id) == ("split", 300, 300, None)
    assert [(part.from_, part.until) for part in parts] == [(part.from_, part.until) for part in PARTS]
    assert {(part.list, part.parent_id, part.state, part.list_size, part.announced) for part in parts} == {
        (LIST, root.window_id, "open", 300, None)
    }
    assert states(database, run_id) == [("split", None), *[("open", None)] * 3]
    assert count_open(database, run_id) == 3


def test_parts_are_worked_on_by_whoever_comes_and_the_window_by_nobody(database: Engine) -> None:
    """As many at once as the host takes."""
    run_id = planned(database, parallel=5)
    root, *parts = in_parts(database, run_id)
    leases = [claimed(database, run_id, f"host/boot/{number}/1") for number in range(4)]

    assert [lease and lease.window_id for lease in leases] == [*(part.window_id for part in parts), None]
    assert claimed(database, run_id, window_id=root.window_id) is None


def test_parts_of_parts_know_the_size_of_the_undivided_list(database: Engine) -> None:
    """What a part announces is its own."""
    run_id = planned(database)
    in_parts(database, run_id, announced=1000)
    halves = tuple(replace(part, until="2023-01-01") for part in PARTS[:1])
    (first, second, *_) = windows_of(database, run_id)
    assert split(database, leased(database, run_id, window_id=second.window_id), halves, announced=400)
    child = windows_of(database, run_id)[-1]

    assert read_window(database, second.window_id).announced == 400
    assert (child.parent_id, child.list_size) == (second.window_id, 1000)
    assert (read_window(database, first.window_id).list_size, child.announced) == (1000, None)


def test_a_list_that_announces_no_size_has_none_in_its_parts(database: Engine) -> None:
    """Nothing is made up."""
    root, *parts = in_parts(database, planned(database), announced=None)

    assert {each.list_size for each in (root, *parts)} == {None}


def test_what_has_not_helped_with_the_whole_is_not_tried_again_with_each_part(database: Engine) -> None:
    """How often it was begun again in vain is handed down, and how far it got."""
    harvest = harvesting(database)
    for number in range(3):
        harvest.keep(live("1", "a"), then="t")
        restart_window(database, lease_of(harvest), restarts=number, lease_seconds=LEASE_SECONDS)
    before = read_window(database, lease_of(harvest).window_id)
    parts = tuple(replace(part, list=ListName(metadata_prefix="oai_dc")) for part in PARTS)
    assert split(database, lease_of(harvest), parts)
    root, *children = windows_of(database, harvest.run_id)

    assert (before.fruitless_restarts, before.furthest) == (2, 1)
    assert {(child.fruitless_restarts, child.furthest, child.restarts) for child in children} == {(2, 1, 0)}
    assert {(child.pages, child.seen, child.token) for child in children} == {(0, 0, None)}
    assert (root.pages, root.seen) == (3, 3)
    (family,) = families_of((root, *children))
    assert (family.whole.pages, family.whole.restarts) == (3, 3)


# --- what is left ---------------------------------------------------------------------------------


def test_what_is_left_of_a_list_is_its_size_less_what_its_parts_have_read(database: Engine) -> None:
    """What the undivided list was read of before, is read again by its parts; other lists and runs do not count."""
    run_id, other = planned(database, parallel=9), planned(database, "other")
    root, first, second, third = in_parts(database, run_id)
    for window, state, read in ((root, "split", 50), (first, "ended", 40), (second, "abandoned", 7)):
        set_window(database, window.window_id, state=state, read=read)
    set_window(database, windows_of(database, other)[0].window_id, read=1000)
    leased(database, run_id, window_id=third.window_id)
    with database.begin() as connection:
        connection.execute(
            insert(ledger_tables.windows),
            [{"run_id": run_id, "metadata_prefix": "mods", "set_spec": "000", "state": "ended", "read": 1000}],
        )

    assert left_to_read(database, third) == 300 - 47


def test_nothing_is_said_of_what_is_left_while_another_window_waits_to_be_begun(database: Engine) -> None:
    """Whoever has nothing to do takes that; one that is put back waits too."""
    run_id = planned(database, parallel=9)
    first, *_ = [window for window in in_parts(database, run_id) if window.state == "open"]
    leased(database, run_id)
    leased(database, run_id)
    assert left_to_read(database, first) is None
    leased(database, run_id)

    assert left_to_read(database, first) == 300


def test_nothing_is_said_of_what_is_left_of_a_list_that_announces_no_size(database: Engine) -> None:
    """Nor less than nothing of one that announces too little."""
    run_id = planned(database)
    _, part, *others = in_parts(database, run_id, announced=None)
    for window in others:
        set_window(database, window.window_id, state="ended", read=500)
    leased(database, run_id)

    assert left_to_read(database, part) is None
    assert left_to_read(database, replace(part, list_size=300)) == 0


# --- because of faults ----------------------------------------------------------------------------

FAULT = Narrowed(reason="damaged-page", message="it broke off", most=2)


def test_a_window_that_is_split_because_of_a_fault_says_so(database: Engine) -> None:
    """Its parts have nothing of that: they may read well."""
    root, *parts = in_parts(database, planned(database), because=FAULT)

    assert (root.state, root.reason, root.message) == ("split", "damaged-page", "it broke off")
    assert {(part.state, part.reason, part.message) for part in parts} == {("open", None, None)}


def test_no_more_windows_are_split_because_of_faults_than_one_run_may_split(database: Engine) -> None:
    """Others may still be split, for speed."""
    run_id = planned(database)
    in_parts(database, run_id, because=FAULT)
    in_parts(database, run_id, because=FAULT)
    lease, before = leased(database, run_id), states(database, run_id)

    assert not split(database, lease, because=FAULT)
    assert states(database, run_id) == before
    assert split(database, lease)


def test_parts_are_read_in_the_way_that_was_planned(database: Engine) -> None:
    """What failed by its headers is not begun anew by whole pages."""
    parts = tuple(replace(part, verb=Verb.LIST_IDENTIFIERS) for part in PARTS)
    run_id = planned(database)
    assert split(database, leased(database, run_id), parts)

    root, *children = windows_of(database, run_id)
    assert (root.verb, {child.verb for child in children}) == (Verb.LIST_RECORDS, {Verb.LIST_IDENTIFIERS})


def by_headers(database: Engine, lease: Lease) -> None:
    """Have a window read by its headers."""
    read_by_headers(database, lease, message="a page is broken", lease_seconds=LEASE_SECONDS)


def test_a_window_to_be_read_by_its_headers_begins_again(database: Engine) -> None:
    """What it has read is kept and counted; its list begins from the first page, under the same lease."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), then="t", announced=7)
    by_headers(database, lease_of(harvest))
    window = read_window(database, lease_of(harvest).window_id)

    assert (window.verb, window.state, window.token, window.announced) == (Verb.LIST_IDENTIFIERS, "open", None, None)
    assert (window.read, window.seen, window.pages, window.restarts) == (0, 1, 1, 1)
    assert not harvest.keep(live("1", "a"), then="t").loop


def test_a_window_that_is_read_by_its_headers_already_is_let_be(database: Engine) -> None:
    """A connection that is lost in the commit begins nothing twice."""
    harvest = harvesting(database)
    by_headers(database, lease_of(harvest))
    harvest.keep(live("1", "a"), then="t")
    before = read_window(database, lease_of(harvest).window_id)
    by_headers(database, lease_of(harvest))

    assert read_window(database, lease_of(harvest).window_id) == before


def test_a_lease_that_has_passed_on_changes_no_verb(database: Engine) -> None:
    """The next worker's answer decides."""
    run_id = planned(database)
    lost = leased(database, run_id)
    set_clock(database, ledger_tables.windows, lease_until=-1)
    leased(database, run_id)
    with pytest.raises(LeaseLost):
        by_headers(database, lost)

    assert {window.verb for window in windows_of(database, run_id)} == {Verb.LIST_RECORDS}


# --- leases ---------------------------------------------------------------------------------------


def test_a_lease_that_has_passed_on_splits_nothing(database: Engine) -> None:
    """The next worker's answer decides."""
    run_id = planned(database)
    lost = leased(database, run_id)
    set_clock(database, ledger_tables.windows, lease_until=-1)
    leased(database, run_id)
    before = dump(database)
    with pytest.raises(LeaseLost):
        split(database, lost)

    assert dump(database) == before


def test_a_lease_of_somebody_else_splits_nothing(database: Engine) -> None:
    """Though its fence be the current one."""
    run_id = planned(database)
    lease = leased(database, run_id)
    before = dump(database)
    with pytest.raises(LeaseLost):
        split(database, replace(lease, owner=this_owner()))

    assert dump(database) == before


def test_a_window_is_split_once(database: Engine) -> None:
    """Also where the answer to the first time was lost."""
    run_id = planned(database)
    lease = leased(database, run_id)
    assert split(database, lease)
    before = dump(database)
    with pytest.raises(LeaseLost):
        split(database, lease)

    assert dump(database) == before


def test_all_parts_are_put_in_place_or_none(database: Engine) -> None:
    """A part that the database does not take leaves the window as it was, in the same hands."""
    run_id = planned(database)
    lease = leased(database, run_id)
    before = dump(database)
    nameless: Any = None
    impossible = PlannedWindow(list=ListName(metadata_prefix=nameless))
    with pytest.raises(DatabaseRefused):
        split(database, lease, (*PARTS, impossible))

    assert dump(database) == before
    assert split(database, lease)


@pytest.mark.parametrize(("windows", "done"), [(MOST_WINDOWS, False), (MOST_WINDOWS - 1, True)])
def test_a_run_with_very_many_windows_splits_no_more(
    database: Engine,
    windows: int,
    done: bool,  # noqa: FBT001 - a case's expected answer.
) -> None:
    """The window is read as it is; its lease is what it was."""
    run_id = planned(database)
    lease = leased(database, run_id)
    more = [{"run_id": run_id, "metadata_prefix": "oai_dc", "state": "ended"}] * (windows - 1)
    with database.begin() as connection:
        connection.execute(insert(ledger_tables.windows), more)
    before = dump(database)

    assert split(database, lease) is done
    assert (dump(database) == before) is not done
    if not done:
        renew_lease(database, lease, lease_seconds=LEASE_SECONDS)


def test_windows_of_other_runs_do_not_count(database: Engine) -> None:
    """Each run has its own many."""
    run_id, other = planned(database, parallel=9), planned(database, "other")
    more = [{"run_id": other, "metadata_prefix": "oai_dc", "state": "ended"}] * MOST_WINDOWS
    with database.begin() as connection:
        connection.execute(insert(ledger_tables.windows), more)

    assert split(database, leased(database, run_id))


def test_a_restart_whose_answer_was_lost_is_counted_once(database: Engine) -> None:
    """The second try finds it done, by how often the list was begun again before."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), then="t")
    for _ in range(2):
        restart_window(database, lease_of(harvest), restarts=0, lease_seconds=LEASE_SECONDS)
    window = read_window(database, lease_of(harvest).window_id)

    assert (window.restarts, window.fruitless_restarts, window.furthest, window.token) == (1, 0, 1, None)


# --- putting back ---------------------------------------------------------------------------------


def put_back(database: Engine, lease: Lease, wait: float = 100.0, message: str = "HTTP 503") -> None:
    """Put a window back because its repository is away."""
    put_back_window(database, lease, wait=wait, message=message, lease_seconds=LEASE_SECONDS)


def test_a_window_put_back_keeps_what_it_has_and_is_left_alone_for_a_while(database: Engine) -> None:
    """It is nobody's, says why, and goes on with its token when its time has come."""
    harvest = harvesting(database)
    harvest.keep(live("1", "a"), then="t")
    put_back(database, lease_of(harvest))
    window = read_window(database, lease_of(harvest).window_id)

    assert (window.state, window.token, window.pages, window.seen) == ("open", "t", 1, 1)
    assert (window.message, window.outages) == ("HTTP 503", 1)
    assert window.next_try_at is not None
    assert rows(database, "SELECT owner, lease_until, deaths FROM windows") == [(None, None, 0)]
    assert claimed(database, harvest.run_id) is None
    assert count_open(database, harvest.run_id) == 1
    set_clock(database, ledger_tables.windows, next_try_at=-1)
    lease = leased(database, harvest.run_id)
    again = read_window(database, lease.window_id)
    assert (again.token, again.next_try_at, again.outages) == ("t", None, 1)
    assert rows(database, "SELECT deaths FROM windows") == [(0,)]


def test_the_wait_is_counted_by_the_databases_clock(database: Engine) -> None:
    """From now on."""
    run_id = planned(database, windows=2, parallel=2)
    one, other = leased(database, run_id), leased(database, run_id)
    put_back(database, one, wait=100)
    put_back(database, other, wait=-1)

    assert leased(database, run_id).window_id == other.window_id
    assert claimed(database, run_id) is None


WHEN: dict[str, tuple[list[float | None], float]] = {
    "one waits": ([100], 100),
    "the first of two": ([200, 100], 100),
    "one is due": ([100, None], 0),
    "one has been due for long": ([100, -50], 0),
    "none is open": ([], 0),
}


@pytest.mark.parametrize(("ahead", "seconds"), WHEN.values(), ids=WHEN)
def test_a_run_says_when_there_is_something_to_do_next(
    database: Engine, ahead: list[float | None], seconds: float
) -> None:
    """When the first of its windows is due; ended ones have no say."""
    run_id = planned(database, windows=len(ahead) + 1, parallel=9)
    first, *others = windows_of(database, run_id)
    set_window(database, first.window_id, state="ended")
    for window, when in zip(others, ahead, strict=True):
        set_clock(database, ledger_tables.windows, key=window.window_id, next_try_at=when)

    assert seconds_until_due(database, run_id) == pytest.approx(seconds, abs=5)


def test_a_run_on_which_someone_works_may_have_something_to_do_at_once(database: Engine) -> None:
    """Whatever the others wait for: the window may be given back at any moment."""
    run_id = planned(database, windows=2, parallel=2)
    put_back(database, leased(database, run_id), wait=100)
    leased(database, run_id)

    assert seconds_until_due(database, run_id) == 0.0


def test_outages_in_a_row_are_counted_until_a_page_comes(database: Engine) -> None:
    """Then the repository is back."""
    harvest = harvesting(database)
    lease = lease_of(harvest)
    for number in (1, 2, 3):
        put_back(database, lease, wait=-1)
        assert read_window(database, lease.window_id).outages == number
        lease = leased(database, harvest.run_id, this_owner())
    replace(harvest, leases=dict.fromkeys(harvest.leases, lease)).keep(live("1", "a"), then="t")

    assert read_window(database, lease.window_id).outages == 0


def test_a_lease_that_has_passed_on_puts_nothing_back(database: Engine) -> None:
    """The next worker may well reach the repository."""
    run_id = planned(database)
    lost = leased(database, run_id)
    set_clock(database, ledger_tables.windows, lease_until=-1)
    leased(database, run_id)
    before = dump(database)
    with pytest.raises(LeaseLost):
        put_back(database, lost)

    assert dump(database) == before


# --- deaths ---------------------------------------------------------------------------------------


def dies_by_time(database: Engine, lease: Lease) -> None:
    """Let a lease run out."""
    set_clock(database, ledger_tables.windows, key=lease.window_id, lease_until=-1)


def dies_here(database: Engine, lease: Lease) -> None:
    """Let the owner be a process of this host that is gone."""
    set_window(database, lease.window_id, owner=dead_owner())


def deaths(database: Engine) -> int:
    """Tell how many deaths in a row the first window has outlived."""
    return int(rows(database, "SELECT deaths FROM windows ORDER BY id")[0][0])


@pytest.mark.parametrize("dies", [dies_by_time, dies_here])
def test_a_window_counts_those_who_died_on_it(database: Engine, dies: Callable[[Engine, Lease], None]) -> None:
    """When the next one takes it over."""
    run_id = planned(database)
    for number in range(3):
        lease = leased(database, run_id)
        assert deaths(database) == number
        dies(database, lease)


def test_a_clean_stop_is_no_death(database: Engine) -> None:
    """Nor is the lease that comes after it."""
    run_id = planned(database)
    for _ in range(2 * MOST_DEATHS):
        give_back(database, leased(database, run_id))

    assert deaths(database) == 0
    assert count_open(database, run_id) == 1


def test_a_page_forgets_the_deaths_before_it(database: Engine) -> None:
    """What killed them is behind."""
    harvest = harvesting(database)
    for _ in range(2):
        dies_by_time(database, lease_of(harvest))
        harvest = replace(harvest, leases=dict.fromkeys(harvest.leases, leased(database, harvest.run_id, this_owner())))
    assert deaths(database) == 2
    harvest.keep(live("1", "a"), then="t")
    assert deaths(database) == 0


def test_a_window_that_kills_whoever_works_on_it_is_given_up_and_the_next_one_is_leased(database: Engine) -> None:
    """After ten in a row: what is left of it is a gap, and the run can end."""
    run_id = planned(database, windows=2, parallel=2)
    deadly, harmless = windows_of(database, run_id)
    for _ in range(MOST_DEATHS + 1):
        dies_by_time(database, leased(database, run_id, window_id=deadly.window_id))
    lease = leased(database, run_id)

    assert lease.window_id == harmless.window_id
    window = read_window(database, deadly.window_id)
    assert (window.state, window.reason) == ("abandoned", "workers-died")
    assert f"{MOST_DEATHS + 1} workers" in (window.message or "")
    assert states(database, run_id) == [("abandoned", None), ("open", ELSEWHERE)]


def test_the_last_death_but_one_is_still_survived(database: Engine) -> None:
    """The window is given to one more."""
    run_id = planned(database)
    for _ in range(MOST_DEATHS):
        dies_by_time(database, leased(database, run_id))

    assert claimed(database, run_id) is not None
    assert deaths(database) == MOST_DEATHS


def test_parts_begin_without_the_deaths_of_the_window_that_they_are_parts_of(database: Engine) -> None:
    """Each asks for something else."""
    run_id = planned(database)
    for _ in range(3):
        dies_by_time(database, leased(database, run_id))
    in_parts(database, run_id)

    assert rows(database, "SELECT deaths FROM windows WHERE parent_id IS NOT NULL") == [(0,)] * 3


def test_a_window_given_up_with_the_run_is_not_split_any_more(database: Engine) -> None:
    """A person has ended the run meanwhile."""
    run_id = planned(database)
    lease = leased(database, run_id)
    change_database(database, "UPDATE windows SET state = 'abandoned', owner = NULL, lease_until = NULL")
    with pytest.raises(LeaseLost):
        split(database, lease)

    assert len(windows_of(database, run_id)) == 1

"""Sweeps by sets: which lists hold an item, and sets that are empty or gone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from database_rows import count, rows
from sqlalchemy import update
from swept_archive import SweptArchive, a_day_passes, archive_of, harvest, letter, sweep

from ingest.approve import approve
from ingest.endpoints import Endpoint, Fuse
from ingest.ledger import Run, RunKind, Verdict
from ingest.store import ledger_tables
from ingest.store.engine import open_engine, write
from ingest.store.types import database_now

BOTH = ("maps", "letters")


def reasons(run: Run) -> dict[str, int]:
    """Give a run's reasons: code and count."""
    return {reason.code: reason.count for reason in run.reasons}


def codes(run: Run) -> list[tuple[str, int]]:
    """Give a run's reasons, several of one code too."""
    return sorted((reason.code, reason.count) for reason in run.reasons)


def told(run: Run) -> tuple[Any, dict[str, int]]:
    """Give verdict and reasons."""
    return run.verdict, reasons(run)


def deleted(database_url: str) -> list[str]:
    """Name the records that are deleted."""
    found = rows(database_url, "SELECT record_id FROM catalogue_records WHERE deleted ORDER BY record_id")
    return [row["record_id"][-3:] for row in found]


def with_sets(archive: SweptArchive) -> Endpoint:
    """Put items 1 to 6 into maps, 5 to 12 into letters, and declare both; all deletions are allowed."""
    archive.sets = BOTH
    archive.items = [letter(n, *(s for s, of in zip(BOTH, (n < 7, n > 4), strict=True) if of)) for n in range(1, 13)]
    return archive.endpoint(sets=BOTH, fuse={"percent": 100, "records": 100})


def sweep_twice(database_url: str, archive: SweptArchive, endpoint: Endpoint, **asked: Any) -> Run:
    """Sweep, and again a day later."""
    sweep(database_url, archive, endpoint, **asked)
    a_day_passes(database_url)
    return sweep(database_url, archive, endpoint, **asked)


def approved(database_url: str, run: Run) -> Run:
    """Approve a run."""
    engine = open_engine(database_url)
    try:
        return approve(run.run_id, engine, stop=lambda: False, tell=lambda _done, _of: None).run
    finally:
        engine.dispose()


def test_an_item_that_is_still_in_another_set_is_not_missed(migrated_database_url: str) -> None:
    """It has left one list and stands in the other, though its datestamp is as it was."""
    with archive_of(0) as archive:
        endpoint = with_sets(archive)
        harvest(migrated_database_url, archive, endpoint)
        archive.items[4] = letter(5, "letters")
        run = sweep_twice(migrated_database_url, archive, endpoint)
        assert (told(run), deleted(migrated_database_url)) == ((Verdict.COMPLETE, {}), [])
        archive.gone = {5, 12}
        run = sweep_twice(migrated_database_url, archive, endpoint)
    assert (told(run), deleted(migrated_database_url)) == ((Verdict.COMPLETE, {"missed-twice": 2}), ["005", "012"])


def test_an_item_that_a_list_which_is_not_swept_may_hold_is_not_missed(migrated_database_url: str) -> None:
    """Only what is of the swept list alone; the others are told of."""
    with archive_of(0) as archive:
        endpoint = with_sets(archive)
        harvest(migrated_database_url, archive, endpoint)
        archive.gone = {1, 5, 12}
        run = sweep_twice(migrated_database_url, archive, endpoint, sets=("maps",))
    assert told(run) == (Verdict.COMPLETE, {"missed-twice": 1, "list-not-swept": 1})
    assert deleted(migrated_database_url) == ["001"]


def test_a_set_that_comes_empty_is_suspect_until_a_second_sweep_agrees_and_then_held(
    migrated_database_url: str,
) -> None:
    """Never a mass deletion that nobody has seen."""
    with archive_of(0) as archive:
        endpoint = with_sets(archive).model_copy(update={"fuse": archive.endpoint().fuse})
        harvest(migrated_database_url, archive, endpoint)
        archive.gone = {1, 2, 3, 4, 5, 6}
        assert told(sweep(migrated_database_url, archive, endpoint)) == (Verdict.SUSPECT, {"nothing-came": 6})
        a_day_passes(migrated_database_url)
        assert told(sweep(migrated_database_url, archive, endpoint)) == (Verdict.COMPLETE, {"missed-once": 6})
        a_day_passes(migrated_database_url)
        held = sweep(migrated_database_url, archive, endpoint)
        assert (told(held), deleted(migrated_database_url)) == ((Verdict.SUSPECT, {"deletions-held": 6}), [])
    assert approved(migrated_database_url, held).verdict is Verdict.COMPLETE
    assert len(deleted(migrated_database_url)) == 6


def test_a_set_that_is_gone_is_suspect_and_deletes_nothing(migrated_database_url: str) -> None:
    """In a sweep as in a harvest; the bound moves, and a person's word settles it."""
    with archive_of(0) as archive:
        endpoint = with_sets(archive)
        harvest(migrated_database_url, archive, endpoint)
        archive.sets, archive.items = ("letters",), [letter(n, "letters") for n in range(5, 13)]
        bounds = "SELECT set_spec, bound FROM coverage ORDER BY set_spec"
        before = rows(migrated_database_url, bounds)
        run = harvest(migrated_database_url, archive, endpoint, full=True)
        assert told(run) == (Verdict.SUSPECT, {"nothing-came": 6, "set-gone": 1})
        after = rows(migrated_database_url, bounds)
        assert all(now["bound"] >= was["bound"] for now, was in zip(after, before, strict=True))
        assert rows(migrated_database_url, "SELECT count(*) AS n FROM gaps") == [{"n": 0}]

        settled = approved(migrated_database_url, run)
        assert told(settled) == (Verdict.COMPLETE, {"nothing-came": 6, "set-gone": 1, "approved": 1})
        run = sweep(migrated_database_url, archive, endpoint)
        assert told(run) == (Verdict.COMPLETE, {"missed-once": 4, "set-gone": 1})
    assert deleted(migrated_database_url) == []


def test_a_repository_that_has_no_sets_any_more_is_suspect(migrated_database_url: str) -> None:
    """noSetHierarchy, also where only what is new was asked for; it stays so until a full read agrees."""
    with archive_of(0) as archive:
        endpoint = with_sets(archive)
        harvest(migrated_database_url, archive, endpoint)
        archive.sets, archive.items = (), [letter(n) for n in range(1, 13)]
        run = harvest(migrated_database_url, archive, endpoint)
        assert run.kind is RunKind.INCREMENTAL
        doubts = [("nothing-came", 6), ("nothing-came", 8)]
        assert (run.verdict, codes(run)) == (Verdict.SUSPECT, [*doubts, ("set-gone", 1), ("set-gone", 1)])
        again = harvest(migrated_database_url, archive, endpoint, full=True)
    assert (again.verdict, codes(again)) == (Verdict.COMPLETE, [("set-gone", 1), ("set-gone", 1)])
    assert deleted(migrated_database_url) == []


def test_what_a_set_gained_while_it_was_gone_is_read_when_it_is_back(migrated_database_url: str) -> None:
    """However often it was found gone, and believed: nothing of it was read meanwhile."""
    with archive_of(0) as archive:
        endpoint = with_sets(archive)
        harvest(migrated_database_url, archive, endpoint)
        there = archive.items
        read_up_to(migrated_database_url, seconds=-2 * 24 * 3600)
        archive.sets, archive.items = (), [letter(n) for n in range(1, 13)]
        found = [harvest(migrated_database_url, archive, endpoint).verdict for _ in range(2)]
        assert found == [Verdict.SUSPECT, Verdict.COMPLETE]

        yesterday = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
        archive.sets, archive.items = BOTH, [*there, replace(letter(13, "letters"), datestamp=yesterday)]
        run = harvest(migrated_database_url, archive, endpoint)
    assert (run.kind, told(run)) == (RunKind.INCREMENTAL, (Verdict.COMPLETE, {}))
    assert count(migrated_database_url, "items") == 13


def read_up_to(database_url: str, *, seconds: float) -> None:
    """Put every bound so far from now."""
    engine = open_engine(database_url)
    moved = update(ledger_tables.coverage).values(bound=database_now(seconds))
    write(engine, lambda connection: connection.execute(moved))
    engine.dispose()


@pytest.mark.parametrize(
    "asked", [{"sets": ("letters",), "from_": "2024-05-01T12:12:00Z"}, {"identifiers": ("oai:swept:012",)}]
)
def test_an_item_that_came_from_no_list_that_is_swept_is_not_missed(
    migrated_database_url: str, asked: dict[str, Any]
) -> None:
    """A range of another set, and an item by its name, are asked for once: sweeps do not read where they came from."""
    with archive_of(0) as archive:
        endpoint = with_sets(archive).model_copy(update={"sets": ("maps",)})
        harvest(migrated_database_url, archive, endpoint)
        harvest(migrated_database_url, archive, endpoint, **asked)
        assert count(migrated_database_url, "items") == 7
        run = sweep_twice(migrated_database_url, archive, endpoint)
    assert (told(run), deleted(migrated_database_url)) == ((Verdict.COMPLETE, {}), [])


def test_what_is_held_stays_held_though_a_later_sweep_reads_too_little_for_the_fuse(migrated_database_url: str) -> None:
    """Only a person lets it go, or the repository that lists it again."""
    with archive_of(0) as archive:
        endpoint = with_sets(archive).model_copy(update={"fuse": Fuse(percent=100, records=5)})
        harvest(migrated_database_url, archive, endpoint)
        archive.gone = {1, 2, 3, 8, 9, 10}
        assert told(sweep_twice(migrated_database_url, archive, endpoint)) == (Verdict.SUSPECT, {"deletions-held": 6})
        run = sweep(migrated_database_url, archive, endpoint, sets=("maps",))
    assert (told(run), deleted(migrated_database_url)) == ((Verdict.SUSPECT, {"deletions-held": 3}), [])


def test_a_set_that_was_believed_to_be_gone_and_came_back_is_doubted_when_it_is_gone_again(
    migrated_sqlite_url: str,
) -> None:
    """By a harvest and by a sweep: something came of it since."""
    with archive_of(0) as archive:
        endpoint = with_sets(archive)
        harvest(migrated_sqlite_url, archive, endpoint)
        there = archive.items
        for read in (harvest, sweep):
            archive.sets, archive.items = (), [letter(n) for n in range(1, 13)]
            found = [harvest(migrated_sqlite_url, archive, endpoint).verdict for _ in range(2)]
            assert found == [Verdict.SUSPECT, Verdict.COMPLETE]
            archive.sets, archive.items = BOTH, [replace(each, datestamp=now()) for each in there]
            assert read(migrated_sqlite_url, archive, endpoint).verdict is Verdict.COMPLETE
        archive.sets, archive.items = (), [letter(n) for n in range(1, 13)]
        assert sweep(migrated_sqlite_url, archive, endpoint).verdict is Verdict.SUSPECT


def now() -> str:
    """Write this moment as a datestamp."""
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"

"""The fuse: more deletions than it allows wait for a person, who approves or rejects them."""

from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta

import pytest
from database_rows import count, rows
from equality import assert_feed_leads_here
from swept_archive import SweptArchive, a_day_passes, archive_of, harvest, letter, sweep

from ingest.approve import Decided, approve, reject
from ingest.endpoints import Endpoint
from ingest.errors import RunRefused
from ingest.ledger import Conclusion, Coverage, Run, Verdict
from ingest.plan.approvals import approved
from ingest.store.approvals import decide_run
from ingest.store.engine import open_engine
from ingest.store.misses import count_held, held_examples
from ingest.store.runs import read_run
from ingest.sweep import delete_due

FIVE = {"percent": 100, "records": 5}


def reasons(run: Run) -> dict[str, int]:
    """Give a run's reasons: code and count."""
    return {reason.code: reason.count for reason in run.reasons}


def deleted(database_url: str) -> int:
    """Count the records that are deleted."""
    return len(rows(database_url, "SELECT 1 FROM catalogue_records WHERE deleted"))


def held(database_url: str, run_id: int) -> int:
    """Count what a run holds."""
    engine = open_engine(database_url)
    try:
        return count_held(engine, run_id)
    finally:
        engine.dispose()


def decided(database_url: str, run_id: int, *, yes: bool = True, stop_after: int | None = None) -> Decided:
    """Decide about a run, as a person does; stopped after so many batches where told."""
    engine = open_engine(database_url)
    batches: list[int] = []

    def stop() -> bool:
        return stop_after is not None and len(batches) >= stop_after

    try:
        if not yes:
            return reject(run_id, engine)
        return approve(run_id, engine, stop=stop, tell=lambda done, _of: batches.append(done))
    finally:
        engine.dispose()


def held_run(database_url: str, archive: SweptArchive, endpoint: Endpoint, gone: set[int]) -> Run:
    """Harvest, let items go, and sweep twice; give the sweep that holds them."""
    archive.gone = set()
    harvest(database_url, archive, endpoint)
    archive.gone = gone
    sweep(database_url, archive, endpoint)
    a_day_passes(database_url)
    return sweep(database_url, archive, endpoint)


@pytest.mark.parametrize(
    ("fuse", "gone", "is_held"),
    [
        ({"percent": 100, "records": 5}, 5, False),
        ({"percent": 100, "records": 4}, 5, True),
        ({"percent": 20, "records": 100}, 5, False),
        ({"percent": 16, "records": 100}, 5, True),
        ({"percent": 1, "records": 100}, 1, False),
        ({"percent": 0, "records": 100}, 1, True),
        ({"percent": 100, "records": 0}, 1, True),
    ],
)
def test_more_deletions_than_the_fuse_allows_are_held_and_none_is_done(
    migrated_sqlite_url: str, fuse: dict[str, int], *, gone: int, is_held: bool
) -> None:
    """In number, or in percent of the list's live items; a single one is never too many but where none is allowed."""
    with archive_of(25) as archive:
        run = held_run(migrated_sqlite_url, archive, archive.endpoint(fuse=fuse), set(range(1, gone + 1)))
    told = (Verdict.SUSPECT, {"deletions-held": gone}) if is_held else (Verdict.COMPLETE, {"missed-twice": gone})
    assert (run.verdict, reasons(run)) == told
    assert deleted(migrated_sqlite_url) == (0 if is_held else gone)


def test_a_person_approves_what_is_still_missed(migrated_database_url: str) -> None:
    """What has come back meanwhile stays; the run then has nothing more to approve."""
    with archive_of(25) as archive:
        endpoint = archive.endpoint(fuse=FIVE)
        run = held_run(migrated_database_url, archive, endpoint, set(range(1, 9)))
        assert held(migrated_database_url, run.run_id) == 8
        archive.gone -= {4}
        harvest(migrated_database_url, archive, endpoint, full=True)
        assert held(migrated_database_url, run.run_id) == 7

    told = decided(migrated_database_url, run.run_id)
    assert (told.deleted, told.left, told.run.verdict) == (7, 0, Verdict.COMPLETE)
    assert reasons(told.run) == {"deletions-approved": 7}
    assert (deleted(migrated_database_url), count(migrated_database_url, "misses")) == (7, 0)
    assert_feed_leads_here(migrated_database_url)
    with pytest.raises(RunRefused, match=f"run {run.run_id} has nothing to approve"):
        decided(migrated_database_url, run.run_id)


def test_a_person_rejects_what_is_there(migrated_database_url: str) -> None:
    """Nothing is deleted; the items have to be missed twice again, and then they are held again."""
    with archive_of(25) as archive:
        endpoint = archive.endpoint(fuse=FIVE)
        run = held_run(migrated_database_url, archive, endpoint, set(range(1, 9)))
        told = decided(migrated_database_url, run.run_id, yes=False)
        assert (told.kept, told.run.verdict, reasons(told.run)) == (8, Verdict.SUSPECT, {"deletions-rejected": 8})
        assert (deleted(migrated_database_url), count(migrated_database_url, "misses")) == (0, 0)
        with pytest.raises(RunRefused, match="nothing to approve"):
            decided(migrated_database_url, run.run_id, yes=False)

        again = sweep(migrated_database_url, archive, endpoint)
        assert reasons(again) == {"missed-once": 8}
        a_day_passes(migrated_database_url)
        assert reasons(sweep(migrated_database_url, archive, endpoint)) == {"deletions-held": 8}


def test_an_approval_that_is_stopped_goes_on(migrated_sqlite_url: str) -> None:
    """What was not reached is held still."""
    with archive_of(250, page_size=100) as archive:
        run = held_run(migrated_sqlite_url, archive, archive.endpoint(fuse=FIVE), set(range(1, 241)))
    told = decided(migrated_sqlite_url, run.run_id, stop_after=1)
    assert (told.deleted, told.left) == (200, 40)
    assert reasons(read(migrated_sqlite_url, run.run_id)) == {"deletions-held": 240}
    told = decided(migrated_sqlite_url, run.run_id)
    assert (told.deleted, told.left, reasons(told.run)) == (40, 0, {"deletions-approved": 240})
    assert deleted(migrated_sqlite_url) == 240
    assert_feed_leads_here(migrated_sqlite_url)


def test_an_approval_that_is_ended_before_it_is_written_down_is_written_by_the_next(migrated_sqlite_url: str) -> None:
    """Everything is deleted by then: the run must not be suspect for ever, nor the next full read."""
    with archive_of(25) as archive:
        endpoint = archive.endpoint(fuse=FIVE)
        run = held_run(migrated_sqlite_url, archive, endpoint, set(range(1, 9)))
        engine = open_engine(migrated_sqlite_url)
        assert delete_due(run, engine, held=True) == 8
        engine.dispose()
        with pytest.raises(RunRefused, match="nothing to approve"):
            decided(migrated_sqlite_url, run.run_id, yes=False)
        told = decided(migrated_sqlite_url, run.run_id).run
        assert (told.verdict, reasons(told)) == (Verdict.COMPLETE, {"deletions-approved": 8})
        full = harvest(migrated_sqlite_url, archive, endpoint, full=True)
    assert (full.verdict, reasons(full)) == (Verdict.COMPLETE, {})


def read(database_url: str, run_id: int) -> Run:
    """Read a run."""
    engine = open_engine(database_url)
    try:
        return read_run(engine, run_id)
    finally:
        engine.dispose()


def test_a_later_sweep_that_finds_them_clears_what_is_held(migrated_database_url: str) -> None:
    """There is nothing to approve any more."""
    with archive_of(25) as archive:
        endpoint = archive.endpoint(fuse=FIVE)
        run = held_run(migrated_database_url, archive, endpoint, set(range(1, 9)))
        archive.gone = set()
        later = sweep(migrated_database_url, archive, endpoint)
    assert (later.verdict, reasons(later), held(migrated_database_url, run.run_id)) == (Verdict.COMPLETE, {}, 0)
    with pytest.raises(RunRefused, match="nothing to approve"):
        decided(migrated_database_url, run.run_id)


def test_a_later_sweep_that_misses_them_too_holds_them_instead(migrated_database_url: str) -> None:
    """Whoever asks for the earlier one is told where to look."""
    with archive_of(25) as archive:
        endpoint = archive.endpoint(fuse=FIVE)
        run = held_run(migrated_database_url, archive, endpoint, set(range(1, 9)))
        later = sweep(migrated_database_url, archive, endpoint)
    assert (later.verdict, reasons(later)) == (Verdict.SUSPECT, {"deletions-held": 8})
    with pytest.raises(RunRefused, match=f"nothing to approve; run {later.run_id} has"):
        decided(migrated_database_url, run.run_id)
    engine = open_engine(migrated_database_url)
    assert held_examples(engine, later.run_id, limit=2) == ("oai:swept:001", "oai:swept:002")
    engine.dispose()
    assert decided(migrated_database_url, later.run_id).deleted == 8


@pytest.mark.parametrize("records", [5, 100])
def test_a_full_read_after_deletions_is_compared_with_what_is_left(migrated_sqlite_url: str, records: int) -> None:
    """What sweeps and persons have found to be gone is not doubted again."""
    with archive_of(25) as archive:
        endpoint = archive.endpoint(fuse={"percent": 100, "records": records})
        run = held_run(migrated_sqlite_url, archive, endpoint, set(range(1, 9)))
        if run.verdict is Verdict.SUSPECT:
            decided(migrated_sqlite_url, run.run_id)
        assert deleted(migrated_sqlite_url) == 8
        full = harvest(migrated_sqlite_url, archive, endpoint, full=True)
    assert (full.verdict, reasons(full)) == (Verdict.COMPLETE, {})


def test_a_full_read_since_the_sweep_is_what_the_next_one_is_compared_with(migrated_sqlite_url: str) -> None:
    """A late approval takes nothing from what has come meanwhile, which was without what it deletes."""
    with archive_of(25) as archive:
        endpoint = archive.endpoint(fuse=FIVE)
        run = held_run(migrated_sqlite_url, archive, endpoint, set(range(1, 9)))
        archive.items += [letter(number) for number in range(26, 60)]
        assert harvest(migrated_sqlite_url, archive, endpoint, full=True).verdict is Verdict.COMPLETE
        assert decided(migrated_sqlite_url, run.run_id).deleted == 8
    assert rows(migrated_sqlite_url, "SELECT full_count FROM coverage") == [{"full_count": 51}]


def test_what_is_seen_again_while_it_is_being_approved_is_there_in_the_end(migrated_database_url: str) -> None:
    """A harvest brings everything back while a person's word deletes it: whichever is first with an item."""
    with archive_of(430, page_size=50) as archive:
        endpoint = archive.endpoint(fuse=FIVE)
        run = held_run(migrated_database_url, archive, endpoint, set(range(1, 421)))
        archive.gone = set()
        with ThreadPoolExecutor(1) as thread:
            approving = thread.submit(decided, migrated_database_url, run.run_id)
            full = harvest(migrated_database_url, archive, endpoint, full=True)
            told = approving.result()
    assert full.verdict is Verdict.COMPLETE
    assert (deleted(migrated_database_url), count(migrated_database_url, "misses")) == (0, 0)
    assert full.total("restored") == told.deleted
    assert_feed_leads_here(migrated_database_url)


def test_a_decision_takes_nothing_back_of_what_a_harvest_concludes_meanwhile(migrated_postgresql_url: str) -> None:
    """Both write the list's coverage: the one that is later reads what the earlier has written."""
    with archive_of(25) as archive, ThreadPoolExecutor(1) as thread:
        endpoint = archive.endpoint(fuse=FIVE)
        run = held_run(migrated_postgresql_url, archive, endpoint, set(range(1, 9)))
        harvests: list[Future[Run]] = []

        def decide(run: Run, coverages: Iterable[Coverage]) -> Conclusion:
            harvests.append(thread.submit(harvest, migrated_postgresql_url, archive, endpoint, full=True))
            wait(harvests, timeout=5)
            return approved(run, coverages, doubted=(), deleted=8)

        engine = open_engine(migrated_postgresql_url)
        decide_run(engine, run.run_id, decide)
        engine.dispose()
        full = harvests[0].result()
    assert full.verdict is Verdict.COMPLETE
    assert full.response_date is not None
    (coverage,) = rows(migrated_postgresql_url, "SELECT bound, full_count FROM coverage")
    assert (coverage["bound"], coverage["full_count"]) == (full.response_date - timedelta(hours=1), 17)

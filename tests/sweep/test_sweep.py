"""Sweeps: what a repository no longer lists is deleted after two misses, and never sooner."""

from typing import Any

import pytest
from database_rows import count, rows
from equality import assert_feed_leads_here
from sqlalchemy import create_engine, text
from swept_archive import SweptArchive, a_day_passes, archive_of, harvest, letter, sweep

from ingest.errors import RunRefused
from ingest.identify_values import DeletedRecord
from ingest.ledger import Run, RunKind, Verdict
from ingest.store.engine import open_engine
from ingest.store.forgetting import forget


def reasons(run: Run) -> dict[str, int]:
    """Give a run's reasons: code and count."""
    return {reason.code: reason.count for reason in run.reasons}


def deleted(database_url: str) -> list[str]:
    """Name the records that are deleted."""
    found = rows(database_url, "SELECT record_id FROM catalogue_records WHERE deleted ORDER BY record_id")
    return [row["record_id"][-3:] for row in found]


def changes(database_url: str, change: str) -> list[str]:
    """Name the records of which the feed has told this."""
    query = "SELECT record_id FROM catalogue_changes WHERE change = :change ORDER BY cursor"
    return [row["record_id"][-3:] for row in rows(database_url, query, change=change)]


def sweep_after_a_day(database_url: str, archive: SweptArchive, **asked: Any) -> Run:
    """Sweep when the misses so far are old enough."""
    a_day_passes(database_url)
    return sweep(database_url, archive, **asked)


# --- two misses -----------------------------------------------------------------------------------


def test_an_item_missed_by_two_sweeps_a_day_apart_is_deleted(migrated_database_url: str) -> None:
    """The first one only notes it; catalogues are told once."""
    with archive_of(25) as archive:
        harvest(migrated_database_url, archive)
        archive.gone = {7}
        first = sweep(migrated_database_url, archive)
        assert (first.kind, first.verdict, reasons(first)) == (RunKind.SWEEP, Verdict.COMPLETE, {"missed-once": 1})
        assert deleted(migrated_database_url) == []

        second = sweep_after_a_day(migrated_database_url, archive)
        assert (second.verdict, reasons(second)) == (Verdict.COMPLETE, {"missed-twice": 1})
        assert deleted(migrated_database_url) == changes(migrated_database_url, "deleted") == ["007"]

        third = sweep_after_a_day(migrated_database_url, archive)
        assert (third.verdict, reasons(third)) == (Verdict.COMPLETE, {})
    assert count(migrated_database_url, "misses") == 0
    assert_feed_leads_here(migrated_database_url)


def test_a_sweep_asks_for_identifiers_alone_once_a_list_undated(migrated_database_url: str) -> None:
    """However many may be in flight: a list in parts would miss what moves from one to another."""
    with archive_of(25) as archive:
        endpoint = archive.endpoint(parallel=4)
        harvest(migrated_database_url, archive, endpoint)
        archive.watch.forget()
        run = sweep(migrated_database_url, archive, endpoint)
        assert [(asked.verb, asked.from_, asked.until, asked.page) for asked in archive.watch.lists] == [
            ("ListIdentifiers", None, None, page) for page in (1, 2, 3)
        ]
    assert (run.total("seen"), run.total("unchanged"), run.total("created")) == (25, 25, 0)


def test_two_sweeps_less_than_a_day_apart_delete_nothing(migrated_database_url: str) -> None:
    """A repository that is being rebuilt is given a day."""
    with archive_of(5) as archive:
        harvest(migrated_database_url, archive)
        archive.gone = {2}
        sweep(migrated_database_url, archive)
        a_day_passes(migrated_database_url, seconds=23 * 3600)
        run = sweep(migrated_database_url, archive)
    assert (run.verdict, reasons(run), deleted(migrated_database_url)) == (Verdict.COMPLETE, {"missed-once": 1}, [])


@pytest.mark.parametrize("asked", [{"sweep": True}, {"full": True}, {"identifiers": ("oai:swept:002",)}])
def test_an_item_that_is_seen_again_loses_its_miss(migrated_database_url: str, asked: dict[str, Any]) -> None:
    """By a sweep or by any harvest, though nothing about it has changed: it takes two more misses."""
    with archive_of(5) as archive:
        harvest(migrated_database_url, archive)
        archive.gone = {2}
        sweep(migrated_database_url, archive)
        archive.gone = set()
        harvest(migrated_database_url, archive, **asked)
        assert count(migrated_database_url, "misses") == 0
        archive.gone = {2}
        run = sweep_after_a_day(migrated_database_url, archive)
    assert (reasons(run), deleted(migrated_database_url)) == ({"missed-once": 1}, [])


def test_an_item_that_is_seen_again_and_rejected_loses_its_miss(migrated_database_url: str) -> None:
    """It is there, whatever is wrong with it."""
    with archive_of(5) as archive:
        endpoint = archive.endpoint(record_id={"element": "title", "pattern": r"^Letter (\d+)$"})
        harvest(migrated_database_url, archive, endpoint)
        archive.gone = {2}
        sweep(migrated_database_url, archive, endpoint)
        archive.gone, archive.items[1] = set(), letter(2, title="Without a number", seconds=9)
        run = harvest(migrated_database_url, archive, endpoint, full=True)
    assert (run.total("rejected"), count(migrated_database_url, "misses")) == (1, 0)


def test_an_item_that_is_forgotten_is_not_missed_any_more(migrated_database_url: str) -> None:
    """Nothing is left of it that could be deleted, however many sweeps come."""
    with archive_of(5) as archive:
        harvest(migrated_database_url, archive)
        archive.gone = {2}
        sweep(migrated_database_url, archive)
        (record,) = rows(migrated_database_url, "SELECT key FROM records WHERE record_id LIKE '%002'")
        engine = open_engine(migrated_database_url)
        forget(engine, record["key"], "asked for")
        engine.dispose()
        run = sweep_after_a_day(migrated_database_url, archive)
    assert (run.verdict, reasons(run)) == (Verdict.COMPLETE, {})


def test_what_is_new_and_what_is_not_known_yet_is_no_matter_of_a_sweep(migrated_database_url: str) -> None:
    """Headers alone make no records; the next harvest brings them."""
    with archive_of(5) as archive:
        harvest(migrated_database_url, archive)
        archive.items.append(letter(6))
        run = sweep(migrated_database_url, archive)
    assert (run.verdict, run.total("seen"), reasons(run)) == (Verdict.COMPLETE, 6, {})
    assert count(migrated_database_url, "items") == 5


def test_a_deleted_header_is_a_tombstone_at_once(migrated_database_url: str) -> None:
    """As in any harvest: the repository itself says so."""
    with archive_of(5, deleted_record=DeletedRecord.TRANSIENT) as archive:
        harvest(migrated_database_url, archive)
        archive.items[1] = letter(2, deleted=True, seconds=9)
        run = sweep(migrated_database_url, archive)
    assert (run.verdict, run.total("deleted"), deleted(migrated_database_url)) == (Verdict.COMPLETE, 1, ["002"])


def test_an_item_that_comes_back_as_it_was_is_restored_by_a_sweep(migrated_database_url: str) -> None:
    """Its datestamp is old: no harvest of what is new would ever bring it."""
    with archive_of(5) as archive:
        harvest(migrated_database_url, archive)
        archive.gone = {2}
        sweep(migrated_database_url, archive)
        sweep_after_a_day(migrated_database_url, archive)
        archive.gone = set()
        run = sweep(migrated_database_url, archive)
    assert (run.total("restored"), deleted(migrated_database_url)) == (1, [])
    assert changes(migrated_database_url, "restored") == ["002"]
    assert_feed_leads_here(migrated_database_url)


def test_an_item_that_comes_back_changed_is_left_to_the_harvest(migrated_database_url: str) -> None:
    """A header does not say what it says now."""
    with archive_of(5) as archive:
        harvest(migrated_database_url, archive)
        archive.gone = {2}
        sweep(migrated_database_url, archive)
        sweep_after_a_day(migrated_database_url, archive)
        archive.gone, archive.items[1] = set(), letter(2, title="Another", seconds=9)
        sweep(migrated_database_url, archive)
        assert deleted(migrated_database_url) == ["002"]
        harvest(migrated_database_url, archive, full=True)
    said = rows(migrated_database_url, "SELECT title FROM catalogue_records WHERE record_id LIKE '%002'")
    assert (deleted(migrated_database_url), said) == ([], [{"title": "Another"}])


def test_a_record_is_deleted_when_no_live_item_is_left(migrated_database_url: str) -> None:
    """Of two items of one record, the other speaks from then on."""
    with archive_of(0) as archive:
        keys = {"record_id": r"^oai:swept:0(\d)", "fuse": {"percent": 100, "records": 100}}
        endpoint = archive.endpoint(**{**keys, "record_id": {"pattern": keys["record_id"]}})
        archive.items = [letter(11, seconds=5), letter(12), letter(21)]
        harvest(migrated_database_url, archive, endpoint)
        archive.gone = {11}
        sweep(migrated_database_url, archive, endpoint)
        a_day_passes(migrated_database_url)
        sweep(migrated_database_url, archive, endpoint)
        said = "SELECT record_id, title, deleted FROM catalogue_records ORDER BY record_id"
        assert [tuple(row.values()) for row in rows(migrated_database_url, said)] == [
            ("1", "Letter 12", 0),
            ("2", "Letter 21", 0),
        ]
        archive.gone = {11, 12}
        sweep(migrated_database_url, archive, endpoint)
        a_day_passes(migrated_database_url)
        sweep(migrated_database_url, archive, endpoint)
    assert [tuple(row.values()) for row in rows(migrated_database_url, said)] == [
        ("1", "Letter 12", 1),
        ("2", "Letter 21", 0),
    ]
    assert_feed_leads_here(migrated_database_url)


# --- sweeps that do not count ---------------------------------------------------------------------


def test_a_sweep_that_is_not_complete_never_counts(migrated_database_url: str) -> None:
    """Neither as the first miss nor as the second."""
    with archive_of(25) as archive:
        harvest(migrated_database_url, archive)
        archive.gone = {2}
        archive.watch.fault = _second_page_cut_off
        first = sweep(migrated_database_url, archive)
        assert (first.verdict, count(migrated_database_url, "misses")) == (Verdict.PARTIAL, 0)

        archive.watch.fault = _polite
        sweep(migrated_database_url, archive)
        archive.watch.fault = _second_page_cut_off
        second = sweep_after_a_day(migrated_database_url, archive)
    assert (second.verdict, deleted(migrated_database_url)) == (Verdict.PARTIAL, [])
    assert count(migrated_database_url, "misses") == 1


def _polite(asked: Any, answer: Any) -> Any:
    return answer(asked.request)


def _second_page_cut_off(asked: Any, answer: Any) -> Any:
    response = answer(asked.request)
    if asked.page != 2:
        return response
    return type(response)(body=response.body[: len(response.body) // 2])


def test_a_sweep_moves_no_bound(migrated_database_url: str) -> None:
    """It has read no record: what is new since the last harvest is still to be read."""
    with archive_of(5) as archive:
        harvest(migrated_database_url, archive)
        before = rows(migrated_database_url, "SELECT * FROM coverage")
        sweep(migrated_database_url, archive)
    assert rows(migrated_database_url, "SELECT * FROM coverage") == before


@pytest.mark.parametrize("kept", [DeletedRecord.NO, DeletedRecord.TRANSIENT])
def test_a_repository_that_keeps_its_deletions_is_not_swept(migrated_database_url: str, kept: DeletedRecord) -> None:
    """Its tombstones tell; whether known from a harvest or only when it is asked."""
    with archive_of(3, deleted_record=kept) as archive:
        with pytest.raises(RunRefused, match="nothing of tested has been harvested"):
            sweep(migrated_database_url, archive)
        harvest(migrated_database_url, archive)
        archive.deleted_record = DeletedRecord.PERSISTENT
        asked = sweep(migrated_database_url, archive)
        assert (asked.verdict, list(reasons(asked))) == (Verdict.FAILED, ["deletions-announced"])
        harvest(migrated_database_url, archive)
        with pytest.raises(RunRefused, match="needs no sweep"):
            sweep(migrated_database_url, archive)


def test_a_format_that_is_not_offered_any_more_makes_no_sweep_count(migrated_sqlite_url: str) -> None:
    """One that was never read is no matter of a sweep."""
    with archive_of(5) as archive:
        harvest(migrated_sqlite_url, archive)
        archive.gone = {2}
        both = archive.endpoint(metadata_prefix=("mods", "oai_dc"))
        run = sweep(migrated_sqlite_url, archive, both)
        assert (run.verdict, reasons(run)) == (Verdict.COMPLETE, {"missed-once": 1})
        read = (
            "INSERT INTO coverage (endpoint_id, metadata_prefix, bound) SELECT endpoint_id, 'mods', bound FROM coverage"
        )
        execute(migrated_sqlite_url, read)
        a_day_passes(migrated_sqlite_url)
        run = sweep(migrated_sqlite_url, archive, both)
    assert (run.verdict, reasons(run)) == (Verdict.PARTIAL, {"prefix-not-offered": 1})
    assert deleted(migrated_sqlite_url) == []


def test_a_sweep_fails_where_nothing_that_was_read_is_offered_any_more(migrated_database_url: str) -> None:
    """Only a format of the declared ones that was never read."""
    with archive_of(5) as archive:
        harvest(migrated_database_url, archive)
        archive.watch.fault = _another_format_offered
        run = sweep(migrated_database_url, archive, archive.endpoint(metadata_prefix=("mods", "oai_dc")))
    assert (run.verdict, reasons(run)) == (Verdict.FAILED, {"cannotDisseminateFormat": 1})


def _another_format_offered(asked: Any, answer: Any) -> Any:
    response = answer(asked.request)
    if asked.request.argument("verb") != "ListMetadataFormats":
        return response
    return type(response)(body=response.body.replace(b"<metadataPrefix>oai_dc<", b"<metadataPrefix>mods<"))


def execute(database_url: str, statement: str) -> None:
    """Change a database as a person could."""
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()

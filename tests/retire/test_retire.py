"""Retiring an endpoint: what it said goes, what others say comes to speak, and it can come back."""

from collections.abc import Callable

import pytest
from database_rows import count, rows
from equality import assert_feed_leads_here, catalogue
from harvesting import counts_of, selection_of
from letters import live_catalogue
from two_archives import Two, retired

from ingest.endpoints import Endpoint
from ingest.errors import RunRefused
from ingest.ledger import RunKind, RunRequest, Verdict
from ingest.store.endpoints import keep_endpoint
from ingest.store.engine import open_engine
from ingest.store.retiring import BatchRetired, begin_retiring, read_retirable, retire_batch
from ingest.store.runs import begin_run
from workers.demo.generated import GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve


def test_the_live_catalogue_is_as_if_the_endpoint_had_never_been(
    archives: Two, migrated_database_url: str, new_database: Callable[[], str]
) -> None:
    """What others have too, they speak for; the rest stays as tombstones that say what they last said."""
    archives.harvest(migrated_database_url, "one", "two")
    done = retired(migrated_database_url, "one")
    alone = new_database()
    archives.harvest(alone, "two")
    assert live_catalogue(migrated_database_url) == live_catalogue(alone)
    assert (done.items, done.changes) == (7, {"changed": 3, "deleted": 4})
    gone = rows(migrated_database_url, "SELECT title, endpoint FROM catalogue_records WHERE deleted ORDER BY title")
    assert gone == [{"title": f"Wombat {number}", "endpoint": None} for number in range(4, 8)]
    assert_feed_leads_here(migrated_database_url)


def test_where_others_say_the_same_nothing_is_told_of_it(archives: Two, migrated_database_url: str) -> None:
    """Another speaker alone is no change that a catalogue reads."""
    archives.two.words = archives.one.words
    archives.harvest(migrated_database_url, "one", "two")
    assert retired(migrated_database_url, "one").changes == {"deleted": 4}


def test_what_it_would_do_is_what_it_does(archives: Two, migrated_database_url: str) -> None:
    """And looking changes nothing."""
    archives.one.broken.add(7)
    archives.harvest(migrated_database_url, "one", "two")
    before = catalogue(migrated_database_url)
    database = open_engine(migrated_database_url)
    foreseen = read_retirable(database, "one", examples=2)
    unknown = read_retirable(database, "none", examples=2)
    database.dispose()
    assert unknown is None
    assert foreseen is not None
    assert (foreseen.items, foreseen.rejections, foreseen.deleted, foreseen.handed_over) == (6, 1, 3, 3)
    assert foreseen.deleted_examples == ("shared:oai:small:4", "shared:oai:small:5")
    assert foreseen.handed_over_examples == ("shared:oai:small:1", "shared:oai:small:2")
    assert catalogue(migrated_database_url) == before
    assert retired(migrated_database_url, "one").changes == {"changed": 3, "deleted": 3}
    assert count(migrated_database_url, "rejections") == 0


def test_harvested_again_it_brings_all_back(archives: Two, migrated_database_url: str) -> None:
    """From the beginning: what was covered does not count any more."""
    archives.harvest(migrated_database_url, "one", "two")
    before = catalogue(migrated_database_url)
    retired(migrated_database_url, "one")
    assert count(migrated_database_url, "coverage") == 1
    run = archives.harvest(migrated_database_url, "one")
    assert run.verdict is Verdict.COMPLETE
    assert counts_of(run)["created"] == 7
    assert catalogue(migrated_database_url) == before
    told = rows(migrated_database_url, "SELECT change, count(*) AS number FROM catalogue_changes GROUP BY change")
    assert {row["change"]: row["number"] for row in told} == {
        "created": 7,
        "changed": 6,
        "deleted": 4,
        "restored": 4,
    }
    assert_feed_leads_here(migrated_database_url)


def test_runs_and_versions_stay_with_the_reason(archives: Two, migrated_database_url: str) -> None:
    """As history."""
    archives.harvest(migrated_database_url, "one")
    retired(migrated_database_url, "one")
    assert count(migrated_database_url, "runs") == 1
    assert count(migrated_database_url, "record_versions") == 7
    assert rows(migrated_database_url, "SELECT DISTINCT cause FROM records") == [{"cause": "retired"}]


def test_what_was_stopped_goes_on(migrated_database_url: str, archives: Two) -> None:
    """After each batch the database is whole."""
    with serve(DemoRepository(items=GeneratedItems(450), page_size=150)) as url:
        archives.urls["one"] = url
        archives.harvest(migrated_database_url, "one")
    stops = iter([False, True])
    first = retired(migrated_database_url, "one", stop=lambda: next(stops))
    assert (first.items, first.stopped) == (200, True)
    assert_feed_leads_here(migrated_database_url)
    second = retired(migrated_database_url, "one")
    assert (second.items, second.stopped) == (250, False)
    assert count(migrated_database_url, "items") == 0
    assert_feed_leads_here(migrated_database_url)


def test_an_active_run_refuses_it_and_is_named(archives: Two, migrated_database_url: str) -> None:
    """At every step: a run may begin between two batches."""
    archives.harvest(migrated_database_url, "one")
    database = open_engine(migrated_database_url)
    endpoint_id = begin_retiring(database, "one")
    run_id = _begun(archives.endpoint("one"), endpoint_id, migrated_database_url)
    for step in (
        lambda: read_retirable(database, "one", examples=1),
        lambda: begin_retiring(database, "one"),
        lambda: retire_batch(database, endpoint_id, descriptions={}),
    ):
        with pytest.raises(RunRefused, match=f"runs cancel {run_id}"):
            step()
    database.dispose()
    assert count(migrated_database_url, "items") == 7


def _begun(endpoint: Endpoint, endpoint_id: int, database_url: str) -> int:
    database = open_engine(database_url)
    selection = selection_of(endpoint)
    request = RunRequest(
        endpoint_id=endpoint_id, kind=RunKind.FULL, selection=selection, declaration=endpoint.model_dump_json(), host=""
    )
    run_id = begin_run(database, request)
    database.dispose()
    return run_id


def test_harvested_meanwhile_it_keeps_what_is_left(archives: Two, migrated_database_url: str) -> None:
    """Who asks for it anew wins over who was taking it away."""
    archives.harvest(migrated_database_url, "one")
    database = open_engine(migrated_database_url)
    endpoint_id = begin_retiring(database, "one")
    keep_endpoint(database, archives.endpoint("one"), declared=True)
    with pytest.raises(RunRefused, match="anew"):
        retire_batch(database, endpoint_id, descriptions={})
    begin_retiring(database, "one")
    assert isinstance(retire_batch(database, endpoint_id, descriptions={}), BatchRetired)
    database.dispose()
    assert count(migrated_database_url, "items") == 0

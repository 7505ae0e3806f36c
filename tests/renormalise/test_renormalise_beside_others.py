"""Describing again is safe beside harvests, beside itself, and wherever it is killed."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from equality import assert_feed_leads_here
from harvesting import endpoint_at, harvest_here, selection_of
from letters import RECORDS, Letters, described_again, live_catalogue
from sqlalchemy import text

from ingest.describe import describe
from ingest.descriptions import Described
from ingest.endpoints import Defaults, Endpoint
from ingest.ledger import Verdict
from ingest.profiles import RULES, profile_of
from ingest.records import Record
from ingest.store.answers import Voices
from ingest.store.endpoints import keep_endpoint, keep_profile
from ingest.store.engine import open_engine
from ingest.store.restating import Restated, Restatement, restate
from ingest.store.stale import known_profiles, stale_batches
from workers.demo.generated import GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

ROOT = Path(__file__).parents[2]
NOW = {"namespace": "letters", "defaults": Defaults(rights="All rights reserved.")}


@pytest.fixture(scope="module")
def edited() -> Iterator[str]:
    """Serve the letters as they are a year later: every second one says something else."""
    items = tuple(
        replace(
            item,
            datestamp="2025-06-01T00:00:00Z",
            formats={"oai_dc": item.formats["oai_dc"].replace(b"<dc:title>", b"<dc:title>Edited: ")},
        )
        if number % 2 == 0 and item.formats["oai_dc"]
        else item
        for number, item in enumerate(GeneratedItems(RECORDS, size=900))
    )
    with serve(DemoRepository(items=items, page_size=40)) as url:
        yield url


def test_an_item_that_a_harvest_has_brought_anew_meanwhile_is_left_to_it(
    letters: Letters, migrated_database_url: str, edited: str
) -> None:
    """What was read before is not written over what came after."""
    letters.harvested(migrated_database_url)
    database = open_engine(migrated_database_url)
    endpoint = letters.endpoint(**NOW)
    profile = profile_of(endpoint)
    endpoint_id = keep_endpoint(database, endpoint, declared=True)
    profiles = known_profiles(database, keep_profile(database, profile), rules=RULES)
    items = [item for batch in stale_batches(database, endpoint_id, lambda: profiles) for item in batch]
    assert len(items) == RECORDS
    _harvest(migrated_database_url, endpoint_at(edited, **NOW))
    batch = []
    for item in items:
        described = describe(item.record, metadata_prefix="oai_dc", profile=profile)
        assert isinstance(described, Described)
        voices = Voices(
            endpoint="tested", metadata_prefix="oai_dc", prefix_position=0, priority=100, profile_id=profiles.current
        )
        batch.append(Restatement(item=item, described=described, voices=voices))
    restated = restate(database, batch, descriptions={})
    assert isinstance(restated, Restated)
    assert 0 < restated.items < RECORDS
    query = "SELECT count(*) FROM catalogue_records WHERE NOT deleted AND title LIKE 'Edited: %'"
    with database.connect() as connection:
        edited_titles = connection.scalar(text(query))
    database.dispose()
    assert edited_titles == sum(isinstance(item.record, Record) for item in items) - restated.items
    assert_feed_leads_here(migrated_database_url)


def test_beside_a_harvest_it_ends_as_if_harvested_at_once(
    letters: Letters, migrated_database_url: str, edited: str
) -> None:
    """Both write the same records, in whatever order."""
    letters.harvested(migrated_database_url)
    endpoint = endpoint_at(edited, **NOW)
    harvesting = threading.Thread(target=_harvest, args=(migrated_database_url, endpoint))
    harvesting.start()
    first = described_again(migrated_database_url, endpoint)
    harvesting.join()
    second = described_again(migrated_database_url, endpoint)
    assert first.items + second.items > 0
    assert second.left == 0
    afresh = letters.new_database()
    _harvest(afresh, endpoint)
    assert live_catalogue(migrated_database_url) == live_catalogue(afresh)
    assert_feed_leads_here(migrated_database_url)


def test_two_at_once_describe_each_item_once(letters: Letters, migrated_database_url: str) -> None:
    """The one that comes second to an item leaves it."""
    letters.harvested(migrated_database_url)
    done = []
    both = [
        threading.Thread(target=lambda: done.append(described_again(migrated_database_url, letters.endpoint(**NOW))))
        for _ in range(2)
    ]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sum(each.items for each in done) == RECORDS
    assert live_catalogue(migrated_database_url) == live_catalogue(letters.afresh(**NOW))
    assert_feed_leads_here(migrated_database_url)


def test_killed_at_any_moment_it_goes_on_where_it_was(
    letters: Letters, migrated_database_url: str, tmp_path: Path
) -> None:
    """A batch is there as a whole or not at all."""
    letters.harvested(migrated_database_url)
    (tmp_path / "endpoints.toml").write_text(
        f'[tested]\nurl = "{letters.url}"\nnamespace = "letters"\ntimeout = 20\n'
        '[tested.defaults]\nrights = "All rights reserved."\n',
        encoding="utf-8",
    )
    environment = {
        "PYTHONPATH": str(ROOT),
        "OAI_INGEST_DATABASE_URL": migrated_database_url.replace("+psycopg", ""),
        "OAI_INGEST_CONFIG": str(tmp_path),
    }
    kills = 0
    for patience in (0.0, 0.02, 0.05):
        before = _described_by_now(migrated_database_url)
        process = subprocess.Popen([sys.executable, "-m", "workers.cli.main", "renormalise"], env=environment)
        while _described_by_now(migrated_database_url) == before and process.poll() is None:
            time.sleep(0.005)
        time.sleep(patience)
        process.kill()
        kills += process.wait() < 0
    assert kills > 0
    done = described_again(migrated_database_url, letters.endpoint(**NOW))
    assert done.left == 0
    assert live_catalogue(migrated_database_url) == live_catalogue(letters.afresh(**NOW))
    assert_feed_leads_here(migrated_database_url)


def _harvest(database_url: str, endpoint: Endpoint) -> None:
    run = harvest_here(database_url, endpoint, selection=selection_of(endpoint, full=True))
    assert run.verdict is Verdict.COMPLETE


def _described_by_now(database_url: str) -> int:
    database = open_engine(database_url)
    query = "SELECT count(*) FROM items WHERE profile_id = (SELECT max(profile_id) FROM items)"
    newer = "SELECT count(DISTINCT profile_id) FROM items"
    with database.connect() as connection:
        described = connection.scalar(text(query)) or 0
        profiles = connection.scalar(text(newer)) or 0
    database.dispose()
    return described if profiles > 1 else 0

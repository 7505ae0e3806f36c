"""A description is good for one profile only: what another program, or another declaration, said of an item."""

from typing import Any

from equality import assert_feed_leads_here
from letters import RECORDS, Letters, compared, described_again, live_catalogue
from sqlalchemy import text

from ingest.describe import describe
from ingest.descriptions import Described
from ingest.endpoints import Defaults, RecordIdRule
from ingest.keep import describe_stored
from ingest.profiles import RULES, profile_of
from ingest.store.answers import Voices
from ingest.store.endpoints import keep_endpoint, keep_profile
from ingest.store.engine import open_engine
from ingest.store.reading import read_stored_items
from ingest.store.restating import Restated, Restatement, restate
from ingest.store.stale import known_profiles, stale_batches
from ingest.store.wanted import DescriptionsWanted
from workers.demo.generated import GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

FIRST: dict[str, Any] = {"name": "first", "namespace": "shared", "priority": 10}
SECOND: dict[str, Any] = {"name": "second", "namespace": "shared", "priority": 20}
# As a newer program would have written it: with a greater number, and a key of which we know nothing.
NEWER = """
    UPDATE profiles SET digest = 'newer', content = replace(content, '"rules":', '"later":1,"rules":9')
     WHERE id IN (SELECT profile_id FROM items JOIN endpoints ON endpoints.id = endpoint_id WHERE name = '{}')
"""


def _execute(database_url: str, statement: str) -> None:
    database = open_engine(database_url)
    with database.begin() as connection:
        connection.exec_driver_sql(statement)
    database.dispose()


def _shared(letters: Letters, database_url: str) -> None:
    """Harvest the letters twice, by two endpoints that share a namespace: the first one speaks."""
    for keys in (FIRST, SECOND):
        letters.harvested(database_url, **keys)


def test_words_by_a_profile_that_the_item_has_left_meanwhile_are_asked_for_again(
    letters: Letters, migrated_database_url: str
) -> None:
    """Else the record would say for ever what the old profile said, with the new one written beside it."""
    _shared(letters, migrated_database_url)
    first = letters.endpoint(**FIRST | {"priority": 30})
    second = letters.endpoint(**SECOND, defaults=Defaults(rights="CC0 1.0"))
    database = open_engine(migrated_database_url)
    profile = profile_of(first)
    endpoint_id = keep_endpoint(database, first, declared=True)
    profiles = known_profiles(database, keep_profile(database, profile), rules=RULES)
    voices = Voices(
        endpoint="first", metadata_prefix="oai_dc", prefix_position=0, priority=30, profile_id=profiles.current
    )
    batch = []
    for item in next(iter(stale_batches(database, endpoint_id, lambda: profiles))):
        described = describe(item.record, metadata_prefix="oai_dc", profile=profile)
        assert isinstance(described, Described)
        batch.append(Restatement(item=item, described=described, voices=voices))
    wanted = restate(database, batch, descriptions={})
    assert isinstance(wanted, DescriptionsWanted)
    told = dict(describe_stored(each, database) for each in read_stored_items(database, wanted.items))
    described_again(migrated_database_url, second)
    assert isinstance(restate(database, batch, descriptions=told), DescriptionsWanted)
    told |= dict(describe_stored(each, database) for each in read_stored_items(database, wanted.items))
    assert isinstance(restate(database, batch, descriptions=told), Restated)
    database.dispose()
    described_again(migrated_database_url, first)
    afresh = letters.new_database()
    letters.harvested(afresh, **FIRST | {"priority": 30})
    letters.harvested(afresh, **SECOND, defaults=Defaults(rights="CC0 1.0"))
    assert live_catalogue(migrated_database_url) == live_catalogue(afresh)
    assert_feed_leads_here(migrated_database_url)


def test_where_another_item_comes_to_speak_the_difference_is_what_it_says(
    letters: Letters, migrated_database_url: str
) -> None:
    """What is shown first is what is done then, the words of other endpoints included."""
    letters.harvested(migrated_database_url, **FIRST)
    letters.harvested(migrated_database_url, **SECOND, defaults=Defaults(rights="All rights reserved."))
    lowered = letters.endpoint(**FIRST | {"priority": 30})
    told = compared(migrated_database_url, lowered)
    done = described_again(migrated_database_url, lowered)
    assert told.changes == done.changes
    assert told.records == done.changes["changed"] > 0
    assert {difference.becomes for difference in told.counts if difference.field == "rights decision"} == {
        "in-copyright http://rightsstatements.org/vocab/InC/1.0/"
    }


def test_what_a_newer_program_knows_of_a_profile_is_passed_over_and_its_item_marked(
    letters: Letters, migrated_database_url: str
) -> None:
    """This program has to speak for it here and now; the newer one sees that it is to be described again."""
    _shared(letters, migrated_database_url)
    _execute(migrated_database_url, NEWER.format("second"))
    done = described_again(migrated_database_url, letters.endpoint(**FIRST | {"priority": 30}))
    assert (done.items, done.left) == (RECORDS, 0)
    database = open_engine(migrated_database_url)
    query = text("SELECT count(*) FROM items JOIN profiles ON profiles.id = profile_id WHERE content LIKE '%later%'")
    with database.connect() as connection:
        still_newer = connection.scalar(query)
    database.dispose()
    assert still_newer == RECORDS // 50


def test_tables_that_are_gone_are_no_reason_to_stop(letters: Letters, migrated_database_url: str) -> None:
    """An item that was described with them is described without, and marked so."""
    _shared(letters, migrated_database_url)
    _execute(
        migrated_database_url, """UPDATE profiles SET content = replace(content, '"tables":""', '"tables":"a0"')"""
    )
    done = described_again(migrated_database_url, letters.endpoint(**FIRST | {"priority": 30}))
    assert (done.items, done.left) == (RECORDS, 0)


def test_a_record_id_that_no_index_can_hold_is_refused(migrated_database_url: str, letters: Letters) -> None:
    """As in a harvest, and on every database alike."""
    with serve(DemoRepository(items=GeneratedItems(5, size=8000))) as url:
        long = Letters(url=url, new_database=letters.new_database)
        long.harvested(migrated_database_url)
        rule = RecordIdRule(element="description", pattern="(.{3000})")
        done = described_again(migrated_database_url, long.endpoint(record_id=rule))
    assert done.refused == {"no-record-id": 5}
    assert done.example is not None
    assert "bytes" in done.example

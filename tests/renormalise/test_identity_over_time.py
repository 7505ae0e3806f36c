"""What a record is may be declared anew: ``--diff`` shows it first, then items move, and the feed tells where to."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from database_rows import rows
from equality import assert_feed_leads_here, catalogue
from harvesting import counts_of, endpoint_at, harvest_here
from letters import compared, described_again, live_catalogue
from small_archive import SmallArchive, served

from ingest.endpoints import Endpoint, RecordIdRule
from ingest.records import MetadataFormat
from ingest.store.endpoints import keep_endpoint
from ingest.store.engine import open_engine
from workers.demo.items import Item
from workers.demo.repository import OAI_DC, DemoRepository
from workers.demo.server import serve

CHANGES = (
    "SELECT record_id, namespace, change, merged_into FROM catalogue_changes WHERE cursor > :after ORDER BY cursor"
)
NEWEST = "SELECT newest_cursor FROM catalogue_feed"
LAST_DIGIT = RecordIdRule(pattern="([0-9])$")


@pytest.fixture
def urls() -> Iterator[tuple[str, str]]:
    """Serve two repositories with the same three records, which say different things of them."""
    with served(SmallArchive(3, words="Wombat")) as one, served(SmallArchive(3, words="Quokka")) as two:
        yield one, two


def _first(urls: tuple[str, str], **keys: Any) -> Endpoint:
    return endpoint_at(urls[0], **{"name": "first", "namespace": "shared", "priority": 10} | keys)


def _second(urls: tuple[str, str], **keys: Any) -> Endpoint:
    return endpoint_at(urls[1], **{"name": "second", "namespace": "shared", "priority": 20} | keys)


def _newest(database_url: str) -> int:
    return int(rows(database_url, NEWEST)[0]["newest_cursor"])


def _moved(database_url: str, endpoint: Endpoint) -> list[dict[str, Any]]:
    """Look first, which changes nothing; then move; give what the feed tells of it, which is what was shown."""
    before, newest = catalogue(database_url), _newest(database_url)
    shown = compared(database_url, endpoint)
    assert catalogue(database_url) == before
    assert _newest(database_url) == newest
    done = described_again(database_url, endpoint)
    assert done.left == 0
    assert shown.stale == done.stale
    told = rows(database_url, CHANGES, after=newest)
    assert len(told) == shown.records == done.changes.total()
    assert shown.changes == done.changes
    assert described_again(database_url, endpoint).stale == 0
    assert_feed_leads_here(database_url)
    return told


def _titles(database_url: str) -> list[str]:
    query = "SELECT title FROM catalogue_records WHERE NOT deleted ORDER BY record_id, namespace"
    return [row["title"] for row in rows(database_url, query)]


@pytest.mark.parametrize("keys", [{"record_id": LAST_DIGIT}, {"namespace": "other"}], ids=["record_id", "namespace"])
def test_the_feed_tells_of_each_record_where_it_went(
    urls: tuple[str, str], migrated_database_url: str, keys: dict[str, Any]
) -> None:
    """It was merged into the one that its item belongs to now, which was created with it."""
    harvest_here(migrated_database_url, _first(urls))
    told = _moved(migrated_database_url, _first(urls, **keys))
    assert sorted(each["change"] for each in told) == ["created"] * 3 + ["merged"] * 3
    names = {
        row["record_key"]: row["record_id"]
        for row in rows(migrated_database_url, "SELECT record_key, record_id FROM catalogue_records WHERE NOT deleted")
    }
    for each in told:
        if each["change"] == "merged":
            assert each["record_id"].endswith(names[each["merged_into"]])


def test_moved_back_it_is_what_it_was(urls: tuple[str, str], migrated_database_url: str) -> None:
    """The records of before are restored under the keys that they had, and say nothing of a merger."""
    harvest_here(migrated_database_url, _first(urls))
    query = """SELECT record_key, record_id, title, merged_into
                 FROM catalogue_records WHERE NOT deleted ORDER BY record_key"""
    before = rows(migrated_database_url, query)
    _moved(migrated_database_url, _first(urls, record_id=LAST_DIGIT))
    told = _moved(migrated_database_url, _first(urls))
    assert sorted(each["change"] for each in told) == ["merged"] * 3 + ["restored"] * 3
    assert rows(migrated_database_url, query) == before


def test_endpoints_that_come_to_share_a_namespace_share_records(
    urls: tuple[str, str], migrated_database_url: str
) -> None:
    """The one that speaks first says nothing new; what the other had is merged."""
    harvest_here(migrated_database_url, _first(urls))
    harvest_here(migrated_database_url, _second(urls, namespace="own"))
    told = _moved(migrated_database_url, _second(urls))
    assert [(each["namespace"], each["change"]) for each in told] == [("own", "merged")] * 3
    assert _titles(migrated_database_url) == ["Wombat 1", "Wombat 2", "Wombat 3"]


def test_endpoints_that_part_have_records_of_their_own(urls: tuple[str, str], migrated_database_url: str) -> None:
    """The record stays with those that stay: nothing is merged, for not all of its items went."""
    harvest_here(migrated_database_url, _first(urls))
    harvest_here(migrated_database_url, _second(urls))
    told = _moved(migrated_database_url, _first(urls, namespace="own"))
    assert (
        sorted((each["namespace"], each["change"]) for each in told)
        == [("own", "created")] * 3 + [("shared", "changed")] * 3
    )


def test_with_another_priority_another_item_speaks(urls: tuple[str, str], migrated_database_url: str) -> None:
    """No record moves; what is said changes."""
    harvest_here(migrated_database_url, _first(urls))
    harvest_here(migrated_database_url, _second(urls))
    told = _moved(migrated_database_url, _first(urls, priority=30))
    assert [each["change"] for each in told] == ["changed"] * 3
    assert _titles(migrated_database_url) == ["Quokka 1", "Quokka 2", "Quokka 3"]


def _in_two_formats(number: int) -> Item:
    words = (
        '<oai_dc:dc xmlns:oai_dc="{}" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></oai_dc:dc>'
    )
    said = {prefix: words.format(OAI_DC.namespace, f"{prefix} {number}").encode() for prefix in ("oai_dc", "oai_long")}
    return Item(identifier=f"oai:two:{number}", datestamp="2024-05-01T12:00:00Z", formats=said)


def test_with_another_order_of_prefixes_another_format_speaks(migrated_database_url: str) -> None:
    """As after a harvest with that order."""
    long = MetadataFormat(metadata_prefix="oai_long", schema=OAI_DC.schema, namespace=OAI_DC.namespace)
    items = tuple(map(_in_two_formats, range(3)))
    with serve(DemoRepository(items=items, formats=(OAI_DC, long))) as url:
        harvest_here(migrated_database_url, endpoint_at(url, metadata_prefix=["oai_dc", "oai_long"]))
        assert _titles(migrated_database_url) == ["oai_dc 0", "oai_dc 1", "oai_dc 2"]
        told = _moved(migrated_database_url, endpoint_at(url, metadata_prefix=["oai_long", "oai_dc"]))
    assert [each["change"] for each in told] == ["changed"] * 3
    assert _titles(migrated_database_url) == ["oai_long 0", "oai_long 1", "oai_long 2"]


def test_an_endpoint_with_a_new_name_goes_on_where_the_old_one_was(
    urls: tuple[str, str], migrated_database_url: str
) -> None:
    """Nothing is described again and nothing moves; what is read is what is new."""
    harvest_here(migrated_database_url, _first(urls))
    renamed = _first(urls, name="new", renamed_from="first")
    assert _moved(migrated_database_url, renamed) == []
    assert {row["endpoint"] for row in rows(migrated_database_url, "SELECT endpoint FROM catalogue_records")} == {"new"}
    run = harvest_here(migrated_database_url, renamed)
    assert (run.kind.value, counts_of(run)["created"], counts_of(run)["changed"]) == ("incremental", 0, 0)
    assert rows(migrated_database_url, "SELECT count(*) AS number FROM endpoints") == [{"number": 1}]


def test_where_only_names_decide_a_new_name_decides_again(
    urls: tuple[str, str], migrated_database_url: str, new_database: Callable[[], str]
) -> None:
    """As if both had been harvested by these names at once."""
    renamed = _first(urls, name="third", renamed_from="first", priority=20)
    harvest_here(migrated_database_url, _first(urls, priority=20))
    harvest_here(migrated_database_url, _second(urls))
    database = open_engine(migrated_database_url)
    # As a beat does as soon as the file says so.
    keep_endpoint(database, renamed, declared=True)
    database.dispose()
    assert [each["change"] for each in _moved(migrated_database_url, renamed)] == ["changed"] * 3
    afresh = new_database()
    harvest_here(afresh, _first(urls, name="third", priority=20))
    harvest_here(afresh, _second(urls))
    assert live_catalogue(migrated_database_url) == live_catalogue(afresh)

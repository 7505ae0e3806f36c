"""Both items of one record deleted on one page: the harvest comes to an end, and the record says what was said last."""

from database_rows import rows
from equality import assert_feed_leads_here
from harvesting import endpoint_at, harvest_here, selection_of
from watching import Watch

from ingest.ledger import Run, Verdict
from workers.demo.items import Item
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

ENOUGH = 5
"""Requests for the one page after which a harvest is stopped: it would ask for ever."""
_METADATA = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>{title}</dc:title><dc:identifier>Record ID 1</dc:identifier></oai_dc:dc>"
)


def item(name: str, *, datestamp: str, deleted: bool = False) -> Item:
    """Make one of the record's items; its title is its name."""
    return Item(
        identifier=f"oai:tested:{name}",
        datestamp=f"{datestamp}T00:00:00Z",
        formats={"oai_dc": _METADATA.format(title=name).encode()},
        deleted=deleted,
    )


def harvest_all(database_url: str, *items: Item) -> Run:
    """Read everything that a repository of these items holds, which is one page."""
    watch = Watch()
    with serve(DemoRepository(items=items), middleware=watch) as base_url:
        endpoint = endpoint_at(base_url, record_id={"element": "identifier", "pattern": r"^Record ID (\d+)$"})
        selection = selection_of(endpoint, full=True)
        return harvest_here(database_url, endpoint, selection=selection, stop=lambda: len(watch.lists) > ENOUGH)


def test_a_harvest_of_the_tombstones_of_all_items_of_a_record_ends(migrated_database_url: str) -> None:
    """The item that was silent is deleted last: it speaks from now on, and its description is asked for once."""
    harvest_all(migrated_database_url, item("A", datestamp="2024-02-01"), item("B", datestamp="2024-01-01"))
    said = "SELECT record_id, title, deleted, oai_identifier FROM catalogue_records"
    assert [row["title"] for row in rows(migrated_database_url, said)] == ["A"]
    run = harvest_all(
        migrated_database_url,
        item("A", datestamp="2024-03-01", deleted=True),
        item("B", datestamp="2024-03-02", deleted=True),
    )
    assert (run.verdict, run.total("deleted")) == (Verdict.COMPLETE, 2)
    assert rows(migrated_database_url, said) == [
        {"record_id": "1", "title": "B", "deleted": 1, "oai_identifier": "oai:tested:B"}
    ]
    assert_feed_leads_here(migrated_database_url)

"""What is read outside a page's transaction."""

from collections.abc import Iterable

from sqlalchemy import Connection

from ingest.store.answers import KnownItem, StoredItem
from ingest.store.engine import Database, glance, reading
from ingest.store.items import known_items, stored_items


def look_up_items(
    database: Database, *, endpoint_id: int, metadata_prefix: str, identifiers: Iterable[str]
) -> dict[str, KnownItem]:
    """Look up what is known of a page's items before they are described: what is unchanged need not be."""

    def look(connection: Connection) -> dict[str, KnownItem]:
        return known_items(
            connection, endpoint_id=endpoint_id, metadata_prefix=metadata_prefix, identifiers=identifiers
        )

    return glance(database, look)


def read_stored_items(database: Database, item_ids: Iterable[int]) -> tuple[StoredItem, ...]:
    """Read items with their XML, to describe those that speak from now on."""
    with reading(database) as connection:
        return stored_items(connection, item_ids)

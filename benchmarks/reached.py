"""Whether a harvest has reached what the provider holds: the digest of all its records, and how many rows tell of them.

It is read back through the store and the catalogue views, whatever shape the tables have.
"""

import json
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from lxml import etree
from sqlalchemy import text

from benchmarks.corpus import digest_of_all, digest_of_said
from benchmarks.errors import Wrong
from benchmarks.running import CORES
from benchmarks.shelf import Contents
from ingest.records import Header
from ingest.store.engine import Database, open_engine, reading
from ingest.store.reading import read_stored_items

_CHUNK, _SHARE = 500, 10_000
"""Items that are read at once, and by one process before it is given more."""
_NEWEST = text("SELECT max(id) FROM items")
_HEADERS = text(
    "SELECT oai_identifier, datestamp, deleted, sets FROM catalogue_items "
    "WHERE record_key IN (SELECT record_key FROM items WHERE id BETWEEN :first AND :last)"
)
_COUNTS = {
    "items": "SELECT count(*) FROM catalogue_items",
    "deleted items": "SELECT count(*) FROM catalogue_items WHERE deleted",
    "live records": "SELECT count(*) FROM catalogue_records WHERE NOT deleted",
    "records with rights": "SELECT count(DISTINCT record_key) FROM catalogue_rights",
    "records with a source": "SELECT count(DISTINCT record_key) FROM catalogue_sources",
    "changes": "SELECT count(*) FROM catalogue_changes",
}


def digest_of_read(read: Iterable[tuple[Header, bytes | None]]) -> str:
    """Digest headers and metadata of records as they were read."""
    return digest_of_all(
        _digest((header.identifier, header.datestamp, header.set_specs, header.deleted), metadata)
        for header, metadata in read
    )


def check(database_url: str, expected: Contents, *, changes: int) -> None:
    """Raise Wrong where a database does not hold exactly what the provider does, after so many changes."""
    database = open_engine(database_url)
    live = expected.records - expected.deleted
    wanted = dict(zip(_COUNTS, (expected.records, expected.deleted, live, live, live, changes), strict=True))
    with reading(database) as connection:
        counted = {name: int(connection.scalar(text(query)) or 0) for name, query in _COUNTS.items()}
        newest = int(connection.scalar(_NEWEST) or 0)
    database.dispose()
    if counted != wanted:
        raise Wrong(f"the database holds {counted}, not {wanted}")
    reached = digest_of_all(_kept(database_url, newest))
    if reached != expected.digest:
        raise Wrong(f"the records in the database have the digest {reached}, those served {expected.digest}")


def _kept(database_url: str, newest: int) -> Iterator[bytes]:
    """Digest all items, with all cores: a million take minutes to read."""
    with ProcessPoolExecutor(len(CORES), mp_context=get_context("spawn")) as pool:
        for digests in pool.map(partial(_digests, database_url), range(1, newest + 1, _SHARE)):
            yield from digests


def _digests(database_url: str, first: int) -> list[bytes]:
    database = open_engine(database_url)
    found = [
        digest
        for start in range(first, first + _SHARE, _CHUNK)
        for digest in _of_chunk(database, start, start + _CHUNK)
    ]
    database.dispose()
    return found


def _of_chunk(database: Database, first: int, behind: int) -> Iterator[bytes]:
    with reading(database) as connection:
        rows = connection.execute(_HEADERS, {"first": first, "last": behind - 1})
        headers = {row.oai_identifier: row for row in rows}
    for stored in read_stored_items(database, range(first, behind)):
        row = headers[stored.record.header.identifier]
        # PostgreSQL gives a list, SQLite its text.
        sets = json.loads(row.sets) if isinstance(row.sets, str) else row.sets
        yield _digest((row.oai_identifier, row.datestamp, sets, bool(row.deleted)), stored.record.metadata)


def _digest(header: tuple[str, str | None, Iterable[str], bool], metadata: bytes | None) -> bytes:
    identifier, datestamp, sets, deleted = header
    root = etree.fromstring(metadata) if metadata and not deleted else ()
    elements = [part for child in root for part in (etree.QName(child).localname, child.text or "")]
    return digest_of_said(identifier, datestamp or "", ",".join(sets), str(deleted), *elements)

"""All that is done before the database: fetch, parse, describe, normalise, digest."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from benchmarks.clock import Clock
from benchmarks.corpus import PREFIX
from benchmarks.endpoint import declared, settings_of
from benchmarks.errors import Wrong
from benchmarks.reached import digest_of_read
from ingest.descriptions import Described
from ingest.endpoints import Profile
from ingest.keep import describe_or_reject
from ingest.operator_tables import NO_TABLES
from ingest.profiles import profile_of
from ingest.protocol.ahead import Reader
from ingest.protocol.client import Repository
from ingest.protocol.datestamps import sort_key
from ingest.records import Header, ListRequest, Page, Record, Rejection, ResumptionToken
from ingest.store.digests import header_digest, item_digest, record_digest
from workers.garbage import look_seldom
from workers.repositories import open_repository

_PATIENCE_SECONDS = 60


def run(clock: Clock, *, url: str) -> dict[str, Any]:
    """Read and describe a whole list, one page ahead as a harvest does; what was read is checked after the time.

    Of each record header and metadata are kept for that: a record itself would keep the tree of its whole page.
    """
    endpoint = declared(url)
    profile = profile_of(endpoint)
    read: list[tuple[Header, bytes | None]] = []
    look_seldom()
    with open_repository(endpoint, settings_of(), wait=lambda _seconds: None, on_wait=None) as repository, clock:
        for page in _pages(repository):
            read.extend(_taken(element, profile) for element in page.elements)
    deleted = sum(header.deleted for header, _ in read)
    return {"records": len(read), "deleted": deleted, "digest": digest_of_read(read)}


def _pages(repository: Repository) -> Iterator[Page]:
    reader: Reader[Page] = Reader()
    reader.ask(partial(repository.list_records, ListRequest(metadata_prefix=PREFIX)))
    while reader.waiting:
        page = reader.take(_PATIENCE_SECONDS)
        if page is None:
            raise Wrong(f"no page came within {_PATIENCE_SECONDS} seconds")
        if page.token and page.token.value:
            reader.ask(partial(repository.list_records, ResumptionToken(value=page.token.value)))
        yield page
    reader.close()


def _taken(element: Record | Rejection, profile: Profile) -> tuple[Header, bytes | None]:
    """Do what is done with a new record before it is handed to the store, and digest what it will say."""
    if isinstance(element, Rejection):
        raise Wrong(f"a record was rejected: {element.message}")
    item_digest(element)
    header_digest(element.header)
    sort_key(element.header.datestamp)
    described = describe_or_reject(element, metadata_prefix=PREFIX, profile=profile, tables=NO_TABLES)
    if not isinstance(described, Described):
        raise Wrong(f"a record was rejected: {described.message}")
    if described.understood:
        record_digest(described.content)
    return element.header, element.metadata

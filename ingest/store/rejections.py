"""Rejections: what could not be taken in, kept with its bytes until the same record succeeds."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from ingest.records import Rejection
from ingest.store import tables
from ingest.store.answers import PageWrite
from ingest.store.compression import compress
from ingest.store.digests import digest
from ingest.store.driver import ask
from ingest.store.types import among
from ingest.store.upserts import insert_into

_rejections = tables.rejections.c
_LONGEST_FINGERPRINT = 2000


def keep_rejections(connection: Connection, page: PageWrite, now: datetime) -> None:
    """Write a page's rejections; one met before is counted up and shown as it is now."""
    if not page.rejections:
        return
    statement = insert_into(tables.rejections, connection.dialect.name)
    new = statement.excluded
    again = statement.on_conflict_do_update(
        index_elements=("endpoint_id", "metadata_prefix", "fingerprint"),
        set_={
            "run_id": new.run_id,
            "stage": new.stage,
            "reason": new.reason,
            "message": new.message,
            "content": new.content,
            "attempts": _rejections.attempts + 1,
            "last_seen_at": new.last_seen_at,
            "released_at": None,
        },
    )
    rows = {fingerprint(rejection): rejection for rejection in page.rejections}
    connection.execute(
        again,
        [
            {
                "endpoint_id": page.lease.endpoint_id,
                "run_id": page.lease.run_id,
                "metadata_prefix": page.voices.metadata_prefix,
                "fingerprint": name,
                "oai_identifier": rejection.identifier,
                "stage": rejection.stage,
                "reason": rejection.reason,
                "message": rejection.message,
                "content": compress(rejection.content),
                "first_seen_at": now,
                "last_seen_at": now,
            }
            for name, rejection in sorted(rows.items())
        ],
    )


def fingerprint(rejection: Rejection) -> str:
    """Give the identifier, or a digest where there is none or none that an index can hold."""
    if rejection.identifier and len(rejection.identifier.encode()) <= _LONGEST_FINGERPRINT:
        return rejection.identifier
    parts = [rejection.identifier.encode()] if rejection.identifier else []
    return digest([*parts, rejection.content]).hex()


_MINE = (
    _rejections.endpoint_id == bindparam("of_endpoint"),
    _rejections.metadata_prefix == bindparam("of_prefix"),
    _rejections.released_at.is_(None),
)
_ANY = select(_rejections.id).where(*_MINE).limit(1)
_RELEASED = (
    update(tables.rejections)
    .where(*_MINE, among(_rejections.fingerprint, "identifiers"))
    .values(released_at=bindparam("now"))
)


def release_rejections(connection: Connection, page: PageWrite, now: datetime) -> None:
    """Mark the rejections whose record has now been taken in."""
    mine = {"of_endpoint": page.lease.endpoint_id, "of_prefix": page.voices.metadata_prefix}
    if ask(connection, _ANY, mine):
        identifiers = sorted({answer.identifier for answer in page.answers})
        connection.execute(_RELEASED, {**mine, "identifiers": identifiers, "now": now})

"""What the showing commands read of records: how they are found, and all that stands behind them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from ingest.descriptions import Json
from ingest.store import ledger_tables, tables
from ingest.store.compression import decompress
from ingest.store.contents import read_rows
from ingest.store.engine import Database, reading, snapshot
from ingest.store.show_history import ShownVersion, read_history

_records = tables.records.c
_items = tables.items.c
# A key is given out before its record has content: until the first version is written there is nothing to show.
_WRITTEN = _records.version > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordName:
    """A record, named."""

    record_key: int
    namespace: str
    record_id: str

    def __str__(self) -> str:
        """Write the name as a command takes it."""
        return f"{self.namespace}:{self.record_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownItem:
    """An item of a record."""

    endpoint: str
    oai_identifier: str
    metadata_prefix: str
    datestamp: str | None
    deleted: bool
    speaks: bool
    format: str | None
    understood: bool
    sets: tuple[str, ...]
    origin_base_url: str | None
    origin_identifier: str | None
    origins: Json
    """All that its provenance names, the outermost first, as ``catalogue_items`` tells them."""
    first_seen_at: datetime
    xml: bytes | None
    """The last live metadata, byte for byte as it came."""
    about: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRecord:
    """A record as it stands, its items with the one that speaks first, and how it came to say this."""

    name: RecordName
    content: Json
    """Field name -> value, as a version keeps it: ``rights``, ``donors`` and ``sources`` are lists of objects."""
    version: int
    deleted: bool
    merged_into: RecordName | None
    created_at: datetime
    changed_at: datetime
    forgotten_at: datetime | None
    """When a person had it forgotten; then only its names are left."""
    forgotten_reason: str | None
    items: tuple[ShownItem, ...]
    history: tuple[ShownVersion, ...]
    """Its versions, oldest first: as it stands is the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRejection:
    """What could not be taken in so far."""

    oai_identifier: str | None
    reason: str
    message: str


# --- names ----------------------------------------------------------------------------------------


def endpoint_names(database: Database) -> tuple[str, ...]:
    """Name every endpoint that the database knows."""
    with reading(database) as connection:
        return tuple(
            connection.scalars(select(ledger_tables.endpoints.c.name).order_by(ledger_tables.endpoints.c.name))
        )


def newest_cursor(database: Database) -> str:
    """Name the newest place in the feed, ``FEED_ID:NUMBER``."""
    with reading(database) as connection:
        feed_id, number = connection.execute(select(tables.feed.c.feed_id, tables.feed.c.newest_cursor)).one()
        return f"{feed_id}:{number}"


# --- finding records ------------------------------------------------------------------------------


def find_records(database: Database, name: str) -> tuple[RecordName, ...]:
    """Find what a person calls a record: ``NAMESPACE:RECORD_ID``, else a record ID or an OAI identifier.

    Several are given where one record ID stands in several namespaces.
    """
    with reading(database) as connection:
        whole = [
            and_(_records.namespace == name[:place], _records.record_id == name[place + 1 :])
            for place, sign in enumerate(name)
            if sign == ":"
        ]
        return (_named(connection, or_(*whole)) if whole else ()) or _named(
            connection,
            or_(
                _records.record_id == name,
                _records.key.in_(select(_items.record_key).where(_items.oai_identifier == name)),
            ),
        )


def written_records(database: Database) -> tuple[RecordName, ...]:
    """Name every record, in the order in which they were first met."""
    with reading(database) as connection:
        return _named(connection, _WRITTEN)


def _named(connection: Connection, condition: ColumnElement[bool]) -> tuple[RecordName, ...]:
    query = select(_records.key, _records.namespace, _records.record_id).where(condition, _WRITTEN)
    return tuple(
        RecordName(record_key=key, namespace=namespace, record_id=record_id)
        for key, namespace, record_id in connection.execute(query.order_by(_records.key))
    )


def open_rejections(database: Database, *, identifier: str | None = None) -> tuple[ShownRejection, ...]:
    """Read what could not be taken in and has not succeeded since: all of it, or that of one OAI identifier."""
    table = tables.rejections.c
    query = select(table.oai_identifier, table.reason, table.message).where(table.released_at.is_(None))
    if identifier is not None:
        query = query.where(table.oai_identifier == identifier)
    with reading(database) as connection:
        return tuple(
            ShownRejection(oai_identifier=row.oai_identifier, reason=row.reason, message=row.message)
            for row in connection.execute(query.order_by(table.id))
        )


def why_no_record(database: Database, identifier: str) -> str | None:
    """Say why an OAI identifier that a repository sent has no record; None where it is not known at all."""
    for rejection in open_rejections(database, identifier=identifier):
        return f"it was rejected, {rejection.reason}: {rejection.message}"
    with reading(database) as connection:
        if connection.scalar(select(_items.id).where(_items.oai_identifier == identifier).limit(1)) is not None:
            return "only its deletion was ever seen, and that does not tell the record ID"
    return None


# --- one record -----------------------------------------------------------------------------------


def read_record(database: Database, record_key: int) -> ShownRecord:
    """Read a record with its items and history, as one moment shows them. Raises LookupError where there is none."""
    with snapshot(database) as connection:
        row = connection.execute(select(tables.records).where(_records.key == record_key)).first()
        if row is None:
            message = f"there is no record with the key {record_key}"
            raise LookupError(message)
        content = json.loads(read_rows(connection, [record_key])[record_key].as_json())
        return ShownRecord(
            name=RecordName(record_key=row.key, namespace=row.namespace, record_id=row.record_id),
            content=content,
            version=row.version,
            deleted=row.deleted,
            merged_into=_one_name(connection, row.merged_into),
            created_at=row.created_at,
            changed_at=row.changed_at,
            forgotten_at=row.forgotten_at,
            forgotten_reason=row.forgotten_reason,
            items=_shown_items(connection, record_key, speaking=row.item_id),
            history=read_history(connection, row, content),
        )


def _one_name(connection: Connection, record_key: int | None) -> RecordName | None:
    return None if record_key is None else next(iter(_named(connection, _records.key == record_key)), None)


def _shown_items(connection: Connection, record_key: int, *, speaking: int | None) -> tuple[ShownItem, ...]:
    sets: dict[int, list[str]] = {}
    of_record = select(_items.id).where(_items.record_key == record_key)
    of_items = select(tables.item_sets).where(tables.item_sets.c.item_id.in_(of_record))
    for item_id, set_spec in connection.execute(of_items.order_by(tables.item_sets.c.set_spec)):
        sets.setdefault(item_id, []).append(set_spec)
    query = select(tables.items, ledger_tables.endpoints.c.name.label("endpoint")).join(ledger_tables.endpoints)
    rows = connection.execute(query.where(_items.record_key == record_key).order_by(_items.id)).all()
    rows = sorted(rows, key=lambda row: row.id != speaking)
    return tuple(_shown_item(row, sets.get(row.id, []), speaks=row.id == speaking) for row in rows)


_COPIED = ("endpoint", "oai_identifier", "metadata_prefix", "datestamp", "deleted", "format", "understood")
_ALSO_COPIED = ("origin_base_url", "origin_identifier", "first_seen_at")


def _shown_item(row: Row[*tuple[Any, ...]], sets: list[str], *, speaks: bool) -> ShownItem:
    return ShownItem(
        **{name: getattr(row, name) for name in (*_COPIED, *_ALSO_COPIED)},
        speaks=speaks,
        sets=tuple(sets),
        origins=json.loads(row.origins),
        xml=_decompressed(row.xml, bytes),
        about=_decompressed(row.about, lambda kept: tuple(json.loads(kept))) or (),
    )


def _decompressed(kept: bytes | None, read: Callable[[bytes], Any]) -> Any:
    return None if kept is None else read(decompress(kept))

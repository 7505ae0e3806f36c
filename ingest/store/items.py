"""Items: what one repository says under one identifier and metadataPrefix."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from ingest.descriptions import Origin
from ingest.endpoints import kept_profile
from ingest.records import Header, Record
from ingest.store import tables
from ingest.store.answers import Answer, KnownItem, Move, StoredItem, Voices
from ingest.store.compression import compress, decompress
from ingest.store.digests import FORGOTTEN, to_json

Key = TypeVar("Key", str, int)

ORIGIN_COLUMNS = ("origin_base_url", "origin_identifier", "origins")
_CHUNK = 500
_items = tables.items.c
_RANK = (_items.run_id, _items.response_date, _items.datestamp_key, _items.digest)


def in_chunks(keys: Iterable[Key]) -> Iterator[Sequence[Key]]:
    """Cut a long list of keys into pieces that every database takes as parameters of one statement."""
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


def known_items(
    connection: Connection, *, endpoint_id: int, metadata_prefix: str, identifiers: Iterable[str]
) -> dict[str, KnownItem]:
    """Look up what is known of the items of one list."""
    state = (_items.record_key, _items.deleted, _items.understood, _items.header_digest, _items.profile_id)
    columns = (_items.id, _items.oai_identifier, *state, *_RANK)
    known: dict[str, KnownItem] = {}
    for chunk in in_chunks(identifiers):
        query = select(*columns).where(
            _items.endpoint_id == endpoint_id,
            _items.metadata_prefix == metadata_prefix,
            _items.oai_identifier.in_(chunk),
        )
        known.update((row.oai_identifier, _known(row)) for row in connection.execute(query))
    return known


def _known(row: Row[*tuple[Any, ...]]) -> KnownItem:
    return KnownItem(
        item_id=row.id,
        record_key=row.record_key,
        deleted=row.deleted,
        understood=row.understood,
        digest=row.digest,
        header_digest=row.header_digest,
        profile_id=row.profile_id,
        rank=(row.run_id, row.response_date, row.datestamp_key, row.digest),
    )


def write_items(
    connection: Connection,
    moves: Mapping[str, tuple[Move, Answer]],
    *,
    endpoint_id: int,
    voices: Voices,
    record_keys: Mapping[str, int | None],
    now: datetime,
) -> None:
    """Write the items that a page moves; an item is replaced only where the answer's rank is greater.

    ``record_keys`` says to which record each identifier belongs; None: no record.
    """
    live: list[dict[str, Any]] = []
    tombstones: list[dict[str, Any]] = []
    headers: list[dict[str, Any]] = []
    for identifier, (move, answer) in moves.items():
        if move is Move.HEADER:
            headers.append(_header_values(answer) | {"the_identifier": identifier})
            continue
        values = {
            "endpoint_id": endpoint_id,
            "metadata_prefix": voices.metadata_prefix,
            "oai_identifier": identifier,
            "record_key": record_keys[identifier],
            "first_seen_at": now,
            **_header_values(answer),
            **_described_values(answer, voices),
        }
        keeps = answer.record.header.deleted and answer.digest != FORGOTTEN
        (tombstones if keeps else live).append(values)
    _upsert(connection, live, kept=())
    # A tombstone keeps the record that its item had, and what it last said.
    _upsert(
        connection,
        tombstones,
        kept=("record_key", "understood", "format", *ORIGIN_COLUMNS, "xml", "about"),
    )
    _move_headers(connection, headers, endpoint_id=endpoint_id, metadata_prefix=voices.metadata_prefix)


def _header_values(answer: Answer) -> dict[str, Any]:
    run_id, response_date, datestamp_key, _digest = answer.rank
    return {
        "datestamp": answer.record.header.datestamp,
        "datestamp_key": datestamp_key,
        "response_date": response_date,
        "run_id": run_id,
        "header_digest": answer.header_digest,
    }


def _described_values(answer: Answer, voices: Voices) -> dict[str, Any]:
    record, described = answer.record, answer.described
    about = to_json([part.decode() for part in record.about]).encode() if record.about else None
    return {
        "deleted": record.header.deleted,
        "digest": answer.digest,
        "profile_id": voices.profile_id,
        "understood": described.understood if described else False,
        "format": described.format if described else None,
        "priority": voices.priority,
        "prefix_position": voices.prefix_position,
        **origin_values(described.origins if described else ()),
        "xml": compress(record.metadata) if record.metadata else None,
        "about": compress(about) if about else None,
    }


def origin_values(origins: tuple[Origin, ...]) -> dict[str, Any]:
    """Give the columns that say where an item comes from; what an origin does not tell is left out of its object."""
    told = [{name: value for name, value in asdict(origin).items() if value is not None} for origin in origins]
    first = origins[-1] if origins else None
    named = (first.base_url, first.identifier) if first else (None, None)
    return dict(zip(ORIGIN_COLUMNS, (*named, to_json(told)), strict=True))


_KEY = ("endpoint_id", "metadata_prefix", "oai_identifier")


def _upsert(connection: Connection, rows: list[dict[str, Any]], *, kept: tuple[str, ...]) -> None:
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(tables.items)
    new = statement.excluded
    replaced = {name: new[name] for name in rows[0] if name not in {*_KEY, *kept, "first_seen_at"}}
    greater = tuple_(*_RANK) < tuple_(new.run_id, new.response_date, new.datestamp_key, new.digest)
    connection.execute(
        statement.on_conflict_do_update(index_elements=_KEY, set_=replaced, where=greater),
        sorted(rows, key=lambda row: str(row["oai_identifier"])),
    )


def _move_headers(
    connection: Connection, rows: list[dict[str, Any]], *, endpoint_id: int, metadata_prefix: str
) -> None:
    if not rows:
        return
    moved = update(tables.items).where(
        _items.endpoint_id == endpoint_id,
        _items.metadata_prefix == metadata_prefix,
        _items.oai_identifier == bindparam("the_identifier"),
    )
    values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "the_identifier"}
    connection.execute(moved.values(values), sorted(rows, key=lambda row: str(row["the_identifier"])))


def write_sets(connection: Connection, set_specs: Mapping[int, tuple[str, ...]]) -> None:
    """Replace the sets of items by those of their newest headers (item -> setSpecs)."""
    for chunk in in_chunks(set_specs):
        connection.execute(delete(tables.item_sets).where(tables.item_sets.c.item_id.in_(chunk)))
    rows = [
        {"item_id": item_id, "set_spec": set_spec}
        for item_id, specs in set_specs.items()
        for set_spec in sorted(set(specs))
    ]
    if rows:
        connection.execute(insert(tables.item_sets), rows)


def stored_items(connection: Connection, item_ids: Iterable[int]) -> tuple[StoredItem, ...]:
    """Read items with their XML and the profile that each is described by."""
    columns = (
        _items.id,
        _items.digest,
        _items.oai_identifier,
        _items.datestamp,
        _items.metadata_prefix,
        _items.xml,
        _items.about,
        _items.profile_id,
        tables.profiles.c.content,
    )
    return tuple(
        _stored(row)
        for chunk in in_chunks(item_ids)
        for row in connection.execute(select(*columns).join(tables.profiles).where(_items.id.in_(chunk)))
    )


def _stored(row: Row[*tuple[Any, ...]]) -> StoredItem:
    about = json.loads(decompress(row.about)) if row.about else []
    return StoredItem(
        item_id=row.id,
        digest=row.digest,
        metadata_prefix=row.metadata_prefix,
        profile_id=row.profile_id,
        profile=kept_profile(row.content),
        # Described as it last was when live: what a deleted record keeps is what it last said.
        record=Record(
            header=Header(identifier=row.oai_identifier, datestamp=row.datestamp),
            metadata=decompress(row.xml) if row.xml else None,
            about=tuple(part.encode() for part in about),
        ),
    )

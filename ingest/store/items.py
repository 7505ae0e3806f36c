"""Items: what one repository says under one identifier and metadataPrefix."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Update, bindparam, delete, exc, select, tuple_, update

from ingest.descriptions import Origin
from ingest.endpoints import kept_profile
from ingest.records import Header, Record
from ingest.store import tables
from ingest.store.answers import Answer, KnownItem, Move, StoredItem, Voices
from ingest.store.compression import compress, decompress
from ingest.store.digests import FORGOTTEN, to_json
from ingest.store.driver import Values, ask, ask_raw
from ingest.store.leases import Lease
from ingest.store.many import insert_many, write_many
from ingest.store.types import among, instant_for

Key = TypeVar("Key", str, int)

ORIGIN_COLUMNS = ("origin_base_url", "origin_identifier", "origins")
_NO_ORIGIN = (None, None, to_json([]))
_CHUNK = 500
_IS_THERE = "23505"
"""PostgreSQL's code for a key that somebody else has inserted; SQLite has one writer."""
_items = tables.items.c
_RANK = (_items.run_id, _items.response_date, _items.datestamp_key, _items.digest)


def in_chunks(keys: Iterable[Key]) -> Iterator[Sequence[Key]]:
    """Cut a long list of keys into pieces that every database takes as parameters of one statement."""
    ordered = sorted(set(keys))
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]


_OF_LIST = (_items.endpoint_id == bindparam("endpoint_id"), _items.metadata_prefix == bindparam("metadata_prefix"))
_KNOWN = select(
    _items.oai_identifier,
    _items.id,
    _items.record_key,
    _items.deleted,
    _items.understood,
    _items.digest,
    _items.header_digest,
    _items.profile_id,
    *_RANK[:-1],
).where(*_OF_LIST, among(_items.oai_identifier, "identifiers"))


class Known(dict[str, KnownItem]):
    """What is known of items, by identifier, with the driver's rows that told it."""

    rows: Sequence[Values] = ()


def known_items(
    connection: Connection,
    *,
    endpoint_id: int,
    metadata_prefix: str,
    identifiers: Iterable[str],
    before: Mapping[str, KnownItem] | None = None,
) -> dict[str, KnownItem]:
    """Look up what is known of the items of one list; ``before`` itself where that has not moved since it was read."""
    asked = {"endpoint_id": endpoint_id, "metadata_prefix": metadata_prefix, "identifiers": sorted(set(identifiers))}
    rows = ask_raw(connection, _KNOWN, asked) if asked["identifiers"] else []
    if isinstance(before, Known) and before.rows == rows:
        return before
    known = Known((row[0], _known(row)) for row in rows)
    known.rows = rows
    return known


def _known(row: Values) -> KnownItem:
    _, item_id, record_key, deleted, understood, digest, header_digest, profile_id, *earlier = row
    rank = (*earlier, digest)
    # SQLite's driver tells truths as numbers.
    return KnownItem(item_id, record_key, deleted == 1, understood == 1, digest, header_digest, profile_id, rank)


def write_items(
    connection: Connection,
    moves: Mapping[str, tuple[Move, Answer]],
    *,
    after: Mapping[str, KnownItem],
    new: Collection[str],
    lease: Lease,
    voices: Voices,
    now: datetime,
) -> bool:
    """Write the items that a page moves; an item is replaced only where the answer's rank is greater.

    ``after`` holds the key and the record that each is going to have, ``new`` the identifiers of those that are not
    there yet. False where another worker was faster with any of them; then the transaction has to be taken back.
    """
    of_list = (lease.endpoint_id, voices.metadata_prefix, instant_for(now, connection.dialect))
    inserted: list[Values] = []
    replaced: dict[Update, list[Values]] = {_LIVE: [], _TOMBSTONE: [], _HEADER: []}
    for name, (move, answer) in sorted(moves.items()):
        item, values = after[name], _header_values(answer)
        if move is Move.ITEM:
            values = (*values, item.record_key, *_described_values(answer, voices))
        if name in new:
            inserted.append((item.item_id, name, *of_list, *values))
        else:
            replaced[_replacement(move, answer)].append((item.item_id, *values))
    try:
        insert_many(connection, tables.items, _INSERTED, inserted)
    except exc.IntegrityError as error:
        if getattr(error.orig, "sqlstate", None) != _IS_THERE:
            raise
        return False
    written = sum(
        write_many(connection, statement, _OF_HEADER if statement is _HEADER else _OF_ITEM, rows)
        for statement, rows in replaced.items()
    )
    return written + len(inserted) == len(moves)


def _replacement(move: Move, answer: Answer) -> Update:
    if move is Move.HEADER:
        return _HEADER
    return _TOMBSTONE if answer.record.header.deleted and answer.digest != FORGOTTEN else _LIVE


def _header_values(answer: Answer) -> Values:
    run_id, response_date, datestamp_key, _digest = answer.rank
    return answer.record.header.datestamp, datestamp_key, response_date, run_id, answer.header_digest


def _described_values(answer: Answer, voices: Voices) -> Values:
    record, described = answer.record, answer.described
    about = to_json([part.decode() for part in record.about]).encode() if record.about else None
    return (
        record.header.deleted,
        answer.digest,
        voices.profile_id,
        described.understood if described else False,
        described.format if described else None,
        voices.priority,
        voices.prefix_position,
        *origin_values(described.origins if described else ()),
        compress(record.metadata) if record.metadata else None,
        compress(about) if about else None,
    )


def origin_values(origins: tuple[Origin, ...]) -> Values:
    """Give the columns that say where an item comes from; what an origin does not tell is left out of its object."""
    if not origins:
        return _NO_ORIGIN
    told = [{name: value for name, value in asdict(origin).items() if value is not None} for origin in origins]
    first = origins[-1]
    return first.base_url, first.identifier, to_json(told)


_KEY = ("endpoint_id", "metadata_prefix", "oai_identifier")
_HEADER_COLUMNS = ("datestamp", "datestamp_key", "response_date", "run_id", "header_digest")
_DESCRIBED_COLUMNS = (
    "deleted",
    "digest",
    "profile_id",
    "understood",
    "format",
    "priority",
    "prefix_position",
    *ORIGIN_COLUMNS,
    "xml",
    "about",
)
_OF_HEADER = ("the_item", *_HEADER_COLUMNS)
_OF_ITEM = (*_OF_HEADER, "record_key", *_DESCRIBED_COLUMNS)
_INSERTED = ("id", "oai_identifier", "endpoint_id", "metadata_prefix", "first_seen_at", *_OF_ITEM[1:])
_REPLACED = tuple(name for name in _items.keys() if name not in {"id", *_KEY, "first_seen_at"})  # noqa: SIM118


def _replacing(*names: str) -> Update:
    """Replace columns of an item, where the rank of what comes is greater."""
    greater = tuple_(*_RANK) < tuple_(*(bindparam(column.name, type_=column.type) for column in _RANK))
    return update(tables.items).where(_THE_ITEM, greater).values({name: bindparam(name) for name in names})


_THE_ITEM = _items.id == bindparam("the_item")
_LIVE = _replacing(*_REPLACED)
# A tombstone keeps the record that its item had, and what it last said.
_KEPT_BY_TOMBSTONES = {"record_key", "understood", "format", *ORIGIN_COLUMNS, "xml", "about"}
_TOMBSTONE = _replacing(*(name for name in _REPLACED if name not in _KEPT_BY_TOMBSTONES))
_HEADER = update(tables.items).where(_THE_ITEM).values({name: bindparam(name) for name in _HEADER_COLUMNS})
_SETS_OF = delete(tables.item_sets).where(among(tables.item_sets.c.item_id, "item_ids"))


def write_sets(connection: Connection, set_specs: Mapping[int, tuple[str, ...]], *, old: Collection[int]) -> None:
    """Write the sets of items by their newest headers (item -> setSpecs); ``old`` items may have others, which go."""
    if old:
        ask(connection, _SETS_OF, {"item_ids": sorted(old)})
    rows = [(item_id, set_spec) for item_id, specs in set_specs.items() for set_spec in sorted(set(specs))]
    insert_many(connection, tables.item_sets, ("item_id", "set_spec"), rows)


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

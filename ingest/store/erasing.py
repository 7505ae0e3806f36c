"""What a forgotten record's items say is erased, wherever it stands; their names stay, so that they are known again."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from sqlalchemy import Connection, delete, select, update

from ingest.records import Header, Record
from ingest.store import tables
from ingest.store.answers import Answer, Comparison, Move, Outcome, PageWrite
from ingest.store.digests import FORGOTTEN
from ingest.store.items import in_chunks

_items = tables.items.c
_records = tables.records.c
_rejections = tables.rejections.c
_FORGOTTEN = _records.forgotten_at.is_not(None)
_SHORN = {
    "digest": FORGOTTEN,
    "header_digest": FORGOTTEN,
    "deleted": True,
    # There is nothing that any crosswalk should have known.
    "understood": True,
    "datestamp": None,
    "format": None,
    "origin_base_url": None,
    "origin_identifier": None,
    "origins": "[]",
    "xml": None,
    "about": None,
}


def erase_items(connection: Connection, item_ids: Collection[int]) -> int:
    """Erase all that items say, and the bytes of rejections under their identifiers; give how many rejections.

    The records that the items belong to are locked by the caller.
    """
    erased = 0
    for chunk in in_chunks(item_ids):
        connection.execute(delete(tables.item_sets).where(tables.item_sets.c.item_id.in_(chunk)))
        # What is not live any more is missed by nobody: sweeps would tell of it for ever.
        connection.execute(delete(tables.misses).where(tables.misses.c.item_id.in_(chunk)))
        connection.execute(update(tables.items).where(_items.id.in_(chunk)).values(_SHORN))
        names = connection.execute(select(_items.endpoint_id, _items.oai_identifier).where(_items.id.in_(chunk)))
        by_endpoint: dict[int, set[str]] = {}
        for endpoint_id, identifier in names:
            by_endpoint.setdefault(endpoint_id, set()).add(identifier)
        for endpoint_id, identifiers in sorted(by_endpoint.items()):
            theirs = (_rejections.endpoint_id == endpoint_id, _rejections.oai_identifier.in_(identifiers))
            erased += connection.execute(delete(tables.rejections).where(*theirs)).rowcount
    return erased


def without_forgotten(
    page: PageWrite, comparison: Comparison, record_keys: Mapping[str, int | None], forgotten: Collection[int]
) -> Comparison:
    """Let answers that come to a forgotten record bring nothing but their names: such an item is told as unchanged."""
    names = {name for name, key in record_keys.items() if key in forgotten}
    if not names:
        return comparison
    moves = {
        name: (Move.ITEM, _shorn(answer)) if name in names else (move, answer)
        for name, (move, answer) in comparison.moves.items()
    }
    outcomes = tuple(
        Outcome.UNCHANGED if answer.identifier in names else outcome
        for answer, outcome in zip(page.answers, comparison.outcomes, strict=True)
    )
    return replace(comparison, moves=moves, outcomes=outcomes)


def _shorn(answer: Answer) -> Answer:
    identifier = answer.identifier
    return answer._replace(
        record=Record(header=Header(identifier=identifier, datestamp=None, deleted=True), metadata=None),
        digest=FORGOTTEN,
        header_digest=FORGOTTEN,
        # Greater than that of any other answer of the same time.
        rank=(*answer.rank[:-1], FORGOTTEN),
        described=None,
    )


def without_forgotten_rejections(connection: Connection, page: PageWrite) -> PageWrite:
    """Let rejections under the identifiers of forgotten records' items bring nothing but these; else give the page."""
    identifiers = {each.identifier for each in page.rejections if each.identifier}
    if not identifiers or connection.execute(select(_records.key).where(_FORGOTTEN).limit(1)).first() is None:
        return page
    forgotten: set[str] = set()
    for chunk in in_chunks(identifiers):
        query = select(_items.oai_identifier).where(
            _items.endpoint_id == page.lease.endpoint_id,
            _items.oai_identifier.in_(chunk),
            _items.record_key.in_(select(_records.key).where(_FORGOTTEN)),
        )
        forgotten.update(connection.scalars(query))
    if not forgotten:
        return page
    names = tuple(each.identifier for each in page.rejections if each.identifier in forgotten)
    kept = tuple(each for each in page.rejections if each.identifier not in forgotten)
    return replace(page, rejections=kept, listed=(*page.listed, *names))

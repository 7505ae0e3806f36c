"""An endpoint's voice taken away: its items go, in batches, and its records are spoken for by others or deleted."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, delete, exists, func, or_, select, update

from ingest.descriptions import Described
from ingest.errors import RunRefused
from ingest.store import ledger_tables, tables
from ingest.store.answers import ItemState
from ingest.store.causes import Cause, Why
from ingest.store.digests import FORGOTTEN
from ingest.store.engine import reading, write
from ingest.store.feed import publish
from ingest.store.items import in_chunks
from ingest.store.locking import lock_records
from ingest.store.records import settle
from ingest.store.types import database_now
from ingest.store.wanted import DescriptionsWanted, RolledBack, write_or_want

_BATCH = 200
_endpoints = ledger_tables.endpoints.c
_items = tables.items.c
_records = tables.records.c
_runs = ledger_tables.runs.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirable:
    """What retiring an endpoint would do."""

    items: int
    rejections: int
    gaps: int
    deleted: int
    """Live records that nobody else speaks for."""
    handed_over: int
    """Live records that it speaks for, and that an item of another endpoint will speak for."""
    deleted_examples: tuple[str, ...]
    handed_over_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRetired:
    """What came of a batch; no ``items``: none was left."""

    items: int
    changes: Counter[str] = field(default_factory=Counter)


# --- what it would do -----------------------------------------------------------------------------


def read_retirable(engine: Engine, name: str, *, examples: int) -> Retirable | None:
    """Count what retiring an endpoint would do, with some examples; None where the database does not know it.

    Raises RunRefused where a run of it is active.
    """
    with reading(engine) as connection:
        key = connection.scalar(select(_endpoints.id).where(_endpoints.name == name))
        if key is None:
            return None
        _refuse_active(connection, key)
        rejections, gaps = tables.rejections, ledger_tables.gaps
        alone, shared = _only_speaker(key), _speaker_beside_others(key)
        return Retirable(
            items=_count(connection, select(func.count()).where(_speaking_of(key))),
            rejections=_count(connection, select(func.count()).where(rejections.c.endpoint_id == key)),
            gaps=_count(connection, select(func.count()).where(gaps.c.endpoint_id == key)),
            deleted=_count(connection, select(func.count(_records.key)).where(alone)),
            handed_over=_count(connection, select(func.count(_records.key)).where(shared)),
            deleted_examples=_examples(connection, alone, examples),
            handed_over_examples=_examples(connection, shared, examples),
        )


def _speaking_of(endpoint_id: int) -> ColumnElement[bool]:
    # What a forgotten record's items have left are names, and what keeps the record from coming back.
    return and_(_items.endpoint_id == endpoint_id, _items.digest != FORGOTTEN)


def _only_speaker(endpoint_id: int) -> ColumnElement[bool]:
    return and_(_spoken_for_by(endpoint_id), ~_live_elsewhere(endpoint_id))


def _speaker_beside_others(endpoint_id: int) -> ColumnElement[bool]:
    return and_(_spoken_for_by(endpoint_id), _live_elsewhere(endpoint_id))


def _spoken_for_by(endpoint_id: int) -> ColumnElement[bool]:
    of_endpoint = select(_items.id).where(_items.endpoint_id == endpoint_id)
    return and_(_records.deleted.is_(False), _records.item_id.in_(of_endpoint))


def _live_elsewhere(endpoint_id: int) -> ColumnElement[bool]:
    other = tables.items.alias()
    live = (other.c.record_key == _records.key, other.c.endpoint_id != endpoint_id, other.c.deleted.is_(False))
    return exists().where(*live)


def _count(connection: Connection, query: Select[int]) -> int:
    return connection.scalar(query) or 0


def _examples(connection: Connection, which: ColumnElement[bool], most: int) -> tuple[str, ...]:
    query = select(_records.namespace, _records.record_id).where(which).order_by(_records.key).limit(most)
    return tuple(f"{namespace}:{record_id}" for namespace, record_id in connection.execute(query))


# --- doing it -------------------------------------------------------------------------------------


def begin_retiring(engine: Engine, name: str) -> int:
    """Take an endpoint from the schedule, and let its coverage, gaps and rejections go; give its key.

    Whoever harvests it from then on begins anew, and ends its retirement. Raises RunRefused where a run is active.
    """

    def work(connection: Connection) -> int:
        key = int(connection.execute(select(_endpoints.id).where(_endpoints.name == name)).scalar_one())
        _hold(connection, key)
        retired = {"retired_at": func.coalesce(_endpoints.retired_at, database_now()), "declared": False}
        unscheduled = {"paused": False, "schedule": None, "next_due_at": None, "identify": None}
        unscheduled |= {"sweep": None, "next_sweep_at": None}
        connection.execute(update(ledger_tables.endpoints).where(_endpoints.id == key).values(retired | unscheduled))
        for table in (ledger_tables.gaps, ledger_tables.coverage, tables.rejections):
            connection.execute(delete(table).where(table.c.endpoint_id == key))
        return key

    return write(engine, work)


def _hold(connection: Connection, endpoint_id: int) -> bool:
    """Lock an endpoint, of which no run can begin until we have ended; give whether it is being retired."""
    held = select(_endpoints.retired_at).where(_endpoints.id == endpoint_id).with_for_update()
    retired_at = connection.execute(held).scalar_one()
    _refuse_active(connection, endpoint_id)
    return retired_at is not None


def _refuse_active(connection: Connection, endpoint_id: int) -> None:
    active = connection.scalar(select(_runs.id).where(_runs.endpoint_id == endpoint_id, _runs.ended_at.is_(None)))
    if active is not None:
        ending = f"finish it, or end it with `oai-ingest runs cancel {active}`, then retire the endpoint"
        raise RunRefused(f"run {active} of this endpoint is active; {ending}")


def retire_batch(
    engine: Engine, endpoint_id: int, *, descriptions: Mapping[ItemState, Described]
) -> BatchRetired | DescriptionsWanted:
    """Take away some of an endpoint's items, all those of a record together, in one transaction.

    ``descriptions`` of other items that speak from now on. Where such are wanted nothing is written. Raises RunRefused
    where somebody harvests the endpoint meanwhile, RetriableError where the records keep moving under other writers.
    """
    return write_or_want(engine, lambda connection: _retire(connection, endpoint_id, descriptions))


def _retire(connection: Connection, endpoint_id: int, descriptions: Mapping[ItemState, Described]) -> BatchRetired:
    now: datetime = connection.execute(select(database_now())).scalar_one()
    taken, keys = _next(connection, endpoint_id)
    locked = lock_records(connection, identities=(), pointed_to=keys, now=now)
    if not _hold(connection, endpoint_id):
        raise RunRefused("the endpoint has been harvested or declared anew meanwhile; what is left of it stays")
    items = _items_of(connection, endpoint_id, taken, keys)
    if any(key is not None and key not in locked.by_key for key in items.values()):
        # It has come to another record since we looked, which is not locked: begin again with it.
        raise RolledBack(None)
    for chunk in in_chunks(items):
        connection.execute(delete(tables.items).where(_items.id.in_(chunk)))
    settled = settle(
        connection,
        locked,
        contents={},
        described=descriptions,
        moved_to={},
        why=Why(cause=Cause.RETIRED),
        now=now,
    )
    if settled.silent:
        raise RolledBack(DescriptionsWanted(items=settled.silent))
    publish(connection, settled.changes, now)
    return BatchRetired(items=len(items), changes=Counter(change.change for change in settled.changes))


def _next(connection: Connection, endpoint_id: int) -> tuple[list[int], list[int]]:
    """Name the next items, and the records that they belong to."""
    query = (
        select(_items.id, _items.record_key)
        .where(_speaking_of(endpoint_id))
        .order_by(_items.metadata_prefix, _items.oai_identifier)
        .limit(_BATCH)
    )
    rows = connection.execute(query).all()
    return [row.id for row in rows], sorted({row.record_key for row in rows if row.record_key is not None})


def _items_of(connection: Connection, endpoint_id: int, taken: list[int], keys: list[int]) -> dict[int, int | None]:
    """Give the items taken and all others of the endpoint that belong to the same records, with the record of each."""
    theirs = or_(_items.id.in_(taken), _items.record_key.in_(keys))
    query = select(_items.id, _items.record_key).where(_speaking_of(endpoint_id), theirs).order_by(_items.id)
    return {row.id: row.record_key for row in connection.execute(query.with_for_update())}

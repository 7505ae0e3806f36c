"""Endpoints as the database knows them: the key that outlives a change of name, and the profiles they describe by."""

import json
from dataclasses import replace
from functools import lru_cache

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Connection, Engine, and_, exists, select, update
from sqlalchemy.exc import NoResultFound

from ingest.endpoints import Endpoint, Profile
from ingest.identify_values import DeletedRecord
from ingest.ledger import Coverage
from ingest.operator_tables import NO_TABLES, OperatorTables
from ingest.store import ledger_tables, tables
from ingest.store.answers import StoredItem
from ingest.store.coverage import coverages_of, covered_lists
from ingest.store.digests import profile_digest, to_json
from ingest.store.engine import reading, write
from ingest.store.types import database_now
from ingest.store.upserts import insert_into

_endpoints = ledger_tables.endpoints.c


def keep_endpoint(engine: Engine, endpoint: Endpoint, *, declared: bool) -> int:
    """Write an endpoint as it is declared now, and give its key. One that was renamed keeps the key it had."""
    return write(engine, lambda connection: keep(connection, endpoint, declared=declared))


def keep(connection: Connection, endpoint: Endpoint, *, declared: bool) -> int:
    """Write an endpoint inside a transaction of the caller's, and give its key."""
    values = {
        "name": endpoint.name,
        "url": endpoint.url,
        "declaration": to_json(endpoint.model_dump(mode="json")),
        "declared": declared,
        "retired_at": None,
    }
    if endpoint.renamed_from:
        renamed = connection.scalar(
            update(ledger_tables.endpoints)
            .where(_endpoints.name == endpoint.renamed_from, ~_named(endpoint.name))
            .values(name=endpoint.name)
            .returning(_endpoints.id)
        )
        if renamed is not None:
            _make_stale(connection, renamed)
    _keep_tables(connection, endpoint)
    # Two processes may meet a new endpoint at once: the second takes the first one's key.
    kept = (
        insert_into(ledger_tables.endpoints, connection.dialect.name)
        .values(**values, created_at=database_now())
        # Without the name: changing a key would wait for everyone who refers to the row.
        .on_conflict_do_update(index_elements=("name",), set_={key: values[key] for key in values if key != "name"})
        .returning(_endpoints.id)
    )
    return int(connection.execute(kept).scalar_one())


def _make_stale(connection: Connection, endpoint_id: int) -> None:
    """Let items be described again that share their record with another endpoint's: a name may decide who speaks."""
    item, other = tables.items.c, tables.items.alias().c
    beside = exists().where(other.record_key == item.record_key, other.endpoint_id != endpoint_id)
    shared = and_(item.endpoint_id == endpoint_id, beside)
    of_items = select(item.profile_id).where(shared).distinct()
    profiles = tables.profiles.c
    query = select(profiles.id, profiles.digest, profiles.content).where(profiles.id.in_(of_items))
    for profile_id, digest, content in connection.execute(query).all():
        # The same profile under a digest that no program computes.
        former = _keep_profile(connection, digest + b"\x00", content)
        connection.execute(update(tables.items).where(shared, item.profile_id == profile_id).values(profile_id=former))


def find_endpoint(engine: Engine, endpoint: Endpoint) -> int | None:
    """Give the key of an endpoint, by its name or by the one that it had; None: the database does not know it."""
    query = (
        select(_endpoints.id)
        .where(_endpoints.name.in_((endpoint.name, endpoint.renamed_from)))
        .order_by(_endpoints.name != endpoint.name)
    )
    with reading(engine) as connection:
        return connection.scalars(query).first()


def _keep_tables(connection: Connection, endpoint: Endpoint) -> None:
    """Keep the operator's tables by their digest, where they are not kept yet."""
    kept = tables.operator_tables
    own = endpoint.operator_tables
    if not own.digest or connection.scalar(select(kept.c.digest).where(kept.c.digest == own.digest)):
        return
    row = {"digest": own.digest, "content": own.model_dump_json()}
    connection.execute(insert_into(kept, connection.dialect.name).values(row).on_conflict_do_nothing())


def read_operator_tables(engine: Engine, digest: str) -> OperatorTables | None:
    """Give the operator's tables of a profile; None where they are gone, or only a newer program can read them."""
    if not digest:
        return NO_TABLES
    try:
        return _kept_tables(engine, digest)
    except (NoResultFound, ValidationError):
        return None


@lru_cache(maxsize=16)
def _kept_tables(engine: Engine, digest: str) -> OperatorTables:
    """Read tables once: what a digest means never changes."""
    kept = tables.operator_tables.c
    with reading(engine) as connection:
        content = connection.execute(select(kept.content).where(kept.digest == digest)).scalar_one()
    return OperatorTables.model_validate_json(content)


def _named(name: str) -> ColumnElement[bool]:
    same = ledger_tables.endpoints.alias()
    return select(same.c.id).where(same.c.name == name).exists()


def endpoint_coverages(engine: Engine, endpoint_id: int) -> tuple[Coverage, ...]:
    """Read the coverage of every list of an endpoint that has any."""
    with reading(engine) as connection:
        return coverages_of(connection, endpoint_id, covered_lists(connection, endpoint_id))


def deleted_record(engine: Engine, endpoint_id: int) -> DeletedRecord | None:
    """Say how far a repository keeps track of deletions, as it last told; None where it was never asked."""
    with reading(engine) as connection:
        told = connection.scalar(select(_endpoints.identify).where(_endpoints.id == endpoint_id))
    return DeletedRecord(json.loads(told)["deleted_record"]) if told else None


def open_gaps(engine: Engine, endpoint_id: int) -> int:
    """Count the gaps of an endpoint that are open now, those of all its lists."""
    return sum(len(coverage.gaps) for coverage in endpoint_coverages(engine, endpoint_id))


def kept_declarations(engine: Engine) -> dict[str, tuple[str, bool]]:
    """Give every endpoint's declaration as it was last harvested, and whether a file declared it, by name.

    One that is retired is left out.
    """
    query = (
        select(_endpoints.name, _endpoints.declaration, _endpoints.declared)
        .where(_endpoints.retired_at.is_(None))
        .order_by(_endpoints.name)
    )
    with reading(engine) as connection:
        return {name: (declaration, bool(declared)) for name, declaration, declared in connection.execute(query)}


def mark_described_by(engine: Engine, stored: StoredItem, profile: Profile) -> StoredItem:
    """Mark an item as described by another profile, where nobody has moved it since it was read."""
    profile_id = keep_profile(engine, profile)
    items = tables.items.c
    as_read = (items.id == stored.item_id, items.digest == stored.digest, items.profile_id == stored.profile_id)
    write(engine, lambda c: c.execute(update(tables.items).where(*as_read).values(profile_id=profile_id)))
    return replace(stored, profile=profile, profile_id=profile_id)


def keep_profile(engine: Engine, profile: Profile) -> int:
    """Give the number of a profile, kept once."""
    key, content = profile_digest(profile), to_json(profile.model_dump(mode="json"))
    return write(engine, lambda connection: _keep_profile(connection, key, content))


def _keep_profile(connection: Connection, digest: bytes, content: str) -> int:
    kept = insert_into(tables.profiles, connection.dialect.name).values(digest=digest, content=content)
    connection.execute(kept.on_conflict_do_nothing())
    return int(connection.scalar(select(tables.profiles.c.id).where(tables.profiles.c.digest == digest)) or 0)

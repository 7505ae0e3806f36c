"""What the showing commands read of a record's past: each version, what made it, how it differs from the one before."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from ingest.descriptions import Json
from ingest.store import ledger_tables, tables

_versions = tables.record_versions.c
_changes = tables.changes.c
_runs = ledger_tables.runs.c
# How a value was read is shown with it, but is no difference: catalogues read the same.
_NO_DIFFERENCE = frozenset({"rule", "confidence"})
_FIELDS = (
    "title",
    "creators",
    "date",
    "languages",
    "rights_category",
    "rights_uri",
    "rights_conflict",
    "rights",
    "donors",
    "sources",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field that says something else than in the version before."""

    field: str
    """As a version keeps it, or ``metadata.`` with the name of the field in there."""
    was: Any
    becomes: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownVersion:
    """What a record said from one instant to the next."""

    version: int
    change: str | None
    """What made it, as the feed told it; None where that was pruned with the version before."""
    cause: str | None
    """Why, in the words of ``Cause``; None where it was made before causes were kept."""
    run: int | None
    """The run whose answers made it; None where none did, or none was kept."""
    endpoint: str | None
    """Whose run it was; None too where the run has been pruned."""
    deleted: bool
    valid_from: datetime
    valid_until: datetime | None
    """None: it is what the record says now."""
    differences: tuple[Difference, ...]
    """From the version before; empty for the oldest that is kept."""
    content: Json


def read_history(connection: Connection, record: Row[*tuple[Any, ...]], content: Json) -> tuple[ShownVersion, ...]:
    """Read all versions of a record that are kept, oldest first; the last is the record's own row with its content."""
    query = select(tables.record_versions).where(_versions.record_key == record.key).order_by(_versions.version)
    rows = connection.execute(query).all()
    contents = [*(json.loads(row.content) for row in rows), content]
    made_by = _made_by(connection, record, rows)
    endpoints = _endpoints(connection, {row.cause_run_id for row in (*rows, record)} - {None})
    return tuple(
        ShownVersion(
            version=row.version,
            change=made_by.get(row.version),
            cause=row.cause,
            run=row.cause_run_id,
            endpoint=endpoints.get(row.cause_run_id),
            deleted=row.deleted,
            valid_from=record.changed_at if row is record else row.valid_from,
            valid_until=None if row is record else row.valid_until,
            differences=tuple(differences(contents[place - 1], contents[place])) if place else (),
            content=contents[place],
        )
        for place, row in enumerate((*rows, record))
    )


def _made_by(
    connection: Connection, record: Row[*tuple[Any, ...]], rows: Sequence[Row[*tuple[Any, ...]]]
) -> dict[int, str]:
    """Give the change that made each version: the version before knows it, else the feed where it was not pruned."""
    told = select(_changes.version, _changes.change).where(_changes.record_key == record.key)
    made_by = {row.version: row.change for row in connection.execute(told)}
    first = next((row.deleted for row in (*rows, record) if row.version == 1), None)
    if first is not None:
        made_by[1] = "deleted" if first else "created"
    return made_by | {row.version + 1: row.change for row in rows}


def _endpoints(connection: Connection, runs: set[int]) -> dict[int | None, str]:
    query = select(_runs.id, ledger_tables.endpoints.c.name).join(ledger_tables.endpoints)
    return {row.id: row.name for row in connection.execute(query.where(_runs.id.in_(runs)))}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """Tell field by field where two contents differ, each as a version keeps it; nothing where only rules differ."""
    for name in _FIELDS:
        if _said(before.get(name)) != _said(after.get(name)):
            yield Difference(field=name, was=before.get(name), becomes=after.get(name))
    was, becomes = before["metadata"], after["metadata"]
    for name in dict.fromkeys((*was, *becomes)):
        if _said(was.get(name)) != _said(becomes.get(name)):
            yield Difference(field=f"metadata.{name}", was=was.get(name, []), becomes=becomes.get(name, []))


def _said(value: Any) -> Any:
    """Leave out what is no difference: rules, and what says nothing, which older versions do not hold at all."""
    if isinstance(value, Mapping):
        parts = {name: _said(each) for name, each in value.items() if name not in _NO_DIFFERENCE}
        return {name: said for name, said in parts.items() if said is not None} or None
    if isinstance(value, list):
        return [_said(each) for each in value] or None
    return value or None

"""What a record says: how its content is written into the records table and its three field tables, and read back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Table, delete, insert, select

from ingest.descriptions import Content
from ingest.store import tables
from ingest.store.digests import to_json
from ingest.store.items import in_chunks

_FIELD_TABLES: Mapping[str, Table] = {
    "rights": tables.record_rights,
    "donors": tables.record_donors,
    "sources": tables.record_sources,
}
_JSON_COLUMNS = {"permits", "evidence", "parts", "details"}
_RIGHTS_COLUMNS = ("rights_uri", "rights_category", "rights_conflict")
_RECORD_COLUMNS = ("title", "creators", "date", "languages", *_RIGHTS_COLUMNS, "metadata")
# Of what is indexed the beginning: PostgreSQL indexes some 2,700 bytes a row. The statement beside it stays whole.
_LONGEST = {"name": 500, "repository": 250, "ref": 400}
_RECORD_JSON = {"creators", "languages", "metadata"}
# A change is told by what a catalogue calls the field, not by how it is kept.
_TOLD_AS = dict.fromkeys(_RIGHTS_COLUMNS, "rights")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A content as the tables hold it: the record's own columns, and the rows of each field table in order."""

    record: Mapping[str, Any]
    fields: Mapping[str, tuple[Mapping[str, Any], ...]]

    def as_json(self) -> str:
        """Write all of it as one JSON object, as a version keeps it."""
        told = {name: json.loads(value) if name in _RECORD_JSON else value for name, value in self.record.items()}
        for name, rows in self.fields.items():
            told[name] = [
                {key: json.loads(value) if key in _JSON_COLUMNS else value for key, value in row.items()}
                for row in rows
            ]
        return to_json(told)


def rows_of(content: Content) -> Rows:
    """Lay a content out as rows."""
    rights = content.rights
    return Rows(
        record={
            "title": content.title,
            "creators": to_json(content.creators),
            "date": content.date,
            "languages": to_json(content.languages),
            "rights_uri": rights.uri,
            "rights_category": rights.category,
            "rights_conflict": rights.conflict,
            "metadata": to_json(dict(content.metadata)),
        },
        fields={
            "rights": _field_rows(tables.record_rights, rights.statements),
            "donors": _field_rows(tables.record_donors, content.donors),
            "sources": _field_rows(tables.record_sources, content.sources),
        },
    )


def _value_columns(table: Table) -> tuple[Column[Any], ...]:
    return tuple(column for column in table.columns if not column.primary_key)


def _field_rows(table: Table, statements: Iterable[Any]) -> tuple[Mapping[str, Any], ...]:
    names = [column.name for column in _value_columns(table)]
    return tuple(
        {
            name: to_json(getattr(said, name)) if name in _JSON_COLUMNS else _cut(name, getattr(said, name))
            for name in names
        }
        for said in statements
    )


def _cut(name: str, text: str | None) -> str | None:
    return text and text[: _LONGEST.get(name)]


def read_rows(connection: Connection, record_keys: Sequence[int]) -> dict[int, Rows]:
    """Read back what records say now."""
    records: dict[int, dict[str, Any]] = {}
    fields: dict[int, dict[str, list[Mapping[str, Any]]]] = {}
    columns = [tables.records.c[name] for name in _RECORD_COLUMNS]
    for chunk in in_chunks(record_keys):
        query = select(tables.records.c.key, *columns).where(tables.records.c.key.in_(chunk))
        for key, *values in connection.execute(query):
            records[key] = dict(zip(_RECORD_COLUMNS, values, strict=True))
            fields[key] = {name: [] for name in _FIELD_TABLES}
        for name, table in _FIELD_TABLES.items():
            wanted = select(table.c.record_key, *_value_columns(table)).where(table.c.record_key.in_(chunk))
            for row in connection.execute(wanted.order_by(table.c.record_key, table.c.position)).mappings():
                fields[row["record_key"]][name].append({key: row[key] for key in row if key != "record_key"})
    return {
        key: Rows(record=record, fields={name: tuple(rows) for name, rows in fields[key].items()})
        for key, record in records.items()
    }


def changed_fields(before: Rows, after: Rows) -> tuple[str, ...]:
    """Name the fields in which two contents differ, sorted."""
    names = {_TOLD_AS.get(name, name) for name in _RECORD_COLUMNS if before.record[name] != after.record[name]}
    names |= {name for name in _FIELD_TABLES if before.fields[name] != after.fields[name]}
    return tuple(sorted(names))


def present_fields(rows: Rows) -> tuple[str, ...]:
    """Name the fields in which a content says anything, sorted."""
    return changed_fields(rows_of(Content()), rows)


def replace_fields(connection: Connection, contents: Mapping[int, Rows], *, fresh: frozenset[int]) -> None:
    """Write the field rows of records set-wise; ``fresh`` records have none to remove."""
    for name, table in _FIELD_TABLES.items():
        for chunk in in_chunks(key for key in contents if key not in fresh):
            connection.execute(delete(table).where(table.c.record_key.in_(chunk)))
        rows = [
            {"record_key": key, "position": position, **row}
            for key, content in contents.items()
            for position, row in enumerate(content.fields[name])
        ]
        if rows:
            connection.execute(insert(table), rows)

"""What a record says: how its content is written into the records table and its three field tables, and read back."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Delete, Select, Table, delete, select

from ingest.descriptions import Content
from ingest.store import tables
from ingest.store.digests import to_json
from ingest.store.many import insert_many
from ingest.store.types import among

_JSON_COLUMNS = {"permits", "evidence", "parts", "details"}
_RIGHTS_COLUMNS = ("rights_uri", "rights_category", "rights_conflict")
RECORD_COLUMNS = ("title", "creators", "date", "languages", *_RIGHTS_COLUMNS, "metadata")
"""The columns of a record's own row that hold its content."""
# Of what is indexed the beginning: PostgreSQL indexes some 2,700 bytes a row. The statement beside it stays whole.
_LONGEST = {"name": 500, "repository": 250, "ref": 400}
_RECORD_JSON = {"creators", "languages", "metadata"}
# A change is told by what a catalogue calls the field, not by how it is kept.
_TOLD_AS = dict.fromkeys(_RIGHTS_COLUMNS, "rights")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """A field table: what is the same for each of its rows is looked up once."""

    table: Table
    names: tuple[str, ...]
    """The columns that hold a statement's values, each named as the value is."""
    values: Callable[[Any], tuple[Any, ...]]
    """Takes a statement's values in their order."""
    json: tuple[str, ...]
    longest: tuple[tuple[str, int], ...]
    read: Select[*tuple[Any, ...]]
    """Asks for the rows of the records ``keys``, each record's in order."""
    remove: Delete

    @classmethod
    def of(cls, table: Table) -> "_Field":
        of = table.c
        # Plain text: SQLAlchemy's own kind of it is one that JSON libraries need not take for a key.
        names = tuple(str(column.name) for column in table.columns if not column.primary_key)
        return cls(
            table=table,
            names=names,
            values=attrgetter(*names),
            json=tuple(name for name in names if name in _JSON_COLUMNS),
            longest=tuple((name, _LONGEST[name]) for name in names if name in _LONGEST),
            read=select(of.record_key, *(of[name] for name in names))
            .where(among(of.record_key, "keys"))
            .order_by(of.record_key, of.position),
            remove=delete(table).where(among(of.record_key, "keys")),
        )

    def rows(self, statements: Iterable[Any]) -> tuple[Mapping[str, Any], ...]:
        return tuple(map(self._row, statements))

    def _row(self, statement: Any) -> Mapping[str, Any]:
        row = dict(zip(self.names, self.values(statement), strict=True))
        for name in self.json:
            row[name] = to_json(row[name])
        for name, longest in self.longest:
            text = row[name]
            row[name] = text and text[:longest]
        return row


_FIELDS: Mapping[str, _Field] = {
    "rights": _Field.of(tables.record_rights),
    "donors": _Field.of(tables.record_donors),
    "sources": _Field.of(tables.record_sources),
}


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
            "rights": _FIELDS["rights"].rows(rights.statements),
            "donors": _FIELDS["donors"].rows(content.donors),
            "sources": _FIELDS["sources"].rows(content.sources),
        },
    )


_NOTHING = rows_of(Content())


_READ_RECORDS = select(tables.records.c.key, *(tables.records.c[name] for name in RECORD_COLUMNS)).where(
    among(tables.records.c.key, "keys")
)


def read_rows(connection: Connection, record_keys: Sequence[int]) -> dict[int, Rows]:
    """Read back what records say now."""
    if not record_keys:
        return {}
    keys = {"keys": sorted(record_keys)}
    records: dict[int, dict[str, Any]] = {}
    fields: dict[int, dict[str, list[Mapping[str, Any]]]] = {}
    for key, *values in connection.execute(_READ_RECORDS, keys):
        records[key] = dict(zip(RECORD_COLUMNS, values, strict=True))
        fields[key] = {name: [] for name in _FIELDS}
    for name, field in _FIELDS.items():
        for key, *values in connection.execute(field.read, keys):
            fields[key][name].append(dict(zip(field.names, values, strict=True)))
    return {
        key: Rows(record=record, fields={name: tuple(rows) for name, rows in fields[key].items()})
        for key, record in records.items()
    }


def changed_fields(before: Rows, after: Rows) -> tuple[str, ...]:
    """Name the fields in which two contents differ, sorted."""
    names = {_TOLD_AS.get(name, name) for name in RECORD_COLUMNS if before.record[name] != after.record[name]}
    names |= {name for name in _FIELDS if before.fields[name] != after.fields[name]}
    return tuple(sorted(names))


def present_fields(rows: Rows) -> tuple[str, ...]:
    """Name the fields in which a content says anything, sorted."""
    return changed_fields(_NOTHING, rows)


def replace_fields(connection: Connection, contents: Mapping[int, Rows], *, fresh: frozenset[int]) -> None:
    """Write the field rows of records set-wise; ``fresh`` records have none to remove."""
    old = sorted(contents.keys() - fresh)
    for name, field in _FIELDS.items():
        if old:
            connection.execute(field.remove, {"keys": old})
        rows = [
            {"record_key": key, "position": position, **row}
            for key, content in contents.items()
            for position, row in enumerate(content.fields[name])
        ]
        insert_many(connection, field.table, rows)

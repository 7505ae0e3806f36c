"""What a record says: how its content is written into the records table and its three field tables, and read back."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select

from ingest.descriptions import Content
from ingest.store import tables
from ingest.store.digests import to_json
from ingest.store.items import in_chunks

_JSON_COLUMNS = {"permits", "evidence", "parts", "details"}
_RIGHTS_COLUMNS = ("rights_uri", "rights_category", "rights_conflict")
_RECORD_COLUMNS = ("title", "creators", "date", "languages", *_RIGHTS_COLUMNS, "metadata")
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

    @classmethod
    def of(cls, table: Table) -> "_Field":
        names = tuple(column.name for column in table.columns if not column.primary_key)
        return cls(
            table=table,
            names=names,
            values=attrgetter(*names),
            json=tuple(name for name in names if name in _JSON_COLUMNS),
            longest=tuple((name, _LONGEST[name]) for name in names if name in _LONGEST),
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


def read_rows(connection: Connection, record_keys: Sequence[int]) -> dict[int, Rows]:
    """Read back what records say now."""
    records: dict[int, dict[str, Any]] = {}
    fields: dict[int, dict[str, list[Mapping[str, Any]]]] = {}
    columns = [tables.records.c[name] for name in _RECORD_COLUMNS]
    for chunk in in_chunks(record_keys):
        query = select(tables.records.c.key, *columns).where(tables.records.c.key.in_(chunk))
        for key, *values in connection.execute(query):
            records[key] = dict(zip(_RECORD_COLUMNS, values, strict=True))
            fields[key] = {name: [] for name in _FIELDS}
        for name, field in _FIELDS.items():
            of = field.table.c
            wanted = select(of.record_key, *(of[each] for each in field.names)).where(of.record_key.in_(chunk))
            for key, *values in connection.execute(wanted.order_by(of.record_key, of.position)):
                fields[key][name].append(dict(zip(field.names, values, strict=True)))
    return {
        key: Rows(record=record, fields={name: tuple(rows) for name, rows in fields[key].items()})
        for key, record in records.items()
    }


def changed_fields(before: Rows, after: Rows) -> tuple[str, ...]:
    """Name the fields in which two contents differ, sorted."""
    names = {_TOLD_AS.get(name, name) for name in _RECORD_COLUMNS if before.record[name] != after.record[name]}
    names |= {name for name in _FIELDS if before.fields[name] != after.fields[name]}
    return tuple(sorted(names))


def present_fields(rows: Rows) -> tuple[str, ...]:
    """Name the fields in which a content says anything, sorted."""
    return changed_fields(_NOTHING, rows)


def replace_fields(connection: Connection, contents: Mapping[int, Rows], *, fresh: frozenset[int]) -> None:
    """Write the field rows of records set-wise; ``fresh`` records have none to remove."""
    for name, field in _FIELDS.items():
        for chunk in in_chunks(key for key in contents if key not in fresh):
            connection.execute(delete(field.table).where(field.table.c.record_key.in_(chunk)))
        rows = [
            {"record_key": key, "position": position, **row}
            for key, content in contents.items()
            for position, row in enumerate(content.fields[name])
        ]
        if rows:
            connection.execute(insert(field.table), rows)

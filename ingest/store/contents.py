"""What a record says: how its content is written into the records table and its three field tables, and read back."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from operator import attrgetter, ne
from typing import Any, NamedTuple

from sqlalchemy import Connection, Delete, Select, Table, delete, select

from ingest.descriptions import Content
from ingest.store import tables
from ingest.store.digests import to_json
from ingest.store.driver import Values, ask
from ingest.store.languages import shortened, whole
from ingest.store.many import insert_many
from ingest.store.types import among

_JSON_COLUMNS = {"permits", "evidence", "parts", "details"}
_RIGHTS_COLUMNS = ("rights_uri", "rights_category", "rights_conflict")
RECORD_COLUMNS = ("title", "creators", "date", "languages", *_RIGHTS_COLUMNS, "metadata")
"""The columns of a record's own row that hold its content, metadata last."""
_MOST_DIFFERENCES = 1000
"""Ways to differ that are kept with their names; far fewer are met."""
# Of what is indexed the beginning: PostgreSQL indexes some 2,700 bytes a row. The statement beside it stays whole.
_LONGEST = {"name": 500, "repository": 250, "ref": 400}
_RECORD_JSON = {"creators", "languages", "metadata"}
# A change is told by what a catalogue calls the field, not by how it is kept.
_TOLD_COLUMNS = tuple("rights" if name in _RIGHTS_COLUMNS else name for name in RECORD_COLUMNS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """A field table: what is the same for each of its rows is looked up once."""

    table: Table
    names: tuple[str, ...]
    """The columns that hold a statement's values, each named as the value is."""
    values: Callable[[Any], tuple[Any, ...]]
    """Takes a statement's values in their order."""
    json: tuple[int, ...]
    """Places of values that are kept as JSON."""
    longest: tuple[tuple[int, int], ...]
    """Places of values of which only the beginning is kept, and how much of each."""
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
            json=tuple(place for place, name in enumerate(names) if name in _JSON_COLUMNS),
            longest=tuple((place, _LONGEST[name]) for place, name in enumerate(names) if name in _LONGEST),
            read=select(of.record_key, *(of[name] for name in names))
            .where(among(of.record_key, "keys"))
            .order_by(of.record_key, of.position),
            remove=delete(table).where(among(of.record_key, "keys")),
        )

    def rows(self, statements: Iterable[Any]) -> tuple[Values, ...]:
        return tuple(map(self._row, statements)) if statements else ()

    def _row(self, statement: Any) -> Values:
        row = list(self.values(statement))
        for place in self.json:
            row[place] = to_json(row[place])
        for place, longest in self.longest:
            text = row[place]
            row[place] = text and text[:longest]
        return tuple(row)


_FIELDS: Mapping[str, _Field] = {
    "rights": _Field.of(tables.record_rights),
    "donors": _Field.of(tables.record_donors),
    "sources": _Field.of(tables.record_sources),
}


class Rows(NamedTuple):
    """A content as the tables tell it."""

    record: Values
    """The record's own columns, as ``RECORD_COLUMNS`` names them."""
    fields: Mapping[str, tuple[Values, ...]]
    """The rows of each field table in order, without key and position."""

    def kept(self) -> Values:
        """Give the record's own columns as its row keeps them."""
        *others, metadata = self.record
        return (*others, shortened(metadata))

    def columns(self) -> dict[str, Any]:
        """Give the record's own columns by name."""
        return dict(zip(RECORD_COLUMNS, self.record, strict=True))

    def statements(self, name: str) -> list[dict[str, Any]]:
        """Give the rows of a field, their columns by name."""
        return [dict(zip(_FIELDS[name].names, row, strict=True)) for row in self.fields[name]]

    def as_json(self) -> str:
        """Write all of it as one JSON object, as a version keeps it."""
        told = {name: json.loads(value) if name in _RECORD_JSON else value for name, value in self.columns().items()}
        for name in self.fields:
            told[name] = [
                {key: json.loads(value) if key in _JSON_COLUMNS else value for key, value in row.items()}
                for row in self.statements(name)
            ]
        return to_json(told)


def rows_of(content: Content) -> Rows:
    """Lay a content out as rows."""
    rights = content.rights
    return Rows(
        record=(
            content.title,
            to_json(content.creators),
            content.date,
            to_json(content.languages),
            rights.uri,
            rights.category,
            rights.conflict,
            to_json(dict(content.metadata)),
        ),
        fields={
            "rights": _FIELDS["rights"].rows(rights.statements),
            "donors": _FIELDS["donors"].rows(content.donors),
            "sources": _FIELDS["sources"].rows(content.sources),
        },
    )


NOTHING = rows_of(Content())
"""What a record says before it says anything."""


_records = tables.records.c
_READ_RECORDS = select(_records.key, *(_records[name] for name in RECORD_COLUMNS[:-1]), whole(_records.metadata)).where(
    among(_records.key, "keys")
)


def read_rows(connection: Connection, record_keys: Sequence[int]) -> dict[int, Rows]:
    """Read back what records say now."""
    if not record_keys:
        return {}
    keys = {"keys": sorted(record_keys)}
    records: dict[int, Values] = {}
    fields: dict[int, dict[str, list[Values]]] = {}
    for key, *values in ask(connection, _READ_RECORDS, keys):
        records[key] = tuple(values)
        fields[key] = {name: [] for name in _FIELDS}
    for name, field in _FIELDS.items():
        for key, *values in ask(connection, field.read, keys):
            fields[key][name].append(tuple(values))
    return {
        key: Rows(record=record, fields={name: tuple(rows) for name, rows in fields[key].items()})
        for key, record in records.items()
    }


def changed_fields(before: Rows, after: Rows) -> tuple[str, ...]:
    """Name the fields in which two contents differ, sorted."""
    fields = (before.fields[name] != after.fields[name] for name in _FIELDS)
    return _named((*map(ne, before.record, after.record), *fields))


@lru_cache(_MOST_DIFFERENCES)
def _named(differ: tuple[bool, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(compress((*_TOLD_COLUMNS, *_FIELDS), differ))))


def present_fields(rows: Rows) -> tuple[str, ...]:
    """Name the fields in which a content says anything, sorted."""
    return changed_fields(NOTHING, rows)


def replace_fields(connection: Connection, contents: Mapping[int, Rows], *, fresh: frozenset[int]) -> None:
    """Write the field rows of records set-wise; ``fresh`` records have none to remove."""
    old = sorted(contents.keys() - fresh)
    for name, field in _FIELDS.items():
        if old:
            ask(connection, field.remove, {"keys": old})
        rows = [
            (key, position, *row)
            for key, content in contents.items()
            for position, row in enumerate(content.fields[name])
        ]
        insert_many(connection, field.table, ("record_key", "position", *field.names), rows)

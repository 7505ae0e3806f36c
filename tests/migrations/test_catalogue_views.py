"""What other programs read: name, place, type and meaning of every column of the eight views, on both databases."""

import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Table, insert, text, update

from ingest.store.contract import CONTRACT, MINOR, VERSION
from ingest.store.ledger_tables import endpoints, runs
from ingest.store.tables import (
    changes,
    feed,
    item_sets,
    items,
    profiles,
    record_donors,
    record_rights,
    record_sources,
    records,
    rights_statements,
)
from ingest.store.types import Instant
from ingest.store.views import VIEWS, views_current

Opened = Callable[[str], Any]

TEXT, JSON, BOOLEAN, INTEGER, BIGINT, INSTANT = (
    "text",
    "jsonb",
    "boolean",
    "integer",
    "bigint",
    "timestamp with time zone",
)

# The contract's table, with PostgreSQL's types: written a second time, so that nobody changes a promise in passing.
COLUMNS: dict[str, dict[str, str]] = {
    "catalogue_records": {
        "record_key": BIGINT,
        "namespace": TEXT,
        "record_id": TEXT,
        "endpoint": TEXT,
        "oai_identifier": TEXT,
        "metadata_prefix": TEXT,
        "datestamp": TEXT,
        "title": TEXT,
        "creators": JSON,
        "date": TEXT,
        "languages": JSON,
        "rights_uri": TEXT,
        "rights_category": TEXT,
        "metadata": JSON,
        "version": INTEGER,
        "deleted": BOOLEAN,
        "merged_into": BIGINT,
        "created_at": INSTANT,
        "changed_at": INSTANT,
        "rights_conflict": BOOLEAN,
    },
    "catalogue_rights": {
        "record_key": BIGINT,
        "position": INTEGER,
        "statement": TEXT,
        "uri": TEXT,
        "label": TEXT,
        "category": TEXT,
        "access": TEXT,
        "embargo_end": TEXT,
        "holder": TEXT,
        "permits": JSON,
        "contact": TEXT,
        "rule": TEXT,
        "confidence": TEXT,
        "details": JSON,
    },
    "catalogue_donors": {
        "record_key": BIGINT,
        "position": INTEGER,
        "name": TEXT,
        "kind": TEXT,
        "role": TEXT,
        "identifier": TEXT,
        "statement": TEXT,
        "evidence": JSON,
        "rule": TEXT,
        "confidence": TEXT,
    },
    "catalogue_sources": {
        "record_key": BIGINT,
        "position": INTEGER,
        "statement": TEXT,
        "type": TEXT,
        "repository": TEXT,
        "ref": TEXT,
        "pages": TEXT,
        "collection": TEXT,
        "parts": JSON,
        "rule": TEXT,
        "confidence": TEXT,
    },
    "catalogue_items": {
        "record_key": BIGINT,
        "endpoint": TEXT,
        "oai_identifier": TEXT,
        "metadata_prefix": TEXT,
        "datestamp": TEXT,
        "deleted": BOOLEAN,
        "speaks": BOOLEAN,
        "sets": JSON,
        "origin_base_url": TEXT,
        "origin_identifier": TEXT,
        "first_seen_at": INSTANT,
        "origins": JSON,
    },
    "catalogue_changes": {
        "cursor": BIGINT,
        "record_key": BIGINT,
        "namespace": TEXT,
        "record_id": TEXT,
        "change": TEXT,
        "fields": JSON,
        "version": INTEGER,
        "merged_into": BIGINT,
        "changed_at": INSTANT,
    },
    "catalogue_feed": {
        "feed_id": TEXT,
        "oldest_cursor": BIGINT,
        "newest_cursor": BIGINT,
        "contract_version": INTEGER,
        "contract_minor": INTEGER,
    },
    "catalogue_vocabulary": {"uri": TEXT, "label": TEXT, "scheme": TEXT, "category": TEXT},
}

# What SQLite must store for each of them.
STORED = {TEXT: "text", JSON: "text", BOOLEAN: "integer", INTEGER: "integer", BIGINT: "integer", INSTANT: "text"}

# The minor number with which a column came that was not there from the first.
ADDED = {
    ("catalogue_records", "rights_conflict"): 1,
    ("catalogue_rights", "details"): 1,
    ("catalogue_items", "origins"): 2,
    ("catalogue_feed", "contract_minor"): 2,
}

WHEN = datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC)


def test_the_contract_names_every_view() -> None:
    """Eight views, and nothing else is promised."""
    assert VIEWS.keys() == COLUMNS.keys() == CONTRACT.keys()


@pytest.mark.parametrize("view", COLUMNS)
def test_the_contract_says_what_every_column_is(view: str) -> None:
    """Each has one meaning, a sentence, and what came later stands behind what was there before."""
    columns = CONTRACT[view].columns
    kinds = {each.name: INSTANT if each.kind == "timestamptz" else each.kind for each in columns}
    assert list(kinds.items()) == list(COLUMNS[view].items())
    assert {(view, each.name): each.since for each in columns if each.since} == {
        name: minor for name, minor in ADDED.items() if name[0] == view
    }
    assert [each.since for each in columns] == sorted(each.since for each in columns)
    assert [each.name for each in columns if not re.fullmatch(r"\S.*\S\.", each.meaning)] == []


def test_the_minor_number_is_that_of_the_newest_column() -> None:
    """A catalogue that needs a column asks for the number with which it came."""
    assert max(ADDED.values()) == MINOR
    assert VERSION == 1


def test_every_column_has_its_meaning_as_a_comment(migrated_postgresql_url: str, opened: Opened) -> None:
    """Whoever looks at the database with psql reads what a column means."""
    question = text("""SELECT relname, obj_description(pg_class.oid, 'pg_class'), attname,
                              col_description(pg_class.oid, attnum)
                         FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid WHERE relname = ANY(:names)""")
    with opened(migrated_postgresql_url) as connection:
        found = connection.execute(question, {"names": list(VIEWS)}).all()
    assert {(view, column): told for view, _, column, told in found} == {
        (view, each.name): each.meaning for view, contract in CONTRACT.items() for each in contract.columns
    }
    assert {view: told.partition(" (oai-ingest, views 1.")[0] for view, told, _, _ in found} == {
        view: contract.meaning for view, contract in CONTRACT.items()
    }


def test_a_column_that_means_something_else_makes_an_upgrade_due(migrated_postgresql_url: str, opened: Opened) -> None:
    """A comment is part of the view: an older program's is written anew."""
    with opened(migrated_postgresql_url) as connection:
        assert views_current(connection)
        told = connection.scalar(text("SELECT obj_description('catalogue_feed'::regclass, 'pg_class')"))
        assert told is not None
        connection.execute(text(f"COMMENT ON VIEW catalogue_feed IS '{told[:-2]}x)'"))
        assert not views_current(connection)


@pytest.mark.parametrize("view", COLUMNS)
def test_a_view_has_its_columns_in_order_and_type(view: str, migrated_postgresql_url: str, opened: Opened) -> None:
    """A catalogue may say ``SELECT *`` and bind by place."""
    question = text("""SELECT column_name, data_type FROM information_schema.columns
                        WHERE table_name = :view ORDER BY ordinal_position""")
    with opened(migrated_postgresql_url) as connection:
        assert [tuple(row) for row in connection.execute(question, {"view": view})] == list(COLUMNS[view].items())


@pytest.mark.parametrize("view", COLUMNS)
def test_a_view_has_the_same_columns_on_sqlite(view: str, migrated_sqlite_url: str, opened: Opened) -> None:
    """Same names, same order; each value stored as the contract says."""
    with opened(migrated_sqlite_url) as connection:
        _fill(connection)
        assert list(connection.execute(text(f"SELECT * FROM {view}")).keys()) == list(COLUMNS[view])
        for column, kind in COLUMNS[view].items():
            question = f'SELECT DISTINCT typeof("{column}") FROM {view} WHERE "{column}" IS NOT NULL'
            assert connection.scalars(text(question)).all() in ([STORED[kind]], []), column


def test_a_record_speaks_through_its_item(migrated_database_url: str, opened: Opened) -> None:
    """Endpoint, identifier, prefix and datestamp are the speaking item's; JSON is JSON."""
    with opened(migrated_database_url) as connection:
        _fill(connection)
        shown = _rows(connection, "catalogue_records ORDER BY record_key")
    assert [row["record_id"] for row in shown] == ["Größe/1", "gone", "merged"]
    assert shown[0] == {
        "record_key": 1,
        "namespace": "wilson",
        "record_id": "Größe/1",
        "endpoint": "wilson-center",
        "oai_identifier": "oai:b",
        "metadata_prefix": "mods",
        "datestamp": "2026-01-02",
        "title": "Über",
        "creators": ["Müller, Ä."],
        "date": "1962-10?",
        "languages": [],
        "rights_uri": None,
        "rights_category": "unknown",
        "metadata": {"titles": [{"value": "Über", "lang": None}]},
        "version": 2,
        "deleted": False,
        "merged_into": None,
        "created_at": WHEN,
        "changed_at": WHEN,
        "rights_conflict": False,
    }


def test_what_never_was_written_is_not_shown(migrated_database_url: str, opened: Opened) -> None:
    """A key given out for a record that has no version yet."""
    with opened(migrated_database_url) as connection:
        _fill(connection)
        assert "reserved" not in {row["record_id"] for row in _rows(connection, "catalogue_records")}


def test_a_record_without_a_speaker_is_shown(migrated_database_url: str, opened: Opened) -> None:
    """Merged records keep their row, so that a catalogue that knows their key can follow it."""
    with opened(migrated_database_url) as connection:
        _fill(connection)
        merged = _rows(connection, "catalogue_records WHERE record_id = 'merged'")[0]
    assert (merged["merged_into"], merged["endpoint"], merged["oai_identifier"]) == (1, None, None)
    assert merged["deleted"] is True


def test_an_item_tells_its_sets_and_whether_it_speaks(migrated_database_url: str, opened: Opened) -> None:
    """Sets are sorted by bytes and ``[]`` where there are none; a tombstone may have no record."""
    with opened(migrated_database_url) as connection:
        _fill(connection)
        shown = _rows(connection, "catalogue_items ORDER BY oai_identifier")
    facts = [(row["oai_identifier"], row["record_key"], row["speaks"], row["sets"], row["deleted"]) for row in shown]
    assert facts == [
        ("oai:a", 1, False, [], False),
        ("oai:b", 1, True, ["B", "a", "Ä"], False),
        ("oai:c", None, False, [], True),
    ]
    assert shown[0]["first_seen_at"] == WHEN
    assert {row["endpoint"] for row in shown} == {"wilson-center"}


def test_the_normalised_fields_are_shown_in_order(migrated_database_url: str, opened: Opened) -> None:
    """Positions count from 0; lists are never null."""
    with opened(migrated_database_url) as connection:
        _fill(connection)
        rights, donors, sources = (
            _rows(connection, f"catalogue_{field} ORDER BY record_key, position")
            for field in ("rights", "donors", "sources")
        )
    assert [(row["position"], row["permits"]) for row in rights] == [(0, []), (1, ["read"])]
    assert [(row["name"], row["evidence"]) for row in donors] == [("Jane Doe", [{"element": "dc:contributor"}])]
    assert [(row["repository"], row["parts"]) for row in sources] == [("AVP RF", {"translator": ["Å"]})]


def test_the_feed_and_its_changes(migrated_database_url: str, opened: Opened) -> None:
    """A change names its record, so that a catalogue need not join."""
    with opened(migrated_database_url) as connection:
        _fill(connection)
        shown = _rows(connection, "catalogue_changes")
        state = _rows(connection, "catalogue_feed")
    assert [(row["cursor"], row["record_id"], row["fields"], row["changed_at"]) for row in shown] == [
        (7, "Größe/1", ["title", "rights"], WHEN)
    ]
    numbers = ("oldest_cursor", "newest_cursor", "contract_version", "contract_minor")
    assert [tuple(row[name] for name in numbers) for row in state] == [(1, 7, VERSION, MINOR)]


def _rows(connection: Connection, selection: str) -> list[dict[str, Any]]:
    """Read rows of a view, on SQLite turned into what PostgreSQL gives."""
    found = connection.execute(text(f"SELECT * FROM {selection}")).mappings().all()
    columns = COLUMNS[selection.split(maxsplit=1)[0]]
    if connection.dialect.name == "postgresql":
        return [dict(row) for row in found]
    read: dict[str, Callable[[Any], Any]] = {
        JSON: json.loads,
        BOOLEAN: {0: False, 1: True}.__getitem__,
        INSTANT: lambda value: Instant().process_result_value(value, connection.dialect),
    }
    return [
        {
            name: value if value is None else read.get(columns[name], lambda same: same)(value)
            for name, value in row.items()
        }
        for row in found
    ]


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _fill(connection: Connection) -> None:
    """Write a record with two items, others deleted, merged and only reserved, and a tombstone without a record."""
    _insert(
        connection, endpoints, [{"id": 1, "name": "wilson-center", "url": "u", "declaration": "{}", "created_at": WHEN}]
    )
    run = {"id": 1, "endpoint_id": 1, "kind": "full", "selection": "{}", "declaration": "{}", "started_at": WHEN}
    _insert(connection, runs, [run])
    _insert(connection, profiles, [{"id": 1, "digest": b"p", "content": "{}"}])
    record = {
        "namespace": "wilson",
        "title": "Über",
        "creators": _json(["Müller, Ä."]),
        "date": "1962-10?",
        "metadata": _json({"titles": [{"value": "Über", "lang": None}]}),
        "version": 2,
        "deleted": False,
        "merged_into": None,
        "created_at": WHEN,
        "changed_at": WHEN,
    }
    _insert(
        connection,
        records,
        [
            record | {"key": 1, "record_id": "Größe/1"},
            record | {"key": 2, "record_id": "gone", "deleted": True},
            record | {"key": 3, "record_id": "merged", "deleted": True, "merged_into": 1},
            record | {"key": 4, "record_id": "reserved", "version": 0},
        ],
    )
    _fill_items(connection)
    _fill_fields(connection)
    row = {"record_key": 1, "change": "changed", "fields": _json(["title", "rights"]), "version": 2, "changed_at": WHEN}
    _insert(connection, changes, [row | {"cursor": 7}])
    connection.execute(update(feed).values(newest_cursor=7))


def _fill_items(connection: Connection) -> None:
    item = {
        "endpoint_id": 1,
        "metadata_prefix": "mods",
        "datestamp": "2026-01-02",
        "datestamp_key": "2026-01-02T00:00:00Z",
        "response_date": "2026-01-02T00:00:00Z",
        "run_id": 1,
        "deleted": False,
        "digest": b"d",
        "header_digest": b"h",
        "profile_id": 1,
        "understood": True,
        "priority": 100,
        "prefix_position": 0,
        "record_key": 1,
        "first_seen_at": WHEN,
    }
    _insert(
        connection,
        items,
        [
            item | {"id": 1, "oai_identifier": "oai:a"},
            item | {"id": 2, "oai_identifier": "oai:b"},
            item | {"id": 3, "oai_identifier": "oai:c", "deleted": True, "record_key": None},
        ],
    )
    connection.execute(update(records).where(records.c.key == 1).values(item_id=2))
    _insert(connection, item_sets, [{"item_id": 2, "set_spec": spec} for spec in ("Ä", "a", "B")])


def _fill_fields(connection: Connection) -> None:
    told = {"record_key": 1, "statement": "s", "rule": "rights/none@1", "confidence": "none"}
    _insert(
        connection,
        record_rights,
        [
            told | {"position": 1, "category": "unknown", "permits": _json(["read"])},
            told | {"position": 0, "category": "unknown", "permits": "[]"},
        ],
    )
    donor = {"position": 0, "name": "Jane Doe", "kind": "person", "role": "donor"}
    _insert(connection, record_donors, [told | donor | {"evidence": _json([{"element": "dc:contributor"}])}])
    source = {"position": 0, "type": "archival", "repository": "AVP RF", "parts": _json({"translator": ["Å"]})}
    _insert(connection, record_sources, [told | source])
    entry = {"uri": "http://example.org/1", "label": "l", "scheme": "rightsstatements", "category": "unknown"}
    _insert(connection, rights_statements, [entry])


def _insert(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Leave out columns that the table does not have; every other column stands on its default."""
    connection.execute(insert(table), [{name: row[name] for name in row if name in table.c} for row in rows])

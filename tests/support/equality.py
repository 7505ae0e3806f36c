"""When two databases are equal: the one definition that every test of faults, orders and numbers of workers uses."""

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import create_engine, text

Catalogue: TypeAlias = Mapping[str, list[tuple[Any, ...]]]

# What tells of the way a database came about and not of what it says.
_HISTORY = {"record_key", "version", "created_at", "changed_at"}
_VIEWS = ("catalogue_records", "catalogue_rights", "catalogue_donors", "catalogue_sources")


def catalogue(database_url: str) -> Catalogue:
    """Read everything that has to be equal: the four views without their history, each row named by its record."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        names = {
            row.record_key: (row.namespace, row.record_id)
            for row in connection.execute(text("SELECT record_key, namespace, record_id FROM catalogue_records"))
        }
        read = {}
        for view in _VIEWS:
            rows = connection.execute(text(f"SELECT * FROM {view}")).mappings()
            read[view] = sorted((names[row["record_key"]], _said(row, names)) for row in rows)
    engine.dispose()
    return read


def _said(row: Mapping[str, Any], names: Mapping[int, tuple[str, str]]) -> str:
    said = {column: _plain(value) for column, value in row.items() if column not in _HISTORY}
    if said.get("merged_into") is not None:
        said["merged_into"] = names[said["merged_into"]]
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Read booleans and JSON alike from both kinds of database."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value[:1] in {"[", "{"}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def assert_equal(one_url: str, other_url: str) -> None:
    """Assert that two databases say the same, and that each one's feed leads to what it says."""
    one, other = catalogue(one_url), catalogue(other_url)
    for view in _VIEWS:
        assert one[view] == other[view], view
    assert_feed_leads_here(one_url)
    assert_feed_leads_here(other_url)


def assert_feed_leads_here(database_url: str) -> None:
    """Assert that the feed has no holes, and that following it ends at the state of every record."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        changes = connection.execute(text("SELECT * FROM catalogue_changes ORDER BY cursor")).all()
        records = connection.execute(
            text("SELECT record_key, version, deleted, merged_into FROM catalogue_records")
        ).all()
        newest = connection.execute(text("SELECT newest_cursor FROM catalogue_feed")).scalar_one()
    engine.dispose()
    assert [change.cursor for change in changes] == list(range(1, newest + 1))
    followed: dict[int, tuple[int, bool, int | None]] = {}
    for change in changes:
        version, deleted, _merged_into = followed.get(change.record_key, (0, False, None))
        assert change.version == version + 1, "a change of a record was skipped or told twice"
        if change.change != "changed":
            deleted = change.change in {"deleted", "merged"}
        followed[change.record_key] = (change.version, deleted, change.merged_into)
    assert followed == {r.record_key: (r.version, bool(r.deleted), r.merged_into) for r in records}

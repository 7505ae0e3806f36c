"""A catalogue that follows the feed: it reads the rows of records that it is told have changed, and nothing else."""

import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeAlias

from sqlalchemy import Connection, bindparam, create_engine, text

Rows: TypeAlias = dict[str, list[str]]
"""View -> its rows of one record, in the order of their positions."""
State: TypeAlias = tuple[int, bool, int | None]
"""Version, deleted, merged into: what changes alone tell of a record."""

UNTOLD = {"endpoint", "oai_identifier", "metadata_prefix", "datestamp", "rule", "confidence"}
"""Columns that move without a change: which item speaks, when its header moved, and how a value was found."""

_VIEWS = {
    "catalogue_records": "record_key",
    "catalogue_rights": "position",
    "catalogue_donors": "position",
    "catalogue_sources": "position",
}
_NEWS = """
SELECT cursor, record_key, change, version, merged_into
  FROM catalogue_changes WHERE cursor > :seen ORDER BY cursor LIMIT :most
"""


class Follower:
    """What another program knows that follows the feed by cursor."""

    def __init__(self, database_url: str) -> None:
        """Begin before the first change."""
        self._engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
        self.seen: list[int] = []
        self.told: dict[int, State] = {}
        """Record -> what changes said, applied one after the other."""
        self.rows: dict[int, Rows] = {}
        """Record -> its rows, read when it was told."""

    def __enter__(self) -> Self:
        """Follow until the end of a block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave the database alone."""
        self._engine.dispose()

    def poll(self, *, most: int = 100) -> int:
        """Read what is new since the last cursor, and of each record concerned what it says now; return how much."""
        with self._engine.connect() as connection:
            values = {"seen": self.seen[-1] if self.seen else 0, "most": most}
            found = connection.execute(text(_NEWS), values).all()
            for cursor, record_key, change, version, merged_into in found:
                self.seen.append(cursor)
                before, deleted, _ = self.told.get(record_key, (0, False, None))
                assert version == before + 1, f"change {cursor} tells version {version} after {before}"
                if change != "changed":
                    deleted = change in {"deleted", "merged"}
                self.told[record_key] = (version, deleted, merged_into)
            self.rows |= _rows_of(connection, {row.record_key for row in found})
        return len(found)

    def catch_up(self) -> None:
        """Read until there is nothing new."""
        while self.poll():
            pass


def assert_follower_knows_all(follower: Follower, database_url: str) -> None:
    """Assert that a follower has missed nothing, was told nothing twice, and holds what the views hold."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        oldest, newest = connection.execute(text("SELECT oldest_cursor, newest_cursor FROM catalogue_feed")).one()
        query = "SELECT record_key, version, deleted, merged_into FROM catalogue_records"
        states = {key: (version, bool(gone), into) for key, version, gone, into in connection.execute(text(query))}
        everything = _rows_of(connection, states)
    engine.dispose()
    assert follower.seen == list(range(oldest, newest + 1))
    assert follower.told == states
    assert follower.rows == everything


def _rows_of(connection: Connection, record_keys: Collection[int]) -> dict[int, Rows]:
    """Read what the views hold of records, but for the columns that are not told."""
    rows: dict[int, Rows] = {key: {view: [] for view in _VIEWS} for key in record_keys}
    for view, order in _VIEWS.items():
        query = text(f"SELECT * FROM {view} WHERE record_key IN :keys ORDER BY record_key, {order}")
        query = query.bindparams(bindparam("keys", expanding=True))
        for row in connection.execute(query, {"keys": list(record_keys)}).mappings():
            rows[row["record_key"]][view].append(_told(row))
    return rows


def _told(row: Any) -> str:
    return repr([(name, value) for name, value in row.items() if name not in UNTOLD])


# --- the command ----------------------------------------------------------------------------------

_ROOT = Path(__file__).parents[2]
_COMMAND = (sys.executable, "-m", "workers.cli.main", "changes", "--follow", "--json")


@contextmanager
def following_command(database_url: str, told: Path) -> "Iterator[subprocess.Popen[bytes]]":
    """Let the command follow the feed into a file until it is interrupted."""
    environment = {"PYTHONPATH": str(_ROOT), "OAI_INGEST_DATABASE_URL": database_url}
    with told.open("wb") as out, subprocess.Popen(_COMMAND, stdout=out, stderr=subprocess.PIPE, env=environment) as it:
        try:
            yield it
        finally:
            it.kill()

"""Opening the database that the settings name: to write, or only to look."""

from collections.abc import Iterator
from contextlib import contextmanager

from ingest.store.engine import Database, open_engine
from ingest.store.schema import check, ensure_usable


@contextmanager
def writable(database_url: str) -> Iterator[Database]:
    """Open a database to write; a SQLite file is created and upgraded. Raises DatabaseRefused."""
    _make_usable(database_url)
    database = open_engine(database_url)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def readable(database_url: str) -> Iterator[Database]:
    """Open a database to look: one that is read-only will do, unless it has to be created or upgraded first."""
    if check(database_url).upgrade_due:
        _make_usable(database_url)
    database = open_engine(database_url)
    try:
        yield database
    finally:
        database.dispose()


def _make_usable(database_url: str) -> None:
    from ingest.normalise.vocabularies import rights_vocabulary  # noqa: PLC0415 - most that only look do without.

    ensure_usable(database_url, vocabulary=rights_vocabulary())

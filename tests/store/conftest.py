"""Opened databases for the tests of the store."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ingest.store.engine import open_engine


@pytest.fixture
def database(migrated_database_url: str) -> Iterator[Engine]:
    """Return a database at the newest revision, opened; the test runs once on each kind."""
    engine = open_engine(migrated_database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def other_database_url(_migrated_file: Path, tmp_path: Path) -> str:
    """Return a second database, to compare the first with: SQLite, whatever the first one is."""
    return f"sqlite:///{shutil.copy(_migrated_file, tmp_path / 'other.db')}"


@pytest.fixture
def other_database(other_database_url: str) -> Iterator[Engine]:
    """Return the second database, opened."""
    engine = open_engine(other_database_url)
    yield engine
    engine.dispose()

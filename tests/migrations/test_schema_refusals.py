"""What can not be worked with is refused before anything is changed, in one line that says what to do."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url, text, update

from ingest.descriptions import VocabularyEntry
from ingest.errors import DatabaseRefused
from ingest.store.ledger_tables import schema_state
from ingest.store.migrating import REVISIONS
from ingest.store.schema import CODE, check, downgrade, ensure_usable, upgrade

Vocabulary = tuple[VocabularyEntry, ...]
Opened = Callable[[str], Any]
Question = Callable[[str, Vocabulary], object]

QUESTIONS: dict[str, Question] = {
    "check": lambda url, _: check(url),
    "ensure_usable": lambda url, vocabulary: ensure_usable(url, vocabulary=vocabulary),
    "upgrade": lambda url, vocabulary: upgrade(url, vocabulary=vocabulary),
}


@pytest.fixture(params=sorted(QUESTIONS))
def refusal(request: pytest.FixtureRequest, vocabulary: Vocabulary) -> Callable[[str], str]:
    """Return what asks one of the three questions and gives the line with which it was refused."""

    def ask(database_url: str) -> str:
        with pytest.raises(DatabaseRefused) as refused:
            QUESTIONS[request.param](database_url, vocabulary)
        line = str(refused.value)
        assert "\n" not in line
        assert len(line) < 250
        return line

    return ask


def _file(database_url: str) -> Path:
    return Path(str(make_url(database_url).database))


def test_another_programs_file(sqlite_url: str, refusal: Callable[[str], str]) -> None:
    """It is not even switched to a write-ahead log by being looked at."""
    with closing(sqlite3.connect(_file(sqlite_url))) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")
    before = _file(sqlite_url).read_bytes()
    assert "belongs to another program (it holds bookmarks); set OAI_INGEST_DATABASE_URL" in refusal(sqlite_url)
    assert _file(sqlite_url).read_bytes() == before


def test_another_program_that_uses_alembic(database_url: str, refusal: Callable[[str], str], opened: Opened) -> None:
    """Its revision is none of ours, and the row that ours carry is missing."""
    with opened(database_url) as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('4f2a')"))
    assert "belongs to another program (it holds 4f2a)" in refusal(database_url)


def test_tables_of_our_names_that_are_not_ours(
    postgresql_url: str, refusal: Callable[[str], str], opened: Opened
) -> None:
    """A PostgreSQL database may be shared, but not our names in it."""
    with opened(postgresql_url) as connection:
        connection.execute(text("CREATE TABLE items (id BIGINT)"))
    assert "(it holds items)" in refusal(postgresql_url)


def test_other_tables_in_a_shared_database_are_no_obstacle(
    postgresql_url: str, vocabulary: Vocabulary, opened: Opened
) -> None:
    """A catalogue may keep its own beside ours."""
    with opened(postgresql_url) as connection:
        connection.execute(text("CREATE TABLE bookmarks (url TEXT)"))
    assert upgrade(postgresql_url, vocabulary=vocabulary) == REVISIONS


def test_a_database_for_newer_programs(
    migrated_database_url: str, refusal: Callable[[str], str], opened: Opened
) -> None:
    """Known revision or not: what it says of the programs it takes is believed."""
    with opened(migrated_database_url) as connection:
        connection.execute(update(schema_state).values(oldest_code=CODE + 1))
    assert "the database is newer than this program" in refusal(migrated_database_url)
    with opened(migrated_database_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '20991231_0900_later'"))
    assert refusal(migrated_database_url).endswith("update oai-ingest")


def test_a_file_that_is_no_database(sqlite_url: str, refusal: Callable[[str], str]) -> None:
    """A picture, say."""
    _file(sqlite_url).write_bytes(b"\x89PNG" * 1000)
    assert "no SQLite database" in refusal(sqlite_url)


@pytest.mark.parametrize("question", ["ensure_usable", "upgrade"])
def test_a_folder_that_is_not_there(tmp_path: Path, question: str, vocabulary: Vocabulary) -> None:
    """No folder is made on the strength of a mistyped address."""
    with pytest.raises(
        DatabaseRefused, match="can not be made: No such file or directory; set OAI_INGEST_DATABASE_URL"
    ):
        QUESTIONS[question](f"sqlite:///{tmp_path}/nowhere/a.db", vocabulary)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory(url: str, refusal: Callable[[str], str]) -> None:
    """Each connection would have one of its own."""
    assert "needs a file" in refusal(url)


def test_a_server_that_does_not_answer(refusal: Callable[[str], str]) -> None:
    """The driver's own words are several lines."""
    line = refusal("postgresql+psycopg://someone:secret@127.0.0.1:1/nothing")
    assert "the database is not reachable" in line
    assert "secret" not in line


@contextmanager
def _bound_by_rights() -> Iterator[None]:
    """Be a user whom the rights on files bind, which root is not."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.mark.parametrize("closed", ["file", "folder", "empty folder"])
def test_a_read_only_place(closed: str, migrated_sqlite_url: str, vocabulary: Vocabulary) -> None:
    """Said before anything is asked of a repository, and not when the first page is to be written."""
    # Not below tmp_path, whose parents another user may not enter.
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        if closed != "empty folder":
            shutil.copy(_file(migrated_sqlite_url), path)
            path.chmod(0o444)
        Path(folder).chmod(0o777 if closed == "file" else 0o555)
        with (
            _bound_by_rights(),
            pytest.raises(DatabaseRefused, match="is read-only; make the database's file and folder"),
        ):
            ensure_usable(f"sqlite:///{path}", vocabulary=vocabulary)
        Path(folder).chmod(0o755)


def test_a_folder_that_may_not_be_entered(vocabulary: Vocabulary) -> None:
    """Nothing can be known of the file, so it can not be made."""
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o000)
        with _bound_by_rights(), pytest.raises(DatabaseRefused, match=r"Permission denied|is read-only"):
            ensure_usable(f"sqlite:///{folder}/inner/a.db", vocabulary=vocabulary)
        Path(folder).chmod(0o755)


def test_postgresql_without_tables(postgresql_url: str, vocabulary: Vocabulary) -> None:
    """Only a person upgrades a server."""
    with pytest.raises(DatabaseRefused, match=r"has no tables yet; run `oai-ingest db upgrade`$"):
        ensure_usable(postgresql_url, vocabulary=vocabulary)


def test_postgresql_at_an_older_revision(migrated_postgresql_url: str, vocabulary: Vocabulary) -> None:
    """It says where the database stands and where it should."""
    downgrade(migrated_postgresql_url, REVISIONS[-2])
    with pytest.raises(DatabaseRefused, match=f"{REVISIONS[-2]}, not at {REVISIONS[-1]}; run `oai-ingest db upgrade`$"):
        ensure_usable(migrated_postgresql_url, vocabulary=vocabulary)


def test_postgresql_that_only_reads(
    migrated_postgresql_url: str, postgresql_server: str, vocabulary: Vocabulary
) -> None:
    """A standby, or a role with that setting."""
    name = make_url(migrated_postgresql_url).database
    with psycopg.connect(postgresql_server, autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on".encode())
    with pytest.raises(DatabaseRefused, match="read-only"):
        ensure_usable(migrated_postgresql_url, vocabulary=vocabulary)
    with pytest.raises(DatabaseRefused, match="read-only"):
        upgrade(migrated_postgresql_url, vocabulary=(*vocabulary, vocabulary[0]))


def test_postgresql_whose_tables_are_in_use(
    migrated_postgresql_url: str, vocabulary: Vocabulary, opened: Opened
) -> None:
    """The upgrade gives up after a few seconds rather than stop everybody behind it."""
    with opened(migrated_postgresql_url) as connection:
        connection.execute(text("SELECT * FROM catalogue_records"))
        connection.execute(text("DROP VIEW catalogue_feed"))
        with pytest.raises(DatabaseRefused, match="waited too long for another session's lock"):
            downgrade(migrated_postgresql_url, REVISIONS[-2])
    assert vocabulary

"""Upgrading through ``ingest.store.schema``: all or nothing, once, however many ask, and only where it is due."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url, select, text

import ingest
from ingest.descriptions import VocabularyEntry
from ingest.errors import DatabaseRefused
from ingest.store.migrating import HEAD, REVISIONS
from ingest.store.schema import SchemaReport, check, downgrade, ensure_usable, upgrade
from ingest.store.tables import feed, rights_statements

Vocabulary = tuple[VocabularyEntry, ...]
Opened = Callable[[str], Any]
# Where `ingest` is imported from: the checkout or the installed package.
PLACE = Path(ingest.__file__).parents[1]


def test_an_empty_database_comes_to_the_newest_revision(database_url: str, vocabulary: Vocabulary) -> None:
    """What was applied is named in order; asked again, nothing is."""
    assert check(database_url) == SchemaReport(current=None, head=HEAD, upgrade_due=True)
    assert upgrade(database_url, vocabulary=vocabulary) == REVISIONS
    assert check(database_url) == SchemaReport(current=HEAD, head=HEAD, upgrade_due=False)
    assert upgrade(database_url, vocabulary=vocabulary) == ()


def test_an_older_database_gets_what_it_lacks(database_url: str, vocabulary: Vocabulary) -> None:
    """Only the revisions after its own are applied."""
    upgrade(database_url, vocabulary=vocabulary)
    downgrade(database_url, REVISIONS[2])
    assert check(database_url) == SchemaReport(current=REVISIONS[2], head=HEAD, upgrade_due=True)
    assert upgrade(database_url, vocabulary=vocabulary) == REVISIONS[3:]


def test_asking_makes_no_file(sqlite_url: str) -> None:
    """A question about a database that is not there leaves its folder as it was."""
    check(sqlite_url)
    assert not Path(str(make_url(sqlite_url).database)).exists()


def test_the_vocabulary_is_the_programs_own(database_url: str, vocabulary: Vocabulary, opened: Opened) -> None:
    """Each upgrade replaces it where it differs, entries that are gone included."""
    for wanted in (vocabulary, vocabulary[1:], vocabulary):
        upgrade(database_url, vocabulary=wanted)
        with opened(database_url) as connection:
            found = connection.scalars(select(rights_statements.c.uri).order_by(rights_statements.c.uri)).all()
        assert found == [each.uri for each in wanted]


def test_a_sqlite_database_is_made_and_kept_up_by_whoever_needs_it(
    sqlite_url: str, vocabulary: Vocabulary, opened: Opened
) -> None:
    """Made when missing, upgraded when old, given the vocabulary when that changed."""
    ensure_usable(sqlite_url, vocabulary=vocabulary)
    downgrade(sqlite_url, REVISIONS[3])
    ensure_usable(sqlite_url, vocabulary=vocabulary)
    assert not check(sqlite_url).upgrade_due
    ensure_usable(sqlite_url, vocabulary=vocabulary[:1])
    with opened(sqlite_url) as connection:
        assert len(connection.execute(rights_statements.select()).all()) == 1


def test_an_empty_file_is_a_new_database(sqlite_url: str, vocabulary: Vocabulary) -> None:
    """As a container's mount or ``mktemp`` leaves it."""
    Path(str(make_url(sqlite_url).database)).touch()
    ensure_usable(sqlite_url, vocabulary=vocabulary)
    assert not check(sqlite_url).upgrade_due


def test_a_folder_may_have_any_name(tmp_path: Path, vocabulary: Vocabulary) -> None:
    """Blanks, per cent signs and letters beyond ASCII mean nothing to us."""
    folder = tmp_path / "50 % Öl?"
    folder.mkdir()
    url = make_url("sqlite://").set(database=str(folder / "a.db")).render_as_string()
    ensure_usable(url, vocabulary=vocabulary)
    assert [each.name for each in folder.iterdir()] == ["a.db"]


def test_a_failure_leaves_no_half_made_file(sqlite_url: str, vocabulary: Vocabulary) -> None:
    """Here the vocabulary repeats itself, which its table refuses; the folder stays empty."""
    with pytest.raises(DatabaseRefused):
        upgrade(sqlite_url, vocabulary=vocabulary + vocabulary)
    assert list(Path(str(make_url(sqlite_url).database)).parent.iterdir()) == []


def test_a_failure_undoes_the_whole_upgrade(database_url: str, vocabulary: Vocabulary) -> None:
    """Revisions, views and vocabulary are one transaction."""
    upgrade(database_url, vocabulary=vocabulary)
    downgrade(database_url, REVISIONS[1])
    with pytest.raises(DatabaseRefused):
        upgrade(database_url, vocabulary=vocabulary + vocabulary)
    assert check(database_url).current == REVISIONS[1]


def test_a_revision_of_a_newer_program_is_left_alone(
    migrated_database_url: str, vocabulary: Vocabulary, opened: Opened
) -> None:
    """Old and new work side by side for as long as ``oldest_code`` lets them."""
    with opened(migrated_database_url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '20991231_0900_later'"))
        connection.execute(text("DROP VIEW catalogue_feed"))
    ensure_usable(migrated_database_url, vocabulary=vocabulary)
    assert not check(migrated_database_url).upgrade_due
    assert upgrade(migrated_database_url, vocabulary=vocabulary) == ()
    assert check(migrated_database_url).current == "20991231_0900_later"


def test_views_that_differ_are_made_anew(migrated_database_url: str, vocabulary: Vocabulary, opened: Opened) -> None:
    """Views come with the program, not with a revision."""
    with opened(migrated_database_url) as connection:
        connection.execute(text("DROP VIEW catalogue_feed"))
        connection.execute(text("CREATE VIEW catalogue_feed AS SELECT 0 AS contract_version"))
    assert check(migrated_database_url) == SchemaReport(current=HEAD, head=HEAD, upgrade_due=True)
    assert upgrade(migrated_database_url, vocabulary=vocabulary) == ()
    with opened(migrated_database_url) as connection:
        assert connection.scalar(text("SELECT contract_version FROM catalogue_feed")) == 1


def test_whoever_might_read_the_views_still_may(
    migrated_postgresql_url: str, postgresql_server: str, vocabulary: Vocabulary
) -> None:
    """PostgreSQL forgets the rights on a view with the view; an upgrade gives them back."""
    role, url = "Catalogue reader", migrated_postgresql_url.replace("+psycopg", "")
    with psycopg.connect(postgresql_server, autocommit=True) as server:
        server.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        try:
            with psycopg.connect(url) as connection:
                connection.execute(sql.SQL("GRANT SELECT ON catalogue_records TO {}").format(sql.Identifier(role)))
                connection.execute("GRANT SELECT ON catalogue_feed TO PUBLIC")
                connection.execute("DROP VIEW catalogue_vocabulary")
            before = _rights(url)
            upgrade(migrated_postgresql_url, vocabulary=vocabulary)
            assert _rights(url) == before
        finally:
            with psycopg.connect(url) as connection:
                connection.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(role)))
            server.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def _rights(url: str) -> set[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        question = """SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants
                       WHERE table_name LIKE 'catalogue_%' AND grantee <> current_user"""
        found = set(connection.execute(question).fetchall())
    assert {each[1] for each in found} == {"Catalogue reader", "PUBLIC"}
    return found


def test_a_view_of_someone_elses_on_ours_is_named_as_the_obstacle(
    migrated_postgresql_url: str, vocabulary: Vocabulary, opened: Opened
) -> None:
    """It is not dropped behind its owner's back."""
    with opened(migrated_postgresql_url) as connection:
        connection.execute(text("CREATE VIEW mine AS SELECT title FROM catalogue_records"))
        connection.execute(text("DROP VIEW catalogue_feed"))
    with pytest.raises(DatabaseRefused, match=r"^another view stands on the catalogue views; drop it"):
        upgrade(migrated_postgresql_url, vocabulary=vocabulary)
    with opened(migrated_postgresql_url) as connection:
        assert connection.execute(text("SELECT * FROM mine")).all() == []


# --- many at once -----------------------------------------------------------------------------------

PROGRAM = """
import json, sys
from ingest.descriptions import VocabularyEntry
from ingest.store import schema
vocabulary = [VocabularyEntry(uri="u", label="l", scheme="s", category="c")]
sys.stdin.readline()
print(json.dumps(getattr(schema, sys.argv[1])(sys.argv[2], vocabulary=vocabulary)))
"""


def _six_at_once(function: str, database_url: str) -> list[Any]:
    """Start six processes, let them go together, and return what each one's call gave."""
    command = [sys.executable, "-c", PROGRAM, function, database_url]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    processes = [subprocess.Popen(command, cwd=PLACE, text=True, **pipes) for _ in range(6)]
    for process in processes:
        process.stdin.write("go\n")  # type: ignore[union-attr]  # it was asked for above
        process.stdin.flush()  # type: ignore[union-attr]  # likewise
    answers = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0] * 6, answers
    return [json.loads(output) for output, _ in answers]


def test_six_processes_upgrade_one_database(database_url: str) -> None:
    """All succeed; on PostgreSQL the first does it and the others wait for it."""
    answers = _six_at_once("upgrade", database_url)
    assert list(REVISIONS) in answers
    assert all(each in ([], list(REVISIONS)) for each in answers)
    if database_url.startswith("postgresql"):
        assert answers.count([]) == 5
    assert not check(database_url).upgrade_due


@pytest.mark.parametrize("there", ["nothing", "an empty file", "an older revision"])
def test_six_processes_need_one_file(sqlite_url: str, there: str, vocabulary: Vocabulary, opened: Opened) -> None:
    """All can work with it, whoever made it, and nothing else is left in its folder."""
    path = Path(str(make_url(sqlite_url).database))
    if there == "an empty file":
        path.touch()
    elif there == "an older revision":
        ensure_usable(sqlite_url, vocabulary=vocabulary)
        downgrade(sqlite_url, REVISIONS[2])
    _six_at_once("ensure_usable", sqlite_url)
    with opened(sqlite_url) as connection:
        assert len(connection.execute(feed.select()).all()) == 1
        assert connection.scalars(select(rights_statements.c.uri)).all() == ["u"]
    assert {each.name for each in path.parent.iterdir()} <= {path.name, f"{path.name}-wal", f"{path.name}-shm"}


def test_a_database_that_is_ready_is_recognised_without_alembic(migrated_database_url: str) -> None:
    """Every command asks; loading Alembic would take longer than the answer."""
    program = PROGRAM + "assert 'alembic' not in sys.modules\n"
    if migrated_database_url.startswith("sqlite"):
        # The vocabulary is another than this program's: checked by `check`, which does not fill it.
        program = program.replace(", vocabulary=vocabulary", "").replace("json.dumps(", "str(")
    function = "check" if migrated_database_url.startswith("sqlite") else "ensure_usable"
    command = [sys.executable, "-c", program, function, migrated_database_url]
    subprocess.run(command, cwd=PLACE, input="go\n", text=True, check=True, timeout=60)


def test_the_scripts_are_found_inside_the_installed_package(tmp_path: Path, sqlite_url: str) -> None:
    """A wheel carries them beside the code, where no checkout is near."""
    shutil.copytree(PLACE / "ingest", tmp_path / "site" / "ingest", ignore=shutil.ignore_patterns("__pycache__"))
    packed = tmp_path / "site" / "ingest" / "store" / "migrations"
    if not packed.exists():
        shutil.copytree(PLACE / "migrations", packed, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-c", PROGRAM, "upgrade", sqlite_url]
    done = subprocess.run(
        command, cwd=tmp_path / "site", input="go\n", text=True, capture_output=True, timeout=60, check=True
    )
    assert json.loads(done.stdout) == list(REVISIONS)

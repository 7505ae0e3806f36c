"""``oai-ingest demo``: from nothing to records, and back to nothing to do."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

OaiIngest = Callable[..., Any]
FILE = "oai-ingest-demo.db"


@pytest.fixture(scope="module")
def demonstrated(tmp_path_factory: pytest.TempPathFactory, run_in: Callable[..., Any]) -> tuple[Path, Any]:
    """Run the demo once, and give its folder and what it wrote."""
    folder = tmp_path_factory.mktemp("demo")
    return folder, run_in(folder, "demo")


def test_the_demo_shows_records_and_that_nothing_changes_the_second_time(demonstrated: tuple[Path, Any]) -> None:
    """Exit code 0, one file, and no colour where nobody could see it."""
    folder, ended = demonstrated

    assert ended.code == 0
    assert [path.name for path in folder.iterdir()] == [FILE]
    for words in ("PRC FMA", "Leon Levy Foundation", "CC BY 4.0", "no-record-id", "Nothing changed: no new cursor"):
        assert words in ended.out
    assert ended.out.count("demo: complete") == 2
    assert "\x1b" not in ended.out
    assert all(len(line) <= 100 for line in ended.out.splitlines())


def test_every_title_is_shown_whole(demonstrated: tuple[Path, Any]) -> None:
    """A table wraps and never cuts."""
    words = set(demonstrated[1].out.split())

    assert {"International", "Liaison", "Removal'", "109-02809-01,", "no-copyright-other"} <= words
    assert "…" not in demonstrated[1].out


def test_the_demo_tells_both_harvests_as_json(oai_ingest: OaiIngest) -> None:
    """Everything unchanged but the one that is rejected each time; the feed stands still."""
    ended = oai_ingest("demo", "--json")
    first, again = ended.json["harvest"], ended.json["again"]

    assert ended.code == 0
    assert (first["seen"], first["rejected"], first["deleted"]) == (60, 1, 4)
    assert (again["created"], again["changed"], again["unchanged"], again["rejected"]) == (0, 0, 59, 1)
    assert len(set(ended.json["cursors"])) == 1
    assert ended.json["nothing_changed"] is True


def test_a_demos_file_is_replaced(oai_ingest: OaiIngest, demonstrated: tuple[Path, Any], tmp_path: Path) -> None:
    """The second demo in a folder begins from nothing, too."""
    shutil.copy(demonstrated[0] / FILE, tmp_path)

    assert oai_ingest("demo", "--json").json["harvest"]["run"] == 1


def _text(path: Path) -> None:
    path.write_text("Minutes of the meeting")


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE books (title TEXT)")
        connection.commit()


def _link(path: Path) -> None:
    path.symlink_to("elsewhere.db")


@pytest.mark.parametrize("make", [_text, _foreign, _link, Path.mkdir])
def test_whatever_else_has_that_name_is_left_alone(
    oai_ingest: OaiIngest, tmp_path: Path, make: Callable[[Path], None]
) -> None:
    """Exit code 2; what may be somebody's work is neither removed nor altered."""
    path = tmp_path / FILE
    make(path)
    before = path.read_bytes() if path.is_file() else None

    ended = oai_ingest("demo")

    assert ended.code == 2
    assert "move it away" in ended.error
    assert (path.read_bytes() if path.is_file() else None) == before
    assert path.exists() or path.is_symlink()


def test_a_harvesters_database_under_that_name_is_left_alone(
    oai_ingest: OaiIngest, demo_url: str, tmp_path: Path
) -> None:
    """It is one of ours, but it holds another endpoint."""
    assert oai_ingest("harvest", demo_url, OAI_INGEST_DATABASE_URL=f"sqlite:///{FILE}").code == 0
    before = (tmp_path / FILE).read_bytes()

    assert oai_ingest("demo").code == 2
    assert (tmp_path / FILE).read_bytes() == before


def test_a_database_that_is_named_is_used_where_it_is_empty(oai_ingest: OaiIngest, database_url: str) -> None:
    """SQLite or PostgreSQL; a second demo is refused, for the database is not empty any more."""
    upgraded = oai_ingest("db", "upgrade", OAI_INGEST_DATABASE_URL=database_url)
    first = oai_ingest("demo", "--json", OAI_INGEST_DATABASE_URL=database_url)
    second = oai_ingest("demo", OAI_INGEST_DATABASE_URL=database_url)

    assert (upgraded.code, first.code, second.code) == (0, 0, 2)
    assert first.json["nothing_changed"] is True
    assert "is not empty" in second.error


def test_the_demo_needs_no_configuration(oai_ingest: OaiIngest, declare: Callable[[str], Path]) -> None:
    """Not even a sound one."""
    declare("[broken")

    assert oai_ingest("demo", "--json").code == 0

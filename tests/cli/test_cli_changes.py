"""``oai-ingest changes`` and ``db new-feed``: each change once and in order, and a cursor to go on from."""

import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from database_rows import everything, rows
from following import following_command
from processes import until
from servers import PostgresqlServer
from sqlalchemy import Engine, text
from store_pages import Harvest, change_database, dead, harvesting, live

from ingest.store.engine import open_engine

OaiIngest = Callable[..., Any]
Start = Callable[..., Any]
MANY = 2300
"""More than two batches."""


@pytest.fixture
def archive(oai_ingest: OaiIngest, tmp_path: Path) -> Iterator[Harvest]:
    """Begin a harvest into the database that commands use where they run."""
    assert oai_ingest("runs", "list").code == 0
    database = open_engine(f"sqlite:///{tmp_path / 'oai-ingest.db'}")
    yield harvesting(database)
    database.dispose()


def feed_id_of(database: Engine) -> str:
    """Read the feed's name."""
    with database.connect() as connection:
        return str(connection.scalar(text("SELECT feed_id FROM catalogue_feed")))


def history(archive: Harvest) -> str:
    """Bring seven changes of three records; return the feed's name."""
    archive.keep(live("1", "a"), live("2", "b"))
    archive.keep(live("1", "a", "other words"), dead("2"))
    archive.keep(live("2", "b"), live("3", "c"))
    archive.keep(live("3", "a"))
    return feed_id_of(archive.database)


# --- what is told -----------------------------------------------------------------------------------


def test_people_read_a_line_for_each_change_and_where_to_go_on(oai_ingest: OaiIngest, archive: Harvest) -> None:
    """Number, time, change, record, and what is new in it."""
    feed_id = history(archive)
    told = oai_ingest("changes")
    lines = [line.split(maxsplit=2) for line in told.out.splitlines()]

    assert told.code == 0
    assert [number for number, _, _ in lines] == [str(number) for number in range(1, 8)]
    assert all(len(time) == len("2026-05-01T12:00:00Z") for _, time, _ in lines)
    assert [what for _, _, what in lines] == [
        "created   papers:a",
        "created   papers:b",
        "changed   papers:a  creators, donors, metadata, rights, sources, title",
        "deleted   papers:b",
        "restored  papers:b",
        "created   papers:c",
        "merged    papers:c  into papers:a",
    ]
    assert told.err == f"go on with --since {feed_id}:7\n"
    assert oai_ingest("changes", "--since", f"{feed_id}:7").out == "no changes\n"


def test_programs_read_the_columns_of_the_view(oai_ingest: OaiIngest, archive: Harvest, tmp_path: Path) -> None:
    """One array, under the view's names; a cursor is written as ``--since`` takes it, and an instant as everywhere."""
    feed_id = history(archive)
    told = oai_ingest("changes", "--json", "--since", f"{feed_id}:2").json
    view = rows(f"sqlite:///{tmp_path / 'oai-ingest.db'}", "SELECT * FROM catalogue_changes WHERE cursor > 2")

    assert [list(each) for each in told] == [list(each) for each in view]
    assert told == [
        {**each, "cursor": f"{feed_id}:{each['cursor']}", "changed_at": f"{each['changed_at'][:19]}Z"} for each in view
    ]


def test_an_empty_feed_is_an_empty_array(oai_ingest: OaiIngest, archive: Harvest) -> None:
    """And has a cursor to go on from."""
    told = oai_ingest("changes", "--json")

    assert (told.json, told.err) == ([], f"go on with --since {feed_id_of(archive.database)}:0\n")
    assert oai_ingest("changes").out == "no changes\n"


def test_a_long_feed_is_told_whole_in_parts_or_as_far_as_asked(oai_ingest: OaiIngest, archive: Harvest) -> None:
    """An array in several writes is one array; parts that follow each other by their cursors are the whole."""
    archive.keep(*(live(str(number), f"r{number}") for number in range(MANY)))
    feed_id = feed_id_of(archive.database)
    whole = oai_ingest("changes", "--json").json
    first = oai_ingest("changes", "--json", "--limit", "1200").json
    rest = oai_ingest("changes", "--json", "--since", first[-1]["cursor"], "--limit", str(2**70)).json

    assert [each["cursor"] for each in whole] == [f"{feed_id}:{number + 1}" for number in range(MANY)]
    assert (len(first), first + rest) == (1200, whole)


def test_names_can_not_steer_the_terminal(oai_ingest: OaiIngest, archive: Harvest) -> None:
    """A record ID comes from a repository."""
    archive.keep(live("1", "a\x1b[2Jb"))

    assert "\x1b" not in oai_ingest("changes").out


# --- following --------------------------------------------------------------------------------------


def test_whoever_follows_is_told_each_change_as_it_comes(archive: Harvest, tmp_path: Path) -> None:
    """An object a line, until Ctrl-C: exit code 1, as when a run is watched, and where to go on."""
    url, told = f"sqlite:///{tmp_path / 'oai-ingest.db'}", tmp_path / "told"
    archive.keep(live("1", "a"))
    with following_command(url, told) as command:
        until(lambda: told.read_text().count("\n") == 1, 30, what="the first change")
        archive.keep(live("1", "a", "other words"), live("2", "b"))
        until(lambda: told.read_text().count("\n") == 3, 30, what="two more")
        command.send_signal(signal.SIGINT)
        err = command.communicate(timeout=30)[1].decode()

    objects = [json.loads(line) for line in told.read_text().splitlines()]
    assert [each["change"] for each in objects] == ["created", "changed", "created"]
    assert command.returncode == 1
    assert err.splitlines()[-1] == f"stopped; go on with --since {objects[-1]['cursor']}"


def test_following_ends_with_as_many_changes_as_were_asked_for(oai_ingest: OaiIngest, archive: Harvest) -> None:
    """So that a script may wait for the next one."""
    feed_id = history(archive)
    told = oai_ingest("changes", "--follow", "--limit", "2", "--since", f"{feed_id}:3")

    assert told.code == 0
    assert [line.split()[2] for line in told.out.splitlines()] == ["deleted", "restored"]


def test_following_goes_on_after_the_database_was_away(own_postgresql: PostgresqlServer, tmp_path: Path) -> None:
    """Nothing is missed and nothing told twice."""
    told = tmp_path / "told"
    database = open_engine(own_postgresql.database_url)
    archive = harvesting(database)
    archive.keep(live("1", "a"))
    with following_command(own_postgresql.database_url, told):
        until(lambda: told.read_text().count("\n") == 1, 30, what="the first change")
        own_postgresql.kill()
        own_postgresql.start()
        archive.keep(live("2", "b"))
        until(lambda: told.read_text().count("\n") == 2, 60, what="the second change")
    database.dispose()

    assert [json.loads(line)["record_id"] for line in told.read_text().splitlines()] == ["a", "b"]


def test_following_waits_for_a_database_that_can_not_be_read_for_a_moment(archive: Harvest, tmp_path: Path) -> None:
    """It says so, and goes on as soon as it can; here while a table is away, as in an upgrade."""
    url, told = f"sqlite:///{tmp_path / 'oai-ingest.db'}", tmp_path / "told"
    archive.keep(live("1", "a"))
    with following_command(url, told) as command:
        until(lambda: told.read_text().count("\n") == 1, 30, what="the first change")
        change_database(archive.database, "ALTER TABLE changes RENAME TO changes_elsewhere")
        assert command.stderr is not None
        assert command.stderr.readline().endswith(b"; looking again\n")
        change_database(archive.database, "ALTER TABLE changes_elsewhere RENAME TO changes")
        archive.keep(live("2", "b"))
        until(lambda: told.read_text().count("\n") == 2, 60, what="the second change")


def test_whoever_follows_a_feed_that_is_renewed_is_told_to_begin_anew(
    oai_ingest: OaiIngest, archive: Harvest, tmp_path: Path
) -> None:
    """The command ends as if it had been given that cursor."""
    url, told = f"sqlite:///{tmp_path / 'oai-ingest.db'}", tmp_path / "told"
    archive.keep(live("1", "a"))
    with following_command(url, told) as command:
        until(lambda: told.read_text().count("\n") == 1, 30, what="the first change")
        assert oai_ingest("db", "new-feed").code == 0
        err = command.communicate(timeout=30)[1].decode()

    assert command.returncode == 2
    assert "is a cursor of another feed" in err


# --- cursors that are refused -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cursor", "words"),
    [
        ("garbage", '"garbage" is no cursor, which is written FEED_ID:NUMBER'),
        ("another:3", "another:3 is a cursor of another feed"),
        ("{feed_id}:8", "{feed_id}:8 lies beyond the newest change, 7"),
        ("{feed_id}:1", "not all changes after {feed_id}:1 are kept, the oldest is 4"),
    ],
)
@pytest.mark.parametrize("how", [(), ("--json",), ("--follow", "--json")])
def test_a_cursor_that_can_not_be_followed_is_refused_in_one_line(
    *, oai_ingest: OaiIngest, archive: Harvest, cursor: str, words: str, how: tuple[str, ...]
) -> None:
    """With what to do about it; nothing but the error is written."""
    feed_id = history(archive)
    change_database(archive.database, "DELETE FROM changes WHERE cursor < 4", "UPDATE feed SET oldest_cursor = 4")
    told = oai_ingest("changes", "--since", cursor.format(feed_id=feed_id), *how)

    assert told.code == 2
    assert told.error.startswith(words.format(feed_id=feed_id))
    assert cursor == "garbage" or told.error.endswith(f"then go on with --since {feed_id}:7")
    assert (told.json if how else told.out) == ({"error": told.error} if how else "")


def test_garbage_is_refused_before_a_database_is_made(oai_ingest: OaiIngest, tmp_path: Path) -> None:
    """Nothing is written anywhere."""
    assert oai_ingest("changes", "--since", "garbage").code == 2
    assert list(tmp_path.iterdir()) == []


# --- a new feed -------------------------------------------------------------------------------------


def test_a_new_feed_refuses_the_cursors_of_the_old_one(oai_ingest: OaiIngest, migrated_database_url: str) -> None:
    """On both databases, and while a run is active; the changes stay, and the cursor to begin with is told."""
    database = open_engine(migrated_database_url)
    history(harvesting(database))
    former = feed_id_of(database)
    before = everything(migrated_database_url, "changes", "runs")
    renewed = oai_ingest("db", "new-feed", "--json", OAI_INGEST_DATABASE_URL=migrated_database_url)
    feed_id = feed_id_of(database)
    database.dispose()

    assert renewed.json == {"feed_id": feed_id, "former_feed_id": former, "newest_cursor": f"{feed_id}:7"}
    assert feed_id != former
    assert everything(migrated_database_url, "changes", "runs") == before
    refused = oai_ingest("changes", "--since", f"{former}:7", OAI_INGEST_DATABASE_URL=migrated_database_url)
    assert (refused.code, refused.out) == (2, "")
    told = oai_ingest("changes", OAI_INGEST_DATABASE_URL=migrated_database_url)
    assert told.out.count("\n") == 7


def test_people_are_told_what_followers_have_to_do(oai_ingest: OaiIngest, archive: Harvest) -> None:
    """With the cursor from which they go on."""
    former = history(archive)
    renewed = oai_ingest("db", "new-feed")

    assert renewed.code == 0
    assert f"it was {former}, whose cursors are refused" in renewed.out
    assert f"`oai-ingest changes --since {feed_id_of(archive.database)}:7`" in renewed.out


def test_where_there_is_no_database_there_is_no_feed_to_renew(oai_ingest: OaiIngest, tmp_path: Path) -> None:
    """A mistyped address is told, and no database is made there."""
    refused = oai_ingest("db", "new-feed")

    assert (refused.code, list(tmp_path.iterdir())) == (2, [])
    assert "there is no database yet" in refused.error

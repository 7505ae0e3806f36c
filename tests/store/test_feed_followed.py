"""A catalogue that polls misses nothing and is told nothing twice, however many write and however late they commit."""

import json
import signal
from pathlib import Path

import feed_writers
import pytest
from at_once import run_at_once
from equality import assert_feed_leads_here
from following import Follower, assert_follower_knows_all, following_command
from processes import until

SEED = 1


def followed(database_url: str, folder: Path, *, writers: int, seconds: float) -> None:
    """Let writers write while two follow: a program that asks the views, and the command."""
    told = folder / "told.jsonl"
    with Follower(database_url) as follower, following_command(database_url, told) as command:
        arguments = [(database_url, number, SEED, seconds) for number in range(writers)]
        ends = run_at_once(feed_writers.__file__, arguments, meanwhile=follower.poll)
        assert [(code, err) for code, _, err in ends] == [(0, "")] * writers
        follower.catch_up()
        until(lambda: told.read_bytes().count(b"\n") >= len(follower.seen), 30, what="the last change to be told")
        command.send_signal(signal.SIGINT)
        assert command.wait(30) == 1

    print(f"{writers} writers, {sum(int(pages) for _, pages, _ in ends)} pages, {len(follower.seen)} changes")  # noqa: T201 - the figure.
    assert len(follower.seen) > 20
    assert_follower_knows_all(follower, database_url)
    assert_feed_leads_here(database_url)
    cursors = [json.loads(line)["cursor"].partition(":") for line in told.read_text("utf-8").splitlines()]
    assert len({feed_id for feed_id, _, _ in cursors}) == 1
    assert [int(number) for _, _, number in cursors] == follower.seen


def test_with_eight_writers_on_postgresql(migrated_postgresql_url: str, tmp_path: Path) -> None:
    """Some transactions stay open long with their numbers taken, some take theirs back."""
    followed(migrated_postgresql_url, tmp_path, writers=8, seconds=5)


def test_with_one_writer_on_sqlite(migrated_sqlite_url: str, tmp_path: Path) -> None:
    """As many as SQLite has at a time."""
    followed(migrated_sqlite_url, tmp_path, writers=1, seconds=3)


@pytest.mark.long
def test_with_eight_writers_for_thirty_seconds(migrated_postgresql_url: str, tmp_path: Path) -> None:
    """The same for longer: what happens rarely has time to happen."""
    followed(migrated_postgresql_url, tmp_path, writers=8, seconds=30)


@pytest.mark.long
def test_with_one_writer_for_thirty_seconds(migrated_sqlite_url: str, tmp_path: Path) -> None:
    """The same for longer on SQLite."""
    followed(migrated_sqlite_url, tmp_path, writers=1, seconds=30)

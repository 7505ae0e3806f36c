"""Sweeps on the command line: asked for, held, shown, approved and rejected."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from swept_archive import SweptArchive, archive_of

from ingest.identify_values import DeletedRecord

OaiIngest = Callable[..., Any]
Declare = Callable[[str], Path]


@pytest.fixture
def archive(declare: Declare) -> Iterator[SweptArchive]:
    """Serve and declare an archive of which five deletions are allowed."""
    with archive_of(25) as archive:
        declare(f'[letters]\nurl = "{archive.url}"\nfuse = {{ percent = 100, records = 5 }}\n')
        yield archive


def a_day_passes(folder: Path) -> None:
    """Put every miss back in time."""
    with closing(sqlite3.connect(folder / "oai-ingest.db")) as database, database:
        database.execute("UPDATE misses SET missed_at = '2024-01-01T00:00:00.000000Z'")


def held(oai_ingest: OaiIngest, archive: SweptArchive, folder: Path) -> dict[str, Any]:
    """Harvest, let eight items go and sweep twice; give what the second sweep tells."""
    oai_ingest("harvest", "letters", "--json")
    archive.gone = set(range(1, 9))
    oai_ingest("harvest", "letters", "--sweep", "--json")
    a_day_passes(folder)
    ended = oai_ingest("harvest", "letters", "--sweep", "--json")
    assert ended.code == 1
    told: dict[str, Any] = ended.json
    return told


def test_held_deletions_are_shown_and_approved(oai_ingest: OaiIngest, archive: SweptArchive, tmp_path: Path) -> None:
    """A person sees how many, some of them by name, and the command; then it is done and told."""
    told = held(oai_ingest, archive, tmp_path)
    assert (told["verdict"], [(each["code"], each["count"]) for each in told["reasons"]]) == (
        "suspect",
        [("deletions-held", 8)],
    )
    run = str(told["run"])
    shown = oai_ingest("runs", "show", run, "--json").json
    assert (shown["kind"], shown["selection"]["sweep"]) == ("sweep", True)
    assert (shown["held"]["deletions"], shown["held"]["examples"][0]) == (8, "oai:swept:001")
    words = oai_ingest("runs", "show", run).out
    assert "8 deletions held" in words
    assert f"`oai-ingest runs approve {run} --reject`" in words

    approved = oai_ingest("runs", "approve", run, "--json")
    assert (approved.code, approved.json["verdict"]) == (0, "complete")
    assert approved.json["decided"] == {"deleted": 8, "kept": 0, "held": 0, "lists": []}
    assert [each["code"] for each in approved.json["reasons"]] == ["deletions-approved"]
    again = oai_ingest("runs", "approve", run)
    assert (again.code, again.error) == (2, f"run {run} has nothing to approve; see `oai-ingest runs list`")
    assert oai_ingest("endpoints", "list", "--json").json[0]["deleted_items"] == 8


def test_held_deletions_are_rejected(oai_ingest: OaiIngest, archive: SweptArchive, tmp_path: Path) -> None:
    """Nothing is deleted, and nothing waits any more."""
    run = str(held(oai_ingest, archive, tmp_path)["run"])
    ended = oai_ingest("runs", "approve", run, "--reject")
    assert ended.code == 0
    assert "8 items missed by two sweeps and kept" in ended.out
    assert oai_ingest("runs", "show", run, "--json").json["held"] == {"deletions": 0, "examples": []}
    assert oai_ingest("runs", "approve", run, "--reject").code == 2
    assert oai_ingest("endpoints", "list", "--json").json[0]["deleted_items"] == 0


def test_a_harvest_in_doubt_is_approved(oai_ingest: OaiIngest, archive: SweptArchive) -> None:
    """What came is what the next full read is compared with; until then what is new is in doubt too."""
    oai_ingest("harvest", "letters", "--json")
    archive.gone = set(range(1, 16))
    doubted = oai_ingest("harvest", "letters", "--full", "--json").json
    assert [each["code"] for each in doubted["reasons"]] == ["fewer-than-before"]
    run = str(doubted["run"])
    assert f"`oai-ingest runs approve {run}`" in oai_ingest("runs", "show", run).out
    newer = oai_ingest("harvest", "letters", "--json").json
    assert [each["code"] for each in newer["reasons"]] == ["doubt-pending"]
    assert oai_ingest("runs", "approve", str(newer["run"])).code == 2

    approved = oai_ingest("runs", "approve", run, "--json")
    assert (approved.code, approved.json["decided"]["lists"]) == (0, ["oai_dc"])
    assert [oai_ingest("harvest", "letters", *how).code for how in ((), ("--full",))] == [0, 0]


def test_what_can_not_be_approved_is_refused(oai_ingest: OaiIngest, archive: SweptArchive) -> None:
    """A run that is complete has nothing; one that is not there is not there."""
    oai_ingest("harvest", "letters", "--json")
    refused = oai_ingest("runs", "approve", "1", "--json")
    assert (refused.code, list(refused.json)) == (2, ["error"])
    assert oai_ingest("runs", "approve", "7").code == 1
    del archive


@pytest.mark.parametrize("option", [("--full",), ("--from", "2024-01-01"), ("--identifier", "x"), ("--limit", "3")])
def test_a_sweep_looks_through_whole_lists(oai_ingest: OaiIngest, archive: SweptArchive, option: tuple[str]) -> None:
    """Whatever asks for something else is refused before anything is asked."""
    ended = oai_ingest("harvest", "letters", "--sweep", *option)
    assert (ended.code, archive.watch.log) == (2, [])
    assert f"leave out {option[0]}, or --sweep" in ended.error


def test_a_sweep_where_tombstones_tell_is_refused(oai_ingest: OaiIngest, archive: SweptArchive) -> None:
    """In one line, and nothing is asked."""
    archive.deleted_record = DeletedRecord.PERSISTENT
    oai_ingest("harvest", "letters", "--json")
    archive.watch.forget()
    ended = oai_ingest("harvest", "letters", "--sweep")
    assert (ended.code, archive.watch.log) == (2, [])
    assert ended.error.startswith("letters needs no sweep: ")

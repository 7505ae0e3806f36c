"""``endpoints retire`` and ``records forget``: shown first, done with --yes or a person's word, refused in one line."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from small_archive import SmallArchive, served

from ingest.store.engine import open_engine
from ingest.store.retiring import begin_retiring

OaiIngest = Callable[..., Any]
REASON = ("--reason", "The heirs asked for it.")


@pytest.fixture
def url() -> Iterator[str]:
    """Serve seven records."""
    with served(SmallArchive(7)) as url:
        yield url


@pytest.fixture
def on_either(oai_ingest: OaiIngest, migrated_database_url: str, declare: Callable[[str], Path], url: str) -> OaiIngest:
    """Run the command where the endpoint "small" was harvested and is not declared any more."""
    run = partial(oai_ingest, OAI_INGEST_DATABASE_URL=migrated_database_url)
    declare(f'[small]\nurl = "{url}"\n')
    assert run("harvest", "small").code == 0
    declare("")
    return run


def at_a_terminal(folder: Path, answer: str, *arguments: str) -> str:
    """Run a command at a terminal and answer what it asks; give all that stood there."""
    main, side = pty.openpty()
    environment = {"PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        [sys.executable, "-m", "workers.cli.main", *arguments],
        stdin=side,
        stdout=side,
        stderr=side,
        cwd=folder,
        env=environment,
    )
    os.close(side)
    seen = b""
    while b"[y/N]" not in seen:
        seen += os.read(main, 1000)
    os.write(main, f"{answer}\n".encode())
    while True:
        try:
            read = os.read(main, 1000)
        except OSError:
            break
        if not read:
            break
        seen += read
    process.wait()
    os.close(main)
    return seen.decode()


# --- retire ---------------------------------------------------------------------------------------


def test_retiring_is_shown_first_and_then_done(on_either: OaiIngest) -> None:
    """Exit code 0 for both; without --yes nothing is written."""
    shown = on_either("endpoints", "retire", "small")
    assert shown.code == 0
    assert "7 items" in shown.out
    assert "7 records that nobody else speaks for, such as small:oai:small:1" in shown.out
    assert "--yes" in shown.err
    before = on_either("endpoints", "list", "--json").json
    assert before[0]["items"] == 7
    told = on_either("endpoints", "retire", "small", "--json").json
    assert (told["retired"], told["items"], told["deleted"], told["changes"]) == (False, 7, 7, None)
    done = on_either("endpoints", "retire", "small", "--yes", "--json").json
    assert (done["retired"], done["taken_away"], done["changes"]) == (True, 7, {"deleted": 7})
    assert on_either("endpoints", "list", "--json").json == []
    assert [run["endpoint"] for run in on_either("runs", "list", "--json").json] == ["small"]


def test_an_endpoint_that_nobody_knows_can_not_be_retired(on_either: OaiIngest) -> None:
    """One line, with what may have been meant."""
    refused = on_either("endpoints", "retire", "smal", "--yes")
    assert (refused.code, refused.error) == (1, 'there is no endpoint "smal"; did you mean "small"?')


@pytest.mark.parametrize("table", ["[small]", '[renamed]\nrenamed_from = "small"'])
def test_what_a_file_declares_is_not_retired(
    on_either: OaiIngest, declare: Callable[[str], Path], url: str, table: str
) -> None:
    """The next harvest would bring it back."""
    declare(f'{table}\nurl = "{url}"\n')
    refused = on_either("endpoints", "retire", "small", "--yes")
    assert refused.code == 2
    assert "take it out first" in refused.error
    assert "endpoints.toml declares" in refused.error


def test_a_retirement_that_was_killed_is_told_of_and_goes_on(on_either: OaiIngest, migrated_database_url: str) -> None:
    """The list names it as long as anything is left."""
    database = open_engine(migrated_database_url)
    begin_retiring(database, "small")
    database.dispose()
    listed = on_either("endpoints", "list")
    assert "retired" in listed.out
    assert "endpoints retire small --yes" in listed.err
    assert on_either("endpoints", "retire", "small", "--yes").code == 0
    assert "small" not in on_either("endpoints", "list").out


# --- forget ---------------------------------------------------------------------------------------


def test_forgetting_is_shown_first_and_then_done(on_either: OaiIngest, migrated_database_url: str) -> None:
    """What is shown afterwards is that it was forgotten, when and why; the identifier still finds it."""
    ours = True if migrated_database_url.startswith("sqlite") else None
    shown = on_either("records", "forget", "oai:small:2", *REASON)
    assert shown.code == 0
    assert "Letter 2" in shown.out
    assert "--yes" in shown.err
    assert on_either("records", "show", "oai:small:2", "--json").json["forgotten_at"] is None
    done = on_either("records", "forget", "oai:small:2", *REASON, "--yes", "--json").json
    assert (done["record"], done["forgotten"], done["cleared"]) == ("small:oai:small:2", True, ours)
    record = on_either("records", "show", "oai:small:2", "--json").json
    assert record["forgotten_reason"] == "The heirs asked for it."
    assert record["forgotten_at"].endswith("Z")
    assert (record["title"], record["deleted"]) == (None, True)
    shown = on_either("records", "show", "oai:small:2")
    assert "forgotten 20" in shown.out
    assert "The heirs asked for it." in shown.out
    assert "Letter" not in shown.out
    assert "version 1 was erased" in on_either("records", "show", "oai:small:2", "--history").out
    again = on_either("records", "forget", "oai:small:2", "--reason", "Another.")
    assert "already" in again.out
    assert "was forgotten" in on_either("records", "show", "oai:small:2", "--xml").error


def test_a_forgotten_item_is_none_of_those_to_describe_again(on_either: OaiIngest) -> None:
    """Nor does it count among an endpoint's items."""
    on_either("records", "forget", "oai:small:2", *REASON, "--yes")
    (listed,) = on_either("endpoints", "list", "--json").json
    assert (listed["items"], listed["deleted_items"], listed["stale"]) == (6, 0, 0)
    assert on_either("renormalise").out == "every item is described by the rules and tables of now\n"


def test_who_would_forget_a_merged_record_is_told_where_its_items_are(
    on_either: OaiIngest, declare: Callable[[str], Path], url: str
) -> None:
    """They say under the other record ID what they said: that record has to be forgotten."""
    declare(f"[small]\nurl = \"{url}\"\nrecord_id = '([0-9])$'\n")
    assert on_either("renormalise", "small").code == 0
    shown = on_either("records", "forget", "small:oai:small:2", *REASON)
    assert "without  small:2, into which it was merged" in shown.out
    assert "with it  small:oai:small:2, merged into it" in on_either("records", "forget", "small:2", *REASON).out


def test_forgetting_asks_for_a_reason_and_a_record(on_either: OaiIngest) -> None:
    """Refused before anything is looked at, and in one line."""
    assert on_either("records", "forget", "oai:small:2", "--yes").code == 2
    assert on_either("records", "forget", "oai:small:2", "--reason", " ", "--yes").code == 2
    unknown = on_either("records", "forget", "oai:small:99", *REASON, "--yes")
    assert (unknown.code, unknown.error) == (1, 'there is no record "oai:small:99"')


def test_what_a_file_holds_that_can_not_be_written_anew_is_said(
    oai_ingest: OaiIngest, start: Callable[..., Any], url: str
) -> None:
    """The record is forgotten all the same: exit code 1, and what is left to do."""
    oai_ingest("harvest", url)
    name = url.removeprefix("http://")
    process = start("records", "forget", "oai:small:2", *REASON, "--yes", "--json", largest_file=800_000)

    told, complaint = process.communicate(timeout=60)

    assert (process.returncode, json.loads(told)["forgotten"], json.loads(told)["cleared"]) == (1, True, False)
    assert "may still hold what was erased: the disk refused" in complaint
    assert oai_ingest("records", "show", f"{name}:oai:small:2", "--json").json["forgotten_at"]
    assert oai_ingest("records", "forget", "oai:small:2", *REASON, "--yes", "--json").json["cleared"]


# --- a person -------------------------------------------------------------------------------------


def test_a_person_at_a_terminal_is_asked(tmp_path: Path, oai_ingest: OaiIngest, url: str) -> None:
    """No is the answer of who says nothing; the end is that of a preview."""
    oai_ingest("harvest", url)
    name = url.removeprefix("http://")
    asked = partial(at_a_terminal, tmp_path)
    assert "nothing was erased" in asked("", "records", "forget", "oai:small:2", *REASON)
    assert "is forgotten" in asked("y", "records", "forget", "oai:small:2", *REASON)
    assert "nothing was changed" in asked("n", "endpoints", "retire", name)
    assert "is retired: 6 items taken away" in asked("y", "endpoints", "retire", name)

"""What is refused before anything is asked or written: one line that says what is wrong, and exit code 2."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

OaiIngest = Callable[..., Any]
NOBODY = "http://127.0.0.1:1/oai"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("harvest", "Missing argument 'NAME|URL'; see `oai-ingest harvest --help`"),
        ("harvest one two", "unexpected extra argument"),
        (f"harvest {NOBODY} --bogus", "No such option: --bogus"),
        (f"harvest {NOBODY} --limits 5", "No such option: --limits"),
        (f"harvest {NOBODY} --set", "requires an argument"),
        ("gather", "No such command 'gather'"),
        ("runs", "Missing command; see `oai-ingest runs --help`"),
        ("runs show", "Missing argument 'ID'"),
        ("runs show seven", "'ID'"),
        ("runs show 0", "'ID'"),
        ("records show", "Missing argument"),
        ("normalise", "Missing command"),
        ("normalise subject", "No such command 'subject'"),
        ("db downgrade", "No such command 'downgrade'"),
    ],
)
def test_what_can_not_be_typed_is_refused(oai_ingest: OaiIngest, arguments: str, words: str) -> None:
    """A wrong word, option or number is told in one line that names the help to read."""
    ended = oai_ingest(*arguments.split())

    assert ended.code == 2
    assert words in ended.error
    assert "--help" in ended.error
    assert ended.out == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("--from yesterday", "YYYY-MM-DDThh:mm:ssZ"),
        ("--from 2023-02-30", '"2023-02-30" is no date'),
        ("--from 2023-2-3", "is no date"),
        ("--until 2023-02-03T25:00:00Z", "is no date"),
        ("--until 2023-02-03T10:00:00", "is no date"),
        ("--until 2023-02-03T10:00:00+01:00", "in UTC"),
        ("--from ٢٠٢٣-٠٢-٠٣", "is no date"),
        ("--from 2024-01-01 --until 2023-12-31", "is later than"),
        ("--from 2024-01-01T00:00:01Z --until 2024-01-01T00:00:00Z", "is later than"),
        ("--full --from 2024-01-01", "--full reads everything"),
        ("--prefix=", "--prefix"),
        ("--set=a\tb", "--set"),
    ],
)
def test_a_selection_that_makes_no_sense_is_refused(
    oai_ingest: OaiIngest, tmp_path: Path, arguments: str, words: str
) -> None:
    """Dates are real dates in the protocol's two forms, and the range is not empty."""
    ended = oai_ingest("harvest", NOBODY, *arguments.split(" "))

    assert ended.code == 2
    assert words in ended.error
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments", ["--from 2024-01-01T10:00:00Z --until 2024-01-01", "--from 2024-01-01 --until 2024-01-01"]
)
def test_a_day_stands_for_all_of_it(oai_ingest: OaiIngest, demo_url: str, arguments: str) -> None:
    """A range within one day is a range."""
    assert oai_ingest("harvest", demo_url, *arguments.split()).code == 0


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("ftp://host/oai", "write http:// or https://"),
        ("http://", "no repository's URL"),
        ("http://host:99999/oai", "check its host and port"),
        ("http://user:hunter2@host/oai", "holds credentials"),
        ("http://host/oai?verb=Identify", "not a base URL"),
        ("http://host/o ai", "percent-encoded"),
        ("host.example/oai", "http://"),
        ("wilson", "config/endpoints.toml does not exist"),
    ],
)
def test_what_is_no_repository_is_refused(oai_ingest: OaiIngest, tmp_path: Path, url: str, words: str) -> None:
    """Nothing is asked, nothing is written, and no password is repeated."""
    ended = oai_ingest("harvest", url)

    assert ended.code == 2
    assert words in ended.error
    assert "hunter2" not in ended.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('[wilson-center]\nurl = "http://127.0.0.1:1/oai"', 'did you mean "wilson-center"?'),
        ('[other]\nurl = "http://127.0.0.1:1/oai"', "it declares other"),
        ("", "it declares nothing"),
        ('[wilson]\nurl = "http://127.0.0.1:1/oai"\nshedule = "x"', 'endpoints.toml:3: [wilson] unknown key "shedule"'),
        ("[wilson", "endpoints.toml:1: not TOML"),
        ('[wilson]\nurl = "http://127.0.0.1:1/oai"\nauth = { basic = "env:WILSON_LOGIN" }', "WILSON_LOGIN is not set"),
    ],
)
def test_a_name_that_is_not_declared_well_is_refused(
    oai_ingest: OaiIngest, declare: Callable[[str], Path], content: str, words: str
) -> None:
    """The line names the file, the close matches, or what the file has wrong."""
    declare(content)

    ended = oai_ingest("harvest", "wilson")

    assert ended.code == 2
    assert words in ended.error


@pytest.mark.parametrize(
    ("command", "database_url", "words"),
    [
        ("runs list", "postgresql://127.0.0.1:1/catalogue", "the database is not reachable"),
        (f"harvest {NOBODY}", "postgresql://u:hunter2@127.0.0.1:1/catalogue", "the database is not reachable"),
        ("endpoints list", "sqlite:////nowhere/at/all.db", "/nowhere/at/all.db can not be made"),
        (f"harvest {NOBODY}", "sqlite:////nowhere/at/all.db", "/nowhere/at/all.db can not be made"),
        ("records show 1", "sqlite:///.", "can not be opened"),
        ("db upgrade", "mysql://host/catalogue", "OAI_INGEST_DATABASE_URL must be"),
        ("demo", "catalogue.db", "OAI_INGEST_DATABASE_URL must be"),
    ],
)
def test_a_database_that_can_not_be_used_is_refused(
    oai_ingest: OaiIngest, command: str, database_url: str, words: str
) -> None:
    """Unreachable, without a folder, or none at all: every command says so in the same way."""
    ended = oai_ingest(*command.split(), OAI_INGEST_DATABASE_URL=database_url)

    assert ended.code == 2
    assert words in ended.error
    assert "hunter2" not in ended.err


@pytest.mark.parametrize("command", [f"harvest {NOBODY}", "runs list", "db check", "demo"])
def test_another_programs_file_is_refused_and_left_as_it_is(
    oai_ingest: OaiIngest, tmp_path: Path, command: str
) -> None:
    """Looking at a database changes not one byte of it."""
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE books (title TEXT)")
        connection.commit()
    before = path.read_bytes()

    ended = oai_ingest(*command.split(), OAI_INGEST_DATABASE_URL=f"sqlite:///{path}")

    assert ended.code == 2
    assert "another program" in ended.error
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("OAI_INGEST_LEASE_SECONDS", "soon"),
        ("OAI_INGEST_MAX_RESPONSE_BYTES", "-1"),
        ("OAI_INGEST_DATABASE_URL_FILE", "no"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(oai_ingest: OaiIngest, variable: str, value: str) -> None:
    """The line names the variable."""
    ended = oai_ingest("runs", "list", **{variable: value})

    assert ended.code == 2
    assert variable in ended.error


@pytest.mark.parametrize(
    "arguments",
    [("harvest", "wilson", "--json"), ("harvest", "--json", "--bogus", NOBODY), ("runs", "show", "x", "--json")],
)
def test_a_refusal_is_json_too_where_that_was_asked_for(oai_ingest: OaiIngest, arguments: tuple[str, ...]) -> None:
    """A script that reads standard output finds the same line under ``error``."""
    ended = oai_ingest(*arguments)

    assert ended.code == 2
    assert ended.json["error"] == ended.error


def test_a_refused_harvest_has_a_verdict_and_reasons_that_can_be_read(oai_ingest: OaiIngest) -> None:
    """The keys that a script asks for first are there; reasons are never null."""
    told = oai_ingest("harvest", "wilson", "--json").json

    assert (told["run"], told["verdict"], told["reasons"]) == (None, None, [])


def test_debug_shows_where_an_error_came_from(oai_ingest: OaiIngest) -> None:
    """Wherever the option stands; without it there is never a traceback."""
    for arguments in (("--debug", "harvest", "wilson"), ("harvest", "wilson", "--debug")):
        ended = oai_ingest(*arguments)
        assert ended.code == 2
        assert "Traceback" in ended.err
        assert ended.err.splitlines()[-1].startswith("error: ")

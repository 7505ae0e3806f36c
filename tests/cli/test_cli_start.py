"""How the command starts: help and version, and nothing loaded that is not used."""

import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

OaiIngest = Callable[..., Any]
ROOT = Path(__file__).parents[2]
# Typer itself reads parameters with pydantic.
HEAVY = ("sqlalchemy", "alembic", "sickle", "requests", "lxml", "rich", "celery", "psycopg")
# What a harvest needs and a list of runs does not, and takes long to load.
UNLISTED = ("ingest.descriptions", "ingest.endpoints", "ingest.records", "ingest.store.items", "ingest.store.tables")
LOADED = """
import sys
from workers.cli.main import run
code = run(sys.argv[1:])
print(code, *sorted(set(sys.modules) & set("{heavy}".split())), file=sys.stderr)
"""


def loaded(*arguments: str, looked_for: Iterable[str], content: str = "", **environment: str) -> str:
    """Run a command, and give its exit code with what of ``looked_for`` has been loaded then."""
    ended = subprocess.run(
        [sys.executable, "-c", LOADED.format(heavy=" ".join(looked_for)), *arguments],
        input=content,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment,
        check=True,
    )
    return ended.stderr


@pytest.mark.parametrize(
    ("arguments", "content"),
    [
        ("--help", ""),
        ("harvest --help", ""),
        ("runs show --help", ""),
        ("normalise rights", "CC BY 4.0\n"),
        ("normalise source", "x\n"),
    ],
)
def test_what_needs_no_database_loads_none(arguments: str, content: str) -> None:
    """Neither the database's packages nor the network's, nor what draws tables."""
    assert loaded(*arguments.split(), looked_for=HEAVY, content=content) == "0\n"


def test_listing_runs_loads_what_it_lists_alone(migrated_sqlite_url: str) -> None:
    """Neither what records are made of nor what endpoints are declared by."""
    assert loaded("runs", "list", looked_for=UNLISTED, OAI_INGEST_DATABASE_URL=migrated_sqlite_url) == "0\n"


def test_help_lists_every_command(oai_ingest: OaiIngest) -> None:
    """Each with a whole sentence."""
    ended = oai_ingest("--help")

    assert (ended.code, ended.err) == (0, "")
    for command in ("demo", "harvest", "endpoints", "runs", "records", "normalise", "db"):
        assert f"\n  {command} " in ended.out
    assert "..." not in ended.out.replace("[ARGS]...", "")


def test_without_a_command_the_help_is_shown(oai_ingest: OaiIngest) -> None:
    """A script that forgot its arguments notices by the exit code."""
    ended = oai_ingest()

    assert (ended.code, ended.out) == (2, oai_ingest("--help").out)


def test_the_version_is_one_line(oai_ingest: OaiIngest) -> None:
    """Name and number."""
    ended = oai_ingest("--version")

    assert ended.code == 0
    assert ended.out.startswith("oai-ingest ")
    assert ended.out.count("\n") == 1


def test_a_reader_that_goes_away_is_no_error() -> None:
    """As with ``| head -1``: no message, no traceback."""
    command = f"yes | {sys.executable} -m workers.cli.main normalise donor | head -n 1"
    ended = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)

    assert ended.stdout.count("\n") == 1
    assert ended.stderr == ""

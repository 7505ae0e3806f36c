"""``oai-ingest db``: revisions applied once, and an honest answer to whether any is due."""

from collections.abc import Callable
from typing import Any

OaiIngest = Callable[..., Any]


def test_an_upgrade_is_due_until_it_is_made(oai_ingest: OaiIngest, database_url: str) -> None:
    """On both databases; a second upgrade does nothing."""
    due = oai_ingest("db", "check", OAI_INGEST_DATABASE_URL=database_url)
    made = oai_ingest("db", "upgrade", OAI_INGEST_DATABASE_URL=database_url)
    again = oai_ingest("db", "upgrade", OAI_INGEST_DATABASE_URL=database_url)
    checked = oai_ingest("db", "check", "--json", OAI_INGEST_DATABASE_URL=database_url)

    assert (due.code, made.code, again.code, checked.code) == (1, 0, 0, 0)
    assert "run `oai-ingest db upgrade`" in due.out
    assert all(line.startswith("applied ") for line in made.out.splitlines())
    assert made.out
    assert again.out.startswith("nothing to do")
    assert checked.json["upgrade_due"] is False
    assert checked.json["current"] == checked.json["head"]


def test_what_is_due_is_json_too(oai_ingest: OaiIngest, database_url: str) -> None:
    """A database without tables stands at no revision."""
    ended = oai_ingest("db", "check", "--json", OAI_INGEST_DATABASE_URL=database_url)

    assert ended.code == 1
    assert (ended.json["current"], ended.json["upgrade_due"]) == (None, True)


def test_a_postgresql_database_is_upgraded_only_by_a_person(oai_ingest: OaiIngest, postgresql_url: str) -> None:
    """Other commands refuse it and say what to run."""
    for command in (("harvest", "http://127.0.0.1:1/oai"), ("runs", "list"), ("demo",)):
        ended = oai_ingest(*command, OAI_INGEST_DATABASE_URL=postgresql_url)
        assert ended.code == 2
        assert "oai-ingest db upgrade" in ended.error

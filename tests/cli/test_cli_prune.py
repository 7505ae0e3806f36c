"""``oai-ingest db prune`` and the sizes of ``db check``: what is named goes, after saying how much, and no more."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from database_rows import count

OaiIngest = Callable[..., Any]
ALL = [f"--{what}-older-than=0d" for what in ("versions", "changes", "rejections", "runs")]


@pytest.fixture
def url(oai_ingest: OaiIngest, tmp_path: Path) -> str:
    """Return a database in which the demo has been harvested twice."""
    assert oai_ingest("demo", "--json").code == 0
    return f"sqlite:///{tmp_path / 'oai-ingest-demo.db'}"


def test_nothing_is_pruned_that_is_not_named(oai_ingest: OaiIngest, url: str) -> None:
    """And an age is written so that nobody takes months for minutes."""
    for arguments, words in (
        ((), "nothing is pruned that is not named"),
        (("--versions-older-than", "90"), '"90" is no age'),
        (("--versions-older-than", "3m"), '"3m" is no age'),
        (("--runs-older-than", "-1d"), '"-1d" is no age'),
        (("--runs-older-than", "9999y"), '"9999y" is no age'),
    ):
        refused = oai_ingest("db", "prune", *arguments, OAI_INGEST_DATABASE_URL=url)
        assert (refused.code, refused.out) == (2, "")
        assert words in refused.error


def test_a_dry_run_says_what_the_next_one_takes(oai_ingest: OaiIngest, url: str) -> None:
    """The same numbers, and the feed's beginning, which has moved."""
    newest = count(url, "changes")
    foreseen = oai_ingest("db", "prune", *ALL, "--dry-run", "--json", OAI_INGEST_DATABASE_URL=url).json
    assert count(url, "changes") == newest
    taken = oai_ingest("db", "prune", *ALL, "--json", OAI_INGEST_DATABASE_URL=url)

    assert (foreseen["dry_run"], taken.json["dry_run"], taken.json["stopped"]) == (True, False, False)
    numbers = {what: each["rows"] for what, each in taken.json["pruned"].items()}
    assert numbers == {what: each["rows"] for what, each in foreseen["pruned"].items()}
    assert numbers["changes"] == newest
    assert count(url, "changes") == 0
    assert "to be pruned: 0 runs" in taken.err
    assert foreseen["oldest_cursor"].endswith(":0")
    assert taken.json["oldest_cursor"].endswith(f":{newest}")
    assert oai_ingest("changes", "--since", foreseen["oldest_cursor"], OAI_INGEST_DATABASE_URL=url).code == 2
    assert oai_ingest("changes", "--since", taken.json["oldest_cursor"], OAI_INGEST_DATABASE_URL=url).code == 0


def test_people_are_told_what_went(oai_ingest: OaiIngest, url: str) -> None:
    """And what that means for whoever follows the feed."""
    told = oai_ingest("db", "prune", "--changes-older-than", "0d", OAI_INGEST_DATABASE_URL=url).out

    assert told.startswith("pruned: ")
    assert "changes of the feed from before" in told
    assert "reads everything anew" in told


def test_check_says_how_much_each_table_and_index_holds(
    oai_ingest: OaiIngest, url: str, migrated_postgresql_url: str
) -> None:
    """On both databases, in rows and bytes; people see the tables that have rows."""
    told = oai_ingest("db", "check", "--json", OAI_INGEST_DATABASE_URL=url).json
    tables = {each["table"]: each for each in told["tables"]}

    assert tables["records"]["rows"] == count(url, "records") > 30
    assert tables["items"]["bytes"] > 10_000
    assert "ix_items_record_key" in [each["index"] for each in tables["items"]["indexes"]]
    assert sum(each["bytes"] for each in told["tables"]) < told["bytes"]
    shown = oai_ingest("db", "check", OAI_INGEST_DATABASE_URL=url).out
    assert any(line.split()[:2] == ["records", str(tables["records"]["rows"])] for line in shown.splitlines())
    other = oai_ingest("db", "check", "--json", OAI_INGEST_DATABASE_URL=migrated_postgresql_url).json
    assert {each["table"] for each in other["tables"]} == tables.keys()
    assert all(index["bytes"] > 0 for each in other["tables"] for index in each["indexes"])
    assert other["free_bytes"] is None

"""``oai-ingest renormalise`` and ``unmatched``: the operator's round from a value that no rule knew to a table row."""

import json
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ingest.store.engine import open_engine
from workers.cli.stopping import stoppable
from workers.demo.items import Item
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

OaiIngest = Callable[..., Any]
_DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<dc:title>Letter {number}</dc:title><dc:rights>{rights}</dc:rights><dc:source>{source}</dc:source></oai_dc:dc>"
)
TERMS = "Quokka terms, second edition"
ROW = f'[[statement]]\nvalues = ["{TERMS}"]\ncategory = "restricted-licence"\nlabel = "Quokka terms"\n'


def _item(number: int) -> Item:
    rights, source = (TERMS, "quokka 7?") if number % 3 else ("CC BY 4.0", "")
    metadata = _DC.format(number=number, rights=rights, source=source).encode()
    return Item(identifier=f"oai:q:{number}", datestamp="2024-05-01T12:00:00Z", formats={"oai_dc": metadata})


@pytest.fixture
def harvested(tmp_path: Path, oai_ingest: OaiIngest) -> Path:
    """Harvest nine letters, six of them under terms that no rule knows, as a declared endpoint."""
    config = tmp_path / "config"
    config.mkdir()
    with serve(DemoRepository(items=tuple(map(_item, range(9))))) as url:
        (config / "endpoints.toml").write_text(f'[letters]\nurl = "{url}"\n', encoding="utf-8")
        assert oai_ingest("harvest", "letters").code == 0
    return tmp_path


def test_what_no_rule_knew_is_listed_by_frequency_with_an_example(harvested: Path, oai_ingest: OaiIngest) -> None:
    """For people with what to do next, for programs as one array."""
    assert harvested.is_dir()
    told = oai_ingest("unmatched", "rights", "--json").json
    assert told == [{"value": TERMS, "count": 6, "example": "letters:oai:q:1"}]
    shown = oai_ingest("unmatched", "rights", "--endpoint", "letters")
    assert TERMS in shown.out
    assert "renormalise --diff" in shown.err
    assert [each["count"] for each in oai_ingest("unmatched", "source", "--json").json] == [6]
    assert oai_ingest("unmatched", "donor", "--json").json == []


def test_donors_of_whom_nothing_came_are_listed_unless_nobody_gave(tmp_path: Path, oai_ingest: OaiIngest) -> None:
    """A declared field says that it names a donor; a placeholder is known to name none."""
    config = tmp_path / "config"
    config.mkdir()
    donors = ("Donor: 17/3", "Donor: n/a", "Donor: Ada Quokka")
    items = tuple(replace(_item(number), formats={"oai_dc": _contributed(name)}) for number, name in enumerate(donors))
    with serve(DemoRepository(items=items)) as url:
        declared = f'[letters]\nurl = "{url}"\n[letters.fields]\n'
        declared += "donor = { element = \"contributor\", pattern = '^Donor: (.+)$' }\n"
        (config / "endpoints.toml").write_text(declared, encoding="utf-8")
        assert oai_ingest("harvest", "letters").code == 0
    assert [each["value"] for each in oai_ingest("unmatched", "donor", "--json").json] == ["17/3"]


def _contributed(name: str) -> bytes:
    contributor = f"<dc:contributor>{name}</dc:contributor><dc:rights>"
    return _DC.format(number=1, rights="", source="").replace("<dc:rights>", contributor).encode()


def test_an_unknown_endpoint_is_an_error_of_one_line(harvested: Path, oai_ingest: OaiIngest) -> None:
    """Whichever command is asked."""
    assert harvested.is_dir()
    for arguments in (("unmatched", "rights", "--endpoint", "lettres"), ("renormalise", "lettres")):
        ended = oai_ingest(*arguments)
        assert ended.code == 1
        assert "lettres" in ended.error
        assert "endpoints list" in ended.error


def test_a_row_in_a_table_is_shown_first_and_then_described(harvested: Path, oai_ingest: OaiIngest) -> None:
    """The whole round: nothing changes by --diff, everything by the command itself, and nothing by a second one."""
    (harvested / "config" / "rights.toml").write_text(ROW, encoding="utf-8")
    (endpoint,) = oai_ingest("renormalise", "--diff", "--json").json
    assert (endpoint["endpoint"], endpoint["stale"], endpoint["records"]) == ("letters", 9, 6)
    of_rights = [each for each in endpoint["differences"] if each["field"] == "rights"]
    assert [(each["count"], each["value"]) for each in of_rights] == [(6, TERMS)]
    assert "restricted-licence" in of_rights[0]["becomes"]
    assert of_rights[0]["rule"].endswith("rights/own-table@1")
    assert oai_ingest("unmatched", "rights", "--json").json != []

    shown = oai_ingest("renormalise", "letters", "--diff")
    assert shown.code == 0
    assert "9 items to describe again, 6 records would change" in shown.out

    done = oai_ingest("renormalise", "--json").json
    (told,) = done["endpoints"]
    assert {key: told[key] for key in ("stale", "items", "changed", "moved", "left", "stopped")} == {
        "stale": 9,
        "items": 9,
        "changed": 6,
        "moved": 0,
        "left": 0,
        "stopped": False,
    }
    assert oai_ingest("unmatched", "rights", "--json").json == []
    again = oai_ingest("renormalise")
    assert again.out == "every item is described by the rules and tables of now\n"
    record = oai_ingest("records", "show", "letters:oai:q:1", "--json").json
    assert record["rights_category"] == "restricted-licence"


def test_a_bad_row_is_refused_before_anything_is_written(harvested: Path, oai_ingest: OaiIngest) -> None:
    """By every command that describes."""
    (harvested / "config" / "rights.toml").write_text('[[statement]]\nvalues = ["x"]\ncategory = "free"\n')
    for arguments in (("renormalise",), ("harvest", "letters"), ("normalise", "rights")):
        ended = oai_ingest(*arguments)
        assert ended.code == 2
        assert "rights.toml:3: [[statement]] category must be" in ended.error


def test_values_are_normalised_with_the_tables_too(harvested: Path, oai_ingest: OaiIngest) -> None:
    """What a harvest would make of them."""
    (harvested / "config" / "rights.toml").write_text(ROW, encoding="utf-8")
    told = json.loads(oai_ingest("normalise", "rights", content=f"{TERMS}\n".encode()).out)
    assert told["category"] == "restricted-licence"


def test_an_endpoint_that_is_no_longer_declared_is_described_as_it_was(harvested: Path, oai_ingest: OaiIngest) -> None:
    """With the tables of now."""
    (harvested / "config" / "endpoints.toml").write_text("", encoding="utf-8")
    (harvested / "config" / "rights.toml").write_text(ROW, encoding="utf-8")
    (told,) = oai_ingest("renormalise", "--json").json["endpoints"]
    assert (told["endpoint"], told["items"], told["changed"]) == ("letters", 9, 6)


def test_endpoints_list_tells_how_many_items_are_to_be_described_again(harvested: Path, oai_ingest: OaiIngest) -> None:
    """So that an operator knows after an upgrade, or an edit of a table."""
    assert [each["stale"] for each in oai_ingest("endpoints", "list", "--json").json] == [0]
    (harvested / "config" / "rights.toml").write_text(ROW, encoding="utf-8")
    assert [each["stale"] for each in oai_ingest("endpoints", "list", "--json").json] == [9]
    shown = oai_ingest("endpoints", "list")
    assert "9 items described by other rules or tables" in shown.err
    assert "renormalise" in shown.err


# --- on both databases: names that change, declarations that are not in the file ------------------

URL = 'url = "http://127.0.0.1:1/oai"'


@pytest.fixture
def on_either(tmp_path: Path, oai_ingest: OaiIngest, migrated_database_url: str) -> OaiIngest:
    """Run the command where "letters" has been harvested as the file declared it."""
    run = partial(oai_ingest, OAI_INGEST_DATABASE_URL=migrated_database_url)
    (tmp_path / "config").mkdir()
    with serve(DemoRepository(items=tuple(map(_item, range(3))))) as url:
        _declare(tmp_path, f'[letters]\nurl = "{url}"')
        assert run("harvest", "letters").code == 0
    return run


def _declare(folder: Path, *tables: str) -> None:
    (folder / "config" / "endpoints.toml").write_text("\n".join(tables), encoding="utf-8")


def test_an_endpoint_with_a_new_name_is_described_as_it_is_declared_now(tmp_path: Path, on_either: OaiIngest) -> None:
    """Before any harvest under the new name: one endpoint, by one name, with all that it has."""
    renamed = f'[post]\n{URL}\nrenamed_from = "letters"\n[post.defaults]\nrights = "CC0 1.0"'
    _declare(tmp_path, renamed)
    (listed,) = on_either("endpoints", "list", "--json").json
    assert (listed["endpoint"], listed["declared"], listed["items"], listed["stale"]) == ("post", True, 3, 3)
    old = on_either("renormalise", "letters")
    assert (old.code, old.error) == (1, '"letters" is declared as "post" now; name it so')
    (told,) = on_either("renormalise", "--json").json["endpoints"]
    assert (told["endpoint"], told["items"], told["left"]) == ("post", 3, 0)
    (listed,) = on_either("endpoints", "list", "--json").json
    assert (listed["endpoint"], listed["items"], listed["stale"]) == ("post", 3, 0)
    (named,) = on_either("renormalise", "post", "--diff", "--json").json
    assert (named["endpoint"], named["stale"]) == ("post", 0)


def test_one_kept_declaration_that_can_not_be_read_leaves_the_others(
    tmp_path: Path, on_either: OaiIngest, migrated_database_url: str
) -> None:
    """One line says which and what to do; the exit code says that not all was done."""
    engine = open_engine(migrated_database_url)
    with engine.begin() as connection:
        for name, declaration in (("beyond", '{"name": "beyond", "since": 9}'), ("zebra", "no JSON")):
            copied = "INSERT INTO endpoints (name, url, declaration, declared, created_at)"
            copied += " SELECT :name, url, :declaration, declared, created_at FROM endpoints WHERE name = 'letters'"
            connection.execute(text(copied), {"name": name, "declaration": declaration})
    engine.dispose()
    (tmp_path / "config" / "rights.toml").write_text(ROW, encoding="utf-8")

    compared = on_either("renormalise", "--diff", "--json")
    done = on_either("renormalise", "--json")
    again = on_either("renormalise")
    alone = on_either("renormalise", "beyond")
    listed = on_either("endpoints", "list", "--json")

    assert [(each["endpoint"], each["stale"]) for each in compared.json] == [("letters", 3)]
    assert [(each["endpoint"], each["items"]) for each in done.json["endpoints"]] == [("letters", 3)]
    for ended in (compared, done, again):
        first, second = ended.err.splitlines()
        assert ended.code == 1
        assert first.startswith("error: beyond: the declaration in the database was written by another version")
        assert second.startswith("error: zebra: ")
    assert again.out == ""
    assert (alone.code, alone.out) == (1, "")
    assert alone.error.startswith("beyond: ")
    stale = {each["endpoint"]: each["stale"] for each in listed.json}
    assert (listed.code, stale) == (0, {"letters": 0, "beyond": None, "zebra": None})


def test_items_of_an_endpoint_in_no_file_are_counted_as_they_would_be_described(
    tmp_path: Path, on_either: OaiIngest
) -> None:
    """As it was when last harvested, with the tables of now, whether a file declared it then or not."""
    _declare(tmp_path)
    with serve(DemoRepository(items=tuple(map(_item, range(2))))) as url:
        assert on_either("harvest", url).code == 0
    assert [each["stale"] for each in on_either("endpoints", "list", "--json").json] == [0, 0]
    (tmp_path / "config" / "rights.toml").write_text(ROW, encoding="utf-8")
    listed = on_either("endpoints", "list", "--json").json
    compared = on_either("renormalise", "--diff", "--json").json
    assert [each["declared"] for each in listed] == [False, False]
    assert sorted(each["stale"] for each in listed) == [2, 3]
    stale = {each["endpoint"]: each["stale"] for each in listed}
    assert stale == {each["endpoint"]: each["stale"] for each in compared}
    assert "described by other rules or tables" in on_either("endpoints", "list").err


def test_an_endpoint_that_was_never_harvested_has_nothing_to_describe(tmp_path: Path, on_either: OaiIngest) -> None:
    """Whether the database has met it or not; nothing is said of items that are not there."""
    _declare(tmp_path, f"[new]\n{URL}", f"[paused]\n{URL}")
    assert on_either("endpoints", "pause", "paused").code == 0
    for name in ("new", "paused"):
        for options in ((), ("--diff",)):
            ended = on_either("renormalise", name, *options)
            assert (ended.code, ended.out) == (0, "")
            assert ended.err == f"{name} has not been harvested yet: there is nothing to describe again\n"


def test_nothing_harvested_is_nothing_to_describe(oai_ingest: OaiIngest) -> None:
    """Of an empty database no item is said to be described."""
    ended = oai_ingest("renormalise")
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == "nothing has been harvested yet: there is nothing to describe again\n"


def test_a_limit_without_a_diff_is_refused(oai_ingest: OaiIngest) -> None:
    """It would not limit what is described again."""
    ended = oai_ingest("renormalise", "--limit", "3")
    assert ended.code == 2
    assert "--limit is of what --diff shows" in ended.error
    assert "add --diff" in ended.error


@pytest.mark.parametrize(
    ("given", "told"), [({}, "the page in hand"), ({"what": "the batch in hand"}, "the batch in hand")]
)
def test_the_first_interruption_says_what_is_ended_first(
    capfd: pytest.CaptureFixture[str], given: dict[str, str], told: str
) -> None:
    """A page where a harvest runs, a batch where items are described again."""
    with stoppable(**given) as stop:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop()
    assert capfd.readouterr().err == f"stopping after {told}; Ctrl-C once more ends at once\n"

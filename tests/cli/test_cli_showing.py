"""``oai-ingest endpoints``, ``runs`` and ``records``: what the database holds, for people and for scripts."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from workers.demo.exchange import Answer, Request, Response
from workers.demo.items import Item
from workers.demo.records import demo_items
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

OaiIngest = Callable[..., Any]
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
SEED = "119198"
SEED_ITEM = f"oai:demo.oai-ingest.example:{SEED}"
MACARTHUR, LEVY = "MacArthur Foundation", "Leon Levy Foundation"


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory, run_in: Callable[..., Any]) -> Path:
    """Return a folder in which the demo has run."""
    folder = tmp_path_factory.mktemp("harvested")
    assert run_in(folder, "demo", "--json").code == 0
    return folder


@pytest.fixture
def look(harvested: Path, run_in: Callable[..., Any]) -> OaiIngest:
    """Run a showing command on what the demo has left."""
    return lambda *arguments: run_in(harvested, *arguments, OAI_INGEST_DATABASE_URL="sqlite:///oai-ingest-demo.db")


# --- endpoints and runs ---------------------------------------------------------------------------


@pytest.mark.parametrize("listing", ["endpoints", "runs"])
def test_an_empty_database_has_an_empty_listing(oai_ingest: OaiIngest, listing: str) -> None:
    """An array for scripts, a sentence for people, and all is well."""
    assert oai_ingest(listing, "list", "--json").json == []
    ended = oai_ingest(listing, "list")
    assert (ended.code, ended.out) == (0, f"no {listing} yet\n")


def test_declared_endpoints_are_listed_before_they_are_harvested(
    oai_ingest: OaiIngest, declare: Callable[[str], Path], demo_url: str
) -> None:
    """First those of the file in its order, then those that were harvested by URL."""
    declare(
        '[b]\nurl = "http://127.0.0.1:1/b"\nschedule = "0 3 * * *"\n[a]\nurl = "http://127.0.0.1:1/a"\npaused = true'
    )
    oai_ingest("harvest", demo_url)

    b, a, by_url = oai_ingest("endpoints", "list", "--json").json

    assert (b["endpoint"], b["declared"], b["schedule"], b["last_run"]) == ("b", True, "0 3 * * *", None)
    assert (a["endpoint"], a["paused"]) == ("a", True)
    assert (by_url["declared"], by_url["items"], by_url["gaps"]) == (False, 41, 0)
    assert by_url["last_run"]["verdict"] == "complete"
    assert INSTANT.fullmatch(by_url["complete_until"])
    assert "never" in oai_ingest("endpoints", "list").out
    assert oai_ingest("runs", "list", "--endpoint", "a", "--json").json == []


def test_the_newest_run_is_listed_first(look: OaiIngest) -> None:
    """With verdict, reasons and the counts that a harvest reports."""
    second, first = look("runs", "list", "--json").json

    assert (first["run"], second["run"]) == (1, 2)
    assert (first["verdict"], first["seen"], first["selection"]["full"]) == ("complete", 60, False)
    assert {reason["code"] for reason in first["reasons"]} >= {"rejections"}
    assert all(INSTANT.fullmatch(first[name]) for name in ("started_at", "ended_at", "response_date"))
    assert len(look("runs", "list", "--endpoint", "demo", "--json").json) == 2


def test_a_run_is_shown_with_its_windows(look: OaiIngest) -> None:
    """Verdict and reasons first; then what was asked for, and each list with its state."""
    told = look("runs", "show", "1", "--json").json
    lines = look("runs", "show", "1").out.splitlines()

    assert [(each["metadata_prefix"], each["set"], each["state"]) for each in told["windows"]] == [
        (prefix, set_spec, "ended") for prefix in ("oai_dc", "qdc") for set_spec in ("holdings", "reading-list")
    ]
    assert told["seen"] == sum(window["seen"] for window in told["windows"])
    assert lines[0] == "demo: complete  (run 1, full)"
    assert "rejected" in lines[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("runs", "show", "99"), "there is no run 99"),
        (("runs", "list", "--endpoint", "nobody"), 'there is no endpoint "nobody"'),
        (("records", "show", "nothing"), 'there is no record "nothing"'),
        (("records", "show", "other:119198"), 'there is no record "other:119198"'),
        (("records", "show", "oai:demo.oai-ingest.example:loan/1987-44"), "it was rejected, no-record-id"),
    ],
)
def test_what_is_not_there_is_one_line(look: OaiIngest, arguments: tuple[str, ...], words: str) -> None:
    """Exit code 1: it was looked for, and why it is not there is said where that is known."""
    ended = look(*arguments)

    assert ended.code == 1
    assert words in ended.error
    assert ended.out == ""


# --- records --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [SEED, f"demo:{SEED}", SEED_ITEM])
def test_a_record_goes_by_three_names(look: OaiIngest, name: str) -> None:
    """Record ID, namespace and record ID, or the identifier of any of its items."""
    assert look("records", "show", name, "--json").json["record_id"] == SEED


def test_the_record_that_it_all_started_from_reads_as_a_person_would_want(look: OaiIngest) -> None:
    """Nothing claimed that it does not say, and the original beside each value."""
    told = look("records", "show", SEED, "--json").json
    (rights,) = told["rights"]
    (source,) = told["sources"]

    assert (told["rights_category"], told["rights_uri"]) == ("unknown", None)
    assert rights["permits"] == ["research", "education"]
    assert "[email protected]" in rights["statement"]
    assert "@" not in rights["contact"]
    assert [(each["name"], each["kind"]) for each in told["donors"]] == [
        (MACARTHUR, "organisation"),
        (LEVY, "organisation"),
    ]
    assert [len(each["evidence"]) for each in told["donors"]] == [2, 1]
    assert (source["repository"], source["ref"], source["pages"]) == ("PRC FMA", "109-02809-01", "37-38")
    assert source["parts"]["translator"] == ["Xi Zhao"]
    assert (told["languages"], told["date"]) == ([], "1964-10-16")
    assert [(each["metadata_prefix"], each["speaks"]) for each in told["items"]] == [("oai_dc", True), ("qdc", False)]
    assert told["items"][0]["sets"] == ["holdings:diplomacy", "reading-list"]


def test_people_read_the_same_with_rules_and_original_text(look: OaiIngest) -> None:
    """Nothing is cut off, whatever the width."""
    out = " ".join(look("records", "show", SEED).out.split())

    for words in (
        "CCPCC International Liaison Department and Ministry of Foreign Affairs",
        "rights/host-notice@1, exact",
        "in accordance with US and international copyright laws",
        "“MacArthur Foundation and Leon Levy Foundation”",
        "ref 109-02809-01",
        f"{SEED_ITEM} speaks",
    ):
        assert words in out


def test_the_xml_is_what_the_repository_sent(look: OaiIngest) -> None:
    """That and nothing else, so that it can be piped on; as JSON, that of each item."""
    sent = next(item.formats["oai_dc"] for item in demo_items() if item.identifier == SEED_ITEM)
    told = look("records", "show", SEED, "--xml", "--json").json
    kept = look("records", "show", SEED, "--xml").out

    assert sent is not None
    assert etree.canonicalize(kept) == etree.canonicalize(sent.decode())
    assert kept == told["items"][0]["xml"]
    assert [item["xml"][:4] for item in told["items"]] == ["<oai", "<qdc"]


def _changing(first: Item, later: Item, *others: Item) -> Callable[[Request, Answer], Response]:
    """Answer with the first item once, with the later one from then on."""
    lists = 0

    def answer(request: Request, _: Answer) -> Response:
        nonlocal lists
        lists += request.argument("verb") == "ListRecords"
        items = (first if lists <= 1 else later, *others)
        return Response(body=DemoRepository(items=items).answer(request.arguments, base_url=request.base_url))

    return answer


def test_history_and_deletion_are_shown(oai_ingest: OaiIngest) -> None:
    """A deleted record says so and keeps what it last said; so does every version before."""
    seed = next(item for item in demo_items() if item.identifier == SEED_ITEM)
    gone = Item(identifier=SEED_ITEM, datestamp="2026-01-01T00:00:00Z", formats=seed.formats, deleted=True)
    with serve(DemoRepository(items=(seed,)), middleware=_changing(seed, gone)) as url:
        assert oai_ingest("harvest", url, "--json").json["created"] == 1
        assert oai_ingest("harvest", url, "--full", "--json").json["deleted"] == 1

    told = oai_ingest("records", "show", SEED_ITEM, "--history", "--json").json
    shown = oai_ingest("records", "show", SEED_ITEM, "--history").out

    assert (told["deleted"], told["version"], told["donors"][0]["name"]) == (True, 2, MACARTHUR)
    assert [(each["version"], each["change"], each["cause"], each["run"]) for each in told["history"]] == [
        (1, "created", "repository", 1),
        (2, "deleted", "repository", 2),
    ]
    assert told["history"][0]["valid_until"] == told["history"][1]["valid_from"] == told["changed_at"]
    assert "deleted: the repository deleted it, run 2 of" in shown
    assert "deleted: no repository has it any more" in shown
    assert "version 1" in shown
    assert oai_ingest("records", "show", SEED_ITEM, "--xml").out.startswith("<oai_dc:dc")


def test_what_changed_reads_field_by_field(oai_ingest: OaiIngest) -> None:
    """What went and what came below each other, each once, and why above them."""
    seed = next(item for item in demo_items() if item.identifier == SEED_ITEM)
    xml = (seed.formats["oai_dc"] or b"").replace(MACARTHUR.encode(), b"Carnegie Corporation of New York")
    later = Item(identifier=SEED_ITEM, datestamp="2026-01-01T00:00:00Z", formats={"oai_dc": xml})
    with serve(DemoRepository(items=(seed,)), middleware=_changing(seed, later)) as url:
        oai_ingest("harvest", url)
        oai_ingest("harvest", url, "--full")

    lines = [line.strip() for line in oai_ingest("records", "show", SEED_ITEM, "--history").out.splitlines()]
    (head,) = [place for place, line in enumerate(lines) if line.startswith("version 2 ")]

    assert "changed: the repository changed it, run 2 of" in lines[head]
    told = " ".join(lines[head + 1 :])
    assert f"donors -  {MACARTHUR}, organisation, donor" in told.replace("donors        -", "donors -")
    assert "+  Carnegie Corporation of New York, organisation, donor" in told
    assert "title" not in told


def test_a_record_id_in_two_namespaces_is_a_choice(
    oai_ingest: OaiIngest, declare: Callable[[str], Path], demo_url: str
) -> None:
    """Exit code 1 and the names to choose from; each of them then shows one record."""
    rule = "record_id = { element = \"identifier\", pattern = '^Record ID (\\d+)$' }"
    declare(f'[one]\nurl = "{demo_url}"\n{rule}\n[two]\nurl = "{demo_url}"\n{rule}')
    for name in ("one", "two"):
        assert oai_ingest("harvest", name, "--set", "reading-list").code == 0

    ended = oai_ingest("records", "show", SEED)

    assert ended.code == 1
    assert f"one:{SEED}, two:{SEED}" in ended.error
    assert oai_ingest("records", "show", f"two:{SEED}", "--json").json["namespace"] == "two"


def test_nothing_from_a_repository_reaches_the_terminal_as_a_command(oai_ingest: OaiIngest) -> None:
    """Markup is text, and what turns or moves text is replaced; scripts get what was sent."""
    title = "[red]Not red[/red] :smile: \u202egnp\u2028next"
    xml = (
        '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></oai_dc:dc>'
    )
    item = Item(identifier="oai:x:1", datestamp="2020-01-01T00:00:00Z", formats={"oai_dc": xml.encode()})
    with serve(DemoRepository(items=(item,))) as url:
        oai_ingest("harvest", url)

    shown = oai_ingest("records", "show", "oai:x:1").out

    assert "[red]Not red[/red] :smile:" in shown
    assert "\u202e" not in shown
    assert "\u202e" in oai_ingest("records", "show", "oai:x:1", "--json").json["title"]

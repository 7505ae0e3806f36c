"""``oai-ingest harvest --limit``: a taste that stores nothing."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_archive import SmallArchive, served

from workers.demo.exchange import Answer, Request, Response
from workers.demo.items import Item
from workers.demo.records import demo_items
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

OaiIngest = Callable[..., Any]
SEED = "oai:demo.oai-ingest.example:119198"
STORED = ("created", "changed", "unchanged", "deleted", "restored")
KEYS = (
    *("run", "endpoint", "verdict", "reasons", "pages", "seen", *STORED, "rejected"),
    *("records", "restarts", "gaps", "repaired", "seconds", "limit", "metadata_prefix", "sample"),
)


@pytest.fixture
def taste(oai_ingest: OaiIngest) -> Callable[..., Any]:
    """Take a taste as JSON, from a place where the database of the environment can not be opened at all."""
    unreachable = "postgresql://nobody@127.0.0.1:1/nothing"
    return lambda *arguments: oai_ingest("harvest", *arguments, "--json", OAI_INGEST_DATABASE_URL=unreachable)


def test_a_taste_stores_nothing_and_opens_no_database(
    oai_ingest: OaiIngest, taste: Callable[..., Any], demo_url: str, tmp_path: Path
) -> None:
    """No file appears, and a database that can not be reached is not missed."""
    assert oai_ingest("harvest", demo_url, "--limit", "2").code == 0
    assert taste(demo_url, "--limit", "2").code == 0
    assert list(tmp_path.iterdir()) == []


def test_a_taste_is_told_with_the_keys_of_a_harvest(taste: Callable[..., Any], demo_url: str) -> None:
    """There is no run and no verdict, and nothing was stored; what was seen is counted."""
    told = taste(demo_url, "--limit", "12").json

    assert tuple(told) == KEYS
    assert (told["run"], told["verdict"], told["reasons"], told["gaps"]) == (None, None, [], 0)
    assert (told["seen"], told["pages"], told["limit"], told["metadata_prefix"]) == (12, 2, 12, "oai_dc")
    assert len(told["sample"]) == 12
    assert {told[name] for name in STORED} == {0}
    assert told["endpoint"] == demo_url.removeprefix("http://")


def test_a_record_is_described_as_a_harvest_would(
    oai_ingest: OaiIngest, taste: Callable[..., Any], demo_url: str
) -> None:
    """The very words that `records show` tells after a harvest."""
    (tasted,) = taste(demo_url, "--limit", "1").json["sample"]
    oai_ingest("harvest", demo_url)
    harvested = oai_ingest("records", "show", SEED, "--json").json

    assert tasted["identifier"] == SEED
    assert (tasted["deleted"], tasted["sets"]) == (False, ["holdings:diplomacy", "reading-list"])
    same = ("record_id", "datestamp", "title", "creators", "date", "languages", "rights_uri", "rights_category")
    for name in (*same, "rights", "donors", "sources"):
        assert tasted[name] == harvested[name]


def test_the_declaration_describes(taste: Callable[..., Any], declare: Callable[[str], Path], demo_url: str) -> None:
    """Record ID, sets and prefixes are those that are declared; the first prefix that is offered is shown."""
    declare(f"""
        [wilson]
        url = "{demo_url}"
        metadata_prefix = ["mods", "qdc", "oai_dc"]
        sets = ["holdings:diplomacy"]
        record_id = {{ element = "identifier", pattern = '^Record ID (\\d+)$' }}
    """)

    told = taste("wilson", "--limit", "1").json

    assert (told["endpoint"], told["metadata_prefix"]) == ("wilson", "qdc")
    assert told["sample"][0]["record_id"] == "119198"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--set", "reading-list"),
        ("--set", "reading-list", "--set", "holdings:diplomacy"),
        ("--from", "2024-07-01"),
        ("--until", "1999-12-31"),
        ("--prefix", "qdc"),
    ],
)
def test_where_there_is_less_it_is_what_a_harvest_reads(
    oai_ingest: OaiIngest, taste: Callable[..., Any], demo_url: str, arguments: tuple[str, ...]
) -> None:
    """The same selection brings the same record elements, and the list ends by the protocol's sign: all is well."""
    ended = taste(demo_url, "--limit", "1000", *arguments)
    harvested = oai_ingest("harvest", demo_url, "--json", *arguments).json

    assert ended.code == 0
    for name in ("seen", "pages", "rejected"):
        assert ended.json[name] == harvested[name]
    assert "error" not in ended.json


def test_an_item_is_asked_for_once_however_often_it_is_named(taste: Callable[..., Any], demo_url: str) -> None:
    """And by itself."""
    told = taste(demo_url, "--limit", "5", "--identifier", SEED, "--identifier", SEED).json

    assert [each["identifier"] for each in told["sample"]] == [SEED]


def test_no_more_is_asked_than_is_needed(oai_ingest: OaiIngest) -> None:
    """Who it is, what it offers, and as many pages as hold so many records."""
    archive = SmallArchive(10)
    with served(archive) as url:
        assert oai_ingest("harvest", url, "--limit", "4", "--json").json["seen"] == 4

    assert archive.verbs() == ["Identify", "ListMetadataFormats", "ListRecords", "ListRecords"]


def test_what_a_harvest_would_reject_says_why(oai_ingest: OaiIngest) -> None:
    """A rejection stands in its place among the records, and is no failure."""
    with served(SmallArchive(3, broken=[2], nameless=[3])) as url:
        told = oai_ingest("harvest", url, "--limit", "3", "--json")
        shown = oai_ingest("harvest", url, "--limit", "3")

    first, broken, nameless = told.json["sample"]
    assert (told.code, told.json["rejected"], told.json["records"]) == (0, 2, 1)
    assert (first["rejection"], first["rights_category"]) == (None, "open-licence")
    assert (broken["identifier"], broken["rejection"]["reason"]) == ("oai:small:2", "unparsable-record")
    assert (nameless["identifier"], nameless["rejection"]["reason"]) == (None, "no-identifier")
    assert "rejected: unparsable-record" in shown.out
    assert "2 of them would be rejected" in shown.out


def test_people_read_each_record_in_a_few_lines(oai_ingest: OaiIngest, demo_url: str) -> None:
    """And at the end that nothing was stored, and the command that harvests the same."""
    ended = oai_ingest("harvest", demo_url, "--limit", "3", "--set", "holdings:diplomacy", "--from", "2014-01-15")

    for words in (
        "Cable from the Chinese Embassy in Albania",
        f"identifier  {SEED}",
        "datestamp   2014-01-15T09:30:00Z; sets holdings:diplomacy, reading-list",
        "rights      unknown",
        "donors      MacArthur Foundation",
        "source      archival: repository PRC FMA; ref 109-02809-01; pages 37-38",
        "nothing was stored",
    ):
        assert words in ended.out
    last = ended.out.splitlines()[-1]
    assert last == f"to harvest it: oai-ingest harvest {demo_url} --set holdings:diplomacy --from 2014-01-15"
    assert ended.code == 0


def test_a_deletion_and_a_record_without_metadata_are_told(oai_ingest: OaiIngest) -> None:
    """They are no rejections: a harvest keeps them."""
    gone = Item(identifier="gone", datestamp="2024-01-01T00:00:00Z", formats={"oai_dc": None}, deleted=True)
    bare = Item(identifier="bare", datestamp="2024-01-01T00:00:00Z", formats={"oai_dc": None})
    with serve(DemoRepository(items=(gone, bare))) as url:
        told = oai_ingest("harvest", url, "--limit", "5", "--json").json["sample"]
        shown = oai_ingest("harvest", url, "--limit", "5")

    assert [(each["identifier"], each["deleted"], each["rejection"]) for each in told] == [
        ("gone", True, None),
        ("bare", False, None),
    ]
    assert "(deleted)" in shown.out
    assert "came without metadata" in shown.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--prefix", "marc21"), "does not offer marc21; it offers: oai_dc, qdc"),
        (("--set", "nowhere"), "the repository has no set nowhere; it has: holdings"),
        (("--identifier", "oai:x:1"), "idDoesNotExist"),
    ],
)
def test_what_the_repository_does_not_have_is_told(
    taste: Callable[..., Any], demo_url: str, arguments: tuple[str, ...], words: str
) -> None:
    """In the words of a harvest, with exit code 1; and as JSON too."""
    ended = taste(demo_url, "--limit", "5", *arguments)

    assert ended.code == 1
    assert words in ended.error
    assert ended.json["error"] == ended.error


def test_an_identifier_that_is_not_there_does_not_hide_the_others(taste: Callable[..., Any], demo_url: str) -> None:
    """It stands in its place as what a harvest would keep as a rejection."""
    told = taste(demo_url, "--limit", "5", "--identifier", "oai:x:1", "--identifier", SEED).json

    assert [each["identifier"] for each in told["sample"]] == ["oai:x:1", SEED]
    assert told["sample"][0]["rejection"]["reason"] == "unavailable-record"


def test_a_repository_that_is_not_there_is_one_line(taste: Callable[..., Any]) -> None:
    """What was asked for never came."""
    ended = taste("http://127.0.0.1:1/oai", "--limit", "1")

    assert (ended.code, ended.json["seen"], ended.json["sample"]) == (1, 0, [])
    assert "cannot reach http://127.0.0.1:1/oai" in ended.json["error"]


def _cut(request: Request, answer: Answer) -> Response:
    """Answer the second page of a list with an error of the protocol that no list ends with."""
    if request.argument("resumptionToken"):
        return Response(
            body=answer(request)
            .body.replace(b"<ListRecords>", b"<Elsewhere>")
            .replace(b"</ListRecords>", b"</Elsewhere>")
        )
    return answer(request)


def test_what_came_before_a_failure_is_shown(oai_ingest: OaiIngest) -> None:
    """And the exit code says that it is less than was asked for."""
    with serve(DemoRepository(items=demo_items(), page_size=4), middleware=_cut) as url:
        enough = oai_ingest("harvest", url, "--limit", "4", "--json")
        ended = oai_ingest("harvest", url, "--limit", "5", "--json")
        shown = oai_ingest("harvest", url, "--limit", "5")

    assert enough.code == 0
    assert (ended.code, ended.json["seen"]) == (1, 4)
    assert "neither a ListRecords element nor an error" in ended.json["error"]
    assert "4 records of oai_dc" in shown.out
    assert "to harvest it" not in shown.out


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            lambda page: page.replace(b"</resumptionToken>", b"</resumptionToken><junk").split(b"<junk")[0],
            "only in part|not well-formed",
        ),
        (lambda page: page, "the same elements again and again"),
    ],
)
def test_a_list_that_does_not_end_by_the_protocol_is_a_failure(
    oai_ingest: OaiIngest, body: Callable[[bytes], bytes], words: str
) -> None:
    """A page that breaks off, and one that comes again and again."""
    first: list[bytes] = []

    def same(request: Request, answer: Answer) -> Response:
        if request.argument("verb") != "ListRecords":
            return answer(request)
        first.append(answer(request).body)
        return Response(body=body(first[0]))

    with serve(DemoRepository(items=demo_items(), page_size=4), middleware=same) as url:
        ended = oai_ingest("harvest", url, "--limit", "40", "--json")

    assert ended.code == 1
    assert re.search(words, ended.json["error"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--queue",), "--limit shows records and stores nothing; leave out --queue, or --limit"),
        (("--identifier", "a", "--from", "2024-01-01"), "--identifier asks for single items; leave out --from"),
        (("--from", "yesterday"), "is no date"),
    ],
)
def test_what_does_not_go_together_is_refused(
    oai_ingest: OaiIngest, demo_url: str, arguments: tuple[str, ...], words: str
) -> None:
    """With exit code 2, before anything is asked."""
    ended = oai_ingest("harvest", demo_url, "--limit", "1", *arguments, "--json")

    assert ended.code == 2
    assert words in ended.error
    assert json.loads(ended.out)["error"] == ended.error


@pytest.mark.parametrize("number", ["0", "-1", "some"])
def test_a_limit_is_a_number_of_records(oai_ingest: OaiIngest, demo_url: str, number: str) -> None:
    """At least one."""
    ended = oai_ingest("harvest", demo_url, f"--limit={number}")

    assert ended.code == 2
    assert "--limit" in ended.error

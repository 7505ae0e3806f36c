"""``oai-ingest rejections``: what could not be taken in, as a list of work."""

import base64
import json
import os
import pty
import re
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from small_archive import SmallArchive, served

from workers.demo.exchange import Answer, Request, Response
from workers.demo.server import serve

OaiIngest = Callable[..., Any]
Archive = tuple[SmallArchive, str]
WILD = b"<record>\xff\x1b[31m\x00\xc2\x9b2J\xe2\x80\xae Gr\xc3\xbc\xc3\x9fe"
INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
KEYS = (
    *("id", "endpoint", "metadata_prefix", "identifier", "stage", "reason", "message", "attempts"),
    *("first_seen_at", "last_seen_at", "released_at", "run", "bytes"),
)


@pytest.fixture
def archive() -> Iterator[Archive]:
    """Serve seven records: the second and the fifth are broken."""
    small = SmallArchive(7, broken=[2, 5])
    with served(small) as url:
        yield small, url


@pytest.fixture
def harvested(oai_ingest: OaiIngest, archive: Archive) -> Archive:
    """Harvest them, and forget what was asked for that."""
    small, url = archive
    oai_ingest("harvest", url)
    small.asked.clear()
    return archive


def change(folder: Path, statement: str) -> None:
    """Change the database that the command has made."""
    with closing(sqlite3.connect(folder / "oai-ingest.db")) as connection, connection:
        connection.execute(statement)


# --- list -----------------------------------------------------------------------------------------


def test_where_nothing_was_rejected_it_is_said(oai_ingest: OaiIngest) -> None:
    """An array for scripts, a sentence for people, and all is well."""
    assert oai_ingest("rejections", "list", "--json").json == []
    listed = oai_ingest("rejections", "list")
    assert (listed.code, listed.out) == (0, "no open rejections\n")
    assert oai_ingest("rejections", "list", "--all").out == "no rejections\n"


@pytest.mark.usefixtures("harvested")
def test_scripts_read_an_object_for_each(oai_ingest: OaiIngest) -> None:
    """With all but the bytes, and how many there are."""
    rejections = oai_ingest("rejections", "list", "--json").json

    assert {each["identifier"] for each in rejections} == {"oai:small:2", "oai:small:5"}
    for each in rejections:
        assert tuple(each) == KEYS
        assert (each["metadata_prefix"], each["stage"], each["reason"]) == ("oai_dc", "protocol", "unparsable-record")
        assert (each["attempts"], each["released_at"], each["run"]) == (1, None, 1)
        assert INSTANT.fullmatch(each["first_seen_at"])
        assert each["bytes"] > 100


def test_people_read_them_summed_up_then_one_by_one(oai_ingest: OaiIngest, harvested: Archive) -> None:
    """Reason, how many, since when, an example; then each with its number."""
    name = harvested[1].removeprefix("http://")
    listed = oai_ingest("rejections", "list")

    assert listed.code == 0
    assert listed.out.startswith(f"2 rejections\n  {name}, oai_dc: unparsable-record, 2\n")
    assert "why      metadata holds 2 elements, not one element" in listed.out
    assert re.search(r"^ 1  oai:small:2 +unparsable-record", listed.out, re.MULTILINE)
    assert "rejections retry" in listed.err


@pytest.mark.usefixtures("harvested")
def test_a_listing_can_be_narrowed(oai_ingest: OaiIngest) -> None:
    """To an endpoint and to a reason; an endpoint that nobody knows is an error."""
    assert oai_ingest("rejections", "list", "--reason", "no-record-id", "--json").json == []
    none = oai_ingest("rejections", "list", "--reason", "no-record-id").out
    assert none == 'no open rejections with the reason "no-record-id"\n'
    assert len(oai_ingest("rejections", "list", "--reason", "unparsable-record", "--json").json) == 2
    nobody = oai_ingest("rejections", "list", "--endpoint", "nobody")
    assert (nobody.code, nobody.error) == (1, 'there is no endpoint "nobody"; see `oai-ingest endpoints list`')


def test_what_has_come_in_since_is_shown_only_where_all_is_asked_for(oai_ingest: OaiIngest, harvested: Archive) -> None:
    """It is released by the harvest that took it in, and says when."""
    small, url = harvested
    small.broken.remove(2)
    oai_ingest("harvest", url, "--full")

    assert [each["identifier"] for each in oai_ingest("rejections", "list", "--json").json] == ["oai:small:5"]
    released = {
        each["identifier"]: each["released_at"] for each in oai_ingest("rejections", "list", "--all", "--json").json
    }
    assert INSTANT.fullmatch(released["oai:small:2"])
    assert released["oai:small:5"] is None
    assert "unparsable-record, released" in oai_ingest("rejections", "list", "--all").out


def test_a_listing_stays_short_however_many_there_are(
    oai_ingest: OaiIngest, harvested: Archive, tmp_path: Path
) -> None:
    """A hundred thousand are summed up; scripts get each."""
    del harvested
    change(
        tmp_path,
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
        INSERT INTO rejections (endpoint_id, run_id, metadata_prefix, fingerprint, oai_identifier, stage, reason,
                                message, content, first_seen_at, last_seen_at)
        SELECT endpoint_id, run_id, metadata_prefix, 'm' || i, 'm' || i, stage, reason || (i % 60),
               message, content, first_seen_at, last_seen_at FROM n, rejections WHERE rejections.id = 1
        """,
    )

    listed = oai_ingest("rejections", "list")

    assert len(listed.out.splitlines()) < 250
    assert listed.out.startswith("100002 rejections\n")
    assert "of 21 lists; name one with --endpoint or --reason" in listed.out.replace("\n", " ")
    assert "and 99982 more, met before these; --json lists each of them" in listed.out
    assert len(oai_ingest("rejections", "list", "--json").json) == 100_002


# --- show -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("harvested")
def test_one_is_shown_with_its_bytes(oai_ingest: OaiIngest) -> None:
    """Set out to be read; why and since when stand above."""
    shown = oai_ingest("rejections", "show", "1")

    assert shown.code == 0
    assert shown.out.startswith("rejection 1: unparsable-record, open\n")
    assert "why         metadata holds 2 elements, not one element" in shown.out
    assert "identifier  oai:small:2" in shown.out
    assert re.search(r'^ +<b xmlns="urn:b">Grüße</b>$', shown.out, re.MULTILINE)


@pytest.mark.usefixtures("harvested")
def test_the_bytes_alone_are_exactly_those_that_came(oai_ingest: OaiIngest) -> None:
    """And the same as base64, and as text where they are text."""
    content = oai_ingest("rejections", "show", "1", "--bytes").out
    told = oai_ingest("rejections", "show", "1", "--json").json

    assert tuple(told) == (*KEYS, "text", "base64")
    assert told["text"] == content
    assert base64.b64decode(told["base64"]).decode() == content
    assert told["bytes"] == len(content.encode())
    assert content.endswith('<b xmlns="urn:b">Grüße</b></metadata></record>')


@pytest.mark.usefixtures("harvested")
def test_bytes_that_are_no_text_move_no_terminal(oai_ingest: OaiIngest, tmp_path: Path) -> None:
    """What does not show by itself is written as an escape."""
    from ingest.store.compression import compress  # noqa: PLC0415 - only this test writes bytes of its own.

    content = compress(WILD)
    change(tmp_path, f"UPDATE rejections SET content = x'{content.hex()}' WHERE id = 1")

    shown = oai_ingest("rejections", "show", "1")
    told = oai_ingest("rejections", "show", "1", "--json").json

    assert r"<record>\xff\x1b[31m\x00\x9b2J\u202e Grüße" in shown.out
    assert told["text"] is None
    assert base64.b64decode(told["base64"]) == WILD


@pytest.mark.usefixtures("harvested")
def test_the_bytes_alone_are_not_written_to_a_terminal_that_they_would_drive(
    start: Callable[..., Any], tmp_path: Path
) -> None:
    """Exit code 2, with what to do; what does no harm is written."""
    from ingest.store.compression import compress  # noqa: PLC0415 - as above.

    change(tmp_path, f"UPDATE rejections SET content = x'{compress(WILD).hex()}' WHERE id = 1")
    seen = {}
    for rejection in ("1", "2"):
        ours, theirs = pty.openpty()
        process = start("rejections", "show", rejection, "--bytes", stdout=theirs)
        os.close(theirs)
        seen[rejection] = (process.wait(timeout=60), _all_of(ours), process.stderr.read())

    code, out, err = seen["1"]
    assert (code, out) == (2, b"")
    assert "--bytes > FILE" in err
    assert seen["2"][0] == 0
    assert seen["2"][1].startswith(b"<record")


def _all_of(terminal: int) -> bytes:
    """Read what was written to a terminal that nobody else holds any more."""
    content = b""
    with suppress(OSError):
        while some := os.read(terminal, 65_536):
            content += some
    os.close(terminal)
    return content


@pytest.mark.usefixtures("harvested")
def test_very_long_bytes_are_shown_in_part(oai_ingest: OaiIngest, tmp_path: Path) -> None:
    """And where the rest is."""
    from ingest.store.compression import compress  # noqa: PLC0415 - as above.

    change(tmp_path, f"UPDATE rejections SET content = x'{compress(b'x' * 100_000).hex()}' WHERE id = 1")

    shown = oai_ingest("rejections", "show", "1")

    assert "83616 bytes more, which --bytes writes" in shown.out
    assert len(oai_ingest("rejections", "show", "1", "--bytes").out) == 100_000


@pytest.mark.parametrize("command", [("show", "9"), ("retry", "1", "9")])
@pytest.mark.usefixtures("harvested")
def test_a_number_that_is_not_there_is_one_line(oai_ingest: OaiIngest, command: tuple[str, ...]) -> None:
    """Nothing is asked for then."""
    ended = oai_ingest("rejections", *command)

    assert (ended.code, ended.error) == (1, "there is no rejection 9; see `oai-ingest rejections list`")


# --- retry ----------------------------------------------------------------------------------------


def test_where_there_is_nothing_to_ask_for_it_is_said(oai_ingest: OaiIngest) -> None:
    """And all is well."""
    ended = oai_ingest("rejections", "retry")

    assert (ended.code, ended.out) == (0, "there is nothing to ask for again\n")
    assert oai_ingest("rejections", "retry", "--json").json["retried"] == 0


def test_what_succeeds_now_is_released(oai_ingest: OaiIngest, harvested: Archive) -> None:
    """Each record is asked for by itself, and no list."""
    small, url = harvested
    small.broken.clear()

    ended = oai_ingest("rejections", "retry", "--json")

    assert ended.code == 0
    assert {name: ended.json[name] for name in ("retried", "released", "still_rejected", "left")} == {
        "retried": 2,
        "released": 2,
        "still_rejected": 0,
        "left": 0,
    }
    (endpoint,) = ended.json["endpoints"]
    assert (endpoint["endpoint"], endpoint["metadata_prefix"]) == (url.removeprefix("http://"), "oai_dc")
    assert (endpoint["verdict"], sorted(endpoint["released"])) == ("complete", [1, 2])
    assert [request.argument("identifier") for request in small.asked if request.argument("verb") == "GetRecord"] == [
        "oai:small:2",
        "oai:small:5",
    ]
    assert "ListRecords" not in small.verbs()
    assert oai_ingest("rejections", "list", "--json").json == []
    assert oai_ingest("records", "show", "oai:small:2").code == 0


def test_what_is_still_rejected_says_why(oai_ingest: OaiIngest, harvested: Archive) -> None:
    """Exit code 1; each number is told with its reason as it is now."""
    harvested[0].broken.remove(5)

    ended = oai_ingest("rejections", "retry")
    (open_one,) = oai_ingest("rejections", "list", "--json").json

    assert ended.code == 1
    assert "2 asked again, 1 released, 1 still rejected  (run 2)" in ended.out
    assert re.search(r"1  oai:small:2  unparsable-record  metadata holds 2 elements", ended.out)
    assert (open_one["id"], open_one["attempts"], open_one["run"]) == (1, 2, 2)


def test_only_what_is_meant_is_asked_for(oai_ingest: OaiIngest, harvested: Archive) -> None:
    """By number, by endpoint, by reason."""
    small, url = harvested
    small.broken.clear()

    assert oai_ingest("rejections", "retry", "--reason", "no-record-id", "--json").json["retried"] == 0
    assert oai_ingest("rejections", "retry", "2", "--json").json["endpoints"][0]["released"] == [2]
    again = oai_ingest("rejections", "retry", "2")
    assert (again.code, again.out) == (0, "there is nothing to ask for again\n")
    assert "rejection 2 was released before" in again.err
    last = oai_ingest("rejections", "retry", "--endpoint", url.removeprefix("http://"), "--json").json
    assert last["endpoints"][0]["released"] == [1]


def test_what_told_no_identifier_can_only_come_with_its_list(oai_ingest: OaiIngest) -> None:
    """The command that reads the list again is told; nobody is asked."""
    small = SmallArchive(3, nameless=[2])
    with served(small) as url:
        oai_ingest("harvest", url)
        small.asked.clear()
        ended = oai_ingest("rejections", "retry")
        named = oai_ingest("rejections", "retry", "1", "--json")

    assert small.asked == []
    assert ended.code == 0
    assert "there is nothing to ask for again" in ended.out
    assert f"oai-ingest harvest {url} --full" in ended.out
    assert named.code == 1
    assert named.json["without_identifier"][0]["command"] == f"oai-ingest harvest {url} --full"


def test_the_declaration_of_now_is_what_counts(oai_ingest: OaiIngest, declare: Callable[[str], Path]) -> None:
    """A record_id that was mended in the file lets records in that had none."""
    with served(SmallArchive(3)) as url:
        declare(f"[letters]\nurl = \"{url}\"\nrecord_id = '^oai:wrong:(.+)$'")
        assert oai_ingest("harvest", "letters", "--json").json["rejected"] == 3
        declare(f"[letters]\nurl = \"{url}\"\nrecord_id = '^oai:small:(.+)$'")
        ended = oai_ingest("rejections", "retry", "--endpoint", "letters", "--json")

    assert (ended.code, ended.json["released"]) == (0, 3)
    assert oai_ingest("records", "show", "letters:2").code == 0


def test_one_endpoint_in_the_way_does_not_stop_the_others(
    oai_ingest: OaiIngest, declare: Callable[[str], Path], tmp_path: Path
) -> None:
    """Another run of it is active: that is one line, and the others are asked."""
    small = SmallArchive(3, broken=[2])
    with served(small) as url:
        declare(f'[busy]\nurl = "{url}"\n[free]\nurl = "{url}"')
        oai_ingest("harvest", "busy")
        oai_ingest("harvest", "free")
        change(
            tmp_path,
            """
            INSERT INTO runs (endpoint_id, kind, selection, declaration, host, started_at)
            SELECT endpoint_id, kind, '{"prefixes":["other"],"sets":[],"from_":null,"until":null,"full":false}',
                   declaration, host, started_at FROM runs WHERE id = 1
            """,
        )
        small.broken.clear()
        ended = oai_ingest("rejections", "retry", "--json")

    busy, free = sorted(ended.json["endpoints"], key=lambda each: str(each["endpoint"]))
    assert ended.code == 1
    assert (busy["run"], busy["released"], len(busy["still_rejected"])) == (None, [], 1)
    assert busy["retried"] == 0
    assert "run 3" in busy["error"]
    assert f"error: busy, oai_dc: {busy['error']}" in ended.err
    assert (free["released"], free["still_rejected"]) == ([2], [])


def test_one_that_is_stopped_leaves_no_run_and_no_gap(oai_ingest: OaiIngest, start: Callable[..., Any]) -> None:
    """What was not asked for stays as it was, for the next call."""
    archive = SmallArchive(9, broken=range(1, 10))
    asked = threading.Event()

    def slowly(request: Request, answer: Answer) -> Response:
        if request.argument("verb") == "GetRecord":
            asked.set()
            time.sleep(0.5)
        return answer(request)

    with serve(archive, middleware=slowly) as url:
        oai_ingest("harvest", url)
        process = start("rejections", "retry", "--json")
        assert asked.wait(60)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        active = [run["run"] for run in oai_ingest("runs", "list", "--json").json if run["active"]]
        archive.broken.clear()
        rest = oai_ingest("rejections", "retry", "--json")
        endpoint = oai_ingest("endpoints", "list", "--json").json[0]

    assert process.returncode == 1
    assert active == []
    assert json.loads(out)["endpoints"][0]["error"].startswith("partial: stopped")
    assert (rest.code, rest.json["released"]) == (0, 9)
    assert endpoint["gaps"] == 0


def test_a_repository_that_is_away_leaves_all_as_it_was(oai_ingest: OaiIngest) -> None:
    """It says so, and the rejections stay open for the next try."""
    with served(SmallArchive(3, broken=[2])) as url:
        oai_ingest("harvest", url)

    ended = oai_ingest("rejections", "retry", "--json")

    assert ended.code == 1
    assert "cannot reach" in ended.json["endpoints"][0]["error"]
    assert len(oai_ingest("rejections", "list", "--json").json) == 1


def test_so_many_are_asked_for_at_once_and_no_more(oai_ingest: OaiIngest, harvested: Archive, tmp_path: Path) -> None:
    """What is left is told, and numbers beyond that are refused."""
    change(
        tmp_path,
        """
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100)
        INSERT INTO rejections (endpoint_id, run_id, metadata_prefix, fingerprint, oai_identifier, stage, reason,
                                message, content, first_seen_at, last_seen_at)
        SELECT endpoint_id, run_id, metadata_prefix, 'm' || i, 'm' || i, stage, reason,
               message, content, first_seen_at, last_seen_at FROM n, rejections WHERE rejections.id = 1
        """,
    )
    harvested[0].records = 3

    ended = oai_ingest("rejections", "retry", "--json")
    refused = oai_ingest("rejections", "retry", *map(str, range(1, 1002)))

    assert (ended.code, ended.json["retried"], ended.json["left"]) == (1, 1000, 102)
    assert refused.code == 2
    assert "at most 1000 rejections can be named at once" in refused.error

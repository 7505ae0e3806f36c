"""``oai-ingest endpoints check``: the passport for people and for programs, and what it never shows."""

import re
import signal
import sqlite3
import time
import tomllib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from watching import Asked, Fault, Watch

from workers.demo.exchange import Answer, Request, Response
from workers.demo.generated import GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

OaiIngest = Callable[..., Any]
Declare = Callable[[str], Path]
BASIC = "bWU6Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5"
SECRET = "correct-horse-battery"  # noqa: S105 - the test's own, to be looked for in what is shown.


@contextmanager
def _served(fault: Fault) -> Iterator[tuple[str, Watch]]:
    watch = Watch(fault=fault)
    with serve(DemoRepository(items=GeneratedItems(35), page_size=10), middleware=watch) as url:
        yield url, watch


def _used_once(asked: Asked, answer: Answer) -> Response:
    if asked.token and asked.times > 1:
        return answer(Request(**{**_fields(asked.request), "arguments": (("verb", "ListRecords"), ("x", "y"))}))
    return answer(asked.request)


def _fields(request: Request) -> dict[str, Any]:
    return {name: getattr(request, name) for name in ("method", "path", "arguments", "headers", "base_url")}


def _locked(asked: Asked, answer: Answer) -> Response:
    """Answer those only who send the key, or log in with it; show what came to those who do not."""
    headers = asked.request.headers
    if SECRET in headers.get("x-api-key", "") or headers.get("authorization") == f"Basic {BASIC}":
        return answer(asked.request)
    return Response(body=b"<html><title>Sign in</title></html>", status=HTTPStatus.UNAUTHORIZED)


# --- what is written ------------------------------------------------------------------------------


@pytest.mark.parametrize("columns", ["80", "120"])
def test_the_verdict_comes_first_and_the_declaration_last(oai_ingest: OaiIngest, demo_url: str, columns: str) -> None:
    """It needs no database and no configuration, makes neither, and shows nobody's e-mail address."""
    shown = oai_ingest("endpoints", "check", demo_url, COLUMNS=columns)
    ready = shown.out.partition("ready for endpoints.toml, or `oai-ingest endpoints add`:\n")[2]

    assert (shown.code, shown.err) == (0, "")
    assert shown.out.splitlines()[0] == f"{demo_url}: can be harvested"
    assert "formats     oai_dc, qdc (as qualified_dc)\n" in shown.out
    assert re.search(r"^  asked +\d\d requests$", shown.out, re.MULTILINE)
    assert max(map(len, shown.out.splitlines())) <= int(columns)
    assert [each["url"] for each in tomllib.loads(ready).values()] == [demo_url]
    assert "@" not in shown.out


def test_nothing_is_made_on_disk(oai_ingest: OaiIngest, demo_url: str, tmp_path: Path) -> None:
    """A check looks, and leaves no file behind."""
    oai_ingest("endpoints", "check", demo_url)

    assert list(tmp_path.iterdir()) == []


def test_a_program_gets_one_object(oai_ingest: OaiIngest, demo_url: str) -> None:
    """With what was found, and the declaration as text."""
    told = oai_ingest("endpoints", "check", demo_url, "--json").json

    assert (told["verdict"], told["quirks"], told["metadata_prefix"]) == ("can be harvested", {}, ["qdc", "oai_dc"])
    assert {each["severity"] for each in told["findings"]} == {"fine"}
    assert told["pages"]["announced"] == 41
    assert [each["crosswalk"] for each in told["formats"]] == ["oai_dc", "qualified_dc"]
    assert next(iter(tomllib.loads(told["stanza"]).values()))["url"] == demo_url
    assert "error" not in told
    assert "@" not in str(told)


def test_a_quirk_stands_in_the_declaration_with_what_was_seen(oai_ingest: OaiIngest) -> None:
    """And the verdict asks for care; the declaration can be copied from a narrow terminal too."""
    with _served(_used_once) as (url, _):
        shown = oai_ingest("endpoints", "check", url, COLUMNS="80")
    ready = shown.out.partition("`oai-ingest endpoints add`:\n")[2]

    assert shown.code == 0
    assert shown.out.splitlines()[0].startswith(f"{url}: can be harvested, with care")
    assert "  warning  a token asked for twice is refused (badArgument)" in shown.out
    assert ".quirks]\nsingle_use_tokens = true  # 20" in shown.out
    assert [each["quirks"] for each in tomllib.loads(ready).values()] == [{"single_use_tokens": True}]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:1/oai", "connection refused"),
        ("{demo}/elsewhere", "there is no repository at this base URL: HTTP 404"),
    ],
)
def test_one_that_can_not_be_harvested_says_why(oai_ingest: OaiIngest, demo_url: str, url: str, words: str) -> None:
    """Exit code 1, in text and as JSON, and no declaration."""
    shown = oai_ingest("endpoints", "check", url.format(demo=demo_url))
    told = oai_ingest("endpoints", "check", url.format(demo=demo_url), "--json")

    assert (shown.code, told.code) == (1, 1)
    assert "can not be harvested" in shown.out.splitlines()[0]
    assert words in told.json["error"]
    assert (told.json["verdict"], told.json["stanza"]) == ("can not be harvested", None)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("ftp://example.org/oai",), "write http:// or https://"),
        (("nobody",), 'there is no endpoint "nobody"'),
        (("https://example.org/oai?verb=Identify",), "is a request, not a base URL"),
        ((), "see `oai-ingest endpoints check --help`"),
    ],
)
def test_what_is_no_repository_is_refused(oai_ingest: OaiIngest, arguments: tuple[str, ...], words: str) -> None:
    """One line, before anything is asked."""
    refused = oai_ingest("endpoints", "check", *arguments)

    assert refused.code == 2
    assert words in refused.error


def test_a_database_that_can_not_be_used_is_no_obstacle(oai_ingest: OaiIngest, demo_url: str, tmp_path: Path) -> None:
    """It is said, and the check goes on at its own pace."""
    (tmp_path / "other.db").write_text("no database")
    shown = oai_ingest("endpoints", "check", demo_url, OAI_INGEST_DATABASE_URL="sqlite:///other.db")

    assert shown.code == 0
    assert shown.err.startswith("asking at this process's own pace: ")


def test_where_there_is_a_database_the_pace_is_kept_in_it(
    oai_ingest: OaiIngest, demo_url: str, declare: Declare, migrated_sqlite_url: str
) -> None:
    """All processes at a host take turns, so that the least time between requests holds for a check as well."""
    declare(f'[slow]\nurl = "{demo_url}"\nmin_interval = "50ms"\n')

    told = oai_ingest("endpoints", "check", "slow", "--json", OAI_INGEST_DATABASE_URL=migrated_sqlite_url).json

    assert (told["endpoint"], told["verdict"]) == ("slow", "can be harvested")
    with closing(sqlite3.connect(migrated_sqlite_url.removeprefix("sqlite:///"))) as database:
        assert database.execute("SELECT name FROM hosts").fetchall() == [(urlsplit(demo_url).netloc,)]


def test_a_slow_repository_is_waited_for_with_a_word(oai_ingest: OaiIngest) -> None:
    """On standard error, where the answers of several seconds leave nothing else to see."""

    def slow(asked: Asked, answer: Answer) -> Response:
        if asked.verb in {"Identify", "ListMetadataFormats"}:
            time.sleep(1.6)
        return answer(asked.request)

    with _served(slow) as (url, _):
        shown = oai_ingest("endpoints", "check", url)

    assert (shown.code, shown.err) == (0, "asking for first page\n")


def test_ctrl_c_ends_a_check_at_once(
    slow_url: tuple[str, list[Request]], start: Callable[..., Any], declare: Declare
) -> None:
    """Nothing has been written that could be left in halves."""
    url, asked = slow_url
    declare(f'[slow]\nurl = "{url}"\nmin_interval = "1m"\n')
    process = start("endpoints", "check", "slow")
    while not asked:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)

    assert process.wait(timeout=10) == 130
    assert "Traceback" not in process.stderr.read()


# --- authentication -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("auth", "secret"),
    [
        ('{ basic = "env:ARCHIVE_LOGIN" }', f"me:{SECRET}"),
        ('{ header = "X-Api-Key", value = "env:ARCHIVE_LOGIN" }', SECRET),
    ],
)
def test_credentials_of_a_declared_endpoint_are_used_and_never_shown(
    oai_ingest: OaiIngest, declare: Declare, auth: str, secret: str
) -> None:
    """The declaration that is proposed refers to the environment, as the one that stands there does."""
    with _served(_locked) as (url, watch):
        declare(f'[archive]\nurl = "{url}"\nauth = {auth}\n')
        shown = oai_ingest("endpoints", "check", "archive", ARCHIVE_LOGIN=secret)
        told = oai_ingest("endpoints", "check", "archive", "--json", "--debug", ARCHIVE_LOGIN=secret)

    assert (shown.code, told.code) == (0, 0)
    assert len(watch.log) > 20
    assert tomllib.loads(told.json["stanza"])["archive"]["auth"] == tomllib.loads(f"auth = {auth}")["auth"]
    assert "the credentials travel unencrypted" in shown.out
    everything = shown.out + shown.err + told.out + told.err
    assert SECRET not in everything
    assert BASIC not in everything


@pytest.mark.parametrize(("environment", "code"), [({}, 2), ({"ARCHIVE_KEY": "wrong-secret"}, 1)])
def test_without_the_right_credentials_it_is_refused(
    oai_ingest: OaiIngest, declare: Declare, environment: dict[str, str], code: int
) -> None:
    """A variable that is missing is the operator's to mend (2), a key that is not taken the repository's word (1)."""
    with _served(_locked) as (url, watch):
        declare(f'[archive]\nurl = "{url}"\nauth = {{ header = "X-Api-Key", value = "env:ARCHIVE_KEY" }}\n')
        ended = oai_ingest("endpoints", "check", "archive", **environment)

    assert ended.code == code
    assert len(watch.log) == code % 2
    assert "wrong-secret" not in ended.out + ended.err
    assert "HTTP 401" in ended.out if environment else "ARCHIVE_KEY is not set" in ended.error


def test_credentials_stay_at_home_when_a_check_is_redirected(oai_ingest: OaiIngest, declare: Declare) -> None:
    """Another host, or another port, gets the questions and no secret."""
    with _served(lambda asked, answer: answer(asked.request)) as (elsewhere, strangers):

        def moved(asked: Asked, _answer: Answer) -> Response:
            query = "&".join(f"{name}={value}" for name, value in asked.request.arguments)
            return Response(body=b"", status=HTTPStatus.FOUND, headers=(("Location", f"{elsewhere}?{query}"),))

        with _served(moved) as (url, _):
            declare(f'[archive]\nurl = "{url}"\nauth = {{ header = "X-Api-Key", value = "env:ARCHIVE_KEY" }}\n')
            oai_ingest("endpoints", "check", "archive", ARCHIVE_KEY=SECRET)

    assert strangers.log
    assert [asked for asked in strangers.log if SECRET in str(asked.request.headers)] == []

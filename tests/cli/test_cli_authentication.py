"""Credentials at the command line: sent to the declared host and port alone, and shown by no command in any place."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import pytest
from hostile.shaping import error
from small_archive import SmallArchive
from watching import Asked, Fault, Watch

from ingest.endpoints_toml import read_endpoints
from workers.demo.exchange import Answer, Response
from workers.demo.server import serve

OaiIngest = Callable[..., Any]
Declare = Callable[[str], Path]
SECRET = "correct-horse-battery"  # noqa: S105 - the test's own, to be looked for in what is shown.
LOGIN = base64.b64encode(f"me:{SECRET}".encode()).decode()
FORMS = (SECRET, LOGIN)


class Way(NamedTuple):
    """How credentials are declared, given on the command line, and held by the environment."""

    auth: str
    options: tuple[str, ...]
    value: str


BASIC = Way('{ basic = "env:ARCHIVE" }', ("--basic", "env:ARCHIVE"), f"me:{SECRET}")
HEADER = Way('{ header = "X-Api-Key", value = "env:ARCHIVE" }', ("--header", "X-Api-Key=env:ARCHIVE"), SECRET)
both_ways = pytest.mark.parametrize("way", [BASIC, HEADER], ids=["basic", "header"])


def _knows(asked: Asked) -> bool:
    return any(form in str(dict(asked.request.headers)) for form in FORMS)


def _locked(asked: Asked, answer: Answer) -> Response:
    """Answer those only who send the credentials."""
    if _knows(asked):
        return answer(asked.request)
    return Response(body=b"<html><title>Sign in</title></html>", status=HTTPStatus.UNAUTHORIZED)


def _open(asked: Asked, answer: Answer) -> Response:
    """Answer everybody."""
    return answer(asked.request)


def _echoing(asked: Asked, _answer: Answer) -> Response:
    """Repeat what was sent, in the words of an error of the protocol."""
    sent = " ".join(dict(asked.request.headers).values())
    return error(asked, "badArgument", f"I know nobody of these: {sent}")


def _echoing_in_a_page(asked: Asked, _answer: Answer) -> Response:
    """Repeat what was sent, in the title of a page for people."""
    sent = " ".join(dict(asked.request.headers).values())
    return Response(body=f"<html><title>{sent}</title></html>".encode(), status=HTTPStatus.FORBIDDEN)


def _sent_to(place: str) -> Fault:
    """Send every request that knows the credentials to another place, and every other away."""

    def moved(asked: Asked, _answer: Answer) -> Response:
        query = urlencode(asked.request.arguments, quote_via=quote)
        status = HTTPStatus.FOUND if _knows(asked) else HTTPStatus.UNAUTHORIZED
        return Response(body=b"", status=status, headers=(("Location", f"{place}?{query}"),))

    return moved


@contextmanager
def _served(fault: Fault, archive: SmallArchive) -> Iterator[tuple[str, Watch]]:
    watch = Watch(fault=fault)
    with serve(archive, middleware=watch) as url:
        yield url, watch


def _shows(ended: Any, folder: Path) -> bool:
    """Whether a secret stands in what a command wrote, to its outputs or to any file of the folder."""
    written = [ended.out.encode(), ended.err.encode(), *(each.read_bytes() for each in folder.rglob("*.*"))]
    return any(form.encode() in each for form in FORMS for each in written)


COMMANDS = [
    ("endpoints", "check", "archive"),
    ("harvest", "archive"),
    ("harvest", "archive", "--identifier", "oai:small:1"),
    ("harvest", "archive", "--limit", "2"),
]


@both_ways
@pytest.mark.parametrize("command", [*COMMANDS, *((*each, "--json") for each in COMMANDS[:2])])
def test_every_command_sends_them_and_none_shows_them(
    oai_ingest: OaiIngest, declare: Declare, tmp_path: Path, *, command: tuple[str, ...], way: Way
) -> None:
    """Output, database and declaration hold the reference only; ``--debug`` changes nothing of that."""
    with _served(_locked, SmallArchive(4)) as (url, watch):
        declare(f'[archive]\nurl = "{url}"\nauth = {way.auth}\n')
        ended = oai_ingest(*command, "--debug", ARCHIVE=way.value)

    assert ended.code == 0
    assert watch.log
    assert all(map(_knows, watch.log))
    assert not _shows(ended, tmp_path)


@both_ways
@pytest.mark.parametrize("fault", [_echoing, _echoing_in_a_page])
@pytest.mark.parametrize("command", COMMANDS[:2])
def test_what_a_server_repeats_of_a_secret_is_not_shown_either(
    oai_ingest: OaiIngest, declare: Declare, tmp_path: Path, *, command: tuple[str, ...], fault: Fault, way: Way
) -> None:
    """Neither in an error nor in a reason that is kept."""
    with _served(fault, SmallArchive(4)) as (url, watch):
        declare(f'[archive]\nurl = "{url}"\nauth = {way.auth}\n')
        ended = oai_ingest(*command, ARCHIVE=way.value)

    assert ended.code != 0
    assert all(map(_knows, watch.log))
    assert "***" in ended.out + ended.err
    assert not _shows(ended, tmp_path)


@both_ways
@pytest.mark.parametrize("command", COMMANDS)
def test_a_redirect_to_another_place_gets_the_question_and_no_secret(
    oai_ingest: OaiIngest, declare: Declare, command: tuple[str, ...], way: Way
) -> None:
    """Another port is another place."""
    with (
        _served(_open, SmallArchive(4)) as (elsewhere, strangers),
        _served(_sent_to(elsewhere), SmallArchive(4)) as (url, watch),
    ):
        declare(f'[archive]\nurl = "{url}"\nauth = {way.auth}\n')
        ended = oai_ingest(*command, ARCHIVE=way.value)

    assert ended.code == 0
    assert all(map(_knows, watch.log))
    assert strangers.log
    assert not any(map(_knows, strangers.log))


@both_ways
def test_what_was_rejected_is_asked_for_again_with_them(
    oai_ingest: OaiIngest, declare: Declare, tmp_path: Path, way: Way
) -> None:
    """And where they are missing by then, nothing is asked."""
    archive = SmallArchive(4, broken=[2])
    with _served(_locked, archive) as (url, watch):
        declare(f'[archive]\nurl = "{url}"\nauth = {way.auth}\n')
        oai_ingest("harvest", "archive", ARCHIVE=way.value)
        archive.broken.clear()
        watch.forget()
        without = oai_ingest("rejections", "retry", "--json")
        asked_without = len(watch.log)
        ended = oai_ingest("rejections", "retry", "--json", ARCHIVE=way.value)

    assert (without.code, asked_without) == (1, 0)
    assert "ARCHIVE is not set" in without.json["endpoints"][0]["error"]
    assert (ended.code, ended.json["released"]) == (0, 1)
    assert all(map(_knows, watch.log))
    assert not _shows(ended, tmp_path)


@both_ways
def test_one_that_demands_them_is_checked_and_added_by_reference(
    oai_ingest: OaiIngest, tmp_path: Path, way: Way
) -> None:
    """The declaration that is written is the one that a harvest goes by."""
    with _served(_locked, SmallArchive(4)) as (url, _):
        refused = oai_ingest("endpoints", "check", url)
        checked = oai_ingest("endpoints", "check", url, *way.options, ARCHIVE=way.value)
        added = oai_ingest("endpoints", "add", url, "--name", "archive", *way.options, "--json", ARCHIVE=way.value)
        harvested = oai_ingest("harvest", "archive", ARCHIVE=way.value)
    path = tmp_path / "config" / "endpoints.toml"

    assert (refused.code, checked.code, added.code, harvested.code) == (1, 0, 0, 0)
    assert f"auth = {way.auth}" in path.read_text()
    assert f"auth = {way.auth}" in checked.out
    assert read_endpoints(path)[0].auth is not None
    assert not any(_shows(ended, tmp_path) for ended in (checked, added, harvested))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--basic", f"me:{SECRET}"), "write --basic env:VARIABLE; a secret never stands on a command line"),
        (("--header", f"X-Api-Key={SECRET}"), "write --header NAME=env:VARIABLE"),
        (("--header", SECRET), "write --header NAME=env:VARIABLE"),
        (("--header", "two words=env:ARCHIVE"), "write --header NAME=env:VARIABLE"),
        (("--basic", "env:A", "--header", "X=env:B"), "by --basic or by --header, not by both"),
        (("--basic", "env:NOT_SET"), "NOT_SET is not set"),
        (("--basic", "env:ARCHIVE"), "ARCHIVE must hold USER:PASSWORD"),
    ],
)
@pytest.mark.parametrize("command", ["check", "add"])
def test_what_is_no_reference_is_refused_and_not_repeated(
    oai_ingest: OaiIngest, tmp_path: Path, *, command: str, options: tuple[str, ...], words: str
) -> None:
    """With exit code 2, before anything is asked: it may be the secret itself."""
    with _served(_open, SmallArchive(1)) as (url, watch):
        refused = oai_ingest("endpoints", command, url, *options, "--json", ARCHIVE=SECRET)

    assert refused.code == 2
    assert words in refused.error
    assert watch.log == []
    assert not _shows(refused, tmp_path)


@pytest.mark.parametrize("command", [("endpoints", "check"), ("endpoints", "add"), ("harvest",)])
def test_a_password_in_a_url_is_refused_and_not_repeated(oai_ingest: OaiIngest, command: tuple[str, ...]) -> None:
    """It would stand in the history of the shell, in the database and in every report."""
    refused = oai_ingest(*command, f"http://me:{SECRET}@127.0.0.1:1/oai", "--json")

    assert refused.code == 2
    assert "holds credentials" in refused.error
    assert SECRET not in refused.out + refused.err


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_a_password_in_a_list_is_not_repeated(oai_ingest: OaiIngest, tmp_path: Path, form: tuple[str, ...]) -> None:
    """Neither in the words nor in the object that tell its outcome."""
    (tmp_path / "list").write_text(f"http://me:{SECRET}@127.0.0.1:1/oai\n")

    ended = oai_ingest("endpoints", "add", "--from", "list", *form)

    assert ended.code == 1
    assert "holds credentials" in " ".join(ended.out.split())
    assert SECRET not in ended.out + ended.err

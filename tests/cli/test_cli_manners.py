"""How a declared endpoint is asked: who we are, with which credentials, and how patiently."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from workers.demo.exchange import Answer, Request, Response
from workers.demo.records import demo_repository
from workers.demo.server import serve

OaiIngest = Callable[..., Any]


@pytest.fixture
def watched() -> Iterator[tuple[str, list[Request]]]:
    """Serve the demo repository and note what was asked, and how."""
    asked: list[Request] = []

    def note(request: Request, answer: Answer) -> Response:
        asked.append(request)
        return answer(request)

    with serve(demo_repository(), middleware=note) as url:
        yield url, asked


def test_we_say_who_we_are_and_whom_to_write_to(oai_ingest: OaiIngest, watched: tuple[str, list[Request]]) -> None:
    """In every request; without a contact the name and version alone."""
    url, asked = watched
    oai_ingest("harvest", url, OAI_INGEST_CONTACT="archive@example.org")
    with_contact = {(request.headers["user-agent"], request.headers.get("from")) for request in asked}
    asked.clear()
    oai_ingest("harvest", url)

    ((agent, sender),) = with_contact
    assert agent.startswith("oai-ingest/")
    assert agent.endswith(" (archive@example.org)")
    assert sender == "archive@example.org"
    assert {request.headers["user-agent"] for request in asked} == {agent.split()[0]}


@pytest.mark.parametrize(
    ("auth", "secret", "header", "sent"),
    [
        ('{ basic = "env:WILSON" }', "reader:pass:word", "authorization", "Basic cmVhZGVyOnBhc3M6d29yZA=="),
        ('{ header = "X-Api-Key", value = "env:WILSON" }', "hunter2", "x-api-key", "hunter2"),
    ],
)
def test_credentials_come_from_the_environment(
    oai_ingest: OaiIngest,
    declare: Callable[[str], Path],
    watched: tuple[str, list[Request]],
    *,
    auth: str,
    secret: str,
    header: str,
    sent: str,
) -> None:
    """They are sent with every request and shown nowhere."""
    url, asked = watched
    declare(f'[wilson]\nurl = "{url}"\nheaders = {{ X-Purpose = "catalogue" }}\nauth = {auth}')

    ended = oai_ingest("harvest", "wilson", WILSON=secret)

    assert ended.code == 0
    assert {(request.headers[header], request.headers["x-purpose"]) for request in asked} == {(sent, "catalogue")}
    assert secret not in ended.out + ended.err


@pytest.mark.parametrize(
    ("secret", "words"),
    [("", "WILSON is not set"), ("hunter2", "WILSON must hold USER:PASSWORD"), ("a:b\nc", "WILSON holds")],
)
def test_credentials_that_can_not_be_used_are_refused(
    oai_ingest: OaiIngest, declare: Callable[[str], Path], tmp_path: Path, *, secret: str, words: str
) -> None:
    """Before anything is asked, and without showing what the variable holds."""
    declare('[wilson]\nurl = "http://127.0.0.1:1/oai"\nauth = { basic = "env:WILSON" }')

    ended = oai_ingest("harvest", "wilson", WILSON=secret)

    assert ended.code == 2
    assert words in ended.error
    assert "hunter2" not in ended.err
    assert (tmp_path / "oai-ingest.db").exists() is False


@pytest.mark.parametrize(
    ("declared", "setting"), [('min_interval = "200ms"', "0"), ("", "200ms"), ('min_interval = "1ms"', "200ms")]
)
def test_the_longer_of_two_intervals_is_kept(
    oai_ingest: OaiIngest, declare: Callable[[str], Path], demo_url: str, *, declared: str, setting: str
) -> None:
    """What the endpoint declares, or what the operator sets for all."""
    declare(f'[wilson]\nurl = "{demo_url}"\n{declared}')

    told = oai_ingest("harvest", "wilson", "--json", OAI_INGEST_MIN_INTERVAL=setting).json

    # Identify, the formats, and a request for each page, each two tenths of a second after the one before.
    assert told["seconds"] >= (1 + told["pages"]) * 0.2

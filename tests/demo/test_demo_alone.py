"""``python -m workers.demo``: the demo repository as a process of its own."""

import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

COMMAND = (sys.executable, "-m", "workers.demo")


@contextmanager
def _served(*arguments: str) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Start it on any free port, and give the process and the base URL that it tells."""
    command = [*COMMAND, "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, next(iter(process.stdout or ())).strip()
        finally:
            process.kill()


def _asked(base_url: str, query: str) -> bytes:
    with urllib.request.urlopen(f"{base_url}?{query}", timeout=10) as response:
        body: bytes = response.read()
    return body


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_it_answers_until_it_is_told_to_end(read_answer: Callable[[bytes], Any], ending: signal.Signals) -> None:
    """It ends at once and with 0, without a word: that is how a container stops."""
    with _served() as (process, base_url):
        answer = read_answer(_asked(base_url, "verb=Identify"))
        process.send_signal(ending)
        _, said = process.communicate(timeout=10)

    assert answer.texts("baseURL") == [base_url]
    assert (process.returncode, said) == (0, "")


def test_it_ends_while_a_client_keeps_its_connection_open() -> None:
    """A harvester's kept connection must not hold the container until it is killed."""
    with _served() as (process, base_url):
        host, port = base_url.removeprefix("http://").removesuffix("/oai").split(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(b"GET /oai?verb=Identify HTTP/1.1\r\nHost: here\r\n\r\n")
            assert connection.recv(16).startswith(b"HTTP/1.1 200")
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0


def test_it_goes_by_the_name_that_it_is_given(read_answer: Callable[[bytes], Any]) -> None:
    """Where it listens on every address, its clients know it by a name that it can not know itself."""
    name = "http://demo:8080/oai"
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with _served("--port", str(port), "--base-url", name) as (_, told):
        answer = read_answer(_asked(f"http://127.0.0.1:{port}/oai", "verb=Identify"))

    assert (told, answer.texts("baseURL"), answer.texts("request")) == (name, [name], [name])


def test_it_serves_as_many_made_up_records_as_are_asked_for(read_answer: Callable[[bytes], Any]) -> None:
    """A long list, to watch workers share it."""
    with _served("--generated", "250") as (_, base_url):
        answer = read_answer(_asked(base_url, "verb=ListIdentifiers&metadataPrefix=oai_dc"))

    assert answer.token.attrib["completeListSize"] == "250"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--port", "{taken}"), "can not be listened on"),
        (("--port", "70000"), "can not be listened on"),
        (("--port", "x"), "invalid int value"),
        (("--generated", "0"), "must be at least 1"),
    ],
)
def test_what_can_not_be_is_refused_in_a_line(arguments: tuple[str, str], said: str) -> None:
    """No traceback, and the exit code of a refusal."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        given = [each.format(taken=server.getsockname()[1]) for each in arguments]
        ended = subprocess.run([*COMMAND, *given], capture_output=True, text=True, check=False, timeout=30)

    assert ended.returncode == 2
    assert said in ended.stderr.splitlines()[-1]

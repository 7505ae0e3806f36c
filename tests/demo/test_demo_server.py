"""The demo repository over real HTTP: one connection for many requests, gzip, POST, and a place to put faults."""

import gzip
import http.client
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from workers.demo.exchange import Answer, Connection, Request, Response, Writer
from workers.demo.records import demo_repository
from workers.demo.server import serve

LIST = urlencode({"verb": "ListRecords", "metadataPrefix": "oai_dc"})
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@contextmanager
def _connected(base_url: str) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=10)
    try:
        yield connection
    finally:
        connection.close()


@pytest.fixture
def connection() -> Iterator[http.client.HTTPConnection]:
    """Open one connection to the demo repository."""
    with serve(demo_repository()) as base_url, _connected(base_url) as connected:
        yield connected


def _get(
    connection: http.client.HTTPConnection, query: str, headers: dict[str, str] | None = None
) -> tuple[http.client.HTTPResponse, bytes]:
    connection.request("GET", f"/oai?{query}", headers=headers or {})
    response = connection.getresponse()
    return response, response.read()


def test_many_requests_share_one_connection_and_none_waits(connection: http.client.HTTPConnection) -> None:
    """Keep-alive; forty milliseconds a request would betray a delayed acknowledgement."""
    _get(connection, "verb=Identify")
    used = connection.sock
    started = time.perf_counter()
    for _ in range(50):
        response, body = _get(connection, LIST)
        assert (response.status, response.version, len(body)) == (200, 11, int(response.headers["Content-Length"]))
    assert connection.sock is used
    assert time.perf_counter() - started < 50 * 0.03


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate", "gzip"),
        ("br, GZIP;q=0.5", "gzip"),
        ("identity", None),
        ("gzip;q=0", None),
        ("deflate, gzip; q=0.0", None),
        ("x-gzipped", None),
    ],
)
def test_gzip_is_sent_to_those_who_accept_it(
    connection: http.client.HTTPConnection, accepted: str, coding: str | None
) -> None:
    """Section 3.1.3: compression is negotiated."""
    response, body = _get(connection, LIST, {"Accept-Encoding": accepted})
    assert response.headers["Content-Encoding"] == coding
    assert b"<ListRecords>" in (gzip.decompress(body) if coding else body)


def test_a_form_is_answered_like_a_query(
    connection: http.client.HTTPConnection, read_answer: Callable[..., Any]
) -> None:
    """Section 3.1.1: GET and POST, values encoded once."""
    _, first = _get(connection, LIST)
    token = read_answer(first).token.text
    continued = urlencode({"verb": "ListRecords", "resumptionToken": token})
    response, by_query = _get(connection, continued)
    connection.request("POST", "/oai", body=continued, headers=FORM)
    by_form = connection.getresponse().read()
    assert response.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert read_answer(by_query).texts("identifier") == read_answer(by_form).texts("identifier") != []
    assert read_answer(by_form).echo == {"verb": "ListRecords", "resumptionToken": token}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "application/json", "Content-Length": "2"}, 415),
        ({**FORM, "Content-Length": "nine"}, 411),
        ({**FORM, "Content-Length": "9999999"}, 413),
    ],
)
def test_a_post_that_is_no_form_is_refused_and_the_connection_closed(
    connection: http.client.HTTPConnection, headers: dict[str, str], status: int
) -> None:
    """What was not read can not be followed by another request."""
    connection.putrequest("POST", "/oai")
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders(b"{}")
    response = connection.getresponse()
    assert (response.status, response.headers["Connection"]) == (status, "close")


def test_an_oai_error_travels_with_status_200_and_another_path_with_404(connection: http.client.HTTPConnection) -> None:
    """Section 3.1.2: HTTP statuses are for transport."""
    response, body = _get(connection, "verb=Nothing")
    assert response.status == 200
    assert b'code="badVerb"' in body
    connection.request("GET", "/other?verb=Identify")
    assert connection.getresponse().status == 404


def test_identify_names_the_address_that_it_is_served_at(read_answer: Callable[..., Any]) -> None:
    """The base URL is known only when the port is."""
    with serve(demo_repository()) as base_url, _connected(base_url) as connected:
        _, body = _get(connected, "verb=Identify")
    answer = read_answer(body)
    assert answer.texts("baseURL") == answer.texts("request") == [base_url]
    assert abs((datetime.now(UTC) - datetime.fromisoformat(answer.texts("responseDate")[0])).total_seconds()) < 60


def test_a_token_outlives_its_server(read_answer: Callable[..., Any]) -> None:
    """Two servers one after the other are one repository."""
    with serve(demo_repository()) as base_url, _connected(base_url) as connected:
        _, first = _get(connected, LIST)
    token = read_answer(first).token.text
    with serve(demo_repository()) as base_url, _connected(base_url) as connected:
        _, second = _get(connected, urlencode({"verb": "ListRecords", "resumptionToken": token}))
    assert read_answer(second).token.get("cursor") == "10"


# --- the place for faults -------------------------------------------------------------------------


def test_a_middleware_sees_the_request_and_may_answer_in_its_own_way() -> None:
    """Status, headers, body and the arguments passed on are its to choose."""
    seen: list[Request] = []

    def busy(request: Request, answer: Answer) -> Response:
        seen.append(request)
        if len(seen) == 1:
            return Response(body=b"busy", status=503, headers=(("Retry-After", "1"),), content_type="text/plain")
        return answer(request)

    with serve(demo_repository(), middleware=busy) as base_url, _connected(base_url) as connected:
        refused, body = _get(connected, LIST, {"User-Agent": "a test"})
        accepted, _ = _get(connected, LIST)
    assert (refused.status, refused.headers["Retry-After"], body) == (503, "1", b"busy")
    assert accepted.status == 200
    assert seen[0].argument("verb") == "ListRecords"
    assert seen[0].argument("set") is None
    assert seen[0].headers["user-agent"] == "a test"
    assert seen[0].arguments == seen[1].arguments == (("verb", "ListRecords"), ("metadataPrefix", "oai_dc"))


def _served(writer: Writer) -> Any:
    def middleware(_request: Request, _answer: Answer) -> Writer:
        return writer

    return serve(demo_repository(), middleware=middleware)


def test_a_middleware_may_reset_the_connection() -> None:
    """The client sees a reset, not an end."""
    with _served(Connection.reset) as base_url, _connected(base_url) as connected, pytest.raises(ConnectionResetError):
        _get(connected, LIST)


def test_a_middleware_may_promise_more_bytes_than_it_sends() -> None:
    """A wrong Content-Length, and the connection closed behind it."""

    def short(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<OAI-PMH>")

    with _served(short) as base_url, _connected(base_url) as connected, pytest.raises(http.client.IncompleteRead):
        _get(connected, LIST)


def test_a_middleware_may_drip_and_the_end_of_the_server_cuts_the_drip_short() -> None:
    """No test waits for a pause that nobody needs any more."""

    def drip(connection: Connection) -> None:
        connection.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
        for _ in range(100):
            connection.send(b".")
            connection.pause(60)

    started = time.perf_counter()
    with _served(drip) as base_url, _connected(base_url) as connected:
        connected.request("GET", f"/oai?{LIST}")
        assert connected.getresponse().read(1) == b"."
    assert time.perf_counter() - started < 5


def test_an_idle_connection_does_not_hold_up_the_end() -> None:
    """All connections are closed when the server ends."""
    started = time.perf_counter()
    with serve(demo_repository()) as base_url, _connected(base_url) as connected:
        _get(connected, LIST)
        with _connected(base_url) as silent:
            silent.connect()
    assert time.perf_counter() - started < 2


def test_a_defect_in_a_middleware_comes_to_light() -> None:
    """It is raised when the server ends; nothing is printed, nothing is lost."""

    def broken(_request: Request, _answer: Answer) -> Response:
        raise LookupError("a defect")

    with (
        pytest.raises(LookupError, match="a defect"),
        serve(demo_repository(), middleware=broken) as base_url,
        _connected(base_url) as connected,
        pytest.raises(http.client.RemoteDisconnected),
    ):
        _get(connected, LIST)


def test_no_request_is_logged(capfd: pytest.CaptureFixture[str]) -> None:
    """Neither a good one nor a broken one."""
    with serve(demo_repository()) as base_url, _connected(base_url) as connected:
        _get(connected, LIST)
        connected.request("DELETE", "/oai")
        assert connected.getresponse().status == 501
    assert capfd.readouterr() == ("", "")

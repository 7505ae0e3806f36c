"""A repository, asked over real HTTP."""

import gzip
import os
import re
import shutil
import socket
import threading
import warnings
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import sickle

from ingest import errors
from ingest.protocol import transport
from ingest.protocol.bodies import Bounds
from ingest.protocol.client import Harvester, Repository
from ingest.protocol.retrying import Policy
from ingest.protocol.sessions import is_private
from ingest.protocol.waiting import Waiting
from ingest.records import ListRequest, OaiError, Record, ResumptionToken

Document = Callable[..., bytes]
Open = Callable[..., Repository]
ANY = ListRequest(metadata_prefix="oai_dc")
ON = ResumptionToken(value="t")


@pytest.fixture
def good(document: Document, record: Callable[..., str]) -> bytes:
    """Build a page with one record and a token."""
    return document("ListRecords", record() + "<resumptionToken>t</resumptionToken>")


# --- requests ---------------------------------------------------------------------------------------


def test_each_verb_asks_with_its_own_arguments(
    *, server: Any, open_repository: Open, document: Document, record: Callable[..., str]
) -> None:
    """The verb first, arguments that are not given are not sent."""
    server.script(
        server.reply(document("Identify")),
        server.reply(document("ListMetadataFormats")),
        server.reply(document("ListMetadataFormats")),
        server.reply(document("ListSets")),
        server.reply(document("ListRecords", record())),
        server.reply(document("ListIdentifiers")),
        server.reply(document("GetRecord", record())),
    )
    repository = open_repository(server.url)
    repository.identify()
    repository.list_metadata_formats()
    repository.list_metadata_formats("a:1")
    assert repository.list_sets() == ()
    repository.list_records(
        ListRequest(metadata_prefix="oai_dc", set_spec="a:b", from_="2024-01-01", until="2024-01-02")
    )
    repository.list_identifiers(ANY)
    page = repository.get_record("a&b=/?# %+ü", "oai_dc")
    assert isinstance(page.elements[0], Record)
    assert server.paths == [
        "/oai?verb=Identify",
        "/oai?verb=ListMetadataFormats",
        "/oai?verb=ListMetadataFormats&identifier=a%3A1",
        "/oai?verb=ListSets",
        "/oai?verb=ListRecords&metadataPrefix=oai_dc&from=2024-01-01&until=2024-01-02&set=a%3Ab",
        "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc",
        "/oai?verb=GetRecord&identifier=a%26b%3D%2F%3F%23%20%25%2B%C3%BC&metadataPrefix=oai_dc",
    ]


@pytest.mark.parametrize(
    ("token", "sent"),
    [
        ("a+b c", "a%2Bb%20c"),
        ("%3D", "%253D"),
        ("%253A", "%25253A"),
        ("!a|b@c^/~.-_", "%21a%7Cb%40c%5E%2F~.-_"),
        ("a&verb=x;#", "a%26verb%3Dx%3B%23"),
    ],
)
def test_a_token_goes_back_alone_and_encoded_once(
    *, server: Any, open_repository: Open, good: bytes, token: str, sent: str
) -> None:
    """Whatever it looks like, it is not taken for encoded."""
    server.script(server.reply(good))
    open_repository(server.url).list_records(ResumptionToken(value=token))
    assert server.paths == [f"/oai?verb=ListRecords&resumptionToken={sent}"]


@pytest.mark.parametrize(
    ("tail", "expected"),
    [("?key=a%2Fb", "/oai?key=a%2Fb&verb=Identify"), ("/?", "/oai/?verb=Identify"), ("/", "/oai/?verb=Identify")],
)
def test_a_base_url_keeps_its_path_and_query(
    *, server: Any, open_repository: Open, document: Document, tail: str, expected: str
) -> None:
    """Arguments are appended with whichever sign is right."""
    server.script(server.reply(document("Identify")))
    open_repository(server.url + tail).identify()
    assert server.paths == [expected]


def test_an_empty_token_asks_nothing(open_repository: Open) -> None:
    """It ended the list; asking on would be a mistake of the caller."""
    with pytest.raises(ValueError, match="ends the list"):
        open_repository("http://127.0.0.1:9/oai").list_records(ResumptionToken(value=""))


def test_requests_say_who_asks(server: Any, open_repository: Open, document: Document) -> None:
    """``From`` only where the contact is an e-mail address; gzip is taken; no credentials are sent unasked."""
    server.script(server.reply(document("Identify")))
    open_repository(server.url, user_agent="us/1.0", contact="a@example.org").identify()
    open_repository(server.url, contact="https://example.org").identify()
    (_, first), (_, second) = server.requests
    assert (first["user-agent"], first["from"], first["accept-encoding"]) == ("us/1.0", "a@example.org", "gzip")
    assert "authorization" not in first
    assert "from" not in second


@pytest.mark.parametrize("url", ["ftp://a/oai", "file:///etc", "oai", "", "http://", "http://[::1", "http://a:b/"])
def test_other_urls_than_http_are_refused_at_once(open_repository: Open, url: str) -> None:
    """Before anything is asked."""
    with pytest.raises(errors.ConfigurationError, match="no http or https URL"):
        open_repository(url)


def test_a_password_in_the_url_is_refused_and_not_repeated(open_repository: Open) -> None:
    """The URL is shown in many places; auth is not."""
    with pytest.raises(errors.ConfigurationError) as raised:
        open_repository("http://me:secret@127.0.0.1/oai")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("headers", [{"X-Key": "secret\r\nX: y"}, {"X-Key": "secret\u20ac"}, {"X Key": "secret"}])
def test_a_header_that_can_not_be_sent_is_refused_and_not_repeated(
    *, open_repository: Open, headers: dict[str, str]
) -> None:
    """Its name is told, its value is not."""
    with pytest.raises(errors.ConfigurationError, match="Key") as raised:
        open_repository("http://127.0.0.1/oai", headers=headers)
    assert "secret" not in str(raised.value)


def test_credentials_stand_in_no_repr(open_repository: Open) -> None:
    """Neither of the repository nor of what it is made of."""
    repository = open_repository("http://127.0.0.1/oai", auth=("me", "secret"), headers={"X-Key": "secret"})
    manners = transport.Manners(
        public_headers={},
        private_headers={"k": "secret"},
        auth=("me", "secret"),
        timeout=1,
        verify_tls=True,
        bounds=Bounds(max_bytes=1, seconds=1.0),
    )
    assert "secret" not in repr(repository) + repr(vars(repository)) + repr(manners)


def test_every_request_passes_harvest(server: Any, document: Document, record: Callable[..., str], waits: Any) -> None:
    """One method of sickle is overridden, and each of its verbs goes through it."""
    passed: list[str] = []

    class Counting(Harvester):
        def harvest(self, **arguments: str) -> Any:
            passed.append(arguments["verb"])
            return super().harvest(**arguments)

    verbs = ["ListMetadataFormats", "ListSets", "ListRecords", "ListIdentifiers", "GetRecord"]
    server.script(*(server.reply(document(verb, record())) for verb in verbs))
    manners = transport.Manners(
        public_headers={}, private_headers={}, auth=None, timeout=5.0, verify_tls=True,
        bounds=Bounds(max_bytes=10_000, seconds=5.0),
    )  # fmt: skip
    sending = transport.Transport(manners)
    waiting = Waiting(Policy(page_deadline=1.0, chance=lambda: 0.5), 0.0, wait=waits, on_wait=None)
    harvester = Counting(server.url, sending, waiting)
    for verb in verbs:
        getattr(harvester, verb)(metadataPrefix="oai_dc")
    sending.close()
    assert passed == verbs
    assert len(server.requests) == len(verbs)
    assert Harvester.harvest is not sickle.Sickle.harvest


# --- answers ----------------------------------------------------------------------------------------


def test_twenty_pages_take_one_connection(server: Any, open_repository: Open, good: bytes) -> None:
    """The connection is kept, for answers of any kind."""
    server.script(server.reply(good), server.reply(b"busy", 503), server.reply(good, gzipped=True))
    repository = open_repository(server.url)
    for _ in range(20):
        repository.list_records(ON)
    assert len(server.requests) == 21
    assert server.connections == 1


def test_threads_have_connections_of_their_own(server: Any, open_repository: Open, good: bytes) -> None:
    """A repository may be shared."""
    server.script(server.reply(good))
    repository = open_repository(server.url)
    repository.list_records(ON)
    thread = threading.Thread(target=repository.list_records, args=(ON,))
    thread.start()
    thread.join()
    repository.list_records(ON)
    assert server.connections == 2


def test_cookies_are_not_kept(server: Any, open_repository: Open, good: bytes) -> None:
    """Each request is complete in itself."""
    server.script(server.reply(good, Set_Cookie="session=1; Path=/"))
    repository = open_repository(server.url)
    repository.list_records(ON)
    repository.list_records(ON)
    assert all("cookie" not in headers for _, headers in server.requests)


def test_gzip_is_unpacked_in_one_or_more_members(server: Any, open_repository: Open, good: bytes) -> None:
    """The page's size is that of the unpacked document."""
    members = gzip.compress(good[:100]) + gzip.compress(good[100:])
    server.script(server.reply(good, gzipped=True), server.reply(members, Content_Encoding="gzip"))
    repository = open_repository(server.url)
    assert [repository.list_records(ON).size for _ in range(2)] == [len(good)] * 2


def _chunked(*chunks: bytes) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for chunk in chunks:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        handler.close_connection = chunks[-1] != b""

    return answer


def test_a_body_in_chunks_is_put_together(server: Any, open_repository: Open, good: bytes) -> None:
    """And the connection is kept after it."""
    server.script(_chunked(good[:7], good[7:100], good[100:], b""))
    repository = open_repository(server.url)
    assert {repository.list_records(ON).size for _ in range(3)} == {len(good)}
    assert server.connections == 1


def test_a_cut_body_is_asked_for_again(server: Any, open_repository: Open, good: bytes, waits: Any) -> None:
    """Shorter than announced, missing its last chunk, or a gzip stream that breaks off: never a short page."""
    packed = gzip.compress(good)
    server.script(
        server.reply(good[:-50], Content_Length=str(len(good))),
        _chunked(good[:-50]),
        server.reply(packed[:-12], Content_Encoding="gzip"),
        server.reply(good),
    )
    page = open_repository(server.url).list_records(ON)
    assert page.size == len(good)
    assert len(set(server.paths)) == 1
    assert waits.reasons == ["the answer was cut off"] * 2 + ["the compressed answer was cut off"]


def test_a_hang_up_and_bad_gzip_are_asked_again(server: Any, open_repository: Open, good: bytes, waits: Any) -> None:
    """With the same request."""
    server.script(server.hang_up, server.reply(good, Content_Encoding="gzip"), server.reply(good))
    assert open_repository(server.url).list_records(ON).token == ON
    assert waits.reasons == ["the connection was reset", "the compressed answer can not be unpacked"]


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_over_the_cap_is_refused(*, server: Any, open_repository: Open, packed: bool) -> None:
    """A small gzip stream that becomes large counts as what it becomes; nothing is asked twice."""
    server.script(server.reply(b"\0" * 30_000_000, gzipped=packed))
    with pytest.raises(errors.MalformedResponse, match="larger than 1000000 bytes"):
        open_repository(server.url, max_bytes=1_000_000).list_records(ON)
    assert len(server.requests) == 1


def test_an_encoding_that_was_not_asked_for_is_named(server: Any, open_repository: Open, good: bytes) -> None:
    """It is no broken XML."""
    server.script(server.reply(good, Content_Encoding="br"))
    with pytest.raises(errors.MalformedResponse, match="“br”"):
        open_repository(server.url).list_records(ON)


def test_a_server_that_drips_is_left(server: Any, open_repository: Open, good: bytes) -> None:
    """Bytes that keep coming do not hold a worker for ever."""
    stop = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(good)))
        handler.end_headers()
        for byte in good:
            handler.wfile.write(bytes([byte]))
            if stop.wait(0.05):
                break
        handler.close_connection = True

    server.script(drip)
    with pytest.raises(errors.RepositoryUnavailable, match=r"took longer than 0\.2 s"):
        open_repository(server.url, page_deadline=0.2).list_records(ON)
    stop.set()


def test_no_answer_in_time_is_a_fault(server: Any, open_repository: Open, good: bytes, waits: Any) -> None:
    """The read timeout is the declared one."""
    stop = threading.Event()

    def sleep(handler: BaseHTTPRequestHandler) -> None:
        stop.wait(10)
        handler.close_connection = True

    server.script(sleep, server.reply(good))
    assert open_repository(server.url, timeout=0.1).list_records(ON).token == ON
    stop.set()
    assert waits.reasons == ["no answer in time"]


# --- status and body --------------------------------------------------------------------------------


def test_busy_then_fine_is_fine(server: Any, open_repository: Open, good: bytes, waits: Any) -> None:
    """The same request again, after the wait that was asked for."""
    server.script(server.reply(b"<html>", 503, Retry_After="7"), server.reply(b"", 429), server.reply(good))
    assert open_repository(server.url).list_records(ON).token == ON
    assert len(set(server.paths)) == 1
    assert waits.seconds[0] == 7.0
    assert 2 < waits.seconds[1] < 4
    assert waits.reasons == ["HTTP 503 Service Unavailable", "HTTP 429 Too Many Requests"]


@pytest.mark.parametrize("own_date", [True, False])
def test_retry_after_as_a_date_is_kept(
    *, server: Any, open_repository: Open, good: bytes, waits: Any, own_date: bool
) -> None:
    """Counted by the server's own clock where it tells it."""
    clock = datetime.now(UTC) - timedelta(days=own_date)

    def busy(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(503)
        if own_date:
            handler.send_header("Date", format_datetime(clock, usegmt=True))
        handler.send_header("Retry-After", format_datetime(clock + timedelta(seconds=60), usegmt=True))
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    server.script(busy, server.reply(good))
    open_repository(server.url).list_records(ON)
    assert 57 < waits.seconds[0] <= 61


def test_a_wait_beyond_the_deadline_is_not_begun(server: Any, open_repository: Open, waits: Any) -> None:
    """The caller is told how long the repository wants to be left alone."""
    server.script(server.reply(b"", 429, Retry_After="86400"))
    with pytest.raises(errors.RepositoryUnavailable, match="429") as raised:
        open_repository(server.url).list_records(ON)
    assert raised.value.retry_after == 86400.0
    assert waits.seconds == []


def test_a_broken_server_is_given_up(server: Any, open_repository: Open, waits: Any) -> None:
    """After five tries; the message says how long it was tried."""
    server.script(server.reply(b"<html>oops", 500))
    with pytest.raises(errors.RepositoryUnavailable) as raised:
        open_repository(server.url).list_records(ON)
    assert re.fullmatch(
        r"no usable answer from http://127\.0\.0\.1:\d+/oai: HTTP 500 Internal Server Error "
        r"\(5 tries in \d+ s\); try again later",
        str(raised.value),
    )
    assert len(server.requests) == 5
    assert 23 < sum(waits.seconds) < 39


def test_the_deadline_ends_the_tries(server: Any, open_repository: Open, waits: Any) -> None:
    """All waits of a page sum to no more."""
    server.script(server.reply(b"", 500))
    with pytest.raises(errors.RepositoryUnavailable):
        open_repository(server.url, page_deadline=6.0).list_records(ON)
    assert sum(waits.seconds) <= 6.0
    assert 1 < len(server.requests) < 5


@pytest.mark.parametrize("status", [400, 404, 422, 500, 503])
@pytest.mark.parametrize(
    ("code", "error"), [("badResumptionToken", errors.BadResumptionToken), ("idDoesNotExist", errors.IdDoesNotExist)]
)
def test_an_oai_error_wins_over_the_status(
    *, server: Any, open_repository: Open, document: Document, status: int, code: str, error: type[errors.IngestError]
) -> None:
    """It is more precise, and asking again would not change it."""
    server.script(server.reply(document(errors=f'<error code="{code}">no</error>'), status))
    with pytest.raises(error, match="no"):
        open_repository(server.url).list_records(ON)
    assert len(server.requests) == 1


def test_no_records_match_with_404_is_an_empty_page(server: Any, open_repository: Open, document: Document) -> None:
    """And the page says why it is empty."""
    server.script(server.reply(document(errors='<error code="noRecordsMatch"/>'), 404))
    page = open_repository(server.url).list_records(ANY)
    assert (page.elements, page.token, page.errors) == ((), None, (OaiError(code="noRecordsMatch", message=""),))


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (401, b"", errors.AccessRefused, "HTTP 401 Unauthorized"),
        (403, b"<html><title>Just a moment...</title>", errors.AccessRefused, "Just a moment"),
        (404, b"<html><title>Gone</title>", errors.NotOaiPmh, "no repository at this base URL"),
        (400, b"what?", errors.NotOaiPmh, "HTTP 400 Bad Request"),
        (302, b"", errors.NotOaiPmh, "HTTP 302 Found"),
        (200, b"<!DOCTYPE html><title>Welcome</title><br>", errors.NotOaiPmh, "Welcome"),
    ],
)
def test_what_asking_again_will_not_change_is_told_at_once(
    *, server: Any, open_repository: Open, status: int, body: bytes, error: type[errors.IngestError], words: str
) -> None:
    """With the reason that the repository gives."""
    server.script(server.reply(body, status))
    with pytest.raises(error, match=words):
        open_repository(server.url).list_records(ON)
    assert len(server.requests) == 1


@pytest.mark.parametrize("body", [b"", b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><ListRec'])
def test_a_broken_document_is_asked_for_twice_more(
    *, server: Any, open_repository: Open, good: bytes, waits: Any, body: bytes
) -> None:
    """It may come whole; if it does not, it is malformed."""
    server.script(server.reply(body), server.reply(good), server.reply(body))
    repository = open_repository(server.url)
    assert repository.list_records(ON).token == ON
    with pytest.raises(errors.MalformedResponse):
        repository.list_records(ON)
    assert len(server.requests) == 5
    assert len(waits.seconds) == 3


def test_identify_falls_back_to_the_clock_of_the_http_answer(
    *, server: Any, open_repository: Open, document: Document
) -> None:
    """It is the server's clock all the same."""
    server.script(server.reply(document("Identify", date="today")))
    found = open_repository(server.url).identify()
    assert abs(found.response_date - datetime.now(UTC)) < timedelta(minutes=1)


# --- sets -------------------------------------------------------------------------------------------


def _sets(document: Document, name: str, token: str) -> bytes:
    inside = f"<set><setSpec>{name}</setSpec><setName>{name}</setName></set><resumptionToken>{token}</resumptionToken>"
    return document("ListSets", inside)


def test_sets_are_read_to_their_end(server: Any, open_repository: Open, document: Document) -> None:
    """Page by page."""
    server.script(server.reply(_sets(document, "a", "1")), server.reply(_sets(document, "b", "")))
    assert [found.spec for found in open_repository(server.url).list_sets()] == ["a", "b"]
    assert server.paths == ["/oai?verb=ListSets", "/oai?verb=ListSets&resumptionToken=1"]


def test_sets_in_a_circle_are_refused(server: Any, open_repository: Open, document: Document) -> None:
    """Rather than asked for ever or taken for complete."""
    server.script(server.reply(_sets(document, "a", "1")))
    with pytest.raises(errors.MalformedResponse, match="again and again"):
        open_repository(server.url).list_sets()
    assert len(server.requests) == 2


# --- processes and TLS ------------------------------------------------------------------------------


def test_a_forked_process_opens_connections_of_its_own(server: Any, open_repository: Open, good: bytes) -> None:
    """Two processes on one connection would read each other's answers; the parent's stays usable."""
    server.script(server.reply(good))
    repository = open_repository(server.url)
    repository.list_records(ON)
    with warnings.catch_warnings():
        # Newer Pythons warn of forking beside threads; the child here only asks and leaves.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        status = 1
        try:
            status = 0 if repository.list_records(ON).token == ON else 1
            repository.close()
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0
    repository.list_records(ON)
    assert server.connections == 2
    assert len(server.requests) == 3


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_tls_is_verified_unless_the_operator_opts_out(
    *, secure: Callable[[Path], Any], open_repository: Open, good: bytes, waits: Any, tmp_path: Path
) -> None:
    """A certificate that nobody vouches for is told at once, with the way out."""
    server = secure(tmp_path)
    server.script(server.reply(good))
    with pytest.raises(errors.RepositoryUnavailable, match="verify_tls"):
        open_repository(server.url).list_records(ON)
    assert waits.seconds == []
    assert open_repository(server.url, verify_tls=False).list_records(ON).token == ON


def test_a_repository_closes_behind_itself(server: Any, good: bytes, waits: Any) -> None:
    """Used in a with statement, no socket is left open, and nothing is asked before the first verb."""
    server.script(server.reply(good))
    with Repository(server.url, user_agent="us", wait=waits) as repository:
        assert server.requests == []
        assert repository.list_records(ANY).token == ON


# --- nobody there -----------------------------------------------------------------------------------


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(
    ("host", "reason"), [("127.0.0.1", "connection refused"), ("nowhere.invalid", "the host name is unknown")]
)
def test_a_wrong_url_is_told_at_once(open_repository: Open, waits: Any, host: str, reason: str) -> None:
    """Where nothing ever answered, two tries are enough; the message does not tell the query, which may hold a key."""
    port = _free_port()
    with pytest.raises(errors.RepositoryUnavailable) as raised:
        open_repository(f"http://{host}:{port}/oai?key=secret").identify()
    assert str(raised.value).startswith(f"cannot reach http://{host}:{port}/oai: {reason} (2 tries in ")
    assert str(raised.value).endswith("; check the URL and try again later")
    assert sum(waits.seconds) < 2


def test_a_repository_that_went_away_is_worth_more_patience(
    *, start_server: Callable[[], Any], open_repository: Open, good: bytes, waits: Any
) -> None:
    """It did answer: it is down, not wrong."""
    port = _free_port()
    front = start_server()
    front.script(front.reply(good), front.reply(b"", 302, Location=f"http://127.0.0.1:{port}/oai"))
    repository = open_repository(front.url)
    repository.list_records(ON)
    with pytest.raises(errors.RepositoryUnavailable, match="5 tries"):
        repository.list_records(ON)
    assert len(waits.seconds) == 4


def test_a_wait_may_raise_to_interrupt(server: Any, open_repository: Open) -> None:
    """What it raises comes out as it is."""

    class Stopped(Exception):
        pass

    def stop(_: float) -> None:
        raise Stopped

    server.script(server.reply(b"", 503))
    with pytest.raises(Stopped):
        open_repository(server.url, wait=stop).list_records(ON)
    assert len(server.requests) == 1


def test_the_pace_is_kept_between_requests(server: Any, open_repository: Open, good: bytes, waits: Any) -> None:
    """By the same waits, though nobody need be told."""
    server.script(server.reply(good))
    repository = open_repository(server.url, min_interval=30.0)
    for _ in range(3):
        repository.list_records(ON)
    assert [round(seconds, -1) for seconds in waits.seconds] == [30, 60]
    assert waits.reasons == []


# --- redirects --------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_for_this_request_alone(
    *, server: Any, open_repository: Open, good: bytes, status: int
) -> None:
    """On the same host with credentials, relative addresses included; the base URL stays."""
    server.script(server.reply(b"moved", status, Location="/new?x=%2F"), server.reply(good))
    repository = open_repository(server.url, auth=("me", "secret"))
    repository.list_records(ON)
    repository.list_records(ON)
    assert [path.split("?")[0] for path in server.paths] == ["/oai", "/new", "/oai"]
    assert server.paths[1] == "/new?x=%2F"
    assert all(headers["authorization"] == "Basic bWU6c2VjcmV0" for _, headers in server.requests)
    assert server.connections == 1


def test_credentials_never_go_to_another_host(
    *, start_server: Callable[[], Any], open_repository: Open, good: bytes
) -> None:
    """Nor back again to the first, at an address that the other chose."""
    ours, other = start_server(), start_server()
    ours.script(ours.reply(b"", 302, Location=other.url), ours.reply(good))
    other.script(other.reply(b"", 302, Location=f"http://127.0.0.1:{ours.port}/admin"))
    open_repository(ours.url, auth=("me", "secret"), headers={"X-Api-Key": "secret"}).list_records(ON)
    (_, first), (_, last) = ours.requests
    ((_, away),) = other.requests
    assert (first["authorization"], first["x-api-key"]) == ("Basic bWU6c2VjcmV0", "secret")
    for headers in (away, last):
        assert {"authorization", "x-api-key"}.isdisjoint(headers)
        assert headers["user-agent"] == "oai-ingest-tests"


def test_a_circle_of_redirects_ends(server: Any, open_repository: Open) -> None:
    """After five hops."""
    server.script(server.reply(b"", 302, Location="/oai"))
    with pytest.raises(errors.NotOaiPmh, match="more than 5 redirects"):
        open_repository(server.url).list_records(ON)
    assert len(server.requests) == 6


@pytest.mark.parametrize("target", ["file:///etc/passwd", "javascript:1", "http://[", "http://a:x/"])
def test_redirects_lead_to_http_only(server: Any, open_repository: Open, target: str) -> None:
    """Anything else is not followed."""
    server.script(server.reply(b"", 302, Location=target))
    with pytest.raises(errors.NotOaiPmh, match="no http or https URL"):
        open_repository(server.url).list_records(ON)


def test_a_public_host_can_not_send_us_to_a_private_one(
    *, start_server: Callable[[], Any], open_repository: Open, good: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The public host is reached through a proxy here; the connection to the private one is closed before a request."""
    proxy, inner = start_server(), start_server()
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.port}")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    proxy.script(proxy.reply(b"", 302, Location=inner.url))
    inner.script(inner.reply(good))
    with pytest.raises(errors.NotOaiPmh, match=r"private address 127\.0\.0\.1"):
        open_repository("http://repository.example/oai").list_records(ON)
    assert proxy.paths == ["http://repository.example/oai?verb=ListRecords&resumptionToken=t"]
    assert inner.requests == []
    assert open_repository(inner.url).list_records(ON).token == ON


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True),
        ("10.1.2.3", True),
        ("172.16.0.1", True),
        ("192.168.0.1", True),
        ("169.254.169.254", True),
        ("100.64.0.1", True),
        ("0.0.0.0", True),  # noqa: S104  # An address to be refused.
        ("::1", True),
        ("fe80::1%eth0", True),
        ("fd00::1", True),
        ("::ffff:127.0.0.1", True),
        ("8.8.8.8", False),
        ("2606:4700::1111", False),
        ("::ffff:8.8.8.8", False),
    ],
)
def test_private_addresses_are_known(*, address: str, private: bool) -> None:
    """In both versions of the internet protocol, and one dressed as the other."""
    assert is_private(address) is private

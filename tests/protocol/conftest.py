"""A scripted HTTP server, repositories that do not really wait, and a builder of OAI-PMH documents."""

import gzip
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ingest.protocol.client import Repository

Answer = Callable[[BaseHTTPRequestHandler], None]


def _document(
    verb: str = "", inside: str = "", *, errors: str = "", declarations: str = "", date: str = "2024-05-06T07:08:09Z"
) -> bytes:
    body = f"<{verb}>{inside}</{verb}>" if verb else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" {declarations}>'
        f"<responseDate>{date}</responseDate><request>http://127.0.0.1/oai</request>{errors}{body}</OAI-PMH>"
    ).encode()


@pytest.fixture(scope="session")
def document() -> Callable[..., bytes]:
    """Build an OAI-PMH document: verb, what stands inside its element, ``errors``, ``declarations`` on the root."""
    return _document


@pytest.fixture(scope="session")
def record() -> Callable[..., str]:
    """Build a record element from an identifier and what stands inside ``metadata``."""

    def build(identifier: str = "oai:a:1", metadata: str = "<d xmlns='urn:d'>x</d>") -> str:
        header = f"<header><identifier>{identifier}</identifier><datestamp>2024-01-02</datestamp></header>"
        return f"<record>{header}<metadata>{metadata}</metadata></record>"

    return build


@dataclass
class ScriptedServer:
    """Answers requests with a list of functions, the last of them for ever; remembers what was asked."""

    port: int = 0
    scheme: str = "http"
    answers: list[Answer] = field(default_factory=list)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path with query, and headers in lower case, of each request."""
    connections: int = 0

    @property
    def url(self) -> str:
        """The base URL."""
        return f"{self.scheme}://127.0.0.1:{self.port}/oai"

    @property
    def paths(self) -> list[str]:
        """The paths with queries that were asked for."""
        return [path for path, _ in self.requests]

    def script(self, *answers: Answer) -> None:
        """Set the answers to come."""
        self.answers = list(answers)

    @staticmethod
    def reply(body: bytes = b"", status: int = 200, *, gzipped: bool = False, **headers: str) -> Answer:
        """Make an answer; a header's name is written with underscores."""
        sent = gzip.compress(body) if gzipped else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if gzipped:
            named["Content-Encoding"] = "gzip"

        def answer(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(status)
            for name, value in ({"Content-Type": "text/xml", "Content-Length": str(len(sent))} | named).items():
                handler.send_header(name, value)
            handler.end_headers()
            handler.wfile.write(sent)
            handler.close_connection = len(sent) != int(named.get("Content-Length", len(sent)))

        return answer

    @staticmethod
    def hang_up(handler: BaseHTTPRequestHandler) -> None:
        """Close the connection without a word."""
        handler.close_connection = True


def _handler(server: ScriptedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            super().setup()
            server.connections += 1

        def handle(self) -> None:
            # A client that hangs up, as clients here do on purpose, is no fault of the server.
            with suppress(OSError):
                super().handle()

        def do_GET(self) -> None:
            server.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            answer = server.answers.pop(0) if len(server.answers) > 1 else server.answers[0]
            answer(self)

        def log_message(self, *_: Any) -> None:
            """Keep the tests' output quiet."""

    return Handler


@pytest.fixture
def start_server() -> Iterator[Callable[..., ScriptedServer]]:
    """Start scripted servers on ports of their own, over TLS where a context is given."""
    running: list[tuple[ThreadingHTTPServer, threading.Thread]] = []

    def start(context: ssl.SSLContext | None = None) -> ScriptedServer:
        scripted = ScriptedServer(scheme="https" if context else "http")
        http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(scripted))
        http.daemon_threads = True
        if context:
            # The handshake is made by the thread that answers, where a client that hangs up ends that thread alone.
            http.socket = context.wrap_socket(http.socket, server_side=True, do_handshake_on_connect=False)
        http.block_on_close = False
        scripted.port = http.server_address[1]
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        running.append((http, thread))
        return scripted

    yield start
    for http, thread in running:
        http.shutdown()
        thread.join()
        http.server_close()


@pytest.fixture
def server(start_server: Callable[[], ScriptedServer]) -> ScriptedServer:
    """One scripted server."""
    return start_server()


@pytest.fixture
def secure(start_server: Callable[..., ScriptedServer]) -> Callable[[Path], ScriptedServer]:
    """Start a scripted server over TLS, with a certificate that nobody vouches for, made in the directory given."""

    def start(directory: Path) -> ScriptedServer:
        key, certificate = directory / "key.pem", directory / "certificate.pem"
        asked = "req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2 -subj /CN=localhost"
        command = ["openssl", *asked.split(), "-keyout", str(key), "-out", str(certificate)]
        subprocess.run(command, check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return start_server(context)

    return start


@dataclass
class Waits:
    """A ``wait`` that only remembers."""

    seconds: list[float] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        """Take note instead of sleeping."""
        self.seconds.append(seconds)

    def told(self, seconds: float, reason: str) -> None:
        """Take note of the reason, as ``on_wait`` does."""
        assert seconds >= 0
        self.reasons.append(reason)


@pytest.fixture
def waits() -> Waits:
    """Remember the waits of a test's repositories."""
    return Waits()


@pytest.fixture
def open_repository(waits: Waits) -> Iterator[Callable[..., Repository]]:
    """Open repositories at a URL that never really wait, and close them in the end."""
    opened: list[Repository] = []

    def open_one(url: str, **options: Any) -> Repository:
        usual: dict[str, Any] = {"user_agent": "oai-ingest-tests", "wait": waits, "on_wait": waits.told, "timeout": 5.0}
        repository = Repository(url, **(usual | options))
        opened.append(repository)
        return repository

    yield open_one
    for repository in opened:
        repository.close()

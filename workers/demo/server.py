"""The demo repository over real HTTP: GET and POST, keep-alive, gzip where it is accepted (protocol section 3.1).

Nothing is logged. A middleware stands between the request and the answer: it may look at the request, answer itself,
alter what the repository answers, or take the connection and write to it what it likes.
"""

import gzip
import socket
import socketserver
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from workers.demo.exchange import Answering, Connection, Middleware, Request, Response, Writer

PATH = "/oai"
_FORM = "application/x-www-form-urlencoded"
_LONGEST_FORM = 1 << 20
_SHORTEST_GZIP = 512
_IDLE_SECONDS = 60


class _Server(ThreadingHTTPServer):
    # Its threads end with it: all connections are shut down first.
    daemon_threads = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], *, repository: Answering, middleware: Middleware | None) -> None:
        super().__init__(address, _Handler)
        self._repository = repository
        self._middleware = middleware
        self._open: set[socket.socket] = set()
        self.closing = threading.Event()
        self.failures: list[BaseException] = []

    def server_bind(self) -> None:
        """Bind without asking the name service for our name, as the class above would: it may be slow to answer."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    @property
    def base_url(self) -> str:
        return f"http://{self.server_name}:{self.server_port}{PATH}"

    def respond(self, request: Request) -> Response | Writer:
        return self._middleware(request, self._answer) if self._middleware else self._answer(request)

    def _answer(self, request: Request) -> Response:
        if request.path != PATH:
            return _plain(HTTPStatus.NOT_FOUND, f"The repository is at {request.base_url}")
        return Response(body=self._repository.answer(request.arguments, base_url=request.base_url))

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        if isinstance(request, socket.socket):
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        if isinstance(request, socket.socket):
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, *_: object) -> None:
        """Keep a defect for ``serve`` to raise; a client that went away is none."""
        failure = sys.exception()
        if failure is not None and not isinstance(failure, ConnectionError | TimeoutError):
            self.failures.append(failure)

    def end(self) -> None:
        self.closing.set()
        self.shutdown()
        for connection in tuple(self._open):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "oai-ingest-demo"
    sys_version = ""
    # Headers and body are two writes: without this the second waits for the client's delayed acknowledgement.
    disable_nagle_algorithm = True
    timeout = _IDLE_SECONDS
    server: _Server

    def do_GET(self) -> None:
        self._respond(urlsplit(self.path).query)

    def do_POST(self) -> None:
        form = self._form()
        if isinstance(form, Response):
            self.close_connection = True
            self._send(form)
        else:
            self._respond(form)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _form(self) -> str | Response:
        """Read the form of a POST; a refusal leaves the connection unusable, for the body was not read."""
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdecimal()):
            return _plain(HTTPStatus.LENGTH_REQUIRED, "A form needs its Content-Length.")
        if int(length) > _LONGEST_FORM:
            return _plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A form has at most {_LONGEST_FORM} bytes.")
        if self.headers.get_content_type() != _FORM:
            return _plain(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"A form is {_FORM}.")
        return self.rfile.read(int(length)).decode("utf-8", "replace")

    def _respond(self, encoded_arguments: str) -> None:
        request = Request(
            method=self.command,
            path=urlsplit(self.path).path,
            arguments=tuple(parse_qsl(encoded_arguments, keep_blank_values=True)),
            headers={name.lower(): value for name, value in self.headers.items()},
            base_url=self.server.base_url,
        )
        outcome = self.server.respond(request)
        if isinstance(outcome, Response):
            self._send(outcome)
        else:
            self.close_connection = True
            outcome(Connection(self.connection, closing=self.server.closing))

    def _send(self, response: Response) -> None:
        body = response.body
        compressed = (
            response.compress and len(body) >= _SHORTEST_GZIP and _accepts_gzip(self.headers.get("Accept-Encoding", ""))
        )
        if compressed:
            body = gzip.compress(body, compresslevel=1, mtime=0)
        self.send_response(response.status)
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Vary", "Accept-Encoding")
        if compressed:
            self.send_header("Content-Encoding", "gzip")
        for name, value in response.headers:
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serve(
    repository: Answering, *, port: int = 0, host: str = "127.0.0.1", middleware: Middleware | None = None
) -> Iterator[str]:
    """Serve the repository from a thread and yield its base URL; port 0 takes any that is free.

    On leaving, all connections are closed and all threads joined; the first defect that a middleware or the repository
    showed while answering is raised then.
    """
    server = _Server((host, port), repository=repository, middleware=middleware)
    # shutdown() waits for the next poll: a short one, for tests open many servers.
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, name="demo repository")
    thread.start()
    try:
        yield server.base_url
    finally:
        server.end()
        thread.join()
    if server.failures:
        raise server.failures[0]


def _plain(status: HTTPStatus, text: str) -> Response:
    return Response(body=f"{text}\n".encode(), status=status, content_type="text/plain; charset=utf-8")


def _accepts_gzip(accept_encoding: str) -> bool:
    """Whether the client names gzip with a weight above 0."""
    for offer in accept_encoding.lower().split(","):
        coding, _, weight = offer.partition(";")
        if coding.strip() == "gzip":
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False

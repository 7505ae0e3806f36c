"""What a server and a middleware hand each other: a request, and a response or a hold of the connection."""

import os
import socket
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol, TypeAlias

XML = "text/xml; charset=utf-8"


class Answering(Protocol):
    """What can be served: ``DemoRepository``, or what stands in front of several."""

    def answer(self, arguments: Sequence[tuple[str, str]], *, base_url: str) -> bytes:
        """Answer a request, given its decoded arguments in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One HTTP request; ``arguments`` are decoded and in order, of the query (GET) or of the form (POST)."""

    method: str
    path: str
    arguments: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    base_url: str

    def argument(self, name: str) -> str | None:
        """Return the first value of an argument, or None."""
        return dict(reversed(self.arguments)).get(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One HTTP answer; the server adds Content-Length, and Content-Encoding where it compresses."""

    body: bytes
    status: int = HTTPStatus.OK
    content_type: str = XML
    headers: tuple[tuple[str, str], ...] = ()
    compress: bool = True
    """Whether the body may be compressed for a client that accepts it."""


class Connection:
    """The raw connection, for a middleware that breaks the rules of HTTP; closed when the middleware returns."""

    def __init__(self, sock: socket.socket, *, closing: threading.Event) -> None:
        """Wrap the socket; ``closing`` is set when the server ends."""
        self._socket = sock
        self._closing = closing

    def send(self, data: bytes) -> None:
        """Send the bytes as they are, status line and headers included."""
        self._socket.sendall(data)

    def pause(self, seconds: float) -> None:
        """Wait; raises ``ConnectionAbortedError`` as soon as the server ends, so that no test waits for a drip."""
        if self._closing.wait(seconds):
            raise ConnectionAbortedError("The server ends.")

    def reset(self) -> None:
        """Break the connection off with a TCP reset."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self._socket.detach())


Writer: TypeAlias = Callable[[Connection], None]
"""Writes to the connection itself, in place of a response."""
Answer: TypeAlias = Callable[[Request], Response]
Middleware: TypeAlias = Callable[[Request, Answer], Response | Writer]
"""Gets the request and the answer of what lies behind; called by several threads at once."""

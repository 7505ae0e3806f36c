"""Connections: one session a thread and process, kept alive; a second kind that connects to public addresses only."""

import ipaddress
import os
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from ingest.errors import NotOaiPmh, RepositoryUnavailable


def is_private(address: str) -> bool:
    """Tell whether an IP address is loopback, private, link-local or otherwise not reachable for the whole world."""
    known = ipaddress.ip_address(address)
    mapped = known.ipv4_mapped if isinstance(known, ipaddress.IPv6Address) else None
    return not (mapped or known).is_global


class Connection(HTTPConnection):
    """A connection that remembers the address it was made to."""

    peer = ""
    only_public = False

    def connect(self) -> None:
        """Connect; raises NotOaiPmh, before anything is sent, where the address must be public and is not."""
        super().connect()
        self.peer = _admitted_peer(self)


class SecureConnection(HTTPSConnection):
    """The same over TLS."""

    peer = ""
    only_public = False

    def connect(self) -> None:
        """Connect; raises NotOaiPmh, before anything is sent, where the address must be public and is not."""
        super().connect()
        self.peer = _admitted_peer(self)


def _admitted_peer(connection: Connection | SecureConnection) -> str:
    peer = str(connection.sock.getpeername()[0]) if connection.sock else ""
    if connection.only_public and is_private(peer):
        connection.close()
        raise NotOaiPmh(f"refused: a public host redirects to the private address {peer}; check the base URL")
    return peer


class _PublicConnection(Connection):
    only_public = True


class _PublicSecureConnection(SecureConnection):
    only_public = True


class _Pool(HTTPConnectionPool):
    ConnectionCls = Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = SecureConnection


class _PublicPool(HTTPConnectionPool):
    ConnectionCls = _PublicConnection


class _PublicSecurePool(HTTPSConnectionPool):
    ConnectionCls = _PublicSecureConnection


class Session(HTTPAdapter):
    """The connections of one thread. Each request is made once and for itself.

    It is requests' adapter over our connections, for its proxies, certificates and errors, and without its sessions:
    retrying and redirects are decided elsewhere, and cookies are not kept, since a token request is complete in itself
    and a server's cookie would only tie it to one machine behind a balancer. These cost as much as the request.
    """

    _asked: tuple[str, ...] | None = None
    _found: Mapping[str, Any]

    def __init__(self, *, only_public: bool) -> None:
        """Connect to nothing yet; with ``only_public`` to public addresses alone."""
        self._only_public = only_public
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Let connections be ours."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = (
            {"http": _PublicPool, "https": _PublicSecurePool}
            if self._only_public
            else {"http": _Pool, "https": _SecurePool}
        )

    def ask(
        self, request: requests.PreparedRequest, *, timeout: tuple[float, float], verify_tls: bool
    ) -> requests.Response:
        """Send a request; its answer has come when its body has been read. ``timeout`` bounds connecting and reading.

        What the environment says of proxies and certificates is looked up where the host is another than before: that
        means to go through all variables twice.
        """
        url = request.url or ""
        split = urlsplit(url)
        asked = (split.scheme, split.netloc, str(verify_tls))
        if asked != self._asked:
            verify = None if verify_tls else False
            # The answer is read by whoever asks, a bounded piece at a time.
            found = requests.Session().merge_environment_settings(url, {}, stream=True, verify=verify, cert=None)
            self._asked, self._found = asked, {**found}
        return self.send(request, timeout=timeout, **self._found)

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """Give of an answer what is read of it: no cookies, and nothing on how to make text of it."""
        response = requests.Response()
        response.status_code, response.reason, response.raw = resp.status, resp.reason, resp
        response.headers = resp.headers
        response.request, response.url = req, req.url or ""
        return response


class Sessions:
    """Hands out the sessions of the calling thread, made on first use after a fork."""

    def __init__(self) -> None:
        """Open nothing yet."""
        self._lock = threading.Lock()
        self._process = os.getpid()
        self._open: dict[tuple[int, bool], Session] = {}
        self._closed = False

    def get(self, *, only_public: bool) -> Session:
        """Give the thread's session; with ``only_public`` it refuses to connect to private addresses.

        Raises RepositoryUnavailable once they are closed: a thread that was left behind asks nothing more.
        """
        key = (threading.get_ident(), only_public)
        with self._lock:
            if self._closed:
                raise RepositoryUnavailable("the connections to the repository are closed")
            if self._process != os.getpid():
                # The parent's connections are the parent's: two processes on one socket read each other's answers.
                self._process, self._open = os.getpid(), {}
            if key not in self._open:
                self._open[key] = Session(only_public=only_public)
            return self._open[key]

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._lock:
            opened, self._open = self._open, {}
            self._closed = True
        if self._process == os.getpid():
            for session in opened.values():
                session.close()

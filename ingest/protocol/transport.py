"""One HTTP request with its redirects: bytes out, bytes in, credentials to the declared host only."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
import urllib3
from urllib3.connection import HTTPConnection

from ingest.errors import ConfigurationError, NotOaiPmh
from ingest.protocol import bodies
from ingest.protocol.answers import HttpAnswer
from ingest.protocol.faults import translated
from ingest.protocol.sessions import Connection, SecureConnection, Sessions, is_private

MAX_REDIRECTS = 5
_LONGEST_CONNECT = 20.0
"""Seconds to wait for a connection; the declared timeout is for answers, which may honestly take long to compute."""
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How requests are made; what may be secret stays out of the repr."""

    public_headers: Mapping[str, str]
    """Sent to every host: who we are and what we take."""
    private_headers: Mapping[str, str] = field(repr=False)
    """Sent to the declared host only."""
    auth: tuple[str, str] | None = field(repr=False)
    """Name and password of HTTP basic authentication; to the declared host only."""
    timeout: float
    """Seconds without a byte from the server."""
    verify_tls: bool
    bounds: bodies.Bounds


def _pair(auth: tuple[str, str]) -> str:
    return base64.b64encode(":".join(auth).encode()).decode()


def secrets_of(auth: tuple[str, str] | None) -> tuple[str, ...]:
    """Give what a server that repeats its request would tell of a name and password."""
    return () if auth is None else (auth[1], _pair(auth))


class Transport:
    """Makes GET requests; safe to share between threads and over a fork."""

    def __init__(self, manners: Manners) -> None:
        """Connect to nothing yet."""
        self._manners = manners
        self._sessions = Sessions()
        known = {"Authorization": f"Basic {_pair(manners.auth)}"} if manners.auth else {}
        self._headers = {
            False: manners.public_headers,
            True: {**manners.public_headers, **manners.private_headers, **known},
        }
        if not manners.verify_tls:
            # The operator chose it, and is shown it with the endpoint; a warning a request would drown the log.
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def get(self, url: str) -> HttpAnswer:
        """Ask for a URL and follow its redirects.

        Raises TransportFault where asking again may help, NotOaiPmh for redirects that lead nowhere or where they must
        not, MalformedResponse for a body beyond bounds, ConfigurationError for a URL or header that can not be sent.
        """
        trusted, only_public = True, False
        for hop in range(MAX_REDIRECTS + 1):
            try:
                answer, target, peer = self._once(url, trusted=trusted, only_public=only_public)
            except ConfigurationError as error:
                if hop == 0:
                    raise
                # The declared address is sound; it is the repository that sends us where nobody can go.
                raise NotOaiPmh(f"a redirect to an address that can not be asked: {error}") from error
            if target is None:
                return answer
            target = _followable(url, target)
            # Once away from the declared host, nothing that a stranger chose is asked for with credentials.
            trusted = trusted and _same_service(urlsplit(url), urlsplit(target))
            only_public = only_public or not (peer and is_private(peer))
            url = target
        raise NotOaiPmh(f"more than {MAX_REDIRECTS} redirects, the last to {_shown(url)}; check the base URL")

    def close(self) -> None:
        """Close all connections."""
        self._sessions.close()

    def _once(self, url: str, *, trusted: bool, only_public: bool) -> tuple[HttpAnswer, str | None, str]:
        manners = self._manners
        session = self._sessions.get(only_public=only_public)
        with (
            translated(),
            session.ask(
                _request(url, self._headers[trusted]),
                timeout=(min(manners.timeout, _LONGEST_CONNECT), manners.timeout),
                verify_tls=manners.verify_tls,
            ) as response,
        ):
            # Read first: the connection is handed back, and forgotten by the response, once the body has ended.
            peer = _peer(response)
            answer = HttpAnswer(
                status=response.status_code,
                reason=response.reason or "",
                headers=response.headers,
                body=bodies.read(response.raw, manners.bounds),
            )
            return answer, _redirect(response), peer


def _request(url: str, headers: Mapping[str, str]) -> requests.PreparedRequest:
    """Prepare a request: its URL written as HTTP demands, and no credentials but those among its headers."""
    request = requests.PreparedRequest()
    request.prepare_method("GET")
    request.prepare_url(url, None)
    request.prepare_headers(headers)
    return request


def _peer(response: requests.Response) -> str:
    """Give the address that answered; empty where a proxy stands between, which knows the addresses for us."""
    connection: HTTPConnection | None = response.raw.connection
    return connection.peer if isinstance(connection, Connection | SecureConnection) else ""


def _redirect(response: requests.Response) -> str | None:
    """Give the Location of a redirect; headers are read as Latin-1, but addresses are meant as UTF-8."""
    return response.headers["Location"].encode("latin-1").decode("utf-8", "replace") if response.is_redirect else None


def _followable(url: str, location: str) -> str:
    try:
        target = urljoin(url, location)
        parts = urlsplit(target)
        if parts.scheme in _PORTS and parts.hostname and _port(parts):
            return target
    except ValueError:
        pass
    raise NotOaiPmh("a redirect to an address that is no http or https URL; check the base URL")


def _same_service(here: SplitResult, there: SplitResult) -> bool:
    """Tell whether credentials for one may go to the other: same host and port, or the same host's step up to TLS."""
    if here.hostname != there.hostname:
        return False
    if (here.scheme, _port(here)) == (there.scheme, _port(there)):
        return True
    return (here.scheme, _port(here), there.scheme, _port(there)) == ("http", 80, "https", 443)


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS[parts.scheme]


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}{parts.path}"

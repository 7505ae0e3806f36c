"""The exceptions of sickle, requests and urllib3, translated: the one edge where their names are known.

Every exception that these libraries export has its place in one of the tables; a test says so.
"""

import http.client
import ssl
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from requests import exceptions as requests_errors
from sickle import oaiexceptions
from urllib3 import exceptions as urllib3_errors

from ingest.errors import ConfigurationError, IngestError
from ingest.protocol.envelope import exception_for, one_line
from ingest.protocol.retrying import Fault
from ingest.records import OaiError


class TransportFault(Exception):
    """A request brought nothing usable, but may when made again; never leaves this package."""

    def __init__(self, fault: Fault) -> None:
        """Keep what the decision about a next try needs."""
        super().__init__(fault.reason)
        self.fault = fault


_REFUSED = Fault(reason="connection refused", unreachable=True)
_NO_SUCH_HOST = Fault(reason="the host name is unknown", unreachable=True)
_NO_CONNECTION = Fault(reason="no connection in time")
_NO_ANSWER = Fault(reason="no answer in time")
_CUT_OFF = Fault(reason="the answer was cut off")
_UNREADABLE = Fault(reason="the compressed answer can not be unpacked")
_RESET = Fault(reason="the connection was reset")
_TLS = Fault(reason="no secure connection could be made")
_CERTIFICATE = Fault(reason="the certificate is not accepted (verify_tls = false would accept it unseen)", tries=1)
_NO_WAY = Fault(reason="no way leads to the host")
_PROXY = Fault(reason="the proxy can not be reached")
_FAILED = Fault(reason="the connection failed")

# From the particular to the general: the first class that stands anywhere in the chain of causes decides.
FAULTS: Mapping[type[BaseException], Fault] = {
    requests_errors.ProxyError: _PROXY,
    urllib3_errors.ProxyError: _PROXY,
    urllib3_errors.NameResolutionError: _NO_SUCH_HOST,
    ConnectionRefusedError: _REFUSED,
    ssl.SSLCertVerificationError: _CERTIFICATE,
    requests_errors.SSLError: _TLS,
    urllib3_errors.SSLError: _TLS,
    requests_errors.ConnectTimeout: _NO_CONNECTION,
    requests_errors.ReadTimeout: _NO_ANSWER,
    requests_errors.Timeout: _NO_ANSWER,
    urllib3_errors.ReadTimeoutError: _NO_ANSWER,
    TimeoutError: _NO_ANSWER,
    requests_errors.ContentDecodingError: _UNREADABLE,
    urllib3_errors.DecodeError: _UNREADABLE,
    zlib.error: _UNREADABLE,
    urllib3_errors.IncompleteRead: _CUT_OFF,
    http.client.IncompleteRead: _CUT_OFF,
    urllib3_errors.InvalidChunkLength: _CUT_OFF,
    requests_errors.ChunkedEncodingError: _CUT_OFF,
    urllib3_errors.ResponseNotChunked: _CUT_OFF,
    urllib3_errors.BodyNotHttplibCompatible: _CUT_OFF,
    urllib3_errors.HeaderParsingError: _CUT_OFF,
    ConnectionError: _RESET,
    urllib3_errors.NewConnectionError: _NO_WAY,
    urllib3_errors.ConnectTimeoutError: _NO_CONNECTION,
    urllib3_errors.TimeoutError: _NO_ANSWER,
    urllib3_errors.ProtocolError: _RESET,
    urllib3_errors.HostChangedError: _FAILED,
    urllib3_errors.ClosedPoolError: _FAILED,
    urllib3_errors.EmptyPoolError: _FAILED,
    urllib3_errors.FullPoolError: _FAILED,
    urllib3_errors.MaxRetryError: _FAILED,
    urllib3_errors.ResponseError: _FAILED,
    urllib3_errors.UnrewindableBodyError: _FAILED,
    urllib3_errors.RequestError: _FAILED,
    urllib3_errors.PoolError: _FAILED,
    requests_errors.RetryError: _FAILED,
    requests_errors.ConnectionError: _FAILED,
    requests_errors.HTTPError: _FAILED,
    requests_errors.TooManyRedirects: _FAILED,
    requests_errors.StreamConsumedError: _FAILED,
    requests_errors.UnrewindableBodyError: _FAILED,
    requests_errors.JSONDecodeError: _FAILED,
    requests_errors.InvalidJSONError: _FAILED,
}

# Their own messages may quote a header's value, which may be a secret: none of them is repeated.
MISTAKES: Mapping[type[BaseException], str] = {
    requests_errors.InvalidProxyURL: "the proxy's URL is not valid; check the environment's proxy settings",
    requests_errors.InvalidHeader: "a header of the endpoint can not be sent; check headers and auth",
    requests_errors.InvalidSchema: "the URL is neither http nor https; check the endpoint's url",
    requests_errors.MissingSchema: "the URL is neither http nor https; check the endpoint's url",
    requests_errors.URLRequired: "the URL is empty; check the endpoint's url",
    requests_errors.InvalidURL: "the URL is not valid; check the endpoint's url",
    urllib3_errors.InvalidHeader: "a header of the endpoint can not be sent; check headers and auth",
    urllib3_errors.ProxySchemeUnknown: "the proxy's URL is not valid; check the environment's proxy settings",
    urllib3_errors.ProxySchemeUnsupported: "the proxy's URL is not valid; check the environment's proxy settings",
    urllib3_errors.URLSchemeUnknown: "the URL is neither http nor https; check the endpoint's url",
    urllib3_errors.LocationParseError: "the URL is not valid; check the endpoint's url",
    urllib3_errors.LocationValueError: "the URL is not valid; check the endpoint's url",
    urllib3_errors.TimeoutStateError: "the timeout is not valid; check the endpoint's timeout",
}

# Sickle looks for errors anywhere in a page; its finds are given the codes that they stand for.
CODES: Mapping[type[BaseException], str] = {
    oaiexceptions.BadArgument: "badArgument",
    oaiexceptions.BadVerb: "badVerb",
    oaiexceptions.BadResumptionToken: "badResumptionToken",
    oaiexceptions.CannotDisseminateFormat: "cannotDisseminateFormat",
    oaiexceptions.IdDoesNotExist: "idDoesNotExist",
    oaiexceptions.NoSetHierarchy: "noSetHierarchy",
    oaiexceptions.NoMetadataFormat: "noMetadataFormats",
    oaiexceptions.NoRecordsMatch: "noRecordsMatch",
    oaiexceptions.OAIError: "",
}

# The roots that catch what a later release of a library may add, until the tables name it.
_ROOTS = (requests_errors.RequestException, urllib3_errors.HTTPError)

_TRANSLATED: tuple[type[BaseException], ...] = (*MISTAKES, *CODES, *FAULTS, *_ROOTS)


@contextmanager
def translated() -> Iterator[None]:
    """Let errors of the libraries leave only as TransportFault or as one of this package's own errors."""
    try:
        yield
    except _TRANSLATED as error:
        translation = _translate(error)
        # Only a fault's chain is shown: a mistake's may quote a secret.
        raise translation from (error if isinstance(translation, TransportFault) else None)


def _translate(error: BaseException) -> IngestError | TransportFault:
    chain = list(_causes(error))
    for mistake, message in MISTAKES.items():
        if isinstance(error, mistake):
            return ConfigurationError(message)
    for cause, code in CODES.items():
        if isinstance(error, cause):
            return exception_for((OaiError(code=code, message=one_line(str(error))),))
    for cause, fault in FAULTS.items():
        if any(isinstance(link, cause) for link in chain):
            return TransportFault(fault)
    return TransportFault(_FAILED)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Give the error and all that it wraps, however the library hides it: arguments, reason, cause, context."""
    waiting, seen = [error], set[int]()
    while waiting:
        link = waiting.pop()
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        wrapped = (*link.args, getattr(link, "reason", None), link.__cause__, link.__context__)
        waiting.extend(inner for inner in wrapped if isinstance(inner, BaseException))

"""The exceptions of the libraries, translated at one edge."""

import inspect
import ssl
from collections.abc import Iterator
from types import ModuleType

import pytest
import requests
import urllib3
from sickle import oaiexceptions

from ingest.errors import BadResumptionToken, ConfigurationError, IngestError, NoMetadataFormats
from ingest.protocol.faults import CODES, FAULTS, MISTAKES, TransportFault, translated


def _exported(module: ModuleType, base: type[BaseException]) -> Iterator[type[BaseException]]:
    for _, found in inspect.getmembers(module, inspect.isclass):
        if issubclass(found, base) and not issubclass(found, Warning) and found is not base:
            yield found


EXPORTED = [
    *_exported(requests.exceptions, requests.RequestException),
    *_exported(urllib3.exceptions, urllib3.exceptions.HTTPError),
    *_exported(oaiexceptions, Exception),
]


@pytest.mark.parametrize("exported", EXPORTED, ids=lambda exported: f"{exported.__module__}.{exported.__name__}")
def test_every_exception_of_the_libraries_has_its_place(exported: type[BaseException]) -> None:
    """A release of theirs that adds one is noticed here, and none gets out."""
    assert exported is urllib3.exceptions.HTTPError or exported in (*FAULTS, *MISTAKES, *CODES)
    with pytest.raises((IngestError, TransportFault)), translated():
        raise exported.__new__(exported)


@pytest.mark.parametrize("root", [requests.RequestException, urllib3.exceptions.HTTPError])
def test_what_no_table_names_is_a_fault_all_the_same(root: type[Exception]) -> None:
    """The roots catch it."""
    with pytest.raises(TransportFault), translated():
        raise root


def test_the_cause_inside_decides() -> None:
    """However the libraries wrap it."""
    refused = urllib3.exceptions.NewConnectionError(None, "no")  # type: ignore[arg-type]  # Only the chain matters.
    refused.__cause__ = ConnectionRefusedError()
    with pytest.raises(TransportFault, match="refused") as raised, translated():
        raise requests.ConnectionError(urllib3.exceptions.MaxRetryError(None, "/", refused))  # type: ignore[arg-type]  # As above.
    assert raised.value.fault.unreachable


def test_a_certificate_that_is_not_accepted_is_not_asked_again() -> None:
    """It will be the same in a second; the message names the way out."""
    inner = urllib3.exceptions.SSLError(ssl.SSLCertVerificationError("expired"))
    with pytest.raises(TransportFault, match="verify_tls") as raised, translated():
        raise requests.exceptions.SSLError(inner)
    assert raised.value.fault.tries == 1


def test_a_mistake_does_not_repeat_what_may_be_secret() -> None:
    """Neither in its message nor in its chain."""
    with pytest.raises(ConfigurationError) as raised, translated():
        raise requests.exceptions.InvalidHeader("secret")
    assert "secret" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (oaiexceptions.BadResumptionToken, BadResumptionToken),
        (oaiexceptions.NoMetadataFormat, NoMetadataFormats),
    ],
)
def test_errors_that_sickle_finds_become_ours(theirs: type[Exception], ours: type[IngestError]) -> None:
    """With the message they came with."""
    with pytest.raises(ours, match="gone"), translated():
        raise theirs("gone")

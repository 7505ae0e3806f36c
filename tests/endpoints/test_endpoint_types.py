"""An endpoint as a value: made from a bare URL, found again, kept as JSON, and checked wherever it comes from."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from ingest.endpoints import (
    Auth,
    Defaults,
    Endpoint,
    FieldRule,
    Fields,
    Fuse,
    RecordIdRule,
    TrustedOrigin,
    endpoint_for_url,
    find,
    quoted,
)
from ingest.errors import ConfigurationError

FULL = Endpoint(
    name="wilson-center",
    url="https://digitalarchive.example.org/oai",
    metadata_prefix=("mods", "oai_dc"),
    sets=("cold-war",),
    schedule="0 3 * * *",
    record_id=RecordIdRule(element="identifier", pattern=r"^Record ID (\d+)$"),
    namespace="wilson",
    parallel=4,
    min_interval=0.2,
    fields=Fields(donor=FieldRule(element="contributor", pattern="^Donor: (.+)$")),
    defaults=Defaults(rights="In copyright"),
    quirks={"flag": True, "number": 1, "factor": 0.5, "text": "1"},
    priority=10,
    origin="trust",
    trusted_origins=(TrustedOrigin(base_url="https://a.example.org/oai", namespace="a"),),
    renamed_from="wilson-old",
    auth=Auth(header="X-Api-Key", value="env:WILSON_KEY"),
    headers={"X-Client": "archive"},
    verify_tls=False,
    timeout=30,
    page_deadline=120,
    max_pages=10,
    max_bytes=1000,
    rejection_ceiling=1.5,
    shrink_limit=20,
    sweep="0 4 1 * *",
    fuse=Fuse(percent=5, records=50),
    full_every=2592000,
    overlap=3600,
    paused=True,
)


@pytest.mark.parametrize("endpoint", [FULL, endpoint_for_url("http://127.0.0.1:8000/oai")])
def test_an_endpoint_kept_as_json_comes_back_equal(endpoint: Endpoint) -> None:
    """A run's declaration is kept in the database and read by another process."""
    kept = json.dumps(endpoint.model_dump(mode="json"))
    again = Endpoint.model_validate(json.loads(kept))
    assert again == endpoint
    assert [(type(value), value) for value in again.quirks.values()] == [
        (type(value), value) for value in endpoint.quirks.values()
    ]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://example.org/oai", "example.org/oai"),
        ("http://127.0.0.1:8000/oai", "127.0.0.1:8000/oai"),
        ("https://example.org/oai.php?ctx=DIP&x=1", "example.org/oai.php?ctx=DIP&x=1"),
        ("HTTPS://Example.ORG/OAI", "example.org/OAI"),
        ("https://example.org/oai/", "example.org/oai"),
        ("https://example.org", "example.org"),
        ("http://[::1]:80/oai", "[::1]:80/oai"),
        ("  https://example.org/~u/a%20b ", "example.org/~u/a%20b"),
    ],
)
def test_a_bare_url_makes_an_endpoint_of_its_own(url: str, name: str) -> None:
    """Host, port, path and query name it; scheme, case of the host and a last slash make no other endpoint."""
    assert endpoint_for_url(url) == Endpoint(name=name, url=url.strip(), namespace=name)


WRITE = "is no repository's URL; write http:// or https://, a host and a path"
CREDENTIALS = 'holds credentials; declare the endpoint with auth = { basic = "env:NAME" } instead'
REQUEST = 'is a request, not a base URL; leave out "verb=…" with what follows it, and any "#…"'


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("example.org/oai", f'"example.org/oai" {WRITE}'),
        ("wilson-center", f'"wilson-center" {WRITE}'),
        ("", f'"" {WRITE}'),
        ("ftp://example.org/oai", f'"ftp://example.org/oai" {WRITE}'),
        ("https:///oai", f'"https:///oai" {WRITE}'),
        (
            "https://example.org:port/oai",
            '"https://example.org:port/oai" is no URL that can be read; check its host and port',
        ),
        ("https://[::1/oai", '"https://[::1/oai" is no URL that can be read; check its host and port'),
        (
            "https://example.org/a b",
            '"https://example.org/a b" holds a blank or a control character; a URL has them percent-encoded',
        ),
        (
            "https://example.org/a\nb",
            '"https://example.org/a\\x0ab" holds a blank or a control character; a URL has them percent-encoded',
        ),
        (
            "https://user:hunter2@example.org/oai",
            f'"https://…@example.org/oai" {CREDENTIALS}',
        ),
        (
            "https://example.org/oai?verb=Identify",
            f'"https://example.org/oai?verb=Identify" {REQUEST}',
        ),
        (
            "https://example.org/oai#top",
            f'"https://example.org/oai#top" {REQUEST}',
        ),
    ],
)
def test_what_is_no_base_url_is_refused(url: str, message: str) -> None:
    """One line says what to write instead, and shows no password."""
    with pytest.raises(ConfigurationError) as refusal:
        endpoint_for_url(url)
    assert str(refusal.value) == message


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("a", "a"),
        ("https://example.org/oai", "a"),
        ("HTTPS://EXAMPLE.org/oai/", "a"),
        ("https://example.org/OAI", "capital"),
        ("https://example.org/oai?x=1", "query"),
        ("https://example.org/oai/?x=1", "query"),
        ("http://example.org/oai", None),
        ("example.org/oai", None),
        ("A", None),
        ("", None),
    ],
)
def test_an_endpoint_is_found_by_name_or_url(wanted: str, name: str | None) -> None:
    """Only the case of scheme and host and a slash at the path's end are overlooked; the first declared wins."""
    declared = [
        Endpoint(name="a", url="https://Example.org/oai/", namespace="a"),
        Endpoint(name="b", url="https://example.org/oai", namespace="b"),
        Endpoint(name="capital", url="https://example.org/OAI", namespace="c"),
        Endpoint(name="query", url="https://example.org/oai?x=1", namespace="q"),
    ]
    found = find(declared, wanted)
    assert (found and found.name) == name


@pytest.mark.parametrize(
    "change",
    [
        {"schedule": "hunter2"},
        {"parallel": "4"},
        {"url": "https://user:hunter2@example.org/oai"},
        {"auth": {"basic": "user:hunter2"}},
        {"record_id": "(hunter2"},
        {"unknown": "hunter2"},
    ],
)
def test_a_declaration_from_the_database_is_held_to_the_same_rules(change: dict[str, Any]) -> None:
    """The types check themselves, and their errors do not carry the input."""
    with pytest.raises(ValidationError) as refusal:
        Endpoint.model_validate(FULL.model_dump(mode="json") | change)
    assert "input_value" not in str(refusal.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", '"a"'),
        ("a\nb\x1b", '"a\\x0ab\\x1b"'),
        (3, '"3"'),
        ("x" * 80, f'"{"x" * 80}"'),
        ("x" * 99, f'"{"x" * 79}…"'),
    ],
)
def test_a_quoted_value_stays_on_one_line(value: object, text: str) -> None:
    """What a person wrote may hold line breaks or be very long."""
    assert quoted(value) == text

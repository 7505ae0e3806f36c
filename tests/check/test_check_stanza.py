"""The declaration that a passport proposes: whatever a repository says, ``endpoints.toml`` takes it as it was meant."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ingest.endpoints import Auth
from ingest.endpoints_toml import read_endpoints
from ingest.identify_values import DeletedRecord, Granularity
from ingest.passport import Answered, Finding, Observed, Passport, Severity, Verdict
from ingest.plan.stanza import new_name, stanza
from ingest.records import Identification

TODAY = date(2026, 3, 14)
QUIRKS = ("single_use_tokens", "repeat_arguments", "day_granularity", "ignores_dates")


def _passport(
    url: str = "https://oai.example.org/oai",
    *,
    prefixes: tuple[str, ...] = ("oai_dc",),
    seen: str = "",
    name: str = "A",
) -> Passport:
    said = Identification(
        repository_name=name,
        base_url=url,
        protocol_version="2.0",
        earliest_datestamp=None,
        deleted_record=DeletedRecord.NO,
        granularity=Granularity.DAY,
        response_date=datetime(2026, 1, 1, tzinfo=UTC),
    )
    findings = [Finding(code="x", severity=Severity.WARNING, text=seen, quirk=quirk) for quirk in QUIRKS if seen]
    observed = Observed(url=url, identify=Answered(value=said), prefixes=prefixes)
    return Passport(verdict=Verdict.WITH_CARE, findings=tuple(findings), observed=observed)


@pytest.mark.parametrize(
    ("name", "url", "prefixes", "read"),
    [
        ("plain", "https://example.org/oai", ("oai_dc",), ("oai_dc",)),
        ("two", "http://example.org:8080/a?x=%22y", ("qdc", "oai_dc"), ("qdc", "oai_dc")),
        ("with.dot/and:colon", 'https://example.org/"oai"\\', ("oai_dc",), ("oai_dc",)),
        ("odd", "https://example.org/oai", ('"]\n[stolen', "a b", "\x7f", "ok"), ("ok",)),
        ("none", "https://example.org/oai", ("not lawful",), ("oai_dc",)),
    ],
)
def test_a_declaration_reads_back_as_it_was_meant(
    tmp_path: Path, name: str, url: str, prefixes: tuple[str, ...], *, read: tuple[str, ...]
) -> None:
    """URL, prefixes and quirks; prefixes that no request can carry are left out."""
    path = tmp_path / "endpoints.toml"
    seen = 'a token asked for twice is refused: "no"\n[stolen]\u2028\x00 # é'
    path.write_text(stanza(name, _passport(url, prefixes=prefixes, seen=seen), on=TODAY), encoding="utf-8")

    (endpoint,) = read_endpoints(path)

    assert (endpoint.name, endpoint.url, endpoint.metadata_prefix) == (name, url, read)
    assert endpoint.quirks == dict.fromkeys(QUIRKS, True)
    assert "= true  # 2026-03-14: a token asked for twice is refused" in path.read_text("utf-8")


@pytest.mark.parametrize("auth", [Auth(basic="env:A"), Auth(header="X-Api-Key", value="env:KEY")])
def test_credentials_stay_references(tmp_path: Path, auth: Auth) -> None:
    """What the environment holds is not even looked at."""
    path = tmp_path / "endpoints.toml"
    path.write_text(stanza("a", _passport(), on=TODAY, auth=auth), encoding="utf-8")

    assert read_endpoints(path)[0].auth == auth


@pytest.mark.parametrize(
    ("url", "name", "taken", "chosen"),
    [
        ("https://www.example.org/oai", "A", (), "example-org"),
        ("https://oai.example.org:8443/oai", "A", (), "example-org-8443"),
        ("http://127.0.0.1:80/oai", "A", (), "127-0-0-1-80"),
        ("https://example.org/b", "Letters & Papers", ("example-org",), "example-org-letters-papers"),
        ("https://example.org/b", "Архив", ("example-org", "example-org-repository"), "example-org-2"),
        ("https://example.org/b", "A", ("example-org", "example-org-a", "example-org-2"), "example-org-3"),
    ],
)
def test_a_name_is_made_of_the_host_and_is_nobody_elses(
    url: str, name: str, taken: tuple[str, ...], chosen: str
) -> None:
    """Where the host's name is taken, the repository's is added, and where that is taken too a number."""
    assert new_name(_passport(url, name=name), taken) == chosen

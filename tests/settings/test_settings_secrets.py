"""Secrets that an endpoint's declaration names, and whether a database was named."""

import pytest

from ingest.errors import ConfigurationError
from ingest.settings import names_a_database, secret


def test_a_secret_is_read_from_the_variable_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the blanks around it."""
    monkeypatch.setenv("WILSON_LOGIN", " user:hunter2\n")
    assert secret("WILSON_LOGIN") == "user:hunter2"


@pytest.mark.parametrize("value", [None, "", "  ", "one\ntwo"])
def test_a_secret_that_can_not_be_used_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    """The message names the variable only."""
    if value is None:
        monkeypatch.delenv("WILSON_LOGIN", raising=False)
    else:
        monkeypatch.setenv("WILSON_LOGIN", value)
    with pytest.raises(ConfigurationError, match="WILSON_LOGIN") as refused:
        secret("WILSON_LOGIN")
    assert "two" not in str(refused.value)


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("OAI_INGEST_DATABASE_URL", "sqlite:///oai-ingest.db", True),
        ("OAI_INGEST_DATABASE_URL_FILE", "/run/secrets/database", True),
        ("OAI_INGEST_DATABASE_URL", " ", False),
        ("OAI_INGEST_CONTACT", "archive@example.org", False),
    ],
)
def test_a_database_is_named_where_its_variable_is_set(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, *, named: bool
) -> None:
    """Even where it names the default."""
    monkeypatch.setenv(variable, value)
    assert names_a_database() is named

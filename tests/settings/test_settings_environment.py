"""The environment, read: defaults, files, refusals, and what a log may show."""

from pathlib import Path

import pytest

from ingest.errors import ConfigurationError
from ingest.settings import Settings, from_environment, masked, read, seconds, size

DURATIONS = 'write "200ms", "2s", "5m", "1h", "7d" or a number of seconds'


def test_an_empty_environment_gives_the_defaults() -> None:
    """Nothing set: SQLite in the working folder, no broker, and the documented numbers."""
    defaults = Settings(
        database_url="sqlite:///oai-ingest.db",
        broker_url=None,
        config=Path("./config"),
        contact=None,
        lease_seconds=60,
        tick_seconds=10,
        slice_seconds=60,
        min_interval=0,
        max_response_bytes=268435456,
        log_format="console",
        flower_auth=None,
    )
    assert read({}) == defaults
    assert (
        read(dict.fromkeys(("OAI_INGEST_DATABASE_URL", "OAI_INGEST_CONTACT", "OAI_INGEST_FLOWER_AUTH"), "")) == defaults
    )


@pytest.mark.parametrize(
    ("variable", "text", "field", "value"),
    [
        ("DATABASE_URL", "postgresql://u:p@h/d", "database_url", "postgresql+psycopg://u:p@h/d"),
        ("DATABASE_URL", "postgres://h/d?sslmode=require", "database_url", "postgresql+psycopg://h/d?sslmode=require"),
        ("DATABASE_URL", "postgresql+psycopg://h/d", "database_url", "postgresql+psycopg://h/d"),
        ("DATABASE_URL", "sqlite:///some/file.db", "database_url", "sqlite:///some/file.db"),
        ("DATABASE_URL", "sqlite:////var/lib/file.db", "database_url", "sqlite:////var/lib/file.db"),
        ("BROKER_URL", "redis://:p@h:6379/0", "broker_url", "redis://:p@h:6379/0"),
        ("CONFIG", "/etc/oai-ingest", "config", Path("/etc/oai-ingest")),
        ("CONTACT", " archive@example.org ", "contact", "archive@example.org"),
        ("LEASE_SECONDS", "2.5", "lease_seconds", 2.5),
        ("TICK_SECONDS", "1", "tick_seconds", 1.0),
        ("SLICE_SECONDS", "30s", "slice_seconds", 30.0),
        ("MIN_INTERVAL", "200ms", "min_interval", 0.2),
        ("MIN_INTERVAL", "1m", "min_interval", 60.0),
        ("MIN_INTERVAL", "0.5", "min_interval", 0.5),
        ("MAX_RESPONSE_BYTES", "1048576", "max_response_bytes", 1048576),
        ("MAX_RESPONSE_BYTES", "64MiB", "max_response_bytes", 67108864),
        ("LOG_FORMAT", "json", "log_format", "json"),
        ("FLOWER_AUTH", "user:secret", "flower_auth", "user:secret"),
    ],
)
def test_a_variable_sets_its_field(variable: str, text: str, field: str, value: object) -> None:
    """Each variable of the contract is read, and PostgreSQL always means psycopg 3."""
    assert getattr(read({f"OAI_INGEST_{variable}": text}), field) == value


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        (
            {"DATABASE_URL": "mysql://root:hunter2@h/d"},
            "OAI_INGEST_DATABASE_URL must be postgresql://USER:PASSWORD@HOST/DATABASE or sqlite:///PATH",
        ),
        (
            {"DATABASE_URL": "postgresql+psycopg2://root:hunter2@h/d"},
            "OAI_INGEST_DATABASE_URL must be postgresql://USER:PASSWORD@HOST/DATABASE or sqlite:///PATH",
        ),
        (
            {"DATABASE_URL": "sqlite://file.db"},
            "OAI_INGEST_DATABASE_URL must be postgresql://USER:PASSWORD@HOST/DATABASE or sqlite:///PATH",
        ),
        ({"BROKER_URL": "hunter2@h"}, "OAI_INGEST_BROKER_URL must be a URL such as redis://HOST:6379/0"),
        (
            {"CONTACT": "a@example.org\r\nX-Evil: 1"},
            "OAI_INGEST_CONTACT holds a line break or a control character; write it as one line",
        ),
        (
            {"LEASE_SECONDS": "a minute"},
            f'OAI_INGEST_LEASE_SECONDS is no duration: "a minute"; {DURATIONS}',
        ),
        ({"LEASE_SECONDS": "0"}, "OAI_INGEST_LEASE_SECONDS must be more than 0 seconds"),
        (
            {"MIN_INTERVAL": "-1"},
            f'OAI_INGEST_MIN_INTERVAL is no duration: "-1"; {DURATIONS}',
        ),
        (
            {"MAX_RESPONSE_BYTES": "256 megs"},
            'OAI_INGEST_MAX_RESPONSE_BYTES is no size: "256 megs"; write "256MiB", "1GB" or a whole number of bytes',
        ),
        ({"MAX_RESPONSE_BYTES": "0"}, "OAI_INGEST_MAX_RESPONSE_BYTES must be more than 0 bytes"),
        ({"LOG_FORMAT": "xml"}, 'OAI_INGEST_LOG_FORMAT must be "console" or "json", not "xml"'),
    ],
)
def test_a_value_that_can_not_be_used_is_refused_by_name(environ: dict[str, str], message: str) -> None:
    """One line names the variable and the remedy, and shows no password."""
    with pytest.raises(ConfigurationError) as refusal:
        read({f"OAI_INGEST_{name}": value for name, value in environ.items()})
    assert str(refusal.value) == message


@pytest.mark.parametrize("text", ["nan", "inf", "1e400", "٣", "1.5.2", "2 weeks", "s", "", "9" * 400])
def test_what_is_no_amount_is_refused(text: str) -> None:
    """Numbers are plain ASCII digits with at most one known unit."""
    for reader in (seconds, size):
        with pytest.raises(ValueError, match=r"^is no "):
            reader(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("200ms", 0.2), ("1.1ms", 0.0011), ("2s", 2.0), ("5 m", 300.0), ("1h", 3600.0), ("7d", 604800.0), ("1.5", 1.5)],
)
def test_a_duration_is_read_as_seconds(text: str, value: float) -> None:
    """A number without a unit is seconds already."""
    assert seconds(text) == value


@pytest.mark.parametrize(("text", "value"), [("7", 7), ("1kB", 1000), ("1.5KiB", 1536), ("2 gib", 2 * 2**30)])
def test_a_size_is_read_as_bytes(text: str, value: int) -> None:
    """Units of 1000 and of 1024 are told apart; their case does not count."""
    assert size(text) == value


@pytest.mark.parametrize(
    ("variable", "content", "value"),
    [
        ("DATABASE_URL", "postgres://u:p@h/d\n", "postgresql+psycopg://u:p@h/d"),
        ("BROKER_URL", "  redis://h/0 \n", "redis://h/0"),
        ("FLOWER_AUTH", "user:secret\n", "user:secret"),
    ],
)
def test_a_secret_may_stand_in_a_file(tmp_path: Path, variable: str, content: str, value: str) -> None:
    """Each URL and secret can be given as a file, whose blanks at the ends do not count."""
    file = tmp_path / "secret"
    file.write_text(content, encoding="utf-8")
    assert getattr(read({f"OAI_INGEST_{variable}_FILE": str(file)}), variable.lower()) == value


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    """Which of the two holds would be a guess."""
    with pytest.raises(ConfigurationError) as refusal:
        read({"OAI_INGEST_BROKER_URL": "redis://h/0", "OAI_INGEST_BROKER_URL_FILE": str(tmp_path)})
    assert str(refusal.value) == "OAI_INGEST_BROKER_URL and OAI_INGEST_BROKER_URL_FILE are both set; unset one of them"


def test_a_secret_file_that_can_not_be_used_is_named(tmp_path: Path) -> None:
    """A missing file, a folder, bytes that are no text and an empty file are told apart."""
    (tmp_path / "latin").write_bytes(b"gru\xdf")
    (tmp_path / "empty").write_bytes(b" \n")
    reasons = {
        "missing": "which can not be read: No such file or directory",
        ".": "which can not be read: Is a directory",
        "latin": "which can not be read: not UTF-8 text",
        "empty": "which is empty; write the value into it",
    }
    for name, reason in reasons.items():
        path = tmp_path / name
        with pytest.raises(ConfigurationError) as refusal:
            read({"OAI_INGEST_FLOWER_AUTH_FILE": str(path)})
        assert str(refusal.value) == f'OAI_INGEST_FLOWER_AUTH_FILE names "{path}", {reason}'


def test_a_secret_file_of_several_lines_is_refused_without_showing_them(tmp_path: Path) -> None:
    """Which line holds the secret would be a guess."""
    path = tmp_path / "lines"
    path.write_text("user:hunter2\nuser:hunter3\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as refusal:
        read({"OAI_INGEST_FLOWER_AUTH_FILE": str(path)})
    subject = f'the content of "{path}", named by OAI_INGEST_FLOWER_AUTH_FILE,'
    assert str(refusal.value) == f"{subject} holds a line break or a control character; write it as one line"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql+psycopg://user:hunter2@host:5432/db", "postgresql+psycopg://user:***@host:5432/db"),
        ("redis://:hunter2@host/0", "redis://:***@host/0"),
        ("postgresql://user:hun@ter/2@host/db", "postgresql://user:***@host/db"),
        (
            "postgresql:///db?user=u&password=hunter2&sslmode=require",
            "postgresql:///db?user=u&password=***&sslmode=require",
        ),
        ("postgresql:///db?sslpassword=hunter2", "postgresql:///db?sslpassword=***"),
        ("redis://host:6379/0", "redis://host:6379/0"),
        ("sqlite:///folder:with@signs/file.db", "sqlite:///folder:with@signs/file.db"),
    ],
)
def test_a_masked_url_shows_no_password(url: str, shown: str) -> None:
    """User, host and database stay legible; a password never does, however it was written."""
    assert masked(url) == shown


def test_settings_show_no_secret() -> None:
    """A repr may end in a log or a traceback."""
    settings = read(
        {
            "OAI_INGEST_DATABASE_URL": "postgresql://user:hunter2@host/db",
            "OAI_INGEST_BROKER_URL": "redis://:hunter2@host/0",
            "OAI_INGEST_FLOWER_AUTH": "user:hunter2",
            "OAI_INGEST_CONTACT": "archive@example.org",
        }
    )
    for shown in (repr(settings), str(settings), f"{settings}"):
        assert "hunter2" not in shown
        assert "postgresql+psycopg://user:***@host/db" in shown
        assert "archive@example.org" in shown


def test_the_process_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The one reader of the environment sees what is set."""
    monkeypatch.setenv("OAI_INGEST_CONTACT", "archive@example.org")
    assert from_environment().contact == "archive@example.org"

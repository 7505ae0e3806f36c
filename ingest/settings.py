"""The only reader of the environment, and the words in which a person writes durations and sizes."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TypeVar

from ingest.errors import ConfigurationError

T = TypeVar("T")

_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400}
_BYTES = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_AMOUNT = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,15})?)\s*([A-Za-z]*)")
_POSTGRESQL = {"postgres", "postgresql", "postgresql+psycopg"}


def seconds(text: str) -> float:
    """Read a duration: ``200ms``, ``2s``, ``5m``, ``1h``, ``7d`` or a bare number of seconds; else ValueError."""
    found = _AMOUNT.fullmatch(text.strip())
    unit = _SECONDS.get(found[2] or "s") if found else None
    if found is None or unit is None:
        raise ValueError(f'is no duration: "{text}"; write "200ms", "2s", "5m", "1h", "7d" or a number of seconds')
    # Milliseconds are divided, because multiplying by 0.001 leaves binary dust: 1.1 * 0.001 * 1000 is not 1.1.
    return float(found[1]) / 1000 if found[2] == "ms" else float(found[1]) * unit


def size(text: str) -> int:
    """Read a size in bytes: ``256MiB``, ``1.5GB`` or a bare number of bytes; else ValueError."""
    found = _AMOUNT.fullmatch(text.strip())
    unit = _BYTES.get(found[2].upper() or "B") if found else None
    if found is None or unit is None:
        raise ValueError(f'is no size: "{text}"; write "256MiB", "1GB" or a whole number of bytes')
    return int(float(found[1]) * unit) if "." in found[1] else int(found[1]) * unit


def masked(url: str) -> str:
    """Return a URL fit for a log: whatever may be a password in it is replaced by ``***``."""
    # Greedy up to the last "@": a password that was not percent-encoded may hold "@" and "/" itself.
    url = re.sub(r"://([^:@/?#]*):.*@", r"://\1:***@", url, flags=re.DOTALL)
    return re.sub(r"([?&][^=&]*pass[^=&]*=)[^&]*", r"\1***", url, flags=re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Settings:
    """What the environment says (docs/operators.md lists the variables); secrets stay out of the repr.

    Durations are seconds. ``config`` is the folder that holds ``endpoints.toml``.
    """

    database_url: str
    broker_url: str | None
    config: Path
    contact: str | None
    lease_seconds: float
    tick_seconds: float
    slice_seconds: float
    min_interval: float
    max_response_bytes: int
    log_format: str
    flower_auth: str | None

    def __repr__(self) -> str:
        """Show every field, with passwords masked."""
        shown = (f"{each.name}={_fit_for_logs(each.name, getattr(self, each.name))!r}" for each in fields(self))
        return f"Settings({', '.join(shown)})"


def from_environment() -> Settings:
    """Read this process's environment; raises ConfigurationError as ``read`` does."""
    return read(os.environ)  # noqa: TID251 - this is the one place where the project reads the environment.


def config_folder() -> Path:
    """Name the folder of declarations and tables, whatever the other settings say."""
    return _config(os.environ)  # noqa: TID251 - see above.


def names_a_database() -> bool:
    """Tell whether this process's environment says which database to use."""
    return any(_text(os.environ, name) for name in ("DATABASE_URL", "DATABASE_URL_FILE"))  # noqa: TID251 - see above.


def secret(name: str) -> str:
    """Return what the variable ``name`` holds, to which an endpoint's ``auth`` refers.

    Raises ConfigurationError where it is not set or holds more than one line; the message never holds the value.
    """
    value = os.environ.get(name, "").strip()  # noqa: TID251 - see above.
    if not value:
        raise ConfigurationError(f"{name} is not set; the endpoint's auth refers to it")
    return _one_line(value, name)


def read(environ: Mapping[str, str]) -> Settings:
    """Read settings from ``OAI_INGEST_…`` variables; an empty variable counts as not set.

    Raises ConfigurationError, naming the variable, for a value that can not be used, for a secret given both
    directly and as ``…_FILE``, and for a ``…_FILE`` that can not be read. No message holds a secret.
    """
    return Settings(
        database_url=_read(_secret(environ, "DATABASE_URL") or "sqlite:///oai-ingest.db", "DATABASE_URL", _database),
        broker_url=_broker(_secret(environ, "BROKER_URL")),
        config=_config(environ),
        contact=_text(environ, "CONTACT"),
        lease_seconds=_read(_text(environ, "LEASE_SECONDS") or "60", "LEASE_SECONDS", _some_seconds),
        tick_seconds=_read(_text(environ, "TICK_SECONDS") or "10", "TICK_SECONDS", _some_seconds),
        slice_seconds=_read(_text(environ, "SLICE_SECONDS") or "60", "SLICE_SECONDS", _some_seconds),
        min_interval=_read(_text(environ, "MIN_INTERVAL") or "0", "MIN_INTERVAL", seconds),
        max_response_bytes=_read(_text(environ, "MAX_RESPONSE_BYTES") or "256MiB", "MAX_RESPONSE_BYTES", _some_bytes),
        log_format=_read(_text(environ, "LOG_FORMAT") or "console", "LOG_FORMAT", _log_format),
        flower_auth=_secret(environ, "FLOWER_AUTH"),
    )


def _config(environ: Mapping[str, str]) -> Path:
    return Path(_text(environ, "CONFIG") or "config")


def _fit_for_logs(name: str, value: object) -> object:
    if name == "flower_auth" and value is not None:
        return "***"
    return masked(value) if name.endswith("_url") and isinstance(value, str) else value


def _text(environ: Mapping[str, str], name: str) -> str | None:
    return _one_line(environ.get(f"OAI_INGEST_{name}", ""), f"OAI_INGEST_{name}") or None


def _one_line(text: str, subject: str) -> str:
    """Strip a value; a line break within would begin another request header, or another line of an error."""
    if not text.strip().isprintable():
        raise ConfigurationError(f"{subject} holds a line break or a control character; write it as one line")
    return text.strip()


def _secret(environ: Mapping[str, str], name: str) -> str | None:
    """Read a value that may be kept in a file; an empty file is refused, for it would lift a password unnoticed."""
    value, path = _text(environ, name), _text(environ, f"{name}_FILE")
    if path is None:
        return value
    variable = f"OAI_INGEST_{name}"
    if value is not None:
        raise ConfigurationError(f"{variable} and {variable}_FILE are both set; unset one of them")
    try:
        content = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "not UTF-8 text"
        raise ConfigurationError(f'{variable}_FILE names "{path}", which can not be read: {reason}') from error
    if not content.strip():
        raise ConfigurationError(f'{variable}_FILE names "{path}", which is empty; write the value into it')
    return _one_line(content, f'the content of "{path}", named by {variable}_FILE,')


def _read(text: str, name: str, reader: Callable[[str], T]) -> T:
    """Apply a reader whose ValueError says what is wrong with the value, in words that follow its name."""
    try:
        return reader(text)
    except ValueError as error:
        # The chain is cut: a traceback must not carry what may be a secret.
        raise ConfigurationError(f"OAI_INGEST_{name} {error}") from None


def _database(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    if separator and scheme.lower() in _POSTGRESQL:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.startswith("/") and rest != "/":
        return url
    raise ValueError("must be postgresql://USER:PASSWORD@HOST/DATABASE or sqlite:///PATH")


def _broker(url: str | None) -> str | None:
    if url is not None and not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", url):
        raise ConfigurationError("OAI_INGEST_BROKER_URL must be a URL such as redis://HOST:6379/0")
    return url


def _some_seconds(text: str) -> float:
    if (value := seconds(text)) <= 0:
        raise ValueError("must be more than 0 seconds")
    return value


def _some_bytes(text: str) -> int:
    if (value := size(text)) <= 0:
        raise ValueError("must be more than 0 bytes")
    return value


def _log_format(text: str) -> str:
    if text not in {"console", "json"}:
        raise ValueError(f'must be "console" or "json", not "{text}"')
    return text

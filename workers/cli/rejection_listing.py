"""Reads rejections from the database and writes them: summed up, one by one, or the bytes alone."""

import base64
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

from ingest.declarations import read_declarations
from ingest.endpoint_values import quoted
from ingest.errors import ConfigurationError
from ingest.settings import Settings, from_environment
from ingest.store.engine import Database
from ingest.store.show import endpoint_names
from ingest.store.show_rejections import (
    KeptRejection,
    Wanted,
    newest_rejections,
    read_content,
    read_rejections,
    rejection_groups,
)
from workers.cli import layout
from workers.cli.databases import readable
from workers.cli.output import as_line, instant, note, safe, write, write_bytes, write_json
from workers.cli.rejection_shown import rejection_shown, rejections_shown

_MOST_SHOWN = 20
_ROWS_AT_ONCE = 200


def list_and_write(*, endpoint: str | None, reason: str | None, released: bool, as_json: bool) -> None:
    """Write rejections. Raises LookupError for an endpoint that nobody knows."""
    settings = from_environment()
    wanted = Wanted(endpoint=endpoint, reason=reason, released=released)
    with readable(settings.database_url) as database:
        check_endpoint(endpoint, database, settings)
        if as_json:
            _write_array(newest_rejections(database, wanted))
            return
        groups = rejection_groups(database, wanted)
        newest = tuple(newest_rejections(database, wanted, most=_MOST_SHOWN))
    if groups:
        layout.show(*rejections_shown(groups, newest))
        note("see one with `oai-ingest rejections show ID`; ask again with `oai-ingest rejections retry`")
    else:
        write(_none_words(wanted))


def show_and_write(rejection_id: int, *, only_bytes: bool, as_json: bool) -> None:
    """Write one rejection with its bytes. Raises LookupError where there is none, ConfigurationError as below."""
    with readable(from_environment().database_url) as database:
        content = read_content(database, rejection_id)
        rejection = read_rejections(database, [rejection_id])[rejection_id]
    if as_json:
        write_json(rejection_object(rejection) | _content_object(content))
    elif only_bytes:
        _write_exactly(content)
    else:
        layout.show(*rejection_shown(rejection, content))


def _none_words(wanted: Wanted) -> str:
    """Say that there are none, and by what they were looked for: a reason may be misspelt."""
    told = "no rejections" if wanted.released else "no open rejections"
    told += f" of {wanted.endpoint}" if wanted.endpoint is not None else ""
    told += f" with the reason {quoted(wanted.reason)}" if wanted.reason is not None else ""
    return f"{told}\n"


def _write_exactly(content: bytes) -> None:
    """Write bytes as they are, but not to a terminal that they would drive; raises ConfigurationError there."""
    text = content.decode("utf-8", "replace")
    if sys.stdout.isatty() and safe(text) != text:
        raise ConfigurationError("the bytes hold what moves a terminal; send them elsewhere: --bytes > FILE")
    write_bytes(content)


def check_endpoint(endpoint: str | None, database: Database, settings: Settings) -> None:
    """Raise LookupError where an endpoint is named that neither the database nor a declaration knows."""
    if endpoint is None or endpoint in endpoint_names(database):
        return
    if endpoint not in {each.name for each in read_declarations(settings.config)}:
        raise LookupError(f"there is no endpoint {quoted(endpoint)}; see `oai-ingest endpoints list`")


# --- for programs ---------------------------------------------------------------------------------


def rejection_object(rejection: KeptRejection) -> dict[str, Any]:
    """Tell a rejection."""
    return {
        "id": rejection.rejection_id,
        "endpoint": rejection.endpoint,
        "metadata_prefix": rejection.metadata_prefix,
        "identifier": rejection.identifier,
        "stage": rejection.stage,
        "reason": rejection.reason,
        "message": rejection.message,
        "attempts": rejection.attempts,
        "first_seen_at": instant(rejection.first_seen_at),
        "last_seen_at": instant(rejection.last_seen_at),
        "released_at": instant(rejection.released_at),
        "run": rejection.run_id,
        "bytes": rejection.length,
    }


def _content_object(content: bytes) -> dict[str, Any]:
    return {"text": _text(content), "base64": base64.b64encode(content).decode()}


def _text(content: bytes) -> str | None:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def _write_array(rejections: Iterator[KeptRejection]) -> None:
    """Write one array on one line, a few rejections at a time: there may be very many."""
    before = "["
    while some := [as_line(rejection_object(each)).rstrip("\n") for each in islice(rejections, _ROWS_AT_ONCE)]:
        write_bytes((before + ", ".join(some)).encode("utf-8", "backslashreplace"))
        before = ", "
    write_bytes(b"[]\n" if before == "[" else b"]\n")

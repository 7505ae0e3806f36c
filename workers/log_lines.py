"""An event becomes a line: its fields in order, exceptions told in short, secrets hidden, nothing that breaks a line.

Processors of structlog, of those that ``structlog.stdlib.ProcessorFormatter`` runs last.
"""

import json
import logging
import math
import os
import re
import sys
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO
from urllib.parse import unquote

from structlog.dev import ConsoleRenderer
from structlog.processors import JSONRenderer
from structlog.typing import EventDict, Processor

from ingest.secrecy import hiding
from ingest.settings import Settings, masked

_ROOT = Path(__file__).parents[1]
_OURS = tuple(f"{_ROOT / package}{os.sep}" for package in ("ingest", "workers"))
_SHOWN_PARTS = 3
_BOUND = ("run", "window", "endpoint")
"""What ``workers.logs.bound`` takes, in the order in which it is read."""

_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
# Control characters, what else ends a line, what turns the direction of text, and halves of characters.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_UNSAFE_BUT_BREAKS = re.compile(_UNSAFE.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))
_PLAIN = re.compile(r'[^\s"=]+')

_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


class Fields:
    """Puts an event's fields in order, in plain values that are fit to be shown."""

    def __init__(self, *, hide: Callable[[str], str], line_breaks: bool, tracebacks: bool) -> None:
        """Take what hides secrets, whether the line's form can hold line breaks, and whether to show every traceback.

        Without ``tracebacks`` a traceback is shown only where the exception tells of a defect.
        """
        self._hide = hide
        self._unsafe = _UNSAFE_BUT_BREAKS if line_breaks else _UNSAFE
        self._tracebacks = tracebacks

    def __call__(self, _logger: object, _method: str, event: EventDict) -> EventDict:
        """Return time, level, logger, event, what was bound or given, and at last the exception."""
        record: logging.LogRecord = event.pop("_record")
        event.pop("_from_structlog")
        raised = _raised(event.pop("exc_info", None))
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        head = {
            "time": when.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": str(event.pop("event", "")).strip(),
            **{key: event.pop(key) for key in _BOUND if key in event},
        }
        given = {key: value for key, value in event.items() if key not in head}
        told = _told(raised, record, with_traceback=self._tracebacks) if raised else {}
        return {key: self._plain(value) for key, value in (head | given | told).items()}

    def _plain(self, value: object) -> Any:
        """Make of any value one that JSON has; texts lose their secrets and what would move a terminal's cursor."""
        if isinstance(value, bool | int | None) or (isinstance(value, float) and math.isfinite(value)):
            return value
        if isinstance(value, Mapping):
            return {self._text(str(key)): self._plain(each) for key, each in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [self._plain(each) for each in value]
        return self._text(str(value))

    def _text(self, text: str) -> str:
        return self._unsafe.sub(_escaped, self._hide(_COLOURS.sub("", text)))


def _escaped(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


# --- exceptions -----------------------------------------------------------------------------------


def _raised(exc_info: Any) -> _ExcInfo | None:
    """Return the exception that a call of a logger means: itself, what ``sys.exc_info`` gave, or the one in hand."""
    if isinstance(exc_info, BaseException):
        return type(exc_info), exc_info, exc_info.__traceback__
    found = exc_info if isinstance(exc_info, tuple) else sys.exc_info() if exc_info else None
    return found if found and found[1] is not None else None


def _told(raised: _ExcInfo, record: logging.LogRecord, *, with_traceback: bool) -> dict[str, str]:
    """Tell an exception by type, text and place; a defect, or every exception where asked, with its traceback too.

    An error is a defect where code of ours tells it with the exception, or where the exception came through our code.
    """
    kind, error, trace = raised
    places = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(trace)]
    ours = [place for place in places if place[0].startswith(_OURS)]
    told = {"error": f"{kind.__name__}: {error}"}
    if places:
        told["at"] = _place(*(ours or places)[-1])
    defect = record.levelno >= logging.ERROR and (ours or record.name.split(".")[0] in {"ingest", "workers"})
    if with_traceback or defect:
        told["exception"] = "".join(traceback.format_exception(kind, error, trace)).rstrip()
    return told


def _place(file: str, line: int) -> str:
    """Name a line of code: from our root where it is ours, else by the end of its path."""
    path = Path(file)
    shown = path.relative_to(_ROOT) if file.startswith(_OURS) else Path(*path.parts[-_SHOWN_PARTS:])
    return f"{shown.as_posix()}:{line}"


# --- secrets --------------------------------------------------------------------------------------


def hider(settings: Settings) -> Callable[[str], str]:
    """Return what hides, in any text, the secrets of the settings and what looks like a password in a URL."""
    without_secrets = hiding(_secrets(settings))

    def hide(text: str) -> str:
        text = without_secrets(text)
        return re.sub(r"\S+://\S+", lambda url: masked(url[0]), text) if "://" in text else text

    return hide


def _secrets(settings: Settings) -> list[str]:
    """List the passwords that the settings hold, as they are written and as they are meant."""
    passwords = []
    for url in (settings.database_url, settings.broker_url or ""):
        passwords += re.findall(r"^[^:]*://[^:@/?#]*:(.*)@", url)
        passwords += re.findall(r"[?&][^=&]*pass[^=&]*=([^&]*)", url, flags=re.IGNORECASE)
    # Flower takes several pairs, parted by commas; a password may hold a comma itself.
    pairs = (settings.flower_auth or "").split(",")
    passwords += [pair.partition(":")[2] for pair in (*pairs, ",".join(pairs))]
    return [*passwords, *map(unquote, passwords)]


# --- forms ----------------------------------------------------------------------------------------


def renderer(stream: TextIO, *, as_json: bool) -> Processor:
    """Return what writes fields as a line for this stream; colours are for terminals only."""
    if as_json:
        is_utf8 = (stream.encoding or "").lower().replace("-", "") == "utf8"
        return JSONRenderer(ensure_ascii=not is_utf8)
    return _Console(colours=stream.isatty())


class _Console:
    """Writes fields for people: ``time level logger event key=value``."""

    def __init__(self, *, colours: bool) -> None:
        self._styles = ConsoleRenderer.get_default_level_styles(colours)
        self._reset = ConsoleRenderer.get_default_column_styles(colours).reset

    def __call__(self, _logger: object, _method: str, event: EventDict) -> str:
        time, level, logger, told = (event.pop(key) for key in ("time", "level", "logger", "event"))
        shown = f"{self._styles.get(level, '')}{level:<8}{self._reset if level in self._styles else ''}"
        return " ".join([time, shown, logger, str(told), *(f"{key}={_quoted(each)}" for key, each in event.items())])


def _quoted(value: object) -> str:
    """Write a value so that one sees where it ends; what has no line break gets none."""
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) else '"' + value.replace('"', r"\"") + '"'
    return json.dumps(value, ensure_ascii=False)

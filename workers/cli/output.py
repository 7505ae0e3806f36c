"""Standard output and standard error: JSON, text that is safe on a terminal, errors of one line, times."""

import json
import os
import re
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any

from ingest.errors import IngestError

# Line ends to many programs, though not to JSON: written as escapes, a line stays a line.
_LINE_ENDS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}
# Control characters, and those that turn the direction of the text after them.
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MINUTE, _HOUR = 60, 3600
_SMALL = 10


class OutputClosed(Exception):
    """Whoever read standard output has gone away; there is nobody left to tell."""


class OutputRefused(IngestError):
    """Standard output takes nothing more: a full disk, most often."""


def as_line(value: Any) -> str:
    """Write a value as JSON on one line, whatever counts as the end of a line; instants as this program tells times."""
    text = _JSON.encode(value)
    for character, escape in _LINE_ENDS.items():
        text = text.replace(character, escape)
    return text + "\n"


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    raise TypeError(f"{type(value).__name__} is not written as JSON")


_JSON = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": "), default=_as_json)


def write_json(value: Any) -> None:
    """Write a value to standard output as one line of JSON in UTF-8, whatever the terminal's own encoding."""
    write_bytes(as_line(value).encode("utf-8", "backslashreplace"))


def write(text: str) -> None:
    """Write text for people; what the terminal can not show is replaced."""
    write_bytes(text.encode(sys.stdout.encoding or "utf-8", "replace"))


def write_bytes(content: bytes) -> None:
    """Write bytes as they are, and at once. Raises OutputClosed and OutputRefused."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except BrokenPipeError as error:
        abandon_output()
        raise OutputClosed from error
    except OSError as error:
        abandon_output()
        raise OutputRefused(f"standard output can not be written: {error.strerror}") from error


def abandon_output() -> None:
    """Let what is still unwritten go nowhere, so that the interpreter's own flush at the end has nothing to say."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def note(line: str) -> None:
    """Write one line to standard error; where that is gone, nothing is lost that matters."""
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{one_line(line)}\n")
        sys.stderr.flush()


def complain(message: object) -> None:
    """Tell an error: one line that says what is wrong and what to do."""
    note(f"error: {message}")


def safe(text: str) -> str:
    """Take out what would move a terminal's cursor, colour it or turn its text around."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)


def one_line(text: str) -> str:
    """Write text on one line, safe on a terminal."""
    return safe(" ".join(text.split()))


def instant(moment: datetime | None) -> str | None:
    """Write an instant as this program tells times, ``YYYY-MM-DDThh:mm:ssZ``."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def duration(seconds: float) -> str:
    """Write a number of seconds for people."""
    if seconds < _SMALL:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if whole < _HOUR:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"


def counted(number: int, word: str) -> str:
    """Write a number with its word, which takes an ``s`` where there is not exactly one."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"

"""TOML read, and at which line each key stands: tomllib tells none, so a second, much simpler pass finds them."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.errors import ConfigurationError

KeyPath = tuple[str, ...]
"""A key with the names of the tables around it, outermost first."""

_TOKEN = re.compile(
    r"""
      (?P<text> \"{3} (?: [^\\] | \\. )*? "{3,5} | '{3} .*? '{3,5} | " (?: [^"\\] | \\. )* " | '[^']*' )
    | (?P<space> [ \t\r]+ | \#[^\n]* )
    | (?P<sign> [\[\]{}=,.\n] )
    | (?P<bare> [^\s\[\]{}=,.\#"']+ )
    """,
    re.VERBOSE | re.DOTALL,
)


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """Read a file: its text, and the tables in it. Raises ConfigurationError, one line with the file and the line."""
    text = _text(path)
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(_syntax_fault(path, text, str(error))) from error


def _text(path: Path) -> str:
    try:
        # An editor's byte order mark is no part of the text, though TOML knows none. Line ends are TOML's own.
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError as error:
        hint = "create it, or name its folder in OAI_INGEST_CONFIG"
        raise ConfigurationError(f"{path} does not exist; {hint}") from error
    except UnicodeError as error:
        raise ConfigurationError(f"{path} is not UTF-8 text; save it as UTF-8") from error
    except OSError as error:
        raise ConfigurationError(f"{path} can not be read: {error.strerror}") from error


def _syntax_fault(path: Path, text: str, message: str) -> str:
    where = re.fullmatch(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", message, re.DOTALL)
    what = where[1] if where else message
    line = where[2] if where and where[2] else text.count("\n") + (not text.endswith("\n"))
    return f"{path}:{line}: not TOML: {what[:1].lower()}{what[1:]}; texts stand in quotes, each key and table once"


def lines_of_keys(text: str) -> dict[KeyPath, int]:
    """Find the line at which each key, or a table's heading, first stands in valid TOML."""
    lines: dict[KeyPath, int] = {}
    for path, line in _keys(text):
        for end in range(1, len(path) + 1):
            lines.setdefault(path[:end], line)
    return lines


def lines_of_rows(text: str) -> dict[KeyPath, int]:
    """Find the line of each ``[[heading]]`` row, as (heading, number from 0), and of each key in it."""
    lines: dict[KeyPath, int] = {}
    rows: dict[str, int] = {}
    for path, line in _keys(text):
        heading, *keys = path
        if not keys:
            rows[heading] = rows.get(heading, -1) + 1
            lines.setdefault((heading,), line)
        lines.setdefault((heading, str(rows.get(heading, 0)), *keys), line)
    return lines


def _keys(text: str) -> Iterator[tuple[KeyPath, int]]:
    """Yield each heading and key with its line; told apart from values by the brackets and commas around them."""
    heading: KeyPath = ()
    path: KeyPath = ()
    opened: list[tuple[str, KeyPath]] = []
    key: list[str] = []
    in_value, line = False, 1
    for found in _TOKEN.finditer(text):
        symbol = found[0]
        if in_value and symbol in {"[", "{"}:
            opened.append((symbol, path))
            key, in_value = [], symbol == "["
        elif opened and symbol in {"]", "}"}:
            path, in_value = opened.pop()[1], True
        elif (symbol == "," and opened and opened[-1][0] == "{") or (symbol == "\n" and not opened):
            key, in_value = [], False
        elif symbol == "=" and not in_value:
            path, in_value = (*(opened[-1][1] if opened else heading), *key), True
            yield path, line
        elif symbol == "]" and key and not in_value:
            heading, key = tuple(key), []
            yield heading, line
        elif found.lastgroup in {"text", "bare"} and not in_value:
            key.append(symbol if found["bare"] else tomllib.loads(f"key = {symbol}")["key"])
        line += symbol.count("\n")

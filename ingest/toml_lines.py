"""At which line of a TOML text each key stands: tomllib tells none, so a second, much simpler pass finds them."""

import re
import tomllib
from collections.abc import Iterator

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


def lines_of_keys(text: str) -> dict[KeyPath, int]:
    """Find the line at which each key, or a table's heading, first stands in valid TOML."""
    lines: dict[KeyPath, int] = {}
    for path, line in _keys(text):
        for end in range(1, len(path) + 1):
            lines.setdefault(path[:end], line)
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

"""Reads the operator's own tables, ``rights.toml``, ``donors.toml`` and ``repositories.toml``: each may be missing.

A message reads ``FILE:LINE: [[HEADING]] KEY what is wrong``.
"""

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ingest.endpoint_values import quoted
from ingest.errors import ConfigurationError
from ingest.operator_tables import DonorRow, OperatorTables, RepositoryRow, RightsRow
from ingest.toml_lines import lines_of_rows, read_toml

FILES: Mapping[str, tuple[str, str, type[BaseModel]]] = {
    "rights": ("rights.toml", "statement", RightsRow),
    "donors": ("donors.toml", "donor", DonorRow),
    "repositories": ("repositories.toml", "repository", RepositoryRow),
}
"""Which table of ``OperatorTables`` stands in which file, under which heading, and what a row is."""

_MEANT = {
    "string_type": "a text in quotes",
    "string_too_short": "a text that is not empty",
    "tuple_type": 'a list of texts: ["first", "second"]',
    "too_short": "a list that is not empty",
}


def read_operator_tables(folder: Path) -> OperatorTables:
    """Read the three tables of a folder. Raises ConfigurationError, one line, for the first fault of a file."""
    return OperatorTables(**{name: _read(folder / file, heading, row) for name, (file, heading, row) in FILES.items()})


def _read(path: Path, heading: str, row: type[BaseModel]) -> tuple[BaseModel, ...]:
    if not path.exists():
        return ()
    text, declared = read_toml(path)
    lines = lines_of_rows(text)
    for key, value in declared.items():
        if key != heading or not isinstance(value, list):
            raise ConfigurationError(f"{path}:{lines.get((key,), 1)}: {_not_a_row(key, heading)}")
    return tuple(
        _row(written, row, f"[[{heading}]]", path=path, lines=lines, place=(heading, str(number)))
        for number, written in enumerate(declared.get(heading, ()))
    )


def _not_a_row(key: str, heading: str) -> str:
    return f"{quoted(key)} is no row of this table; each row begins with [[{heading}]]"


def _row(
    written: object,
    row: type[BaseModel],
    heading: str,
    *,
    path: Path,
    lines: Mapping[tuple[str, ...], int],
    place: tuple[str, str],
) -> BaseModel:
    try:
        return row.model_validate(written)
    except ValidationError as error:
        # A misspelt key tells more than the key that is missing for it.
        detail = min(error.errors(include_url=False), key=lambda each: each["type"] == "missing")
        keys = tuple(str(part) for part in detail["loc"][:1])
        line = lines.get((*place, *keys), lines.get(place, 1))
        raise ConfigurationError(f"{path}:{line}: {heading} {_fault(detail, list(row.model_fields))}") from None


def _fault(detail: ErrorDetails, known: list[str]) -> str:
    key, kind = ".".join(str(part) for part in detail["loc"] if isinstance(part, str)), detail["type"]
    if kind == "extra_forbidden":
        close = difflib.get_close_matches(key, known, n=1)
        hint = f"did you mean {quoted(close[0])}?" if close else f"the keys here are {', '.join(known)}"
        return f"unknown key {quoted(key)}; {hint}"
    if kind == "missing":
        return f"{key} is missing; add {key} = …"
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if kind == "literal_error":
        meant = re.sub("'", '"', str(detail["ctx"]["expected"]))
        return f"{key} must be {meant}{_instead(detail['input'])}"
    return f"{key} must be {_MEANT.get(kind, 'another value')}{_instead(detail['input'])}"


def _instead(value: Any) -> str:
    return f", not {quoted(value)}" if isinstance(value, str) else ""

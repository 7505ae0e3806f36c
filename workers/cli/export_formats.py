"""The formats that are text: JSON Lines and CSV."""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol

from ingest.descriptions import Json
from workers.cli.export_schema import record_columns
from workers.cli.output import as_line, instant

Write = Callable[[bytes], object]


class Writer(Protocol):
    """Writes records in one format, a batch at a time."""

    def records(self, batch: Iterable[Json]) -> None:
        """Write a batch."""

    def finish(self) -> None:
        """Write what belongs after the last batch."""


class JsonLines:
    """An object a line, and nothing else."""

    def __init__(self, write: Write) -> None:
        """Write nothing yet."""
        self._write = write

    def records(self, batch: Iterable[Json]) -> None:
        """Write a line for each record."""
        self._write("".join(as_line(record) for record in batch).encode("utf-8", "backslashreplace"))

    def finish(self) -> None:
        """Write nothing more."""


class Csv:
    """A row a record under a row of names (RFC 4180); what is a list or an object is written as JSON in its cell."""

    def __init__(self, write: Write) -> None:
        """Write the names, so that a table without records has columns too."""
        self._write = write
        self._rows([record_columns()])

    def records(self, batch: Iterable[Json]) -> None:
        """Write a row for each record."""
        self._rows([_cell(record[name]) for name in record_columns()] for record in batch)

    def finish(self) -> None:
        """Write nothing more."""

    def _rows(self, rows: Iterable[Iterable[str]]) -> None:
        text = io.StringIO(newline="")
        csv.writer(text).writerows(rows)
        self._write(text.getvalue().encode("utf-8", "backslashreplace"))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return instant(value) or ""
    return value if isinstance(value, str) else as_line(value).removesuffix("\n")

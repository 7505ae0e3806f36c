"""Parquet, written by pyarrow: nested columns, and the cursor among the file's own metadata."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import IO, Any

from ingest.descriptions import Json
from ingest.errors import ConfigurationError
from workers.cli.export_schema import record_columns

try:
    import pyarrow as pa
    from pyarrow import parquet
except ImportError as error:
    raise ConfigurationError(
        "Parquet is written by pyarrow, which is not installed; install oai-ingest with its extra: "
        "pip install 'oai-ingest[parquet]'"
    ) from error

_GROUP = 10_000
"""Rows in a row group: enough to compress well, few enough to stay in memory."""
_PLAIN = {"integer": pa.int64(), "boolean": pa.bool_()}


class Parquet:
    """Record batches, gathered into row groups; what has no fixed members is written as JSON text."""

    def __init__(self, file: IO[bytes], *, cursor: str) -> None:
        """Begin a file that tells the cursor from which the feed goes on."""
        fields = [pa.field(name, _type(told)) for name, told in record_columns().items()]
        self._schema = pa.schema(fields, metadata={"oai_ingest.cursor": cursor})
        self._writer = parquet.ParquetWriter(file, self._schema, compression="zstd")
        self._waiting: list[Any] = []

    def records(self, batch: Iterable[Json]) -> None:
        """Take a batch; a row group is written when it is full."""
        rows = [_members(record, record_columns()) for record in batch]
        self._waiting.append(pa.RecordBatch.from_pylist(rows, schema=self._schema))
        if sum(each.num_rows for each in self._waiting) >= _GROUP:
            self._flush()

    def finish(self) -> None:
        """Write what is left, and the file's end."""
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.Table.from_batches(self._waiting, schema=self._schema))
        self._waiting = []


def _type(told: Mapping[str, Any]) -> Any:
    """Choose the type of a member's column by its schema."""
    kind = _kind(told)
    if kind == "array" and "items" in told:
        return pa.list_(_type(told["items"]))
    if kind == "object" and "properties" in told:
        return pa.struct([pa.field(name, _type(each)) for name, each in told["properties"].items()])
    if told.get("format") == "date-time":
        return pa.timestamp("us", tz="UTC")
    return _PLAIN.get(kind, pa.string())


def _kind(told: Mapping[str, Any]) -> str:
    kind = told["type"]
    return kind if isinstance(kind, str) else str(kind[0])


def _members(value: Mapping[str, Any], columns: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {name: _value(value.get(name), told) for name, told in columns.items()}


def _value(value: Any, told: Mapping[str, Any]) -> Any:
    if value is None or isinstance(value, datetime):
        return value
    kind = _kind(told)
    if kind == "array" and "items" in told:
        return [_value(each, told["items"]) for each in value]
    if kind == "object" and "properties" in told:
        return _members(value, told["properties"])
    return json.dumps(value, ensure_ascii=False) if kind in {"array", "object"} else value

"""Writes the records of the catalogue in one of the formats, to standard output or a file."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ingest.descriptions import Json
from ingest.endpoint_values import quoted
from ingest.errors import ConfigurationError
from ingest.settings import from_environment
from ingest.store.cursors import cursor_from
from ingest.store.engine import Database
from ingest.store.exported import Chosen, Exported, exported
from ingest.store.show import endpoint_names
from workers.cli.counted_progress import Told, shown_counting
from workers.cli.databases import readable
from workers.cli.export_files import refuse_unless_writable, written_whole
from workers.cli.export_formats import Csv, JsonLines, Write, Writer
from workers.cli.export_schema import schema_text
from workers.cli.output import counted, note, write_bytes, write_json
from workers.cli.stopping import Stop, stoppable

_TEXTS: Mapping[str, Callable[[Write], Writer]] = {"jsonl": JsonLines, "csv": Csv}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person asked to export, as typed."""

    format: str
    since: str | None
    endpoint: str | None
    deleted: bool
    output: Path | None
    overwrite: bool
    as_json: bool


@dataclass(slots=True)
class _Done:
    """What has been written so far."""

    records: int = 0
    deleted: int = 0
    stopped: bool = False


class _Stopped(Exception):
    """Carries a stop out of a file that is not whole."""


def write_schema() -> None:
    """Write the JSON Schema of a record."""
    write_bytes(schema_text().encode())


def export_and_report(wanted: Wanted) -> int:
    """Write what is wanted, and where the feed goes on; returns the exit code, 1 where it was stopped.

    Raises ConfigurationError, before anything is written, where the output or the cursor is refused.
    """
    _refuse(wanted)
    chosen = Chosen(
        since=None if wanted.since is None else cursor_from(wanted.since),
        endpoint=wanted.endpoint,
        deleted=wanted.deleted,
    )
    with stoppable("the records in hand") as stop, readable(from_environment().database_url) as database:
        _refuse_unknown(wanted.endpoint, database)
        with exported(database, chosen) as records:
            done = _written(wanted, records, stop)
    return _report(wanted, done, cursor=str(records.feed.end))


def _refuse(wanted: Wanted) -> None:
    if wanted.output is not None:
        refuse_unless_writable(wanted.output, overwrite=wanted.overwrite)
    elif wanted.format == "parquet":
        raise ConfigurationError("Parquet is written to a file; name it with --output")
    elif wanted.as_json:
        raise ConfigurationError("with --json the report stands on standard output; name a file with --output")
    if wanted.format == "parquet":
        # Refused here where pyarrow is not installed.
        from workers.cli import export_parquet  # noqa: F401, PLC0415 - optional, and slow to load.


def _refuse_unknown(endpoint: str | None, database: Database) -> None:
    if endpoint is not None and endpoint not in endpoint_names(database):
        raise LookupError(f"there is no endpoint {quoted(endpoint)}; see `oai-ingest endpoints list`")


def _written(wanted: Wanted, records: Exported, stop: Stop) -> _Done:
    done = _Done()
    try:
        with _writer(wanted, cursor=str(records.feed.end)) as writer, shown_counting() as tell:
            for batch in _until(stop, records.batches):
                writer.records(batch)
                done.records += len(batch)
                done.deleted += sum(bool(record["deleted"]) for record in batch)
                tell(Told(name="export", done=done.records, of=records.total, things="records"))
            writer.finish()
    except _Stopped:
        done.stopped = True
    return done


def _until(stop: Stop, batches: Iterable[tuple[Json, ...]]) -> Iterator[tuple[Json, ...]]:
    """Give batches until a stop is asked for, which raises _Stopped where there are more."""
    for batch in batches:
        if stop():
            raise _Stopped
        yield batch


@contextmanager
def _writer(wanted: Wanted, *, cursor: str) -> Iterator[Writer]:
    if wanted.output is None:
        yield _TEXTS[wanted.format](write_bytes)
        return
    with written_whole(wanted.output, overwrite=wanted.overwrite) as file:
        writer = _to_file(wanted.format, file, cursor=cursor)
        try:
            yield writer
        except _Stopped:
            # While its file is open: pyarrow complains at the end of a file that was closed without it.
            writer.finish()
            raise


def _to_file(format_: str, file: IO[bytes], *, cursor: str) -> Writer:
    if format_ in _TEXTS:
        return _TEXTS[format_](file.write)
    from workers.cli.export_parquet import Parquet  # noqa: PLC0415 - optional, and slow to load.

    return Parquet(file, cursor=cursor)


def _report(wanted: Wanted, done: _Done, *, cursor: str) -> int:
    if done.stopped:
        kept = "" if wanted.output is None else "; no file was kept"
        note(f"stopped after {counted(done.records, 'record')}{kept}; run the same command again")
        if wanted.as_json:
            write_json({"error": "stopped", "records": done.records, "cursor": None})
        return 1
    note(f"exported {counted(done.records, 'record')}, {done.deleted} of them deleted, as of {cursor}")
    note(f"what changes from now on: oai-ingest changes --since {cursor}")
    if wanted.as_json:
        told = {"format": wanted.format, "output": str(wanted.output), "since": wanted.since}
        write_json({"records": done.records, "deleted": done.deleted, **told, "cursor": cursor})
    return 0

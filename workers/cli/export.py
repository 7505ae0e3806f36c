"""``oai-ingest export``: the arguments; the writing, in ``workers.cli.exporting``, takes longer to load."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from workers.cli.options import AsJson


def export(
    *,
    format_: Annotated[
        Literal["jsonl", "csv", "parquet"],
        typer.Option("--format", help="How records are written; Parquet needs the extra `parquet`, and a file."),
    ] = "jsonl",
    since: Annotated[
        str | None, typer.Option(metavar="CURSOR", help="Only records that have changed after this cursor, each once.")
    ] = None,
    endpoint: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only records that this endpoint speaks for.")
    ] = None,
    without_deleted: Annotated[bool, typer.Option("--without-deleted", help="Leave deleted records out.")] = False,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write to a file, which is there when it is whole.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file where it exists.")] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Write the JSON Schema of a record to standard output, and no record.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Write the records of the catalogue to standard output or a file, each with its rights, donors, sources and items.

    They are as one moment shows them, and deleted ones stand among them. The cursor of that moment is told on standard
    error, with --json and --output on standard output: `changes --since CURSOR` goes on from there and misses nothing.
    """
    from workers.cli import exporting  # noqa: PLC0415 - slow to load, so only where it is used.

    if schema:
        exporting.write_schema()
        return
    wanted = exporting.Wanted(
        format=format_,
        since=since,
        endpoint=endpoint,
        deleted=not without_deleted,
        output=output,
        overwrite=overwrite,
        as_json=as_json,
    )
    raise typer.Exit(exporting.export_and_report(wanted))

"""``oai-ingest normalise``: values on standard input, a line each; one JSON object a line out."""

import typer

app = typer.Typer(help="Say what rights, donor and source values mean.", rich_markup_mode=None)


@app.command()
def rights() -> None:
    """Read rights statements, a line each, and write what each says as JSON."""
    from workers.cli import normalising  # noqa: PLC0415 - slow to load, so only where it is used.

    normalising.rights()


@app.command()
def donor() -> None:
    """Read statements that name donors, a line each, and write the parties of each as JSON."""
    from workers.cli import normalising  # noqa: PLC0415 - see above.

    normalising.donor()


@app.command()
def source() -> None:
    """Read source statements, a line each, and write the parts of each as JSON."""
    from workers.cli import normalising  # noqa: PLC0415 - see above.

    normalising.source()

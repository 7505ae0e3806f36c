"""``oai-ingest endpoints``: what is declared, and how far it is."""

import typer

from workers.cli.options import AsJson

app = typer.Typer(help="See what is declared, and how far it is.", rich_markup_mode=None)


@app.callback()
def endpoints() -> None:
    """See what is declared, and how far it is."""


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List every endpoint: those of endpoints.toml, and those that were harvested by URL or are declared no longer."""
    from workers.cli import endpoint_listing  # noqa: PLC0415 - slow to load, so only where it is used.

    endpoint_listing.list_and_write(as_json=as_json)

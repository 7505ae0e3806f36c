"""``oai-ingest unmatched``: what no rule knew, by frequency, with an example."""

from typing import Annotated

import typer

from workers.cli.options import AsJson

app = typer.Typer(help="List values that no rule knew, the most frequent first.", rich_markup_mode=None)
_Endpoint = Annotated[str | None, typer.Option(metavar="NAME", help="Only records that this endpoint speaks for.")]
_Limit = Annotated[int, typer.Option("--limit", metavar="N", min=1, help="List at most N values.")]


@app.command()
def rights(*, endpoint: _Endpoint = None, limit: _Limit = 50, as_json: AsJson = False) -> None:
    """List rights statements that no rule knew; config/rights.toml can say what they mean."""
    _list("rights", endpoint, limit, as_json=as_json)


@app.command()
def donor(*, endpoint: _Endpoint = None, limit: _Limit = 50, as_json: AsJson = False) -> None:
    """List statements of donors in which no rule found a party; config/donors.toml can name it."""
    _list("donor", endpoint, limit, as_json=as_json)


@app.command()
def source(*, endpoint: _Endpoint = None, limit: _Limit = 50, as_json: AsJson = False) -> None:
    """List source statements that no rule knew; config/repositories.toml can name their repositories."""
    _list("source", endpoint, limit, as_json=as_json)


def _list(field: str, endpoint: str | None, limit: int, *, as_json: bool) -> None:
    from workers.cli import unmatched_listing  # noqa: PLC0415 - slow to load, so only where it is used.

    unmatched_listing.list_and_write(field, endpoint=endpoint, limit=limit, as_json=as_json)

"""``oai-ingest records``: what the catalogue has under a record ID, and why."""

from typing import Annotated

import typer

from workers.cli.options import AsJson, Yes

app = typer.Typer(help="See what stands behind records; have one forgotten.", rich_markup_mode=None)

_Name = Annotated[
    str,
    typer.Argument(
        metavar="[NAMESPACE:]RECORD_ID|OAI_IDENTIFIER", help="A record ID, or the identifier of one of its items."
    ),
]


@app.callback()
def records() -> None:
    """See records, and all that stands behind them; have one forgotten."""


@app.command()
def show(
    name: _Name,
    *,
    history: Annotated[bool, typer.Option("--history", help="Show each version too: what changed, and why.")] = False,
    xml: Annotated[
        bool,
        typer.Option("--xml", help="Write only the XML of the item that speaks, as it came; with --json, of each."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show a record: its fields with the rules that read them, its items, and which of them speaks."""
    from workers.cli import record_listing  # noqa: PLC0415 - slow to load, so only where it is used.

    record_listing.show_and_write(name, history=history, xml=xml, as_json=as_json)


@app.command()
def forget(
    name: _Name,
    *,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it is kept beside the record ID.")],
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Erase for good all that is kept of a record, as a takedown asks.

    Shows first what that is. Its record ID and the identifiers of its items stay, so that no harvest brings it back.
    There is no way back.
    """
    from workers.cli import forgetting  # noqa: PLC0415 - slow to load, so only where it is used.

    raise typer.Exit(forgetting.forget_and_report(name, reason, yes=yes, as_json=as_json))

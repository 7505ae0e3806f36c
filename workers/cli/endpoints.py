"""``oai-ingest endpoints``: what is declared, how far it is, and whether the schedule may begin runs of it."""

from typing import Annotated

import typer

from workers.cli.options import AsJson

app = typer.Typer(help="See what is declared and how far it is; pause, resume.", rich_markup_mode=None)

_Name = Annotated[str, typer.Argument(metavar="NAME", help="The endpoint's name, as `endpoints list` shows it.")]


@app.callback()
def endpoints() -> None:
    """See what is declared and how far it is; pause, resume."""


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """List every endpoint.

    Those of endpoints.toml come first, then those that were harvested by URL or are declared no longer.
    """
    from workers.cli import endpoint_listing  # noqa: PLC0415 - slow to load, so only where it is used.

    endpoint_listing.list_and_write(as_json=as_json)


@app.command()
def pause(name: _Name, *, as_json: AsJson = False) -> None:
    """Keep the schedule from beginning runs of an endpoint.

    What runs goes on, and a person's harvest still works.
    """
    from workers.cli import pausing  # noqa: PLC0415 - slow to load, so only where it is used.

    pausing.pause_and_write(name, as_json=as_json)


@app.command()
def resume(name: _Name, *, as_json: AsJson = False) -> None:
    """Let the schedule begin runs of an endpoint again.

    Times that were missed meanwhile are made up for by one run.
    """
    from workers.cli import pausing  # noqa: PLC0415 - slow to load, so only where it is used.

    pausing.resume_and_write(name, as_json=as_json)

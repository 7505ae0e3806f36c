"""``oai-ingest endpoints``: what is declared, how far it is, whether it is scheduled; checking and adding others."""

from pathlib import Path
from typing import Annotated

import typer

from workers.cli.options import AsJson, Basic, Header, Yes

app = typer.Typer(help="See, check, add, pause and retire endpoints.", rich_markup_mode=None)

_Name = Annotated[str, typer.Argument(metavar="NAME", help="The endpoint's name, as `endpoints list` shows it.")]


@app.callback()
def endpoints() -> None:
    """See what is declared and how far it is; check, add, pause, retire."""


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


@app.command()
def retire(name: _Name, *, yes: Yes = False, as_json: AsJson = False) -> None:
    """Take an endpoint's voice away: its items go, and records that nobody else speaks for are deleted.

    Shows first what that would do; its runs and what its records said stay as history. It has to be out of
    endpoints.toml. Declared and harvested again, it brings all back.
    """
    from workers.cli import retiring  # noqa: PLC0415 - slow to load, so only where it is used.

    raise typer.Exit(retiring.retire_and_report(name, yes=yes, as_json=as_json))


@app.command()
def check(
    name: Annotated[
        str, typer.Argument(metavar="URL|NAME", help="A repository's base URL, or an endpoint of endpoints.toml.")
    ],
    *,
    basic: Basic = None,
    header: Header = None,
    as_json: AsJson = False,
) -> None:
    """Ask a repository what a harvest needs to know, and say whether it can be harvested.

    About twenty requests, and nothing is written. Exit code 0: it can be harvested, perhaps with care.
    """
    from workers.cli import checking, selecting  # noqa: PLC0415 - slow to load, so only where it is used.

    raise typer.Exit(checking.check_and_write(name, auth=selecting.auth_of(basic, header), as_json=as_json))


@app.command()
def add(
    url: Annotated[str | None, typer.Argument(metavar="URL", help="A repository's base URL.")] = None,
    *,
    name: Annotated[
        str | None, typer.Option(metavar="NAME", help="What to call it, instead of a name made from its host.")
    ] = None,
    from_: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="Add each URL of a file, one a line, # comments.")
    ] = None,
    basic: Basic = None,
    header: Header = None,
    as_json: AsJson = False,
) -> None:
    """Check a repository, and declare it in endpoints.toml where it can be harvested.

    What stands in the file stays as it is. Exit code 0: all are declared now.
    """
    from workers.cli import adding, selecting  # noqa: PLC0415 - slow to load, so only where it is used.

    auth = selecting.auth_of(basic, header)
    raise typer.Exit(adding.add_and_write(url, name=name, auth=auth, listed_in=from_, as_json=as_json))

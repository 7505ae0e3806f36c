"""``oai-ingest runs``: what harvests did, and what they say of themselves."""

from typing import Annotated

import typer

from workers.cli.options import AsJson

app = typer.Typer(help="See what harvests do and did.", rich_markup_mode=None)


@app.command("list")
def list_(
    *,
    endpoint: Annotated[str | None, typer.Option(metavar="NAME", help="Only runs of this endpoint.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the newest runs first."""
    from workers.cli import run_list  # noqa: PLC0415 - slow to load, so only where it is used.

    run_list.list_and_write(endpoint, as_json=as_json)


@app.command()
def show(
    run: Annotated[int, typer.Argument(metavar="ID", help="The run's number.", min=1)], *, as_json: AsJson = False
) -> None:
    """Show one run: verdict and reasons, what was asked for, its windows and counts."""
    from workers.cli import run_listing  # noqa: PLC0415 - slow to load, so only where it is used.

    run_listing.show_and_write(run, as_json=as_json)


@app.command()
def watch(
    run: Annotated[int, typer.Argument(metavar="ID", help="The run's number.", min=1)],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Write JSON to standard output: an object a line whenever something changes.")
    ] = False,
) -> None:
    """Show a run while it goes on, until it has ended. Ctrl-C ends the watching, not the run.

    Exit code 0: its verdict is complete.
    """
    from workers.cli import watching  # noqa: PLC0415 - slow to load, so only where it is used.

    raise typer.Exit(watching.watch(run, as_json=as_json))


@app.command()
def approve(
    run: Annotated[int, typer.Argument(metavar="ID", help="The run's number.", min=1)],
    *,
    reject: Annotated[
        bool, typer.Option("--reject", help="The other way round: delete nothing, and do not believe what came.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Decide about a suspect run: delete what it holds, and believe what it has read of lists in doubt.

    Only what is still missed is deleted. `runs show` says what a run holds.
    """
    from workers.cli import approving  # noqa: PLC0415 - slow to load, so only where it is used.

    raise typer.Exit(approving.decide_and_report(run, reject=reject, as_json=as_json))


@app.command()
def cancel(
    run: Annotated[int, typer.Argument(metavar="ID", help="The run's number.", min=1)], *, as_json: AsJson = False
) -> None:
    """End a run that is not finished: what it has kept stays, what it has not read is a gap for the next one."""
    from workers.cli import run_listing  # noqa: PLC0415 - slow to load, so only where it is used.

    run_listing.cancel_and_write(run, as_json=as_json)

"""``oai-ingest harvest``."""

from typing import Annotated

import typer

from workers.cli.options import AsJson, HarvestArguments


def harvest(
    name: Annotated[
        str, typer.Argument(metavar="NAME|URL", help="An endpoint of endpoints.toml, or any repository's base URL.")
    ],
    *,
    prefix: Annotated[
        list[str] | None,
        typer.Option(metavar="P", help="metadataPrefix to harvest instead of those declared; may be repeated."),
    ] = None,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="S", help="Set to harvest instead of those declared; may be repeated."),
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="Only what changed since: YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ."),
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Only what changed until, likewise.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Read everything again, not only what is new.")] = False,
    parallel: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Read as many parts of a long list at once, instead of as declared."),
    ] = None,
    queue: Annotated[bool, typer.Option("--queue", help="Let the workers do it, and do not wait.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring our copy of a repository up to date, and say how far that went.

    What was left unfinished is taken up where it was. Exit code 0: the verdict is complete, or the harvest is queued.
    """
    asked = HarvestArguments(
        name_or_url=name,
        prefixes=tuple(prefix or ()),
        sets=tuple(set_ or ()),
        from_=from_,
        until=until,
        full=full,
        parallel=parallel,
    )
    if queue:
        from workers.cli import queueing  # noqa: PLC0415 - slow to load, so only where it is used.

        queueing.queue_and_report(asked, as_json=as_json)
    else:
        from workers.cli import harvesting  # noqa: PLC0415 - as above.

        raise typer.Exit(harvesting.harvest_and_report(asked, as_json=as_json))

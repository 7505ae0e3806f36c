"""``oai-ingest harvest``."""

from typing import Annotated

import typer

from ingest.errors import ConfigurationError
from workers.cli.options import AsJson, HarvestArguments


def harvest(  # noqa: PLR0913 - an option each: typer reads them from the signature.
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
    identifier: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="Only the item of this OAI identifier, asked for by itself; may be repeated."),
    ] = None,
    sweep: Annotated[
        bool,
        typer.Option("--sweep", help="Read no records: look which items are there still, and which are not."),
    ] = False,
    limit: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="A taste: read N records, show them and store nothing.")
    ] = None,
    parallel: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Read as many parts of a long list at once, instead of as declared."),
    ] = None,
    queue: Annotated[bool, typer.Option("--queue", help="Let the workers do it, and do not wait.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring our copy of a repository up to date, and say how far that went.

    What was left unfinished is taken up where it was. Exit code 0: the verdict is complete, the harvest is queued, or
    with --limit as many records came as were asked for, or all.
    """
    asked = HarvestArguments(
        name_or_url=name,
        prefixes=tuple(prefix or ()),
        sets=tuple(set_ or ()),
        from_=from_,
        until=until,
        full=full,
        identifiers=tuple(identifier or ()),
        parallel=parallel,
        limit=limit,
        sweep=sweep,
    )
    if limit is not None and queue:
        raise ConfigurationError("--limit shows records and stores nothing; leave out --queue, or --limit")
    if limit is not None:
        from workers.cli import sampling  # noqa: PLC0415 - slow to load, so only where it is used.

        raise typer.Exit(sampling.sample_and_report(asked, limit=limit, as_json=as_json))
    if queue:
        from workers.cli import queueing  # noqa: PLC0415 - as above.

        queueing.queue_and_report(asked, as_json=as_json)
    else:
        from workers.cli import harvesting  # noqa: PLC0415 - as above.

        raise typer.Exit(harvesting.harvest_and_report(asked, as_json=as_json))

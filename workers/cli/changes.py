"""``oai-ingest changes``: the arguments; the reading, in ``workers.cli.following``, takes longer to load."""

from typing import Annotated

import typer


def changes(
    *,
    since: Annotated[
        str | None,
        typer.Option(metavar="CURSOR", help="Go on after this cursor, FEED_ID:NUMBER; none: from the oldest change."),
    ] = None,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on with new changes as they come, until Ctrl-C.")
    ] = False,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="Tell at most N changes, then end.")] = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Write JSON to standard output: one array, or an object a line with --follow."),
    ] = False,
) -> None:
    """Tell what has changed in the catalogue, each change once and in order.

    Whoever keeps the cursor of the last change that was told, and goes on with --since, misses nothing. A cursor that
    this database can not go on from is refused, with exit code 2: then everything has to be read anew.
    """
    from workers.cli import following  # noqa: PLC0415 - slow to load, so only where it is used.

    raise typer.Exit(following.write_changes(since, follow=follow, limit=limit, as_json=as_json))

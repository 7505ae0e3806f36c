"""``oai-ingest db``: the database's schema."""

from dataclasses import asdict
from typing import Annotated

import typer

from workers.cli.options import AsJson
from workers.cli.output import write, write_json

app = typer.Typer(help="Look after the database: schema, size, readers.", rich_markup_mode=None)


@app.command()
def upgrade() -> None:
    """Bring the database to the newest revision; nothing happens where it is there already."""
    from ingest.normalise.vocabularies import rights_vocabulary  # noqa: PLC0415 - slow to load, so only where used.
    from ingest.settings import from_environment  # noqa: PLC0415 - likewise.
    from ingest.store import schema  # noqa: PLC0415 - likewise.

    database_url = from_environment().database_url
    applied = schema.upgrade(database_url, vocabulary=rights_vocabulary())
    for revision in applied:
        write(f"applied {revision}\n")
    if not applied:
        write(f"nothing to do: the database stands at {schema.check(database_url).current}\n")


@app.command()
def check(*, as_json: AsJson = False) -> None:
    """Say whether an upgrade is due, and how much each table and index holds.

    Exit code 0 where no upgrade is due, 1 where one is, 2 where the database can not be used.
    """
    from workers.cli import db_checked  # noqa: PLC0415 - slow to load, so only where it is used.

    raise typer.Exit(db_checked.check_and_report(as_json=as_json))


@app.command("grant-reader")
def grant_reader(
    role: Annotated[str, typer.Argument(metavar="ROLE", help="The role, which has to be there.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Let a role of PostgreSQL read the catalogue views, and nothing else.

    Its transactions are read-only, and each statement has a limit. Where it may do more, nothing is granted.
    """
    from ingest.settings import from_environment  # noqa: PLC0415 - slow to load, so only where it is used.
    from ingest.store.readers import grant_reader as grant  # noqa: PLC0415 - likewise.

    reader = grant(from_environment().database_url, role)
    if as_json:
        write_json(asdict(reader))
    else:
        write(
            f"{role} may read the {len(reader.views)} catalogue views of {reader.database}, and nothing else there;\n"
            f"its transactions are read-only, a statement of it may take {reader.statement_seconds} s\n"
        )


@app.command("new-feed")
def new_feed(*, as_json: AsJson = False) -> None:
    """Give the change feed a new name: after a restore from a backup, and for nothing else.

    Every cursor given out so far is refused from then on, and whoever follows the feed reads everything anew: without
    that they would go on from numbers that stand for other changes now. Runs may go on meanwhile.
    """
    from workers.cli import renewing  # noqa: PLC0415 - slow to load, so only where it is used.

    renewing.renew_and_report(as_json=as_json)


@app.command()
def prune(
    *,
    versions: Annotated[
        str | None, typer.Option("--versions-older-than", metavar="AGE", help="What records said before, until then.")
    ] = None,
    changes: Annotated[
        str | None,
        typer.Option(
            "--changes-older-than",
            metavar="AGE",
            help="The oldest part of the feed: whoever has not read it has to read everything anew.",
        ),
    ] = None,
    rejections: Annotated[
        str | None,
        typer.Option("--rejections-older-than", metavar="AGE", help="Rejections that were settled before then."),
    ] = None,
    runs: Annotated[
        str | None,
        typer.Option(
            "--runs-older-than",
            metavar="AGE",
            help="Runs that ended before then and that nothing refers to, but for the last complete one of each list.",
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say how much that would be.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take away what is old: only what is named, with its age in hours, days, weeks or years, such as 90d or 2y.

    Harvests may go on meanwhile. What is taken away is gone; a pruning that is stopped goes on with the same command.
    """
    from ingest.store.pruning import Prunable  # noqa: PLC0415 - slow to load, so only where it is used.
    from workers.cli import pruning  # noqa: PLC0415 - likewise.

    ages = {
        Prunable.VERSIONS: versions,
        Prunable.CHANGES: changes,
        Prunable.REJECTIONS: rejections,
        Prunable.RUNS: runs,
    }
    raise typer.Exit(pruning.prune_and_report(ages, dry_run=dry_run, as_json=as_json))

"""``oai-ingest db``: the database's schema."""

from dataclasses import asdict
from typing import Annotated

import typer

from workers.cli.options import AsJson
from workers.cli.output import write, write_json

app = typer.Typer(help="Look after the database's schema.", rich_markup_mode=None)


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
    """Say whether an upgrade is due: exit code 0 where not, 1 where it is, 2 where the database can not be used."""
    from ingest.settings import from_environment  # noqa: PLC0415 - slow to load, so only where it is used.
    from ingest.store import schema  # noqa: PLC0415 - likewise.

    report = schema.check(from_environment().database_url)
    if as_json:
        write_json(asdict(report))
    elif report.upgrade_due:
        write(f"an upgrade is due, from {report.current or 'nothing'} to {report.head}; run `oai-ingest db upgrade`\n")
    else:
        write(f"up to date at {report.current}\n")
    raise typer.Exit(1 if report.upgrade_due else 0)


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

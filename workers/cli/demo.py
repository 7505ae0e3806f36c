"""``oai-ingest demo``."""

import typer

from workers.cli.options import AsJson


def demo(*, as_json: AsJson = False) -> None:
    """Harvest the bundled repository, show what came out, and harvest it again.

    Writes oai-ingest-demo.db in this folder. It needs no network, no configuration and no other database.
    """
    from workers.cli import demonstration  # noqa: PLC0415 - slow to load, so only where it is used.

    raise typer.Exit(demonstration.demonstrate(as_json=as_json))

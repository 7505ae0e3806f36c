"""``oai-ingest worker`` and ``beat``: Celery's own, with our application."""

from pathlib import Path
from typing import Annotated

import typer

from workers.cli.options import LogLevel, Wait


def worker(
    *,
    concurrency: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Windows worked at once; without it, one for each core."),
    ] = None,
    queues: Annotated[
        list[str] | None,
        typer.Option("--queue", metavar="NAME", help="Work for this queue alone, harvest or maintenance; repeatable."),
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="The worker's name in the dashboard.")] = None,
    alive_file: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Touch this file every two seconds while the broker is reached."),
    ] = None,
    wait: Wait = False,
    log_level: LogLevel = "info",
) -> None:
    """Work on what the queue tells of, until stopped.

    SIGTERM ends after the page in hand; what is left, others go on with.
    """
    from workers.cli import services  # noqa: PLC0415 - slow to load, so only where it is used.

    services.work(
        concurrency=concurrency,
        queues=tuple(queues or ()),
        name=name,
        alive_file=alive_file,
        wait=wait,
        log_level=log_level,
    )


def beat(
    *,
    alive_file: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="Touch this file at each tick that has reached the database."),
    ] = None,
    wait: Wait = False,
    log_level: LogLevel = "info",
) -> None:
    """Begin harvests when they are due, and tell the queue what waits, until stopped. Several may run at once."""
    from workers.cli import services  # noqa: PLC0415 - slow to load, so only where it is used.

    services.schedule(alive_file=alive_file, wait=wait, log_level=log_level)

"""``oai-ingest dashboard``: Flower with our application."""

from pathlib import Path
from typing import Annotated

import typer

from ingest.errors import ConfigurationError
from ingest.settings import from_environment
from workers.cli.options import LogLevel, Wait


def dashboard(
    *,
    address: Annotated[str, typer.Option(metavar="ADDRESS", help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(metavar="N", min=0, max=65535, help="The port; 0: any that is free.")] = 5555,
    allow_control: Annotated[
        bool, typer.Option("--allow-control", help="Let whoever has a password revoke tasks and steer workers.")
    ] = False,
    url_prefix: Annotated[
        str, typer.Option(metavar="P", help="The first part of all paths, behind a proxy that serves more.")
    ] = "",
    persistent: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep what was seen in this file, from one start to the next.")
    ] = None,
    wait: Wait = False,
    log_level: LogLevel = "info",
) -> None:
    """Show in a browser what the workers do, until stopped.

    Whoever looks needs a password from OAI_INGEST_FLOWER_AUTH, which holds USER:PASSWORD, or several with commas.
    """
    from workers import logs  # noqa: PLC0415 - slow to load, so only where it is used.
    from workers.app import connect_broker  # noqa: PLC0415 - as above.
    from workers.cli.starting import when_broker_ready  # noqa: PLC0415 - as above.

    try:
        from workers.dashboard import Place, credentials, serve  # noqa: PLC0415 - as above, and not always installed.
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "flower":
            raise
        raise ConfigurationError(
            "the dashboard needs Flower, which is not installed; install oai-ingest with its extra [dashboard]"
        ) from None
    settings = from_environment()
    app = connect_broker(settings)
    access = credentials(settings.flower_auth)
    logs.configure(settings, level=log_level)
    when_broker_ready(settings, wait=wait)
    place = Place(address=address, port=port, prefix=url_prefix)
    serve(app, place, access=access, control=allow_control, kept_in=persistent)

"""``oai-ingest rejections``: what could not be taken in, as a list of work."""

from typing import Annotated

import typer

from workers.cli.options import AsJson

_LARGEST = 2**63 - 1

app = typer.Typer(help="See what could not be taken in, and ask for it again.", rich_markup_mode=None)
_Endpoint = Annotated[str | None, typer.Option(metavar="NAME", help="Only those of this endpoint.")]
_Reason = Annotated[str | None, typer.Option(metavar="R", help="Only those with this reason, such as no-record-id.")]


@app.command("list")
def list_(
    *,
    endpoint: _Endpoint = None,
    reason: _Reason = None,
    all_: Annotated[
        bool, typer.Option("--all", help="Those too that were released, because their record has come in since.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List what could not be taken in.

    Summed up by endpoint, prefix and reason, then the newest one by one; with --json each of them.
    """
    from workers.cli import rejection_listing  # noqa: PLC0415 - slow to load, so only where it is used.

    rejection_listing.list_and_write(endpoint=endpoint, reason=reason, released=all_, as_json=as_json)


@app.command()
def show(
    rejection: Annotated[int, typer.Argument(metavar="ID", help="The rejection's number.", min=1, max=_LARGEST)],
    *,
    bytes_: Annotated[
        bool, typer.Option("--bytes", help="Write only the bytes that could not be taken in, exactly as they came.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show one rejection, with its bytes.

    They are set out to be read; --bytes gives them exactly, --json gives them as text, where they are, and as base64.
    """
    from workers.cli import rejection_listing  # noqa: PLC0415 - slow to load, so only where it is used.

    rejection_listing.show_and_write(rejection, only_bytes=bytes_, as_json=as_json)


@app.command()
def retry(
    rejection: Annotated[
        list[int] | None,
        typer.Argument(metavar="ID", help="The rejections' numbers; none: all.", min=1, max=_LARGEST),
    ] = None,
    *,
    endpoint: _Endpoint = None,
    reason: _Reason = None,
    as_json: AsJson = False,
) -> None:
    """Ask the repositories again for these records.

    Each record is asked for by itself; one that can be taken in now is released. At most a thousand at a time.
    Exit code 0: all that was asked for was released, or there was nothing to ask for.
    """
    from workers.cli import retrying  # noqa: PLC0415 - slow to load, so only where it is used.

    raise typer.Exit(
        retrying.retry_and_report(tuple(rejection or ()), endpoint=endpoint, reason=reason, as_json=as_json)
    )

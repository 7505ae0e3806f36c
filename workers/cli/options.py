"""Options that several commands share, and arguments as one value where there are many."""

from dataclasses import dataclass
from typing import Annotated, Literal

import typer

Basic = Annotated[
    str | None,
    typer.Option("--basic", metavar="env:VARIABLE", help="Log in with the USER:PASSWORD that this variable holds."),
]
Header = Annotated[
    str | None,
    typer.Option("--header", metavar="NAME=env:VARIABLE", help="Send a header whose value this variable holds."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do it, without asking.")]

Wait = Annotated[
    bool, typer.Option("--wait", help="Where the database or the broker is not there yet, try again until it is.")
]
LogLevel = Annotated[
    Literal["debug", "info", "warning", "error"], typer.Option("--log-level", help="The least that is logged.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class HarvestArguments:
    """What a person asked to harvest, as typed."""

    name_or_url: str
    prefixes: tuple[str, ...]
    sets: tuple[str, ...]
    from_: str | None
    until: str | None
    full: bool
    identifiers: tuple[str, ...] = ()
    parallel: int | None = None
    limit: int | None = None
    """Only show so many records, and store none."""
    sweep: bool = False
    """Only look which items are there still."""

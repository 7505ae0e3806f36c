"""Options that several commands share, and arguments as one value where there are many."""

from dataclasses import dataclass
from typing import Annotated, Literal

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")]

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
    parallel: int | None = None

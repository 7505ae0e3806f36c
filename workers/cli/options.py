"""Options that several commands share, and arguments as one value where there are many."""

from dataclasses import dataclass
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class HarvestArguments:
    """What a person asked to harvest, as typed."""

    name_or_url: str
    prefixes: tuple[str, ...]
    sets: tuple[str, ...]
    from_: str | None
    until: str | None
    full: bool

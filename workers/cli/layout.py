"""What people read on standard output: rich's tables and colours, made as text and written in one piece.

Whatever comes from a repository goes in as ``Text``: no markup in it counts, and nothing moves the terminal's cursor.
"""

import io
import shutil
import sys
from collections.abc import Collection, Iterable

from rich.box import SIMPLE_HEAD
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from workers.cli.output import safe, write

_NARROWEST, _WIDEST, _UNKNOWN = 60, 160, 100
VERDICT_STYLES = {"complete": "bold green", "partial": "bold yellow", "suspect": "bold yellow", "failed": "bold red"}


def show(*pieces: RenderableType) -> None:
    """Write pieces below each other."""
    columns = shutil.get_terminal_size((_UNKNOWN, 24)).columns
    console = Console(
        file=io.StringIO(),
        force_terminal=sys.stdout.isatty(),
        width=min(max(columns, _NARROWEST), _WIDEST),
        highlight=False,
        emoji=False,
    )
    with console.capture() as capture:
        for piece in pieces:
            console.print(piece)
    write("".join(f"{line.rstrip()}\n" for line in capture.get().splitlines()))


def words(value: object, style: str = "") -> Text:
    """Make text of a value from anywhere; None is nothing."""
    return Text("" if value is None else safe(str(value)), style)


def line(*parts: str | Text) -> Text:
    """Join parts to one line that may wrap."""
    return Text.assemble(*(words(part) if isinstance(part, str) else part for part in parts))


def indented(piece: RenderableType) -> Padding:
    """Set a piece in by two columns."""
    return Padding(piece, (0, 0, 0, 2))


def table(
    headings: Iterable[str],
    rows: Iterable[Iterable[object]],
    *,
    numbers: Collection[str] = (),
    whole: Collection[str] = (),
) -> Table:
    """Make a table whose cells wrap and are never cut.

    Columns named in ``numbers`` stand to the right, and they and those in ``whole`` stay in one piece.
    """
    made = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold", show_edge=False, padding=(0, 1, 0, 0))
    for heading in headings:
        right = heading in numbers
        made.add_column(
            heading, justify="right" if right else "left", overflow="fold", no_wrap=right or heading in whole
        )
    for row in rows:
        made.add_row(*(cell if isinstance(cell, Text) else words(cell) for cell in row))
    return made


def fields(rows: Iterable[tuple[str, RenderableType]]) -> Table:
    """Make two columns: the names of fields, and what they hold."""
    made = Table.grid(padding=(0, 2))
    made.add_column(style="bold", no_wrap=True)
    made.add_column(overflow="fold")
    for name, content in rows:
        made.add_row(name, content)
    return made

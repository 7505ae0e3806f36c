"""What a run holds until a person decides, and which commands decide."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import RenderableType

from ingest.ledger import Run
from ingest.plan.approvals import is_doubted
from ingest.store.approvals import lists_in_doubt
from ingest.store.engine import Database
from ingest.store.misses import count_held, held_examples
from workers.cli.layout import indented, words
from workers.cli.output import counted

_EXAMPLES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What waits for a person's decision about a run."""

    deletions: int
    examples: tuple[str, ...]
    """OAI identifiers of some of the items."""
    doubted: bool
    """Whether it has read less of some list than is believed."""


def held_by(database: Database, run: Run) -> Held:
    """Read what a run holds now; what has come back since is not held any more."""
    doubted = not run.active and is_doubted(run.reasons) and bool(lists_in_doubt(database, run))
    held = 0 if run.active else count_held(database, run.run_id)
    examples = held_examples(database, run.run_id, limit=_EXAMPLES) if held else ()
    return Held(deletions=held, examples=examples, doubted=doubted)


def held_object(held: Held) -> dict[str, Any]:
    """Tell what is held, for programs."""
    return {"deletions": held.deletions, "examples": list(held.examples)}


def held_shown(run: Run, held: Held) -> Iterator[RenderableType]:
    """Lay out what is held, some of it by name, and what to do."""
    if held.deletions:
        yield indented(words(f"{counted(held.deletions, 'deletion')} held, for instance of", "bold"))
        yield from (indented(indented(words(identifier))) for identifier in held.examples)
        yield indented(words(f"if they are gone: `oai-ingest runs approve {run.run_id}` deletes them"))
        yield indented(words(f"if they are there: `oai-ingest runs approve {run.run_id} --reject` keeps them"))
    elif held.doubted:
        command = f"oai-ingest runs approve {run.run_id}"
        yield indented(words(f"if that is all there is: `{command}`; a second full read that agrees settles it too"))

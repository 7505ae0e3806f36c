"""A person decides about a run that is suspect, and is told what came of it."""

from collections.abc import Callable, Iterator
from typing import Any

from rich.console import RenderableType

from ingest import approve as main_path
from ingest.approve import Decided
from ingest.settings import from_environment
from ingest.store.engine import Database
from workers.cli.counted_progress import Told, shown_counting
from workers.cli.databases import writable
from workers.cli.layout import indented, show, words
from workers.cli.output import counted, note, write_json
from workers.cli.reports import run_object
from workers.cli.run_shown import headline, reasons
from workers.cli.stopping import stoppable


def decide_and_report(run_id: int, *, reject: bool, as_json: bool) -> int:
    """Decide and say what was done; returns the exit code. Raises RunRefused where there is nothing to decide."""
    with stoppable("the batch in hand") as stop, writable(from_environment().database_url) as database:
        decided = main_path.reject(run_id, database) if reject else _approved(run_id, database, stop)
    if as_json:
        write_json(_object(decided))
    else:
        show(*_shown(decided))
    if decided.left:
        note(f"stopped: {counted(decided.left, 'deletion')} still held; the same command goes on")
    return 1 if decided.left else 0


def _approved(run_id: int, database: Database, stop: Callable[[], bool]) -> Decided:
    with shown_counting() as tell:

        def told(deleted: int, held: int) -> None:
            tell(Told(name="deleted", done=deleted, of=held))

        return main_path.approve(run_id, database, stop=stop, tell=told)


def _object(decided: Decided) -> dict[str, Any]:
    """Tell the run as it stands now, and what the decision did."""
    counts = {"deleted": decided.deleted, "kept": decided.kept, "held": decided.left}
    return run_object(decided.run) | {"decided": {**counts, "lists": [str(name) for name in decided.lists]}}


def _shown(decided: Decided) -> Iterator[RenderableType]:
    yield headline(decided.run)
    if decided.left:
        yield indented(words(f"{counted(decided.deleted, 'item')} deleted"))
    else:
        yield from reasons(decided.run)

"""Retires an endpoint: shows what that would do, and does it where a person agrees."""

from typing import Any

from ingest import retire as main_path
from ingest.declarations import ENDPOINTS, read_declarations
from ingest.endpoint_values import quoted
from ingest.endpoints import Endpoint
from ingest.errors import ConfigurationError
from ingest.retire import Retired
from ingest.settings import Settings, from_environment
from ingest.store.retiring import Retirable, read_retirable
from ingest.store.show import endpoint_names
from workers.cli.agreeing import agreed
from workers.cli.counted_progress import Told, shown_counting
from workers.cli.databases import readable, writable
from workers.cli.layout import fields, indented, show, words
from workers.cli.output import counted, note, one_line, write, write_json
from workers.cli.pausing import unknown_endpoint
from workers.cli.stopping import stoppable

_EXAMPLES = 5


def retire_and_report(name: str, *, yes: bool, as_json: bool) -> int:
    """Show what retiring an endpoint would do, do it where that is agreed to; returns the exit code.

    Raises LookupError where the database does not know it, ConfigurationError where a file still declares it, and
    RunRefused where a run of it is active.
    """
    settings = from_environment()
    declared = read_declarations(settings.config)
    foreseen = _foreseen(name, declared, settings)
    if not as_json:
        _show(name, foreseen)
    if not agreed(f"Retire {one_line(name)}?", yes=yes, as_json=as_json):
        if as_json:
            write_json(_object(name, foreseen, None))
        else:
            note("nothing was changed; the same command with --yes does it")
        return 0
    retired = _retired(name, foreseen, settings)
    if as_json:
        write_json(_object(name, foreseen, retired))
    else:
        _show_retired(name, retired)
    return 1 if retired.stopped else 0


def _foreseen(name: str, declared: tuple[Endpoint, ...], settings: Settings) -> Retirable:
    for each in declared:
        if name in {each.name, each.renamed_from}:
            so = "" if each.name == name else f" as {quoted(each.name)}"
            path = settings.config / ENDPOINTS
            raise ConfigurationError(
                f"{path} declares {quoted(name)}{so}, so that the next harvest would bring it back; take it out first"
            )
    with readable(settings.database_url) as database:
        foreseen = read_retirable(database, name, examples=_EXAMPLES)
        if foreseen is None:
            raise LookupError(unknown_endpoint(name, endpoint_names(database)))
    return foreseen


def _retired(name: str, foreseen: Retirable, settings: Settings) -> Retired:
    stopping = stoppable("the batch in hand")
    with stopping as stop, writable(settings.database_url) as database, shown_counting() as tell:

        def told(done: Retired) -> None:
            tell(Told(name=name, done=done.items, of=foreseen.items))

        return main_path.retire(name, database, stop=stop, tell=told)


def _object(name: str, foreseen: Retirable, retired: Retired | None) -> dict[str, Any]:
    """Tell what it would do, and what it did: ``changes`` is null where nothing was done."""
    return {
        "endpoint": name,
        "retired": retired is not None and not retired.stopped,
        "items": foreseen.items,
        "rejections": foreseen.rejections,
        "gaps": foreseen.gaps,
        "deleted": foreseen.deleted,
        "deleted_examples": list(foreseen.deleted_examples),
        "handed_over": foreseen.handed_over,
        "handed_over_examples": list(foreseen.handed_over_examples),
        "taken_away": retired.items if retired else 0,
        "changes": dict(retired.changes) if retired else None,
    }


def _show(name: str, foreseen: Retirable) -> None:
    ledger = f"{counted(foreseen.rejections, 'rejection')}, {counted(foreseen.gaps, 'gap')}, its coverage and schedule"
    show(
        words(f"what retiring {one_line(name)} does", "bold"),
        indented(
            fields(
                [
                    ("take away", words(f"{counted(foreseen.items, 'item')}; {ledger}")),
                    ("delete", words(_records(foreseen.deleted, foreseen.deleted_examples, "nobody else speaks for"))),
                    (
                        "hand over",
                        words(_records(foreseen.handed_over, foreseen.handed_over_examples, "others speak for too")),
                    ),
                    ("keep", words("its runs, and what its records said before")),
                ]
            )
        ),
    )


def _records(number: int, examples: tuple[str, ...], which: str) -> str:
    told = f"{counted(number, 'record')} that {which}"
    return f"{told}, such as {', '.join(examples)}" if examples else told


def _show_retired(name: str, retired: Retired) -> None:
    told = f"{counted(retired.items, 'item')} taken away" + "".join(
        f", {counted(number, 'record')} {change}" for change, number in sorted(retired.changes.items())
    )
    if retired.stopped:
        write(f"{told}\n")
        note("stopped before the end; the same command goes on where it was left")
    else:
        write(f"{one_line(name)} is retired: {told}\n")

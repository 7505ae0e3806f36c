"""Describing again in this process, endpoint by endpoint, or showing what that would change."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest import renormalise as main_path
from ingest.declarations import read_declarations, with_tables
from ingest.endpoint_values import quoted
from ingest.endpoints import Endpoint, declared
from ingest.operator_tables_toml import read_operator_tables
from ingest.renormalise import Compared, Redescribed
from ingest.settings import from_environment
from ingest.store.endpoints import kept_declarations
from ingest.store.engine import Database
from workers.cli.databases import writable
from workers.cli.describing_progress import Told, shown_describing
from workers.cli.output import note, write_json
from workers.cli.renormalised import compared_object, redescribed_object, show_compared, show_redescribed
from workers.cli.stopping import Stop, stoppable


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """An endpoint to describe again."""

    endpoint: Endpoint
    declared: bool


def describe_and_report(name: str | None, *, as_json: bool) -> int:
    """Describe again and say what came of it; returns the exit code."""
    began, done = time.monotonic(), []
    with _work(name) as (database, chosen, stop, tell):
        for each in chosen:
            done.append(_redescribed(each, database, stop, tell))
            if done[-1].stopped:
                break
    seconds = time.monotonic() - began
    if as_json:
        write_json({"endpoints": [redescribed_object(each) for each in done], "seconds": round(seconds, 1)})
    else:
        show_redescribed(done, seconds)
    return 0 if all(not each.stopped and not each.left for each in done) else 1


def compare_and_report(name: str | None, limit: int, *, as_json: bool) -> int:
    """Say what describing again would change; returns the exit code."""
    done = []
    with _work(name) as (database, chosen, stop, tell):
        for each in chosen:
            done.append(_compared(each, database, stop, tell))
            if done[-1].stopped:
                break
    if as_json:
        write_json([compared_object(each, limit) for each in done])
    else:
        show_compared(done, limit)
    return 1 if any(each.stopped for each in done) else 0


def _redescribed(each: _Chosen, database: Database, stop: Stop, tell: Callable[[Told], None]) -> Redescribed:
    def told(done: Redescribed) -> None:
        tell(Told(endpoint=done.endpoint, items=done.looked_at, of=done.stale))

    return main_path.renormalise(each.endpoint, database, declared=each.declared, stop=stop, tell=told)


def _compared(each: _Chosen, database: Database, stop: Stop, tell: Callable[[Told], None]) -> Compared:
    def told(done: Compared) -> None:
        tell(Told(endpoint=done.endpoint, items=done.items, of=done.stale))

    return main_path.compare(each.endpoint, database, declared=each.declared, stop=stop, tell=told)


@contextmanager
def _work(
    name: str | None,
) -> Iterator[tuple[Database, tuple[_Chosen, ...], Stop, Callable[[Told], None]]]:
    settings = from_environment()
    with writable(settings.database_url) as database, stoppable() as stop, shown_describing() as tell:
        yield database, _chosen(name, database, settings.config), stop, tell


def _chosen(name: str | None, database: Database, config: Path) -> tuple[_Chosen, ...]:
    """Give the endpoints of which there are items, as they are declared now, else as they were when last harvested.

    Raises LookupError where ``name`` is none of them, ConfigurationError where a declaration can not be read.
    """
    in_file = {each.name: each for each in read_declarations(config)}
    tables = read_operator_tables(config)
    kept = kept_declarations(database)
    names = [name] if name is not None else list(kept)
    chosen = []
    for each in names:
        if each not in kept:
            if each in in_file:
                note(f"{each} has not been harvested yet: there is nothing to describe again")
                continue
            raise LookupError(f"there is no endpoint {quoted(each)}; see `oai-ingest endpoints list`")
        endpoint = in_file.get(each)
        if endpoint is None:
            text, in_a_file = kept[each]
            chosen.append(_Chosen(endpoint=with_tables(declared(text), tables), declared=in_a_file))
        else:
            chosen.append(_Chosen(endpoint=endpoint, declared=True))
    return tuple(chosen)

"""Describing again in this process, endpoint by endpoint, or showing what that would change."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ingest import renormalise as main_path
from ingest.declarations import read_declarations
from ingest.endpoint_values import quoted
from ingest.endpoints import Endpoint
from ingest.operator_tables_toml import read_operator_tables
from ingest.renormalise import Compared, Redescribed
from ingest.settings import from_environment
from ingest.store.endpoints import kept_declarations
from ingest.store.engine import Database
from ingest.store.show_endpoints import shown_endpoints
from workers.cli.counted_progress import Told, shown_counting
from workers.cli.databases import writable
from workers.cli.described_now import Now, described_now
from workers.cli.output import complain, note, write_json
from workers.cli.renormalised import compared_object, redescribed_object, show_compared, show_redescribed
from workers.cli.stopping import Stop, stoppable
from workers.garbage import look_seldom


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """What is to be described again."""

    endpoints: tuple[tuple[Endpoint, bool], ...]
    """Each with whether a file declares it, or did when it was last harvested."""
    all_readable: bool
    """False where others are left as they are, because this program can not read how they were declared."""


def describe_and_report(name: str | None, *, as_json: bool) -> int:
    """Describe again and say what came of it; returns the exit code."""
    began, done = time.monotonic(), []
    with _work(name) as (database, chosen, stop, tell):
        for each, declared in chosen.endpoints:
            done.append(_redescribed(each, database, stop, tell, declared=declared))
            if done[-1].stopped:
                break
    seconds = time.monotonic() - began
    if as_json:
        write_json({"endpoints": [redescribed_object(each) for each in done], "seconds": round(seconds, 1)})
    else:
        show_redescribed(done, seconds, of_all=chosen.all_readable)
    return 0 if chosen.all_readable and all(not each.stopped and not each.left for each in done) else 1


def compare_and_report(name: str | None, limit: int, *, as_json: bool) -> int:
    """Say what describing again would change; returns the exit code."""
    done = []
    with _work(name) as (database, chosen, stop, tell):
        for each, _declared in chosen.endpoints:
            done.append(_compared(each, database, stop, tell))
            if done[-1].stopped:
                break
    if as_json:
        write_json([compared_object(each, limit) for each in done])
    else:
        show_compared(done, limit, of_all=chosen.all_readable)
    return 0 if chosen.all_readable and not any(each.stopped for each in done) else 1


def _redescribed(
    endpoint: Endpoint, database: Database, stop: Stop, tell: Callable[[Told], None], *, declared: bool
) -> Redescribed:
    def told(done: Redescribed) -> None:
        tell(Told(name=done.endpoint, done=done.looked_at, of=done.stale))

    return main_path.renormalise(endpoint, database, declared=declared, stop=stop, tell=told)


def _compared(endpoint: Endpoint, database: Database, stop: Stop, tell: Callable[[Told], None]) -> Compared:
    def told(done: Compared) -> None:
        tell(Told(name=done.endpoint, done=done.items, of=done.stale))

    return main_path.compare(endpoint, database, stop=stop, tell=told)


@contextmanager
def _work(name: str | None) -> Iterator[tuple[Database, _Chosen, Stop, Callable[[Told], None]]]:
    settings = from_environment()
    look_seldom()
    stopping = stoppable(what="the batch in hand")
    with writable(settings.database_url) as database, stopping as stop, shown_counting() as tell:
        yield database, _chosen(name, database, settings.config), stop, tell


def _chosen(name: str | None, database: Database, config: Path) -> _Chosen:
    """Give the endpoints of which there are items, as they are declared now, else as they were when last harvested.

    Raises LookupError where ``name`` is none of them, ConfigurationError where a file can not be read.
    """
    known = described_now(read_declarations(config), kept_declarations(database), read_operator_tables(config))
    asked = sorted(known, key=lambda each: each.name) if name is None else [_named(name, known)]
    unreadable = [each for each in asked if each.fault]
    for each in unreadable:
        complain(f"{each.name}: {each.fault}")
    harvested = [each for each in asked if each.kept_as is not None]
    if name is not None:
        harvested = [each for each in harvested if each.fault or _has_items(each, database)]
    if not harvested:
        note(f"{name or 'nothing'} has {'not ' if name else ''}been harvested yet: there is nothing to describe again")
    readable = tuple((each.endpoint, each.declared) for each in harvested if each.endpoint)
    return _Chosen(endpoints=readable, all_readable=not unreadable)


def _named(name: str, known: Iterable[Now]) -> Now:
    for each in known:
        if each.name == name:
            return each
        if each.kept_as == name:
            raise LookupError(f"{quoted(name)} is declared as {quoted(each.name)} now; name it so")
    raise LookupError(f"there is no endpoint {quoted(name)}; see `oai-ingest endpoints list`")


def _has_items(endpoint: Now, database: Database) -> bool:
    """Whether a harvest has brought anything: a scheduler makes an endpoint known before its first one."""
    return any(each.items for each in shown_endpoints(database) if each.name == endpoint.kept_as)

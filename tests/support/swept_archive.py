"""A repository that keeps no deletions, whose items come and go while it is served, and two sweeps a day apart."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from harvesting import endpoint_at, harvest_here, selection_of
from sqlalchemy import update
from watching import PAGE_SIZE, Watch

from ingest.endpoints import Endpoint
from ingest.identify_values import DeletedRecord
from ingest.ledger import Run
from ingest.records import Set
from ingest.store import tables
from ingest.store.engine import open_engine, write
from ingest.store.types import database_now
from workers.demo.items import Item
from workers.demo.repository import DemoRepository
from workers.demo.server import serve

_DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></oai_dc:dc>'
)
MORE_THAN_A_DAY = timedelta(hours=25).total_seconds()


def letter(number: int, *set_specs: str, deleted: bool = False, title: str | None = None, seconds: int = 0) -> Item:
    """Make the item of this number; another ``seconds`` makes its datestamp newer."""
    return Item(
        identifier=f"oai:swept:{number:03}",
        datestamp=f"2024-05-01T12:{number % 60:02}:{seconds:02}Z",
        formats={"oai_dc": _DC.format(title or f"Letter {number}").encode()},
        set_specs=set_specs,
        deleted=deleted,
    )


@dataclass
class SweptArchive:
    """Items by number; those named in ``gone`` are not told of any more."""

    items: list[Item]
    sets: tuple[str, ...] = ()
    page_size: int = PAGE_SIZE
    deleted_record: DeletedRecord = DeletedRecord.NO
    gone: set[int] = field(default_factory=set)
    watch: Watch = field(default_factory=Watch)
    url: str = ""

    def answer(self, arguments: Sequence[tuple[str, str]], *, base_url: str) -> bytes:
        """Answer as the items are now."""
        there = tuple(item for item in self.items if int(item.identifier.rpartition(":")[2]) not in self.gone)
        repository = DemoRepository(
            items=there,
            sets=tuple(Set(spec=spec, name=spec) for spec in self.sets),
            page_size=self.page_size,
            deleted_record=self.deleted_record,
            earliest_datestamp="2024-01-01T00:00:00Z",
        )
        return repository.answer(arguments, base_url=base_url)

    def endpoint(self, **keys: Any) -> Endpoint:
        """Declare the archive."""
        return endpoint_at(self.url, **keys)


@contextmanager
def archive_of(number: int, **told: Any) -> Iterator[SweptArchive]:
    """Serve an archive of so many letters."""
    archive = SweptArchive(items=[letter(each) for each in range(1, number + 1)], **told)
    with serve(archive, middleware=archive.watch) as url:
        archive.url = url
        yield archive


def harvest(database_url: str, archive: SweptArchive, endpoint: Endpoint | None = None, **asked: Any) -> Run:
    """Harvest what is new, or what is asked for."""
    endpoint = endpoint or archive.endpoint()
    return harvest_here(database_url, endpoint, selection=selection_of(endpoint, **asked), wait=lambda _s: None)


def sweep(database_url: str, archive: SweptArchive, endpoint: Endpoint | None = None, **asked: Any) -> Run:
    """Sweep once."""
    return harvest(database_url, archive, endpoint, sweep=True, **asked)


def a_day_passes(database_url: str, *, seconds: float = MORE_THAN_A_DAY) -> None:
    """Put every miss back in time."""
    engine = open_engine(database_url)
    earlier = update(tables.misses).values(missed_at=database_now(-seconds))
    write(engine, lambda connection: connection.execute(earlier))
    engine.dispose()

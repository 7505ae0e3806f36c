"""Generated repositories to harvest, how they are declared, and what an undisturbed harvest of them leaves."""

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from harvesting import endpoint_at, harvest_here
from watching import Watch

from ingest.ledger import Verdict
from ingest.normalise.vocabularies import rights_vocabulary
from ingest.records import Set
from ingest.store.schema import upgrade
from workers.demo.exchange import Answer, Request, Response, Writer
from workers.demo.generated import EARLIEST, GeneratedItems
from workers.demo.repository import DemoRepository
from workers.demo.server import serve


@contextmanager
def slow_repository(
    records: int,
    page_size: int,
    seconds_a_page: float,
    *,
    size: int = 800,
    sets: Sequence[str] = (),
    watch: Watch | None = None,
) -> Iterator[str]:
    """Serve so many generated records, the same ones every time, and yield the base URL.

    Each page of a list is answered after ``seconds_a_page``; requests do not wait for each other. ``watch`` notes what
    is asked, and its fault stands in front of the slowness. ``size``: about so many bytes of metadata a record.
    """
    ends = threading.Event()

    def slowly(request: Request, answer: Answer) -> Response | Writer:
        def late(asked: Request) -> Response:
            if asked.argument("verb") in {"ListRecords", "ListIdentifiers"}:
                ends.wait(seconds_a_page)
            return answer(asked)

        return watch(request, late) if watch else late(request)

    with serve(_generated(records, page_size, size=size, sets=sets), middleware=slowly) as base_url:
        try:
            yield base_url
        finally:
            ends.set()


def _generated(records: int, page_size: int, *, size: int, sets: Sequence[str]) -> DemoRepository:
    return DemoRepository(
        items=GeneratedItems(records, size=size, sets=sets),
        sets=tuple(Set(spec=name, name=name) for name in sets),
        page_size=page_size,
        # With these two, neither a list of everything nor Identify looks at all headers first.
        every_item_in_every_format=True,
        earliest_datestamp=f"{EARLIEST:%Y-%m-%dT%H:%M:%SZ}",
    )


def undisturbed(base_url: str, folder: Path, **keys: Any) -> str:
    """Harvest a repository in this process with nothing in the way, and give the new SQLite database's URL.

    ``keys`` are those of the endpoint, as the test declares it; without a ``name`` it is called ``tested``.
    """
    database_url = f"sqlite:///{folder / f'undisturbed-{uuid4().hex}.db'}"
    upgrade(database_url, vocabulary=rights_vocabulary())
    run = harvest_here(database_url, endpoint_at(base_url, **{"namespace": keys.get("name", "tested")} | keys))
    assert run.verdict is Verdict.COMPLETE, run.reasons
    return database_url


def declare(config: Path, endpoints: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write the declarations, each a name and its keys, into ``endpoints.toml`` of a folder, whole and at once."""
    path = config / "endpoints.toml"
    lines = []
    for name, keys in endpoints.items():
        lines += [f"[{json.dumps(name)}]", *(f"{key} = {_toml(value)}" for key, value in keys.items()), ""]
    config.mkdir(parents=True, exist_ok=True)
    written = path.with_suffix(".new")
    written.write_text("\n".join(lines), encoding="utf-8")
    return written.replace(path)


def _toml(value: Any) -> str:
    """Write a value as TOML does; but for tables, JSON writes it the same way."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(each)}" for key, each in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)

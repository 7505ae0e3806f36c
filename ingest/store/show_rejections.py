"""What the commands read of rejections: grouped, one by one, and with the bytes that could not be taken in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, func, select
from zstandard import frame_content_size

from ingest.store import ledger_tables, tables
from ingest.store.compression import decompress
from ingest.store.engine import Database, reading
from ingest.store.items import in_chunks

_rejections = tables.rejections.c
_endpoints = ledger_tables.endpoints.c
# The number of the dictionary, then the head of the compressed frame, which tells how long the content is.
_HEAD = 1 + 18
_ROWS_AT_ONCE = 500
_COPIED = ("metadata_prefix", "stage", "reason", "message", "attempts", "first_seen_at", "last_seen_at", "released_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which rejections are looked for; what is not given is not asked."""

    endpoint: str | None = None
    reason: str | None = None
    ids: tuple[int, ...] = ()
    released: bool = False
    """Those too whose record has been taken in since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRejection:
    """A rejection without its bytes."""

    rejection_id: int
    endpoint_id: int
    endpoint: str
    metadata_prefix: str
    identifier: str | None
    """The OAI identifier; None where the record told none."""
    stage: str
    reason: str
    message: str
    attempts: int
    """How often it has been read and rejected."""
    first_seen_at: datetime
    last_seen_at: datetime
    released_at: datetime | None
    """When the record was taken in after all; None: it is open."""
    run_id: int
    """The last run that met it."""
    length: int
    """Bytes of its content."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionGroup:
    """Rejections of one endpoint and prefix that have the same reason."""

    endpoint: str
    url: str
    metadata_prefix: str
    reason: str
    count: int
    without_identifier: int
    """How many of them no repository can be asked for one by one."""
    first_seen_at: datetime
    last_seen_at: datetime
    example: str | None
    """The OAI identifier of a late one; None where none of them has one."""
    message: str
    """What was said of the example."""


def rejection_groups(database: Database, wanted: Wanted) -> tuple[RejectionGroup, ...]:
    """Sum rejections up by reason, endpoint and prefix, the most frequent first."""
    names = (_rejections.endpoint_id, _rejections.metadata_prefix, _rejections.reason)
    without = func.sum(case((_rejections.oai_identifier.is_(None), 1), else_=0))
    with_identifier = case((_rejections.oai_identifier.is_not(None), _rejections.id))
    groups = _narrowed(
        select(
            *names,
            func.count().label("number"),
            without.label("without_identifier"),
            func.min(_rejections.first_seen_at).label("first_seen_at"),
            func.max(_rejections.last_seen_at).label("last_seen_at"),
            func.coalesce(func.max(with_identifier), func.max(_rejections.id)).label("example"),
        ).join(ledger_tables.endpoints),
        wanted,
    )
    summed = groups.group_by(*names).subquery()
    query = (
        select(summed, _endpoints.name, _endpoints.url, _rejections.oai_identifier, _rejections.message)
        .join(tables.rejections, _rejections.id == summed.c.example)
        .join(ledger_tables.endpoints, _endpoints.id == summed.c.endpoint_id)
        .order_by(summed.c.number.desc(), _endpoints.name, summed.c.metadata_prefix, summed.c.reason)
    )
    with reading(database) as connection:
        return tuple(
            RejectionGroup(
                endpoint=row.name,
                url=row.url,
                metadata_prefix=row.metadata_prefix,
                reason=row.reason,
                count=row.number,
                without_identifier=row.without_identifier,
                first_seen_at=row.first_seen_at,
                last_seen_at=row.last_seen_at,
                example=row.oai_identifier,
                message=row.message,
            )
            for row in connection.execute(query)
        )


def newest_rejections(database: Database, wanted: Wanted, *, most: int | None = None) -> Iterator[KeptRejection]:
    """Read rejections, those that were met last first, at most so many; a few at a time, however many there are."""
    query = _single(wanted).order_by(_rejections.last_seen_at.desc(), _rejections.id.desc()).limit(most)
    with (
        reading(database) as connection,
        connection.execution_options(yield_per=_ROWS_AT_ONCE).execute(query) as rows,
    ):
        yield from map(_kept, rows)


def rejections_to_retry(database: Database, wanted: Wanted, *, most: int) -> tuple[KeptRejection, ...]:
    """Read open rejections that can be asked for by name, at most so many: first those that were last met long ago."""
    query = _single(wanted).where(_rejections.oai_identifier.is_not(None), _rejections.released_at.is_(None))
    with reading(database) as connection:
        rows = connection.execute(query.order_by(_rejections.last_seen_at, _rejections.id).limit(most))
        return tuple(map(_kept, rows))


def read_rejections(database: Database, ids: Sequence[int]) -> dict[int, KeptRejection]:
    """Read the rejections that have these numbers, released ones too, as far as there are any."""
    with reading(database) as connection:
        return {
            row.id: _kept(row)
            for chunk in in_chunks(ids)
            for row in connection.execute(_single(Wanted(released=True, ids=tuple(chunk))))
        }


def read_content(database: Database, rejection_id: int) -> bytes:
    """Read the bytes of a rejection, as they came. Raises LookupError where there is no such rejection."""
    with reading(database) as connection:
        kept = connection.scalar(select(_rejections.content).where(_rejections.id == rejection_id))
    if kept is None:
        message = f"there is no rejection {rejection_id}; see `oai-ingest rejections list`"
        raise LookupError(message)
    return decompress(kept)


def kept_declaration(database: Database, endpoint_id: int) -> tuple[str, bool]:
    """Read how an endpoint was declared, as JSON, when it was last harvested, and whether a file declared it."""
    with reading(database) as connection:
        query = select(_endpoints.declaration, _endpoints.declared).where(_endpoints.id == endpoint_id)
        declaration, in_a_file = connection.execute(query).one()
        return declaration, bool(in_a_file)


def _narrowed(query: Select[*tuple[Any, ...]], wanted: Wanted) -> Select[*tuple[Any, ...]]:
    conditions: list[ColumnElement[bool]] = [] if wanted.released else [_rejections.released_at.is_(None)]
    conditions += [_endpoints.name == wanted.endpoint] if wanted.endpoint is not None else []
    conditions += [_rejections.reason == wanted.reason] if wanted.reason is not None else []
    conditions += [_rejections.id.in_(wanted.ids)] if wanted.ids else []
    return query.where(*conditions)


def _single(wanted: Wanted) -> Select[*tuple[Any, ...]]:
    copied = [_rejections[name] for name in _COPIED]
    head = func.substr(_rejections.content, 1, _HEAD).label("head")
    names = (_rejections.id, _rejections.endpoint_id, _rejections.run_id, _rejections.oai_identifier)
    return _narrowed(select(*names, *copied, head, _endpoints.name).join(ledger_tables.endpoints), wanted)


def _kept(row: Row[*tuple[Any, ...]]) -> KeptRejection:
    return KeptRejection(
        rejection_id=row.id,
        endpoint_id=row.endpoint_id,
        endpoint=row.name,
        identifier=row.oai_identifier,
        run_id=row.run_id,
        length=frame_content_size(bytes(row.head)[1:]),
        **{name: getattr(row, name) for name in _COPIED},
    )

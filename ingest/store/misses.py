"""Items that sweeps have missed: noted by a sweep that counts, forgotten as soon as anything brings the item again."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, func, select, update

from ingest.ledger import Coverage, ListName, Missed, Run, Swept
from ingest.store import ledger_tables, tables
from ingest.store.answers import PageWrite
from ingest.store.coverage import coverages_with_known, covered_lists
from ingest.store.digests import MISSED
from ingest.store.distinct import is_marked, keys_read, mark, marked_in_any
from ingest.store.driver import ask
from ingest.store.engine import reading, write
from ingest.store.items import in_chunks
from ingest.store.run_rows import run_inside
from ingest.store.runs import lists_of_run
from ingest.store.upserts import insert_into

_items = tables.items.c
_misses = tables.misses.c
_LOOKED_AT = 5000
"""Items of which it is looked at once whether they were found."""

Holding: TypeAlias = Callable[[Collection[str], Collection[ListName], Collection[ListName]], frozenset[ListName]]
"""Names the lists that may hold an item whose header names these sets, from the lists that are covered and the lists
that its run read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """The decisions that noting misses asks for, all of them pure."""

    counts: Callable[[Run, Iterable[Coverage]], bool]
    """Whether the sweep's word counts."""
    holding: Holding
    is_held: Callable[[Missed], bool]
    apart: timedelta
    """How far apart two sweeps have to begin that miss an item before it is deleted."""


_ANY = select(_misses.item_id).limit(1)


def forget_misses(connection: Connection, page: PageWrite) -> None:
    """Forget that the items which a page brings were missed, were they rejected: they are there.

    Nearly always there is nothing to forget.
    """
    if not ask(connection, _ANY, {}):
        return
    rejected = (rejection.identifier for rejection in page.rejections if rejection.identifier is not None)
    for chunk in in_chunks([*(answer.identifier for answer in page.answers), *page.listed, *rejected]):
        brought = select(_items.id).where(
            _items.endpoint_id == page.lease.endpoint_id,
            _items.metadata_prefix == page.voices.metadata_prefix,
            _items.oai_identifier.in_(chunk),
        )
        connection.execute(delete(tables.misses).where(_misses.item_id.in_(brought)))


def note_missed(engine: Engine, run_id: int, judging: Judging) -> int | None:
    """Note what a sweep has missed that has been read and not ended; give how many items another list may hold.

    None where the sweep does not count. Items that an earlier sweep has missed too, long enough before, are due from
    then on, or held. Doing it again changes nothing but for what has been deleted meanwhile.
    """
    return write(engine, partial(_note, run_id=run_id, judging=judging))


def _note(connection: Connection, *, run_id: int, judging: Judging) -> int | None:
    runs = ledger_tables.runs.c
    connection.execute(select(runs.id).where(runs.id == run_id).with_for_update(key_share=True))
    run = run_inside(connection, run_id)
    if not run.active or any(window.state == "open" for window in run.windows):
        return None
    swept = {window.list for window in run.windows}
    if not judging.counts(run, coverages_with_known(connection, run.endpoint_id, lists_of_run(run))):
        return None
    noting = _Noting(connection, run, judging)
    for prefix in sorted({name.metadata_prefix for name in swept}):
        noting.of_prefix(prefix)
    mine = _misses.due_run_id == run_id
    # What an earlier sweep held waits for a person, however little of it a later one has missed.
    waiting = connection.scalar(select(_misses.item_id).where(mine, _misses.held).limit(1)) is not None
    held = waiting or judging.is_held(noting.missed)
    connection.execute(update(tables.misses).where(mine).values(held=held))
    return noting.beside


class _Noting:
    """One sweep's misses while they are noted."""

    def __init__(self, connection: Connection, run: Run, judging: Judging) -> None:
        self.connection, self.run, self.judging = connection, run, judging
        self.found, _records = keys_read(connection, run)
        self.covered = covered_lists(connection, run.endpoint_id)
        self.due = self.beside = 0
        self.due_of: dict[ListName, int] = {}
        self.live: dict[ListName, int] = {}
        self._read: dict[int, frozenset[ListName]] = {}

    @property
    def missed(self) -> Missed:
        return Missed(due=self.due, due_of=self.due_of, live=self.live)

    def of_prefix(self, prefix: str) -> None:
        """Note the live items of a prefix that none of its lists has brought, and count those that there are."""
        lists = {name: bits for name, bits in self.found.items() if name.metadata_prefix == prefix}
        covered = [name for name in self.covered if name.metadata_prefix == prefix]
        found, live = marked_in_any(lists.values()), bytearray()
        for keys in self._live_items(prefix):
            mark(live, keys)
            unfound = [key for key in keys if not is_marked(found, key)]
            for chunk in in_chunks(unfound):
                self._unfound(chunk, covered, swept=lists.keys())
        for name, bits in lists.items():
            both = int.from_bytes(bits, "little") & int.from_bytes(live, "little")
            self.live[name] = self.live.get(name, 0) + both.bit_count()

    def _live_items(self, prefix: str) -> Iterator[Sequence[int]]:
        """Give the keys of the items that were live before this sweep, a few thousand at a time, each time in order."""
        of_prefix = (_items.endpoint_id == self.run.endpoint_id, _items.metadata_prefix == prefix)
        live = and_(_items.deleted.is_(False), _items.run_id < self.run.run_id)
        # By the identifiers, in the order of which they are indexed, all of them: so that each is looked at once.
        query = select(_items.oai_identifier, _items.id, live.label("live")).where(*of_prefix)
        query = query.order_by(_items.oai_identifier).limit(_LOOKED_AT)
        after = ""
        while rows := self.connection.execute(query.where(_items.oai_identifier > after)).all():
            after = rows[-1].oai_identifier
            yield sorted(row.id for row in rows if row.live)

    def _unfound(self, keys: Sequence[int], covered: Collection[ListName], *, swept: Collection[ListName]) -> None:
        missed: dict[int, frozenset[ListName]] = {}
        brought_by = self._brought_by(keys)
        for key, set_specs in self._set_specs(keys).items():
            lists = self.judging.holding(set_specs, covered, brought_by[key])
            if lists <= set(swept):
                missed[key] = lists
            elif not lists.isdisjoint(swept):
                self.beside += 1
        due = self._note(missed)
        for key, lists in missed.items():
            for name in lists:
                self.live[name] = self.live.get(name, 0) + 1
                self.due_of[name] = self.due_of.get(name, 0) + (key in due)
        self.due += len(due)

    def _set_specs(self, keys: Sequence[int]) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {key: [] for key in keys}
        sets = tables.item_sets.c
        for key, set_spec in self.connection.execute(select(sets.item_id, sets.set_spec).where(sets.item_id.in_(keys))):
            found[key].append(set_spec)
        return found

    def _brought_by(self, keys: Sequence[int]) -> dict[int, frozenset[ListName]]:
        """Give for each item the lists of its prefix that the run has read from which it came."""
        query = select(_items.id, _items.run_id, _items.metadata_prefix).where(_items.id.in_(keys))
        return {row.id: self._lists_read(row.run_id, row.metadata_prefix) for row in self.connection.execute(query)}

    def _lists_read(self, run_id: int, prefix: str) -> frozenset[ListName]:
        if run_id not in self._read:
            windows = ledger_tables.windows.c
            query = select(windows.metadata_prefix, windows.set_spec).where(windows.run_id == run_id).distinct()
            self._read[run_id] = frozenset(
                ListName(metadata_prefix=row.metadata_prefix, set_spec=row.set_spec)
                for row in self.connection.execute(query)
            )
        return frozenset(name for name in self._read[run_id] if name.metadata_prefix == prefix)

    def _note(self, keys: Collection[int]) -> set[int]:
        """Note misses, and give those that were missed before and are due now."""
        if not keys:
            return set()
        first = {"run_id": self.run.run_id, "missed_at": self.run.started_at}
        new = insert_into(tables.misses, self.connection.dialect.name)
        missing = new.on_conflict_do_nothing(index_elements=("item_id",))
        self.connection.execute(missing, [{"item_id": key, **first} for key in keys])
        again = (_misses.item_id.in_(keys), _misses.missed_at <= self.run.started_at - self.judging.apart)
        due = update(tables.misses).where(*again).values(due_run_id=self.run.run_id).returning(_misses.item_id)
        return set(self.connection.scalars(due))


# --- what has come of them ------------------------------------------------------------------------


def what_was_swept(engine: Engine, run: Run, *, beside: int = 0) -> Swept:
    """Count what has come of the items that a sweep has missed; nothing where there was nothing to count."""
    deleted = (_items.endpoint_id == run.endpoint_id, _items.run_id == run.run_id, _items.digest == MISSED)
    waiting = (_items.endpoint_id == run.endpoint_id, _misses.due_run_id.is_(None))
    with reading(engine) as connection:
        return Swept(
            waiting=_count(connection, *waiting, missed=True),
            held=_count(connection, _misses.due_run_id == run.run_id, missed=True),
            deleted=_count(connection, *deleted),
            beside=beside,
        )


def _count(connection: Connection, *which: ColumnElement[bool], missed: bool = False) -> int:
    counted = select(func.count()).select_from(tables.items).where(*which)
    if missed:
        # One that has been deleted since in another way keeps its miss until it comes again.
        counted = counted.join(tables.misses, _misses.item_id == _items.id).where(_items.deleted.is_(False))
    return connection.scalar(counted) or 0


def count_held(engine: Engine, run_id: int) -> int:
    """Count the items whose deletion a run holds."""
    with reading(engine) as connection:
        return _count(connection, _misses.due_run_id == run_id, missed=True)


def held_examples(engine: Engine, run_id: int, *, limit: int) -> tuple[str, ...]:
    """Name some of the items whose deletion a run holds, by their OAI identifiers."""
    query = (
        select(_items.oai_identifier)
        .join(tables.misses, _misses.item_id == _items.id)
        .where(_misses.due_run_id == run_id, _items.deleted.is_(False))
        .order_by(_items.oai_identifier)
        .limit(limit)
    )
    with reading(engine) as connection:
        return tuple(connection.scalars(query))


def forget_held(engine: Engine, run_id: int) -> int:
    """Forget what a run holds, as if its items had never been missed; give how many they were."""
    forgotten = delete(tables.misses).where(_misses.due_run_id == run_id).returning(_misses.item_id)
    return write(engine, lambda connection: len(connection.scalars(forgotten).all()))


def newest_holding(engine: Engine, endpoint_id: int) -> int | None:
    """Name the newest run that holds deletions of an endpoint."""
    query = (
        select(func.max(_misses.due_run_id))
        .join(tables.items, _items.id == _misses.item_id)
        .where(_items.endpoint_id == endpoint_id, _items.deleted.is_(False))
    )
    with reading(engine) as connection:
        newest: int | None = connection.execute(query).scalar_one()
        return newest

"""The page transaction: a page's records and the window's progress, together or not at all."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select, update

from ingest.descriptions import Content, Described
from ingest.errors import LeaseLost
from ingest.ledger import Window
from ingest.store import ledger_tables
from ingest.store.answers import Answer, Comparison, ItemState, KnownItem, Move, Outcome, PageWrite, compare_page
from ingest.store.causes import Cause, Why
from ingest.store.digests import to_json
from ingest.store.engine import write
from ingest.store.erasing import erase_items, without_forgotten, without_forgotten_rejections
from ingest.store.feed import Change, publish
from ingest.store.items import known_items, write_items, write_sets
from ingest.store.misses import forget_misses
from ingest.store.page_rows import keep_page_row
from ingest.store.records import Locked, Settled, lock_records, settle
from ingest.store.rejections import keep_rejections, release_rejections
from ingest.store.wanted import DescriptionsWanted, RolledBack
from ingest.store.window_rows import hold_lease, window_from, window_of

_windows = ledger_tables.windows.c
_MOST_ROUNDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PageKept:
    """The page is in the database."""

    window: Window
    """The window as it stands now."""
    loop: bool
    """The same token has brought the same elements before: the list goes in a circle."""
    seconds: float = 0.0
    """Since the window was first worked on, by the database's clock."""


def keep_page(engine: Engine, page: PageWrite, *, lease_seconds: float) -> PageKept | DescriptionsWanted:
    """Write a page and its window's progress in one transaction.

    Raises LeaseLost where the window has passed to another worker; then, and where descriptions are wanted, nothing is
    written.
    """
    for _round in range(_MOST_ROUNDS):
        try:
            return write(engine, lambda connection: _keep(connection, page, lease_seconds))
        except RolledBack as rolled_back:
            if rolled_back.wanted is not None:
                return rolled_back.wanted
    message = f"window {page.lease.window_id}: its records kept moving under other writers; it is taken up again later"
    raise LeaseLost(message)


def _keep(connection: Connection, page: PageWrite, lease_seconds: float) -> PageKept:
    now, pages = hold_lease(connection, page.lease, lease_seconds=lease_seconds)
    if pages > page.pages_before:
        # The connection was lost while the page was being committed, and it had been committed.
        return PageKept(window=window_of(connection, page.lease.window_id), loop=False)
    # Before anything is compared: whoever deletes what was missed does so before this, or not at all.
    forget_misses(connection, page)
    known = _known(connection, page)
    comparison = compare_page(known, page.answers)
    changes: Sequence[Change] = ()
    if comparison.moves:
        comparison, changes = _move(connection, page, comparison=comparison, known=known, now=now)
        known = _known(connection, page)
    release_rejections(connection, page, now)
    kept_page = _keep_rejections(connection, page, now)
    if kept_page is not page:
        # What came broken of forgotten records came all the same: their items are counted as what the page has read.
        page, known = kept_page, _known(connection, kept_page)
    kept = _keep_progress(connection, page, comparison=comparison, known=known, now=now)
    publish(connection, changes, now)
    return kept


def _keep_rejections(connection: Connection, page: PageWrite, now: datetime) -> PageWrite:
    """Write a page's rejections; give the page with those of forgotten records as identifiers alone."""
    kept = without_forgotten_rejections(connection, page)
    keep_rejections(connection, kept, now)
    if without_forgotten_rejections(connection, kept) is not kept:
        # Whoever forgets a record holds its endpoints: what we wrote has waited for that, and must not stay.
        raise RolledBack(None)
    return kept


def _known(connection: Connection, page: PageWrite) -> dict[str, KnownItem]:
    return known_items(
        connection,
        endpoint_id=page.lease.endpoint_id,
        metadata_prefix=page.voices.metadata_prefix,
        identifiers=[*(answer.identifier for answer in page.answers), *page.listed],
    )


def _move(
    connection: Connection,
    page: PageWrite,
    *,
    comparison: Comparison,
    known: Mapping[str, KnownItem],
    now: datetime,
) -> tuple[Comparison, Sequence[Change]]:
    """Lock, compare again under the locks, write items, then decide and write their records."""
    locked = _lock(connection, comparison, known, now)
    known = _known(connection, page)
    comparison = compare_page(known, page.answers)
    if comparison.undescribed:
        raise RolledBack(DescriptionsWanted(identifiers=comparison.undescribed))
    record_keys = _record_keys(comparison, known, locked)
    comparison = without_forgotten(page, comparison, record_keys, locked.forgotten)
    write_items(
        connection,
        comparison.moves,
        endpoint_id=page.lease.endpoint_id,
        voices=page.voices,
        record_keys=record_keys,
        now=now,
    )
    after = _known(connection, page)
    if any(after[name].record_key not in {None, *locked.by_key} for name in comparison.moves):
        # Another worker's answer gave the item a record meanwhile, which is not locked: begin again with it.
        raise RolledBack(None)
    write_sets(
        connection,
        {after[name].item_id: answer.record.header.set_specs for name, (_, answer) in comparison.moves.items()},
    )
    erase_items(connection, [after[name].item_id for name, key in record_keys.items() if key in locked.forgotten])
    settled = settle(
        connection,
        locked,
        contents=_contents(comparison, after),
        described=_words_kept(page, comparison, known),
        moved_to=_moved_to(known, after),
        why=Why(cause=Cause.REPOSITORY, run_id=page.lease.run_id),
        now=now,
    )
    _check(settled)
    return comparison, settled.changes


def _check(settled: Settled) -> None:
    if settled.silent:
        raise RolledBack(DescriptionsWanted(items=settled.silent))


def _identity(described: Described | None) -> tuple[str, str] | None:
    if described is None or described.record_id is None:
        return None
    return described.namespace, described.record_id


def _lock(connection: Connection, comparison: Comparison, known: Mapping[str, KnownItem], now: datetime) -> Locked:
    identities = {_identity(answer.described) for move, answer in comparison.moves.values() if move is Move.ITEM}
    pointed_to = {known[name].record_key for name in comparison.moves if name in known}
    return lock_records(
        connection,
        identities=(identity for identity in identities if identity is not None),
        pointed_to=(key for key in pointed_to if key is not None),
        now=now,
    )


def _record_keys(comparison: Comparison, known: Mapping[str, KnownItem], locked: Locked) -> dict[str, int | None]:
    """Say to which record each moved item belongs. A record that is not locked means: begin again."""
    keys: dict[str, int | None] = {}
    for name, (move, answer) in comparison.moves.items():
        before = known[name].record_key if name in known else None
        identity = _identity(answer.described) if move is Move.ITEM else None
        if answer.record.header.deleted and before is not None:
            identity = None
        after = before if identity is None else locked.keys.get(identity)
        if identity is not None and after is None:
            raise RolledBack(None)
        if move is Move.ITEM and identity is None and not answer.record.header.deleted:
            # A live item that no longer says to which record it belongs stays where it was.
            after = before
        if {key for key in (before, after) if key is not None} - locked.by_key.keys():
            raise RolledBack(None)
        keys[name] = after
    return keys


def _contents(comparison: Comparison, after: Mapping[str, KnownItem]) -> dict[int, Content]:
    """Give what this page's live items say."""
    return {
        after[name].item_id: answer.described.content
        for name, (move, answer) in comparison.moves.items()
        if move is Move.ITEM and answer.described is not None and not answer.record.header.deleted
    }


def _words_kept(page: PageWrite, comparison: Comparison, known: Mapping[str, KnownItem]) -> dict[ItemState, Described]:
    """Give what stored items say by their states as they are now: a tombstone keeps what its item last said."""
    descriptions = dict(page.descriptions)
    for name, (_move, answer) in comparison.moves.items():
        if answer.record.header.deleted and name in known:
            before = known[name]
            state = (before.item_id, before.digest, before.profile_id)
            if state in descriptions:
                descriptions[before.item_id, answer.digest, page.voices.profile_id] = descriptions[state]
    return descriptions


def _moved_to(known: Mapping[str, KnownItem], after: Mapping[str, KnownItem]) -> dict[int, frozenset[int]]:
    moved: dict[int, frozenset[int]] = {}
    for name, before in known.items():
        old, new = before.record_key, after[name].record_key
        if old is not None and new is not None and old != new:
            moved[old] = moved.get(old, frozenset()) | {new}
    return moved


def _keep_progress(
    connection: Connection,
    page: PageWrite,
    *,
    comparison: Comparison,
    known: Mapping[str, KnownItem],
    now: datetime,
) -> PageKept:
    """Count the page into its window and note what it read."""
    progress, count = page.progress, (*comparison.outcomes, *[Outcome.UNCHANGED] * len(page.listed)).count
    length = len(page.answers) + len(page.listed) + len(page.rejections)
    row = connection.execute(
        update(ledger_tables.windows)
        .where(_windows.id == page.lease.window_id)
        .values(
            token=progress.token,
            state="ended" if progress.ended else "abandoned" if progress.reason else "open",
            reason=progress.reason,
            message=progress.message,
            announced=_windows.announced if progress.announced is None else progress.announced,
            read=_windows.read + length,
            last_length=length or _windows.last_length,
            empty_pages=0 if length else _windows.empty_pages + 1,
            pages=_windows.pages + 1,
            outages=0,
            deaths=0,
            seen=_windows.seen + length,
            rejected=_windows.rejected + len(page.rejections),
            repaired=_windows.repaired + len(progress.repairs),
            outside_range=_windows.outside_range + progress.outside_range,
            outside_set=_windows.outside_set + progress.outside_set,
            **_repairs(connection, page),
            without_metadata=_windows.without_metadata + sum(map(_without_metadata, page.answers)),
            not_understood=_windows.not_understood + _not_understood(page.answers, known),
            bytes=_windows.bytes + progress.size,
            **{outcome.value: _windows[outcome.value] + count(outcome) for outcome in Outcome},
        )
        .returning(ledger_tables.windows)
    ).one()
    window = window_from(row)
    loop = keep_page_row(connection, page, window=window, known=known)
    return PageKept(window=window, loop=loop, seconds=(now - (row.begun_at or now)).total_seconds())


def _repairs(connection: Connection, page: PageWrite) -> dict[str, str]:
    """Give the window's repairs with the page's added to them; nothing where the page needed none."""
    if not page.progress.repairs:
        return {}
    of_window = select(_windows.repairs).where(_windows.id == page.lease.window_id)
    told: dict[str, tuple[int, str | None]] = json.loads(connection.execute(of_window).scalar_one())
    for repair in page.progress.repairs:
        count, first = told.get(repair.name, (0, None))
        told[repair.name] = (count + 1, first or repair.identifier)
    return {"repairs": to_json(told)}


def _without_metadata(answer: Answer) -> bool:
    return answer.record.metadata is None and not answer.record.header.deleted


def _not_understood(answers: Sequence[Answer], known: Mapping[str, KnownItem]) -> int:
    """Count what came with metadata that no crosswalk knows; deleted records have none."""
    return sum(answer.record.metadata is not None and not known[answer.identifier].understood for answer in answers)

"""The page transaction: a page's records and the window's progress, together or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Engine

from ingest.errors import LeaseLost
from ingest.ledger import Window
from ingest.store import tables
from ingest.store.answers import (
    Comparison,
    KnownItem,
    Move,
    PageWrite,
    compare_page,
    identity_of,
)
from ingest.store.causes import Cause, Why
from ingest.store.drafts import Draft, Identity, agree, drafts_of, inserted
from ingest.store.engine import write
from ingest.store.erasing import erase_items, without_forgotten, without_forgotten_rejections
from ingest.store.feed import Change, publish
from ingest.store.items import known_items, write_items, write_sets
from ingest.store.keys import allot_keys
from ingest.store.locking import Locked, lock_records
from ingest.store.misses import forget_misses
from ingest.store.moving import contents_of, items_after, moved_to, record_keys_of, words_kept
from ingest.store.page_rows import keep_page_row
from ingest.store.progress import count_page
from ingest.store.record_rows import changed_row
from ingest.store.records import Settled, settle
from ingest.store.rejections import keep_rejections, release_rejections
from ingest.store.types import instant_for
from ingest.store.wanted import DescriptionsWanted, RolledBack
from ingest.store.window_rows import hold_lease, window_from, window_of

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
            return write(engine, partial(_keep, page=page, lease_seconds=lease_seconds))
        except RolledBack as rolled_back:
            if rolled_back.wanted is not None:
                return rolled_back.wanted
        # What was known has moved, or this would have succeeded.
        page = replace(page, known=None)
    message = f"window {page.lease.window_id}: its records kept moving under other writers; it is taken up again later"
    raise LeaseLost(message)


def _keep(connection: Connection, page: PageWrite, lease_seconds: float) -> PageKept:
    now, pages = hold_lease(connection, page.lease, lease_seconds=lease_seconds)
    if pages > page.pages_before:
        # The connection was lost while the page was being committed, and it had been committed.
        return PageKept(window=window_of(connection, page.lease.window_id), loop=False)
    # Before anything is compared: whoever deletes what was missed does so before this, or not at all.
    forget_misses(connection, page)
    known = _known(connection, page) if page.known is None else page.known
    comparison = compare_page(known, page.answers)
    if page.known is None and comparison.undescribed:
        raise RolledBack(DescriptionsWanted(identifiers=comparison.undescribed, known=known))
    if page.known is not None and not comparison.moves:
        # What was known may have moved since; where something moves, it is compared again under the locks.
        known, comparison = _compared_again(connection, page, known, comparison)
    changes: Sequence[Change] = ()
    if comparison.moves:
        comparison, known, changes = _move(connection, page, comparison=comparison, known=known, now=now)
    release_rejections(connection, page, now)
    kept_page = _keep_rejections(connection, page, now)
    if kept_page is not page:
        # What came broken of forgotten records came all the same: their items are counted as what the page has read.
        page, known = kept_page, _known(connection, kept_page)
    row = count_page(connection, page, outcomes=comparison.outcomes, known=known)
    window = window_from(row)
    loop = keep_page_row(connection, page, window=window, known=known)
    publish(connection, changes, now)
    return PageKept(window=window, loop=loop, seconds=(now - (row["begun_at"] or now)).total_seconds())


def _keep_rejections(connection: Connection, page: PageWrite, now: datetime) -> PageWrite:
    """Write a page's rejections; give the page with those of forgotten records as identifiers alone."""
    kept = without_forgotten_rejections(connection, page)
    keep_rejections(connection, kept, now)
    if without_forgotten_rejections(connection, kept) is not kept:
        # Whoever forgets a record holds its endpoints: what we wrote has waited for that, and must not stay.
        raise RolledBack(None)
    return kept


def _known(
    connection: Connection, page: PageWrite, before: Mapping[str, KnownItem] | None = None
) -> dict[str, KnownItem]:
    return known_items(
        connection,
        endpoint_id=page.lease.endpoint_id,
        metadata_prefix=page.voices.metadata_prefix,
        identifiers=[*(answer.identifier for answer in page.answers), *page.listed],
        before=before,
    )


def _compared_again(
    connection: Connection, page: PageWrite, known: Mapping[str, KnownItem], comparison: Comparison
) -> tuple[Mapping[str, KnownItem], Comparison]:
    """Read what is known of the page's items now, and compare the page with it where that is something else."""
    now_known = _known(connection, page, known)
    return now_known, comparison if now_known is known or now_known == known else compare_page(now_known, page.answers)


def _move(
    connection: Connection,
    page: PageWrite,
    *,
    comparison: Comparison,
    known: Mapping[str, KnownItem],
    now: datetime,
) -> tuple[Comparison, Mapping[str, KnownItem], Sequence[Change]]:
    """Lock, compare again under the locks, write items, then decide and write their records.

    Give the comparison, and the items as they stand from now on, beside the changes.
    """
    why = Why(cause=Cause.REPOSITORY, run_id=page.lease.run_id)
    new = _new_items(connection, comparison, known)
    drafts = drafts_of(page, comparison, known=known, new=new)
    locked = _lock(connection, comparison, known, drafts=drafts, why=why, now=now)
    known, comparison = _compared_again(connection, page, known, comparison)
    if comparison.undescribed:
        raise RolledBack(DescriptionsWanted(identifiers=comparison.undescribed))
    record_keys = record_keys_of(comparison, known, locked)
    forgotten = locked.forgotten()
    comparison = without_forgotten(page, comparison, record_keys, forgotten)
    after = items_after(page, comparison, known, new=new, record_keys=record_keys)
    records = inserted(drafts, locked)
    if not agree(records, comparison, after):
        raise RolledBack(None)
    _write_items(connection, page, comparison, known, after=after, now=now)
    erase_items(connection, [after[name].item_id for name, key in record_keys.items() if key in forgotten])
    settled = settle(
        connection,
        locked,
        contents=contents_of(comparison, after),
        described=words_kept(page, comparison, known),
        moved_to=moved_to(known, after),
        why=why,
        now=now,
        drafts=records,
    )
    _check(settled)
    return comparison, after, settled.changes


def _new_items(connection: Connection, comparison: Comparison, known: Mapping[str, KnownItem]) -> dict[str, int]:
    """Give the keys that the items of the page are going to have which are not known."""
    names = sorted(name for name in comparison.moves if name not in known)
    return dict(zip(names, allot_keys(connection, tables.items.c.id, len(names)), strict=True))


def _write_items(
    connection: Connection,
    page: PageWrite,
    comparison: Comparison,
    known: Mapping[str, KnownItem],
    *,
    after: Mapping[str, KnownItem],
    now: datetime,
) -> None:
    """Write the items that move, with their sets."""
    moves = comparison.moves
    done = write_items(
        connection, moves, after=after, new=moves.keys() - known.keys(), lease=page.lease, voices=page.voices, now=now
    )
    if not done:
        # Another worker was faster with an item that has no record which we could have locked: begin again.
        raise RolledBack(None)
    write_sets(
        connection,
        {after[name].item_id: answer.record.header.set_specs for name, (_, answer) in moves.items()},
        old=[known[name].item_id for name in moves if name in known],
    )


def _check(settled: Settled) -> None:
    if settled.silent:
        raise RolledBack(DescriptionsWanted(items=settled.silent))


def _lock(
    connection: Connection,
    comparison: Comparison,
    known: Mapping[str, KnownItem],
    *,
    drafts: Mapping[Identity, Draft],
    why: Why,
    now: datetime,
) -> Locked:
    identities = {identity_of(answer.described) for move, answer in comparison.moves.values() if move is Move.ITEM}
    pointed_to = {known[name].record_key for name in comparison.moves if name in known}
    changed_at = instant_for(now, connection.dialect)
    return lock_records(
        connection,
        identities=(identity for identity in identities if identity is not None),
        pointed_to=(key for key in pointed_to if key is not None),
        now=now,
        decided={
            identity: changed_row(draft.decision, draft.rows, why, changed_at) for identity, draft in drafts.items()
        },
    )

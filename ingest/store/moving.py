"""What a page's moves make of its items, and what is known of them when their records are decided: pure functions."""

from collections.abc import Mapping

from ingest.descriptions import Content, Described
from ingest.store.answers import Comparison, ItemState, KnownItem, Move, PageWrite, identity_of
from ingest.store.digests import FORGOTTEN
from ingest.store.locking import Locked
from ingest.store.wanted import RolledBack


def record_keys_of(comparison: Comparison, known: Mapping[str, KnownItem], locked: Locked) -> dict[str, int | None]:
    """Say to which record each moved item belongs. A record that is not locked means: begin again."""
    keys: dict[str, int | None] = {}
    for name, (move, answer) in comparison.moves.items():
        before = known[name].record_key if name in known else None
        # An item that is deleted, or no longer says to which record it belongs, stays where it was.
        stays = before is not None and answer.record.header.deleted
        identity = identity_of(answer.described) if move is Move.ITEM and not stays else None
        after = before if identity is None else locked.keys.get(identity)
        if identity is not None and after is None:
            raise RolledBack(None)
        if not (locked.has(before) and locked.has(after)):
            raise RolledBack(None)
        keys[name] = after
    return keys


def items_after(
    page: PageWrite,
    comparison: Comparison,
    known: Mapping[str, KnownItem],
    *,
    new: Mapping[str, int],
    record_keys: Mapping[str, int | None],
) -> dict[str, KnownItem]:
    """Give the items of the page as they stand when it is written."""
    after = dict(known)
    for name, (move, answer) in comparison.moves.items():
        before = known.get(name)
        if before is None and name not in new:
            # It was known before the records were locked, and is no more.
            raise RolledBack(None)
        if move is Move.HEADER and before is not None:
            continue
        deleted = answer.record.header.deleted
        described = answer.described
        kept = before if deleted and answer.digest != FORGOTTEN else None
        after[name] = KnownItem(
            item_id=before.item_id if before else new[name],
            record_key=kept.record_key if kept else record_keys[name],
            deleted=deleted,
            understood=kept.understood if kept else described is not None and described.understood,
            digest=answer.digest,
            header_digest=answer.header_digest,
            profile_id=page.voices.profile_id,
            rank=answer.rank,
        )
    return after


def contents_of(comparison: Comparison, after: Mapping[str, KnownItem]) -> dict[int, Content]:
    """Give what this page's live items say."""
    return {
        after[name].item_id: answer.described.content
        for name, (move, answer) in comparison.moves.items()
        if move is Move.ITEM and answer.described is not None and not answer.record.header.deleted
    }


def words_kept(page: PageWrite, comparison: Comparison, known: Mapping[str, KnownItem]) -> dict[ItemState, Described]:
    """Give what stored items say by their states as they are now: a tombstone keeps what its item last said."""
    descriptions = dict(page.descriptions)
    for name, (_move, answer) in comparison.moves.items():
        if answer.record.header.deleted and name in known:
            before = known[name]
            state = (before.item_id, before.digest, before.profile_id)
            if state in descriptions:
                descriptions[before.item_id, answer.digest, page.voices.profile_id] = descriptions[state]
    return descriptions


def moved_to(known: Mapping[str, KnownItem], after: Mapping[str, KnownItem]) -> dict[int, frozenset[int]]:
    """Say to which records the items of a record have gone."""
    moved: dict[int, frozenset[int]] = {}
    for name, before in known.items():
        old, new = before.record_key, after[name].record_key
        if old is not None and new is not None and old != new:
            moved[old] = moved.get(old, frozenset()) | {new}
    return moved

"""What becomes of a record when its items have moved: one pure decision."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.descriptions import Content
from ingest.store.digests import record_digest
from ingest.store.precedence import Voice, speaking


class KnownRecord(NamedTuple):
    """A record as it stands, locked."""

    key: int
    item_id: int | None
    digest: bytes | None
    version: int
    deleted: bool
    merged_into: int | None
    items_gone_to: int | None = None
    """The record to which items of this one have gone, while others stayed or none did; SEVERAL, or None."""
    forgotten: bool = False
    """A person had it forgotten: whatever its items say, it stays as it is."""


SEVERAL = 0
"""No record's key: items have gone to more than one other record."""


def gone_to(record: KnownRecord, targets: frozenset[int]) -> int | None:
    """Say to which record items have gone when some go to ``targets`` now: to one, to SEVERAL, or to none.

    All that have gone since something last came to it count, in one transaction or in many: the order in which they
    go must not tell.
    """
    deserted = record.version > 0 and record.item_id is None
    before = frozenset[int]() if deserted or record.items_gone_to is None else {record.items_gone_to}
    all_targets = targets | before
    return next(iter(all_targets), None) if len(all_targets) <= 1 else SEVERAL


class Decision(NamedTuple):
    """What a record becomes: who speaks, what it says where that is new, and the change that catalogues are told."""

    record: KnownRecord
    item_id: int | None
    deleted: bool
    merged_into: int | None
    content: Content | None
    """None: what it says stays."""
    digest: bytes | None
    change: str | None
    """None: nothing that catalogues read has changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Silent:
    """The item that speaks from now on has not been described: ask again with its description."""

    item_id: int


def decide(
    record: KnownRecord,
    voices: Sequence[Voice],
    *,
    contents: Mapping[int, Content],
    wordless: Collection[int],
    merged_into: int | None,
) -> Decision | Silent | None:
    """Decide one record from all its items.

    ``contents`` holds what items say that were described just now, ``wordless`` the items that never brought metadata,
    ``merged_into`` the one record to which the items of a record without any have gone. None: an empty row that no item
    has come to, to be taken away.
    """
    speaker = speaking(voices)
    if speaker is None:
        return _deserted(record, merged_into)
    content = _content(record, speaker.item_id, contents=contents, wordless=wordless)
    if isinstance(content, Silent):
        return content
    digest = record.digest if content is None else record_digest(content)
    return Decision(
        record=record,
        item_id=speaker.item_id,
        deleted=speaker.deleted,
        merged_into=None,
        # Written even where catalogues read the same: the rules that are shown with it may be others.
        content=content,
        digest=digest,
        change=_change(record, deleted=speaker.deleted, said_anew=digest != record.digest),
    )


def _content(
    record: KnownRecord, item_id: int, *, contents: Mapping[int, Content], wordless: Collection[int]
) -> Content | Silent | None:
    if item_id in contents:
        return contents[item_id]
    if item_id in wordless:
        return Content()
    if item_id == record.item_id and record.digest is not None:
        return None
    return Silent(item_id=item_id)


def _deserted(record: KnownRecord, merged_into: int | None) -> Decision | None:
    if record.version == 0:
        return None
    gone = None if record.deleted else "deleted"
    return Decision(
        record=record,
        item_id=None,
        deleted=True,
        merged_into=merged_into or record.merged_into,
        content=None,
        digest=record.digest,
        change="merged" if merged_into else gone,
    )


def _change(record: KnownRecord, *, deleted: bool, said_anew: bool) -> str | None:
    if record.version == 0:
        return "deleted" if deleted else "created"
    if record.deleted != deleted or record.merged_into is not None:
        return "deleted" if deleted else "restored"
    return "changed" if said_anew else None

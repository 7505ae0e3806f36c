"""What a page brings, as the store takes it, and what it means beside what is known: values and one pure comparison."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, TypeAlias

from ingest.descriptions import Described
from ingest.endpoints import Profile
from ingest.records import Record, Rejection, Repair
from ingest.store.digests import FORGOTTEN
from ingest.store.leases import Lease

ItemState: TypeAlias = tuple[int, bytes, int]
"""An item, its digest, and the profile by which it is described: what it says changes with each of them."""


class KnownItem(NamedTuple):
    """What the database knows of an item, as far as an answer is compared with it."""

    item_id: int
    record_key: int | None
    deleted: bool
    understood: bool
    digest: bytes
    header_digest: bytes
    profile_id: int
    rank: tuple[int, str, str, bytes]
    """Run, responseDate, datestamp as sortable text, digest: an answer replaces an item only if its rank is greater.

    The run stands first because runs of an endpoint follow each other by our own count, whatever a server's clock says.
    """


class Answer(NamedTuple):
    """One record element that could be read, with its digests and, where it was described, its description."""

    record: Record
    digest: bytes
    header_digest: bytes
    rank: tuple[int, str, str, bytes]
    described: Described | None
    """None where the item was known with the same digest: what is unchanged is not described."""

    @property
    def identifier(self) -> str:
        """The item's OAI identifier."""
        return self.record.header.identifier


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """An item as kept, with the profile that it is described by."""

    item_id: int
    digest: bytes
    record: Record
    metadata_prefix: str
    profile_id: int
    profile: Profile

    @property
    def state(self) -> ItemState:
        """What its description is good for: the item as it says this, described so."""
        return self.item_id, self.digest, self.profile_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """How the items of one list speak: the same for each item of a page."""

    endpoint: str
    metadata_prefix: str
    prefix_position: int
    priority: int
    profile_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where the window stands after a page."""

    token: str | None
    """What to ask with next; None where the list does not go on."""
    ended: bool = False
    reason: str | None = None
    """Why the list can not be read to its end, where it neither goes on nor ended."""
    message: str | None = None
    announced: int | None = None
    size: int = 0
    repairs: tuple[Repair, ...] = ()
    outside_range: int = 0
    outside_set: int = 0
    damaged: bool = False
    """The page came in part, and what it stands for is read in another way: it tells nothing of circles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWrite:
    """One page on its way into the database."""

    lease: Lease
    pages_before: int
    """How many pages the window had when this one was asked for: none is counted twice."""
    voices: Voices
    answers: tuple[Answer, ...]
    rejections: tuple[Rejection, ...]
    progress: Progress
    listed: tuple[str, ...] = ()
    """Identifiers of live headers that say of their items only that they are there."""
    known: Mapping[str, KnownItem] | None = None
    """What was known of the page's items when it was described: a hint, which is held against the database."""
    descriptions: Mapping[ItemState, Described] = field(default_factory=dict)
    """For stored items that speak from now on, as they were when they were described."""


class Outcome(StrEnum):
    """What an element of a page did to its item."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    RESTORED = "restored"


class Move(StrEnum):
    """How an item has to be written."""

    NOTHING = "nothing"
    HEADER = "header"
    ITEM = "item"


# Most of what comes; Python 3.11 takes as long to find an enumeration's member as the comparison takes.
_AS_IT_WAS = Outcome.UNCHANGED, Move.NOTHING


def compare(known: KnownItem | Answer | None, answer: Answer) -> tuple[Outcome, Move]:
    """Say what ``answer`` means beside what is known of its item, or beside an earlier answer of the same page."""
    if isinstance(known, KnownItem) and known.digest == FORGOTTEN:
        return _AS_IT_WAS
    deleted = answer.record.header.deleted
    if known is None:
        return (Outcome.DELETED if deleted else Outcome.CREATED), Move.ITEM
    if known.digest == answer.digest:
        moved = known.header_digest != answer.header_digest and answer.rank > known.rank
        return (Outcome.UNCHANGED, Move.HEADER) if moved else _AS_IT_WAS
    if answer.rank <= known.rank:
        return _AS_IT_WAS
    was_deleted = known.record.header.deleted if isinstance(known, Answer) else known.deleted
    if deleted:
        return (Outcome.UNCHANGED if was_deleted else Outcome.DELETED), Move.ITEM
    return (Outcome.RESTORED if was_deleted else Outcome.CHANGED), Move.ITEM


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A page beside what is known: an outcome an element, and the last answer of each item that has to be written."""

    outcomes: tuple[Outcome, ...]
    moves: Mapping[str, tuple[Move, Answer]]
    undescribed: frozenset[str]
    """Identifiers whose answer was not described although the database now needs it."""


def compare_page(known: Mapping[str, KnownItem], answers: tuple[Answer, ...]) -> Comparison:
    """Compare each answer in turn; an identifier that stands twice is compared with its own first answer."""
    outcomes: list[Outcome] = []
    moves: dict[str, tuple[Move, Answer]] = {}
    _, nothing = _AS_IT_WAS
    for answer in answers:
        identifier = answer.identifier
        earlier = moves.get(identifier)
        outcome, move = compare(earlier[1] if earlier else known.get(identifier), answer)
        outcomes.append(outcome)
        if move is nothing:
            continue
        if move is Move.HEADER and earlier is not None and earlier[0] is Move.ITEM:
            move = Move.ITEM
        moves[identifier] = (move, answer)
    undescribed = frozenset(
        identifier for identifier, (move, answer) in moves.items() if move is Move.ITEM and answer.described is None
    )
    return Comparison(outcomes=tuple(outcomes), moves=moves, undescribed=undescribed)


def identity_of(described: Described | None) -> tuple[str, str] | None:
    """Give the namespace and record ID that a description tells; None where it tells none."""
    if described is None or described.record_id is None:
        return None
    return described.namespace, described.record_id

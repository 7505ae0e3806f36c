"""Describe again, from what is kept and without the network, the items that other rules have described."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from ingest.descriptions import Described
from ingest.endpoints import Endpoint, Profile
from ingest.keep import describe_or_reject, with_descriptions
from ingest.operator_tables import OperatorTables
from ingest.profiles import RULES, profile_of
from ingest.records import Rejection
from ingest.store.answers import Voices
from ingest.store.differing import Difference, differences
from ingest.store.endpoints import find_endpoint, keep_endpoint, keep_profile
from ingest.store.engine import Database
from ingest.store.restating import Restatement, foresee, restate
from ingest.store.stale import StaleItem, count_stale, known_profiles, stale_batches

MOST_DIFFERENCES = 50_000
"""Differences that are told apart; further ones are only counted, so that memory stays bounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Redescribed:
    """How far describing again is, or how it ended, for one endpoint."""

    endpoint: str
    stale: int
    """Items that were described by another profile when this began."""
    newer: int = 0
    """Items that a newer program has described, and that this one lets be."""
    looked_at: int = 0
    """Items that were read for it; others may have moved them meanwhile."""
    items: int = 0
    """Described again."""
    moved: int = 0
    """Of these, items that belong to another record now."""
    changes: Counter[str] = field(default_factory=Counter)
    """Records by what was published of them: ``changed``, ``created``, ``deleted``, ``merged``, ``restored``."""
    refused: Counter[str] = field(default_factory=Counter)
    """Items that the new rules can not describe, by reason; they stay as they are."""
    example: str | None = None
    """What is wrong with the first of them."""
    left: int = 0
    """Items that are still described by another profile at the end, those that are refused among them."""
    stopped: bool = False


@dataclass(slots=True, kw_only=True)
class Compared:
    """What describing again would change; filled as it goes."""

    endpoint: str
    stale: int
    newer: int = 0
    items: int = 0
    records: int = 0
    """Records of which a catalogue would be told something new."""
    changes: Counter[str] = field(default_factory=Counter)
    """These records by what would be published of them."""
    counts: Counter[Difference] = field(default_factory=Counter)
    examples: dict[Difference, str] = field(default_factory=dict)
    """The namespace and record ID of the first record of each difference."""
    further: int = 0
    """Differences beyond the most that are told apart."""
    refused: Counter[str] = field(default_factory=Counter)
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """An endpoint as it describes now."""

    endpoint_id: int
    endpoint: Endpoint
    profile: Profile
    profile_id: int
    tables: OperatorTables
    database: Database


def renormalise(
    endpoint: Endpoint,
    database: Database,
    *,
    declared: bool,
    stop: Callable[[], bool],
    tell: Callable[[Redescribed], None],
) -> Redescribed:
    """Describe an endpoint's stale items again, in batches that are each whole; what is described need not be again.

    ``stop`` is looked at between batches. ``tell`` is told how far it is after each.
    """
    work = _prepare(endpoint, keep_endpoint(database, endpoint, declared=declared), database)
    stale, newer = _counts(work)
    done = Redescribed(endpoint=endpoint.name, stale=stale, newer=newer)
    for batch in _batches(work):
        if stop():
            done = replace(done, stopped=True)
            break
        done = _after(batch, done, work)
        tell(done)
    left, _ = _counts(work)
    return replace(done, left=left)


def compare(
    endpoint: Endpoint, database: Database, *, stop: Callable[[], bool], tell: Callable[[Compared], None]
) -> Compared:
    """Say what ``renormalise`` would change, and change nothing that a catalogue reads, an endpoint's name included."""
    endpoint_id = find_endpoint(database, endpoint)
    if endpoint_id is None:
        return Compared(endpoint=endpoint.name, stale=0)
    work = _prepare(endpoint, endpoint_id, database)
    stale, newer = _counts(work)
    compared = Compared(endpoint=endpoint.name, stale=stale, newer=newer)
    for batch in _batches(work):
        if stop():
            compared.stopped = True
            break
        _compare(batch, compared, work)
        tell(compared)
    return compared


def _prepare(endpoint: Endpoint, endpoint_id: int, database: Database) -> _Work:
    profile = profile_of(endpoint)
    return _Work(
        endpoint_id=endpoint_id,
        endpoint=endpoint,
        profile=profile,
        profile_id=keep_profile(database, profile),
        tables=endpoint.operator_tables,
        database=database,
    )


def _counts(work: _Work) -> tuple[int, int]:
    profiles = known_profiles(work.database, work.profile_id, rules=RULES)
    return count_stale(work.database, work.endpoint_id, profiles)


def _batches(work: _Work) -> Iterator[tuple[StaleItem, ...]]:
    profiles = partial(known_profiles, work.database, work.profile_id, rules=RULES)
    return stale_batches(work.database, work.endpoint_id, profiles)


# --- describing again -----------------------------------------------------------------------------


def _after(batch: Sequence[StaleItem], done: Redescribed, work: _Work) -> Redescribed:
    """Describe a batch and write it; what the new rules can not describe stays as it is."""
    restatements, refused = _restatements(batch, work)
    restated = with_descriptions(partial(restate, work.database, restatements), work.database)
    return replace(
        done,
        looked_at=done.looked_at + len(batch),
        items=done.items + restated.items,
        moved=done.moved + restated.moved,
        changes=done.changes + Counter(change.change for change in restated.changes),
        refused=done.refused + Counter(each.reason for each in refused),
        example=done.example or next((f"{each.identifier}: {each.message}" for each in refused), None),
    )


def _restatements(batch: Sequence[StaleItem], work: _Work) -> tuple[list[Restatement], list[Rejection]]:
    restatements: list[Restatement] = []
    refused: list[Rejection] = []
    for item in batch:
        described = describe_or_reject(
            item.record, metadata_prefix=item.metadata_prefix, profile=work.profile, tables=work.tables
        )
        if isinstance(described, Rejection):
            refused.append(described)
        else:
            restatements.append(Restatement(item=item, described=described, voices=_voices(item, work)))
    return restatements, refused


def _voices(item: StaleItem, work: _Work) -> Voices:
    return Voices(
        endpoint=work.endpoint.name,
        metadata_prefix=item.metadata_prefix,
        prefix_position=work.profile.prefix_position(item.metadata_prefix),
        priority=work.profile.priority,
        profile_id=work.profile_id,
    )


# --- comparing ------------------------------------------------------------------------------------


def _compare(batch: Sequence[StaleItem], compared: Compared, work: _Work) -> None:
    """Add what a batch would change."""
    compared.items += len(batch)
    restatements, refused = _restatements(batch, work)
    compared.refused.update(each.reason for each in refused)
    foreseen = with_descriptions(partial(foresee, work.database, restatements), work.database)
    compared.records += len(foreseen.changes)
    compared.changes.update(change.change for change in foreseen.changes)
    names = {each.record_key: ":".join(each.identity) for each in batch if each.record_key and each.identity}
    for restatement in restatements:
        if move := _move(restatement.item, restatement.described):
            _count(move, names.get(restatement.item.record_key or 0, ""), compared)
    for key in foreseen.before.keys() & foreseen.after.keys():
        for difference in differences(foreseen.before[key], foreseen.after[key]):
            _count(difference, names.get(key, ""), compared)


def _move(item: StaleItem, described: Described) -> Difference | None:
    """Tell that an item would come to another record: by its namespace, and by its record ID where that is another."""
    if described.record_id is None or item.identity == (described.namespace, described.record_id):
        return None
    namespace, record_id = item.identity or ("", "")
    other = described.namespace if described.record_id == record_id else f"{described.namespace}, another record ID"
    return Difference(field="record", value="", was=namespace, becomes=other, rule="")


def _count(difference: Difference, name: str, compared: Compared) -> None:
    if difference not in compared.counts and len(compared.counts) >= MOST_DIFFERENCES:
        compared.further += 1
        return
    compared.counts[difference] += 1
    compared.examples.setdefault(difference, name)

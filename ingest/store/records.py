"""Records: locked, decided from their items, and written set-wise."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Update, bindparam, delete, select, update

from ingest.descriptions import Content, Described
from ingest.store import ledger_tables, tables
from ingest.store.answers import ItemState
from ingest.store.causes import Why
from ingest.store.contents import (
    RECORD_COLUMNS,
    Rows,
    changed_fields,
    present_fields,
    read_rows,
    replace_fields,
    rows_of,
)
from ingest.store.deciding import Decision, Silent, decide, gone_to
from ingest.store.drafts import Draft
from ingest.store.driver import Values, ask
from ingest.store.feed import Change
from ingest.store.items import in_chunks
from ingest.store.locking import Locked
from ingest.store.many import insert_many, write_many
from ingest.store.precedence import Voice
from ingest.store.record_rows import STATE_COLUMNS, changed_row
from ingest.store.types import among, instant_for

_records = tables.records.c
_items = tables.items.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What came of deciding a number of records."""

    changes: tuple[Change, ...] = ()
    silent: frozenset[int] = frozenset()
    """Items that speak from now on and have to be described first; then nothing was written."""


def settle(
    connection: Connection,
    locked: Locked,
    *,
    contents: Mapping[int, Content],
    described: Mapping[ItemState, Described],
    moved_to: Mapping[int, frozenset[int]],
    why: Why,
    now: datetime,
    drafts: Mapping[int, Draft] | None = None,
) -> Settled:
    """Decide every locked record from all its items, and write what has changed.

    ``contents`` holds what this page's items say; ``described`` what stored items say, for the digest and the profile
    that they had when they were read; ``moved_to`` to which records a record's items have gone in this transaction;
    ``why`` stands with each version that comes of it; ``drafts`` have become records, which are inserted already.
    """
    drafts = drafts or {}
    voices, wordless, states = _voices(connection, locked.by_key.keys() - drafts.keys())
    current = {state[0]: words.content for state, words in described.items() if state in states}
    contents = {**current, **contents}
    undrafted = [record for key, record in locked.by_key.items() if not record.forgotten and key not in drafts]
    gone = {record.key: gone_to(record, moved_to.get(record.key, frozenset())) for record in undrafted}
    decided = {
        record.key: decide(
            record,
            voices.get(record.key, ()),
            contents=contents,
            wordless=wordless,
            merged_into=(gone[record.key] or None) if record.key in moved_to else None,
        )
        for record in undrafted
    }
    silent = frozenset(decision.item_id for decision in decided.values() if isinstance(decision, Silent))
    if silent:
        return Settled(silent=silent)
    for chunk in in_chunks(key for key, decision in decided.items() if decision is None):
        connection.execute(delete(tables.records).where(_records.key.in_(chunk)))
    moved = [(key, target) for key, target in gone.items() if target != locked.by_key[key].items_gone_to]
    write_many(connection, _GONE, ("the_key", "items_gone_to"), moved)
    decisions = [decision for decision in decided.values() if isinstance(decision, Decision)]
    changes = _write(connection, decisions, drafts, why=why, now=now)
    return Settled(changes=_in_order(changes, locked))


def _in_order(changes: Sequence[Change], locked: Locked) -> tuple[Change, ...]:
    """Put changes in the order of their records' names, as these were locked."""
    place = {key: number for number, key in enumerate(locked.by_key)}
    return tuple(sorted(changes, key=lambda change: place[change.record_key]))


_ITEMS = (
    select(
        _items.xml.is_(None),
        _items.digest,
        _items.profile_id,
        _items.record_key,
        _items.id,
        _items.deleted,
        _items.understood,
        _items.priority,
        _items.prefix_position,
        _items.datestamp_key,
        ledger_tables.endpoints.c.name,
        _items.metadata_prefix,
        _items.oai_identifier,
    )
    .join(ledger_tables.endpoints)
    .where(among(_items.record_key, "keys"))
)


def _voices(
    connection: Connection, keys: Collection[int]
) -> tuple[dict[int, list[Voice]], frozenset[int], frozenset[ItemState]]:
    """Read the items of records: as voices by record, those that never brought metadata, and the state of each."""
    voices: dict[int, list[Voice]] = {}
    wordless: set[int] = set()
    states: set[ItemState] = set()
    rows = ask(connection, _ITEMS, {"keys": sorted(keys)}) if keys else ()
    for no_words, digest, profile_id, key, item_id, *rest in rows:
        deleted, understood, priority, position, datestamp_key, endpoint, prefix, identifier = rest
        states.add((item_id, digest, profile_id))
        if no_words:
            wordless.add(item_id)
        voices.setdefault(key, []).append(
            Voice(
                item_id=item_id,
                deleted=deleted,
                understood=understood,
                priority=priority,
                prefix_position=position,
                datestamp_key=datestamp_key,
                endpoint=endpoint,
                metadata_prefix=prefix,
                oai_identifier=identifier,
            )
        )
    return voices, frozenset(wordless), frozenset(states)


def _write(
    connection: Connection, decisions: Sequence[Decision], drafts: Mapping[int, Draft], *, why: Why, now: datetime
) -> tuple[Change, ...]:
    said = {decision.record.key: rows_of(decision.content) for decision in decisions if decision.content is not None}
    known = [decision for decision in decisions if decision.change and decision.record.version > 0]
    before = read_rows(connection, [decision.record.key for decision in known])
    _keep_versions(connection, known, before, now)
    fresh = frozenset(decision.record.key for decision in decisions if decision.record.version == 0)
    _update_records(connection, decisions, said, why=why, now=now)
    drafted = {key: draft.rows for key, draft in drafts.items()}
    replace_fields(connection, {**said, **drafted}, fresh=fresh | drafted.keys())
    changes = [
        Change(
            record_key=decision.record.key,
            change=decision.change,
            fields=_told_fields(decision, before=before.get(decision.record.key), after=said.get(decision.record.key)),
            version=decision.record.version + 1,
            merged_into=decision.merged_into,
        )
        for decision in decisions
        if decision.change
    ]
    for key, draft in drafts.items():
        if draft.decision.change:
            fields = present_fields(draft.rows)
            changes.append(Change(record_key=key, change=draft.decision.change, fields=fields, version=1))
    return tuple(changes)


def _told_fields(decision: Decision, *, before: Rows | None, after: Rows | None) -> tuple[str, ...]:
    if after is None:
        return ()
    return present_fields(after) if before is None or decision.record.version == 0 else changed_fields(before, after)


_SINCE = select(_records.key, _records.changed_at, _records.cause, _records.cause_run_id).where(
    among(_records.key, "keys")
)


_VERSION_COLUMNS = tuple(str(column.name) for column in tables.record_versions.columns)


def _keep_versions(
    connection: Connection, decisions: Sequence[Decision], before: Mapping[int, Rows], now: datetime
) -> None:
    if not decisions:
        return
    keys = [decision.record.key for decision in decisions]
    since = {key: of_version for key, *of_version in ask(connection, _SINCE, {"keys": keys})}
    valid_until = instant_for(now, connection.dialect)
    insert_many(
        connection,
        tables.record_versions,
        _VERSION_COLUMNS,
        [
            (
                decision.record.key,
                decision.record.version,
                before[decision.record.key].as_json(),
                decision.record.deleted,
                decision.change,
                instant_for(valid_from, connection.dialect),
                valid_until,
                cause,
                cause_run_id,
            )
            for decision in decisions
            for valid_from, cause, cause_run_id in (since[decision.record.key],)
        ],
    )


def _update_records(
    connection: Connection, decisions: Sequence[Decision], said: Mapping[int, Rows], *, why: Why, now: datetime
) -> None:
    """Write what moved: who speaks alone, then state and version, then content, each as one statement for all."""
    speakers: list[Values] = []
    states: list[Values] = []
    contents: list[Values] = []
    changed_at = instant_for(now, connection.dialect)
    for decision in decisions:
        record, rows = decision.record, said.get(decision.record.key)
        if decision.change is None:
            if decision.item_id != record.item_id or decision.digest != record.digest:
                speakers.append((record.key, decision.item_id, decision.digest))
            continue
        values = (record.key, *changed_row(decision, rows, why, changed_at))
        (states if rows is None else contents).append(values)
    write_many(connection, _SPEAKERS, ("the_key", "item_id", "digest"), speakers)
    write_many(connection, _STATES, ("the_key", *STATE_COLUMNS), states)
    write_many(connection, _CONTENTS, ("the_key", *STATE_COLUMNS, *RECORD_COLUMNS), contents)


def _updating(*names: str) -> Update:
    return (
        update(tables.records)
        .where(_records.key == bindparam("the_key"))
        .values({name: bindparam(name) for name in names})
    )


_GONE = _updating("items_gone_to")
_SPEAKERS = _updating("item_id", "digest")
_STATES = _updating(*STATE_COLUMNS)
_CONTENTS = _updating(*STATE_COLUMNS, *RECORD_COLUMNS)

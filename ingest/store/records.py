"""Records: locked, decided from their items, and written set-wise."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from ingest.descriptions import Content, Described
from ingest.store import ledger_tables, tables
from ingest.store.answers import ItemState
from ingest.store.causes import Cause, Why
from ingest.store.contents import Rows, changed_fields, present_fields, read_rows, replace_fields, rows_of
from ingest.store.deciding import Decision, KnownRecord, Silent, decide, gone_to
from ingest.store.feed import Change
from ingest.store.items import in_chunks
from ingest.store.precedence import Voice

_records = tables.records.c
_items = tables.items.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What came of deciding a number of records."""

    changes: tuple[Change, ...] = ()
    silent: frozenset[int] = frozenset()
    """Items that speak from now on and have to be described first; then nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked:
    """The record rows that a page concerns, locked: by key, and the key of each (namespace, record ID)."""

    by_key: Mapping[int, KnownRecord] = field(default_factory=dict)
    keys: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def forgotten(self) -> frozenset[int]:
        """The keys of those that were forgotten."""
        return frozenset(key for key, record in self.by_key.items() if record.forgotten)


def lock_records(
    connection: Connection, *, identities: Iterable[tuple[str, str]], pointed_to: Iterable[int], now: datetime
) -> Locked:
    """Insert the record rows that are missing, then lock all that are concerned, both in the order of their names.

    Locking only rows that exist would let two pages decide one new record without seeing each other's items. One order
    for all, those that items point to now included, keeps two pages from waiting for each other.
    """
    wanted = sorted(set(identities))
    if wanted:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(
            dialect.insert(tables.records).on_conflict_do_nothing(index_elements=("namespace", "record_id")),
            [
                {"namespace": namespace, "record_id": record_id, "created_at": now, "changed_at": now}
                for namespace, record_id in wanted
            ],
        )
    by_key: dict[int, KnownRecord] = {}
    keys: dict[tuple[str, str], int] = {}
    concerned = sorted({*wanted, *_names(connection, pointed_to)})
    columns = (
        _records.key,
        _records.namespace,
        _records.record_id,
        _records.item_id,
        _records.digest,
        _records.version,
        _records.deleted,
        _records.merged_into,
        _records.items_gone_to,
        _records.forgotten_at,
    )
    name = (_records.namespace, _records.record_id)
    for chunk in _pieces(concerned):
        query = select(*columns).where(tuple_(*name).in_(chunk)).order_by(*name).with_for_update()
        for row in connection.execute(query):
            keys[row.namespace, row.record_id] = row.key
            by_key[row.key] = KnownRecord(
                key=row.key,
                item_id=row.item_id,
                digest=row.digest,
                version=row.version,
                deleted=row.deleted,
                merged_into=row.merged_into,
                items_gone_to=row.items_gone_to,
                forgotten=row.forgotten_at is not None,
            )
    return Locked(by_key=by_key, keys=keys)


def _names(connection: Connection, record_keys: Iterable[int]) -> Iterator[tuple[str, str]]:
    for chunk in in_chunks(record_keys):
        query = select(_records.namespace, _records.record_id).where(_records.key.in_(chunk))
        yield from ((namespace, record_id) for namespace, record_id in connection.execute(query))


def _pieces(identities: Sequence[tuple[str, str]]) -> Iterable[Sequence[tuple[str, str]]]:
    return (identities[start : start + 250] for start in range(0, len(identities), 250))


def settle(
    connection: Connection,
    locked: Locked,
    *,
    contents: Mapping[int, Content],
    described: Mapping[ItemState, Described],
    moved_to: Mapping[int, frozenset[int]],
    why: Why,
    now: datetime,
) -> Settled:
    """Decide every locked record from all its items, and write what has changed.

    ``contents`` holds what this page's items say; ``described`` what stored items say, for the digest and the profile
    that they had when they were read; ``moved_to`` to which records a record's items have gone in this transaction;
    ``why`` stands with each version that comes of it.
    """
    voices, wordless, states = _voices(connection, locked.by_key)
    current = {state[0]: words.content for state, words in described.items() if state in states}
    contents = {**current, **contents}
    decisions: list[Decision] = []
    gone: dict[int, int | None] = {}
    silent: set[int] = set()
    empty: list[int] = []
    for key, record in locked.by_key.items():
        if record.forgotten:
            continue
        targets = moved_to.get(key, frozenset())
        gone[key] = gone_to(record, targets)
        decision = decide(
            record,
            voices.get(key, ()),
            contents=contents,
            wordless=wordless,
            merged_into=(gone[key] or None) if targets else None,
        )
        if isinstance(decision, Silent):
            silent.add(decision.item_id)
        elif decision is None:
            empty.append(key)
        else:
            decisions.append(decision)
    if silent:
        return Settled(silent=frozenset(silent))
    for chunk in in_chunks(empty):
        connection.execute(delete(tables.records).where(_records.key.in_(chunk)))
    moved = [(key, target) for key, target in gone.items() if target != locked.by_key[key].items_gone_to]
    _update(connection, [{"the_key": key, "items_gone_to": target} for key, target in moved])
    return Settled(changes=_write(connection, decisions, why, now))


def _voices(
    connection: Connection, keys: Iterable[int]
) -> tuple[dict[int, list[Voice]], frozenset[int], frozenset[ItemState]]:
    """Read the items of records: as voices by record, those that never brought metadata, and the state of each."""
    voices: dict[int, list[Voice]] = {}
    wordless: set[int] = set()
    states: set[ItemState] = set()
    columns = (
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
    query = select(_items.xml.is_(None), _items.digest, _items.profile_id, *columns).join(ledger_tables.endpoints)
    for chunk in in_chunks(keys):
        for no_words, digest, profile_id, key, item_id, *rest in connection.execute(
            query.where(_items.record_key.in_(chunk))
        ):
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


def _write(connection: Connection, decisions: Sequence[Decision], why: Why, now: datetime) -> tuple[Change, ...]:
    said = {decision.record.key: rows_of(decision.content) for decision in decisions if decision.content is not None}
    known = [decision for decision in decisions if decision.change and decision.record.version > 0]
    before = read_rows(connection, [decision.record.key for decision in known])
    _keep_versions(connection, known, before, now)
    fresh = frozenset(decision.record.key for decision in decisions if decision.record.version == 0)
    _update_records(connection, decisions, said, why=why, now=now)
    replace_fields(connection, said, fresh=fresh)
    return tuple(
        Change(
            record_key=decision.record.key,
            change=decision.change,
            fields=_told_fields(decision, before=before.get(decision.record.key), after=said.get(decision.record.key)),
            version=decision.record.version + 1,
            merged_into=decision.merged_into,
        )
        for decision in decisions
        if decision.change
    )


def _told_fields(decision: Decision, *, before: Rows | None, after: Rows | None) -> tuple[str, ...]:
    if after is None:
        return ()
    return present_fields(after) if before is None or decision.record.version == 0 else changed_fields(before, after)


def _keep_versions(
    connection: Connection, decisions: Sequence[Decision], before: Mapping[int, Rows], now: datetime
) -> None:
    if not decisions:
        return
    since: dict[int, Row[int, datetime, str | None, int | None]] = {}
    for chunk in in_chunks(decision.record.key for decision in decisions):
        query = select(_records.key, _records.changed_at, _records.cause, _records.cause_run_id)
        since.update((row.key, row) for row in connection.execute(query.where(_records.key.in_(chunk))))
    connection.execute(
        insert(tables.record_versions),
        [
            {
                "record_key": decision.record.key,
                "version": decision.record.version,
                "content": before[decision.record.key].as_json(),
                "deleted": decision.record.deleted,
                "change": decision.change,
                "valid_from": since[decision.record.key].changed_at,
                "valid_until": now,
                "cause": since[decision.record.key].cause,
                "cause_run_id": since[decision.record.key].cause_run_id,
            }
            for decision in decisions
        ],
    )


def _update_records(
    connection: Connection, decisions: Sequence[Decision], said: Mapping[int, Rows], *, why: Why, now: datetime
) -> None:
    """Write what moved: who speaks alone, then state and version, then content, each as one statement for all."""
    speakers: list[dict[str, Any]] = []
    states: list[dict[str, Any]] = []
    contents: list[dict[str, Any]] = []
    for decision in decisions:
        record = decision.record
        values: dict[str, Any] = {"the_key": record.key, "item_id": decision.item_id}
        if decision.change is None:
            if decision.item_id != record.item_id or decision.digest != record.digest:
                speakers.append({**values, "digest": decision.digest})
            continue
        values |= {
            "digest": decision.digest,
            "deleted": decision.deleted,
            "merged_into": decision.merged_into,
            "version": record.version + 1,
            "changed_at": now,
            "cause": _cause(decision, why),
            "cause_run_id": why.run_id,
        }
        rows = said.get(record.key)
        (states if rows is None else contents).append(values if rows is None else {**values, **rows.record})
    for group in (speakers, states, contents):
        _update(connection, group)


def _cause(decision: Decision, why: Why) -> Cause:
    """Say why a record changes: where an answer only made another item speak, that is the reason."""
    another = decision.change == "changed" and decision.item_id != decision.record.item_id
    return Cause.ANOTHER_ITEM if another and why.cause is Cause.REPOSITORY else why.cause


def _update(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    columns: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "the_key"}
    statement = update(tables.records).where(_records.key == bindparam("the_key")).values(columns)
    connection.execute(statement, list(rows))

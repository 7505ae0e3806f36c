"""Records that nobody has yet, decided from the page that brings them: they are inserted as they will be.

Whoever inserts the row of a record is the only one who can have brought it an item. So what it is going to say is known
before, and its row is written once and not first empty. Where the row turns out to be there, the draft is dropped.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

from ingest.descriptions import Content
from ingest.store.answers import Answer, Comparison, KnownItem, Move, PageWrite, Voices, identity_of
from ingest.store.contents import Rows, rows_of
from ingest.store.deciding import Decision, KnownRecord, decide
from ingest.store.locking import Locked
from ingest.store.precedence import Voice

Identity: TypeAlias = tuple[str, str]
_NEW = KnownRecord(key=0, item_id=None, digest=None, version=0, deleted=False, merged_into=None)


class Draft(NamedTuple):
    """A record as it will be if it is new."""

    decision: Decision
    """Its record has no key yet."""
    rows: Rows
    items: frozenset[int]
    """The items it was decided from."""


def drafts_of(
    page: PageWrite, comparison: Comparison, *, known: Mapping[str, KnownItem], new: Mapping[str, int]
) -> dict[Identity, Draft]:
    """Decide the records to which none but ``new`` items of the page come, as they will be if nobody has them.

    ``new`` holds the keys that these items are going to have.
    """
    groups: dict[Identity, list[Answer]] = {}
    moved: set[Identity] = set()
    for name, (move, answer) in comparison.moves.items():
        identity = identity_of(answer.described) if move is Move.ITEM else None
        if identity is None:
            continue
        if name in known:
            moved.add(identity)
        groups.setdefault(identity, []).append(answer)
    drafts = ((identity, _draft(answers, page.voices, new)) for identity, answers in groups.items())
    return {identity: draft for identity, draft in drafts if draft is not None and identity not in moved}


def _draft(answers: Sequence[Answer], voices: Voices, new: Mapping[str, int]) -> Draft | None:
    contents: dict[int, Content] = {}
    wordless: set[int] = set()
    heard: list[Voice] = []
    for answer in answers:
        item_id = new.get(answer.identifier)
        if item_id is None:
            return None
        if answer.described is not None and not answer.record.header.deleted:
            contents[item_id] = answer.described.content
        if answer.record.metadata is None:
            wordless.add(item_id)
        heard.append(_voice(answer, voices, item_id))
    decision = decide(_NEW, heard, contents=contents, wordless=wordless, merged_into=None)
    if not isinstance(decision, Decision) or decision.content is None:
        return None
    return Draft(decision=decision, rows=rows_of(decision.content), items=frozenset(voice.item_id for voice in heard))


def _voice(answer: Answer, voices: Voices, item_id: int) -> Voice:
    return Voice(
        item_id=item_id,
        deleted=answer.record.header.deleted,
        understood=answer.described.understood if answer.described else False,
        priority=voices.priority,
        prefix_position=voices.prefix_position,
        datestamp_key=answer.rank[2],
        endpoint=voices.endpoint,
        metadata_prefix=voices.metadata_prefix,
        oai_identifier=answer.identifier,
    )


def inserted(drafts: Mapping[Identity, Draft], locked: Locked) -> dict[int, Draft]:
    """Give the drafts that have become records, by their keys: no other row has the item that we gave it."""
    keys = ((locked.keys.get(identity), draft) for identity, draft in drafts.items())
    return {
        key: draft for key, draft in keys if key is not None and locked.by_key[key].item_id == draft.decision.item_id
    }


def agree(drafts: Mapping[int, Draft], comparison: Comparison, after: Mapping[str, KnownItem]) -> bool:
    """Whether records that were inserted as drafts have those items, and only those, that they were decided from."""
    decided_from = {(item_id, key) for key, draft in drafts.items() for item_id in draft.items}
    moved = (after[name] for name in comparison.moves)
    return decided_from == {(item.item_id, item.record_key) for item in moved if item.record_key in drafts}

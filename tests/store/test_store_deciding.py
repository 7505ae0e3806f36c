"""What becomes of a record when its items have moved."""

import pytest
from store_pages import content

from ingest.descriptions import Content
from ingest.store.deciding import SEVERAL, Decision, KnownRecord, Silent, decide, gone_to
from ingest.store.digests import record_digest
from ingest.store.precedence import Voice

WORDS, OTHER = content("words"), content("other")
NEW = KnownRecord(key=7, item_id=None, digest=None, version=0, deleted=False, merged_into=None)
LIVE = NEW._replace(item_id=1, digest=record_digest(WORDS), version=3)
DELETED = LIVE._replace(deleted=True)
MERGED = DELETED._replace(item_id=None, merged_into=8)
DESERTED = DELETED._replace(item_id=None)


def voice(item_id: int, *, deleted: bool = False, priority: int = 100) -> Voice:
    """Make an item's voice."""
    return Voice(
        item_id=item_id,
        deleted=deleted,
        understood=True,
        priority=priority,
        prefix_position=0,
        datestamp_key="2024-01-01T00:00:00Z",
        endpoint="a",
        metadata_prefix="oai_dc",
        oai_identifier=f"oai:a:{item_id}",
    )


def decided(
    record: KnownRecord,
    *voices: Voice,
    contents: dict[int, Content] | None = None,
    wordless: tuple[int, ...] = (),
    merged_into: int | None = None,
) -> Decision | Silent | None:
    """Decide a record."""
    return decide(record, voices, contents=contents or {}, wordless=frozenset(wordless), merged_into=merged_into)


# What was before, who speaks, what is said and known -> the change, deleted, and what the record says from now on.
CHANGES = {
    "new and live": (NEW, voice(1), {1: WORDS}, (), ("created", False, WORDS)),
    "new and only a tombstone": (NEW, voice(1, deleted=True), {}, (1,), ("deleted", True, Content())),
    "new and without metadata": (NEW, voice(1), {}, (1,), ("created", False, Content())),
    "new, by an item that was described before": (NEW, voice(9), {9: WORDS}, (), ("created", False, WORDS)),
    "the speaker says something else": (LIVE, voice(1), {1: OTHER}, (), ("changed", False, OTHER)),
    "the speaker is as it was": (LIVE, voice(1), {}, (), (None, False, WORDS)),
    "the speaker changed what catalogues do not read": (LIVE, voice(1), {1: WORDS}, (), (None, False, WORDS)),
    "another speaks and says the same": (LIVE, voice(2), {2: WORDS}, (), (None, False, WORDS)),
    "another speaks and says something else": (LIVE, voice(2), {2: OTHER}, (), ("changed", False, OTHER)),
    "another speaks without metadata": (LIVE, voice(2), {}, (2,), ("changed", False, Content())),
    "the speaker loses its metadata": (LIVE, voice(1), {}, (1,), ("changed", False, Content())),
    "the speaker is deleted": (LIVE, voice(1, deleted=True), {}, (), ("deleted", True, WORDS)),
    "the speaker is deleted still": (DELETED, voice(1, deleted=True), {}, (), (None, True, WORDS)),
    "another deleted item speaks": (DELETED, voice(2, deleted=True), {2: OTHER}, (), ("changed", True, OTHER)),
    "live again as it was": (DELETED, voice(1), {1: WORDS}, (), ("restored", False, WORDS)),
    "live again and says something else": (DELETED, voice(1), {1: OTHER}, (), ("restored", False, OTHER)),
    "another item makes it live again": (DELETED, voice(2), {2: WORDS}, (), ("restored", False, WORDS)),
    "an item comes back to a merged record": (MERGED, voice(2), {2: WORDS}, (), ("restored", False, WORDS)),
    "a tombstone comes to a merged record": (MERGED, voice(2, deleted=True), {2: WORDS}, (), ("deleted", True, WORDS)),
    "an item comes to a deserted record": (DESERTED, voice(2), {2: OTHER}, (), ("restored", False, OTHER)),
}


@pytest.mark.parametrize(("record", "speaker", "contents", "wordless", "expected"), CHANGES.values(), ids=CHANGES)
def test_what_a_record_with_items_becomes(
    *,
    record: KnownRecord,
    speaker: Voice,
    contents: dict[int, Content],
    wordless: tuple[int, ...],
    expected: tuple[str | None, bool, Content],
) -> None:
    """The change that catalogues are told, whether it is deleted, and what it says."""
    change, deleted, says = expected
    decision = decided(record, speaker, contents=contents, wordless=wordless)

    assert isinstance(decision, Decision)
    assert (decision.change, decision.deleted, decision.item_id) == (change, deleted, speaker.item_id)
    assert decision.digest == record_digest(says)
    assert decision.merged_into is None
    if decision.digest != record.digest:
        assert decision.content == says


WENT = {
    "none has gone": (LIVE, frozenset(), None),
    "the first goes": (LIVE, frozenset({8}), 8),
    "two go at once to two others": (LIVE, frozenset({8, 9}), SEVERAL),
    "another one follows": (LIVE._replace(items_gone_to=8), frozenset({8}), 8),
    "another one goes elsewhere": (LIVE._replace(items_gone_to=8), frozenset({9}), SEVERAL),
    "one more goes where one of several went": (LIVE._replace(items_gone_to=SEVERAL), frozenset({8}), SEVERAL),
    "none goes now": (LIVE._replace(items_gone_to=8), frozenset(), 8),
    "something comes to a merged one": (MERGED._replace(items_gone_to=8), frozenset(), None),
}


@pytest.mark.parametrize(("record", "targets", "gone"), WENT.values(), ids=WENT)
def test_where_the_items_of_a_record_have_gone(record: KnownRecord, targets: frozenset[int], gone: int | None) -> None:
    """All count that have gone since something last came to it."""
    assert gone_to(record, targets) == gone


GONE = {
    "all went to one other": (LIVE, 8, "merged", 8),
    "they went here and there": (LIVE, None, "deleted", None),
    "a deleted one's tombstones went to one other": (DELETED, 8, "merged", 8),
    "a deleted one's tombstones went here and there": (DELETED, None, None, None),
    "nobody came to a merged one": (MERGED, None, None, 8),
    "nobody came to a deserted one": (DESERTED, None, None, None),
}


@pytest.mark.parametrize(("record", "target", "change", "merged_into"), GONE.values(), ids=GONE)
def test_what_a_record_without_items_becomes(
    record: KnownRecord, target: int | None, change: str | None, merged_into: int | None
) -> None:
    """It is deleted, says what it said, and tells where its items went."""
    decision = decided(record, merged_into=target)

    assert isinstance(decision, Decision)
    assert (decision.change, decision.merged_into) == (change, merged_into)
    assert (decision.deleted, decision.item_id) == (True, None)
    assert (decision.content, decision.digest) == (None, record.digest)


def test_a_row_that_no_item_came_to_is_taken_away() -> None:
    """It was inserted only to be locked."""
    assert decided(NEW) is None
    assert decided(NEW, merged_into=8) is None


SILENT = {
    "a new speaker that was not described": (LIVE, voice(2)),
    "a new speaker of a new record": (NEW, voice(2)),
    "a deleted item that speaks from now on": (LIVE, voice(2, deleted=True)),
    "the speaker of a row that never had content": (NEW._replace(item_id=2), voice(2)),
}


@pytest.mark.parametrize(("record", "speaker"), SILENT.values(), ids=SILENT)
def test_a_speaker_whose_words_are_not_at_hand_is_asked_for(record: KnownRecord, speaker: Voice) -> None:
    """Nothing is decided without its description."""
    assert decided(record, speaker, contents={1: WORDS}) == Silent(item_id=2)


def test_the_items_that_do_not_speak_need_no_description() -> None:
    """Only the first of the order is asked."""
    decision = decided(LIVE, voice(2, priority=200), voice(3, deleted=True), voice(1))

    assert isinstance(decision, Decision)
    assert (decision.item_id, decision.change) == (1, None)


def test_what_was_found_by_another_rule_is_written_without_a_change() -> None:
    """Catalogues read the same, but the rule that is shown is the one by which it is known now."""
    found_anew = content("words", rule="by-list@2")
    decision = decided(LIVE, voice(1), contents={1: found_anew})

    assert isinstance(decision, Decision)
    assert (decision.change, decision.content) == (None, found_anew)

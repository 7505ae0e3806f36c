"""What an answer means beside what is known of its item: ``compare`` and ``compare_page``."""

from dataclasses import replace

import pytest
from store_pages import FROM_METADATA, answer_of, dead, live

from ingest.endpoints import Profile
from ingest.records import Record
from ingest.store.answers import Answer, Comparison, KnownItem, Move, Outcome, compare, compare_page

PROFILE = Profile(rules=1, namespace="papers", record_id=FROM_METADATA)
ID = "oai:a:1"
EARLY, MIDDLE, LATE = "2024-05-01T00:00:00Z", "2024-06-01T00:00:00Z", "2024-07-01T00:00:00Z"


def answer(record: Record, answered: str = MIDDLE, run_id: int = 5) -> Answer:
    """Make an answer of the middle of the year, unless told otherwise."""
    return answer_of(record, PROFILE, run_id=run_id, answered=answered)


def known(record: Record, answered: str = MIDDLE, run_id: int = 5) -> KnownItem:
    """Make what the database knows after that answer."""
    told = answer(record, answered, run_id)
    return KnownItem(
        item_id=1,
        record_key=1,
        deleted=record.header.deleted,
        understood=True,
        digest=told.digest,
        header_digest=told.header_digest,
        profile_id=1,
        rank=told.rank,
    )


HERE, OTHER, GONE = live(ID, "r"), live(ID, "r", "other words"), dead(ID)
MOVED = live(ID, "r", datestamp="2024-02-02")
IN_A_SET = live(ID, "r", set_specs=("maps",))
GONE_LATER = dead(ID, datestamp="2024-02-02")

CASES = {
    "a live item that is new": (None, answer(HERE), Outcome.CREATED, Move.ITEM),
    "a tombstone that is new": (None, answer(GONE), Outcome.DELETED, Move.ITEM),
    "the same again": (known(HERE), answer(HERE, LATE), Outcome.UNCHANGED, Move.NOTHING),
    "the same again, from an older answer": (known(HERE), answer(HERE, EARLY), Outcome.UNCHANGED, Move.NOTHING),
    "a newer datestamp alone": (known(HERE), answer(MOVED, LATE), Outcome.UNCHANGED, Move.HEADER),
    "other sets alone": (known(HERE), answer(IN_A_SET, LATE), Outcome.UNCHANGED, Move.HEADER),
    "sets in another order": (
        known(live(ID, "r", set_specs=("a", "b"))),
        answer(live(ID, "r", set_specs=("b", "a")), LATE),
        Outcome.UNCHANGED,
        Move.NOTHING,
    ),
    "an older datestamp in a newer answer": (known(MOVED), answer(HERE, LATE), Outcome.UNCHANGED, Move.HEADER),
    "another header in an older answer": (known(HERE), answer(MOVED, EARLY), Outcome.UNCHANGED, Move.NOTHING),
    "other words": (known(HERE), answer(OTHER, LATE), Outcome.CHANGED, Move.ITEM),
    "other words in an older answer": (known(HERE), answer(OTHER, EARLY), Outcome.UNCHANGED, Move.NOTHING),
    "other words in the same second of a later run": (known(HERE), answer(OTHER, run_id=6), Outcome.CHANGED, Move.ITEM),
    "other words in the same second of an earlier run": (
        known(HERE),
        answer(OTHER, run_id=4),
        Outcome.UNCHANGED,
        Move.NOTHING,
    ),
    "a tombstone of a live item": (known(HERE), answer(GONE, LATE), Outcome.DELETED, Move.ITEM),
    "a tombstone in an older answer": (known(HERE), answer(GONE, EARLY), Outcome.UNCHANGED, Move.NOTHING),
    "a tombstone that is known": (known(GONE), answer(GONE, LATE), Outcome.UNCHANGED, Move.NOTHING),
    "a tombstone that is known, dated anew": (known(GONE), answer(GONE_LATER, LATE), Outcome.UNCHANGED, Move.HEADER),
    "a tombstone that brings another about": (
        known(GONE),
        answer(replace(GONE, about=(b"<p/>",)), LATE),
        Outcome.UNCHANGED,
        Move.ITEM,
    ),
    "a live item after its tombstone": (known(GONE), answer(HERE, LATE), Outcome.RESTORED, Move.ITEM),
    "a live item from before its tombstone": (known(GONE), answer(HERE, EARLY), Outcome.UNCHANGED, Move.NOTHING),
}


@pytest.mark.parametrize(("before", "new", "outcome", "move"), CASES.values(), ids=CASES.keys())
def test_an_answer_beside_what_is_known(before: KnownItem | None, new: Answer, outcome: Outcome, move: Move) -> None:
    """Digest, header digest and rank decide what an element counts as and what is written."""
    assert compare(before, new) == (outcome, move)


def test_of_two_answers_of_one_second_the_same_wins_in_either_order() -> None:
    """The digest is the last word, so that two workers agree."""
    first, second = answer(HERE), answer(OTHER)
    there, back = compare(known(HERE), second), compare(known(OTHER), first)

    assert {there, back} == {(Outcome.CHANGED, Move.ITEM), (Outcome.UNCHANGED, Move.NOTHING)}


# --- the same identifier twice in a page ----------------------------------------------------------


TWICE = {
    "new, and once more": ((HERE, HERE), "created unchanged", Move.ITEM, HERE),
    "new, then with a newer datestamp": ((HERE, MOVED), "created unchanged", Move.ITEM, MOVED),
    "new with a newer datestamp, then the older": ((MOVED, HERE), "created unchanged", Move.ITEM, MOVED),
    "new, then deleted later": ((HERE, GONE_LATER), "created deleted", Move.ITEM, GONE_LATER),
    "a tombstone, then live later": ((GONE, MOVED), "deleted restored", Move.ITEM, MOVED),
    "a later tombstone, then live": ((GONE_LATER, HERE), "deleted unchanged", Move.ITEM, GONE_LATER),
    "three times": ((HERE, HERE, HERE), "created unchanged unchanged", Move.ITEM, HERE),
}


@pytest.mark.parametrize(("records", "outcomes", "move", "written"), TWICE.values(), ids=TWICE.keys())
def test_an_identifier_that_stands_twice_is_compared_with_its_own_first_answer(
    records: tuple[Record, ...], outcomes: str, move: Move, written: Record
) -> None:
    """Each element has its own outcome; the greatest answer is written, once."""
    compared = compare_page({}, tuple(map(answer, records)))

    assert compared.outcomes == tuple(map(Outcome, outcomes.split()))
    assert compared.moves == {ID: (move, answer(written))}


def test_a_page_keeps_an_outcome_an_element_in_order() -> None:
    """What is unchanged is in no one's way."""
    answers = (answer(HERE, LATE), answer(live("oai:a:2", "s"), LATE), answer(GONE_LATER, LATE))
    compared = compare_page({ID: known(HERE)}, answers)

    assert compared.outcomes == (Outcome.UNCHANGED, Outcome.CREATED, Outcome.DELETED)
    assert compared.moves == {"oai:a:2": (Move.ITEM, answers[1]), ID: (Move.ITEM, answers[2])}


def test_a_header_that_moves_twice_in_a_page_moves_to_the_newest() -> None:
    """Without a new text the item stays a matter of its header."""
    newest = live(ID, "r", datestamp="2024-03-03")
    compared = compare_page({ID: known(HERE)}, (answer(MOVED, LATE), answer(newest, LATE)))

    assert compared.moves == {ID: (Move.HEADER, answer(newest, LATE))}


def test_an_answer_that_has_to_be_written_but_was_not_described_is_named() -> None:
    """Its item has changed since it was looked up."""
    undescribed = answer(OTHER, LATE)._replace(described=None)

    assert compare_page({ID: known(HERE)}, (undescribed,)).undescribed == {ID}
    assert compare_page({ID: known(OTHER)}, (undescribed,)).undescribed == frozenset()


def test_an_empty_page_moves_nothing() -> None:
    """There is nothing to compare."""
    assert compare_page({}, ()) == Comparison(outcomes=(), moves={}, undescribed=frozenset())

"""Sweeps: which lists hold an item, what the fuse allows, and what a sweep says of itself."""

from dataclasses import replace
from typing import Any

import pytest
from plan_values import ANSWERED, LIST, run, window

from ingest.endpoints import Fuse
from ingest.identify_values import Granularity
from ingest.ledger import Coverage, ListName, Missed, Run, RunKind, Selection, Swept, Verb
from ingest.plan.sweeps import conclude_sweep, holding, is_held
from ingest.plan.windows import kind_of, plan_list

MAPS, LETTERS = ListName(metadata_prefix="oai_dc", set_spec="maps"), ListName(metadata_prefix="oai_dc", set_spec="a")
READ = Coverage(list=LIST, bound=ANSWERED, full_count=100)


# --- planned --------------------------------------------------------------------------------------


def test_a_sweep_reads_each_list_that_was_read_before_whole_and_by_its_headers() -> None:
    """Whatever gaps it has; a list that was never read has nothing that could be missed."""
    asked = Selection(prefixes=("oai_dc",), sweep=True)
    (planned,) = plan_list(READ, selection=asked, granularity=Granularity.DAY)
    assert (planned.verb, planned.from_, planned.until, planned.gap_ids) == (Verb.SWEEP, None, None, ())
    assert plan_list(Coverage(list=LIST), selection=asked, granularity=Granularity.DAY) == ()
    assert kind_of(asked, [READ]) is RunKind.SWEEP


# --- lists ----------------------------------------------------------------------------------------


HOLDING: dict[str, tuple[list[str], list[ListName], list[ListName], set[ListName]]] = {
    "the whole repository holds everything": (["x"], [LIST], [LIST], {LIST}),
    "a set holds what names it": (["maps"], [MAPS, LETTERS], [LETTERS], {MAPS}),
    "and what names a set inside it": (["maps:old"], [MAPS, LETTERS], [MAPS, LETTERS], {MAPS}),
    "but not what only begins alike": (["mapsters", "a"], [MAPS, LETTERS], [MAPS, LETTERS], {LETTERS}),
    "an item is in several": (["maps", "a"], [MAPS, LETTERS], [MAPS], {MAPS, LETTERS}),
    "a set and the whole repository": (["maps"], [LIST, MAPS, LETTERS], [LIST], {LIST, MAPS}),
    "without a known set only the whole repository": (["x"], [LIST, MAPS], [MAPS], {LIST}),
    "a header that names no set may be of any that was read": ([], [MAPS, LETTERS], [MAPS, LETTERS], {MAPS, LETTERS}),
    "and so may one that names others": (["x"], [MAPS, LETTERS], [MAPS], {MAPS}),
    "what came by itself is of none that is covered": (["a"], [MAPS], [LIST], {LIST}),
}


@pytest.mark.parametrize(("sets", "covered", "brought_by", "lists"), HOLDING.values(), ids=HOLDING)
def test_the_lists_that_may_hold_an_item(
    sets: list[str], covered: list[ListName], brought_by: list[ListName], lists: set[ListName]
) -> None:
    """An item counts as missed only where every one of them was swept."""
    assert holding(sets, covered, brought_by) == lists


# --- the fuse -------------------------------------------------------------------------------------


FUSES: dict[str, tuple[int, int, dict[str, Any], bool]] = {
    "few of many": (10, 1000, {}, False),
    "the most that is allowed": (100, 1000, {}, False),
    "one more in number": (101, 10_000, {}, True),
    "one more in percent": (11, 100, {}, True),
    "percent of a number that is not whole": (11, 101, {}, False),
    "one of a few": (1, 5, {}, False),
    "two of a few": (2, 5, {}, True),
    "none is due": (0, 0, {"percent": 0, "records": 0}, False),
    "none is allowed in percent": (1, 1000, {"percent": 0}, True),
    "none is allowed in number": (1, 1000, {"records": 0}, True),
    "all are allowed": (1000, 1000, {"percent": 100, "records": 1000}, False),
}


@pytest.mark.parametrize(("due", "live", "keys", "held"), FUSES.values(), ids=FUSES)
def test_what_the_fuse_holds(due: int, live: int, keys: dict[str, Any], *, held: bool) -> None:
    """By default more than a hundred items, or a tenth of a list."""
    missed = Missed(due=due, due_of={LIST: due}, live={LIST: live})
    assert is_held(missed, Fuse(**keys)) is held


def test_a_small_list_is_guarded_beside_a_large_one() -> None:
    """Half of a small set is not little, however much there is beside it."""
    missed = Missed(due=5, due_of={MAPS: 5, LETTERS: 0}, live={MAPS: 10, LETTERS: 100_000})
    assert is_held(missed, Fuse())


# --- the verdict ----------------------------------------------------------------------------------


def swept(**told: Any) -> Run:
    """Make a sweep of one list with one window, which ended unless told."""
    values = {"state": "ended", "verb": Verb.SWEEP, "pages": 1, "seen": 100, "unchanged": 100, "read": 100}
    asked = Selection(prefixes=("oai_dc",), sweep=True)
    return run(window(**{**values, **told}), kind=RunKind.SWEEP, selection=asked)


NOTHING: dict[str, Any] = {"seen": 0, "unchanged": 0, "read": 0}
DOUBTED = replace(READ, suspect_count=0)
GONE = {"state": "abandoned", "reason": "unknown-set", "message": "no such set", "pages": 0, **NOTHING}
VERDICTS: dict[str, tuple[Run, Coverage, Swept, str, dict[str, int]]] = {
    "all are there": (swept(), READ, Swept(), "complete", {}),
    "far fewer than before, which the fuse is for": (swept(seen=10, read=10), READ, Swept(), "complete", {}),
    "some are missed": (swept(), READ, Swept(waiting=3), "complete", {"missed-once": 3}),
    "some are deleted": (swept(), READ, Swept(deleted=2), "complete", {"missed-twice": 2}),
    "some are held": (swept(), READ, Swept(held=4, waiting=1), "suspect", {"deletions-held": 4, "missed-once": 1}),
    "some may be elsewhere": (swept(), READ, Swept(beside=5), "complete", {"list-not-swept": 5}),
    "nothing came": (swept(**NOTHING), READ, Swept(), "suspect", {"nothing-came": 100}),
    "nothing came again": (swept(**NOTHING), DOUBTED, Swept(), "complete", {}),
    "nothing came where nothing is": (swept(**NOTHING), replace(READ, full_count=0), Swept(), "complete", {}),
    "the set is gone": (swept(**GONE), READ, Swept(), "suspect", {"nothing-came": 100, "set-gone": 1}),
    "a set that was never read": (swept(**GONE), Coverage(list=LIST), Swept(), "failed", {"unknown-set": 1}),
    "fewer than announced": (swept(announced=200), READ, Swept(), "suspect", {"fewer-than-announced": 100}),
    "always announced wrongly": (swept(announced=200), replace(READ, full_announced=200), Swept(), "complete", {}),
    "cut off": (
        swept(state="abandoned", reason="damaged-page", message="broke off"),
        READ,
        Swept(),
        "partial",
        {"damaged-page": 1},
    ),
    "a header that could not be read": (
        swept(rejected=1, unchanged=99),
        READ,
        Swept(),
        "partial",
        {"headers-unread": 1, "rejections": 1},
    ),
}


@pytest.mark.parametrize(("over", "coverage", "told", "verdict", "reasons"), VERDICTS.values(), ids=VERDICTS)
def test_the_verdict_of_a_sweep(
    over: Run, coverage: Coverage, told: Swept, *, verdict: str, reasons: dict[str, int]
) -> None:
    """Only what is complete, but for what it holds, counts."""
    conclusion = conclude_sweep(over, coverages=[coverage], swept=told, shrink_limit=10.0)
    assert (conclusion.verdict, {each.code: each.count for each in conclusion.reasons}) == (verdict, reasons)
    assert all(outcome.coverage.bound == coverage.bound for outcome in conclusion.lists)


def after(over: Run, coverage: Coverage, told: Swept = Swept()) -> Coverage:  # noqa: B008 - a frozen value.
    """Give what a sweep leaves of its list's coverage."""
    conclusion = conclude_sweep(over, coverages=[coverage], swept=told, shrink_limit=10.0)
    return conclusion.lists[0].coverage if conclusion.lists else coverage


def test_an_empty_list_is_doubted_until_a_second_read_agrees_or_something_comes() -> None:
    """The doubt is one with that of full reads, whichever comes next."""
    assert after(swept(**NOTHING), READ) == DOUBTED
    assert after(swept(**NOTHING), DOUBTED) == replace(READ, full_count=0)
    assert after(swept(), DOUBTED) == READ
    assert after(swept(), replace(READ, suspect_count=50)) == replace(READ, suspect_count=50)


def test_after_deletions_the_next_full_read_is_compared_with_what_is_left() -> None:
    """And with nothing less while they wait."""
    left = swept(seen=90, read=90, announced=90)
    assert after(left, READ, Swept(deleted=10)) == replace(READ, full_count=90, full_announced=90)
    assert after(left, READ, Swept(waiting=10)) == after(left, READ, Swept(held=10)) == READ

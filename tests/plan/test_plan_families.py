"""Windows that were split: what they come to together with their parts, and which of them cover the range."""

import pytest
from plan_values import window

from ingest.ledger import Window
from ingest.plan.families import Family, families_of

SUMMED = (
    "pages",
    "read",
    "seen",
    "created",
    "changed",
    "unchanged",
    "deleted",
    "restored",
    "rejected",
    "repaired",
    "without_metadata",
    "not_understood",
    "restarts",
    "bytes",
)


def split(window_id: int = 1, parent_id: int | None = None) -> Window:
    """Make a window in whose place there are parts."""
    return window(window_id=window_id, parent_id=parent_id, state="split")


def part(window_id: int, parent_id: int = 1, state: str = "ended", reason: str | None = None) -> Window:
    """Make a part."""
    return window(window_id=window_id, parent_id=parent_id, state=state, reason=reason, message=reason)


def ids(family: Family) -> tuple[int, list[int]]:
    """Give the number of the whole and those of its leaves."""
    return family.whole.window_id, [leaf.window_id for leaf in family.leaves]


@pytest.mark.parametrize("state", ["open", "ended", "abandoned", "split"])
def test_a_window_without_parts_is_a_family_of_its_own(state: str) -> None:
    """As it stands."""
    alone = window(state=state, reason="why", pages=3)

    assert families_of([alone]) == (Family(whole=alone, leaves=(alone,)),)


def test_the_whole_is_what_was_planned_with_the_counts_of_all_its_parts() -> None:
    """What the window itself read before it was split counts too."""
    told = {"from_": "2024-01-01", "until": "2024-01-31", "gap_ids": (7,), "announced": 90}
    before, one, other = (dict.fromkeys(SUMMED, count) for count in (1, 20, 300))
    root = window(state="split", **told, **before)
    parts = [window(window_id=2, parent_id=1, state="ended", announced=40, **one)]
    parts += [window(window_id=3, parent_id=1, state="ended", announced=50, **other)]
    (family,) = families_of([root, *parts])

    assert family.whole == window(state="ended", **told, **dict.fromkeys(SUMMED, 321))
    assert family.leaves == tuple(parts)


def test_of_parts_that_were_split_again_the_last_ones_cover_the_range() -> None:
    """What was split stands only for its parts."""
    (family,) = families_of([split(), part(2), split(3, 1), part(4, 3), split(5, 3), part(6, 5), part(7, 5)])

    assert ids(family) == (1, [2, 4, 6, 7])
    assert family.whole.state == "ended"


STATES: dict[str, tuple[list[Window], str, str | None]] = {
    "all have ended": ([part(2), part(3)], "ended", None),
    "one was given up": ([part(2), part(3, 1, "abandoned", "why")], "abandoned", "why"),
    "two were given up": ([part(2, 1, "abandoned", "a"), part(3, 1, "abandoned", "b")], "abandoned", "a"),
    "one is still open": ([part(2), part(3, 1, "open")], "abandoned", None),
    "a part of a part was given up": (
        [split(2, 1), part(3), part(4, 2), part(5, 2, "abandoned", "why")],
        "abandoned",
        "why",
    ),
}


@pytest.mark.parametrize(("parts", "state", "reason"), STATES.values(), ids=STATES)
def test_the_whole_has_ended_only_where_every_part_has(parts: list[Window], state: str, reason: str | None) -> None:
    """Else it says why the first of those that have not was given up."""
    (family,) = families_of([split(), *parts])

    assert (family.whole.state, family.whole.reason, family.whole.message) == (state, reason, reason)


@pytest.mark.parametrize("backwards", [False, True])
def test_parts_of_different_windows_are_told_apart(backwards: bool) -> None:  # noqa: FBT001 - a case.
    """In whatever order they are read: what was planned first comes first."""
    windows = [split(1), split(2), part(3, 2), part(4, 1), window(window_id=5, state="ended"), part(6, 2), part(7, 1)]

    families = families_of(reversed(windows) if backwards else windows)
    assert list(map(ids, families)) == [(1, [4, 7]), (2, [3, 6]), (5, [5])]


def test_without_windows_there_is_no_family() -> None:
    """A run that was never planned has none."""
    assert families_of([]) == ()

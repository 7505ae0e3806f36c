"""Windows that were split, and the parts that stand in their place. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ingest.ledger import Window

_SUMMED = (
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
    "outside_range",
    "outside_set",
    "restarts",
    "bytes",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A window as it was planned, with what has become of its parts."""

    whole: Window
    """The planned window with the counts of all its parts; ``ended`` if each of them has, else ``abandoned``."""
    leaves: tuple[Window, ...]
    """The parts that were not split again: together they cover the range. The window itself where it was not split."""


def families_of(windows: Iterable[Window]) -> tuple[Family, ...]:
    """Bring the parts of each planned window together; parts come after the windows that they are parts of."""
    planned: dict[int, list[Window]] = {}
    root_of: dict[int, int] = {}
    for window in sorted(windows, key=lambda each: each.window_id):
        root = window.window_id if window.parent_id is None else root_of[window.parent_id]
        root_of[window.window_id] = root
        planned.setdefault(root, []).append(window)
    return tuple(_family(members) for members in planned.values())


def _family(members: list[Window]) -> Family:
    root, *parts = members
    if not parts:
        return Family(whole=root, leaves=(root,))
    leaves = tuple(window for window in members if window.state != "split")
    failed = next((leaf for leaf in leaves if leaf.state != "ended"), None)
    whole = replace(
        root,
        state="ended" if failed is None else "abandoned",
        reason=failed.reason if failed else None,
        message=failed.message if failed else None,
        **{name: sum(getattr(member, name) for member in members) for name in _SUMMED},
    )
    return Family(whole=whole, leaves=leaves)

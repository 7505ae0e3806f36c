"""What makes a read of a list doubtful that ended as the protocol says: too little came. Pure."""

from collections.abc import Iterable
from dataclasses import replace

from ingest.ledger import Coverage, ListName, ListOutcome, Reason, Run, RunKind, Window
from ingest.plan.covering import full_window

_AGREEMENT = 0.05
DOUBTS = ("nothing-came", "fewer-than-before", "fewer-than-announced", "records-repeated")
"""The reasons that a second full read which agrees takes away, or a person who approves."""
_NO_SUCH_SET = ("unknown-set", "noSetHierarchy")


def with_sets_gone(run: Run, coverages: Iterable[Coverage]) -> tuple[Run, dict[ListName, Reason]]:
    """Take a list for empty whose set was read before and is gone; its windows then count as a read of all of it.

    A set that was never read is a mistake of whoever declared it. Gives the run so, and such lists with a reason each.
    """
    read = {coverage.list for coverage in coverages if coverage.bound is not None}
    gone = {
        window.list: window.message or ""
        for window in run.windows
        if window.list in read and window.state == "abandoned" and window.reason in _NO_SUCH_SET
    }
    for window in run.windows:
        if window.seen:
            gone.pop(window.list, None)
    windows = tuple(
        replace(window, state="ended", reason=None, message=None, from_=None, until=None)
        if window.list in gone
        else window
        for window in run.windows
    )
    told = {name: Reason(code="set-gone", count=1, text=f"{name}: {message}") for name, message in sorted(gone.items())}
    return replace(run, windows=windows), told


def as_unread(outcome: ListOutcome, coverage: Coverage) -> ListOutcome:
    """Leave bound and gaps of a list as they were: whatever its set brings when it is back is still to be read."""
    after = replace(outcome.coverage, bound=coverage.bound, gaps=coverage.gaps)
    return ListOutcome(coverage=after)


def not_empty(coverage: Coverage, windows: Iterable[Window]) -> Coverage:
    """Believe no longer that a list is empty of which something has come: its known items say how much it holds."""
    if coverage.full_count == 0 and any(window.seen for window in windows):
        return replace(coverage, full_count=None, full_announced=None)
    return coverage


def doubt_of(coverage: Coverage, windows: list[Window], *, read: int, shrink_limit: float) -> Reason | None:
    """Doubt a full read that brought much less than was announced or than the last one did."""
    full = full_window(windows)
    if full is None or full.state != "ended":
        return None
    least = 1 - shrink_limit / 100
    if coverage.suspect_count is not None and agree(read, coverage.suspect_count):
        return None
    before = coverage.known if coverage.full_count is None else coverage.full_count
    if read < before * least:
        code = "nothing-came" if read == 0 else "fewer-than-before"
        what = "are known" if coverage.full_count is None else "came with the last complete read"
        text = f"{coverage.list}: {read} items came where {before} {what}"
        return Reason(code=code, count=before - read, text=text)
    if full.announced and read < full.announced * least and not always_so(coverage, read, full.announced):
        text = f"{coverage.list}: {read} items came where {full.announced} were announced"
        return Reason(code="fewer-than-announced", count=full.announced - read, text=text)
    return None


def repeated(coverage: Coverage, windows: list[Window], read: int) -> Reason | None:
    """Doubt a list that repeated records while others of those announced are missing: it moved while it was read."""
    full = full_window(windows)
    if full is None or full.state != "ended" or not full.announced or not read < min(full.read, full.announced):
        return None
    if coverage.suspect_count is not None and agree(read, coverage.suspect_count):
        return None
    text = f"{coverage.list}: of {full.announced} items announced {read} came, and some of them more than once"
    return Reason(code="records-repeated", count=full.announced - read, text=text)


def pending(run: Run, coverage: Coverage, windows: list[Window]) -> Reason | None:
    """Keep up the doubt about an earlier full read, until a further one has been made."""
    if coverage.suspect_count is None or run.kind is not RunKind.INCREMENTAL or full_window(windows):
        return None
    text = f"{coverage.list}: its last full read is in doubt; read it in full once more (`--full`), or approve that one"
    return Reason(code="doubt-pending", count=1, text=text)


def agree(one: float, other: float) -> bool:
    """Whether two counts are the same but for a little."""
    return abs(one - other) <= _AGREEMENT * max(one, other)


def always_so(coverage: Coverage, read: int, announced: int) -> bool:
    """Whether the repository announced wrongly by the same factor last time."""
    if not coverage.full_count or not coverage.full_announced:
        return False
    return agree(read / announced, coverage.full_count / coverage.full_announced)

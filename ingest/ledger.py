"""The values of the ledger: what a run was asked, how far it has come, and what it says of itself. Frozen, no I/O."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from ingest.identify_values import Granularity


class Verdict(StrEnum):
    """What a run says of itself when it ends."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    SUSPECT = "suspect"
    FAILED = "failed"


class RunKind(StrEnum):
    """What a run reads: everything, what is new, a range that a person asked for, or identifiers alone."""

    FULL = "full"
    INCREMENTAL = "incremental"
    RANGED = "ranged"
    SWEEP = "sweep"


class Verb(StrEnum):
    """How a window is read (protocol section 4)."""

    LIST_RECORDS = "ListRecords"
    LIST_IDENTIFIERS = "ListIdentifiers"
    """The headers are listed and each record is asked for by GetRecord: a page of records can not be had."""
    GET_RECORD = "GetRecord"
    """Only the items that the run's selection names."""
    SWEEP = "sweep"
    """ListIdentifiers, and no record is asked for: which items are there still."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class ListName:
    """One list of an endpoint: a metadataPrefix, and a set or the empty text."""

    metadata_prefix: str
    set_spec: str = ""

    def __str__(self) -> str:
        """Name the list as an operator would."""
        return f"{self.metadata_prefix}, set {self.set_spec}" if self.set_spec else self.metadata_prefix


@dataclass(frozen=True, kw_only=True)
class Selection:
    """What a run was asked for. Two callers with equal selections mean the same run."""

    prefixes: tuple[str, ...]
    sets: tuple[str, ...] = ()
    from_: str | None = None
    until: str | None = None
    full: bool = False
    identifiers: tuple[str, ...] = ()
    """Only these items, each asked for by GetRecord; none: lists."""
    sweep: bool = False
    """Only which items are there still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What a run is begun with."""

    endpoint_id: int
    kind: RunKind
    selection: Selection
    declaration: str
    """The endpoint as it is declared now, as JSON."""
    host: str
    parallel: int = 1
    """The most windows in flight at the host."""
    scheduled: bool = False
    """Begun by the schedule, not by a person: gaps whose next try has not come are left alone."""


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a verdict is what it is: a code for programs, how often, and words an operator acts on."""

    code: str
    count: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A range of a list that could not be read to its end; bounds are inclusive, in the repository's granularity."""

    gap_id: int | None
    """None: not yet kept."""
    list: ListName
    from_: str | None
    until: str | None
    reason: str
    message: str
    attempts: int = 1
    next_try_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How far one list has been read."""

    list: ListName
    bound: datetime | None = None
    """Complete until here but for the gaps; None: never read."""
    full_at: datetime | None = None
    """The bound that the last full read moved to."""
    gaps: tuple[Gap, ...] = ()
    full_count: int | None = None
    """Distinct items of the last complete full read."""
    full_announced: int | None = None
    known: int = 0
    """Live items known of a list that has never been read whole; told where a run is concluded."""
    suspect_count: int | None = None
    """Distinct items of a full read that was suspect and waits for a second that agrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedWindow:
    """A range of a list that a run will read, and the gaps that it closes."""

    list: ListName
    from_: str | None = None
    until: str | None = None
    gap_ids: tuple[int, ...] = ()
    verb: Verb = Verb.LIST_RECORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """How often a named repair was needed, and at which record first, where that is known."""

    count: int
    identifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A window of a run as it stands. Counts are elements over committed pages."""

    window_id: int
    run_id: int
    parent_id: int | None
    """The window that this one was split from."""
    fence: int
    """How often it has been leased."""
    list: ListName
    from_: str | None
    until: str | None
    gap_ids: tuple[int, ...]
    verb: Verb
    state: str
    """``open``, ``ended`` by the protocol's sign, ``abandoned`` with a reason, or ``split``."""
    reason: str | None
    message: str | None
    token: str | None
    announced: int | None
    list_size: int | None
    """The size that the repository announced of the undivided list."""
    outages: int
    """How often in a row the repository was away."""
    next_try_at: datetime | None
    read: int
    """Elements read since the list was last begun."""
    furthest: int
    """The most that any earlier beginning had read."""
    last_length: int
    empty_pages: int
    fruitless_restarts: int
    pages: int
    seen: int
    created: int
    changed: int
    unchanged: int
    deleted: int
    restored: int
    rejected: int
    repaired: int
    repairs: Mapping[str, Repaired]
    """By name, what made its pages readable."""
    without_metadata: int
    not_understood: int
    outside_range: int
    """Elements whose datestamp lies outside the range that was asked for."""
    outside_set: int
    """Elements whose header names sets, but not the one that was asked for nor one inside it."""
    restarts: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run and its windows."""

    run_id: int
    endpoint_id: int
    endpoint: str
    kind: RunKind
    selection: Selection
    declaration: str
    """The endpoint as it was declared when the run began, as JSON: what every worker of the run goes by."""
    host: str
    parallel: int
    """The most windows in flight at the host."""
    scheduled: bool
    earliest_datestamp: str | None
    """Where the repository's oldest datestamp lies, as its Identify answer says."""
    response_date: datetime | None
    """The responseDate of the run's own Identify answer; None until it is planned."""
    granularity: Granularity | None
    verdict: Verdict | None
    reasons: tuple[Reason, ...]
    records: int
    """Distinct records touched; final when the run has ended."""
    started_at: datetime
    ended_at: datetime | None
    windows: tuple[Window, ...] = ()

    @property
    def active(self) -> bool:
        """Whether the run can still be worked on."""
        return self.ended_at is None

    def total(self, name: str) -> int:
        """Sum a count over the run's windows."""
        return sum(getattr(window, name) for window in self.windows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinct:
    """What a run has read, counted without what came twice."""

    items: Mapping[ListName, int] = field(default_factory=dict)
    """Items of each list."""
    rejected: Mapping[str, int] = field(default_factory=dict)
    """Rejections under each metadataPrefix."""
    records: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOutcome:
    """What a run leaves of one list's coverage."""

    coverage: Coverage
    """Bound and counts as they are from now on; its gaps are those that stay or are new."""
    closed_gap_ids: tuple[int, ...] = ()
    read_whole: bool = False
    """The list was read whole, up to its new bound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """How a run ends."""

    verdict: Verdict
    reasons: tuple[Reason, ...]
    lists: tuple[ListOutcome, ...] = ()


# --- sweeps ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """What a sweep has missed for the second time, beside what there is: what the fuse is held against."""

    due: int = 0
    """Items that are to be deleted."""
    due_of: Mapping[ListName, int] = field(default_factory=dict)
    """Of these, those of each list; an item may be of several."""
    live: Mapping[ListName, int] = field(default_factory=dict)
    """Live items of each list, the missed ones included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What has come of the items that a sweep has missed."""

    waiting: int = 0
    """Missed by it, and not twice yet or not long enough apart."""
    held: int = 0
    """Missed twice; not deleted until a person approves."""
    deleted: int = 0
    beside: int = 0
    """Not found in the lists that were swept, and perhaps in another one."""

"""What work on a window is handed: the database, the repository, and a way to stop; nothing here reads settings."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ingest.endpoints import Profile
from ingest.identify_values import Granularity
from ingest.ledger import Window
from ingest.operator_tables import NO_TABLES, OperatorTables
from ingest.protocol.client import Repository
from ingest.store.answers import Voices
from ingest.store.engine import Database
from ingest.store.leases import Lease


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a harvest needs besides the endpoint: handed in, so that nothing here reads settings or a clock."""

    database: Database
    repository: Repository
    lease_seconds: float
    owner: str
    stop: Callable[[], bool]
    """Looked at between pages; True ends the work after the page in hand."""
    wait: Callable[[float], None]
    """Wait a number of seconds, less where a stop is asked for."""
    tell: Callable[[Window], None]
    """Told of the window after each page."""
    slice_over: Callable[[], bool] = lambda: False
    """Looked at before a page is asked for; True lets the page in hand be the last for now, and drops none."""
    patience: int = 0
    """How often in a row a window is put back because the repository is away, before it is given up.

    0 where somebody waits for the end; then the next run reads what is missing.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A leased window and how its items speak."""

    lease: Lease
    voices: Voices
    profile: Profile
    tables: OperatorTables = NO_TABLES
    """The operator's tables that the profile names."""
    max_pages: int = 1_000_000
    """The most pages that the list may have."""
    run_date: str
    """The run's own date as sortable text, for pages without a readable responseDate."""
    host: str
    parallel: int = 1
    """The most windows in flight at the host: with more than one, long lists are split."""
    granularity: Granularity = Granularity.DAY
    earliest: str | None = None
    """The repository's earliestDatestamp."""
    response_date: datetime | None = None
    """The repository's clock when the run was planned; None: windows can not be split."""
    identifiers: tuple[str, ...] = ()
    """The items that the run names, where it asks for those alone."""
    quirks: frozenset[str] = frozenset()
    """The named deviations that the endpoint is declared with."""
    max_list_bytes: int = 1 << 40
    max_list_seconds: float = 7 * 24 * 3600.0
    rejection_ceiling: float | None = None
    """Percent of what is seen; see ``Endpoint``."""

"""What work on a window is handed: the database, the repository, and a way to stop; nothing here reads settings."""

from collections.abc import Callable
from dataclasses import dataclass

from ingest.endpoints import Profile
from ingest.ledger import Window
from ingest.protocol.client import Repository
from ingest.store.answers import Lease, Voices
from ingest.store.engine import Database


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A leased window and how its items speak."""

    lease: Lease
    voices: Voices
    profile: Profile
    max_pages: int | None = None
    """The most pages that the list may have; None: no limit."""
    run_date: str
    """The run's own date as sortable text, for pages without a readable responseDate."""

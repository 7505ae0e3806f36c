"""An endpoint: how a repository is declared in ``endpoints.toml``."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FieldRule(_Declared):
    """Where to look in a described record: a field's element name, and a pattern whose group 1 is taken."""

    element: str
    pattern: str


class RecordIdRule(_Declared):
    """How the record ID is read: from the OAI identifier (no element), or from a described field."""

    element: str | None = None
    pattern: str


class Fields(_Declared):
    """Where a repository keeps what our formats have no element for."""

    rights: FieldRule | None = None
    donor: FieldRule | None = None
    source: FieldRule | None = None


class Defaults(_Declared):
    """What to say when a record is silent."""

    rights: str | None = None
    donor: str | None = None
    source: str | None = None


class Auth(_Declared):
    """Credentials by reference to the environment (``env:NAME``), never literal."""

    basic: str | None = None
    header: str | None = None
    value: str | None = None


class Fuse(_Declared):
    """How many deletions a sweep may bring before a person must approve: percent of the list, and records."""

    percent: float = 10.0
    records: int = 100


class TrustedOrigin(_Declared):
    """A declared endpoint whose items an aggregator may speak for."""

    base_url: str
    namespace: str
    record_id: RecordIdRule | None = None


class Endpoint(_Declared):
    """One declared repository. Durations are seconds, sizes bytes, schedules cron lines in UTC."""

    name: str
    url: str
    metadata_prefix: tuple[str, ...] = ("oai_dc",)
    """In order of precedence within a record."""
    sets: tuple[str, ...] = ()
    schedule: str | None = None
    record_id: RecordIdRule | None = None
    namespace: str
    parallel: int = 1
    min_interval: float = 0.0
    fields: Fields = Fields()
    defaults: Defaults = Defaults()
    quirks: dict[str, bool | int | float | str] = {}
    priority: int = 100
    """Smaller speaks first."""
    origin: Literal["trust"] | None = None
    trusted_origins: tuple[TrustedOrigin, ...] = ()
    """Filled on reading, from the other declarations, where ``origin`` is ``trust``."""
    renamed_from: str | None = None
    auth: Auth | None = None
    headers: dict[str, str] = {}
    verify_tls: bool = True
    timeout: float = 60.0
    page_deadline: float = 300.0
    max_pages: int | None = None
    max_bytes: int | None = None
    rejection_ceiling: float | None = None
    """Percent of seen; None: the greater of 100 records and 5 %."""
    shrink_limit: float = 10.0
    """Percent by which a full read may fall short before it is suspect."""
    sweep: str | None = None
    fuse: Fuse = Fuse()
    full_every: float | None = None
    overlap: float | None = None
    paused: bool = False


class Profile(_Declared):
    """All that a description depends on besides the item: rules, bundled tables, the endpoint's describing keys."""

    rules: int
    """The code's rule number; grows when any rule, crosswalk or bundled table changes."""
    namespace: str
    record_id: RecordIdRule | None = None
    fields: Fields = Fields()
    defaults: Defaults = Defaults()
    priority: int = 100
    prefixes: tuple[str, ...] = ("oai_dc",)
    trusted_origins: tuple[TrustedOrigin, ...] = ()

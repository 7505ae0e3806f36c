"""The tables of the ledger: endpoints, runs, their windows and pages, coverage with its gaps, hosts."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    false,
    text,
)

from ingest.store.types import BigKey, Instant, KeyText

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=text("0"))


endpoints = Table(
    "endpoints",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("name", KeyText, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("declaration", Text, nullable=False),
    Column("declared", Boolean, nullable=False, server_default=false()),
    Column("paused", Boolean, nullable=False, server_default=false()),
    Column("next_due_at", Instant),
    Column("identify", Text),
    # The cron line that next_due_at was computed from: another one in the file computes it anew.
    Column("schedule", Text),
    # Likewise for sweeps.
    Column("sweep", Text),
    Column("next_sweep_at", Instant),
    Column("created_at", Instant, nullable=False),
    # Since when its voice is taken away; empty again as soon as it is harvested or declared anew.
    Column("retired_at", Instant),
)

runs = Table(
    "runs",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("endpoint_id", BigInteger, ForeignKey("endpoints.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("selection", Text, nullable=False),
    Column("declaration", Text, nullable=False),
    # The responseDate of the run's own Identify answer: what coverage moves to. None until planned.
    Column("response_date", Instant),
    Column("granularity", Text),
    Column("verdict", Text),
    Column("reasons", Text, nullable=False, server_default="[]"),
    Column("records", BigInteger, nullable=False, server_default=text("0")),
    Column("started_at", Instant, nullable=False),
    Column("planned_at", Instant),
    Column("ended_at", Instant),
    # Whose pace the run keeps, and how many of its windows may be in flight there: as declared when it began.
    Column("host", KeyText, nullable=False, server_default=""),
    Column("parallel", Integer, nullable=False, server_default=text("1")),
    Column("scheduled", Boolean, nullable=False, server_default=false()),
    # From the run's Identify answer: where the repository's oldest datestamp lies.
    Column("earliest_datestamp", Text),
    # When the queue was last told to plan or to finish the run.
    Column("hinted_at", Instant),
    # Which process plans the run now, and until when it holds the right to.
    Column("owner", Text),
    Column("lease_until", Instant),
    CheckConstraint("kind IN ('full', 'incremental', 'ranged', 'sweep')", name="kind"),
    CheckConstraint("verdict IN ('complete', 'partial', 'suspect', 'failed')", name="verdict"),
    Index("ix_runs_endpoint_id_started_at", "endpoint_id", "started_at"),
)

windows = Table(
    "windows",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("run_id", BigInteger, ForeignKey("runs.id"), nullable=False),
    Column("metadata_prefix", KeyText, nullable=False),
    # The empty text where the list has no set: NULL would not compare.
    Column("set_spec", KeyText, nullable=False, server_default=""),
    Column("from_date", Text),
    Column("until_date", Text),
    # The gaps that this window closes when it ends, as a JSON array of their ids.
    Column("gap_ids", Text, nullable=False, server_default="[]"),
    Column("state", Text, nullable=False, server_default="open"),
    Column("reason", Text),
    Column("message", Text),
    # The token to ask with next, exactly as it came; None: the list's first request.
    Column("token", Text),
    Column("announced", BigInteger),
    # Elements read since the list was last begun, the most that any beginning has read, and the length of the last
    # page with elements.
    _count("read"),
    _count("furthest"),
    _count("last_length"),
    _count("empty_pages"),
    _count("fruitless_restarts"),
    _count("pages"),
    _count("seen"),
    _count("created"),
    _count("changed"),
    _count("unchanged"),
    _count("deleted"),
    _count("restored"),
    _count("rejected"),
    _count("repaired"),
    _count("without_metadata"),
    _count("not_understood"),
    _count("restarts"),
    # What made its pages readable: a JSON object, name -> [how often, at which record first].
    Column("repairs", Text, nullable=False, server_default="{}"),
    _count("outside_range"),
    _count("outside_set"),
    Column("bytes", BigInteger, nullable=False, server_default=text("0")),
    # How it is read: a page of records at a time, by its headers, or the items that the run names.
    Column("verb", Text, nullable=False, server_default="ListRecords"),
    # When it was first leased: no list may be read for ever.
    Column("begun_at", Instant),
    Column("owner", Text),
    _count("fence"),
    Column("lease_until", Instant),
    Column("next_try_at", Instant),
    # The window that this one was split from, and the size that the undivided list announced. No foreign key: SQLite
    # adds none to a table that exists.
    Column("parent_id", BigInteger),
    Column("list_size", BigInteger),
    # When the queue was last told of the window, until someone leases it, and when it was last leased.
    Column("hinted_at", Instant),
    Column("leased_at", Instant),
    # In a row, without a page between: how often the repository was away, and how often a worker died on the window.
    _count("outages"),
    _count("deaths"),
    CheckConstraint("state IN ('open', 'ended', 'abandoned', 'split')", name="state"),
    Index("ix_windows_run_id_state", "run_id", "state"),
)

# What an active run has read, one row a page: which tokens brought which elements (loops), and which items and
# records were touched (exact counts over pages that repeat each other). Removed when the run ends.
pages = Table(
    "pages",
    metadata,
    Column("window_id", BigInteger, ForeignKey("windows.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("restart", Integer, nullable=False),
    Column("token_digest", LargeBinary, nullable=False),
    Column("elements_digest", LargeBinary, nullable=False),
    Column("items", LargeBinary, nullable=False),
    Column("records", LargeBinary, nullable=False),
    # Each page asks whether its elements have come before: whatever the list's length, by one look.
    Index("ix_pages_window_id_elements_digest", "window_id", "elements_digest"),
)

coverage = Table(
    "coverage",
    metadata,
    Column("endpoint_id", BigInteger, ForeignKey("endpoints.id"), primary_key=True),
    Column("metadata_prefix", KeyText, primary_key=True),
    Column("set_spec", KeyText, primary_key=True, server_default=""),
    Column("bound", Instant),
    # Distinct items of the last complete full read, and what the repository announced then.
    Column("full_count", BigInteger),
    Column("full_announced", BigInteger),
    Column("full_at", Instant),
    # Distinct items of a full read that was suspect; a second that agrees with it clears it.
    Column("suspect_count", BigInteger),
)

gaps = Table(
    "gaps",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("endpoint_id", BigInteger, ForeignKey("endpoints.id"), nullable=False),
    Column("metadata_prefix", KeyText, nullable=False),
    Column("set_spec", KeyText, nullable=False, server_default=""),
    Column("from_date", Text),
    Column("until_date", Text),
    Column("reason", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("1")),
    Column("next_try_at", Instant),
    Column("first_seen_at", Instant, nullable=False),
    Index("ix_gaps_endpoint_id", "endpoint_id"),
)

hosts = Table(
    "hosts",
    metadata,
    Column("name", KeyText, primary_key=True),
    Column("next_at", Instant),
    Column("retry_after_until", Instant),
)

schema_state = Table(
    "schema_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    # Code with a smaller number can not work with this database.
    Column("oldest_code", Integer, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

"""The tables of the catalogue, beside those of the ledger.

JSON is kept as text that this package writes; the views hand it out as the database's own JSON. Indexes of some rows
only stand in ``partial_indexes``.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from ingest.store.ledger_tables import metadata
from ingest.store.types import BigKey, Instant, KeyText

# --- items and records ----------------------------------------------------------------------------

profiles = Table(
    "profiles",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("content", Text, nullable=False),
)

# What the operator's tables held that some profile names by their digest.
operator_tables = Table(
    "operator_tables",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("content", Text, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("key", BigKey, primary_key=True),
    Column("namespace", KeyText, nullable=False),
    Column("record_id", KeyText, nullable=False),
    # The item that speaks. No foreign key: items point to records, and a circle of keys can not be written set-wise.
    Column("item_id", BigInteger),
    Column("digest", LargeBinary),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Column("deleted", Boolean, nullable=False, server_default=false()),
    Column("merged_into", BigInteger, ForeignKey("records.key")),
    # The record to which items of this one have gone so far, 0: several. No foreign key for that reason.
    Column("items_gone_to", BigInteger),
    Column("title", Text),
    Column("creators", Text, nullable=False, server_default="[]"),
    Column("date", Text),
    Column("languages", Text, nullable=False, server_default="[]"),
    Column("rights_uri", Text),
    Column("rights_category", Text, nullable=False, server_default="unknown"),
    Column("rights_conflict", Boolean, nullable=False, server_default=false()),
    Column("metadata", Text, nullable=False, server_default="{}"),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    # A person had it forgotten: only its names are left, and nothing brings it back.
    Column("forgotten_at", Instant),
    Column("forgotten_reason", Text),
    # Why it says this, and the run that made it so. No foreign key: SQLite adds none to a table that exists.
    Column("cause", Text),
    Column("cause_run_id", BigInteger),
    UniqueConstraint("namespace", "record_id"),
    # A key is never reused: on SQLite that has to be asked for.
    sqlite_autoincrement=True,
)

items = Table(
    "items",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("endpoint_id", BigInteger, ForeignKey("endpoints.id"), nullable=False),
    Column("metadata_prefix", KeyText, nullable=False),
    Column("oai_identifier", KeyText, nullable=False),
    Column("datestamp", Text),
    # The datestamp as a sortable instant in UTC; responseDate and run of the answer that the item came from.
    Column("datestamp_key", KeyText, nullable=False),
    Column("response_date", KeyText, nullable=False),
    # Indexed, so that a run that nothing stands on any more is found, and taken away, without reading every item.
    Column("run_id", BigInteger, ForeignKey("runs.id"), nullable=False, index=True),
    Column("deleted", Boolean, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("header_digest", LargeBinary, nullable=False),
    Column("profile_id", BigInteger, ForeignKey("profiles.id"), nullable=False),
    Column("understood", Boolean, nullable=False),
    Column("format", Text),
    Column("priority", Integer, nullable=False),
    Column("prefix_position", SmallInteger, nullable=False),
    Column("record_key", BigInteger, ForeignKey("records.key"), index=True),
    # The first repository that had it; and all that its provenance names, as a JSON array, the outermost first.
    Column("origin_base_url", Text),
    Column("origin_identifier", Text),
    Column("origins", Text, nullable=False, server_default="[]"),
    # The last live metadata and about, compressed; kept when the item is deleted.
    Column("xml", LargeBinary),
    Column("about", LargeBinary),
    Column("first_seen_at", Instant, nullable=False),
    UniqueConstraint("endpoint_id", "metadata_prefix", "oai_identifier"),
    sqlite_autoincrement=True,
)

# Live items that a complete sweep did not find. One that is seen again loses its row; so does one that is deleted.
misses = Table(
    "misses",
    metadata,
    Column("item_id", BigInteger, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    # The sweep that missed it first, and when that began. No foreign key: old runs are taken away.
    Column("run_id", BigInteger, nullable=False),
    Column("missed_at", Instant, nullable=False),
    # The sweep that missed it again, late enough: its deletion is due, or held until a person approves it.
    Column("due_run_id", BigInteger, index=True),
    Column("held", Boolean, nullable=False, server_default=false()),
)

item_sets = Table(
    "item_sets",
    metadata,
    Column("item_id", BigInteger, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
    Column("set_spec", KeyText, primary_key=True),
)

record_versions = Table(
    "record_versions",
    metadata,
    Column("record_key", BigInteger, ForeignKey("records.key", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("content", Text, nullable=False),
    Column("deleted", Boolean, nullable=False),
    # Why it was replaced: the change that followed.
    Column("change", Text, nullable=False),
    Column("valid_from", Instant, nullable=False),
    Column("valid_until", Instant, nullable=False),
    # Why it was made, and by which run: what the record's own row said while it was the newest.
    Column("cause", Text),
    Column("cause_run_id", BigInteger),
)


def _field(name: str, *columns: Column[str] | Index) -> Table:
    return Table(
        name,
        metadata,
        Column("record_key", BigInteger, ForeignKey("records.key", ondelete="CASCADE"), primary_key=True),
        Column("position", Integer, primary_key=True, autoincrement=False),
        Column("statement", Text, nullable=False),
        *columns,
        Column("rule", Text, nullable=False),
        Column("confidence", Text, nullable=False),
    )


record_rights = _field(
    "record_rights",
    Column("uri", Text),
    Column("label", Text),
    Column("category", Text, nullable=False),
    Column("access", Text),
    Column("embargo_end", Text),
    Column("holder", Text),
    Column("permits", Text, nullable=False, server_default="[]"),
    Column("contact", Text),
    Column("details", Text, nullable=False, server_default="{}"),
)

record_donors = _field(
    "record_donors",
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("identifier", Text),
    Column("evidence", Text, nullable=False, server_default="[]"),
    Index("ix_record_donors_name", "name"),
)

record_sources = _field(
    "record_sources",
    Column("type", Text, nullable=False),
    Column("repository", Text),
    Column("ref", Text),
    Column("pages", Text),
    Column("collection", Text),
    Column("parts", Text, nullable=False, server_default="{}"),
)

rights_statements = Table(
    "rights_statements",
    metadata,
    Column("uri", Text, primary_key=True),
    Column("label", Text, nullable=False),
    Column("scheme", Text, nullable=False),
    Column("category", Text, nullable=False),
)

# --- the feed, the rejections, the schema's own state ---------------------------------------------

changes = Table(
    "changes",
    metadata,
    Column("cursor", BigKey, primary_key=True, autoincrement=False),
    Column("record_key", BigInteger, ForeignKey("records.key"), nullable=False),
    Column("change", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("merged_into", BigInteger),
    Column("changed_at", Instant, nullable=False),
    CheckConstraint("change IN ('created', 'changed', 'deleted', 'restored', 'merged')", name="change"),
    Index("ix_changes_record_key", "record_key"),
)

feed = Table(
    "feed",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("feed_id", Text, nullable=False),
    Column("oldest_cursor", BigInteger, nullable=False),
    # Counted up by each publishing transaction; the row's lock puts publishers in one line.
    Column("newest_cursor", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

rejections = Table(
    "rejections",
    metadata,
    Column("id", BigKey, primary_key=True),
    Column("endpoint_id", BigInteger, ForeignKey("endpoints.id"), nullable=False),
    Column("run_id", BigInteger, ForeignKey("runs.id"), nullable=False),
    Column("metadata_prefix", KeyText, nullable=False),
    # The OAI identifier, or the digest of the bytes where there is none: what makes two rejections the same.
    Column("fingerprint", KeyText, nullable=False),
    Column("oai_identifier", KeyText),
    Column("stage", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("1")),
    Column("first_seen_at", Instant, nullable=False),
    Column("last_seen_at", Instant, nullable=False),
    Column("released_at", Instant),
    UniqueConstraint("endpoint_id", "metadata_prefix", "fingerprint"),
)

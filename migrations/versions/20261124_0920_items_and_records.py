"""Items as the repositories gave them, and the records that they make.

An item points to its record; a record names the item that speaks without a key, since a circle of keys can not be
written set-wise. Before the code.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_0920_items_and_records"
down_revision = "20261124_0910_ledger"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY_TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Create items, records and the normalised fields."""
    op.create_table(
        "profiles",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profiles")),
        sa.UniqueConstraint("digest", name=op.f("uq_profiles_digest")),
    )
    op.create_table(
        "records",
        sa.Column("key", BIG_KEY, nullable=False),
        sa.Column("namespace", KEY_TEXT, nullable=False),
        sa.Column("record_id", KEY_TEXT, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("deleted", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("creators", sa.Text(), server_default="[]", nullable=False),
        sa.Column("date", sa.Text(), nullable=True),
        sa.Column("languages", sa.Text(), server_default="[]", nullable=False),
        sa.Column("rights_uri", sa.Text(), nullable=True),
        sa.Column("rights_category", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("metadata", sa.Text(), server_default="{}", nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["merged_into"], ["records.key"], name=op.f("fk_records_merged_into_records")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_records")),
        sa.UniqueConstraint("namespace", "record_id", name=op.f("uq_records_namespace_record_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "items",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("endpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("metadata_prefix", KEY_TEXT, nullable=False),
        sa.Column("oai_identifier", KEY_TEXT, nullable=False),
        sa.Column("datestamp", sa.Text(), nullable=True),
        sa.Column("datestamp_key", KEY_TEXT, nullable=False),
        sa.Column("response_date", KEY_TEXT, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("header_digest", sa.LargeBinary(), nullable=False),
        sa.Column("profile_id", sa.BigInteger(), nullable=False),
        sa.Column("understood", sa.Boolean(), nullable=False),
        sa.Column("format", sa.Text(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("prefix_position", sa.SmallInteger(), nullable=False),
        sa.Column("record_key", sa.BigInteger(), nullable=True),
        sa.Column("origin_base_url", sa.Text(), nullable=True),
        sa.Column("origin_identifier", sa.Text(), nullable=True),
        sa.Column("xml", sa.LargeBinary(), nullable=True),
        sa.Column("about", sa.LargeBinary(), nullable=True),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoints.id"], name=op.f("fk_items_endpoint_id_endpoints")),
        sa.ForeignKeyConstraint(["profile_id"], ["profiles.id"], name=op.f("fk_items_profile_id_profiles")),
        sa.ForeignKeyConstraint(["record_key"], ["records.key"], name=op.f("fk_items_record_key_records")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_items_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint(
            "endpoint_id",
            "metadata_prefix",
            "oai_identifier",
            name=op.f("uq_items_endpoint_id_metadata_prefix_oai_identifier"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_items_record_key"), "items", ["record_key"], unique=False)
    op.create_table(
        "item_sets",
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("set_spec", KEY_TEXT, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_sets_item_id_items"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", "set_spec", name=op.f("pk_item_sets")),
    )
    op.create_table(
        "record_versions",
        sa.Column("record_key", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("valid_from", INSTANT, nullable=False),
        sa.Column("valid_until", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["record_key"], ["records.key"], name=op.f("fk_record_versions_record_key_records"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_key", "version", name=op.f("pk_record_versions")),
    )
    op.create_table(
        "record_rights",
        sa.Column("record_key", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("uri", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("access", sa.Text(), nullable=True),
        sa.Column("embargo_end", sa.Text(), nullable=True),
        sa.Column("holder", sa.Text(), nullable=True),
        sa.Column("permits", sa.Text(), server_default="[]", nullable=False),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_key"], ["records.key"], name=op.f("fk_record_rights_record_key_records"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_key", "position", name=op.f("pk_record_rights")),
    )
    op.create_table(
        "record_donors",
        sa.Column("record_key", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), server_default="[]", nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_key"], ["records.key"], name=op.f("fk_record_donors_record_key_records"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_key", "position", name=op.f("pk_record_donors")),
    )
    op.create_table(
        "record_sources",
        sa.Column("record_key", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("repository", sa.Text(), nullable=True),
        sa.Column("ref", sa.Text(), nullable=True),
        sa.Column("pages", sa.Text(), nullable=True),
        sa.Column("collection", sa.Text(), nullable=True),
        sa.Column("parts", sa.Text(), server_default="{}", nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_key"], ["records.key"], name=op.f("fk_record_sources_record_key_records"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_key", "position", name=op.f("pk_record_sources")),
    )


def downgrade() -> None:
    """Drop items and records with all they hold; another harvest brings them again, under other keys."""
    op.drop_table("record_sources")
    op.drop_table("record_donors")
    op.drop_table("record_rights")
    op.drop_table("record_versions")
    op.drop_table("item_sets")
    op.drop_table("items")
    op.drop_table("records")
    op.drop_table("profiles")

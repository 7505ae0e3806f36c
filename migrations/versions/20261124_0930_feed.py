"""The change feed.

One row says where it begins and ends; a new database has a feed of its own. Before the code.
"""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_0930_feed"
down_revision = "20261124_0920_items_and_records"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Create the feed and give it a name."""
    op.create_table(
        "changes",
        sa.Column("cursor", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("record_key", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("merged_into", sa.BigInteger(), nullable=True),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "change IN ('created', 'changed', 'deleted', 'restored', 'merged')", name=op.f("ck_changes_change")
        ),
        sa.ForeignKeyConstraint(["record_key"], ["records.key"], name=op.f("fk_changes_record_key_records")),
        sa.PrimaryKeyConstraint("cursor", name=op.f("pk_changes")),
    )
    op.create_index("ix_changes_record_key", "changes", ["record_key"], unique=False)
    table = op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("feed_id", sa.Text(), nullable=False),
        sa.Column("oldest_cursor", sa.BigInteger(), nullable=False),
        sa.Column("newest_cursor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_feed_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
    )
    op.bulk_insert(table, [{"id": 1, "feed_id": uuid4().hex, "oldest_cursor": 1, "newest_cursor": 0}])


def downgrade() -> None:
    """Drop the feed: catalogues start again, since the next feed has another name."""
    op.drop_table("feed")
    op.drop_table("changes")

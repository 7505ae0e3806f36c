"""What could not be taken in, kept with its bytes.

So that a bad record stops nothing and can be tried again. Before the code.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_0940_rejections"
down_revision = "20261124_0930_feed"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY_TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Create the rejections."""
    op.create_table(
        "rejections",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("endpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("metadata_prefix", KEY_TEXT, nullable=False),
        sa.Column("fingerprint", KEY_TEXT, nullable=False),
        sa.Column("oai_identifier", KEY_TEXT, nullable=True),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.Column("released_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoints.id"], name=op.f("fk_rejections_endpoint_id_endpoints")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_rejections_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejections")),
        sa.UniqueConstraint(
            "endpoint_id",
            "metadata_prefix",
            "fingerprint",
            name=op.f("uq_rejections_endpoint_id_metadata_prefix_fingerprint"),
        ),
    )
    op.create_index(
        "ix_rejections_not_released",
        "rejections",
        ["endpoint_id", "metadata_prefix"],
        unique=False,
        postgresql_where=sa.text("released_at IS NULL"),
        sqlite_where=sa.text("released_at IS NULL"),
    )


def downgrade() -> None:
    """Drop the rejections with their bytes."""
    op.drop_table("rejections")

"""The ledger: endpoints, runs, their windows and pages, coverage, gaps, hosts.

What was asked for and how far it came. Before the code.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_0910_ledger"
down_revision = "20261124_0900_schema_state"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY_TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Create the ledger."""
    op.create_table(
        "endpoints",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("name", KEY_TEXT, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("declaration", sa.Text(), nullable=False),
        sa.Column("declared", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("next_due_at", INSTANT, nullable=True),
        sa.Column("identify", sa.Text(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endpoints")),
        sa.UniqueConstraint("name", name=op.f("uq_endpoints_name")),
    )
    op.create_table(
        "runs",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("endpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("selection", sa.Text(), nullable=False),
        sa.Column("declaration", sa.Text(), nullable=False),
        sa.Column("response_date", INSTANT, nullable=True),
        sa.Column("granularity", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("reasons", sa.Text(), server_default="[]", nullable=False),
        sa.Column("records", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("planned_at", INSTANT, nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("kind IN ('full', 'incremental', 'ranged', 'sweep')", name=op.f("ck_runs_kind")),
        sa.CheckConstraint("verdict IN ('complete', 'partial', 'suspect', 'failed')", name=op.f("ck_runs_verdict")),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoints.id"], name=op.f("fk_runs_endpoint_id_endpoints")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index("ix_runs_endpoint_id_started_at", "runs", ["endpoint_id", "started_at"], unique=False)
    op.create_index(
        "uq_runs_active",
        "runs",
        ["endpoint_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "windows",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("metadata_prefix", KEY_TEXT, nullable=False),
        sa.Column("set_spec", KEY_TEXT, server_default="", nullable=False),
        sa.Column("from_date", sa.Text(), nullable=True),
        sa.Column("until_date", sa.Text(), nullable=True),
        sa.Column("gap_ids", sa.Text(), server_default="[]", nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("announced", sa.BigInteger(), nullable=True),
        sa.Column("read", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("furthest", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_length", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("empty_pages", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("fruitless_restarts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("pages", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("seen", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("changed", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("unchanged", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("deleted", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("restored", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("rejected", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("repaired", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("without_metadata", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("not_understood", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("restarts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("bytes", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("fence", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("next_try_at", INSTANT, nullable=True),
        sa.CheckConstraint("state IN ('open', 'ended', 'abandoned', 'split')", name=op.f("ck_windows_state")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_windows_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_windows")),
    )
    op.create_index("ix_windows_run_id_state", "windows", ["run_id", "state"], unique=False)
    op.create_table(
        "pages",
        sa.Column("window_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("restart", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.LargeBinary(), nullable=False),
        sa.Column("elements_digest", sa.LargeBinary(), nullable=False),
        sa.Column("items", sa.LargeBinary(), nullable=False),
        sa.Column("records", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["window_id"], ["windows.id"], name=op.f("fk_pages_window_id_windows"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("window_id", "position", name=op.f("pk_pages")),
    )
    op.create_index("ix_pages_window_id_elements_digest", "pages", ["window_id", "elements_digest"], unique=False)
    op.create_table(
        "coverage",
        sa.Column("endpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("metadata_prefix", KEY_TEXT, nullable=False),
        sa.Column("set_spec", KEY_TEXT, server_default="", nullable=False),
        sa.Column("bound", INSTANT, nullable=True),
        sa.Column("full_count", sa.BigInteger(), nullable=True),
        sa.Column("full_announced", sa.BigInteger(), nullable=True),
        sa.Column("full_at", INSTANT, nullable=True),
        sa.Column("suspect_count", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoints.id"], name=op.f("fk_coverage_endpoint_id_endpoints")),
        sa.PrimaryKeyConstraint("endpoint_id", "metadata_prefix", "set_spec", name=op.f("pk_coverage")),
    )
    op.create_table(
        "gaps",
        sa.Column("id", BIG_KEY, nullable=False),
        sa.Column("endpoint_id", sa.BigInteger(), nullable=False),
        sa.Column("metadata_prefix", KEY_TEXT, nullable=False),
        sa.Column("set_spec", KEY_TEXT, server_default="", nullable=False),
        sa.Column("from_date", sa.Text(), nullable=True),
        sa.Column("until_date", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("next_try_at", INSTANT, nullable=True),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoints.id"], name=op.f("fk_gaps_endpoint_id_endpoints")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gaps")),
    )
    op.create_index("ix_gaps_endpoint_id", "gaps", ["endpoint_id"], unique=False)
    op.create_table(
        "hosts",
        sa.Column("name", KEY_TEXT, nullable=False),
        sa.Column("next_at", INSTANT, nullable=True),
        sa.Column("retry_after_until", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_hosts")),
    )


def downgrade() -> None:
    """Drop the ledger: coverage is lost with it, and the next harvest reads everything again."""
    op.drop_table("hosts")
    op.drop_table("gaps")
    op.drop_table("coverage")
    op.drop_table("pages")
    op.drop_table("windows")
    op.drop_table("runs")
    op.drop_table("endpoints")

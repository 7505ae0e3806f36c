"""What sweeps need: the items that they missed, and when each endpoint is swept next.

Every new column may be left out, so that programs of the revision before go on writing. Before the code.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261129_0900_sweeps"
down_revision = "20261129_0800_catalogue_indexes"
branch_labels = None
depends_on = None

INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")

# The program of the revision before knows no sweep: one that is under way ends, and each is shown as a range.
UNKNOWN_BEFORE = (
    "DELETE FROM pages WHERE window_id IN (SELECT id FROM windows WHERE verb = 'sweep')",
    (
        "UPDATE windows SET state = 'abandoned', reason = 'cancelled', message = 'the program knows no sweeps', "
        "owner = NULL, lease_until = NULL WHERE verb = 'sweep' AND state = 'open'"
    ),
    "UPDATE windows SET verb = 'ListIdentifiers' WHERE verb = 'sweep'",
    "UPDATE runs SET verdict = 'failed', ended_at = started_at WHERE kind = 'sweep' AND ended_at IS NULL",
    "UPDATE runs SET kind = 'ranged' WHERE kind = 'sweep'",
)


def upgrade() -> None:
    """Begin with no item missed and no sweep due; the schedule is computed when the declarations are next read."""
    op.create_table(
        "misses",
        sa.Column("item_id", sa.BigInteger(), nullable=False, autoincrement=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("missed_at", INSTANT, nullable=False),
        sa.Column("due_run_id", sa.BigInteger()),
        sa.Column("held", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_misses_item_id_items", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("item_id", name="pk_misses"),
    )
    op.create_index("ix_misses_due_run_id", "misses", ["due_run_id"])
    op.add_column("endpoints", sa.Column("sweep", sa.Text()))
    op.add_column("endpoints", sa.Column("next_sweep_at", INSTANT))


def downgrade() -> None:
    """Take them away: items that were missed once have to be missed twice again. Deletions that were done stay done."""
    for statement in UNKNOWN_BEFORE:
        op.execute(statement)
    op.drop_column("endpoints", "next_sweep_at")
    op.drop_column("endpoints", "sweep")
    op.drop_index("ix_misses_due_run_id", table_name="misses")
    op.drop_table("misses")

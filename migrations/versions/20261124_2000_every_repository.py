"""What surviving every repository takes: how a window is read, since when, what mended it, what fell outside of it.

Every new column may be left out, so that programs of the revision before go on writing. Before the code.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_2000_every_repository"
down_revision = "20261124_1700_many_workers"
branch_labels = None
depends_on = None

INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Add the columns: every window so far is read by ListRecords."""
    op.add_column("windows", sa.Column("repairs", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("windows", sa.Column("outside_range", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("windows", sa.Column("outside_set", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("windows", sa.Column("verb", sa.Text(), nullable=False, server_default="ListRecords"))
    op.add_column("windows", sa.Column("begun_at", INSTANT))


def downgrade() -> None:
    """Take the columns away; a window that was read by its headers is read by ListRecords again."""
    for column in ("begun_at", "verb", "outside_set", "outside_range", "repairs"):
        op.drop_column("windows", column)

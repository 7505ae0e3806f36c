"""Who plans a run, and until when the lease holds: a message that comes twice or late plans nothing a second time.

Both columns may be left out, so that programs of the revision before go on writing. Before the code.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261129_1300_planning_leases"
down_revision = "20261129_1200_no_language"
branch_labels = None
depends_on = None

INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Add the columns, empty: whoever plans at this moment is not known, and ends by what it writes."""
    op.add_column("runs", sa.Column("owner", sa.Text()))
    op.add_column("runs", sa.Column("lease_until", INSTANT))


def downgrade() -> None:
    """Take them away; who plans is told twice at worst."""
    op.drop_column("runs", "lease_until")
    op.drop_column("runs", "owner")

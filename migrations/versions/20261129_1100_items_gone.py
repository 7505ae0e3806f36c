"""To which record the items of each record have gone, so that the order in which they go does not tell.

The new column may be left out, so that programs of the revision before go on writing. Before the code.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1100_items_gone"
down_revision = "20261129_1000_causes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty: where items went that have gone so far, nobody has kept."""
    op.add_column("records", sa.Column("items_gone_to", sa.BigInteger()))


def downgrade() -> None:
    """Take it away."""
    op.drop_column("records", "items_gone_to")

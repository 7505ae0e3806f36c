"""Why each version of a record was made, and by which run; and an index by which unused runs are found.

Every new column may be left out, so that programs of the revision before go on writing. Before the code.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129_1000_causes"
down_revision = "20261129_0930_forgotten_records"
branch_labels = None
depends_on = None

TABLES = ("records", "record_versions")


def upgrade() -> None:
    """Add the columns, empty: of the versions so far nobody has kept why they were made."""
    for table in TABLES:
        op.add_column(table, sa.Column("cause", sa.Text()))
        op.add_column(table, sa.Column("cause_run_id", sa.BigInteger()))
    op.create_index("ix_items_run_id", "items", ["run_id"])


def downgrade() -> None:
    """Take them away; what was told by them is lost."""
    op.drop_index("ix_items_run_id", table_name="items")
    for table in TABLES:
        op.drop_column(table, "cause_run_id")
        op.drop_column(table, "cause")

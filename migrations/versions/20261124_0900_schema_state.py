"""The database says which programs can work with it.

First of all, so that every later revision can raise ``oldest_code``. Before the code.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0900_schema_state"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the row of this database's own state."""
    table = op.create_table(
        "schema_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("oldest_code", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_schema_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schema_state")),
    )
    op.bulk_insert(table, [{"id": 1, "oldest_code": 1}])


def downgrade() -> None:
    """Drop it; no data of anyone's is in it."""
    op.drop_table("schema_state")

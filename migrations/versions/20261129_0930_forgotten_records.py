"""When and why a record was forgotten, and when an endpoint was retired.

Every new column may be left out, so that programs of the revision before go on writing. Before the code.
Programs of the revision before know nothing of what is forgotten: from the first such record on the database refuses
them when they begin; end those that run before, else they bring it back.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261129_0930_forgotten_records"
down_revision = "20261129_0900_sweeps"
branch_labels = None
depends_on = None

INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
FORGOTTEN = sa.text("forgotten_at IS NOT NULL")


def upgrade() -> None:
    """Add the columns, empty: so far nothing was forgotten, and no endpoint retired."""
    op.add_column("records", sa.Column("forgotten_at", INSTANT))
    op.add_column("records", sa.Column("forgotten_reason", sa.Text()))
    op.create_index(
        "ix_records_forgotten_at", "records", ["forgotten_at"], postgresql_where=FORGOTTEN, sqlite_where=FORGOTTEN
    )
    op.add_column("endpoints", sa.Column("retired_at", INSTANT))


def downgrade() -> None:
    """Take them away. What was erased does not come back by itself; the next full harvest brings it again."""
    op.execute("UPDATE schema_state SET oldest_code = 1 WHERE oldest_code = 2")
    op.drop_column("endpoints", "retired_at")
    op.drop_index("ix_records_forgotten_at", table_name="records")
    op.drop_column("records", "forgotten_reason")
    op.drop_column("records", "forgotten_at")

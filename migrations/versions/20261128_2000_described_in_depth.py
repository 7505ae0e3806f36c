"""What describing in depth takes: details of rights statements, conflicts of rights, the operator's own tables.

Every new column may be left out, so that programs of the revision before go on writing. Before the code.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128_2000_described_in_depth"
down_revision = "20261124_2000_every_repository"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, empty: what is described from now on fills them, ``renormalise`` what was described before."""
    op.add_column("records", sa.Column("rights_conflict", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("record_rights", sa.Column("details", sa.Text(), nullable=False, server_default="{}"))
    op.create_table(
        "operator_tables",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_operator_tables"),
    )


def downgrade() -> None:
    """Take them away; what they held is described again after the next upgrade."""
    op.drop_table("operator_tables")
    op.drop_column("record_rights", "details")
    op.drop_column("records", "rights_conflict")

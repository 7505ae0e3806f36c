"""What describing in depth takes: details of rights statements, conflicts of rights, the operator's own tables.

Every new column may be left out, so that programs of the revision before go on writing. Before the code.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261128_2000_described_in_depth"
down_revision = "20261124_2000_every_repository"
branch_labels = None
depends_on = None


# No program knows a profile by a longer digest: what was described before this revision is to be described again, and
# so is what was described between a downgrade and the next upgrade.
LENGTHEN = {
    "postgresql": r"UPDATE profiles SET digest = digest || '\x00'::bytea",
    "sqlite": "UPDATE profiles SET digest = CAST(digest || x'00' AS BLOB)",
}
SHORTEN = {
    "postgresql": "UPDATE profiles SET digest = substring(digest from 1 for length(digest) - 1)",
    "sqlite": "UPDATE profiles SET digest = CAST(substr(digest, 1, length(digest) - 1) AS BLOB)",
}


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
    op.execute(LENGTHEN[op.get_bind().dialect.name])


def downgrade() -> None:
    """Take them away; ``renormalise`` brings back what they held after the next upgrade."""
    op.execute(SHORTEN[op.get_bind().dialect.name])
    op.drop_table("operator_tables")
    op.drop_column("record_rights", "details")
    op.drop_column("records", "rights_conflict")

"""The controlled rights statements that catalogues join.

Their rows come with every upgrade from the program's own data. Before the code.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261124_0950_vocabulary"
down_revision = "20261124_0940_rejections"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the vocabulary, empty."""
    op.create_table(
        "rights_statements",
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("uri", name=op.f("pk_rights_statements")),
    )


def downgrade() -> None:
    """Drop the vocabulary; the next upgrade fills it again."""
    op.drop_table("rights_statements")

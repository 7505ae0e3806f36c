"""Values of a record's metadata say their language only where they have one; the views still tell it of each.

Rows from before stay as they are. Programs of the revision before would tell of every record that its metadata has
changed: from now on the database refuses them when they begin; end those that run. Before the code.
"""

from alembic import op

revision = "20261129_1200_no_language"
down_revision = "20261129_1100_items_gone"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Refuse programs that would take a value without a language for another one."""
    op.execute("UPDATE schema_state SET oldest_code = 3")


def downgrade() -> None:
    """Write the languages out again, and let in whichever programs could work with the database before."""
    # Backslashes: what follows a colon would be taken for the name of a parameter.
    op.execute(
        """UPDATE records SET metadata = replace(metadata, '{"value"\\:', '{"lang"\\:null,"value"\\:')
            WHERE metadata LIKE '%{"value"\\:%'"""
    )
    op.execute(
        """UPDATE schema_state SET oldest_code =
             CASE WHEN EXISTS (SELECT 1 FROM records WHERE forgotten_at IS NOT NULL) THEN 2 ELSE 1 END"""
    )

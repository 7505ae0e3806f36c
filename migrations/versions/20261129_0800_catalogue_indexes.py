"""What catalogues ask for: indexes for their questions, and all the origins of an item.

On records the indexes leave out rows without a version, so that a first harvest writes each entry once. What is indexed
of donors and sources is cut to what PostgreSQL can index; the statement beside it stays whole. Before the code.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129_0800_catalogue_indexes"
down_revision = "20261128_2000_described_in_depth"
branch_labels = None
depends_on = None

WRITTEN = "version > 0"
# Name -> table, columns, which rows.
INDEXES = {
    "ix_records_record_id": ("records", ["record_id"], WRITTEN),
    "ix_records_rights_category_key": ("records", ["rights_category", "key"], WRITTEN),
    "ix_records_changed_at": ("records", ["changed_at"], WRITTEN),
    "ix_records_rights_uri": ("records", ["rights_uri"], "rights_uri IS NOT NULL"),
    "ix_records_merged_into": ("records", ["merged_into"], "merged_into IS NOT NULL"),
    "ix_record_donors_name": ("record_donors", ["name"], None),
    "ix_record_sources_repository_ref": ("record_sources", ["repository", "ref"], "repository IS NOT NULL"),
}
CUT = (
    "UPDATE record_donors SET name = substr(name, 1, 500) WHERE length(name) > 500",
    "UPDATE record_sources SET repository = substr(repository, 1, 250) WHERE length(repository) > 250",
    "UPDATE record_sources SET ref = substr(ref, 1, 400) WHERE length(ref) > 400",
)


def upgrade() -> None:
    """Add the column, empty: ``renormalise`` fills it for what was described before. Then index."""
    op.add_column("items", sa.Column("origins", sa.Text(), nullable=False, server_default="[]"))
    for statement in CUT:
        op.execute(statement)
    for name, (table, columns, where) in INDEXES.items():
        rows = None if where is None else sa.text(where)
        op.create_index(name, table, columns, postgresql_where=rows, sqlite_where=rows)


def downgrade() -> None:
    """Take them away; what was cut stays cut until it is described again."""
    for name, (table, _columns, _where) in reversed(INDEXES.items()):
        op.drop_index(name, table_name=table)
    op.drop_column("items", "origins")

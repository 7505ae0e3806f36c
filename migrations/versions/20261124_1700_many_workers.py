"""What many workers need to share a run: hosts, hints, the parts of a split window, and the schedule.

Every new column may be left out, so that programs of the revision before go on writing. Before the code.
"""

from urllib.parse import urlsplit

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1700_many_workers"
down_revision = "20261124_0950_vocabulary"
branch_labels = None
depends_on = None

KEY_TEXT = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
INSTANT = sa.Text().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")

_ADDED = {
    "endpoints": ("schedule",),
    "runs": ("host", "parallel", "scheduled", "earliest_datestamp", "hinted_at"),
    "windows": ("parent_id", "list_size", "hinted_at", "leased_at", "outages", "deaths"),
}


def upgrade() -> None:
    """Add the columns, and name the host of every run that has not ended."""
    op.add_column("endpoints", sa.Column("schedule", sa.Text()))
    op.add_column("runs", sa.Column("host", KEY_TEXT, nullable=False, server_default=""))
    op.add_column("runs", sa.Column("parallel", sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.add_column("runs", sa.Column("scheduled", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("runs", sa.Column("earliest_datestamp", sa.Text()))
    op.add_column("runs", sa.Column("hinted_at", INSTANT))
    op.add_column("windows", sa.Column("parent_id", sa.BigInteger()))
    op.add_column("windows", sa.Column("list_size", sa.BigInteger()))
    op.add_column("windows", sa.Column("hinted_at", INSTANT))
    op.add_column("windows", sa.Column("leased_at", INSTANT))
    op.add_column("windows", sa.Column("outages", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("windows", sa.Column("deaths", sa.Integer(), nullable=False, server_default=sa.text("0")))
    _name_hosts()


def _name_hosts() -> None:
    endpoints, runs = (
        sa.table("endpoints", sa.column("id"), sa.column("url")),
        sa.table("runs", sa.column("endpoint_id"), sa.column("ended_at"), sa.column("host")),
    )
    connection = op.get_bind()
    for endpoint_id, url in connection.execute(sa.select(endpoints.c.id, endpoints.c.url)).all():
        host = urlsplit(url).netloc.rpartition("@")[2].lower()
        active = (runs.c.endpoint_id == endpoint_id, runs.c.ended_at.is_(None))
        connection.execute(sa.update(runs).where(*active).values(host=host))


def downgrade() -> None:
    """Take the columns away; a window that was split is forgotten to be in parts, and stays closed."""
    for table, columns in _ADDED.items():
        for column in reversed(columns):
            op.drop_column(table, column)

"""How Alembic runs the revisions: for ``ingest.store.schema``, which brings its connection, or for a developer.

Revisions are plain SQLAlchemy as it stood when they were written; they import nothing of this project. They never meet
the catalogue views, which are put aside before the first and created again after the last.
"""

import re
from datetime import UTC, datetime

from alembic import context
from alembic.operations import MigrationScript
from alembic.util import CommandError
from sqlalchemy import Connection

from ingest import settings
from ingest.store.migrating import migrating, refuse_orphans, views_put_aside
from ingest.store.partial_indexes import whole_schema


def name_by_date(_context: object, _revision: object, scripts: list[MigrationScript]) -> None:
    """Name a new revision by date and subject, within the 32 characters of Alembic's own table."""
    subject = re.sub(r"\W+", "_", scripts[0].message or "revision").strip("_").lower()
    scripts[0].rev_id = f"{datetime.now(UTC):%Y%m%d_%H%M}_{subject}"[:32].rstrip("_")


def run(connection: Connection) -> None:
    """Run what was asked for inside the connection's transaction, which its owner commits."""
    context.configure(
        connection=connection,
        target_metadata=whole_schema(),
        transactional_ddl=True,
        render_as_batch=True,
        process_revision_directives=name_by_date,
        # On SQLite the defaults of booleans are reported as different when they are not.
        compare_server_default=connection.dialect.name == "postgresql",
    )
    with views_put_aside(connection), context.begin_transaction():
        context.run_migrations()
        refuse_orphans(connection)


if context.is_offline_mode():
    raise CommandError("revisions are run against a database, never printed: leave out --sql")

given = context.config.attributes.get("connection")
if given is None:
    with migrating(settings.from_environment().database_url) as opened:
        run(opened)
else:
    run(given)

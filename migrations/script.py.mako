"""${message}.

Why, in a sentence or two. Before the code | After the code: which of the two is deployed first, since the previous
release still runs while this revision is applied. Dropping and renaming take two releases.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Say what is done to the rows that are there."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Say what is kept and what is lost."""
    ${downgrades if downgrades else "pass"}

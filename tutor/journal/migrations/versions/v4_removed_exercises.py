"""Version 4: an exercise may be taken off the shelf; the journal keeps it."""

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"


def upgrade() -> None:
    """Say when an exercise was taken off the shelf."""
    op.add_column("exercises", sa.Column("removed_at", sa.DateTime))

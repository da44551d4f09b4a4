"""Version 6: what pupils handed in, and which assignments were made here."""

import sqlalchemy as sa
from alembic import op

revision = "6"
down_revision = "5"


def upgrade() -> None:
    """Add results, and when an assignment was made."""
    op.add_column("assignments", sa.Column("made_at", sa.DateTime))
    op.create_table(
        "results",
        sa.Column("assignment_id", sa.String(32), primary_key=True),
        sa.Column("pupil", sa.String(200), primary_key=True),
        sa.Column("opened_at", sa.DateTime, nullable=False),
        sa.Column("file", sa.LargeBinary, nullable=False),
        sa.Column("removed_at", sa.DateTime),
    )

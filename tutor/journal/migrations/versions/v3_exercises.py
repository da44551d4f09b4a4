"""Version 3: exercises and schedule.

The coach's exercises come with the analogy that makes each again; the schedule says when a passage is due.
"""

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"


def upgrade() -> None:
    """Add exercises and passages."""
    op.create_table(
        "exercises",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("made_at", sa.DateTime, nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("score_digest", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(1000), nullable=False),
        sa.Column("provenance", sa.JSON, nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("file", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "passages",
        sa.Column("score_digest", sa.String(64), primary_key=True),
        sa.Column("first_bar", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last_bar", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("hands", sa.String(8), primary_key=True),
        sa.Column("due_at", sa.DateTime, nullable=False),
        sa.Column("card", sa.JSON, nullable=False),
    )

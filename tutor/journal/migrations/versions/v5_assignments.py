"""Version 5: assignments.

Those that were opened stay with their file; beside the teacher's word after a take stands what the coach would have
said.
"""

import sqlalchemy as sa
from alembic import op

revision = "5"
down_revision = "4"


def upgrade() -> None:
    """Add assignments, and the steps that were asked for after takes of their tasks."""
    op.create_table(
        "assignments",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("opened_at", sa.DateTime, nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("file_name", sa.String(200), nullable=False),
        sa.Column("file", sa.LargeBinary, nullable=False),
        sa.Column("removed_at", sa.DateTime),
    )
    op.create_table(
        "steps",
        sa.Column("take_id", sa.String(32), sa.ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("assignment_id", sa.String(32), nullable=False),
        sa.Column("task", sa.Integer, nullable=False),
        sa.Column("said", sa.JSON, nullable=False),
        sa.Column("instead_of", sa.JSON, nullable=False),
    )

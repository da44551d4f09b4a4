"""Version 2: a take is kept while it grows, and its mistakes have names.

A killed process lost the take that was being played: now each second of it is on disk, with the process that writes it.
"""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Add the growing events, who writes them, and the mistakes."""
    op.add_column("takes", sa.Column("writer", sa.String(200), nullable=False, server_default=""))
    op.add_column("takes", sa.Column("alive_at", sa.DateTime))
    op.add_column("takes", sa.Column("recovered", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "growing_events",
        sa.Column("take_id", sa.String(32), sa.ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("time_sec", sa.Float, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
    )
    op.create_table(
        "mistakes",
        sa.Column("take_id", sa.String(32), sa.ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("bar", sa.Integer),
        sa.Column("said", sa.JSON, nullable=False),
    )

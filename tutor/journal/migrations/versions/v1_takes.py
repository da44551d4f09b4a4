"""Version 1: finished takes with their notes and pedals."""

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None


def upgrade() -> None:
    """Make the tables of finished takes."""
    op.create_table(
        "takes",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("finished_at", sa.DateTime),
        sa.Column("score_digest", sa.String(64), nullable=False),
        sa.Column("title", sa.String(500), nullable=False),
        sa.Column("settings", sa.JSON, nullable=False),
        sa.Column("assessment", sa.JSON),
        sa.Column("duration_sec", sa.Float, nullable=False, server_default="0"),
        sa.Column("note_count", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_index("takes_by_score", "takes", ["score_digest", "started_at"])
    op.create_table(
        "played_notes",
        sa.Column("take_id", sa.String(32), sa.ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("onset_sec", sa.Float, nullable=False),
        sa.Column("duration_sec", sa.Float, nullable=False),
        sa.Column("pitch", sa.Integer, nullable=False),
        sa.Column("velocity", sa.Integer, nullable=False),
    )
    op.create_table(
        "pedals",
        sa.Column("take_id", sa.String(32), sa.ForeignKey("takes.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("time_sec", sa.Float, nullable=False),
        sa.Column("value", sa.Integer, nullable=False),
    )

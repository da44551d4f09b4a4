"""Version 7: pieces are known by what sounds.

What was kept under an identity in which guessed fingers had their part gets the new one when its piece is read.
"""

import sqlalchemy as sa
from alembic import op

revision = "7"
down_revision = "6"


def upgrade() -> None:
    """Remember what each former identity became."""
    op.create_table(
        "identities",
        sa.Column("former", sa.String(64), primary_key=True),
        sa.Column("score_digest", sa.String(64), nullable=False),
    )

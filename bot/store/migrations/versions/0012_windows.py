"""When people last wrote, whose talk was opened in 24 hours, and what is in trouble with a platform."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("identity", sa.Column("wrote_at", moment, nullable=True))
    op.create_table(
        "opened_talk",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("channel", "chat_id", name=op.f("pk_opened_talk")),
    )
    op.create_index("ix_opened_talk_at", "opened_talk", ["channel", "at"])
    op.create_table(
        "trouble",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("told_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("channel", "what", name=op.f("pk_trouble")),
    )

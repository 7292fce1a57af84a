"""What WhatsApp tells of a message after it took it: arrived, read; found by the platform's own id."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("outbox", sa.Column("delivered_at", moment, nullable=True))
    op.add_column("outbox", sa.Column("read_at", moment, nullable=True))
    op.create_index(
        "ix_outbox_told_of",
        "outbox",
        ["platform_id"],
        postgresql_where=sa.text("channel = 'whatsapp' AND platform_id IS NOT NULL"),
    )

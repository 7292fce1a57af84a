"""An account may be known by a second id: the phone number beside WhatsApp's own id of a person."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("identity", sa.Column("also", sa.Text(), nullable=True))
    op.create_index(
        "ix_identity_also", "identity", ["channel", "also"], postgresql_where=sa.text("also IS NOT NULL")
    )

"""Two accounts of one person are joined by a code; wrong codes are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "link_code",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_link_code")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_link_code_person_id_person"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_link_code_digest"), "link_code", ["digest"])
    op.create_table(
        "link_try",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_try")),
    )
    op.create_index(op.f("ix_link_try_at"), "link_try", ["at"])
    op.create_index("ix_link_try_account", "link_try", ["channel", "external_id", "at"])

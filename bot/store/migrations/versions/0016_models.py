"""Versions of the language model with their figures, and the orders to make new ones."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "model",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("code", "base", "made_from")),
        sa.Column("judged", sa.Text(), nullable=True),
        sa.Column("examples", sa.BigInteger(), nullable=True),
        sa.Column("learned", sa.BigInteger(), nullable=False),
        sa.Column("figures", JSONB(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("worse", JSONB(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model")),
        sa.CheckConstraint(
            "state IN ('in_use', 'replaced', 'aside', 'withdrawn')", name=op.f("ck_model_state")
        ),
    )
    # The file is packed already: PostgreSQL need not try.
    op.execute("ALTER TABLE model ALTER COLUMN content SET STORAGE EXTERNAL")
    op.create_index("uq_model_code_made_from", "model", ["code", "made_from"], unique=True)
    op.create_index(
        "uq_model_in_use", "model", ["code"], unique=True, postgresql_where=sa.text("state = 'in_use'")
    )
    op.create_table(
        "model_order",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_order")),
        sa.ForeignKeyConstraint(
            ["asked_by"],
            ["person.id"],
            name=op.f("fk_model_order_asked_by_person"),
            ondelete="SET NULL",
        ),
    )
    op.create_index(op.f("ix_model_order_asked_by"), "model_order", ["asked_by"])
    op.create_index(
        "uq_model_order_mark", "model_order", ["mark"], unique=True, postgresql_where=sa.text("mark <> 'asked'")
    )
    op.create_index(
        "uq_model_order_open",
        "model_order",
        ["mark"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )

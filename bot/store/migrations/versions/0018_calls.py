"""Calls for projects that coordinators and partners publish."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "funding_call",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("amount", sa.Text(), nullable=True),
        sa.Column("conditions", sa.Text(), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("themes", ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("regions", ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("opens_at", moment, nullable=False),
        sa.Column("closes_at", moment, nullable=False),
        sa.Column("withdrawn_at", moment, nullable=True),
        sa.Column("created_by", sa.BigInteger(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funding_call")),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_funding_call_closes_after_opening")),
        sa.ForeignKeyConstraint(
            ["created_by"], ["person.id"], name=op.f("fk_funding_call_created_by_person"), ondelete="SET NULL"
        ),
    )
    op.create_index(
        "ix_funding_call_open", "funding_call", ["closes_at"], postgresql_where=sa.text("withdrawn_at IS NULL")
    )
    op.create_index(op.f("ix_funding_call_created_by"), "funding_call", ["created_by"])

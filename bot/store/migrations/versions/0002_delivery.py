"""Outgoing rows know what they belong to and for whom they are; people who want no more, and when to be quiet."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATES = (
    "'waiting', 'sending', 'sent', 'failed', 'unreachable', 'unknown', "
    "'cancelled', 'stopped', 'expired', 'looping'"
)


def upgrade() -> None:
    op.add_column("person", sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("reminders_off_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("quiet_from", sa.Time(), nullable=True))
    op.add_column("person", sa.Column("quiet_until", sa.Time(), nullable=True))
    op.create_table(
        "content",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content")),
    )
    op.alter_column("outbox", "body", nullable=True)
    op.add_column("outbox", sa.Column("content_id", sa.BigInteger(), nullable=True))
    op.add_column("outbox", sa.Column("source", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("recipient", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("person_id", sa.BigInteger(), nullable=True))
    op.add_column("outbox", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("exact", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_foreign_key(op.f("fk_outbox_content_id"), "outbox", "content", ["content_id"], ["id"])
    op.create_foreign_key(
        op.f("fk_outbox_person_id"), "outbox", "person", ["person_id"], ["id"], ondelete="SET NULL"
    )
    op.drop_constraint(op.f("ck_outbox_state"), "outbox", type_="check")
    op.create_check_constraint(op.f("ck_outbox_state"), "outbox", f"state IN ({STATES})")
    op.create_check_constraint(
        op.f("ck_outbox_says_something"), "outbox", "body IS NOT NULL OR content_id IS NOT NULL"
    )
    op.create_check_constraint(
        op.f("ck_outbox_source_and_recipient"), "outbox", "(source IS NULL) = (recipient IS NULL)"
    )
    op.create_index(
        "uq_outbox_source_recipient",
        "outbox",
        ["source", "recipient"],
        unique=True,
        postgresql_where=sa.text("source IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_person_id", "outbox", ["person_id"], postgresql_where=sa.text("person_id IS NOT NULL")
    )
    op.create_index(
        "ix_outbox_content_id", "outbox", ["content_id"], postgresql_where=sa.text("content_id IS NOT NULL")
    )

"""Consents by purpose with the text agreed to; files that are kept for a time only."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sa.CheckConstraint("purpose IN ('profile', 'learning', 'unasked')", name=op.f("ck_consent_purpose")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_consent_person_id_person"), ondelete="CASCADE"
        ),
    )
    op.create_index("ix_consent_person", "consent", ["person_id", "purpose", "id"])
    op.add_column("file", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "INSERT INTO consent (person_id, purpose, given, version, at) "
        "SELECT id, 'profile', true, '', consented_at FROM person WHERE consented_at IS NOT NULL"
    )

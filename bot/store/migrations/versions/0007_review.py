"""Messages nobody was sure of wait for coordinators to say what they mean."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "review",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("guesses", JSONB(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_review_person_id_person"), ondelete="CASCADE"
        ),
    )
    op.create_index(op.f("ix_review_person_id"), "review", ["person_id"])
    op.create_index(
        "ix_review_open", "review", ["created_at"], postgresql_where=sa.text("decision IS NULL")
    )
    op.create_table(
        "review_label",
        sa.Column("review_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("review_id", "person_id", name=op.f("pk_review_label")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["review.id"], name=op.f("fk_review_label_review_id_review"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_review_label_person_id_person"), ondelete="CASCADE"
        ),
    )

"""What organisations lack, in their words, and groups of like needs that coordinators answer."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TOPICS = "'organisation', 'access', 'cooperation', 'visibility', 'calls'"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "need_group",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("training_id", sa.BigInteger(), nullable=True),
        sa.Column("resource_id", sa.Text(), nullable=True),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("answered_by", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need_group")),
        sa.CheckConstraint(f"topic IN ({TOPICS})", name=op.f("ck_need_group_topic")),
        sa.ForeignKeyConstraint(
            ["training_id"], ["training.id"], name=op.f("fk_need_group_training_id_training"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["person.id"], name=op.f("fk_need_group_answered_by_person"), ondelete="SET NULL"
        ),
    )
    op.create_index(
        "ix_need_group_open", "need_group", ["topic", "region"], postgresql_where=sa.text("answered_at IS NULL")
    )
    op.create_index(op.f("ix_need_group_answered_by"), "need_group", ["answered_by"])
    op.create_table(
        "need",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("theme", sa.Text(), nullable=True),
        sa.Column("region", sa.Text(), nullable=True),
        sa.Column("urgency", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("group_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_need")),
        sa.CheckConstraint("origin IN ('said', 'search')", name=op.f("ck_need_origin")),
        sa.CheckConstraint(f"topic IN ({TOPICS})", name=op.f("ck_need_topic")),
        sa.CheckConstraint("urgency IN ('now', 'months', 'later')", name=op.f("ck_need_urgency")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_need_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["need_group.id"], name=op.f("fk_need_group_id_need_group"), ondelete="SET NULL"
        ),
    )
    op.create_index(op.f("ix_need_person_id"), "need", ["person_id"])
    op.create_index(op.f("ix_need_group_id"), "need", ["group_id"])
    op.create_index("ix_need_created_at", "need", ["created_at"])

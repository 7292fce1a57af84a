"""Announcements, who takes part in them, topics followed, audiences kept, and chats made audiences."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

STATES = ("draft", "proposed", "scheduled", "paused", "starting", "sending", "done", "cancelled")
MOMENT = sa.DateTime(timezone=True)


def _json(name: str, default: bool = True) -> "sa.Column[object]":
    return sa.Column(
        name,
        postgresql.JSONB(),
        server_default=sa.text("'{}'::jsonb") if default else None,
        nullable=False,
    )


def _person(name: str) -> "sa.Column[object]":
    return sa.Column(name, sa.BigInteger(), nullable=True)


def _to_person(table: str, name: str, ondelete: str = "SET NULL") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [name], ["person.id"], name=op.f(f"fk_{table}_{name}_person"), ondelete=ondelete
    )


def upgrade() -> None:
    _announcement()
    op.create_table(
        "announcement_join",
        sa.Column("announcement_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcement.id"],
            name=op.f("fk_announcement_join_announcement_id"),
            ondelete="CASCADE",
        ),
        _to_person("announcement_join", "person_id", "CASCADE"),
        sa.PrimaryKeyConstraint("announcement_id", "person_id", name=op.f("pk_announcement_join")),
    )
    op.create_index(op.f("ix_announcement_join_person_id"), "announcement_join", ["person_id"])
    op.create_table(
        "subscription",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        _to_person("subscription", "person_id", "CASCADE"),
        sa.PrimaryKeyConstraint("topic", "person_id", name=op.f("pk_subscription")),
    )
    op.create_index(op.f("ix_subscription_person_id"), "subscription", ["person_id"])
    op.create_table(
        "saved_audience",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded_name", sa.Text(), nullable=False),
        _json("audience", default=False),
        _person("created_by"),
        sa.Column("created_at", MOMENT, nullable=False),
        _to_person("saved_audience", "created_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_audience")),
        sa.UniqueConstraint("folded_name", name=op.f("uq_saved_audience_folded_name")),
    )
    op.create_index(op.f("ix_saved_audience_created_by"), "saved_audience", ["created_by"])
    op.create_table(
        "adopted_chat",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("chat_id", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.Text(), server_default="", nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        _person("adopted_by"),
        sa.Column("adopted_at", MOMENT, nullable=False),
        _to_person("adopted_chat", "adopted_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adopted_chat")),
    )
    op.create_index(
        "uq_adopted_chat_place", "adopted_chat", ["channel", "chat_id", "thread_id"], unique=True
    )
    op.create_index(op.f("ix_adopted_chat_adopted_by"), "adopted_chat", ["adopted_by"])


def _announcement() -> None:
    op.create_table(
        "announcement",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        _json("body"),
        _json("audience", default=False),
        _json("timing"),
        sa.Column("revision", sa.SmallInteger(), server_default="0", nullable=False),
        _person("created_by"),
        _person("approved_by"),
        _json("report_to", default=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("started_at", MOMENT, nullable=True),
        _json("contents"),
        sa.Column("people_to", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("chats_done", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("live_id", sa.BigInteger(), nullable=True),
        sa.Column("live_shown", sa.Text(), nullable=True),
        sa.Column("series", sa.BigInteger(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.CheckConstraint(f"state IN ({', '.join(repr(s) for s in STATES)})", name=op.f("ck_announcement_state")),
        _to_person("announcement", "created_by"),
        _to_person("announcement", "approved_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("code", name=op.f("uq_announcement_code")),
    )
    op.create_index(
        "ix_announcement_due", "announcement", ["due_at"], postgresql_where=sa.text("state = 'scheduled'")
    )
    op.create_index(
        "ix_announcement_running",
        "announcement",
        ["state"],
        postgresql_where=sa.text("state IN ('starting', 'sending')"),
    )
    op.create_index(op.f("ix_announcement_created_by"), "announcement", ["created_by"])
    op.create_index(op.f("ix_announcement_approved_by"), "announcement", ["approved_by"])

"""Imports of the directory, messages passed on to organisations, and searches that wait for a result."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _imports()
    _relays()
    _watches()


def _person(table: str, column: str, ondelete: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_person")
    return sa.ForeignKeyConstraint([column], ["person.id"], name=name, ondelete=ondelete)


def _imports() -> None:
    op.create_table(
        "directory_import",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("counts", JSONB(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_import")),
        _person("directory_import", "person_id", "SET NULL"),
    )
    op.create_index(op.f("ix_directory_import_person_id"), "directory_import", ["person_id"])


def _relays() -> None:
    op.create_table(
        "directory_relay",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_key", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="sent", nullable=False),
        sa.Column("sent_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state IN ('sent', 'answered', 'declined', 'reported')", name=op.f("ck_directory_relay_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_relay")),
        _person("directory_relay", "person_id", "CASCADE"),
        _person("directory_relay", "settled_by", "SET NULL"),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_directory_relay_organisation_id_organisation"),
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_directory_relay_sender", "directory_relay", ["person_id", "sent_at"])
    for column in ("organisation_id", "settled_by"):
        op.create_index(op.f(f"ix_directory_relay_{column}"), "directory_relay", [column])


def _watches() -> None:
    op.create_table(
        "directory_watch",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_key", sa.Text(), nullable=False),
        sa.Column("query", JSONB(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_watch")),
        _person("directory_watch", "person_id", "CASCADE"),
    )
    op.create_index(op.f("ix_directory_watch_person_id"), "directory_watch", ["person_id"])
    op.create_index(
        "ix_directory_watch_open",
        "directory_watch",
        ["person_id"],
        postgresql_where=sa.text("told_at IS NULL"),
    )

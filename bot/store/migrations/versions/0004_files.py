"""Files that go with messages, and messages that change or take back earlier ones."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_file")),
    )
    op.create_table(
        "file_copy",
        sa.Column("file_key", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("platform_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_key"], ["file.key"], name=op.f("fk_file_copy_file_key_file"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("file_key", "channel", name=op.f("pk_file_copy")),
    )
    op.add_column("outbox", sa.Column("changes_id", sa.BigInteger(), nullable=True))
    op.add_column("outbox", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.create_foreign_key(
        op.f("fk_outbox_changes_id"), "outbox", "outbox", ["changes_id"], ["id"], ondelete="CASCADE"
    )
    op.create_index(
        "ix_outbox_changes_id", "outbox", ["changes_id"], postgresql_where=sa.text("changes_id IS NOT NULL")
    )


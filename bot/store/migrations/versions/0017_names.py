"""Whoever changes a name of an organisation or a training wakes those who look for names in messages."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NAMED = {"organisation": "name, acronym, status", "training": "texts, status"}


def upgrade() -> None:
    op.execute(
        "CREATE FUNCTION tell_names() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_notify('names', ''); RETURN NULL; END $$"
    )
    for table, columns in NAMED.items():
        op.execute(
            f"CREATE TRIGGER tell_names AFTER INSERT OR DELETE OR UPDATE OF {columns} ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION tell_names()"
        )

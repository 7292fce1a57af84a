"""A directory that stays true: people and projects of organisations, confirmed fields, trust, full history."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
EMPTY = sa.text("'{}'::text[]")
LISTS = ("addresses", "social_pages", "target_groups", "capacities", "equipment")
TEXTS = ("receipt_number", "members_range", "volunteers_range", "connection", "logo_key", "receipt_key")
STANDINGS = "'declared', 'attested', 'verified', 'refused', 'dormant', 'merged'"
DATED = (
    "name", "acronym", "legal_form", "region", "place", "year", "contact_name", "contact_role", "phone",
    "email", "description",
)  # fmt: skip


def upgrade() -> None:
    _organisation()
    _people()
    _project()
    _history()
    _freshness()
    _trust()


def _organisation() -> None:
    for name in LISTS:
        column: sa.Column[object] = sa.Column(
            name, postgresql.ARRAY(sa.Text()), server_default=EMPTY, nullable=False
        )
        op.add_column("organisation", column)
    for name in TEXTS:
        op.add_column("organisation", sa.Column(name, sa.Text(), nullable=True))
    op.add_column(
        "organisation",
        sa.Column("contact_visibility", sa.Text(), server_default="coordinators", nullable=False),
    )
    op.add_column("organisation", sa.Column("merged_into", sa.BigInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_organisation_contact_visibility"),
        "organisation",
        "contact_visibility IN ('public', 'members', 'coordinators')",
    )
    op.drop_constraint(op.f("ck_organisation_status"), "organisation")
    op.create_check_constraint(op.f("ck_organisation_status"), "organisation", f"status IN ({STANDINGS})")
    for name in ("logo_key", "receipt_key"):
        op.create_foreign_key(
            op.f(f"fk_organisation_{name}"), "organisation", "file", [name], ["key"], ondelete="SET NULL"
        )
    op.create_foreign_key(
        op.f("fk_organisation_merged_into"),
        "organisation",
        "organisation",
        ["merged_into"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index(op.f("ix_organisation_merged_into"), "organisation", ["merged_into"])


def _people() -> None:
    op.create_table(
        "organisation_person",
        _number("organisation_id"),
        _number("person_id"),
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        _to_organisation("organisation_person"),
        _to_person("organisation_person", "person_id", "CASCADE"),
        sa.PrimaryKeyConstraint("organisation_id", "person_id", name=op.f("pk_organisation_person")),
        sa.CheckConstraint(
            "part IN ('contact', 'manager', 'member')", name=op.f("ck_organisation_person_part")
        ),
    )
    op.create_index(op.f("ix_organisation_person_person_id"), "organisation_person", ["person_id"])
    op.execute(
        "INSERT INTO organisation_person (organisation_id, person_id, part, since) "
        "SELECT id, created_by, 'contact', created_at FROM organisation WHERE created_by IS NOT NULL"
    )
    op.create_table(
        "organisation_join",
        _number("id"),
        _number("organisation_id"),
        _number("person_id"),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        _number("decided_by", nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        _to_organisation("organisation_join"),
        _to_person("organisation_join", "person_id", "CASCADE"),
        _to_person("organisation_join", "decided_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_join")),
    )
    for name in ("person_id", "decided_by"):
        op.create_index(op.f(f"ix_organisation_join_{name}"), "organisation_join", [name])
    op.create_index(
        "uq_organisation_join_open",
        "organisation_join",
        ["organisation_id", "person_id"],
        unique=True,
        postgresql_where=sa.text("decided_at IS NULL"),
    )


def _project() -> None:
    op.create_table(
        "project",
        _number("id"),
        _number("organisation_id"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("folded_title", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=True) for name in ("theme", "region", "place", "result")),
        *(sa.Column(name, sa.Date(), nullable=True) for name in ("starts_on", "ends_on")),
        *(
            sa.Column(name, postgresql.ARRAY(sa.Text()), server_default=EMPTY, nullable=False)
            for name in ("partners", "funders")
        ),
        sa.Column("status", sa.Text(), server_default="running", nullable=False),
        _number("created_by", nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        _to_organisation("project"),
        _to_person("project", "created_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.CheckConstraint(
            "status IN ('planned', 'running', 'done', 'stopped')", name=op.f("ck_project_status")
        ),
    )
    for name in ("organisation_id", "created_by"):
        op.create_index(op.f(f"ix_project_{name}"), "project", [name])
    op.create_index("ix_project_folded_title", "project", ["folded_title"])
    op.create_index("ix_project_theme_region", "project", ["theme", "region"])


def _history() -> None:
    """Old values were written as words; they become the column's values, so that a change can be undone."""
    for side in ("before", "after"):
        op.execute(
            f"ALTER TABLE organisation_change ALTER COLUMN {side} TYPE jsonb USING CASE "
            f"WHEN field IN ('themes', 'languages') THEN to_jsonb(string_to_array({side}, '; ')) "
            f"WHEN field = 'year' THEN to_jsonb({side}::int) ELSE to_jsonb({side}) END"
        )
    op.add_column("organisation_change", _number("project_id", nullable=True))
    op.add_column("organisation_change", sa.Column("batch", sa.Text(), nullable=True))
    op.add_column("organisation_change", sa.Column("undone_at", MOMENT, nullable=True))
    op.add_column("organisation_change", _number("undone_by", nullable=True))
    op.create_foreign_key(
        op.f("fk_organisation_change_project_id"),
        "organisation_change",
        "project",
        ["project_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.create_foreign_key(
        op.f("fk_organisation_change_undone_by"),
        "organisation_change",
        "person",
        ["undone_by"],
        ["id"],
        ondelete="SET NULL",
    )
    for name in ("project_id", "batch", "undone_by"):
        op.create_index(op.f(f"ix_organisation_change_{name}"), "organisation_change", [name])


def _freshness() -> None:
    op.create_table(
        "field_confirmation",
        _number("organisation_id"),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("confirmed_at", MOMENT, nullable=False),
        _number("person_id", nullable=True),
        _to_organisation("field_confirmation"),
        _to_person("field_confirmation", "person_id"),
        sa.PrimaryKeyConstraint("organisation_id", "field", name=op.f("pk_field_confirmation")),
    )
    op.create_index(op.f("ix_field_confirmation_person_id"), "field_confirmation", ["person_id"])
    for field in DATED:
        op.execute(
            "INSERT INTO field_confirmation (organisation_id, field, confirmed_at, person_id) "
            f"SELECT o.id, '{field}', coalesce(max(c.at), o.created_at), o.created_by FROM organisation o "
            f"LEFT JOIN organisation_change c ON c.organisation_id = o.id AND c.field = '{field}' "
            f"WHERE o.{field} IS NOT NULL GROUP BY o.id"
        )
    op.create_table(
        "freshness_question",
        _number("id"),
        _number("organisation_id"),
        sa.Column("field", sa.Text(), nullable=False),
        _number("person_id", nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        _to_organisation("freshness_question"),
        _to_person("freshness_question", "person_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freshness_question")),
    )
    op.create_index(op.f("ix_freshness_question_person_id"), "freshness_question", ["person_id"])
    op.create_index("ix_freshness_question_asked", "freshness_question", ["organisation_id", "asked_at"])


def _trust() -> None:
    op.create_table(
        "vouch",
        _number("id"),
        _number("organisation_id"),
        _number("person_id", nullable=True),
        _number("by_organisation_id", nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        _to_organisation("vouch"),
        _to_person("vouch", "person_id"),
        _to_organisation("vouch", "by_organisation_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vouch")),
        sa.UniqueConstraint("organisation_id", "person_id", name=op.f("uq_vouch_organisation_id_person_id")),
        sa.UniqueConstraint(
            "organisation_id", "by_organisation_id", name=op.f("uq_vouch_organisation_id_by_organisation_id")
        ),
        sa.CheckConstraint("organisation_id <> by_organisation_id", name=op.f("ck_vouch_not_for_itself")),
    )
    for name in ("person_id", "by_organisation_id"):
        op.create_index(op.f(f"ix_vouch_{name}"), "vouch", [name])
    op.create_table(
        "organisation_question",
        _number("id"),
        _number("organisation_id"),
        _number("asked_by", nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        _number("answered_by", nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        _to_organisation("organisation_question"),
        _to_person("organisation_question", "asked_by"),
        _to_person("organisation_question", "answered_by"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_question")),
    )
    for name in ("organisation_id", "asked_by", "answered_by"):
        op.create_index(op.f(f"ix_organisation_question_{name}"), "organisation_question", [name])


def _number(name: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _to_person(table: str, name: str, ondelete: str = "SET NULL") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], ["person.id"], name=op.f(f"fk_{table}_{name}"), ondelete=ondelete)


def _to_organisation(table: str, name: str = "organisation_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [name], ["organisation.id"], name=op.f(f"fk_{table}_{name}"), ondelete="CASCADE"
    )

"""The tables around an organisation: its people, projects, confirmed fields, vouchers and questions."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from bot.organisation import Part, ProjectStatus
from bot.store.base import Base, one_of
from bot.store.content_tables import EMPTY_ARRAY


def _organisation(index: bool = False, primary_key: bool = False) -> Mapped[int]:
    return mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=index, primary_key=primary_key
    )


class OrganisationPersonRow(Base):
    """Who looks after which organisation; several each way."""

    __tablename__ = "organisation_person"
    __table_args__ = (one_of("part", Part),)

    organisation_id: Mapped[int] = _organisation(primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    part: Mapped[str]
    since: Mapped[datetime]


class OrganisationJoinRow(Base):
    """A person who asks to belong to an organisation; decided once."""

    __tablename__ = "organisation_join"
    __table_args__ = (
        Index(
            "uq_organisation_join_open",
            "organisation_id",
            "person_id",
            unique=True,
            postgresql_where=text("decided_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = _organisation()
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime]
    accepted: Mapped[bool | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    decided_at: Mapped[datetime | None]


class ProjectRow(Base):
    """`theme` and `region` are canonical; `result` is what came out of it, in a few words."""

    __tablename__ = "project"
    __table_args__ = (
        one_of("status", ProjectStatus),
        Index("ix_project_folded_title", "folded_title"),
        Index("ix_project_theme_region", "theme", "region"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = _organisation(index=True)
    title: Mapped[str]
    folded_title: Mapped[str]
    theme: Mapped[str | None]
    region: Mapped[str | None]
    place: Mapped[str | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    partners: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    funders: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    status: Mapped[str] = mapped_column(server_default=ProjectStatus.RUNNING)
    result: Mapped[str | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class FieldConfirmationRow(Base):
    """When a field of an organisation was last given or said to be still true, and by whom."""

    __tablename__ = "field_confirmation"

    organisation_id: Mapped[int] = _organisation(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    confirmed_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)


class FreshnessQuestionRow(Base):
    """Somebody was asked whether a field still holds; `answer` is "yes", "corrected" or None."""

    __tablename__ = "freshness_question"
    __table_args__ = (Index("ix_freshness_question_asked", "organisation_id", "asked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = _organisation()
    field: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None]


class VouchRow(Base):
    """A coordinator's word for an organisation, or that of a verified organisation, once each."""

    __tablename__ = "vouch"
    __table_args__ = (
        UniqueConstraint("organisation_id", "person_id"),
        UniqueConstraint("organisation_id", "by_organisation_id"),
        CheckConstraint("organisation_id <> by_organisation_id", name="not_for_itself"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = _organisation()
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    by_organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]


class OrganisationQuestionRow(Base):
    """A coordinator asks an organisation back before deciding; the first answer of its people counts."""

    __tablename__ = "organisation_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = _organisation(index=True)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    text: Mapped[str]
    asked_at: Mapped[datetime]
    answer: Mapped[str | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    answered_at: Mapped[datetime | None]

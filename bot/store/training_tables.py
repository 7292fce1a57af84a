"""The tables of trainings: what is planned, who has a place, what people thought of it, and every reminder."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.reminding import ReminderState
from bot.store.base import Base, one_of
from bot.training import Answer, Audience, Seat, Status


class TrainingRow(Base):
    """`texts`: {"fr": {"title", "description"}, …}. `revision` counts the changes people were told of."""

    __tablename__ = "training"
    __table_args__ = (
        one_of("status", Status),
        one_of("audience", Audience),
        Index("ix_training_starts", "starts_at", postgresql_where=text("status = 'open'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    texts: Mapped[dict[str, Any]]
    theme: Mapped[str | None]
    region: Mapped[str]
    place: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    capacity: Mapped[int | None] = mapped_column(SmallInteger)
    organiser: Mapped[str | None]
    audience: Mapped[str] = mapped_column(server_default=Audience.EVERYONE)
    status: Mapped[str] = mapped_column(server_default=Status.DRAFT)
    revision: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    code: Mapped[str | None]
    feedback_asked_at: Mapped[datetime | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class EnrolmentRow(Base):
    """`enrolled_at` also orders the waiting list. `code_tries`: wrong attendance codes given."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("training_id", "person_id"),
        one_of("state", Seat),
        one_of("answer", Answer),
        Index("ix_enrolment_seats", "training_id", "state", "enrolled_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("training.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id", ondelete="SET NULL"))
    state: Mapped[str]
    answer: Mapped[str | None]
    enrolled_at: Mapped[datetime]
    attended_at: Mapped[datetime | None]
    code_tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")


class TrainingFeedbackRow(Base):
    """`rating` from 1 to 5; `person_id` goes when the person has their data erased, the opinion stays."""

    __tablename__ = "training_feedback"
    __table_args__ = (UniqueConstraint("training_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    training_id: Mapped[int] = mapped_column(ForeignKey("training.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    rating: Mapped[int] = mapped_column(SmallInteger)
    words: Mapped[str | None]
    at: Mapped[datetime]


class TrainingWishRow(Base):
    """Whoever is to be told when a training opens; "" for any theme, any region."""

    __tablename__ = "training_wish"
    __table_args__ = (UniqueConstraint("person_id", "theme", "region"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    theme: Mapped[str] = mapped_column(server_default="")
    region: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime]


class TrainingReminderRow(Base):
    """One reminder of a training's schedule; `due_at` moves with the training."""

    __tablename__ = "training_reminder"
    __table_args__ = (
        one_of("state", ReminderState),
        Index("ix_training_reminder_due", "due_at", postgresql_where=text("state = 'planned'")),
    )

    training_id: Mapped[int] = mapped_column(ForeignKey("training.id", ondelete="CASCADE"), primary_key=True)
    minutes: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default=ReminderState.PLANNED)
    settled_at: Mapped[datetime | None]


class ReminderRow(Base):
    """What one person asked to be reminded of. `minutes` before the training's start, if it is about one."""

    __tablename__ = "reminder"
    __table_args__ = (
        one_of("state", ReminderState),
        Index("ix_reminder_due", "due_at", postgresql_where=text("state = 'planned'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    due_at: Mapped[datetime]
    event_at: Mapped[datetime | None]
    training_id: Mapped[int | None] = mapped_column(ForeignKey("training.id", ondelete="CASCADE"), index=True)
    minutes: Mapped[int | None]
    resource_id: Mapped[str | None]
    state: Mapped[str] = mapped_column(server_default=ReminderState.PLANNED)
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

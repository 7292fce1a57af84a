"""The tables of the review: messages nobody was sure of, and what each coordinator says they mean."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base


class ReviewRow(Base):
    """`text` is masked. `guesses`: pairs of intent and share. `chosen`: what the person tapped when asked.

    `decision`: the intent agreed upon, `new_question` or `ignore`.
    """

    __tablename__ = "review"
    __table_args__ = (Index("ix_review_open", "created_at", postgresql_where=text("decision IS NULL")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    language: Mapped[str]
    guesses: Mapped[list[list[str | float]]] = mapped_column(JSONB)
    chosen: Mapped[str | None]
    created_at: Mapped[datetime]
    decision: Mapped[str | None]
    decided_at: Mapped[datetime | None]


class ReviewLabelRow(Base):
    """One coordinator's word; a second word of the same person replaces it."""

    __tablename__ = "review_label"

    review_id: Mapped[int] = mapped_column(ForeignKey("review.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    label: Mapped[str]
    at: Mapped[datetime]

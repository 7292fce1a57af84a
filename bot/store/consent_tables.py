"""The table of consents: every word a person said on each purpose, never changed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.consent import Purpose
from bot.store.base import Base, one_of


class ConsentRow(Base):
    __tablename__ = "consent"
    __table_args__ = (one_of("purpose", Purpose), Index("ix_consent_person", "person_id", "purpose", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    purpose: Mapped[str]
    given: Mapped[bool]
    version: Mapped[str]
    at: Mapped[datetime]

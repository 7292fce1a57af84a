"""The table of calls for projects."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base
from bot.store.content_tables import EMPTY_ARRAY


class CallRow(Base):
    """Empty `themes` or `regions`: all of them. A withdrawn call stays for those who were told of it."""

    __tablename__ = "funding_call"
    __table_args__ = (
        CheckConstraint("closes_at > opens_at", name="closes_after_opening"),
        Index("ix_funding_call_open", "closes_at", postgresql_where=text("withdrawn_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    description: Mapped[str | None]
    amount: Mapped[str | None]
    conditions: Mapped[str | None]
    url: Mapped[str | None]
    themes: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    regions: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=EMPTY_ARRAY)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]

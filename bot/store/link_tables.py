"""The tables of linking: codes that join two accounts, and wrong codes, so that nobody may guess."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base


class LinkCodeRow(Base):
    """A person has one code at a time; of the code only its digest is kept."""

    __tablename__ = "link_code"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    digest: Mapped[str] = mapped_column(index=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    expires_at: Mapped[datetime]


class LinkTryRow(Base):
    """A wrong code, and the account it came from."""

    __tablename__ = "link_try"
    __table_args__ = (Index("ix_link_try_account", "channel", "external_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)

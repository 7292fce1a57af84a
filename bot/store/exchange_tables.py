"""The tables of what goes in and out of the directory: imports, messages passed on, searches to be told of."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, one_of


class RelayState(StrEnum):
    SENT = "sent"
    ANSWERED = "answered"
    DECLINED = "declined"
    REPORTED = "reported"


class DirectoryImportRow(Base):
    """One file that was imported; its changes carry the batch "import:ID". `counts`: rows by outcome."""

    __tablename__ = "directory_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    counts: Mapped[dict[str, Any]]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class DirectoryRelayRow(Base):
    """A person's message to the people of an organisation; its answer goes back to `conversation_key`."""

    __tablename__ = "directory_relay"
    __table_args__ = (
        one_of("state", RelayState),
        Index("ix_directory_relay_sender", "person_id", "sent_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    conversation_key: Mapped[str]
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisation.id", ondelete="CASCADE"), index=True
    )
    text: Mapped[str]
    language: Mapped[str]
    state: Mapped[str] = mapped_column(server_default=RelayState.SENT)
    sent_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)


class DirectoryWatchRow(Base):
    """A search that found nothing, to be told of once when something appears. `query` is as the search reads it."""

    __tablename__ = "directory_watch"
    __table_args__ = (
        Index("ix_directory_watch_open", "person_id", postgresql_where=text("told_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    conversation_key: Mapped[str]
    query: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    told_at: Mapped[datetime | None]

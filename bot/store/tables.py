"""The tables of conversations: what came in, who wrote, what goes out, what coordinators must answer."""

from datetime import datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    UniqueConstraint,
    false,
    true,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, one_of


class IncomingState(StrEnum):
    WAITING = "waiting"
    HANDLED = "handled"
    SET_ASIDE = "set_aside"
    QUARANTINED = "quarantined"
    IGNORED = "ignored"


class OutboxState(StrEnum):
    """UNKNOWN: nobody knows whether it arrived. STOPPED: the person wants no more of this kind.

    EXPIRED: its time was over before it could be sent. LOOPING: held by the guard against loops.
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    EXPIRED = "expired"
    LOOPING = "looping"


class IncomingRow(Base):
    __tablename__ = "incoming"
    __table_args__ = (
        UniqueConstraint("channel", "external_id"),
        one_of("state", IncomingState),
        Index("ix_incoming_waiting", "id", postgresql_where=sql("state = 'waiting'")),
        Index("ix_incoming_turn", "conversation_key", "id", postgresql_where=sql("state = 'waiting'")),
        Index("ix_incoming_history", "conversation_key", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    conversation_key: Mapped[str | None]
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(server_default=IncomingState.WAITING)
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    error: Mapped[str | None]
    handled_at: Mapped[datetime | None]


class PersonRow(Base):
    """`stopped_at`: since then no announcement and no reminder. Quiet hours of their own, in local time."""

    __tablename__ = "person"
    __table_args__ = (Index("ix_person_role", "role", postgresql_where=sql("role <> 'member'")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str | None]
    consented_at: Mapped[datetime | None]
    name: Mapped[str | None]
    role: Mapped[str] = mapped_column(server_default="member")
    stopped_at: Mapped[datetime | None]
    reminders_off_at: Mapped[datetime | None]
    quiet_from: Mapped[time | None]
    quiet_until: Mapped[time | None]
    created_at: Mapped[datetime]


class IdentityRow(Base):
    """`wrote_at`: their last message, on channels where that opens a window for free words. `also`: another id of
    the same account (a phone number beside the platform's own id of the person).
    """

    __tablename__ = "identity"
    __table_args__ = (Index("ix_identity_also", "channel", "also", postgresql_where=sql("also IS NOT NULL")),)

    channel: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    reachable: Mapped[bool] = mapped_column(server_default=true())
    blocked_at: Mapped[datetime | None]
    wrote_at: Mapped[datetime | None]
    also: Mapped[str | None]


class ConversationRow(Base):
    __tablename__ = "conversation"
    __table_args__ = (Index("ix_conversation_chat", "channel", "chat_id"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str]
    chat_id: Mapped[str]
    thread_id: Mapped[str | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    state: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'::jsonb"))
    updated_at: Mapped[datetime]


class GroupChatRow(Base):
    __tablename__ = "group_chat"

    channel: Mapped[str] = mapped_column(primary_key=True)
    chat_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str | None]
    active: Mapped[bool] = mapped_column(server_default=true())
    added_at: Mapped[datetime]


class ContentRow(Base):
    """What many outgoing rows say alike: written once, however many they are."""

    __tablename__ = "content"

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class PauseRow(Base):
    """The platform has told us to be silent until then: on a whole channel ('') or to one chat of it."""

    __tablename__ = "pause"

    channel: Mapped[str] = mapped_column(primary_key=True)
    chat_id: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[datetime]


class OutboxRow(Base):
    """`priority`: smaller goes first. `doubts`: how often nobody knew whether it had arrived.

    What is said is the shared content, if any, overlaid with the row's own body. `source` says what the row
    belongs to ("announcement:12", "reminder:7:1d") and `recipient` for whom it is ("person:5"): at most one
    row for both. After `expires_at` it is not sent. `exact`: sent at its hour, quiet or not. `changes_id`: the
    row whose message this one changes or takes back. `delivered_at`, `read_at`: as the platform told, where it
    tells.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("state", OutboxState),
        Index(
            "ix_outbox_due", "channel", "priority", "due_at", "id", postgresql_where=sql("state = 'waiting'")
        ),
        Index(
            "ix_outbox_chat_order",
            "channel",
            "chat_id",
            "id",
            postgresql_where=sql("state IN ('waiting', 'sending')"),
        ),
        Index("ix_outbox_sending", "claimed_at", postgresql_where=sql("state = 'sending'")),
        Index("ix_outbox_history", "channel", "chat_id", "id"),
        Index(
            "uq_outbox_source_recipient",
            "source",
            "recipient",
            unique=True,
            postgresql_where=sql("source IS NOT NULL"),
        ),
        Index("ix_outbox_person_id", "person_id", postgresql_where=sql("person_id IS NOT NULL")),
        Index("ix_outbox_content_id", "content_id", postgresql_where=sql("content_id IS NOT NULL")),
        Index("ix_outbox_changes_id", "changes_id", postgresql_where=sql("changes_id IS NOT NULL")),
        Index(
            "ix_outbox_told_of",
            "platform_id",
            postgresql_where=sql("channel = 'whatsapp' AND platform_id IS NOT NULL"),
        ),
        CheckConstraint("body IS NOT NULL OR content_id IS NOT NULL", name="says_something"),
        CheckConstraint("(source IS NULL) = (recipient IS NULL)", name="source_and_recipient"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    chat_id: Mapped[str]
    thread_id: Mapped[str | None]
    kind: Mapped[str]
    priority: Mapped[int] = mapped_column(SmallInteger)
    body: Mapped[dict[str, Any] | None]
    content_id: Mapped[int | None] = mapped_column(ForeignKey("content.id"))
    source: Mapped[str | None]
    recipient: Mapped[str | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime | None]
    exact: Mapped[bool] = mapped_column(server_default=false())
    state: Mapped[str] = mapped_column(server_default=OutboxState.WAITING)
    attempts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    doubts: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    first_claimed_at: Mapped[datetime | None]
    platform_id: Mapped[str | None]
    error: Mapped[str | None]
    conversation_key: Mapped[str | None]
    incoming_id: Mapped[int | None] = mapped_column(
        BigInteger, ForeignKey("incoming.id", ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    changes_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="CASCADE"))
    edited_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]


class QuestionRow(Base):
    """What a person needs a coordinator for: a message not understood, nothing found, a call for a human."""

    __tablename__ = "question"
    __table_args__ = (Index("ix_question_open", "created_at", postgresql_where=sql("answered_at IS NULL")),)

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_key: Mapped[str]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str]
    text: Mapped[str]
    language: Mapped[str]
    context: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'::jsonb"))
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    tell_later: Mapped[bool] = mapped_column(server_default=false())


class InvitationRow(Base):
    """A one-time code that gives a role; the code itself is not kept."""

    __tablename__ = "invitation"

    digest: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    used_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class AuditRow(Base):
    """One act of a person with a role; see `bot.store.audit.Act`."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    act: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    details: Mapped[dict[str, Any]] = mapped_column(server_default=sql("'{}'::jsonb"))

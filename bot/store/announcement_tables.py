"""The tables of announcements: what is said to whom and when, who takes part, topics followed, audiences kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, SmallInteger, false, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bot.announcement import State
from bot.store.base import Base, one_of


class AnnouncementRow(Base):
    """`body`, `audience`, `timing` as `bot.store.announcements` writes them. `contents`: by language, the shared
    content its rows say. `people_to`: the last person given a row; `chats_done`: the chats have theirs.

    `series`: the first announcement of one that repeats.
    """

    __tablename__ = "announcement"
    __table_args__ = (
        one_of("state", State),
        Index("ix_announcement_due", "due_at", postgresql_where=text("state = 'scheduled'")),
        Index("ix_announcement_running", "state", postgresql_where=text("state IN ('starting', 'sending')")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(server_default=State.DRAFT)
    body: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    audience: Mapped[dict[str, Any]]
    timing: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    revision: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    report_to: Mapped[dict[str, Any]]
    due_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    contents: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'::jsonb"))
    people_to: Mapped[int] = mapped_column(server_default="0")
    chats_done: Mapped[bool] = mapped_column(server_default=false())
    live_id: Mapped[int | None]
    live_shown: Mapped[str | None]
    series: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class JoinRow(Base):
    """A person tapped "je participe"."""

    __tablename__ = "announcement_join"

    announcement_id: Mapped[int] = mapped_column(
        ForeignKey("announcement.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]


class SubscriptionRow(Base):
    """A topic a person follows: a theme by canonical name, or one of `bot.actions.topics.OTHER_TOPICS`."""

    __tablename__ = "subscription"

    topic: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime]


class SavedAudienceRow(Base):
    __tablename__ = "saved_audience"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(unique=True)
    audience: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]


class AdoptedChatRow(Base):
    """A group, a topic of one (`thread_id`, else "") or a channel that a coordinator made an audience."""

    __tablename__ = "adopted_chat"
    __table_args__ = (Index("uq_adopted_chat_place", "channel", "chat_id", "thread_id", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    chat_id: Mapped[str]
    thread_id: Mapped[str] = mapped_column(server_default="")
    title: Mapped[str | None]
    adopted_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    adopted_at: Mapped[datetime]

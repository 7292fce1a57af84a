"""The tables of needs: what people said they lack, and groups of like needs that are answered together."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.need import Origin, Topic, Urgency
from bot.store.base import Base, one_of


class NeedGroupRow(Base):
    """`answer` in the coordinator's words, with a training or a resource that helps, if any."""

    __tablename__ = "need_group"
    __table_args__ = (
        one_of("topic", Topic),
        Index("ix_need_group_open", "topic", "region", postgresql_where=text("answered_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[str]
    region: Mapped[str | None]
    created_at: Mapped[datetime]
    answer: Mapped[str | None]
    training_id: Mapped[int | None] = mapped_column(ForeignKey("training.id", ondelete="SET NULL"))
    resource_id: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)


class NeedRow(Base):
    """`text` are the person's exact words. `person_id` only with their consent."""

    __tablename__ = "need"
    __table_args__ = (
        one_of("origin", Origin),
        one_of("topic", Topic),
        one_of("urgency", Urgency),
        Index("ix_need_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    text: Mapped[str]
    language: Mapped[str]
    origin: Mapped[str]
    topic: Mapped[str | None]
    theme: Mapped[str | None]
    region: Mapped[str | None]
    urgency: Mapped[str | None]
    kind: Mapped[str | None]
    group_id: Mapped[int | None] = mapped_column(ForeignKey("need_group.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]

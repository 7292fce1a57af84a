"""The tables of the language model: every version with its figures, and who asked when for a new one."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, SmallInteger, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.base import Base, one_of


class ModelState(StrEnum):
    """REPLACED: a better one came. ASIDE: worse than the one in use. WITHDRAWN: taken out by a rollback."""

    IN_USE = "in_use"
    REPLACED = "replaced"
    ASIDE = "aside"
    WITHDRAWN = "withdrawn"


class ModelRow(Base):
    """`code`: digest of the code that made it and alone can read it; `base`: of our examples; `made_from`: of
    those and of what was learnt. `judged`: digest of the test set that gave the figures (see `bot.figures`).

    `content` is None once the version is too old to go back to.
    """

    __tablename__ = "model"
    __table_args__ = (
        one_of("state", ModelState),
        Index("uq_model_code_made_from", "code", "made_from", unique=True),
        Index("uq_model_in_use", "code", unique=True, postgresql_where=text("state = 'in_use'")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    code: Mapped[str]
    base: Mapped[str]
    made_from: Mapped[str]
    judged: Mapped[str | None]
    examples: Mapped[int | None]
    learned: Mapped[int]
    figures: Mapped[dict[str, Any] | None]
    state: Mapped[str]
    worse: Mapped[list[Any]] = mapped_column(JSONB)
    sha256: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)


class ModelOrderRow(Base):
    """`mark`: asked, or what it is due to once only: a night, our examples when they changed."""

    __tablename__ = "model_order"
    __table_args__ = (
        Index("uq_model_order_mark", "mark", unique=True, postgresql_where=text("mark <> 'asked'")),
        Index("uq_model_order_open", "mark", unique=True, postgresql_where=text("ended_at IS NULL")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None]

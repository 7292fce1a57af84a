"""What people need a coordinator for, and what the coordinators answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.tables import QuestionRow


class QuestionKind(StrEnum):
    NOT_UNDERSTOOD = "not_understood"
    NOT_FOUND = "not_found"
    TO_HUMAN = "to_human"
    FEEDBACK = "feedback"
    NEED = "need"
    LABELLED = "labelled"


@dataclass(frozen=True, slots=True)
class NewQuestion:
    conversation_key: str
    kind: QuestionKind
    text: str
    language: str
    created_at: datetime
    person_id: int | None = None
    context: dict[str, Any] = field(default_factory=dict)
    tell_later: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    id: int
    conversation_key: str
    person_id: int | None
    kind: QuestionKind
    text: str
    language: str
    context: dict[str, Any]
    created_at: datetime
    answered_at: datetime | None
    answer: str | None
    tell_later: bool


class Questions:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, question: NewQuestion) -> int:
        statement = insert(QuestionRow).values(
            conversation_key=question.conversation_key,
            person_id=question.person_id,
            kind=question.kind,
            text=question.text,
            language=question.language,
            context=question.context,
            created_at=question.created_at,
            tell_later=question.tell_later,
        )
        return (await self._session.scalars(statement.returning(QuestionRow.id))).one()

    async def get(self, question_id: int) -> Question | None:
        row = await self._session.scalar(select(QuestionRow).where(QuestionRow.id == question_id))
        return None if row is None else _question(row)

    async def lock(self, question_id: int) -> Question | None:
        """The question, held until the transaction ends: two coordinators cannot both answer it."""
        row = await self._session.scalar(
            select(QuestionRow).where(QuestionRow.id == question_id).with_for_update()
        )
        return None if row is None else _question(row)

    async def unanswered(self, limit: int = 20, kind: QuestionKind | None = None) -> Sequence[Question]:
        """Oldest first."""
        wanted = select(QuestionRow).where(QuestionRow.answered_at.is_(None))
        if kind is not None:
            wanted = wanted.where(QuestionRow.kind == kind)
        rows = await self._session.scalars(
            wanted.order_by(QuestionRow.created_at, QuestionRow.id).limit(limit)
        )
        return [_question(row) for row in rows]

    async def answer(self, question_id: int, answer: str, now: datetime) -> bool:
        """Keep the answer; False when it had one already."""
        changed = await self._session.scalar(
            update(QuestionRow)
            .where(QuestionRow.id == question_id, QuestionRow.answered_at.is_(None))
            .values(answer=answer, answered_at=now)
            .returning(QuestionRow.id)
        )
        return changed is not None

    async def tell_later(self, question_id: int) -> None:
        """The person wants to hear when there is something."""
        await self._session.execute(
            update(QuestionRow).where(QuestionRow.id == question_id).values(tell_later=True)
        )

    async def last_of(self, conversation_key: str) -> int | None:
        """The newest question of a conversation."""
        last = select(QuestionRow.id).where(QuestionRow.conversation_key == conversation_key)
        return await self._session.scalar(last.order_by(QuestionRow.id.desc()).limit(1))

    async def count_unanswered(self) -> int:
        open_ones = select(func.count()).where(QuestionRow.answered_at.is_(None))
        return await self._session.scalar(open_ones) or 0


def _question(row: QuestionRow) -> Question:
    return Question(
        id=row.id,
        conversation_key=row.conversation_key,
        person_id=row.person_id,
        kind=QuestionKind(row.kind),
        text=row.text,
        language=row.language,
        context=row.context,
        created_at=row.created_at,
        answered_at=row.answered_at,
        answer=row.answer,
        tell_later=row.tell_later,
    )

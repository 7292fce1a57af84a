"""The coordinators' desk within one transaction: questions kept, answered, and who is there to answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.actions.context import Person, Question
from bot.masking import is_worded, masked
from bot.messages import Address
from bot.reviews import may_learn
from bot.store import questions as stored
from bot.store.engine import Transaction

NOTED = frozenset({stored.QuestionKind.NOT_UNDERSTOOD, stored.QuestionKind.NOT_FOUND})
"""Kept by the bot of itself; nobody chose to send these to a coordinator."""


@dataclass(frozen=True, slots=True)
class StoredDesk:
    """Speaks for one person in one conversation."""

    tx: Transaction
    conversation_key: str
    person: Person
    name: str | None
    language: str
    now: datetime

    async def keep(self, kind: str, text: str, details: Mapping[str, Any]) -> int:
        return await self.tx.questions.add(
            stored.NewQuestion(
                conversation_key=self.conversation_key,
                kind=stored.QuestionKind(kind),
                text=text,
                language=self.language,
                created_at=self.now,
                person_id=self.person.id,
                context=dict(details),
            )
        )

    async def note(self, kind: str, text: str, details: Mapping[str, Any]) -> bool:
        hidden = masked(text, self.name)
        if not self.person.consented or not is_worded(hidden):
            return False
        if kind == stored.QuestionKind.NOT_UNDERSTOOD and not await may_learn(self.tx, self.person):
            return False
        if "words" in details:
            details = {**details, "words": masked(details["words"], self.name)}
        await self.keep(kind, hidden, details)
        return True

    async def tell_later(self) -> bool:
        last = await self.tx.questions.last_of(self.conversation_key)
        if last is None:
            return False
        await self.tx.questions.tell_later(last)
        return True

    async def coordinators(self) -> Sequence[tuple[Address, str]]:
        people = [*await self.tx.people.with_role("coordinator"), *await self.tx.people.with_role("admin")]
        return [
            (Address(person.channel, person.external_id), person.language or "fr")
            for person in people
            if person.reachable
        ]

    async def question(self, question_id: int) -> Question | None:
        found = await self.tx.questions.get(question_id)
        return None if found is None else await self._with_address(found)

    async def waiting(self, limit: int) -> Sequence[Question]:
        found = await self.tx.questions.unanswered(limit)
        return [await self._with_address(question) for question in found]

    async def answered(self, question_id: int, answer: str) -> bool:
        return await self.tx.questions.answer(question_id, answer, self.now)

    async def _with_address(self, question: stored.Question) -> Question:
        conversation = await self.tx.conversations.get(question.conversation_key)
        assert conversation is not None, question.conversation_key
        text = (
            masked(question.text) if question.kind in NOTED else question.text
        )  # older ones were kept whole
        return Question(question.id, text, question.language, conversation.address)

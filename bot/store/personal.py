"""Everything that is kept of one person, as they may read it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.own_data import Everything, Written
from bot.store.announcement_tables import SubscriptionRow
from bot.store.content_tables import OrganisationRow
from bot.store.directory_tables import OrganisationPersonRow, ProjectRow
from bot.store.need_tables import NeedGroupRow, NeedRow
from bot.store.review_tables import ReviewRow
from bot.store.tables import ConversationRow, IncomingRow, OutboxRow, QuestionRow
from bot.store.training_tables import EnrolmentRow, ReminderRow, TrainingFeedbackRow, TrainingRow

HIDDEN = frozenset(
    {"id", "folded_name", "created_by", "logo_key", "receipt_key", "merged_into", "created_at", "updated_at"}
)
"""Columns of an organisation that say nothing to people."""


class PersonalData:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def everything(self, person_id: int, most_messages: int) -> Everything:
        """All rows about the person; of the messages the last ones."""
        return Everything(
            await self._organisations(person_id),
            await self._projects(person_id),
            await self._rows(
                select(TrainingRow.texts, TrainingRow.starts_at, EnrolmentRow.state)
                .join(EnrolmentRow, EnrolmentRow.training_id == TrainingRow.id)
                .where(EnrolmentRow.person_id == person_id)
                .order_by(TrainingRow.starts_at)
            ),
            await self._rows(
                select(TrainingRow.texts, TrainingFeedbackRow.rating, TrainingFeedbackRow.words)
                .join(TrainingFeedbackRow, TrainingFeedbackRow.training_id == TrainingRow.id)
                .where(TrainingFeedbackRow.person_id == person_id)
                .order_by(TrainingFeedbackRow.id)
            ),
            await self._rows(
                select(ReminderRow.text, ReminderRow.due_at)
                .where(ReminderRow.person_id == person_id)
                .order_by(ReminderRow.due_at)
            ),
            [
                topic
                for (topic,) in await self._rows(
                    select(SubscriptionRow.topic)
                    .where(SubscriptionRow.person_id == person_id)
                    .order_by(SubscriptionRow.topic)
                )
            ],
            await self._rows(
                select(NeedRow.text, NeedRow.created_at, NeedGroupRow.answer)
                .join(NeedGroupRow, NeedRow.group_id == NeedGroupRow.id, isouter=True)
                .where(NeedRow.person_id == person_id)
                .order_by(NeedRow.id)
            ),
            await self._rows(
                select(QuestionRow.text, QuestionRow.created_at, QuestionRow.answer)
                .where(QuestionRow.person_id == person_id)
                .order_by(QuestionRow.id)
            ),
            await self._rows(
                select(ReviewRow.text, ReviewRow.created_at)
                .where(ReviewRow.person_id == person_id)
                .order_by(ReviewRow.id)
            ),
            await self._messages(person_id, most_messages),
        )

    async def _organisations(self, person_id: int) -> list[Mapping[str, Any]]:
        mine = select(OrganisationPersonRow.organisation_id).where(
            OrganisationPersonRow.person_id == person_id
        )
        rows = await self._session.scalars(
            select(OrganisationRow).where(OrganisationRow.id.in_(mine)).order_by(OrganisationRow.id)
        )
        columns = [c.name for c in OrganisationRow.__table__.columns if c.name not in HIDDEN]
        return [{name: getattr(row, name) for name in columns} for row in rows]

    async def _projects(self, person_id: int) -> list[str]:
        titles = await self._session.scalars(
            select(ProjectRow.title).where(ProjectRow.created_by == person_id).order_by(ProjectRow.id)
        )
        return list(titles)

    async def _messages(self, person_id: int, most: int) -> list[Written]:
        keys = select(ConversationRow.key).where(ConversationRow.person_id == person_id)
        came = await self._rows(
            select(IncomingRow.received_at, IncomingRow.channel, IncomingRow.payload)
            .where(IncomingRow.conversation_key.in_(keys))
            .order_by(IncomingRow.id.desc())
            .limit(most)
        )
        went = await self._rows(
            select(OutboxRow.created_at, OutboxRow.channel, OutboxRow.body)
            .where(OutboxRow.conversation_key.in_(keys), OutboxRow.body.is_not(None))
            .order_by(OutboxRow.id.desc())
            .limit(most)
        )
        found = [Written(at, False, channel, body) for at, channel, body in came]
        found += [Written(at, True, channel, body) for at, channel, body in went]
        return sorted(found, key=lambda written: written.at)[-most:]

    async def _rows(self, statement: Any) -> list[Any]:
        return [tuple(row) for row in await self._session.execute(statement)]

"""Everything the database holds of one person, counted and erased."""

from sqlalchemy import ColumnElement, Update, case, delete, exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from bot.organisation import Part, Standing
from bot.store.announcement_tables import JoinRow, SubscriptionRow
from bot.store.consent_tables import ConsentRow
from bot.store.content_tables import OrganisationChangeRow, OrganisationRow
from bot.store.directory_tables import OrganisationJoinRow, OrganisationPersonRow
from bot.store.exchange_tables import DirectoryRelayRow, DirectoryWatchRow
from bot.store.link_tables import LinkCodeRow
from bot.store.need_tables import NeedRow
from bot.store.review_tables import ReviewRow
from bot.store.tables import (
    ConversationRow,
    IncomingRow,
    IncomingState,
    OutboxRow,
    OutboxState,
    PersonRow,
    QuestionRow,
)
from bot.store.training_tables import EnrolmentRow, ReminderRow, TrainingFeedbackRow, TrainingWishRow

PERSONAL = (
    LinkCodeRow, ConsentRow, ReviewRow, ReminderRow, EnrolmentRow, SubscriptionRow, JoinRow, OrganisationJoinRow,
    OrganisationPersonRow, DirectoryRelayRow, DirectoryWatchRow, TrainingWishRow,
)  # fmt: skip
"""Rows that are about one person and nothing else. Of an opinion on a training the mark stays, without words."""
NAMING = ("contact_name", "contact_role")
"""Fields of an organisation that say who a person is."""


class Erasure:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def count_messages(self, person_id: int) -> int:
        """Messages of the person's conversations, in both directions."""
        keys = select(ConversationRow.key).where(ConversationRow.person_id == person_id)
        came = select(func.count()).where(IncomingRow.conversation_key.in_(keys))
        went = select(func.count()).where(OutboxRow.conversation_key.in_(keys))
        return (await self._session.scalar(came) or 0) + (await self._session.scalar(went) or 0)

    async def forget(self, person_id: int) -> None:
        """Erase all but the account itself, its language and its role.

        An organisation that others look after, or that somebody vouched for, stays in the directory, without
        this person's name on it.
        The message being handled, and replies not sent yet, go when the conversation is erased again.
        """
        keys = select(ConversationRow.key).where(ConversationRow.person_id == person_id)
        over = [IncomingState.HANDLED, IncomingState.IGNORED, IncomingState.SET_ASIDE]
        unsent = [OutboxState.WAITING, OutboxState.SENDING]
        await self._leave_organisations(person_id)
        for statement in (
            delete(QuestionRow).where(QuestionRow.conversation_key.in_(keys)),
            *(delete(row).where(row.person_id == person_id) for row in PERSONAL),
            update(TrainingFeedbackRow)
            .where(TrainingFeedbackRow.person_id == person_id)
            .values(person_id=None, words=None),
            delete(OutboxRow).where(OutboxRow.conversation_key.in_(keys), OutboxRow.state.not_in(unsent)),
            update(NeedRow).where(NeedRow.person_id == person_id).values(person_id=None, text=""),
            _nameless(person_id),
            delete(IncomingRow).where(IncomingRow.conversation_key.in_(keys), IncomingRow.state.in_(over)),
            update(PersonRow)
            .where(PersonRow.id == person_id)
            .values(name=None, consented_at=None, quiet_from=None, quiet_until=None),
        ):
            await self._session.execute(statement)

    async def _leave_organisations(self, person_id: int) -> None:
        known = OrganisationRow.status.in_([Standing.ATTESTED, Standing.VERIFIED])
        alone = _looks_after(person_id) & ~exists().where(
            OrganisationPersonRow.organisation_id == OrganisationRow.id,
            OrganisationPersonRow.person_id != person_id,
        )
        for statement in (
            delete(OrganisationRow).where(alone, ~known),
            update(OrganisationRow)
            .where(_looks_after(person_id, Part.CONTACT))
            .values(contact_name=None, contact_role=None),
            update(OrganisationChangeRow)
            .where(OrganisationChangeRow.person_id == person_id, OrganisationChangeRow.field.in_(NAMING))
            .values(before=None, after=None),
            update(OrganisationRow).where(OrganisationRow.created_by == person_id).values(created_by=None),
        ):
            await self._session.execute(statement)


def _looks_after(person_id: int, *parts: Part) -> ColumnElement[bool]:
    return exists().where(
        OrganisationPersonRow.organisation_id == OrganisationRow.id,
        OrganisationPersonRow.person_id == person_id,
        OrganisationPersonRow.part.in_(parts or tuple(Part)),
    )


def _nameless(person_id: int) -> Update:
    """Announcements and reminders are still counted, but no longer say for whom they were nor what they said.

    Those not sent yet are not sent any more; the row being sent ends with its sender.
    """
    return (
        update(OutboxRow)
        .where(OutboxRow.person_id == person_id, OutboxRow.state != OutboxState.SENDING)
        .values(
            state=case(
                (OutboxRow.state == OutboxState.WAITING, OutboxState.CANCELLED), else_=OutboxRow.state
            ),
            recipient=case((OutboxRow.source.is_not(None), func.concat("erased:", OutboxRow.id))),
            person_id=None,
            chat_id="",
            platform_id=None,
            body=case((OutboxRow.body.is_not(None), literal({"text": "", "buttons": []}, JSONB()))),
        )
    )

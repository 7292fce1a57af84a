"""Everything the database holds of one person, counted and erased."""

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.content_tables import OrganisationRow, OrganisationStatus
from bot.store.tables import (
    ConversationRow,
    IncomingRow,
    IncomingState,
    OutboxRow,
    OutboxState,
    PersonRow,
    QuestionRow,
)


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

        An organisation that a coordinator verified stays in the directory, without this person's name on it.
        The message being handled, and replies not sent yet, go when the conversation is erased again.
        """
        keys = select(ConversationRow.key).where(ConversationRow.person_id == person_id)
        over = [IncomingState.HANDLED, IncomingState.IGNORED, IncomingState.SET_ASIDE]
        unsent = [OutboxState.WAITING, OutboxState.SENDING]
        mine = OrganisationRow.created_by == person_id
        for statement in (
            delete(QuestionRow).where(QuestionRow.conversation_key.in_(keys)),
            delete(OutboxRow).where(OutboxRow.conversation_key.in_(keys), OutboxRow.state.not_in(unsent)),
            delete(IncomingRow).where(IncomingRow.conversation_key.in_(keys), IncomingRow.state.in_(over)),
            delete(OrganisationRow).where(mine, OrganisationRow.status != OrganisationStatus.VERIFIED),
            update(OrganisationRow).where(mine).values(created_by=None, contact_name=None),
            update(PersonRow).where(PersonRow.id == person_id).values(name=None, consented_at=None),
        ):
            await self._session.execute(statement)

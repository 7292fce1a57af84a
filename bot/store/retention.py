"""What is old enough is deleted: messages, files made for one reading, people who never agreed to anything."""

from datetime import datetime

from sqlalchemy import CursorResult, Delete, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.files import FileRow
from bot.store.tables import (
    ConversationRow,
    IncomingRow,
    IncomingState,
    OutboxRow,
    OutboxState,
    PersonRow,
)

AT_ONCE = 2000
"""Rows of one statement, so that none holds the tables for long."""


class Retention:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def purge_incoming(self, before: datetime) -> int:
        """What came before then and waits for nothing any more."""
        old = (
            select(IncomingRow.id)
            .where(IncomingRow.received_at < before, IncomingRow.state != IncomingState.WAITING)
            .limit(AT_ONCE)
        )
        return await self._deleted(delete(IncomingRow).where(IncomingRow.id.in_(old)))

    async def purge_replies(self, before: datetime) -> int:
        """Answers sent before then. What announcements and reminders came to stays in their reports."""
        ended = OutboxRow.state.not_in([OutboxState.WAITING, OutboxState.SENDING])
        old = (
            select(OutboxRow.id)
            .where(OutboxRow.created_at < before, OutboxRow.source.is_(None), ended)
            .limit(AT_ONCE)
        )
        return await self._deleted(delete(OutboxRow).where(OutboxRow.id.in_(old)))

    async def purge_files(self, now: datetime) -> int:
        return await self._deleted(delete(FileRow).where(FileRow.expires_at <= now))

    async def purge_strangers(self, before: datetime) -> int:
        """People who never consented, have no role and have been silent since then, with all they wrote."""
        spoke = exists().where(
            ConversationRow.person_id == PersonRow.id, ConversationRow.updated_at >= before
        )
        strangers = (
            await self._session.scalars(
                select(PersonRow.id)
                .where(
                    PersonRow.consented_at.is_(None),
                    PersonRow.role == "member",
                    PersonRow.stopped_at.is_(None),
                    PersonRow.created_at < before,
                    ~spoke,
                )
                .limit(AT_ONCE)
            )
        ).all()
        keys = select(ConversationRow.key).where(ConversationRow.person_id.in_(strangers))
        for statement in (
            delete(IncomingRow).where(IncomingRow.conversation_key.in_(keys)),
            delete(OutboxRow).where(OutboxRow.conversation_key.in_(keys)),
            delete(ConversationRow).where(ConversationRow.person_id.in_(strangers)),
        ):
            await self._session.execute(statement)
        return await self._deleted(delete(PersonRow).where(PersonRow.id.in_(strangers)))

    async def _deleted(self, statement: Delete) -> int:
        result = await self._session.execute(statement)
        assert isinstance(result, CursorResult)
        return result.rowcount

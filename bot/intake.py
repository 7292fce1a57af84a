"""How an event of a platform becomes a row: read once to know its conversation, kept even when unreadable."""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.channels.port import Channel, Received
from bot.errors import Unparsable
from bot.messages import ChatKind, Incoming, Receipt
from bot.store.conversations import conversation_key
from bot.store.engine import Database
from bot.store.inbox import NewIncoming
from bot.store.tables import IncomingState

NUL = "\\u0000"
logger = logging.getLogger(__name__)


class Intake:
    """The inbox all channels store into; see `bot.channels.port.Inbox`."""

    def __init__(
        self, database: Database, channels: Mapping[str, Channel], clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._channels = channels
        self._clock = clock

    async def store(self, channel: str, events: Sequence[Received]) -> None:
        rows = [self._row(channel, event) for event in events]
        async with self._database.transaction() as tx:
            await tx.inbox.store(channel, rows)

    def _row(self, channel: str, event: Received) -> NewIncoming:
        now = self._clock()
        if NUL in json.dumps(event.payload):
            # PostgreSQL cannot store it in JSONB; refusing the event would block all that come after it.
            kept = {"unstorable": json.dumps(event.payload).replace(NUL, "")}
            reason = "holds the character NUL"
            return NewIncoming(event.external_id, kept, now, None, IncomingState.QUARANTINED, reason)
        try:
            incoming = self._channels[channel].read(event.payload)
        except Unparsable as error:
            logger.warning("%s event %s quarantined; why is in its row", channel, event.external_id)
            return NewIncoming(
                event.external_id, event.payload, now, None, IncomingState.QUARANTINED, str(error)
            )
        if incoming is None:
            return NewIncoming(event.external_id, event.payload, now, None, IncomingState.IGNORED)
        if isinstance(incoming.content, Receipt):
            # What the platform tells of our messages waits for nothing a person wrote, and counts as no writing.
            return NewIncoming(event.external_id, event.payload, now)
        return NewIncoming(event.external_id, event.payload, now, key_of(incoming))


def key_of(incoming: Incoming) -> str:
    """The conversation an event belongs to: in a group, each member has their own."""
    member = incoming.sender.external_id if incoming.chat is ChatKind.GROUP else None
    return conversation_key(incoming.address, member)

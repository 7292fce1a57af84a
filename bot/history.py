"""The web chat's history: what was said in both directions, in one order that never changes."""

from collections.abc import Sequence
from datetime import datetime

from bot.channels.web import NAME
from bot.messages import Address
from bot.store.conversations import conversation_key
from bot.store.engine import Database
from bot.store.inbox import PastIncoming
from bot.store.outbox import PastDelivery
from bot.web.ports import Author, HistoryItem

STEP = 4096
"""Places within one millisecond; times a millisecond of this century it stays exact in JavaScript (2^53)."""


class ChatHistory:
    """`bot.web.ports.History` over the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, session: str, after_id: int | None, limit: int, /) -> Sequence[HistoryItem]:
        async with self._database.transaction() as tx:
            came = await tx.inbox.history(conversation_key(Address(NAME, session)), limit=limit)
            went = await tx.outbox.history(NAME, session, limit=limit)
        items = sorted([*map(_mine, came), *map(_bots, went)], key=lambda item: item.id)
        if after_id is None:
            return items[-limit:]
        return [item for item in items if item.id > after_id][:limit]


def _place(moment: datetime, within: int) -> int:
    return int(moment.timestamp() * 1000) * STEP + within


def _mine(row: PastIncoming) -> HistoryItem:
    payload = row.payload.get("payload")
    text = row.payload.get("text") or row.payload.get("title") or payload or ""
    return HistoryItem(
        _place(row.received_at, 0),
        Author.ME,
        text,
        row.received_at,
        client_id=row.payload.get("id"),
        payload=payload,
    )


def _bots(row: PastDelivery) -> HistoryItem:
    place = _place(row.created_at, 1 + row.id % (STEP - 1))
    return HistoryItem(place, Author.BOT, row.text, row.created_at, buttons=row.buttons)

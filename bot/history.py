"""The web chat's history: what was said in both directions, in one order that never changes."""

from collections.abc import Sequence
from dataclasses import replace
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
        items = _placed([*map(_mine, came), *map(_bots, went)])
        if after_id is None:
            return items[-limit:]
        return [item for item in items if item.id > after_id][:limit]


def _placed(items: Sequence[HistoryItem]) -> list[HistoryItem]:
    """By time; what shares a millisecond keeps its order, the person's words before the bot's."""
    placed: list[HistoryItem] = []
    for item in sorted(items, key=lambda item: (_place(item.at), item.author is Author.BOT, item.id)):
        place = _place(item.at)
        if placed and placed[-1].id >= place:
            place = placed[-1].id + 1
        placed.append(replace(item, id=place))
    return placed


def _place(moment: datetime) -> int:
    return int(moment.timestamp() * 1000) * STEP


def _mine(row: PastIncoming) -> HistoryItem:
    payload = row.payload.get("payload")
    text = row.payload.get("text") or row.payload.get("title") or payload or ""
    client_id = row.payload.get("id")
    return HistoryItem(row.id, Author.ME, text, row.received_at, client_id=client_id, payload=payload)


def _bots(row: PastDelivery) -> HistoryItem:
    return HistoryItem(
        row.id,
        Author.BOT,
        row.text,
        row.created_at,
        buttons=row.buttons,
        attachment=row.attachment,
        edited=row.edited,
    )

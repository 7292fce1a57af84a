"""The bot, killed by itself at one named step: `python -m tests.whole.dying_bot STEP`.

It is wired as `bot run` wires it, with the database, the talker and the platform's channel wrapped.
"""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot import app
from bot.actions.context import Context
from bot.channels.port import Channel, Inbox, Payload, Traits
from bot.delivery import Delivery
from bot.intake import Intake
from bot.messages import Address, Incoming, Outgoing
from bot.settings import read_settings
from bot.store.conversations import Conversations, StoredConversation
from bot.store.engine import Database, Transaction
from bot.store.inbox import ClaimedIncoming, IncomingMessages, NewIncoming
from bot.store.outbox import NewDelivery, Outbox
from bot.talk import Exchange, Talker
from bot.turn import Turns


class Death:
    """Comes at the chosen step."""

    def __init__(self, step: str) -> None:
        self._step = step

    def at(self, step: str) -> None:
        if step == self._step:
            os.kill(os.getpid(), signal.SIGKILL)


class DyingInbox(IncomingMessages):
    def __init__(self, session: AsyncSession, death: Death) -> None:
        super().__init__(session)
        self._death = death
        self.stored = False
        self.turned = False

    async def store(self, channel: str, rows: Sequence[NewIncoming]) -> int:
        self._death.at("before storing")
        self.stored = bool(rows)
        return await super().store(channel, rows)

    async def claim(self, now: datetime, channels: Iterable[str]) -> ClaimedIncoming | None:
        claimed = await super().claim(now, channels)
        if claimed is not None:
            self._death.at("claimed")
        return claimed

    async def handled(self, incoming_id: int, now: datetime) -> None:
        await super().handled(incoming_id, now)
        self.turned = True


class DyingConversations(Conversations):
    def __init__(self, session: AsyncSession, death: Death) -> None:
        super().__init__(session)
        self._death = death

    async def lock(self, key: str, address: Address, now: datetime) -> StoredConversation:
        locked = await super().lock(key, address, now)
        self._death.at("locked")
        return locked


class DyingOutbox(Outbox):
    def __init__(self, session: AsyncSession, death: Death) -> None:
        super().__init__(session)
        self._death = death

    async def add(self, deliveries: Sequence[NewDelivery], now: datetime) -> list[int]:
        self._death.at("rendered")
        return await super().add(deliveries, now)


class DyingDatabase(Database):
    """Shares the engine of the bot's own."""

    def __init__(self, database: Database, death: Death) -> None:
        super().__init__(database._engine)
        self._death = death

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        async with super().transaction() as tx:
            tx.inbox = inbox = DyingInbox(tx.session, self._death)
            tx.conversations = DyingConversations(tx.session, self._death)
            tx.outbox = DyingOutbox(tx.session, self._death)
            yield tx
            self._told(inbox, "before the commit")
        self._told(inbox, "after the commit")

    def _told(self, inbox: DyingInbox, when: str) -> None:
        if inbox.stored:
            self._death.at(f"stored, {when}")
        if inbox.turned:
            self._death.at(f"turned, {when}")


class DyingTalker(Talker):
    def __init__(self, own: Talker, death: Death) -> None:
        super().__init__(own._domain, own._actions, own._forms)
        self._death = death

    async def answer(self, context: Context, typed: str | None, *, in_group: bool = False) -> Exchange:
        self._death.at("understood")
        exchange = await super().answer(context, typed, in_group=in_group)
        self._death.at("acted")
        return exchange


class DyingChannel:
    """Implements `bot.channels.port.Channel`."""

    def __init__(self, own: Channel, death: Death) -> None:
        self._own = own
        self._death = death

    @property
    def name(self) -> str:
        return self._own.name

    @property
    def traits(self) -> Traits:
        return self._own.traits

    def read(self, payload: Payload) -> Incoming | None:
        return self._own.read(payload)

    async def send(self, message: Outgoing) -> str:
        self._death.at("taken to send")
        platform_id = await self._own.send(message)
        self._death.at("sent, before recording")
        return platform_id

    async def fetch(self, file_id: str) -> bytes:
        raise AssertionError(f"{file_id}: no files here")

    async def show_typing(self, address: Address) -> None:
        await self._own.show_typing(address)

    async def prepare(self) -> None:
        await self._own.prepare()

    async def run(self, inbox: Inbox) -> None:
        await self._own.run(inbox)

    async def close(self) -> None:
        await self._own.close()

    def __getattr__(self, name: str) -> Any:
        """What a webhook's route asks of the channel besides."""
        return getattr(self._own, name)


def doomed(bot: app.Bot, death: Death) -> app.Bot:
    """The same bot, with its parts wrapped."""
    database = DyingDatabase(bot.database, death)
    platforms = {name: DyingChannel(own, death) for name, own in bot.channels.items() if name != "web"}
    channels = {**bot.channels, **platforms}
    room = bot.turns._room
    return replace(
        bot,
        database=database,
        channels=channels,
        intake=Intake(database, channels, app.utc_now),
        turns=Turns(database, replace(room, channels=channels, talker=DyingTalker(room.talker, death))),
        delivery=Delivery(database, channels, bot.bell, app.utc_now, bot.delivery._around),
    )


async def run(step: str) -> None:
    async with app.built(read_settings(), print) as bot:
        mortal = doomed(bot, Death(step))
        async with app.working(mortal):
            await app.web_server(mortal).serve()


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))

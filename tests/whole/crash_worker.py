"""One of several processes that freeze and deliver the same bulk, to be killed: `python -m tests.whole.crash_worker`.

Arguments: the database's and the Bot API's addresses, the token, the kind, how many times Telegram's limits.
Says `holds` on standard output when it becomes the sender.
"""

import asyncio
import sys
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, literal, null, select

from bot.channels.port import Inbox, Payload, Window
from bot.channels.telegram_api import TelegramOptions
from bot.channels.telegram_ptb import TelegramPtb
from bot.delivery import Delivery, Policy, Surroundings
from bot.messages import Address, Incoming, Kind, Outgoing
from bot.quiet import Hours, QuietHours
from bot.store.bell import listening
from bot.store.engine import Database
from bot.store.outbox_sources import Bulk
from bot.store.seats import seated
from bot.store.tables import IdentityRow

CHUNK = 500
CONTENT = 1
WIDE_AWAKE = QuietHours(ZoneInfo("UTC"), Hours(time(0), time(0)), Hours(time(0), time(0)))


class QuickTelegram:
    """Telegram with so many times its overall limit."""

    def __init__(self, own: TelegramPtb, times: int) -> None:
        self._own = own
        limits = own.traits.limits
        overall = limits.overall or Window(30, 1.0)
        self.traits = replace(
            own.traits, limits=replace(limits, overall=Window(overall.count * times, overall.seconds))
        )

    @property
    def name(self) -> str:
        return self._own.name

    def read(self, payload: Payload) -> Incoming | None:
        return self._own.read(payload)

    async def send(self, message: Outgoing) -> str:
        return await self._own.send(message)

    async def fetch(self, file_id: str) -> bytes:
        return await self._own.fetch(file_id)

    async def show_typing(self, address: Address) -> None:
        await self._own.show_typing(address)

    async def prepare(self) -> None:
        await self._own.prepare()

    async def run(self, inbox: Inbox) -> None:
        await self._own.run(inbox)

    async def close(self) -> None:
        await self._own.close()


def everybody() -> Select[*tuple[Any, ...]]:
    """All people, on Telegram; what they are told is the content the harness has stored."""
    return select(
        IdentityRow.person_id.label("position"),
        func.concat("person:", IdentityRow.person_id).label("recipient"),
        IdentityRow.channel,
        IdentityRow.external_id.label("chat_id"),
        null().label("thread_id"),
        IdentityRow.person_id,
        literal(CONTENT).label("content_id"),
        null().label("body"),
    ).where(IdentityRow.channel == "telegram")


async def freeze(database: Database, kind: Kind) -> None:
    """From the beginning in every life of every process: nobody may be queued twice."""
    source = "announcement:1" if kind is Kind.ANNOUNCEMENT else "reminder:1:1d"
    after = 0
    while True:
        now = datetime.now(UTC)
        async with database.transaction() as tx:
            chunk = await tx.outbox.add_bulk(
                Bulk(source, kind, now), everybody(), now, after=after, limit=CHUNK
            )
        if chunk is None:
            return
        after = chunk.last


async def work(database_url: str, api_url: str, token: str, kind: Kind, times: int) -> None:
    database = await Database.open(database_url)
    channel = QuickTelegram(TelegramPtb(TelegramOptions(token, api_url)), times)
    accounts = {"telegram": channel.traits.account or ""}
    async with listening(database) as bell, seated(database, accounts) as seats:
        around = Surroundings(Policy(at_once=100), WIDE_AWAKE, seats)
        delivery = Delivery(database, {"telegram": channel}, bell, lambda: datetime.now(UTC), around)
        delivering = asyncio.create_task(delivery.run())
        await freeze(database, kind)
        seat = seats.of("telegram")
        assert seat is not None
        await seat.taken.wait()
        print("holds", flush=True)
        await delivering


if __name__ == "__main__":
    url, api, its_token, its_kind, faster = sys.argv[1:]
    asyncio.run(work(url, api, its_token, Kind(its_kind), int(faster)))

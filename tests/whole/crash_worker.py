"""One of several processes that start and deliver the same bulk, to be killed: `python -m tests.whole.crash_worker`.

Arguments: the database's and the Bot API's addresses, the token, the kind, how many times Telegram's limits,
how many recipients are given their rows in one transaction.
Says `holds` on standard output when it becomes the sender.
"""

import asyncio
import sys
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.actions.context import DJIBOUTI
from bot.announcement_ticks import AnnouncementTicks
from bot.channels.port import Inbox, Payload, Window
from bot.channels.telegram_api import TelegramOptions
from bot.channels.telegram_ptb import TelegramPtb
from bot.delivery import Delivery, Policy, Surroundings
from bot.domain import load_domain
from bot.messages import Address, Incoming, Kind, Outgoing
from bot.quiet import Hours, QuietHours
from bot.store.bell import listening
from bot.store.engine import Database
from bot.store.seats import seated
from bot.training_ticks import TrainingTicks

ROOT = Path(__file__).parent.parent.parent
TICK = 0.2
"""Seconds; the real clock looks every two."""
WIDE_AWAKE = QuietHours(ZoneInfo("UTC"), Hours(time(0), time(0)), Hours(time(0), time(0)))


@dataclass(frozen=True, slots=True)
class Clockwork:
    """The real ticks."""

    announcements: AnnouncementTicks
    trainings: TrainingTicks


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


async def tick(clock: Clockwork, kind: Kind) -> None:
    """The clock of `scheduler.py`, for one kind: what is due is given its recipients by whoever comes first."""
    while True:
        now = datetime.now(UTC)
        if kind is Kind.ANNOUNCEMENT:
            await clock.announcements.start_due(now)
            await clock.announcements.follow(now)
        else:
            await clock.trainings.remind(now)
        await asyncio.sleep(TICK)


async def work(database_url: str, api_url: str, token: str, kind: Kind, times: int, chunk: int) -> None:
    database = await Database.open(database_url)
    domain = load_domain(ROOT)
    clock = Clockwork(
        AnnouncementTicks(database, domain, DJIBOUTI, chunk), TrainingTicks(database, domain, DJIBOUTI, chunk)
    )
    channel = QuickTelegram(TelegramPtb(TelegramOptions(token, api_url)), times)
    accounts = {"telegram": channel.traits.account or ""}
    async with listening(database) as bell, seated(database, accounts) as seats:
        around = Surroundings(Policy(at_once=100), WIDE_AWAKE, seats)
        delivery = Delivery(database, {"telegram": channel}, bell, lambda: datetime.now(UTC), around)
        async with asyncio.TaskGroup() as together:
            together.create_task(delivery.run())
            together.create_task(tick(clock, kind))
            seat = seats.of("telegram")
            assert seat is not None
            await seat.taken.wait()
            print("holds", flush=True)


if __name__ == "__main__":
    url, api, its_token, its_kind, faster, at_a_time = sys.argv[1:]
    asyncio.run(work(url, api, its_token, Kind(its_kind), int(faster), int(at_a_time)))

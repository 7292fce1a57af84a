"""How fast messages leave: without limits and how much memory that takes, under Telegram's, and replies meanwhile."""

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from datetime import time as hour
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, literal, null, select

from bench.figures import Figure, percentile
from bot.channels.port import Channel
from bot.channels.telegram_api import TelegramOptions
from bot.channels.telegram_ptb import TelegramPtb
from bot.delivery import Delivery, Surroundings
from bot.messages import Address, Kind, Outgoing
from bot.quiet import Hours, QuietHours
from bot.store.bell import Bell, listening
from bot.store.embedded import embedded_postgres
from bot.store.engine import Database
from bot.store.outbox import NewDelivery
from bot.store.outbox_sources import Bulk
from tests.channels.telegram_emulator import TelegramEmulator
from tests.channels.telegram_limits import Limits
from tests.fakes import PlainChannel

SIZES = (1_000, 100_000)
LARGE = 1_000_000
LONGEST = 40.0
"""Seconds of delivery that are measured; what is left then stays in the outbox."""
LIMITED_SECONDS = 60.0
WARM_UP = 5.0
SOURCE = "announcement:1"
FIRST_CHAT = 100_000
NEVER = Hours(hour(0), hour(0))
NOBODY_SLEEPS = QuietHours(ZoneInfo("UTC"), NEVER, NEVER)


class Sink(PlainChannel):
    """A channel that takes everything at once and remembers how many."""

    count = 0

    async def send(self, message: Outgoing) -> str:
        self.count += 1
        return str(self.count)


def run(*, large: bool = False) -> list[Figure]:
    sizes = (*SIZES, LARGE) if large else SIZES
    measured = {size: _in_a_process(size) for size in sizes}
    figures = [
        Figure(
            f"delivery without limits, {size:,} recipients", "per s", found["rate"], target=500.0, higher=True
        )
        for size, found in measured.items()
    ]
    least = measured[sizes[0]]["megabytes"]
    figures += [
        Figure(f"memory of the sender, {size:,} recipients", "MB", found["megabytes"], target=least * 1.1 + 5)
        for size, found in measured.items()
    ]
    return figures + asyncio.run(_limited())


def _in_a_process(size: int) -> dict[str, float]:
    """One process a size, so that each has a memory of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.delivery", str(size)], capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


async def _unlimited(size: int) -> dict[str, float]:
    sink = Sink()
    async with _bench_database() as (database, bell):
        await _queue(database, "plain", size)
        delivery = _delivery(database, sink, bell)
        began = time.perf_counter()
        task = asyncio.create_task(delivery.run())
        while sink.count < size and time.perf_counter() - began < LONGEST:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        seconds = time.perf_counter() - began
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rate": sink.count / seconds, "megabytes": peak}


async def _limited() -> list[Figure]:
    """Bulk for a minute under the emulator's limits, and a reply to somebody else twice a second."""
    async with _bench_database() as (database, bell), TelegramEmulator(Limits()) as emulator:
        channel = TelegramPtb(TelegramOptions(emulator.token, emulator.api_url))
        many = int(LIMITED_SECONDS * 30)
        for chat in range(FIRST_CHAT - 1000, FIRST_CHAT + many):
            emulator.person(chat)
        await _queue(database, "telegram", many)
        task = asyncio.create_task(_delivery(database, channel, bell).run())
        await asyncio.sleep(WARM_UP)
        before = len(emulator.calls["sendMessage"])
        began = time.perf_counter()
        replies = 0
        while time.perf_counter() - began < LIMITED_SECONDS - WARM_UP:
            replies += 1
            now = datetime.now(UTC)
            reply = Outgoing(Address("telegram", str(FIRST_CHAT - replies)), "Voici.")
            async with database.transaction() as tx:
                await tx.outbox.add([NewDelivery(reply, now)], now)
            await asyncio.sleep(0.5)
        seconds = time.perf_counter() - began
        sent = len(emulator.calls["sendMessage"]) - before - replies
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        delays = await _reply_delays(database)
        await channel.close()
        refused = emulator.limits.refused if emulator.limits else 0
    return [
        Figure(
            "bulk under Telegram's limits, share of 24 a second",
            "%",
            sent / seconds / 24 * 100,
            target=95.0,
            higher=True,
        ),
        Figure("429s caused by us", "", float(refused), target=0.0),
        Figure("a reply while a bulk goes out, p95", "ms", percentile(delays, 95) * 1000),
    ]


async def _reply_delays(database: Database) -> list[float]:
    """Seconds from the commit of each reply to its record as sent."""
    connection = await database.connect()
    rows = await connection.fetch(
        "SELECT extract(epoch FROM sent_at - created_at)::float8 AS delay FROM outbox "
        "WHERE kind = 'reply' AND sent_at IS NOT NULL"
    )
    await connection.close()
    return [row["delay"] for row in rows]


@asynccontextmanager
async def _bench_database() -> AsyncIterator[tuple[Database, Bell]]:
    with tempfile.TemporaryDirectory(prefix="oscbot-bench-") as folder:
        async with embedded_postgres(Path(folder)) as url:
            database = await Database.open(url)
            await database.migrate()
            async with listening(database) as bell:
                yield database, bell
            await database.close()


def _delivery(database: Database, channel: Channel, bell: Bell) -> Delivery:
    around = Surroundings(quiet=NOBODY_SLEEPS)
    return Delivery(database, {channel.name: channel}, bell, lambda: datetime.now(UTC), around)


async def _queue(database: Database, channel: str, count: int) -> None:
    """As an announcement is frozen: chunk by chunk, sharing its text."""
    now = datetime.now(UTC)
    async with database.transaction() as tx:
        content_id = await tx.outbox.add_content(Outgoing(Address(channel, ""), "Réunion lundi 9 h"), now)
    after = 0
    while True:
        async with database.transaction() as tx:
            bulk = Bulk(SOURCE, Kind.ANNOUNCEMENT, now)
            chunk = await tx.outbox.add_bulk(bulk, _people(channel, count, content_id), now, after=after)
        if chunk is None:
            return
        after = chunk.last


def _people(channel: str, count: int, content_id: int) -> Select[*tuple[Any, ...]]:
    number = func.generate_series(1, count).column_valued("number")
    return select(
        number.label("position"),
        func.concat("person:", number).label("recipient"),
        literal(channel).label("channel"),
        (number + (FIRST_CHAT - 1)).label("chat_id"),
        null().label("thread_id"),
        null().label("person_id"),
        literal(content_id).label("content_id"),
        null().label("body"),
    )


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_unlimited(int(sys.argv[1])))))

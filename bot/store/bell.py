"""How workers in any process are woken: LISTEN on a connection of its own, a time-out as the safety net."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg

from bot.store.bell_names import WEB_NEWS, WORK
from bot.store.engine import Database, DatabaseAway, away_told

logger = logging.getLogger(__name__)

RECONNECT_SECONDS = 1.0
PRESENCE = 0x05CB08  # any number, the same in every process of the bot, not that of the migrations

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Bell:
    """Rings `incoming`, `outbox` or `names` when another transaction has committed work there."""

    def __init__(self) -> None:
        self.alone = False
        """No other process was listening when this one began: whatever is half done has lost its owner."""
        self.on_news: Callable[[str], None] = lambda _chat_id: None
        self._rung = {name: asyncio.Event() for name in WORK}

    async def wait(self, name: str, seconds: float) -> bool:
        """Wait until rung or `seconds` are over; True when rung since the last wait.

        Whoever is woken must work until nothing is left, for several rings may be heard as one.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._rung[name].wait()
        except TimeoutError:
            return False
        self._rung[name].clear()
        return True

    def ring(self, name: str) -> None:
        """Wake the workers of this process."""
        self._rung[name].set()


@asynccontextmanager
async def listening(database: Database) -> AsyncIterator[Bell]:
    """A bell that hears all processes on this database while the context lasts, across reconnections.

    Raises DatabaseAway when the first connection fails.
    """
    bell, line = Bell(), _Line(database)
    await line.open(bell)
    bell.alone = line.first
    keeping = asyncio.create_task(_keep(line, bell))
    try:
        yield bell
    finally:
        keeping.cancel()
        await asyncio.wait([keeping])
        line.close()


class _Line:
    """The connection that listens; holding it also says that this process lives, until it is lost."""

    def __init__(self, database: Database) -> None:
        self.first = False
        self.lost = asyncio.Event()
        self._database = database
        self._connection: Connection | None = None

    async def open(self, bell: Bell) -> None:
        """Raises DatabaseAway."""
        self.lost.clear()
        self._connection = await self._database.connect()
        self._connection.add_termination_listener(lambda _: self.lost.set())
        with away_told():
            await self._listen(self._connection, bell)

    async def _listen(self, connection: Connection, bell: Bell) -> None:
        # Exclusive only if nobody else listens; then shared, so that the next one sees it is not the first.
        self.first = await connection.fetchval("SELECT pg_try_advisory_lock($1)", PRESENCE)
        await connection.execute("SELECT pg_advisory_lock_shared($1)", PRESENCE)
        if self.first:
            await connection.execute("SELECT pg_advisory_unlock($1)", PRESENCE)
        for name in WORK:
            await connection.add_listener(name, lambda _connection, _pid, channel, _text: bell.ring(channel))
            bell.ring(name)  # what was said while nobody listened
        await connection.add_listener(WEB_NEWS, lambda _connection, _pid, _channel, chat: bell.on_news(chat))

    def close(self) -> None:
        if self._connection is not None:
            self._connection.terminate()


async def _keep(line: _Line, bell: Bell) -> None:
    while True:
        await line.lost.wait()
        logger.warning("the bell lost its connection")
        while line.lost.is_set():
            await asyncio.sleep(RECONNECT_SECONDS)
            try:
                await line.open(bell)
            except DatabaseAway as error:
                line.close()
                line.lost.set()
                logger.warning("the bell is silent: %s", error)

"""Who may send and poll for an account: one process at a time, by a lock that the database frees with its holder."""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TypeAlias

import asyncpg

from bot.store.engine import Database, DatabaseAway, away_told

logger = logging.getLogger(__name__)

TRY_SECONDS = 1.0
KEEPALIVE = {"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3"}
"""A holder whose machine lost its network or its power is noticed by the server within about ten seconds."""

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Seat:
    """The right to serve one account."""

    def __init__(self, account: str) -> None:
        self.key = int.from_bytes(hashlib.sha256(account.encode()).digest()[:8], "big", signed=True)
        self.taken = asyncio.Event()
        self.lost = asyncio.Event()
        self.lost.set()
        self.times_taken = 0
        """A new number means: whatever another holder had in hand is ours to take up."""

    @property
    def held(self) -> bool:
        return self.taken.is_set()

    def take(self) -> None:
        self.times_taken += 1
        self.lost.clear()
        self.taken.set()

    def lose(self) -> None:
        self.taken.clear()
        self.lost.set()


class Seats:
    """One seat an account, named by its channel; channels without an account need none."""

    def __init__(self, database: Database, accounts: Mapping[str, str]) -> None:
        self._database = database
        self._seats = {channel: Seat(f"{channel}:{account}") for channel, account in accounts.items()}
        self._connection: Connection | None = None

    def of(self, channel: str) -> Seat | None:
        return self._seats.get(channel)

    async def keep(self) -> None:
        """Take every seat that is free, and hold it; until cancelled."""
        told = False
        while True:
            try:
                await self._take_free()
                told = False
            except DatabaseAway as away:
                self._leave()
                if not told:
                    logger.warning("no seat can be held: %s", away)
                told = True
            await asyncio.sleep(TRY_SECONDS)

    async def _take_free(self) -> None:
        """Raises DatabaseAway."""
        connection = self._connection
        if connection is None or connection.is_closed():
            self._leave()
            connection = self._connection = await self._database.connect()
            connection.add_termination_listener(lambda _: self._leave())
        with away_told():
            for name, value in KEEPALIVE.items():
                await connection.execute("SELECT set_config($1, $2, false)", name, value)
            for channel, seat in self._seats.items():
                if seat.held:
                    continue
                if await connection.fetchval("SELECT pg_try_advisory_lock($1)", seat.key):
                    logger.info("this process serves the account of %s", channel)
                    seat.take()

    def _leave(self) -> None:
        for seat in self._seats.values():
            if seat.held:
                seat.lose()

    def close(self) -> None:
        self._leave()
        if self._connection is not None:
            self._connection.terminate()


@asynccontextmanager
async def seated(database: Database, accounts: Mapping[str, str]) -> AsyncIterator[Seats]:
    """Seats are taken as they become free while the context lasts, and given up at its end."""
    seats = Seats(database, accounts)
    keeping = asyncio.create_task(seats.keep()) if accounts else None
    try:
        yield seats
    finally:
        if keeping is not None:
            keeping.cancel()
            await asyncio.wait([keeping])
        seats.close()

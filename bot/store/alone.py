"""Work that only one process on this database may do at a time, by a lock that is freed with its holder."""

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TypeAlias

import asyncpg

from bot.store.engine import Database, DatabaseAway, away_told

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@asynccontextmanager
async def alone(database: Database, work: str) -> AsyncIterator[bool]:
    """Whether this process has the work to itself while the context lasts. Raises DatabaseAway."""
    key = int.from_bytes(hashlib.sha256(work.encode()).digest()[:8], "big", signed=True)
    connection = await database.connect()
    try:
        with away_told():
            mine = bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", key))
        yield mine
        if mine:
            with suppress(DatabaseAway):  # a lost connection has freed it already
                await _free(connection, key)
    finally:
        connection.terminate()


async def _free(connection: Connection, key: int) -> None:
    with away_told():
        await connection.execute("SELECT pg_advisory_unlock($1)", key)

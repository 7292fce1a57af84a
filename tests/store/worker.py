"""A worker process, for tests: handles all that waits, printing the external id of each row."""

import asyncio
import sys
from datetime import UTC, datetime

from bot.store.engine import Database


async def work(url: str) -> None:
    database = await Database.open(url)
    handling = True
    while handling:
        async with database.transaction() as tx:
            row = await tx.inbox.claim(datetime.now(UTC), ["web"])
            handling = row is not None
            if row is not None:
                print(row.external_id, flush=True)
                await tx.inbox.handled(row.id, datetime.now(UTC))
    await database.close()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1]))

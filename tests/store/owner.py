"""Another bot process, for tests: opens the data directory, migrates, stores one event, waits for its end."""

import asyncio
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.errors import StartError
from bot.store.embedded import embedded_postgres
from bot.store.engine import Database
from bot.store.inbox import NewIncoming


async def own(data_dir: Path, external_id: str) -> None:
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with embedded_postgres(data_dir) as url:
        database = await Database.open(url)
        await database.migrate()
        async with database.transaction() as tx:
            await tx.inbox.store("web", [NewIncoming(external_id, {}, datetime.now(UTC))])
        print("ready", flush=True)
        await ended.wait()
        await database.close()


if __name__ == "__main__":
    try:
        asyncio.run(own(Path(sys.argv[1]), sys.argv[2]))
    except StartError as error:
        sys.exit(str(error))

"""How long what people write is kept; the clock deletes what is older."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.store.engine import Database

SECONDS = 3600.0
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeptFor:
    """`messages`: what was answered. `strangers`: people who never agreed to anything, since they last wrote."""

    messages: timedelta
    strangers: timedelta


@dataclass(frozen=True, slots=True)
class RetentionTicks:
    database: Database
    kept: KeptFor

    async def purge(self, now: datetime) -> None:
        """Delete in small transactions until nothing is old; any number of processes may do it."""
        counts = dict.fromkeys(("messages", "replies", "files", "strangers"), 0)
        while True:
            async with self.database.transaction() as tx:
                deleted = {
                    "messages": await tx.retention.purge_incoming(now - self.kept.messages),
                    "replies": await tx.retention.purge_replies(now - self.kept.messages),
                    "files": await tx.retention.purge_files(now),
                    "strangers": await tx.retention.purge_strangers(now - self.kept.strangers),
                }
            if not any(deleted.values()):
                break
            counts = {name: counts[name] + number for name, number in deleted.items()}
        if any(counts.values()):
            logger.info("deleted by age: %s", ", ".join(f"{n} {name}" for name, n in counts.items() if n))

"""Files sent from the web chat: who may send them, and where they are kept."""

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.actions.announcement_port import COORDINATORS
from bot.store.engine import Database

CHANNEL = "web"


@dataclass(frozen=True, slots=True)
class StoredUploads:
    """`bot.web.ports.KeepsFiles` over the database: coordinators attach files to announcements."""

    database: Database

    async def may_send(self, session: str) -> bool:
        async with self.database.transaction() as tx:
            person = await tx.people.find(CHANNEL, session)
        return person is not None and person.role in COORDINATORS

    async def keep_file(self, name: str, media_type: str, content: bytes) -> str:
        async with self.database.transaction() as tx:
            kept = await tx.files.add(name, media_type, content, datetime.now(UTC))
        return kept.key

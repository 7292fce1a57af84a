"""Files that go with messages: their bytes, and what each platform calls its copy."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from bot.messages import Attachment
from bot.store.base import Base


class FileRow(Base):
    """`key` is random and secret: whoever knows it may read the file. `content` is None until it is needed."""

    __tablename__ = "file"

    key: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    media_type: Mapped[str]
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class FileCopyRow(Base):
    """A platform's own id of a file; ids belong to one bot on one platform."""

    __tablename__ = "file_copy"

    file_key: Mapped[str] = mapped_column(ForeignKey("file.key", ondelete="CASCADE"), primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    platform_id: Mapped[str]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """`copies`: (channel, platform id) of every platform that has it."""

    attachment: Attachment
    content: bytes | None
    copies: tuple[tuple[str, str], ...]


class FileShelf:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(
        self,
        name: str,
        media_type: str,
        content: bytes | None,
        now: datetime,
        expires_at: datetime | None = None,
    ) -> Attachment:
        """Keep a file, until `expires_at` if given; without content it must be remembered where a copy is."""
        key = secrets.token_urlsafe(18)
        await self._session.execute(
            insert(FileRow).values(
                key=key,
                name=name,
                media_type=media_type,
                content=content,
                created_at=now,
                expires_at=expires_at,
            )
        )
        return Attachment(key, name, media_type)

    async def get(self, key: str) -> StoredFile | None:
        row = await self._session.get(FileRow, key)
        if row is None:
            return None
        copies = await self._session.execute(
            select(FileCopyRow.channel, FileCopyRow.platform_id).where(FileCopyRow.file_key == key)
        )
        return StoredFile(
            Attachment(row.key, row.name, row.media_type),
            row.content,
            tuple((copy.channel, copy.platform_id) for copy in copies),
        )

    async def fill(self, key: str, content: bytes) -> None:
        row = await self._session.get(FileRow, key)
        if row is not None:
            row.content = content

    async def remember(self, key: str, channel: str, platform_id: str) -> None:
        new = insert(FileCopyRow).values(file_key=key, channel=channel, platform_id=platform_id)
        await self._session.execute(
            new.on_conflict_do_update(
                index_elements=[FileCopyRow.file_key, FileCopyRow.channel],
                set_={"platform_id": new.excluded.platform_id},
            )
        )

"""Every version of the language model: its bytes, its figures, and which one is in use."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from bot.store.bell_names import MODEL
from bot.store.model_tables import ModelRow, ModelState


@dataclass(frozen=True, slots=True)
class Made:
    """What a version is made of; see `ModelRow`. `examples` None: nobody counted."""

    code: str
    base: str
    made_from: str
    made_at: datetime
    learned: int = 0
    examples: int | None = None
    judged: str | None = None
    figures: Mapping[str, Mapping[str, int]] | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A version as remembered, without its bytes; `kept`: they are still there. `worse`: as `bot.figures` wrote it."""

    number: int
    made: Made
    state: ModelState
    worse: Sequence[Any]
    sha256: str
    size: int
    kept: bool
    used_at: datetime | None = None


class Models:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, made: Made, content: bytes, worse: Sequence[Any] = ()) -> int | None:
        """Keep a version aside; gives its number, None when one was made from the same before."""
        values = {name: getattr(made, name) for name in Made.__slots__}
        return await self._session.scalar(
            insert(ModelRow)
            .values(
                **values,
                state=ModelState.ASIDE,
                worse=list(worse),
                sha256=hashlib.sha256(content).hexdigest(),
                size=len(content),
                content=content,
            )
            .on_conflict_do_nothing()
            .returning(ModelRow.id)
        )

    async def use(self, number: int, now: datetime, leaving: ModelState = ModelState.REPLACED) -> None:
        """From the commit on, every process that reads models of this code uses this one."""
        code = select(ModelRow.code).where(ModelRow.id == number).scalar_subquery()
        await self._session.execute(
            update(ModelRow)
            .where(ModelRow.code == code, ModelRow.state == ModelState.IN_USE, ModelRow.id != number)
            .values(state=leaving)
        )
        await self._session.execute(
            update(ModelRow).where(ModelRow.id == number).values(state=ModelState.IN_USE, used_at=now)
        )
        await self._session.execute(select(func.pg_notify(MODEL, "")))

    async def in_use(self, code: str) -> Version | None:
        return await self._one(ModelRow.code == code, ModelRow.state == ModelState.IN_USE)

    async def get(self, number: int) -> Version | None:
        return await self._one(ModelRow.id == number)

    async def made_before(self, code: str, made_from: str) -> Version | None:
        return await self._one(ModelRow.code == code, ModelRow.made_from == made_from)

    async def of_base(self, code: str, base: str) -> bool:
        """Whether any version of this code was made from these examples of ours."""
        return await self._one(ModelRow.code == code, ModelRow.base == base) is not None

    async def earlier(self, code: str) -> Version | None:
        """The one used before the one in use, as far as it is still kept."""
        return await self._one(
            ModelRow.code == code,
            ModelRow.state == ModelState.REPLACED,
            ModelRow.content.is_not(None),
            order=(ModelRow.used_at.desc(),),
        )

    async def first_judged(self, code: str, judged: str) -> Version | None:
        """The first version in use that this test set judged."""
        return await self._one(
            ModelRow.code == code, ModelRow.judged == judged, ModelRow.state != ModelState.ASIDE
        )

    async def learnt_elsewhere(self, code: str) -> bool:
        """Whether another code's model in use had learnt from use."""
        elsewhere = (ModelRow.code != code, ModelRow.state == ModelState.IN_USE, ModelRow.learned > 0)
        return await self._one(*elsewhere) is not None

    async def latest(self, limit: int) -> Sequence[Version]:
        rows = await self._session.execute(_versions().order_by(ModelRow.id.desc()).limit(limit))
        return [_version(row.ModelRow, row.kept) for row in rows]

    async def content(self, number: int) -> bytes | None:
        return await self._session.scalar(select(ModelRow.content).where(ModelRow.id == number))

    async def judge(self, number: int, judged: str, figures: Mapping[str, Any]) -> None:
        found = update(ModelRow).where(ModelRow.id == number)
        await self._session.execute(found.values(judged=judged, figures=dict(figures)))

    async def forget_old(self, keep: int) -> None:
        """Only the newest `keep`, and those in use, can be gone back to; records stay."""
        newest = select(ModelRow.id).where(ModelRow.content.is_not(None)).order_by(ModelRow.id.desc())
        await self._session.execute(
            update(ModelRow)
            .where(ModelRow.state != ModelState.IN_USE, ModelRow.id.not_in(newest.limit(keep)))
            .values(content=None)
        )

    async def _one(self, *conditions: Any, order: Sequence[Any] = (ModelRow.id,)) -> Version | None:
        found = _versions().where(*conditions).order_by(*order).limit(1)
        row = (await self._session.execute(found)).first()
        return None if row is None else _version(row.ModelRow, row.kept)


def _versions() -> Any:
    """Without the megabytes."""
    kept = ModelRow.content.is_not(None).label("kept")
    return select(ModelRow, kept).options(defer(ModelRow.content, raiseload=True))


def _version(row: ModelRow, kept: bool) -> Version:
    made = Made(**{name: getattr(row, name) for name in Made.__slots__})
    return Version(row.id, made, ModelState(row.state), row.worse, row.sha256, row.size, kept, row.used_at)

"""Which version of the language model this process answers with: at the start, and whenever another is chosen."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol

from bot.interpreters import OwnInterpreter
from bot.model_shelf import ModelShelf
from bot.store.engine import Database, DatabaseAway
from bot.store.models import Made, Version
from bot.workshop import Workshop
from nlu.interpreter import BadModel, Interpreter

KEPT = 5
"""Versions that can be gone back to; 3 MB each."""
LOOK_SECONDS = 60.0
"""How long a version chosen elsewhere may go unnoticed when its notification is lost."""

logger = logging.getLogger(__name__)


class Alarm(Protocol):
    async def wait(self, name: str, seconds: float) -> bool: ...


class CurrentModel:
    """Several processes on one database each have one; all use what the database says is in use."""

    def __init__(self, database: Database, workshop: Workshop, clock: Callable[[], datetime]) -> None:
        self.number: int | None = None
        """The version in memory; None for a spare one that no version is."""
        self._database = database
        self._workshop = workshop
        self._clock = clock
        self._shelf = ModelShelf(workshop.folder)
        self._own: OwnInterpreter | None = None
        self._complained_of: int | None = None

    async def begin(self) -> OwnInterpreter:
        """The version in use; where there is none for this code, that of our examples, trained if need be.

        Raises StartError, DatabaseAway.
        """
        version = await self._in_use() or await self._first()
        interpreter = await self._read(version)
        self.number = version.number if interpreter else None
        self._own = OwnInterpreter(interpreter or await self._spare())
        return self._own

    async def follow(self, alarm: Alarm) -> None:
        """Change over whenever another version is chosen, until cancelled."""
        while True:
            await alarm.wait("model", LOOK_SECONDS)
            try:
                await self.refresh()
            except DatabaseAway as away:
                logger.warning("another model, if there is one, waits: %s", away)

    async def refresh(self) -> bool:
        """Whether another version answers from now on."""
        version = await self._in_use()
        if version is None or version.number == self.number:
            return False
        interpreter = await self._read(version)
        if interpreter is None or self._own is None:
            return False
        self._own.take(interpreter)
        self.number = version.number
        logger.info("model version %d answers from now on", version.number)
        return True

    async def _in_use(self) -> Version | None:
        async with self._database.transaction() as tx:
            return await tx.models.in_use(self._workshop.code)

    async def _first(self) -> Version:
        await self._workshop.ensure_first()
        content = await asyncio.to_thread(self._workshop.first.read_bytes)
        base, now = await asyncio.to_thread(self._workshop.base), self._clock()
        made = Made(self._workshop.code, base, base, now)
        async with self._database.transaction() as tx:
            # One process adds it; another that starts at the same moment finds it.
            number = await tx.models.add(made, content)
            if number is not None:
                await tx.models.use(number, now)
            version = await tx.models.made_before(made.code, base)
        assert version is not None, base
        return version

    async def _read(self, version: Version) -> Interpreter | None:
        """None, and one line in the log, when the version cannot be used (now)."""
        try:
            path = await asyncio.to_thread(self._shelf.get, version) or await self._fetched(version)
            interpreter = await asyncio.to_thread(Interpreter.load, path, self._workshop.data)
        except (BadModel, OSError) as error:
            if version.number != self._complained_of:
                logger.error(
                    "model version %d cannot be used, the one before stays: %s", version.number, error
                )
            self._complained_of = version.number
            return None
        await self._tidy()
        return interpreter

    async def _fetched(self, version: Version) -> Path:
        async with self._database.transaction() as tx:
            content = await tx.models.content(version.number)
        return await asyncio.to_thread(self._shelf.put, version, content or b"")

    async def _tidy(self) -> None:
        async with self._database.transaction() as tx:
            versions = await tx.models.latest(4 * KEPT)
        await asyncio.to_thread(self._shelf.keep_only, [v for v in versions if v.kept])

    async def _spare(self) -> Interpreter:
        """The model of our own examples, made anew if its file is damaged too."""
        await self._workshop.ensure_first()
        try:
            return await asyncio.to_thread(Interpreter.load, self._workshop.first, self._workshop.data)
        except BadModel:
            self._workshop.first.unlink()
            await self._workshop.ensure_first()
            return await asyncio.to_thread(Interpreter.load, self._workshop.first, self._workshop.data)

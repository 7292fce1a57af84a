"""Tells the interpreter the names of organisations and trainings: at the start, and when any process changes one.

Triggers on both tables notify `names`, whoever writes them; a look every five minutes makes up for a lost one.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from bot.store.engine import Database, DatabaseAway
from nlu.namebook import Known

LOOK_SECONDS = 300.0
REST_SECONDS = 1.0
"""Between two readings, so that an import of a thousand rows is read once or twice."""
REMEMBERED = timedelta(days=30)
"""How long people still name a training that is over."""

logger = logging.getLogger(__name__)


class Alarm(Protocol):
    async def wait(self, name: str, seconds: float) -> bool: ...


class Learns(Protocol):
    def know(self, known: Sequence[Known]) -> None:
        """From now on these names are found, and no others; called in a thread of its own."""


class NamesTold:
    """Keeps one interpreter's names as the database has them."""

    def __init__(self, database: Database, learner: Learns, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._learner = learner
        self._clock = clock

    async def refresh(self) -> None:
        """Raises DatabaseAway."""
        async with self._database.transaction() as tx:
            organisations = await tx.names.organisations()
            trainings = await tx.names.trainings(self._clock() - REMEMBERED)
        known = [Known("organisation", str(o.id), (o.name,), o.acronym) for o in organisations]
        known += [Known("training", str(t.id), tuple(t.titles.values())) for t in trainings]
        await asyncio.to_thread(self._learner.know, known)

    async def follow(self, alarm: Alarm) -> None:
        """Refresh whenever names change, until cancelled."""
        while True:
            await alarm.wait("names", LOOK_SECONDS)
            try:
                await self.refresh()
            except DatabaseAway as away:
                logger.warning("new names, if there are any, wait: %s", away)
            await asyncio.sleep(REST_SECONDS)

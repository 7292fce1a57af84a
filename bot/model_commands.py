"""The commands of the operator on the language model: write what was learnt, learn now, list versions, go back."""

import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.current_model import CurrentModel
from bot.domain import Domain
from bot.errors import StartError
from bot.learning import WORK, Learning, agreed
from bot.settings import Settings
from bot.store.alone import alone
from bot.store.engine import Database
from bot.versions import LISTED, Rollback, lesson_lines, roll_back, version_lines
from bot.workshop import CannotLearn, Workshop, write_learned


@dataclass(frozen=True, slots=True)
class ModelCommands:
    """On a database that a running bot may use too; each gives the exit status and raises StartError."""

    database: Database
    domain: Domain
    workshop: Workshop
    settings: Settings

    async def examples(self) -> int:
        """Write what coordinators agreed upon to `learned/reviewed.yml` of the data folder."""
        path = Path(self.settings.data_dir / "learned" / "reviewed.yml")
        async with self.database.transaction() as tx:
            learned = await agreed(tx, self.domain)
        write_learned(path, learned)
        print(path)
        return 0

    async def retrain(self) -> int:
        """A new model now, judged as every night's."""
        await CurrentModel(self.database, self.workshop, _now).begin()
        async with AsyncExitStack() as stack:
            if not await stack.enter_async_context(alone(self.database, WORK)):
                raise StartError(
                    "another process is learning right now: `python -m bot models` shows the end of it"
                )
            print("Learning from what coordinators agreed upon: about a minute…", file=sys.stderr, flush=True)
            learning = Learning(self.database, self.domain, self.workshop, self.settings.zone)
            try:
                lesson = await learning.learn(_now())
            except CannotLearn as error:
                raise StartError(f"no new model: {error}") from None
        print("\n".join(lesson_lines(lesson)))
        return 0

    async def versions(self, back: Rollback | None) -> int:
        """The latest versions, newest first, after a rollback if one is wanted."""
        if back is not None:
            await roll_back(self.database, self.workshop, back, _now())
        async with self.database.transaction() as tx:
            print("\n".join(version_lines(await tx.models.latest(LISTED), self.workshop.code)))
        return 0


def _now() -> datetime:
    return datetime.now(UTC)

"""How the bot learns from use: a new model from what coordinators agreed, used only when it is not worse."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.actions.review_port import Beside
from bot.current_model import KEPT
from bot.domain import Domain
from bot.figures import Figures, Worse, as_json, worse_than_any
from bot.learning_notices import LearningNotices
from bot.store.alone import alone
from bot.store.audit import Act
from bot.store.engine import Database, Transaction
from bot.store.model_orders import ASKED, Order
from bot.store.models import Made, Version
from bot.workshop import CannotLearn, Draft, Learned, Workshop

WORK = "language model"
NIGHT_HOUR = 2
"""From this hour on, once a day; a machine that was off then learns when it is on again."""
MOST_TRIES = 3
SEEDS = (7, 8, 9)
"""Models made from the same with other seeds differ by chance; the first that is not worse is used."""

logger = logging.getLogger(__name__)


class Outcome(StrEnum):
    USED = "used"
    ASIDE = "aside"
    NOTHING_NEW = "nothing_new"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What became of one attempt. `number`: the version made, or the one made of the same before."""

    outcome: Outcome
    number: int
    fresh: int = 0
    before: Figures | None = None
    after: Figures | None = None
    worse: tuple[Worse, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """A model that was made, and how it compares."""

    model: Path
    seed_examples: int
    figures: Figures
    worse: tuple[Worse, ...]


@dataclass(frozen=True, slots=True)
class Learning:
    """Any number of these may tick on one database: one at a time works, by a lock that ends with its holder."""

    database: Database
    domain: Domain
    workshop: Workshop
    zone: ZoneInfo
    seeds: tuple[int, ...] = SEEDS

    async def tick(self, now: datetime) -> None:
        """Order what is due, then carry out one order. Raises DatabaseAway."""
        night = f"night:{now.astimezone(self.zone):%Y-%m-%d}"
        changed = f"data:{self.workshop.code[:16]}:{self.workshop.begun_with[:16]}"
        async with self.database.transaction() as tx:
            await self._order_due(tx, night, changed, now)
            waiting = await tx.model_orders.waiting((ASKED, night, changed))
        if waiting is None:
            return
        async with alone(self.database, WORK) as mine:
            if mine:
                await self._carry_out((ASKED, night, changed), now)

    async def _order_due(self, tx: Transaction, night: str, changed: str, now: datetime) -> None:
        in_use = await tx.models.in_use(self.workshop.code)
        if in_use is None:
            return  # no bot with this code has begun yet
        if now.astimezone(self.zone).hour >= NIGHT_HOUR and not await tx.model_orders.known(night):
            await tx.model_orders.add(night, now)
        if await tx.model_orders.known(changed):
            return
        other_data = not await tx.models.of_base(self.workshop.code, self.workshop.begun_with)
        if other_data or (in_use.made.learned == 0 and await tx.models.learnt_elsewhere(in_use.made.code)):
            await tx.model_orders.add(changed, now)

    async def _carry_out(self, marks: Sequence[str], now: datetime) -> None:
        async with self.database.transaction() as tx:
            order = await tx.model_orders.waiting(marks)  # another process may have done it meanwhile
            if order is None:
                return
            await tx.model_orders.begin(order.id)
        try:
            if order.tries >= MOST_TRIES:
                raise CannotLearn(f"given up after {MOST_TRIES} attempts that ended the bot itself")
            lesson = await self.learn(now)
        except asyncio.CancelledError:
            async with self.database.transaction() as tx:
                await tx.model_orders.put_back(order.id)
            raise
        except Overtaken:
            return
        except CannotLearn as error:
            await self._failed(order, str(error), now)
            return
        logger.info("model version %d: %s", lesson.number, lesson.outcome)
        async with self.database.transaction() as tx:
            await tx.model_orders.end(order.id, lesson.outcome, now)
            if lesson.outcome is Outcome.NOTHING_NEW and order.mark == ASKED:
                await self._notices.nothing_new(tx, order.id, order.asked_by, now)

    async def _failed(self, order: Order, reason: str, now: datetime) -> None:
        """An order that was asked for is answered; what fails every night alike is told once."""
        logger.error("no new model: %s", reason)
        async with self.database.transaction() as tx:
            await tx.model_orders.end(order.id, f"failed: {reason}", now)
            attempt = str(order.id) if order.mark == ASKED else reason[:200]
            await self._notices.failed(tx, attempt, reason, now)

    async def learn(self, now: datetime) -> Lesson:
        """One attempt; to be called alone on the database. Raises CannotLearn, DatabaseAway."""
        code = self.workshop.code
        async with self.database.transaction() as tx:
            learned = await agreed(tx, self.domain)
            in_use = await tx.models.in_use(code)
        if in_use is None:
            raise CannotLearn("no model is in use yet: start the bot first")
        with self.workshop.draft(learned) as draft:
            judged = draft.judged_by()
            async with self.database.transaction() as tx:
                same = await tx.models.made_before(code, draft.made_from)
                content = await tx.models.content(in_use.number)
                first = await tx.models.first_judged(code, judged)
            if same is not None:
                return Lesson(Outcome.NOTHING_NEW, same.number)
            old = draft.put("in-use.npz", content or b"")
            before, trial = await self._tried(draft, old, first.made.figures if first else None)
            made = Made(
                *(code, draft.base, draft.made_from, now, len(learned)),
                *(trial.seed_examples, judged, trial.figures),
            )
            return await self._conclude(in_use, before, made, trial)

    async def _tried(self, draft: Draft, old: Path, floor: Figures | None) -> tuple[Figures, Trial]:
        """What is in use does on the test set, and the best of what was made. `floor`: of the first model."""
        trials: list[Trial] = []
        for seed in self.seeds:
            model, examples = await draft.train(seed)
            before, after = await draft.judge(old, model)
            trials.append(Trial(model, examples, after, worse_than_any((before, floor or before), after)))
            if not trials[-1].worse:
                break
        return before, min(trials, key=lambda trial: len(trial.worse))

    async def _conclude(self, in_use: Version, before: Figures, made: Made, trial: Trial) -> Lesson:
        now, judged = made.made_at, made.judged
        assert judged is not None
        fresh = made.learned - in_use.made.learned
        async with self.database.transaction() as tx:
            still = await tx.models.in_use(made.code)
            if still is None or still.number != in_use.number:
                raise Overtaken("another version came into use meanwhile: try again")
            await tx.models.judge(in_use.number, judged, before)
            number = await tx.models.add(made, trial.model.read_bytes(), as_json(trial.worse))
            assert number is not None, made.made_from
            outcome = Outcome.ASIDE if trial.worse else Outcome.USED
            if trial.worse:
                await self._notices.aside(tx, number, trial.worse, now)
            else:
                await tx.models.use(number, now)
                await self._notices.used(tx, number, fresh, now)
            await tx.audit.add(
                Act(f"model.{outcome}", f"model:{number}", None, {"learned": made.learned}, now)
            )
            await tx.models.forget_old(KEPT)
        return Lesson(outcome, number, fresh, before, made.figures, trial.worse)

    @property
    def _notices(self) -> LearningNotices:
        return LearningNotices(self.domain)


class Overtaken(CannotLearn):
    """What the new model was compared with is no longer in use."""


async def agreed(tx: Transaction, domain: Domain) -> list[Learned]:
    """What coordinators agreed that messages mean, oldest first; only meanings the bot still knows."""
    return [
        Learned(review.text, review.decision, review.language)
        for review in await tx.reviews.decided()
        if review.decision in domain.intents and review.decision not in set(Beside)
    ]

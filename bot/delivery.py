"""The only sender: takes due rows of the outbox to their channels and records what became of each."""

import asyncio
import logging
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.channels.port import Channel
from bot.errors import Moved, Refused, TryLater, Unknown, Unreachable
from bot.messages import Kind
from bot.store.engine import Database, DatabaseAway, Transaction
from bot.store.outbox import ClaimedDelivery, Settled, Step

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Policy:
    """Figures of delivery; times in seconds.

    `attempts` tries of a row, with pauses from `first_pause` doubling up to `longest_pause`, last 3.5 hours.
    While a whole channel is down nothing is given up before `patience`, and each row tries again at least
    every `steady_pause`. A row in sending for longer than `lease` has lost its sender.
    """

    at_once: int = 50
    send: float = 60.0
    lease: float = 150.0
    attempts: int = 12
    first_pause: float = 5.0
    longest_pause: float = 3600.0
    steady_pause: float = 120.0
    patience: float = 48 * 3600.0
    poll: float = 1.0
    farewell: float = 10.0


class Alarm(Protocol):
    """What wakes the sender: `bot.store.bell.Bell`, or a fake. `alone`: no other sender lives."""

    @property
    def alone(self) -> bool: ...

    async def wait(self, name: str, seconds: float) -> bool: ...


class Watcher(Protocol):
    """Told of every outcome, for the metrics; `seconds` since the row was due."""

    def delivered(self, channel: str, kind: Kind, step: Step, seconds: float) -> None: ...


class Delivery:
    """Any number of these may work on one database, in one process or many."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        alarm: Alarm,
        clock: Clock,
        *,
        policy: Policy | None = None,
        watcher: Watcher | None = None,
    ) -> None:
        self._database = database
        self._channels = channels
        self._alarm = alarm
        self._clock = clock
        self._policy = policy or Policy()
        self._watcher = watcher
        self._flying: dict[asyncio.Task[str], ClaimedDelivery] = {}
        self._landed: dict[asyncio.Task[str], ClaimedDelivery] = {}
        self._paused: dict[str, datetime] = {}
        self._next_resume: datetime | None = None

    async def run(self) -> None:
        """Deliver until cancelled; then finish and record what is in flight, the rest stays waiting."""
        failures = 0
        try:
            while True:
                try:
                    await self._turnover(self._policy.at_once)
                    failures = 0
                    await self._wait()
                except DatabaseAway as away:
                    if not failures:
                        logger.warning("delivery waits: %s", away)
                    failures += 1
                    await asyncio.sleep(min(0.2 * 2**failures, 5.0))
                except Exception:
                    logger.exception("a tick of delivery failed")
                    await asyncio.sleep(1.0)
        finally:
            await self._finish()

    async def deliver_due(self) -> int:
        """One tick: send what is due, one message a chat at most, and record it; gives how many."""
        claimed = await self._turnover(self._policy.at_once)
        if self._flying:
            await asyncio.wait(self._flying)
        await self._turnover(0)
        return claimed

    async def _turnover(self, at_once: int) -> int:
        """Record what has landed and take off until `at_once` rows fly, in one transaction."""
        self._landed |= {task: self._flying.pop(task) for task in list(self._flying) if task.done()}
        landed, room = self._landed, at_once - len(self._flying)
        now = self._clock()
        resuming = self._next_resume is None or now >= self._next_resume
        async with self._database.transaction() as tx:
            outcomes = [await self._outcome(tx, task, row, now) for task, row in landed.items()]
            await tx.outbox.settle(outcomes, now)
            if resuming:
                await self._resume(tx, now)
            rows = await tx.outbox.claim(self._open_channels(now), now, room) if room > 0 else []
        for row, outcome in zip(landed.values(), outcomes, strict=True):
            self._tell(row, outcome, now)
        self._landed = {}
        if resuming:
            self._next_resume = now + timedelta(seconds=self._policy.lease / 5)
        for row in rows:
            self._flying[asyncio.create_task(self._send(row), name=f"delivery {row.id}")] = row
        return len(rows)

    async def _send(self, row: ClaimedDelivery) -> str:
        async with asyncio.timeout(self._policy.send):
            return await self._channels[row.message.address.channel].send(row.message)

    async def _outcome(
        self, tx: Transaction, task: asyncio.Task[str], row: ClaimedDelivery, now: datetime
    ) -> Settled:
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if error is None:
            return Settled(row.id, Step.SENT, platform_id=task.result())
        await self._follow_up(tx, row, error, now)
        return reaction(row, error, now, self._policy)

    async def _follow_up(
        self, tx: Transaction, row: ClaimedDelivery, error: BaseException, now: datetime
    ) -> None:
        """What a failure means beyond its row."""
        address = row.message.address
        if isinstance(error, TryLater) and error.whole_channel:
            self._paused[address.channel] = now + timedelta(seconds=error.after)
        elif isinstance(error, Unreachable):
            await tx.people.mark_reachable(address.channel, address.chat_id, False, now)
            await tx.groups.left(address.channel, address.chat_id)
            await tx.outbox.give_up_chat(address, str(error))
        elif isinstance(error, Moved):
            for chats in (tx.conversations, tx.groups, tx.outbox):
                await chats.rename_chat(address.channel, address.chat_id, error.new_chat_id)

    async def _resume(self, tx: Transaction, now: datetime) -> None:
        """Rows left in sending by a crash: at the start those of everybody if nobody else lives."""
        lease = timedelta(seconds=self._policy.lease)
        everything = self._next_resume is None and self._alarm.alone and not self._flying
        resumed = await tx.outbox.resume(now + lease if everything else now - lease, now)
        if resumed:
            logger.warning("%d messages had lost their sender", resumed)

    def _open_channels(self, now: datetime) -> list[str]:
        return [name for name in self._channels if self._paused.get(name, now) <= now]

    async def _wait(self) -> None:
        """Until a message lands, or there is room and the bell rings, or a row may have become due."""
        bell = asyncio.create_task(self._alarm.wait("outbox", self._policy.poll))
        try:
            await asyncio.wait(
                {*self._flying, bell}, timeout=self._policy.poll, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            bell.cancel()

    async def _finish(self) -> None:
        if self._flying:
            _, late = await asyncio.wait(self._flying, timeout=self._policy.farewell)
            for task in late:
                task.cancel()
            await asyncio.wait(self._flying)
        try:
            await self._turnover(0)
        except DatabaseAway as away:
            logger.error("%d sent messages are not recorded: %s", len(self._landed), away)

    def _tell(self, row: ClaimedDelivery, outcome: Settled, now: datetime) -> None:
        address, kind = row.message.address, row.message.kind
        if outcome.step is not Step.SENT:
            logger.info("delivery %d on %s: %s", row.id, address.channel, outcome.step)
        if self._watcher is not None:
            self._watcher.delivered(address.channel, kind, outcome.step, (now - row.due_at).total_seconds())


def reaction(row: ClaimedDelivery, error: BaseException, now: datetime, policy: Policy) -> Settled:
    """What becomes of a row that could not be sent; anything unforeseen may have been sent: a doubt."""
    soon = now + timedelta(seconds=policy.first_pause)
    match error:
        case TryLater():
            return _later(row, error, now, policy)
        case Unreachable():
            return Settled(row.id, Step.UNREACHABLE, error=str(error))
        case Moved() if row.attempts < policy.attempts:
            return Settled(row.id, Step.RETRY, due_at=now, error=str(error))
        case Moved() | Refused():
            return Settled(row.id, Step.FAILED, error=str(error))
        case Unknown() | TimeoutError() | asyncio.CancelledError():
            logger.info("delivery %d may have arrived: %s", row.id, type(error).__name__)
        case _:
            # Where, never what: the text of a foreign exception may hold the message or the token.
            frames = traceback.extract_tb(error.__traceback__)
            where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "nowhere"
            logger.error("delivery %d met a defect: %s at %s", row.id, type(error).__name__, where)
    return Settled(row.id, Step.DOUBT, due_at=soon, error=type(error).__name__)


def _later(row: ClaimedDelivery, error: TryLater, now: datetime, policy: Policy) -> Settled:
    tried_for = (now - row.first_claimed_at).total_seconds()
    if error.throttled:
        pause, burnt, over = error.after, False, False
    elif error.whole_channel:
        pause = max(error.after, min(tried_for / 10, policy.steady_pause))
        burnt, over = False, tried_for > policy.patience
    else:
        growing = min(policy.first_pause * 2.0 ** min(row.attempts, 20), policy.longest_pause)
        pause, burnt, over = max(error.after, growing), True, row.attempts + 1 >= policy.attempts
    if over:
        return Settled(row.id, Step.FAILED, error=f"given up: {error}")
    return Settled(row.id, Step.RETRY, due_at=now + timedelta(seconds=pause), error=str(error), burnt=burnt)

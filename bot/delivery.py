"""The only sender: takes due rows of the outbox to their channels and records what became of each."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.channels.port import Channel
from bot.delivery_reactions import Policy, follow_up, reaction
from bot.errors import TryLater
from bot.messages import Address, Kind
from bot.pace import Pace, Slot
from bot.quiet import Hours, QuietHours
from bot.store.engine import Database, DatabaseAway, Transaction
from bot.store.outbox import ClaimedDelivery, Settled, Step
from bot.store.outbox_rows import Taken
from bot.store.seats import Seat
from bot.store.tables import OutboxState
from bot.windows import Gate

__all__ = ["Delivery", "Policy", "Surroundings"]

logger = logging.getLogger(__name__)

Clock = Callable[[], datetime]


class Alarm(Protocol):
    """What wakes the sender: `bot.store.bell.Bell`, or a fake. `alone`: no other sender lives."""

    @property
    def alone(self) -> bool: ...

    async def wait(self, name: str, seconds: float) -> bool: ...


class Watcher(Protocol):
    """Told of every outcome, for the metrics; `seconds` since the row was due."""

    def delivered(self, channel: str, kind: Kind, step: Step, seconds: float) -> None: ...

    def looping(self, channel: str) -> None: ...


class HasSeats(Protocol):
    def of(self, channel: str) -> Seat | None:
        """None for a channel that every process may serve."""


class NoSeats:
    def of(self, channel: str) -> Seat | None:
        return None


async def _nobody_told(tx: Transaction, address: Address, now: datetime) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What delivery heeds besides its rows; `steady` gives seconds that never jump.

    `tell_of_loop` lets coordinators know, in the same transaction, that a chat got the same text too often.
    """

    policy: Policy = field(default_factory=Policy)
    quiet: QuietHours = field(default_factory=lambda: QuietHours(ZoneInfo("UTC")))
    seats: HasSeats = field(default_factory=NoSeats)
    watcher: Watcher | None = None
    steady: Callable[[], float] = time.monotonic
    tell_of_loop: Callable[[Transaction, Address, datetime], Awaitable[None]] = _nobody_told


@dataclass(frozen=True, slots=True)
class Flight:
    row: ClaimedDelivery
    slot: Slot


class Delivery:
    """Any number of these may work on one database; of those with seats, one a channel does."""

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        alarm: Alarm,
        clock: Clock,
        around: Surroundings | None = None,
    ) -> None:
        self._database = database
        self._channels = channels
        self._alarm = alarm
        self._clock = clock
        self._around = around or Surroundings()
        self._policy = self._around.policy
        self._paces = {c.name: Pace(c.traits.limits, self._around.steady) for c in channels.values()}
        self._gates = {c.name: gate for c in channels.values() if (gate := _gate(c))}
        self._flying: dict[asyncio.Task[str], Flight] = {}
        self._landed: dict[asyncio.Task[str], Flight] = {}
        self._seated: dict[str, int] = {}
        self._next_resume: datetime | None = None
        self._hungry = False

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
        sent = await self._turnover(self._policy.at_once)
        if self._flying:
            await asyncio.wait(self._flying)
        await self._turnover(0)
        return sent

    async def _turnover(self, at_once: int) -> int:
        """Record what has landed and take off until `at_once` rows fly a channel, in one transaction."""
        self._landed |= {task: self._flying.pop(task) for task in list(self._flying) if task.done()}
        landed, now = self._landed, self._clock()
        resuming = self._next_resume is None or now >= self._next_resume
        seated: dict[str, int] = {}
        starting: list[Flight] = []
        self._hungry = False
        async with self._database.transaction() as tx:
            outcomes = [await self._outcome(tx, task, flight, now) for task, flight in landed.items()]
            await tx.outbox.settle(outcomes, now)
            if resuming:
                await self._resume(tx, now)
            for name in self._channels if at_once else ():
                if await self._sit_down(tx, name, seated, now):
                    starting += await self._take(tx, name, at_once, now)
        for flight, outcome in zip(landed.values(), outcomes, strict=True):
            self._tell(flight.row, outcome, now)
        self._landed = {}
        self._seated |= seated
        if resuming:
            self._next_resume = now + timedelta(seconds=self._policy.lease / 5)
        for flight in starting:
            name = f"delivery {flight.row.id}"
            self._flying[asyncio.create_task(self._send(flight), name=name)] = flight
        return len(starting)

    async def _sit_down(self, tx: Transaction, name: str, seated: dict[str, int], now: datetime) -> bool:
        """Whether this process serves the channel. One that newly does takes up what is half done there."""
        seat = self._around.seats.of(name)
        if seat is not None and not seat.held:
            return False
        number = seat.times_taken if seat else 1
        if self._seated.get(name) == number:
            return True
        for chat_id, until in (await tx.pauses.of(name, now)).items():
            self._paces[name].freeze((until - now).total_seconds(), chat_id)
        if seat is not None:
            flying = [flight.row.id for flight in self._flying.values()]
            forever = now + timedelta(days=36500)
            resumed = await tx.outbox.resume(forever, now, name, flying)
            if resumed:
                logger.warning("%d messages of %s had lost their sender", resumed, name)
        seated[name] = number
        return True

    async def _take(self, tx: Transaction, name: str, at_once: int, now: datetime) -> list[Flight]:
        pace = self._paces[name]
        free = at_once - sum(f.row.message.address.channel == name for f in self._flying.values())
        room = pace.room()
        replies, bulk = min(free, room.replies), min(free, room.bulk)
        # A moment later there may be room, unless the platform has ordered silence or all hands are full.
        self._hungry = self._hungry or (free > 0 and bulk <= 0 and not pace.frozen_for())
        if replies <= 0 and bulk <= 0:
            return []
        taken = await tx.outbox.take(name, now, max(replies, 0), max(bulk, 0))
        self._hungry = self._hungry or len(taken) >= min(n for n in (replies, bulk) if n > 0)
        going: list[ClaimedDelivery] = []
        put_off: list[Settled] = []
        for row in taken:
            if row.state is not OutboxState.SENDING:
                await self._ended(tx, row, now)
            elif later := self._put_off(row, now):
                put_off.append(later)
            else:
                going.append(row.delivery)
        if gate := self._gates.get(name):
            going, waiting = await gate.judge(tx, going, now)
            put_off += waiting
        starting = [self._start(row) for row in going]
        await tx.outbox.settle(put_off, now)
        self._hungry = self._hungry or len(starting) < len(taken)
        return starting

    def _start(self, row: ClaimedDelivery) -> Flight:
        pace, chat_id = self._paces[row.message.address.channel], row.message.address.chat_id
        bulk = row.message.kind is not Kind.REPLY
        return Flight(row, pace.take(chat_id, pace.wait_for(chat_id, bulk=bulk), bulk=bulk))

    def _put_off(self, row: Taken, now: datetime) -> Settled | None:
        """Rows that may not go yet: in quiet hours, or to a chat that takes no more for a while."""
        message = row.delivery.message
        own = Hours(*row.quiet) if row.quiet else None
        if not row.exact:
            quiet_end = self._around.quiet.put_off(message.kind, now, own, row.expires_at)
            if quiet_end is not None:
                return Settled(row.delivery.id, Step.PUT_OFF, due_at=quiet_end, burnt=False)
        address = message.address
        wait = self._paces[address.channel].wait_for(address.chat_id, bulk=message.kind is not Kind.REPLY)
        if wait <= self._policy.patience_in_flight:
            return None
        due_at = now + timedelta(seconds=min(wait, self._policy.longest_pause * 24))
        return Settled(row.delivery.id, Step.PUT_OFF, due_at=due_at)

    async def _ended(self, tx: Transaction, row: Taken, now: datetime) -> None:
        """Met, but not to be sent: its person stopped, its time is over, or it goes round and round."""
        address = row.delivery.message.address
        logger.info("delivery %d on %s: %s", row.delivery.id, address.channel, row.state)
        if row.state is OutboxState.LOOPING:
            logger.error("delivery %d on %s: the same text again and again", row.delivery.id, address.channel)
            if self._around.watcher is not None:
                self._around.watcher.looping(address.channel)
            await self._around.tell_of_loop(tx, address, now)

    async def _send(self, flight: Flight) -> str:
        """Also tells the pace when the platform has answered, at that moment."""
        address = flight.row.message.address
        pace = self._paces[address.channel]
        try:
            if (wait := pace.until(flight.slot)) > 0:
                await asyncio.sleep(wait)
            async with asyncio.timeout(self._policy.send):
                return await self._channels[address.channel].send(flight.row.message)
        finally:
            pace.landed(flight.slot)

    async def _outcome(
        self, tx: Transaction, task: asyncio.Task[str], flight: Flight, now: datetime
    ) -> Settled:
        row = flight.row
        error = asyncio.CancelledError() if task.cancelled() else task.exception()
        if error is None:
            return Settled(row.id, Step.SENT, platform_id=task.result())
        await self._follow_up(tx, row, error, now)
        return reaction(row, error, now, self._policy)

    async def _follow_up(
        self, tx: Transaction, row: ClaimedDelivery, error: BaseException, now: datetime
    ) -> None:
        """What a failure means beyond its row; the pace of this process learns it at once."""
        address = row.message.address
        if isinstance(error, TryLater) and (error.whole_channel or error.throttled):
            silent = None if error.whole_channel else address.chat_id
            self._paces[address.channel].freeze(error.after, silent)
        ways = [name for name, other in self._channels.items() if other.traits.lasting]
        await follow_up(tx, row, error, ways, now)

    async def _resume(self, tx: Transaction, now: datetime) -> None:
        """Rows left in sending by a crash: at the start those of everybody if nobody else lives."""
        lease = timedelta(seconds=self._policy.lease)
        everything = self._next_resume is None and self._alarm.alone and not self._flying
        resumed = await tx.outbox.resume(now + lease if everything else now - lease, now)
        if resumed:
            logger.warning("%d messages had lost their sender", resumed)

    async def _wait(self) -> None:
        """Until a message lands, the bell rings, the pace lets more through, or a row may have become due."""
        seconds = self._policy.hungry_poll if self._hungry else self._policy.poll
        bell = asyncio.create_task(self._alarm.wait("outbox", seconds))
        try:
            await asyncio.wait({*self._flying, bell}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
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
        if (watcher := self._around.watcher) is not None:
            watcher.delivered(address.channel, kind, outcome.step, (now - row.due_at).total_seconds())


def _gate(channel: Channel) -> Gate | None:
    """Only where free words are for those who have written lately."""
    traits = channel.traits
    return Gate(channel.name, traits.window, traits.limits.people_a_day) if traits.window else None

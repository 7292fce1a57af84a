"""The clock: ticks come at once and again, failures and set-back clocks do not stop it, two clocks fire once."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.store.engine import Database, DatabaseAway
from bot.ticks import Tick
from scheduler import Clockwork, ticking
from tests.fakes import Clock

SOON = 5.0


@dataclass
class Counted:
    """A tick that counts, may fail, and tells when it was called often enough."""

    enough: int = 2
    failures: list[Exception] = field(default_factory=list)
    moments: list[datetime] = field(default_factory=list)
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, now: datetime) -> None:
        self.moments.append(now)
        if len(self.moments) >= self.enough:
            self.reached.set()
        if self.failures:
            raise self.failures.pop(0)

    def every(self, seconds: float) -> Tick:
        return Tick("counted", seconds, self)


async def test_ticks_come_at_once_and_again() -> None:
    counted = Counted()
    async with ticking([counted.every(0.05)]):
        await asyncio.wait_for(counted.reached.wait(), SOON)
    assert len(counted.moments) >= 2


async def test_first_tick_does_not_wait_for_its_interval() -> None:
    counted = Counted(enough=1)
    async with ticking([counted.every(3600)]):
        await asyncio.wait_for(counted.reached.wait(), SOON)
    assert len(counted.moments) == 1


@pytest.mark.parametrize("failure", [DatabaseAway("restarting"), ValueError("a defect")])
async def test_failed_tick_comes_again(failure: Exception) -> None:
    counted = Counted(failures=[failure])
    async with ticking([counted.every(0.05)]):
        await asyncio.wait_for(counted.reached.wait(), SOON)
    assert counted.failures == []


async def test_database_away_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    counted = Counted(failures=[DatabaseAway("restarting") for _ in range(3)])
    clockwork = Clockwork([], Clock())
    for _ in range(4):
        await clockwork.fire(counted.every(1))
    assert [record.levelname for record in caplog.records] == ["WARNING"]


async def test_slow_tick_is_not_started_twice() -> None:
    running, most, over = 0, 0, asyncio.Event()

    async def slow(_: datetime) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if most > 1:
            over.set()
        await asyncio.Event().wait()

    async with ticking([Tick("slow", 0.02, slow)]):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(over.wait(), 0.2)
    assert most == 1


async def test_clock_set_back_does_not_silence_the_ticks() -> None:
    counted = Counted(enough=1)
    clockwork = Clockwork([counted.every(3600)])
    clockwork.start()
    await asyncio.wait_for(counted.reached.wait(), SOON)
    counted.reached.clear()
    steady = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    clockwork.heed(steady, steady - timedelta(hours=2))
    await asyncio.wait_for(counted.reached.wait(), SOON)
    await clockwork.close()


async def test_clock_corrected_a_little_or_set_forward_changes_nothing() -> None:
    counted = Counted(enough=1)
    clockwork = Clockwork([counted.every(3600)])
    clockwork.start()
    await asyncio.wait_for(counted.reached.wait(), SOON)
    steady = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    clockwork.heed(steady, steady - timedelta(seconds=1))
    clockwork.heed(steady, steady + timedelta(days=1))
    await asyncio.sleep(0)
    await clockwork.close()
    assert len(counted.moments) == 1


async def test_two_clocks_fire_what_is_due_once(database: Database) -> None:
    """Each claims its work under row locks, as every tick must."""
    fired: list[int] = []

    async def claim(now: datetime) -> None:
        async with database.transaction() as tx:
            found = await tx.invitations.redeem("due", someone, now)
            if found is not None:
                fired.append(1)

    async with database.transaction() as tx:
        someone = (await tx.people.find_or_create("web", "1", datetime.now(UTC))).id
        await tx.invitations.add("due", "member", datetime.now(UTC) + timedelta(hours=1))
    one, other = Counted(enough=3), Counted(enough=3)

    def both(counted: Counted) -> Tick:
        async def run(now: datetime) -> None:
            await claim(now)
            await counted(now)

        return Tick("claim", 0.02, run)

    async with ticking([both(one)]), ticking([both(other)]):
        await asyncio.wait_for(asyncio.gather(one.reached.wait(), other.reached.wait()), SOON)
    assert fired == [1]


async def test_stopping_in_the_middle_of_a_tick_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    begun = asyncio.Event()

    async def long(_: datetime) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with ticking([Tick("long", 3600, long)]):
        await asyncio.wait_for(begun.wait(), SOON)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []

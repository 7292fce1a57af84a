"""A bulk through the real outbox, delivery and Bot API emulator: each accident of Telegram and what it costs.

Both libraries; paced as in production, by a clock that moves only when told.
"""

from dataclasses import dataclass, field
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from bot.channels.telegram_channel import TelegramChannel
from bot.delivery import Delivery, Surroundings
from bot.messages import Address, Kind, Outgoing
from bot.quiet import Hours, QuietHours
from bot.store.engine import Database
from bot.store.outbox import NewDelivery
from bot.store.tables import OutboxState
from tests.channels.telegram_answers import LOST_AFTER, LOST_BEFORE, Fault
from tests.channels.telegram_bench import NOW
from tests.channels.telegram_emulator import TelegramEmulator
from tests.fakes import Clock
from tests.test_delivery import Silence

WIDE_AWAKE = QuietHours(ZoneInfo("UTC"), Hours(time(0), time(0)), Hours(time(0), time(0)))
SOURCE = "announcement:1"


@dataclass(slots=True)
class Office:
    """The outbox, its sender and the platform of one test; six people are told the same."""

    database: Database
    channel: TelegramChannel
    emulator: TelegramEmulator
    clock: Clock = field(default_factory=lambda: Clock(NOW))

    def delivery(self) -> Delivery:
        around = Surroundings(quiet=WIDE_AWAKE, steady=lambda: self.clock().timestamp())
        return Delivery(self.database, {"telegram": self.channel}, Silence(alone=False), self.clock, around)

    async def queue(self, *chats: int, kind: Kind = Kind.ANNOUNCEMENT) -> None:
        for chat in chats:
            if chat > 0:
                self.emulator.person(chat)
        rows = [
            NewDelivery(
                Outgoing(Address("telegram", str(chat)), "Réunion lundi", (), kind),
                self.clock(),
                source=SOURCE,
                recipient=f"person:{chat}",
            )
            for chat in chats
        ]
        async with self.database.transaction() as tx:
            await tx.outbox.add(rows, self.clock())

    async def deliver(self, delivery: Delivery, times: int = 1, seconds: float = 10.0) -> None:
        for _ in range(times):
            await delivery.deliver_due()
            self.clock.passes(seconds=seconds)

    async def states(self) -> dict[OutboxState, int]:
        async with self.database.transaction() as tx:
            found: dict[OutboxState, int] = {}
            for tally in await tx.outbox.tally(SOURCE):
                found[tally.state] = found.get(tally.state, 0) + tally.count
            return found

    def received(self, *chats: int) -> list[int]:
        return [len(self.emulator.messages_to(chat)) for chat in chats]

    @property
    def calls(self) -> int:
        return len(self.emulator.calls["sendMessage"])


@pytest.fixture
def office(database: Database, channel: TelegramChannel, emulator: TelegramEmulator) -> Office:
    return Office(database, channel, emulator)


async def test_blocked_person_is_marked_and_the_others_get_it(office: Office) -> None:
    async with office.database.transaction() as tx:
        await tx.people.find_or_create("telegram", "3", office.clock())
    await office.queue(1, 2, 3, 4)
    office.emulator.person(3).blocks()
    await office.deliver(office.delivery(), times=2)
    assert await office.states() == {OutboxState.SENT: 3, OutboxState.UNREACHABLE: 1}
    assert office.received(1, 2, 3, 4) == [1, 1, 0, 1]
    async with office.database.transaction() as tx:
        person = await tx.people.find("telegram", "3")
        assert person is not None
        (account,) = await tx.people.identities(person.id)
    assert not account.reachable


async def test_group_that_became_a_supergroup_gets_it_once_under_its_new_id(office: Office) -> None:
    group = office.emulator.group(-55)
    group.becomes_supergroup(-1001234567890, office.emulator.person(9))
    await office.queue(1, -55)
    await office.deliver(office.delivery(), times=3)
    assert await office.states() == {OutboxState.SENT: 2}
    assert office.received(1, -55, -1001234567890) == [1, 0, 1]


async def test_sick_server_costs_nobody_a_message_and_nobody_gets_two(office: Office) -> None:
    await office.queue(1, 2, 3)
    office.emulator.fail_next("sendMessage", Fault.page(502), times=2)
    await office.deliver(office.delivery(), times=4)
    assert await office.states() == {OutboxState.SENT: 3}
    assert office.received(1, 2, 3) == [1, 1, 1]


@pytest.mark.parametrize(("fault", "arrived"), [(LOST_BEFORE, 0), (LOST_AFTER, 1)])
async def test_connection_lost_in_an_announcement_is_counted_and_never_repeated(
    office: Office, fault: Fault, arrived: int
) -> None:
    await office.queue(1)
    office.emulator.fail_next("sendMessage", fault)
    await office.deliver(office.delivery(), times=4)
    assert await office.states() == {OutboxState.UNKNOWN: 1}
    assert office.received(1) == [arrived]


@pytest.mark.parametrize(("fault", "arrived"), [(LOST_BEFORE, 1), (LOST_AFTER, 2)])
async def test_connection_lost_in_a_reminder_is_repeated_once(
    office: Office, fault: Fault, arrived: int
) -> None:
    await office.queue(1, kind=Kind.REMINDER)
    office.emulator.fail_next("sendMessage", fault)
    await office.deliver(office.delivery(), times=4)
    assert await office.states() == {OutboxState.SENT: 1}
    assert office.received(1) == [arrived]


async def test_long_silence_ordered_in_a_bulk_is_kept_to_the_second_also_after_a_restart(
    office: Office,
) -> None:
    """10,072 s: seen in the wild after a bot wrote too fast. Nobody is given up for it."""
    await office.queue(1, 2, 3)
    said = "Too Many Requests: retry after 10072"
    office.emulator.fail_next("sendMessage", Fault.refusal(429, said, retry_after=10072), times=3)
    await office.deliver(office.delivery(), seconds=0)
    asked = office.calls
    restarted = office.delivery()
    await office.deliver(restarted, times=10, seconds=1000)
    assert office.calls == asked
    assert await office.states() == {OutboxState.WAITING: 3}
    office.clock.passes(seconds=100)
    await office.deliver(restarted, times=3)
    assert await office.states() == {OutboxState.SENT: 3}
    assert office.received(1, 2, 3) == [1, 1, 1]


async def test_bulk_keeps_the_pace_of_the_platform(office: Office) -> None:
    """Of 30 a second, a bulk takes 24: a second must pass before the rest leaves."""
    people = range(1, 41)
    await office.queue(*people)
    delivery = office.delivery()
    await office.deliver(delivery, seconds=0)
    first = office.calls
    assert first <= 30
    await office.deliver(delivery, times=6, seconds=1)
    assert await office.states() == {OutboxState.SENT: 40}
    assert office.received(*people) == [1] * 40

"""What WhatsApp tells of a message afterwards: it only goes forward, and a late failure is like a failed send."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert

from bot.announcement_counts import counted
from bot.channels.port import Payload, Received
from bot.errors import DeliveryError, Refused, TryLater, Unreachable
from bot.intake import Intake
from bot.messages import Address, Incoming, Kind, Outgoing, Progress, Receipt, Sender
from bot.store.engine import Database
from bot.store.outbox import NewDelivery, Settled, Step
from bot.store.tables import IdentityRow, IncomingState, OutboxRow, OutboxState
from bot.turn import Room, Turns
from tests.fakes import Clock, PlainChannel

AMINA = Address("whatsapp", "DJ.1")
SOURCE = "announcement:1"
ERRORS: dict[str, DeliveryError] = {
    "refused": Refused("131053: the file"),
    "later": TryLater("131049: another day", 86400.0),
    "throttled": TryLater("131048: spam", 3600.0, throttled=True, whole_channel=True),
    "gone": Unreachable("131026: not on WhatsApp"),
}


class TellingChannel(PlainChannel):
    """Its events are receipts: {wamid, progress, at, error?}."""

    def read(self, payload: Payload) -> Incoming | None:
        error = ERRORS.get(payload.get("error", ""))
        receipt = Receipt(payload["wamid"], Progress(payload["progress"]), error)
        at = datetime.fromisoformat(payload["at"])
        return Incoming(payload["wamid"], AMINA, Sender(AMINA.chat_id), receipt, at)


class World:
    """One sent message of Amina's, and WhatsApp, which tells about it."""

    def __init__(self, database: Database, room: Room, clock: Clock) -> None:
        self.database = database
        self.clock = clock
        self.intake = Intake(database, room.channels, clock)
        self.turns = Turns(database, room)

    async def sends(self, wamid: str | None = "wamid.1", kind: Kind = Kind.ANNOUNCEMENT) -> int:
        message = Outgoing(AMINA, "Appel à projets", kind=kind)
        async with self.database.transaction() as tx:
            person = await tx.people.find_or_create("whatsapp", AMINA.chat_id, self.clock())
            new = NewDelivery(
                message, self.clock(), source=SOURCE, recipient=f"person:{person.id}", person_id=person.id
            )
            (number,) = await tx.outbox.add([new], self.clock())
            await tx.outbox.claim(["whatsapp"], self.clock(), 1)
            if wamid is not None:
                await tx.outbox.settle([Settled(number, Step.SENT, wamid)], self.clock())
        return number

    async def tells(self, progress: str, error: str = "", wamid: str = "wamid.1", ago: float = 0) -> None:
        at = self.clock() - timedelta(seconds=ago)
        event = {"wamid": wamid, "progress": progress, "at": at.isoformat(), "error": error}
        await self.intake.store("whatsapp", [Received(f"{wamid}:{progress}", event)])
        await self.goes_on()

    async def goes_on(self) -> None:
        while await self.turns.take_one():
            pass

    async def state(self, number: int) -> OutboxState | None:
        async with self.database.transaction() as tx:
            return await tx.outbox.state_of(number)

    async def counts(self) -> tuple[int, int, int]:
        async with self.database.transaction() as tx:
            found = counted(await tx.outbox.tally(SOURCE))
        return found.sent, found.arrived, found.read


@pytest.fixture
def world(database: Database, room: Room) -> World:
    clock = room.clock
    assert isinstance(clock, Clock)
    channels = {"whatsapp": TellingChannel("whatsapp"), "plain": PlainChannel()}
    return World(database, replace(room, channels=channels), clock)


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        (["sent"], (1, 0, 0)),
        (["sent", "delivered"], (1, 1, 0)),
        (["read"], (1, 1, 1)),
        (["played"], (1, 1, 1)),
        (["read", "delivered", "sent"], (1, 1, 1)),
        (["delivered", "delivered", "sent", "sent"], (1, 1, 0)),
    ],
)
async def test_the_best_word_counts_in_whatever_order_it_comes(
    world: World, told: list[str], counts: tuple[int, int, int]
) -> None:
    await world.sends()
    for progress in told:
        await world.tells(progress)
    assert await world.counts() == counts


async def test_arrival_and_reading_are_dated_by_the_platform(world: World) -> None:
    number = await world.sends()
    await world.tells("read", ago=60)
    await world.tells("delivered", ago=90)
    async with world.database.transaction() as tx:
        row = await tx.session.get_one(OutboxRow, number)
        assert (row.delivered_at, row.read_at) == (
            world.clock() - timedelta(seconds=90),
            world.clock() - timedelta(seconds=60),
        )


async def test_a_failure_after_an_arrival_changes_nothing(world: World) -> None:
    number = await world.sends()
    await world.tells("delivered")
    await world.tells("failed", "gone")
    assert await world.state(number) is OutboxState.SENT


async def test_a_late_failure_is_shown_with_its_reason(world: World) -> None:
    number = await world.sends()
    await world.tells("sent")
    await world.tells("failed", "refused")
    assert await world.state(number) is OutboxState.FAILED
    async with world.database.transaction() as tx:
        (tally,) = await tx.outbox.tally(SOURCE)
    assert (tally.state, tally.reason) == (OutboxState.FAILED, "131053: the file")


async def test_a_failure_without_a_reason_leaves_the_row_as_it_was(world: World) -> None:
    number = await world.sends()
    await world.tells("failed")
    assert await world.state(number) is OutboxState.SENT


@pytest.mark.parametrize("after", ["delivered", "read"])
async def test_an_arrival_told_after_the_failure_is_the_better_word(world: World, after: str) -> None:
    number = await world.sends()
    await world.tells("failed", "refused")
    await world.tells(after)
    assert await world.state(number) is OutboxState.SENT
    assert (await world.counts())[:2] == (1, 1)


async def test_a_failure_for_now_is_sent_again_when_its_time_has_come(world: World) -> None:
    number = await world.sends()
    await world.tells("failed", "later")
    async with world.database.transaction() as tx:
        assert await tx.outbox.claim(["whatsapp"], world.clock(), 1) == []
    world.clock.passes(days=1)
    async with world.database.transaction() as tx:
        (again,) = await tx.outbox.claim(["whatsapp"], world.clock(), 1)
    assert (again.id, again.attempts, again.message.text) == (number, 1, "Appel à projets")


async def test_a_failure_that_comes_back_after_every_try_is_given_up(world: World) -> None:
    """WhatsApp takes it each time and tells later: such tries must count, else it would go on for ever."""
    number = await world.sends(wamid=None)
    for attempt in range(12):
        async with world.database.transaction() as tx:
            await tx.outbox.settle([Settled(number, Step.SENT, f"wamid.{attempt}")], world.clock())
        await world.tells("failed", "throttled", wamid=f"wamid.{attempt}")
        world.clock.passes(hours=2)
        async with world.database.transaction() as tx:
            await tx.outbox.claim(["whatsapp"], world.clock(), 1)
    assert await world.state(number) is OutboxState.FAILED


async def test_an_arrival_told_while_it_waits_to_be_sent_again_keeps_it_from_going_twice(
    world: World,
) -> None:
    await world.sends()
    await world.tells("failed", "later")
    await world.tells("delivered")
    world.clock.passes(days=1)
    async with world.database.transaction() as tx:
        assert await tx.outbox.claim(["whatsapp"], world.clock(), 1) == []


async def test_a_person_who_is_not_on_whatsapp_is_reached_elsewhere(world: World) -> None:
    number = await world.sends()
    async with world.database.transaction() as tx:
        person = await tx.people.find("whatsapp", AMINA.chat_id)
        assert person is not None
        await tx.session.execute(
            insert(IdentityRow).values(channel="plain", external_id="a", person_id=person.id)
        )
    await world.tells("failed", "gone")
    async with world.database.transaction() as tx:
        (moved,) = await tx.outbox.claim(["plain"], world.clock(), 1)
        identities = {i.channel: i.reachable for i in await tx.people.identities(person.id)}
    assert (moved.id, moved.message.address) == (number, Address("plain", "a"))
    assert identities == {"whatsapp": False, "plain": True}


async def test_a_word_quicker_than_our_own_note_waits_for_it(world: World) -> None:
    number = await world.sends(wamid=None)
    await world.tells("delivered")
    assert await world.counts() == (0, 0, 0)
    async with world.database.transaction() as tx:
        await tx.outbox.settle([Settled(number, Step.SENT, "wamid.1")], world.clock())
    world.clock.passes(seconds=3)
    await world.goes_on()
    assert await world.counts() == (1, 1, 0)


async def test_a_word_of_somebody_elses_message_is_let_go(world: World) -> None:
    await world.tells("delivered", wamid="wamid.of-another-program")
    for _ in range(4):
        world.clock.passes(minutes=5)
        await world.goes_on()
    async with world.database.transaction() as tx:
        assert await tx.inbox.count(IncomingState.IGNORED) == 1
        assert (await tx.inbox.backlog(world.clock())).depth == 0


async def test_words_of_our_messages_are_no_flood_of_a_person(world: World) -> None:
    await world.sends()
    for progress in ("sent", "delivered", "read"):
        await world.tells(progress)
    async with world.database.transaction() as tx:
        assert await tx.inbox.since("whatsapp:DJ.1::", world.clock() - timedelta(hours=1)) == 0

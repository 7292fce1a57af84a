"""What delivery heeds beside its rows: quiet hours, silence ordered, other ways to a person, loops, its seat."""

from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.alerts import LoopAlert
from bot.channels.port import Channel
from bot.delivery import Delivery, Surroundings
from bot.domain import Domain
from bot.errors import TryLater, Unreachable
from bot.messages import Address, Kind, Outgoing
from bot.quiet import QuietHours
from bot.store.engine import Database, DatabaseAway
from bot.store.outbox import NewDelivery
from bot.store.seats import Seat
from bot.store.tables import OutboxState
from tests.fakes import Clock
from tests.test_delivery import Post, Silence

DJIBOUTI = ZoneInfo("Africa/Djibouti")
MORNING = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)


class OneSeat:
    """Every channel has the same seat, free until a test takes it."""

    def __init__(self) -> None:
        self.seat = Seat("bot")

    def of(self, channel: str) -> Seat | None:
        return self.seat


class Room:
    def __init__(self, database: Database, now: datetime = MORNING) -> None:
        self.database = database
        self.clock = Clock(now)
        self.web, self.other = Post("web"), Post("other")
        self.seats: OneSeat | None = None
        self.domain: Domain | None = None

    def delivery(self) -> Delivery:
        channels: dict[str, Channel] = {"web": self.web, "other": self.other}
        around = Surroundings(quiet=QuietHours(DJIBOUTI), steady=lambda: self.clock().timestamp())
        if self.seats:
            around = Surroundings(quiet=around.quiet, steady=around.steady, seats=self.seats)
        if self.domain:
            alert = LoopAlert(self.domain).tell
            around = Surroundings(quiet=around.quiet, steady=around.steady, tell_of_loop=alert)
        return Delivery(self.database, channels, Silence(alone=False), self.clock, around)

    async def add(self, text: str, kind: Kind = Kind.REPLY, chat: str = "1", **more: object) -> int:
        message = Outgoing(Address("web", chat), text, (), kind)
        new = NewDelivery(message, self.clock(), **more)  # type: ignore[arg-type]
        async with self.database.transaction() as tx:
            return (await tx.outbox.add([new], self.clock()))[0]

    async def state(self, row: int) -> OutboxState | None:
        async with self.database.transaction() as tx:
            return await tx.outbox.state_of(row)

    async def person(self, channel: str, chat: str) -> int:
        async with self.database.transaction() as tx:
            return (await tx.people.find_or_create(channel, chat, self.clock())).id


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


async def test_announcement_waits_for_the_morning_and_a_reply_does_not(database: Database) -> None:
    room = Room(database, EVENING)
    await room.add("announcement", Kind.ANNOUNCEMENT)
    await room.add("reply")
    delivery = room.delivery()
    await delivery.deliver_due()
    assert room.web.sent == [("1", "reply")]
    room.clock.now = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
    await delivery.deliver_due()
    assert room.web.sent == [("1", "reply"), ("1", "announcement")]


async def test_own_quiet_hours_are_kept(room: Room) -> None:
    someone = await room.person("web", "1")
    async with room.database.transaction() as tx:
        await tx.people.keep_quiet(someone, time(8), time(10))
    await room.add("announcement", Kind.ANNOUNCEMENT)
    delivery = room.delivery()
    await delivery.deliver_due()
    assert room.web.sent == []
    room.clock.passes(hours=1)
    await delivery.deliver_due()
    assert room.web.sent == [("1", "announcement")]


async def test_reminder_of_the_hour_a_person_chose_comes_at_night(database: Database) -> None:
    room = Room(database, EVENING)
    await room.add("late", Kind.REMINDER, chat="2")
    await room.add("exact", Kind.REMINDER, exact=True)
    await room.delivery().deliver_due()
    assert room.web.sent == [("1", "exact")]


async def test_message_put_off_has_not_been_tried(database: Database) -> None:
    """Its patience begins in the morning."""
    room = Room(database, EVENING)
    await room.add("announcement", Kind.ANNOUNCEMENT)
    await room.delivery().deliver_due()
    room.clock.now = datetime(2026, 11, 25, 4, 0, tzinfo=UTC)
    async with room.database.transaction() as tx:
        (claimed,) = await tx.outbox.claim(["web"], room.clock(), 1)
    assert (claimed.first_claimed_at, claimed.attempts) == (room.clock(), 0)


async def test_silence_of_10072_seconds_outlives_a_restart(room: Room) -> None:
    room.web.fails("1", TryLater("429", 10_072, throttled=True, whole_channel=True))
    await room.add("1")
    await room.delivery().deliver_due()
    await room.add("2", chat="2")
    room.clock.passes(seconds=10_071)
    assert await room.delivery().deliver_due() == 0
    room.clock.passes(seconds=1)
    assert await room.delivery().deliver_due() == 2


async def test_silence_for_one_chat_leaves_the_others_alone(room: Room) -> None:
    room.web.fails("1", TryLater("429", 40, throttled=True))
    await room.add("1")
    delivery = room.delivery()
    await delivery.deliver_due()
    await room.add("urgent", chat="1")
    await room.add("2", chat="2")
    await delivery.deliver_due()
    assert room.web.sent == [("2", "2")]
    room.clock.passes(seconds=41)
    await delivery.deliver_due()
    await delivery.deliver_due()
    assert room.web.sent == [("2", "2"), ("1", "1"), ("1", "urgent")]


async def linked(room: Room) -> int:
    """One person with an account on each platform."""
    someone = await room.person("web", "1")
    other = await room.person("other", "a")
    connection = await room.database.connect()
    await connection.execute("UPDATE identity SET person_id = $1 WHERE person_id = $2", someone, other)
    await connection.close()
    return someone


@pytest.mark.parametrize("kind", [Kind.REMINDER, Kind.ANNOUNCEMENT])
async def test_person_who_blocked_one_channel_is_reached_on_another(room: Room, kind: Kind) -> None:
    someone = await linked(room)
    room.web.fails("1", Unreachable("blocked"))
    row = await room.add("1", kind, source="s:1", recipient="p", person_id=someone)
    waiting = await room.add("2", kind, source="s:2", recipient="p", person_id=someone)
    delivery = room.delivery()
    for _ in range(3):
        await delivery.deliver_due()
    assert sorted(room.other.sent) == [("a", "1"), ("a", "2")]
    assert [await room.state(row), await room.state(waiting)] == [OutboxState.SENT] * 2


async def test_reply_stays_where_it_was_asked_for(room: Room) -> None:
    await linked(room)
    room.web.fails("1", Unreachable("blocked"))
    row = await room.add("1")
    delivery = room.delivery()
    await delivery.deliver_due()
    await delivery.deliver_due()
    assert room.other.sent == []
    assert await room.state(row) is OutboxState.UNREACHABLE


async def test_person_unreachable_everywhere_is_given_up(room: Room) -> None:
    someone = await linked(room)
    room.web.fails("1", Unreachable("blocked"))
    room.other.fails("a", Unreachable("blocked"))
    row = await room.add("1", Kind.REMINDER, source="s:1", recipient="p", person_id=someone)
    delivery = room.delivery()
    for _ in range(4):
        await delivery.deliver_due()
    assert await room.state(row) is OutboxState.UNREACHABLE


async def test_same_text_for_the_twenty_first_time_is_stopped_and_told_once(
    room: Room, domain: Domain
) -> None:
    room.domain = domain
    chief = await room.person("web", "chief")
    async with room.database.transaction() as tx:
        await tx.people.set_role(chief, "coordinator")
    rows = [await room.add("again", chat="1") for _ in range(23)]
    delivery = room.delivery()
    for _ in range(len(rows) + 2):
        await delivery.deliver_due()
    assert [await room.state(row) for row in rows[19:]] == [OutboxState.SENT, *[OutboxState.LOOPING] * 3]
    for _ in range(5):
        await delivery.deliver_due()
    assert room.web.sent.count(("1", "again")) == 20
    assert len([chat for chat, _ in room.web.sent if chat == "chief"]) == 1
    other = await room.add("different", chat="1")
    await delivery.deliver_due()
    assert await room.state(other) is OutboxState.SENT


async def test_same_text_over_a_longer_time_is_no_loop(room: Room) -> None:
    delivery = room.delivery()
    for _ in range(25):
        await room.add("menu")
        await delivery.deliver_due()
        room.clock.passes(seconds=20)
    assert len(room.web.sent) == 25


async def test_only_the_holder_of_the_seat_sends_and_takes_up_what_another_left(room: Room) -> None:
    row = await room.add("1", Kind.ANNOUNCEMENT)
    async with room.database.transaction() as tx:
        await tx.outbox.claim(["web"], room.clock(), 1)
    room.seats = OneSeat()
    delivery = room.delivery()
    assert await delivery.deliver_due() == 0
    room.clock.passes(seconds=1)
    room.seats.seat.take()
    await delivery.deliver_due()
    assert room.web.sent == [("1", "1")]
    assert await room.state(row) is OutboxState.SENT


async def test_sender_without_its_seat_takes_nothing_more(room: Room) -> None:
    room.seats = OneSeat()
    room.seats.seat.take()
    delivery = room.delivery()
    await room.add("1")
    await delivery.deliver_due()
    room.seats.seat.lose()
    await room.add("2")
    assert await delivery.deliver_due() == 0
    assert room.web.sent == [("1", "1")]
    assert room.clock() - MORNING == timedelta(0)


class CuttingPost(Post):
    """After its hundredth message every connection of the bot to the database is cut, as by a restart."""

    def __init__(self, database: Database) -> None:
        super().__init__("web")
        self.database = database
        self.cut = False

    async def send(self, message: Outgoing) -> str:
        given = await super().send(message)
        if len(self.sent) == 100 and not self.cut:
            self.cut = True
            killer = await self.database.connect()
            await killer.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'oscbot'"
            )
            await killer.close()
        return given


async def test_database_restarted_in_the_middle_of_a_bulk_costs_nobody_a_message(room: Room) -> None:
    room.web = CuttingPost(room.database)
    for chat in range(300):
        await room.add("annonce", Kind.ANNOUNCEMENT, chat=str(chat))
    delivery = room.delivery()
    for _ in range(60):
        room.clock.passes(seconds=10)
        with suppress(DatabaseAway):
            await delivery.deliver_due()
    chats = [chat for chat, _ in room.web.sent]
    assert room.web.cut
    assert len(set(chats)) == len(chats) == 300
    async with room.database.transaction() as tx:
        assert sum(backlog.depth for backlog in (await tx.outbox.backlog(room.clock())).values()) == 0

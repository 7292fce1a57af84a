"""Delivery: each failure gets its reaction, each chat its order, and no crash loses a message."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.port import Inbox, Payload, Traits
from bot.delivery import Delivery, Policy, Surroundings
from bot.errors import Moved, Refused, TryLater, Unknown, Unreachable
from bot.messages import Address, Incoming, Kind, Outgoing
from bot.store.engine import Database, DatabaseAway, Transaction
from bot.store.outbox import NewDelivery, Step
from bot.store.tables import OutboxState

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Post:
    """A channel whose chats fail as told, once for each failure given."""

    def __init__(self, name: str = "web") -> None:
        self.name = name
        self.traits = Traits()
        self.sent: list[tuple[str, str]] = []
        self.failures: dict[str, list[Exception]] = {}
        self.gate = asyncio.Event()
        self.gate.set()
        self.gates: dict[str, asyncio.Event] = {}
        self.at_once = 0
        self.most_at_once = 0

    def fails(self, chat_id: str, *failures: Exception) -> None:
        self.failures.setdefault(chat_id, []).extend(failures)

    def read(self, payload: Payload) -> Incoming | None:
        return None

    async def send(self, message: Outgoing) -> str:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(0)
            await self.gates.get(message.address.chat_id, self.gate).wait()
            if waiting := self.failures.get(message.address.chat_id):
                raise waiting.pop(0)
            self.sent.append((message.address.chat_id, message.text))
            return f"p{len(self.sent)}"
        finally:
            self.at_once -= 1

    async def fetch(self, file_id: str) -> bytes:
        raise AssertionError(f"{file_id}: no files here")

    async def show_typing(self, address: Address) -> None: ...

    async def prepare(self) -> None: ...

    async def run(self, inbox: Inbox) -> None: ...

    async def close(self) -> None: ...


class Silence:
    """An alarm that never rings; `alone` says whether other senders live."""

    def __init__(self, alone: bool = True) -> None:
        self.alone = alone

    async def wait(self, name: str, seconds: float) -> bool:
        await asyncio.sleep(0.01)
        return False


class Room:
    """A database, one channel and the deliveries of a test."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.post = Post()
        self.clock = Clock()

    def delivery(self, *, alone: bool = True, policy: Policy | None = None) -> Delivery:
        around = Surroundings(policy or Policy(), steady=lambda: self.clock().timestamp())
        return Delivery(self.database, {"web": self.post}, Silence(alone), self.clock, around)

    async def add(self, *texts: str, chat: str = "1", kind: Kind = Kind.REPLY) -> list[int]:
        rows = [NewDelivery(Outgoing(Address("web", chat), text, (), kind), NOW) for text in texts]
        async with self.database.transaction() as tx:
            return await tx.outbox.add(rows, NOW)

    async def states(self, ids: Sequence[int]) -> list[OutboxState | None]:
        async with self.database.transaction() as tx:
            return [await tx.outbox.state_of(delivery_id) for delivery_id in ids]

    async def crash_while_sending(self) -> None:
        """As kill -9 would leave it: claimed, committed, nobody left."""
        async with self.database.transaction() as tx:
            await tx.outbox.claim(["web"], self.clock(), 100)

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.post.sent]


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


async def test_message_is_sent_and_recorded(room: Room) -> None:
    ids = await room.add("salaan")
    assert await room.delivery().deliver_due() == 1
    assert room.post.sent == [("1", "salaan")]
    assert await room.states(ids) == [OutboxState.SENT]


async def test_sent_message_is_not_sent_again(room: Room) -> None:
    await room.add("salaan")
    delivery = room.delivery()
    await delivery.deliver_due()
    assert await delivery.deliver_due() == 0
    assert room.texts == ["salaan"]


async def test_different_chats_are_served_at_once(room: Room) -> None:
    for chat in "abc":
        await room.add("salaan", chat=chat)
    await room.delivery().deliver_due()
    assert room.post.most_at_once == 3


async def test_one_chat_is_served_in_order_one_by_one(room: Room) -> None:
    await room.add("1", "2", "3")
    delivery = room.delivery()
    while await delivery.deliver_due():
        pass
    assert room.texts == ["1", "2", "3"]
    assert room.post.most_at_once == 1


async def test_throttled_message_is_sent_when_told(room: Room) -> None:
    room.post.fails("1", TryLater("429", 7, throttled=True))
    await room.add("salaan")
    delivery = room.delivery()
    await delivery.deliver_due()
    room.clock.advance(6.9)
    assert await delivery.deliver_due() == 0
    room.clock.advance(0.1)
    assert await delivery.deliver_due() == 1
    assert room.texts == ["salaan"]


async def test_throttling_never_gives_up(room: Room) -> None:
    room.post.fails("1", *(TryLater("429", 1, throttled=True) for _ in range(40)))
    await room.add("salaan")
    delivery = room.delivery()
    for _ in range(41):
        await delivery.deliver_due()
        room.clock.advance(1)
    assert room.texts == ["salaan"]


async def test_pauses_grow_and_end_in_failure(room: Room) -> None:
    room.post.fails("1", *(TryLater("500", 1) for _ in range(20)))
    ids = await room.add("salaan")
    delivery = room.delivery()
    started = room.clock()
    while await room.states(ids) == [OutboxState.WAITING]:
        await delivery.deliver_due()
        room.clock.advance(60)
    assert await room.states(ids) == [OutboxState.FAILED]
    assert timedelta(hours=2) < room.clock() - started < timedelta(hours=4)


async def test_channel_in_trouble_is_paused_as_a_whole(room: Room) -> None:
    room.post.fails("a", TryLater("no network", 3, whole_channel=True))
    await room.add("1", chat="a")
    delivery = room.delivery()
    await delivery.deliver_due()
    await room.add("2", chat="b")
    assert await delivery.deliver_due() == 0
    room.clock.advance(3)
    assert await delivery.deliver_due() == 2


async def test_a_day_without_network_loses_nothing(room: Room) -> None:
    room.post.fails("1", *(TryLater("no network", 3, whole_channel=True) for _ in range(500)))
    await room.add("salaan")
    delivery = room.delivery()
    for _ in range(24 * 6):
        await delivery.deliver_due()
        room.clock.advance(600)
    room.post.failures.clear()
    await delivery.deliver_due()
    assert room.texts == ["salaan"]


async def test_blocked_chat_is_marked_and_its_queue_dropped(room: Room) -> None:
    async with room.database.transaction() as tx:
        person = await tx.people.find_or_create("web", "1", NOW)
    room.post.fails("1", Unreachable("blocked"))
    ids = await room.add("1", "2")
    await room.delivery().deliver_due()
    async with room.database.transaction() as tx:
        (identity,) = await tx.people.identities(person.id)
    assert not identity.reachable
    assert await room.states(ids) == [OutboxState.UNREACHABLE] * 2


async def test_moved_chat_is_followed(room: Room) -> None:
    room.post.fails("1", Moved("-100"))
    await room.add("1", "2")
    delivery = room.delivery()
    while await delivery.deliver_due():
        pass
    assert room.post.sent == [("-100", "1"), ("-100", "2")]


async def test_moved_group_and_conversation_are_renamed(room: Room) -> None:
    async with room.database.transaction() as tx:
        await tx.groups.joined("web", "1", "OSC", NOW)
        await tx.conversations.lock("web:1::5", Address("web", "1"), NOW)
        await tx.conversations.save("web:1::5", {"slots": {}}, None, NOW)
    room.post.fails("1", Moved("-100"))
    await room.add("1")
    await room.delivery().deliver_due()
    async with room.database.transaction() as tx:
        assert [group.chat_id for group in await tx.groups.active("web")] == ["-100"]
        moved = await tx.conversations.get("web:-100::5")
    assert moved is not None
    assert (moved.address.chat_id, moved.state) == ("-100", {"slots": {}})


async def test_chat_that_moves_for_ever_is_given_up(room: Room) -> None:
    room.post.fails("1", *(Moved("1") for _ in range(50)))
    ids = await room.add("1")
    delivery = room.delivery()
    while await delivery.deliver_due():
        pass
    assert await room.states(ids) == [OutboxState.FAILED]


async def test_refused_message_fails_and_the_next_is_sent(room: Room) -> None:
    room.post.fails("1", Refused("message is too long"))
    ids = await room.add("1", "2")
    delivery = room.delivery()
    while await delivery.deliver_due():
        pass
    assert await room.states(ids) == [OutboxState.FAILED, OutboxState.SENT]


@pytest.mark.parametrize(
    ("kind", "sends", "state"),
    [
        (Kind.REPLY, 2, OutboxState.UNKNOWN),
        (Kind.REMINDER, 2, OutboxState.UNKNOWN),
        (Kind.ANNOUNCEMENT, 1, OutboxState.UNKNOWN),
    ],
)
async def test_doubtful_message_is_tried_as_its_kind_allows(
    room: Room, kind: Kind, sends: int, state: OutboxState
) -> None:
    room.post.fails("1", *(Unknown("no answer") for _ in range(9)))
    ids = await room.add("1", kind=kind)
    delivery, tried = room.delivery(), 0
    for _ in range(5):
        tried += await delivery.deliver_due()
        room.clock.advance(60)
    assert (tried, await room.states(ids)) == (sends, [state])


async def test_defect_of_a_channel_counts_as_doubt(room: Room) -> None:
    room.post.fails("1", KeyError("message_id"))
    ids = await room.add("1")
    delivery = room.delivery()
    await delivery.deliver_due()
    room.clock.advance(60)
    await delivery.deliver_due()
    assert await room.states(ids) == [OutboxState.SENT]


async def test_send_without_end_counts_as_doubt(room: Room) -> None:
    room.post.gate.clear()
    ids = await room.add("1", kind=Kind.ANNOUNCEMENT)
    await room.delivery(policy=Policy(send=0.01)).deliver_due()
    assert await room.states(ids) == [OutboxState.UNKNOWN]


async def test_replies_of_a_crashed_sender_are_sent_at_the_next_start(room: Room) -> None:
    await room.add("1")
    await room.crash_while_sending()
    await room.delivery(alone=True).deliver_due()
    assert room.texts == ["1"]


async def test_message_that_comes_with_a_crash_again_and_again_is_not_tried_for_ever(room: Room) -> None:
    ids = await room.add("1")
    for _ in range(6):
        await room.crash_while_sending()
        async with room.database.transaction() as tx:
            await tx.outbox.resume(NOW + timedelta(seconds=1), NOW)
    assert await room.states(ids) == [OutboxState.UNKNOWN]


async def test_announcement_of_a_crashed_sender_is_lost_for_nobody(room: Room) -> None:
    ids = await room.add("1", kind=Kind.ANNOUNCEMENT)
    await room.crash_while_sending()
    await room.delivery(alone=True).deliver_due()
    assert await room.states(ids) == [OutboxState.SENT]


async def test_rows_of_another_living_sender_are_respected_until_its_lease_ends(room: Room) -> None:
    await room.add("1")
    await room.crash_while_sending()
    delivery = room.delivery(alone=False)
    await delivery.deliver_due()
    assert room.texts == []
    room.clock.advance(151)
    await delivery.deliver_due()
    assert room.texts == ["1"]


async def until(room: Room, ids: Sequence[int], state: OutboxState) -> None:
    for _ in range(500):
        if await room.states(ids) == [state] * len(ids):
            return
        await asyncio.sleep(0.01)
    pytest.fail(f"never {state}")


async def stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_running_delivery_serves_what_is_added(room: Room) -> None:
    task = asyncio.create_task(room.delivery().run())
    ids = await room.add("1", "2", "3")
    await until(room, ids, OutboxState.SENT)
    await stop(task)
    assert room.texts == ["1", "2", "3"]


async def test_slow_chat_does_not_hold_up_the_others(room: Room) -> None:
    room.post.gates["slow"] = asyncio.Event()
    slow = await room.add("slow", chat="slow")
    task = asyncio.create_task(room.delivery().run())
    await until(room, slow, OutboxState.SENDING)
    quick = await room.add("quick", chat="quick")
    await until(room, quick, OutboxState.SENT)
    assert await room.states(slow) == [OutboxState.SENDING]
    room.post.gates["slow"].set()
    await stop(task)


async def test_stop_finishes_what_is_in_flight(room: Room) -> None:
    room.post.gate.clear()
    ids = await room.add("1", "2")
    task = asyncio.create_task(room.delivery().run())
    await until(room, ids[:1], OutboxState.SENDING)
    asyncio.get_running_loop().call_later(0.05, room.post.gate.set)
    await stop(task)
    assert await room.states(ids) == [OutboxState.SENT, OutboxState.WAITING]


async def test_stop_does_not_wait_for_ever(room: Room) -> None:
    room.post.gate.clear()
    ids = await room.add("1")
    task = asyncio.create_task(room.delivery(policy=Policy(farewell=0.02)).run())
    await until(room, ids, OutboxState.SENDING)
    await stop(task)
    assert await room.states(ids) == [OutboxState.WAITING]


class Flaky(Database):
    """A server that is away for the first so many transactions, once told so."""

    away = 0

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        if self.away:
            self.away -= 1
            raise DatabaseAway("restarting")
        async with super().transaction() as tx:
            yield tx


async def test_message_sent_while_the_database_goes_away_is_recorded_not_repeated(
    room: Room, database_url: str
) -> None:
    flaky = await Flaky.open(database_url)
    room.post.gate.clear()
    ids = await room.add("1")
    task = asyncio.create_task(Delivery(flaky, {"web": room.post}, Silence(), room.clock).run())
    await until(room, ids, OutboxState.SENDING)
    flaky.away = 2
    room.post.gate.set()
    await until(room, ids, OutboxState.SENT)
    await stop(task)
    await flaky.close()
    assert room.texts == ["1"]


class Ledger:
    def __init__(self) -> None:
        self.lines: list[tuple[str, Kind, Step, float]] = []
        self.loops: list[str] = []

    def looping(self, channel: str) -> None:
        self.loops.append(channel)

    def delivered(self, channel: str, kind: Kind, step: Step, seconds: float) -> None:
        self.lines.append((channel, kind, step, seconds))


async def test_watcher_hears_every_outcome(room: Room) -> None:
    ledger = Ledger()
    await room.add("1")
    room.clock.advance(2)
    around = Surroundings(watcher=ledger)
    await Delivery(room.database, {"web": room.post}, Silence(), room.clock, around).deliver_due()
    assert ledger.lines == [("web", Kind.REPLY, Step.SENT, 2.0)]

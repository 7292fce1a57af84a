"""Outside 24 hours only templates go, to as many people a day as the tier allows, the most urgent first."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.channels.port import Limits, Traits
from bot.delivery import Delivery, Surroundings
from bot.errors import AccountStopped, Refused, TemplateTrouble, WindowClosed
from bot.messages import Address, Kind, Opening, Outgoing
from bot.store.engine import Database
from bot.store.outbox import NewDelivery
from bot.store.tables import OutboxState
from bot.store.troubles import ACCOUNT, Trouble
from tests.fakes import Clock, PlainChannel

NOW = datetime(2026, 11, 28, 9, 0, tzinfo=UTC)
WINDOW = timedelta(hours=24)
OPENING = Opening("announcement", (("text", "Réunion"), ("code", "ABC-DEFG")))


class Bell:
    alone = True

    async def wait(self, name: str, seconds: float) -> bool:
        return False


class Post(PlainChannel):
    """A channel with a window and a tier."""

    def __init__(self, people_a_day: int | None = None) -> None:
        super().__init__("whatsapp", Traits(Limits(people_a_day=people_a_day), window=WINDOW))

    @property
    def told(self) -> list[tuple[str, bool]]:
        return [(m.address.chat_id, m.held_as is not None) for m in self.sent]


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


def sender(database: Database, post: Post, clock: Clock) -> Delivery:
    return Delivery(database, {"whatsapp": post}, Bell(), clock, Surroundings(steady=lambda: 0.0))


async def queue(database: Database, *chats: str, kind: Kind = Kind.ANNOUNCEMENT, now: datetime = NOW) -> None:
    async with database.transaction() as tx:
        rows = [Outgoing(Address("whatsapp", c), "Texte", kind=kind, opening=OPENING) for c in chats]
        await tx.outbox.add([NewDelivery(row, now) for row in rows], now)


async def wrote(database: Database, chat: str, at: datetime) -> None:
    async with database.transaction() as tx:
        await tx.people.find_or_create("whatsapp", chat, at)
        await tx.windows.wrote(Address("whatsapp", chat), at)


async def states(database: Database, chats: Sequence[str]) -> list[OutboxState]:
    async with database.transaction() as tx:
        return [(await tx.outbox.history("whatsapp", chat))[-1].state for chat in chats]


async def test_who_wrote_lately_gets_the_whole_and_others_a_template(
    database: Database, clock: Clock
) -> None:
    await wrote(database, "1", NOW - timedelta(hours=23))
    await wrote(database, "2", NOW - timedelta(hours=25))
    await queue(database, "1", "2", "3")
    post = Post()
    await sender(database, post, clock).deliver_due()
    assert sorted(post.told) == [("1", False), ("2", True), ("3", True)]


async def test_window_is_taken_for_closed_a_little_before_its_end(database: Database, clock: Clock) -> None:
    await wrote(database, "1", NOW - WINDOW + timedelta(seconds=90))
    await queue(database, "1")
    post = Post()
    await sender(database, post, clock).deliver_due()
    assert post.told == [("1", True)]


async def test_late_news_of_an_old_message_closes_nothing(database: Database, clock: Clock) -> None:
    await wrote(database, "1", NOW - timedelta(hours=1))
    await wrote(database, "1", NOW - timedelta(days=6))
    await queue(database, "1")
    post = Post()
    await sender(database, post, clock).deliver_due()
    assert post.told == [("1", False)]


async def test_tier_is_obeyed_by_rolling_24_hours_and_over_a_restart(
    database: Database, clock: Clock
) -> None:
    await queue(database, *"abcde")
    post = Post(people_a_day=2)
    await sender(database, post, clock).deliver_due()
    clock.passes(hours=23, minutes=59)
    await sender(database, post, clock).deliver_due()
    assert len(post.sent) == 2
    clock.passes(minutes=2)
    await sender(database, post, clock).deliver_due()
    assert len(post.sent) == 4
    clock.passes(hours=24, minutes=1)
    await sender(database, post, clock).deliver_due()
    assert [chat for chat, _ in post.told] == ["a", "b", "c", "d", "e"]


async def test_reminders_get_what_is_left_of_the_day_before_announcements(
    database: Database, clock: Clock
) -> None:
    await queue(database, "a", "b")
    await queue(database, "c", kind=Kind.REMINDER)
    post = Post(people_a_day=1)
    await sender(database, post, clock).deliver_due()
    assert [chat for chat, _ in post.told] == ["c"]


async def test_same_person_twice_a_day_counts_once(database: Database, clock: Clock) -> None:
    post = Post(people_a_day=1)
    for _ in range(2):
        await queue(database, "a", now=clock())
        await sender(database, post, clock).deliver_due()
        clock.passes(hours=1)
    assert len(post.sent) == 2


async def test_who_is_inside_the_window_needs_no_place_of_the_day(database: Database, clock: Clock) -> None:
    await queue(database, "a")
    await wrote(database, "b", NOW)
    await queue(database, "b")
    post = Post(people_a_day=1)
    await sender(database, post, clock).deliver_due()
    assert sorted(post.told) == [("a", True), ("b", False)]


async def test_row_refused_for_a_closed_window_is_told_by_a_template(
    database: Database, clock: Clock
) -> None:
    await wrote(database, "1", NOW)
    await queue(database, "1")
    post = Post()
    post.failures.append(WindowClosed("131047"))
    delivery = sender(database, post, clock)
    await delivery.deliver_due()
    await delivery.deliver_due()
    assert post.told == [("1", True)]
    assert await states(database, "1") == [OutboxState.SENT]


async def test_template_refused_for_a_closed_window_is_refused(database: Database, clock: Clock) -> None:
    await queue(database, "1")
    post = Post()
    post.failures.append(WindowClosed("131047"))
    delivery = sender(database, post, clock)
    await delivery.deliver_due()
    await delivery.deliver_due()
    assert await states(database, "1") == [OutboxState.FAILED]


async def test_missing_template_stops_only_what_needs_it_until_it_is_there(
    database: Database, clock: Clock
) -> None:
    post = Post()
    post.failures.append(TemplateTrouble("132001"))
    delivery = sender(database, post, clock)
    await queue(database, "1")
    await delivery.deliver_due()
    await queue(database, "2")
    await wrote(database, "3", NOW)
    await queue(database, "3")
    async with database.transaction() as tx:
        await tx.outbox.add([NewDelivery(Outgoing(Address("whatsapp", "4"), "Réponse"), NOW)], NOW)
    await delivery.deliver_due()
    assert sorted(post.told) == [("3", False), ("4", True)]
    async with database.transaction() as tx:
        assert await tx.troubles.news(NOW) == [Trouble("whatsapp", "announcement", "132001")]
        await tx.troubles.over("whatsapp", ["announcement"])
    clock.passes(minutes=11)
    await delivery.deliver_due()
    assert sorted(chat for chat, _ in post.told) == ["1", "2", "3", "4"]


async def test_stopped_account_loses_nothing_and_is_noted(database: Database, clock: Clock) -> None:
    steady = [0.0]
    post = Post()
    post.failures.append(AccountStopped("368: locked", 600.0))
    around = Surroundings(steady=lambda: steady[0])
    delivery = Delivery(database, {"whatsapp": post}, Bell(), clock, around)
    await queue(database, "1")
    await delivery.deliver_due()
    async with database.transaction() as tx:
        assert await tx.troubles.of("whatsapp") == {ACCOUNT}
    clock.passes(seconds=601)
    steady[0] += 601
    await delivery.deliver_due()
    assert post.told == [("1", True)]


async def test_taking_back_is_left_to_the_platform_to_refuse(database: Database, clock: Clock) -> None:
    post = Post(people_a_day=1)
    await queue(database, "1")
    delivery = sender(database, post, clock)
    await delivery.deliver_due()
    async with database.transaction() as tx:
        (row,) = await tx.outbox.history("whatsapp", "1")
        await tx.outbox.withdraw(row.id, clock())
    post.failures.append(Refused("WhatsApp changes nothing that was sent"))
    await delivery.deliver_due()
    assert len(post.sent) == 1


async def test_same_trouble_is_news_once_and_another_reason_again(database: Database) -> None:
    async def news(reason: str) -> list[Any]:
        async with database.transaction() as tx:
            await tx.troubles.note(Trouble("whatsapp", "announcement", reason), NOW)
            return list(await tx.troubles.news(NOW))

    assert [len(await news(reason)) for reason in ("paused", "paused", "rejected")] == [1, 0, 1]

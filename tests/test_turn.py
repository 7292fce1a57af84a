"""One turn: what fails is undone and tried again, what is unreadable is set apart, order is kept."""

from dataclasses import replace
from datetime import date

from bot.channels.port import Received
from bot.intake import Intake
from bot.store.engine import Database
from bot.store.tables import IncomingState
from bot.turn import Room, Turns
from nlu.meaning import Interpretation
from tests.fakes import Chat, Clock, PlainChannel, Watcher


class Stumbling:
    """An interpreter that breaks on one text."""

    async def interpret(self, text: str, language: str | None, today: date) -> Interpretation:
        if text == "boom":
            raise ZeroDivisionError("as a bug would")
        return Interpretation("fr", True, "thank", 1.0, (), (("thank", 1.0),))


def _stumbling(database: Database, room: Room) -> Chat:
    clock = room.clock
    assert isinstance(clock, Clock)
    broken = replace(room, interpreter=Stumbling())
    return Chat(database, Intake(database, room.channels, clock), Turns(database, broken), clock, "amina")


async def test_failing_turn_is_tried_three_times_then_apologised_for_once(
    database: Database, room: Room
) -> None:
    chat = _stumbling(database, room)
    await chat.says("boom")
    assert not chat.replies
    for _ in range(5):
        chat.clock.passes(seconds=10)
        await chat.receives({"id": "noise", "from": "other", "at": chat.clock().isoformat(), "text": "merci"})
    assert [m.text.partition(",")[0] for m in await chat.everything()] == ["Pardon"]


async def test_what_was_written_after_a_failing_message_is_answered_after_it(
    database: Database, room: Room
) -> None:
    chat = _stumbling(database, room)
    await chat.says("boom")
    await chat.says("merci")
    assert not chat.replies
    for seconds in (2, 10, 1):
        chat.clock.passes(seconds=seconds)
        await chat.receives({"id": "noise", "from": "other", "at": chat.clock().isoformat(), "text": "merci"})
    texts = [m.text for m in await chat.everything()]
    assert texts[0].startswith("Pardon")
    assert len(texts) == 2


async def test_unreadable_event_is_quarantined_and_does_not_stop_the_next(
    chat: Chat, database: Database
) -> None:
    await chat.sends(unreadable=True)
    await chat.says("bonjour")
    assert chat.replies
    async with database.transaction() as tx:
        assert await tx.inbox.count(IncomingState.QUARANTINED) == 1


async def test_event_postgresql_cannot_store_is_quarantined(database: Database, room: Room) -> None:
    intake = Intake(database, room.channels, room.clock)
    await intake.store("plain", [Received("nul", {"id": "nul", "from": "a", "at": "x", "text": "a\0b"})])
    async with database.transaction() as tx:
        assert await tx.inbox.count(IncomingState.QUARANTINED) == 1


async def test_turns_are_reported_to_the_watcher(chat: Chat, room: Room) -> None:
    await chat.says("bonjour")
    assert isinstance(room.watcher, Watcher)
    assert room.watcher.outcomes == ["handled"]
    assert isinstance(room.channels["plain"], PlainChannel)


async def test_flood_gets_one_notice_and_answers_again_after_a_minute(chat: Chat) -> None:
    for _ in range(40):
        await chat.says("merci")
    notices = [m for m in await chat.everything() if "très vite" in m.text]
    assert len(notices) == 1
    chat.clock.passes(minutes=2)
    await chat.says("merci")
    assert chat.replies

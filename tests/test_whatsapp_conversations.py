"""People on WhatsApp and the whole bot but its delivery: who they are, what they take back, what cannot be read."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from bot.intake import Intake
from bot.store.engine import Database
from bot.store.outbox import Settled, Step
from bot.store.tables import IncomingRow, IncomingState, OutboxRow
from bot.turn import Room, Turns
from tests.channels.whatsapp_bench import (
    AMINA,
    AMINAS_NUMBER,
    channel,
    message,
    status,
    text,
    value,
    webhook,
)

BY_NUMBER: list[dict[str, Any]] = [{"profile": {"name": "Amina"}, "wa_id": AMINAS_NUMBER}]
QUESTION = "Où trouver un espace numérique à Ali Sabieh ?"


class Line:
    """Meta's deliveries into the bot, and what the bot has to say to each chat."""

    def __init__(self, database: Database, room: Room) -> None:
        self.database = database
        self.whatsapp = channel()
        channels = {**room.channels, "whatsapp": self.whatsapp}
        self.clock = room.clock
        self._intake = Intake(database, channels, room.clock)
        self._turns = Turns(database, replace(room, channels=channels))

    async def brings(self, *values: dict[str, Any], field: str = "messages") -> None:
        await self._intake.store("whatsapp", self.whatsapp.events(webhook(*values, field=field)))
        while await self._turns.take_one():
            pass

    async def said_to(self, chat: str) -> list[str]:
        async with self.database.transaction() as tx:
            return [past.text for past in await tx.outbox.history("whatsapp", chat, limit=100)]

    async def person(self, external_id: str) -> int | None:
        async with self.database.transaction() as tx:
            found = await tx.people.find("whatsapp", external_id)
        return found.id if found else None

    async def count(self, state: IncomingState) -> int:
        async with self.database.transaction() as tx:
            return await tx.inbox.count(state)


@pytest.fixture
def line(database: Database, room: Room) -> Line:
    return Line(database, room)


async def test_a_question_is_answered_once_however_often_it_is_delivered(line: Line) -> None:
    one = value(messages=[text(QUESTION)])
    await line.brings(one)
    answers = await line.said_to(AMINA)
    await line.brings(one, one)
    await line.brings(value(messages=[text("salut", "wamid.2")]), one)
    assert any("Ali Sabieh" in answer for answer in answers)
    assert (await line.said_to(AMINA))[: len(answers)] == answers
    assert await line.count(IncomingState.HANDLED) == 2


async def test_every_message_of_a_batch_is_answered_in_its_order(line: Line) -> None:
    other = {"profile": {"name": "Ali"}, "wa_id": "25377999999", "user_id": "DJ.2"}
    hers = [text("/help", "wamid.1"), text(QUESTION, "wamid.2")]
    his = text("/help", "wamid.3") | {"from": "25377999999"}
    await line.brings(value(messages=hers), value(messages=[his], contacts=[other]))
    amina = await line.said_to(AMINA)
    assert "Bonjour" in amina[0]
    assert any("Ali Sabieh" in answer for answer in amina[1:])
    assert "Bonjour" in (await line.said_to("DJ.2"))[0]


async def test_a_message_of_a_week_ago_is_read_like_any_other(line: Line) -> None:
    await line.brings(value(messages=[text(QUESTION, timestamp="1763000000")]))
    assert any("Ali Sabieh" in answer for answer in await line.said_to(AMINA))


async def test_a_person_known_by_number_keeps_person_and_conversation_when_the_user_id_comes(
    line: Line,
) -> None:
    await line.brings(value(messages=[text("slt")], contacts=BY_NUMBER))
    known = await line.person(AMINAS_NUMBER)
    await line.brings(value(messages=[text(QUESTION, "wamid.2")]))
    assert known is not None
    assert await line.person(AMINA) == known
    assert await line.said_to(AMINAS_NUMBER) == []
    assert len(await line.said_to(AMINA)) >= 2
    async with line.database.transaction() as tx:
        assert [i.external_id for i in await tx.people.identities(known)] == [AMINA]


async def test_an_event_that_names_the_number_alone_is_of_the_person_known_by_user_id(line: Line) -> None:
    await line.brings(value(messages=[text("slt")]))
    before = await line.said_to(AMINA)
    await line.brings(value(messages=[text(QUESTION, "wamid.2")], contacts=BY_NUMBER))
    assert await line.person(AMINAS_NUMBER) is None
    assert len(await line.said_to(AMINA)) > len(before)


@pytest.mark.parametrize("customer", [AMINA, AMINAS_NUMBER])
async def test_a_new_number_takes_person_conversation_and_waiting_messages_along(
    line: Line, customer: str
) -> None:
    await line.brings(value(messages=[text("slt")]))
    known = await line.person(AMINA)
    system = {"type": "user_changed_number", "customer": customer, "wa_id": "25377000001", "user_id": "DJ.9"}
    await line.brings(value(messages=[message("wamid.2", type="system", system=system)], contacts=[]))
    assert await line.person("DJ.9") == known
    assert await line.said_to("DJ.9") != []
    assert await line.said_to(AMINA) == []


async def test_who_wrote_from_the_new_number_before_it_was_told_is_recognised_afterwards(line: Line) -> None:
    """Events may come in any order."""
    await line.brings(value(messages=[text("slt")]))
    new = {"profile": {"name": "Amina"}, "wa_id": "25377000001", "user_id": "DJ.9"}
    await line.brings(value(messages=[text("slt", "wamid.2") | {"from": "25377000001"}], contacts=[new]))
    known = await line.person(AMINA)
    assert await line.person("DJ.9") != known
    system = {"type": "user_changed_number", "customer": AMINA, "user_id": "DJ.9"}
    await line.brings(value(messages=[message("wamid.3", type="system", system=system)], contacts=[]))
    assert await line.person("DJ.9") == known
    assert await line.person(AMINA) is None


async def test_a_number_given_to_somebody_who_has_agreed_to_something_stays_theirs(line: Line) -> None:
    await line.brings(value(messages=[text("slt")]))
    new = {"profile": {"name": "Ali"}, "wa_id": "25377000001", "user_id": "DJ.9"}
    await line.brings(value(messages=[text("slt", "wamid.2") | {"from": "25377000001"}], contacts=[new]))
    theirs = await line.person("DJ.9")
    assert theirs is not None
    async with line.database.transaction() as tx:
        await tx.people.consent(theirs, line.clock())
    system = {"type": "user_changed_number", "customer": AMINA, "user_id": "DJ.9"}
    await line.brings(value(messages=[message("wamid.3", type="system", system=system)], contacts=[]))
    assert await line.person("DJ.9") == theirs


async def test_a_message_taken_back_is_kept_without_its_words(line: Line) -> None:
    await line.brings(value(messages=[text("je m'appelle Amina Robleh")]))
    revoke = {"type": "revoke", "revoke": {"original_message_id": "wamid.1"}}
    await line.brings(value(messages=[message("wamid.2", **revoke)]))
    async with line.database.transaction() as tx:
        kept = await tx.inbox.history(f"whatsapp:{AMINA}::")
    assert "Robleh" not in str([past.payload for past in kept])
    assert [past.state for past in kept] == [IncomingState.HANDLED] * 2


async def test_nobody_takes_back_what_another_wrote(line: Line) -> None:
    await line.brings(value(messages=[text("slt")]))
    revoke = {"type": "revoke", "revoke": {"original_message_id": "wamid.1"}}
    other = [{"wa_id": "25377999999", "user_id": "DJ.2"}]
    await line.brings(
        value(messages=[message("wamid.2", **revoke) | {"from": "25377999999"}], contacts=other)
    )
    async with line.database.transaction() as tx:
        (kept,) = await tx.inbox.history(f"whatsapp:{AMINA}::")
    assert kept.payload["message"]["text"]["body"] == "slt"


async def test_marketing_switched_off_in_whatsapp_is_a_stop_and_on_again_a_welcome(line: Line) -> None:
    await line.brings(value(messages=[text("slt")]))

    async def switched(chosen: str) -> bool:
        preference = {
            "wa_id": AMINAS_NUMBER,
            "value": chosen,
            "category": "marketing_messages",
            "timestamp": 1,
        }
        await line.brings(value(user_preferences=[preference]), field="user_preferences")
        async with line.database.transaction() as tx:
            person = await tx.people.find("whatsapp", AMINA)
        assert person is not None
        return person.wishes.stopped_at is not None

    assert [await switched("stop"), await switched("resume")] == [True, False]


async def test_who_could_not_be_reached_and_writes_can_be_written_to(line: Line) -> None:
    await line.brings(value(messages=[text("slt")]))
    async with line.database.transaction() as tx:
        await tx.people.mark_reachable("whatsapp", AMINA, False, line.clock())
    await line.brings(value(messages=[text("slt", "wamid.2")]))
    async with line.database.transaction() as tx:
        person = await tx.people.find("whatsapp", AMINA)
        assert person is not None
        assert [i.reachable for i in await tx.people.identities(person.id)] == [True]


@pytest.mark.parametrize(
    "sent",
    [
        {"type": "audio", "audio": {"id": "7", "voice": True}},
        {"type": "image", "image": {"id": "7"}},
        {"type": "document", "document": {"id": "7", "filename": "statuts.pdf"}},
        {"type": "sticker", "sticker": {"id": "7"}},
        {"type": "unsupported", "errors": [{"code": 131051}]},
        {"type": "contacts", "contacts": [{"phones": [{"phone": "77 65 43 21"}]}]},
        {"type": "hologram"},
    ],
)
async def test_what_cannot_be_used_is_answered_politely_and_kept_by_its_id(
    line: Line, sent: dict[str, Any]
) -> None:
    await line.brings(value(messages=[message(**sent)]))
    assert len(await line.said_to(AMINA)) == 1
    async with line.database.transaction() as tx:
        (kept,) = await tx.inbox.history(f"whatsapp:{AMINA}::")
    assert kept.payload["message"].items() >= sent.items()


@pytest.mark.parametrize(
    "sent",
    [
        {"type": "reaction", "reaction": {"message_id": "wamid.0", "emoji": "👍"}},
        {"type": "interactive", "interactive": {"type": "call_permission_reply"}},
    ],
)
async def test_a_reaction_is_not_answered(line: Line, sent: dict[str, Any]) -> None:
    await line.brings(value(messages=[message(**sent)]))
    assert await line.said_to(AMINA) == []


@pytest.mark.parametrize(
    ("place", "title"),
    [
        ((11.56, 43.11), "Balbala"),
        ((11.79, 42.88), "Espace public numérique de Tadjourah"),
        ((11.10, 42.37), "Espace public numérique de Dikhil"),
        ((48.86, 2.35), "numérique"),
    ],
)
async def test_a_location_is_answered_with_the_nearest_digital_space(
    line: Line, place: tuple[float, float], title: str
) -> None:
    await line.brings(value(messages=[text("bonjour, aide")]))
    before = len(await line.said_to(AMINA))
    here = {"type": "location", "location": {"latitude": place[0], "longitude": place[1]}}
    await line.brings(value(messages=[message("wamid.2", **here)]))
    assert title in (await line.said_to(AMINA))[before]


async def test_a_corrected_message_is_answered_as_corrected(line: Line) -> None:
    await line.brings(value(messages=[text("Ou trouver un espce")]))
    corrected = {"type": "edit", "edit": {"message": {"type": "text", "text": {"body": QUESTION}}}}
    await line.brings(value(messages=[message("wamid.2", **corrected)]))
    assert any("Ali Sabieh" in answer for answer in await line.said_to(AMINA))


async def test_what_nobody_can_read_is_quarantined_beside_what_is_answered(line: Line) -> None:
    await line.brings(value(messages=[text("/help"), message("wamid.2", type="text")]))
    assert (await line.count(IncomingState.QUARANTINED), len(await line.said_to(AMINA))) == (1, 1)
    async with line.database.transaction() as tx:
        found = select(IncomingRow.error).where(IncomingRow.state == IncomingState.QUARANTINED)
        assert (await tx.session.scalars(found)).all() == ["messages: KeyError 'text'"]


async def test_statuses_of_a_batch_find_their_message(line: Line) -> None:
    await line.brings(value(messages=[text("slt")]))
    async with line.database.transaction() as tx:
        (claimed,) = await tx.outbox.claim(["whatsapp"], line.clock(), 10)
        await tx.outbox.settle([Settled(claimed.id, Step.SENT, "wamid.OUT")], line.clock())
    told = [status("wamid.OUT", name) for name in ("read", "sent", "delivered")]
    await line.brings(value(statuses=told, contacts=[{"wa_id": AMINAS_NUMBER, "user_id": AMINA}]))
    async with line.database.transaction() as tx:
        row = await tx.session.get_one(OutboxRow, claimed.id)
        assert row.read_at is not None
    assert await line.count(IncomingState.HANDLED) == 4

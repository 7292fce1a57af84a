"""What an announcement on WhatsApp costs and how long it takes, before it leaves; and how its whole is read."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.announcement_ticks import AnnouncementTicks
from bot.channels.port import Traits
from bot.errors import ContentError
from bot.messages import Address, Button, Kind, Opening, Outgoing
from bot.postage import Postage, Rates, read_rates
from bot.store.engine import Database
from bot.store.outbox import NewDelivery
from bot.store.tables import IdentityRow
from bot.turn import Room
from tests.announcing import Chats, Invited, coordinator_of, deliver, draft, joined, send, start, to_everybody
from tests.fakes import Chat, PlainChannel

FILE = Path(__file__).parent.parent / "data" / "whatsapp_rates.yml"
RATES = Rates(
    date(2026, 10, 1),
    "Meta",
    True,
    "USD",
    {"UTILITY": Decimal("0.004"), "MARKETING": Decimal("0.0225")},
    Decimal("0.002"),
    1000,
)
POSTAGE = Postage(RATES, "UTILITY", 2)


@pytest.fixture
async def room(room: Room) -> Room:
    paid = PlainChannel("whatsapp", Traits(window=timedelta(hours=24), each_costs=True))
    return replace(room, postage=POSTAGE, channels={**room.channels, "whatsapp": paid})


async def on_whatsapp(database: Database, chat: Chat, number: str, language: str, hours: int) -> int:
    """Somebody who wrote so many hours ago."""
    at = chat.clock() - timedelta(hours=hours)
    async with database.transaction() as tx:
        person = await tx.people.find_or_create("whatsapp", number, at)
        await tx.people.set_language(person.id, language)
        await tx.windows.wrote(Address("whatsapp", number), at)
    return person.id


@pytest.mark.parametrize(
    ("inside", "outside", "opened", "days", "cost"),
    [
        (10, 0, 2, 1, "0.02"),
        (0, 2, 0, 1, "0.01"),
        (0, 3, 0, 2, "0.01"),
        (0, 3, 2, 3, "0.01"),
        (100, 1000, 0, 500, "4.20"),
    ],
)
def test_days_by_tier_and_cost_by_category(
    inside: int, outside: int, opened: int, days: int, cost: str
) -> None:
    estimate = POSTAGE.estimate(inside, outside, opened)
    assert (estimate.days, str(estimate.cost)) == (days, cost)


def test_account_without_a_tier_needs_one_day() -> None:
    assert Postage(RATES, "MARKETING", None).estimate(0, 10_000, 0).days == 1


def test_rates_of_the_file_say_that_they_are_examples_and_whence() -> None:
    rates = read_rates(FILE)
    assert rates.example
    assert len(rates.source) > 8


@pytest.mark.parametrize(
    ("good", "bad", "told"),
    [
        ("as_of: 2026-10-01", "as_of: hier", r"whatsapp_rates\.yml:\d+: as_of: must be a date"),
        ("UTILITY: 0.0040", "UTILITY: cher", r"templates\.UTILITY: must be a price"),
        ("  MARKETING: 0.0225\n", "", "templates: must hold exactly UTILITY, MARKETING"),
        ("example: true", "example: oui", "example: must be true or false"),
        ("replies: 0.0040\n", "", "must hold exactly"),
        ("currency: USD", "currency: 5", "currency: must be a text"),
    ],
)
def test_mistake_in_the_rates_is_told(tmp_path: Path, good: str, bad: str, told: str) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert good in text
    path = tmp_path / "whatsapp_rates.yml"
    path.write_text(text.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(ContentError, match=told):
        read_rates(path)


async def test_preview_tells_reach_days_and_cost(chats: Chats, invited: Invited, database: Database) -> None:
    coordinator = await coordinator_of(chats, invited)
    for number, hours in (("1", 2), ("2", 30), ("3", 50), ("4", 70)):
        await on_whatsapp(database, coordinator, number, "fr", hours)
    await draft(coordinator)
    await to_everybody(coordinator)
    await coordinator.taps("Aperçu")
    coordinator.hears("whatsapp 4")
    coordinator.hears("WhatsApp : 1 reçoivent tout de suite le texte entier, 3 d'abord un modèle")
    coordinator.hears("Il y faut 2 jours : WhatsApp nous en permet 2 par jour.")
    coordinator.hears("Coût : au plus 0,01 USD (tarifs du 01/10/2026).")
    coordinator.hears("tarifs d'exemple")


async def test_preview_without_whatsapp_says_nothing_of_it(chats: Chats, invited: Invited) -> None:
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await to_everybody(coordinator)
    await coordinator.taps("Aperçu")
    assert "WhatsApp" not in coordinator.text


async def test_announcement_carries_its_french_for_who_has_not_written_for_long(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    coordinator = await coordinator_of(chats, invited)
    await on_whatsapp(database, coordinator, "1", "so", 30)
    await draft(coordinator, "Réunion lundi.")
    await coordinator.taps("Textes")
    await coordinator.taps("Somali")
    await coordinator.says("Kulan Isniinta.")
    await to_everybody(coordinator)
    await send(coordinator)
    await start(coordinator, ticks)
    async with database.transaction() as tx:
        (row,) = await tx.outbox.claim(["whatsapp"], coordinator.clock(), 50)
    assert row.message.text.startswith("Kulan Isniinta.")
    assert row.message.language == "so"
    assert row.message.opening is not None
    assert dict(row.message.opening.values)["text"] == "Réunion lundi."


async def test_who_has_telegram_too_is_written_to_there(chats: Chats, database: Database) -> None:
    chat = await joined(chats("amina"))
    person = await on_whatsapp(database, chat, "1", "fr", 1)
    async with database.transaction() as tx:
        stranger = await tx.people.find_or_create("telegram", "7", chat.clock())
        await tx.session.execute(
            update(IdentityRow).where(IdentityRow.person_id == stranger.id).values(person_id=person)
        )
        (recipient,) = await tx.enrolments.people([person])
    assert recipient.address == Address("telegram", "7")


async def held(database: Database, chat: Chat, message: Outgoing, source: str | None = None) -> int:
    """A message to this chat of which only a template was sent."""
    async with database.transaction() as tx:
        recipient = "person:1" if source else None
        (number,) = await tx.outbox.add(
            [NewDelivery(message, chat.clock(), source=source, recipient=recipient)], chat.clock()
        )
    return number


def read(number: int, language: str) -> str:
    return f"/delivery_report{json.dumps({'id': str(number), 'tell': f'read:{language}'})}"


async def test_button_of_a_template_gives_the_whole_message_with_its_buttons(
    chat: Chat, database: Database
) -> None:
    await joined(chat)
    button = Button("Autres formations", payload="/find_training")
    message = Outgoing(Address("plain", "amina"), "Berri: tababar", (button,), Kind.REMINDER)
    number = await held(database, chat, message)
    await chat.sends(tap=read(number, "so"))
    assert [(m.text, m.buttons) for m in chat.replies] == [("Berri: tababar", (button,))]
    await chat.says("asc")
    assert "Bonjour" not in chat.text


async def test_announcement_is_read_in_the_language_tapped(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    reader = await joined(chats("amina"))
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator, "Réunion lundi.")
    await coordinator.taps("Textes")
    await coordinator.taps("Somali")
    await coordinator.says("Kulan Isniinta.")
    await to_everybody(coordinator)
    await send(coordinator)
    await start(coordinator, ticks)
    async with database.transaction() as tx:
        past = await tx.outbox.history("plain", "amina")
    await reader.sends(tap=read(past[-1].id, "so"))
    reader.hears("Kulan Isniinta.")
    await reader.sends(tap=read(past[-1].id, "fr"))
    reader.hears("Réunion lundi.")


async def test_nobody_reads_what_was_written_to_another_chat(chats: Chats, database: Database) -> None:
    bilan = await joined(chats("bilan"))
    number = await held(database, bilan, Outgoing(Address("plain", "amina"), "secret"))
    await bilan.sends(tap=read(number, "fr"))
    assert "secret" not in bilan.text
    bilan.hears("Ce message n'est plus là")


async def test_what_was_taken_back_is_not_read_any_more(chat: Chat, database: Database) -> None:
    await joined(chat)
    number = await held(database, chat, Outgoing(Address("plain", "amina"), "erreur"))
    await deliver(database, chat)
    async with database.transaction() as tx:
        await tx.outbox.withdraw(number, chat.clock())
    await chat.sends(tap=read(number, "fr"))
    assert "erreur" not in chat.text


async def test_opening_survives_the_database(database: Database, chat: Chat) -> None:
    opening = Opening("training_change", (("title", "Compta"), ("text", "Annulée")))
    message = Outgoing(Address("plain", "amina"), "La baajiyay", language="so", opening=opening)
    await held(database, chat, message)
    (sent,) = await deliver(database, chat)
    assert (sent.language, sent.opening) == ("so", opening)

"""A person's own quiet hours, set in chat: in words, by buttons, in three languages; doubtful hours are asked."""

from datetime import UTC, datetime, time

import pytest

from bot.messages import Address, Kind, Outgoing
from bot.quiet import Hours
from bot.quiet_words import asks_for_quiet
from bot.store.engine import Database
from bot.store.outbox import NewDelivery
from tests.announcing import deliver
from tests.fakes import Chat
from tests.planners import consenting


async def hours_of(database: Database) -> Hours | None:
    async with database.transaction() as tx:
        person = await tx.people.find("plain", "amina")
    assert person is not None
    wishes = person.wishes
    if wishes.quiet_from is None or wishes.quiet_until is None:
        return None
    return Hours(wishes.quiet_from, wishes.quiet_until)


@pytest.mark.parametrize(
    "text",
    [
        "heures calmes",
        "ne pas me déranger de 20h à 8h",
        "ne me dérangez pas la nuit",
        "pas de messages la nuit svp",
        "je ne veux plus recevoir de messages la nuit",
        "stop les annonces après 21h",
        "habeenkii ha ii soo dirin farriimo",
        "ha i dhibin habeenkii",
        "saacadaha nasashada",
        "bara farmo hinna",
    ],
)
def test_asking_not_to_be_disturbed_is_recognised(text: str) -> None:
    assert asks_for_quiet(text)


@pytest.mark.parametrize(
    "text",
    [
        "stop",
        "stop les messages",
        "plus de rappels",
        "une formation la nuit ?",
        "on nous a volé un ordinateur la nuit",
        "jooji xusuusinta",
        "annonce pour lundi soir",
        "la réunion de 8h à 10h",
    ],
)
def test_other_words_about_nights_and_messages_are_not(text: str) -> None:
    assert not asks_for_quiet(text)


async def test_said_in_one_sentence_they_are_kept_and_told_back(chat: Chat, database: Database) -> None:
    await consenting(chat)
    await chat.says("Ne pas me déranger de 20h à 8h")
    chat.hears("20:00–08:00")
    assert await hours_of(database) == Hours(time(20), time(8))


async def test_asked_step_by_step_with_a_doubtful_hour(chat: Chat, database: Database) -> None:
    await consenting(chat)
    await chat.says("heures calmes")
    chat.hears("À partir de quelle heure")
    await chat.says("8h")
    chat.hears("08:00 ou 20:00")
    await chat.taps("20:00")
    chat.hears("Jusqu'à quelle heure")
    await chat.says("7h")
    chat.hears("20:00–07:00")
    assert await hours_of(database) == Hours(time(20), time(7))


async def test_somali_hour_with_two_readings_is_asked(chat: Chat, database: Database) -> None:
    await consenting(chat, "so")
    await chat.says("saacadaha nasashada")
    await chat.says("saacadda 2")
    chat.hears("08:00 mise 14:00")
    await chat.says("habeenkii saacadda 2")
    await chat.taps("20:00")
    await chat.says("06:00")
    kept = await hours_of(database)
    assert kept == Hours(time(20), time(6))
    chat.hears("20:00–06:00")


async def test_both_hours_given_to_the_question(chat: Chat, database: Database) -> None:
    await consenting(chat)
    await chat.sends(tap='/my_data{"tell": "quiet"}')
    await chat.says("de 22h à 6h")
    chat.hears("22:00–06:00")
    assert await hours_of(database) == Hours(time(22), time(6))


async def test_shown_in_my_data_changed_and_reset(chat: Chat, database: Database) -> None:
    await consenting(chat)
    await chat.says("mes données")
    chat.hears("heures calmes : 21:00–07:00, comme tout le monde")
    await chat.taps("Heures calmes")
    await chat.taps("22:00")
    await chat.taps("06:00")
    await chat.says("mes données")
    chat.hears("heures calmes : 22:00–06:00")
    await chat.taps("Heures calmes")
    await chat.taps("Aucune heure calme")
    chat.hears("la nuit aussi")
    await chat.taps("Comme tout le monde")
    chat.hears("21:00–07:00")
    assert await hours_of(database) is None
    await chat.says("merci")
    assert "heure" not in chat.text


async def test_stop_offers_quiet_hours_and_stays_a_stop(chat: Chat, database: Database) -> None:
    await consenting(chat)
    await chat.says("STOP")
    assert "Heures calmes" in chat.titles
    async with database.transaction() as tx:
        person = await tx.people.find("plain", "amina")
    assert person is not None
    assert person.wishes.stopped_at is not None


async def test_announcement_waits_for_the_end_of_hours_set_in_chat(chat: Chat, database: Database) -> None:
    await consenting(chat)
    await chat.says("ne pas déranger de 14h à 18h")
    afternoon = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # 15:00 in Djibouti
    await deliver(database, chat)
    bulk = Outgoing(Address("plain", "amina"), "Réunion", (), Kind.ANNOUNCEMENT)
    async with database.transaction() as tx:
        await tx.outbox.add([NewDelivery(bulk, afternoon, source="announcement:1", recipient="p")], afternoon)
        (taken,) = await tx.outbox.take("plain", afternoon, 0, 5)
    assert taken.quiet == (time(14), time(18))


async def test_erased_with_a_persons_data(chat: Chat, database: Database) -> None:
    await consenting(chat)
    await chat.says("ne pas déranger de 22h à 6h")
    await chat.sends(tap='/delete_my_data{"tell": "now"}')
    assert await hours_of(database) is None

"""Two accounts of one person are joined by a code: one profile, one history of consent, nothing twice."""

import re
from collections.abc import Awaitable, Callable

import pytest

from bot.messages import Address, Outgoing
from bot.organisation import Part
from bot.store.engine import Database
from bot.store.outbox import NewDelivery
from bot.store.tables import OutboxState
from tests.fakes import Chat
from tests.planners import consenting, coordinating, plan_excel

Invite = Callable[[str], Awaitable[str]]
Chats = Callable[[str], Chat]


async def code_of(chat: Chat) -> str:
    await chat.sends(tap="/my_data")
    await chat.taps("Mes comptes")
    await chat.taps("Relier un compte")
    found = re.search(r"\d{3} \d{3}", chat.text)
    assert found, chat.text
    return found.group()


async def linked(phone: Chat, computer: Chat) -> None:
    await computer.says(await code_of(phone))
    computer.hears("sont reliés")


async def person_of(database: Database, chat: Chat) -> int:
    async with database.transaction() as tx:
        person = await tx.people.find("plain", chat.person)
    assert person is not None
    return person.id


async def test_code_makes_two_accounts_one_person_and_tells_both(chats: Chats, database: Database) -> None:
    phone, computer = await consenting(chats("amina")), chats("amina-web")
    await computer.says("bonjour")
    await linked(phone, computer)
    told = (await phone.everything())[-1]
    assert "vient d'être relié" in told.text
    assert await person_of(database, phone) == await person_of(database, computer)
    await computer.sends(tap="/my_data")
    computer.hears("accord pour garder vos données : oui")


async def test_role_goes_with_the_person(chats: Chats, invited: Invite) -> None:
    phone, computer = await coordinating(chats("coord"), invited), chats("coord-web")
    await linked(phone, computer)
    await computer.sends(tap="/create_training")
    assert "Titre" in computer.text


async def test_stop_on_one_account_holds_on_both_and_is_said(chats: Chats, database: Database) -> None:
    phone, computer = await consenting(chats("amina")), chats("amina-web")
    await phone.says("STOP")
    await linked(phone, computer)
    computer.hears("STOP")
    async with database.transaction() as tx:
        person = await tx.people.find("plain", "amina-web")
    assert person is not None
    assert person.wishes.stopped_at is not None


async def test_three_wrong_codes_are_enough_even_if_the_fourth_is_right(chats: Chats) -> None:
    phone, stranger = await consenting(chats("amina")), chats("stranger")
    code = await code_of(phone)
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**6:06}"
    await stranger.says(wrong)
    stranger.hears("Essais restants : 2")
    await stranger.says(wrong)
    await stranger.says(wrong)
    stranger.hears("Trop de codes faux")
    await stranger.says(code)
    stranger.hears("Trop de codes faux")


async def test_many_accounts_guessing_together_are_stopped(chats: Chats) -> None:
    phone = await consenting(chats("amina"))
    code = await code_of(phone)
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**6:06}"
    for number in range(15):
        stranger = chats(f"stranger{number}")
        await stranger.says(wrong)
        await stranger.says(wrong)
    last = chats("last")
    await last.says(code)
    last.hears("Trop de codes faux")


async def test_code_is_over_after_ten_minutes(chats: Chats) -> None:
    phone, computer = await consenting(chats("amina")), chats("amina-web")
    code = await code_of(phone)
    phone.clock.passes(minutes=10)
    await computer.says(code)
    computer.hears("Ce code n'est pas bon")


async def test_code_is_good_once(chats: Chats) -> None:
    phone, computer, third = await consenting(chats("amina")), chats("amina-web"), chats("third")
    code = await code_of(phone)
    await computer.says(code)
    await third.says(code)
    third.hears("Ce code n'est pas bon")


async def test_own_code_typed_where_it_was_given_is_explained(chats: Chats) -> None:
    phone = await consenting(chats("amina"))
    await phone.says(await code_of(phone))
    phone.hears("depuis votre autre compte")


async def test_redelivered_code_is_answered_once(chats: Chats) -> None:
    phone, computer = await consenting(chats("amina")), chats("amina-web")
    event = {"id": "same", "from": "amina-web", "at": phone.clock().isoformat(), "text": await code_of(phone)}
    await computer.receives(event)
    computer.hears("sont reliés")
    await computer.receives(event)
    assert computer.replies == []


async def test_six_digits_in_a_form_are_its_answer(chats: Chats) -> None:
    phone = await consenting(chats("amina"))
    code = await code_of(phone)
    other = await consenting(chats("other"))
    await other.sends(tap="/register_osc")
    await other.says(code)
    assert "reliés" not in other.text


async def test_seats_in_one_training_become_one_and_who_waits_moves_up(chats: Chats, invited: Invite) -> None:
    coordinator = await coordinating(chats("coord"), invited)
    await plan_excel(coordinator, places="2")
    phone, computer, third = [await consenting(chats(name)) for name in ("amina", "amina-web", "fatouma")]
    for chat, place in ((phone, "M'inscrire"), (computer, "M'inscrire"), (third, "Liste d'attente")):
        await chat.sends(tap="/find_training")
        await chat.taps(place)
    await linked(phone, computer)
    assert "Une place s'est libérée" in (await third.everything())[-1].text
    await computer.sends(tap="/my_trainings")
    assert computer.text.count("Excel pour trésoriers") == 1


async def test_who_looks_after_an_organisation_still_does(chats: Chats, database: Database) -> None:
    phone, computer = await consenting(chats("amina")), await consenting(chats("amina-web"))
    values = {
        "name": "Association Horizon",
        "folded_name": "horizon",
        "legal_form": "association",
        "region": "Obock",
        "themes": ["eau"],
    }
    async with database.transaction() as tx:
        row = await tx.organisations.add(values, await person_of(database, phone), phone.clock())
        await tx.memberships.put(row.id, await person_of(database, computer), Part.MEMBER, phone.clock())
    await linked(phone, computer)
    async with database.transaction() as tx:
        assert await tx.memberships.part(row.id, await person_of(database, computer)) is Part.CONTACT


async def test_what_both_would_get_is_sent_once(chats: Chats, database: Database) -> None:
    phone, computer = await consenting(chats("amina")), await consenting(chats("amina-web"))
    now = phone.clock()
    async with database.transaction() as tx:
        rows = [
            NewDelivery(
                Outgoing(Address("plain", chat.person), "annonce"),
                now,
                source="announcement:1",
                recipient=f"person:{await person_of(database, chat)}",
                person_id=await person_of(database, chat),
            )
            for chat in (phone, computer)
        ]
        await tx.outbox.add(rows, now)
    await linked(phone, computer)
    states = [await _announcement_state(database, chat) for chat in (phone, computer)]
    assert sorted(states) == [OutboxState.CANCELLED, OutboxState.WAITING]


async def _announcement_state(database: Database, chat: Chat) -> str:
    connection = await database.connect()
    try:
        state: str = await connection.fetchval(
            "SELECT state FROM outbox WHERE source = 'announcement:1' AND chat_id = $1", chat.person
        )
    finally:
        await connection.close()
    return state


async def test_parted_account_keeps_its_language_and_nothing_else(chats: Chats, database: Database) -> None:
    phone, computer = await consenting(chats("amina")), chats("amina-web")
    await linked(phone, computer)
    await phone.taps_last("Ce n'est pas moi")
    await phone.taps("Séparer plain")
    phone.hears("est séparé")
    assert "séparé de l'autre" in (await computer.everything())[-1].text
    assert await person_of(database, phone) != await person_of(database, computer)
    await computer.sends(tap="/my_data")
    computer.hears("accord pour garder vos données : non")
    await phone.sends(tap="/my_data")
    phone.hears("accord pour garder vos données : oui")


@pytest.mark.parametrize(
    ("language", "words"), [("Soomaali", "way isku xidhan yihiin"), ("Qafar", "Yeey: plain")]
)
async def test_linking_speaks_the_language_of_the_account(chats: Chats, language: str, words: str) -> None:
    phone, computer = await consenting(chats("amina")), chats("amina-web")
    await computer.says("bonjour")
    await computer.taps(language)
    await computer.says(await code_of(phone))
    computer.hears(words)

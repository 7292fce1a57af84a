"""People read all that is kept of them, agree purpose by purpose, erase it; the clock deletes what is old."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.consent import Purpose
from bot.messages import Outgoing
from bot.retention import KeptFor, RetentionTicks
from bot.store.engine import Database
from tests.fakes import Chat
from tests.planners import consenting

Chats = Callable[[str], Chat]
YEAR, HALF = timedelta(days=365), timedelta(days=180)


async def file_of(chat: Chat, database: Database) -> str:
    await chat.sends(tap="/my_data")
    await chat.taps("Tout recevoir")
    return await content(chat.replies, database)


async def content(messages: list[Outgoing], database: Database) -> str:
    attachment = next(m.attachment for m in messages if m.attachment)
    async with database.transaction() as tx:
        stored = await tx.files.get(attachment.key)
    assert stored is not None
    assert stored.content is not None
    return stored.content.decode("utf-8-sig")


async def test_file_holds_what_the_person_did_and_said(chats: Chats, database: Database) -> None:
    chat = await consenting(chats("amina"))
    await chat.says("rappelle-moi d'envoyer le dossier demain à 9h")
    await chat.says("oui")
    await chat.says("on n'a plus de connexion depuis un mois")
    await chat.taps("Obock")
    await chat.taps("Plus tard")
    text = await file_of(chat, database)
    assert "RAPPELS\n- mercredi 25/11/2026, 09:00 : " in text
    assert "BESOINS DITS\n- mardi 24/11/2026, 12:00 : on n'a plus de connexion depuis un mois" in text
    assert "ACCORDS\n- mardi 24/11/2026, 12:00 : Garder ce que vous me confiez" in text
    assert "» bonjour" in text


async def test_file_of_one_person_holds_nothing_of_another(chats: Chats, database: Database) -> None:
    await (await consenting(chats("fatouma"))).says("il nous faut une imprimante à Dikhil")
    assert "imprimante" not in await file_of(await consenting(chats("amina")), database)


@pytest.mark.parametrize(("language", "heading"), [("so", "OGGOLAANSHO"), ("aa", "CAGLA")])
async def test_file_has_its_headings_in_the_persons_language(
    chats: Chats, database: Database, language: str, heading: str
) -> None:
    chat = await consenting(chats("xasan"), language)
    await chat.sends(tap='/my_data{"tell": "file"}')
    assert heading in await content(chat.replies, database)


async def test_consent_names_the_text_that_was_agreed_to(chats: Chats, database: Database) -> None:
    await consenting(chats("amina"))
    async with database.transaction() as tx:
        person = await tx.people.find("plain", "amina")
        assert person is not None
        given = await tx.consents.all_of(person.id)
    assert [(c.purpose, c.given) for c in given] == [(Purpose.PROFILE, True)]
    assert len(given[0].version) == 8


async def test_learning_is_refused_by_itself(chats: Chats, database: Database) -> None:
    chat = await consenting(chats("amina"))
    await chat.sends(tap='/my_data{"tell": "consents"}')
    await chat.taps("Refuser d'apprendre")
    await chat.says("zorglub bradfitz quomodo")
    async with database.transaction() as tx:
        assert await tx.reviews.waiting(0) == 0
    await chat.sends(tap='/my_data{"tell": "consents"}')
    await chat.taps("Accepter d'apprendre")
    await chat.says("zorglub bradfitz quomodo")
    async with database.transaction() as tx:
        assert await tx.reviews.waiting(0) == 1


async def test_stop_and_coming_back_are_words_on_being_written_to(chats: Chats, database: Database) -> None:
    chat = await consenting(chats("amina"))
    await chat.says("STOP")
    await chat.sends(tap='/my_data{"tell": "consents"}')
    await chat.taps("M'écrire de nouveau")
    async with database.transaction() as tx:
        person = await tx.people.find("plain", "amina")
        assert person is not None
        assert person.wishes.stopped_at is None
        said = [(c.purpose, c.given) for c in await tx.consents.all_of(person.id)]
    assert said[1:] == [(Purpose.UNASKED, False), (Purpose.UNASKED, True)]


async def test_taking_the_first_consent_back_asks_once_more_and_erases(chats: Chats) -> None:
    chat = await consenting(chats("amina"))
    await chat.sends(tap='/my_data{"tell": "consents"}')
    await chat.taps("Tout effacer")
    chat.hears("C'est définitif")
    await chat.taps("Oui, tout effacer")
    await chat.sends(tap="/my_data")
    chat.hears("accord pour garder vos données : non")


async def with_horizon(chat: Chat, database: Database) -> None:
    values = {
        "name": "Association Horizon",
        "folded_name": "horizon",
        "legal_form": "association",
        "region": "Obock",
        "themes": ["eau"],
        "status": "verified",
    }
    async with database.transaction() as tx:
        person = await tx.people.find("plain", "amina")
        assert person is not None
        await tx.organisations.add(values, person.id, chat.clock())


async def test_file_names_the_fields_of_an_organisation_as_its_profile_does(
    chats: Chats, database: Database
) -> None:
    chat = await consenting(chats("amina"))
    await with_horizon(chat, database)
    text = await file_of(chat, database)
    assert "ORGANISATIONS\n- Nom : Association Horizon\n- Forme : Association\n" in text
    assert "État : vérifiée par un coordinateur" in text


async def test_erasing_says_which_organisation_stays_and_why(chats: Chats, database: Database) -> None:
    chat = await consenting(chats("amina"))
    await with_horizon(chat, database)
    await chat.sends(tap="/delete_my_data")
    await chat.sends(tap='/delete_my_data{"tell": "now"}')
    chat.hears("Reste dans l'annuaire, sans votre nom : Association Horizon")


async def test_old_messages_go_and_what_the_person_asked_for_stays(chats: Chats, database: Database) -> None:
    chat = await consenting(chats("amina"))
    await chat.says("rappelle-moi d'envoyer le dossier le 20/12/2027 à 9h")
    await chat.says("oui")
    chat.clock.passes(days=366)
    await RetentionTicks(database, KeptFor(YEAR, HALF)).purge(chat.clock())
    text = await file_of(chat, database)
    assert "» bonjour" not in text
    assert "20/12/2027" in text


async def test_message_of_yesterday_is_not_old(chats: Chats, database: Database) -> None:
    chat = await consenting(chats("amina"))
    await RetentionTicks(database, KeptFor(YEAR, HALF)).purge(chat.clock() + timedelta(days=364))
    assert "» bonjour" in await file_of(chat, database)


async def test_who_never_agreed_is_forgotten_after_half_a_year(chats: Chats, database: Database) -> None:
    stranger, member = chats("stranger"), await consenting(chats("amina"))
    await stranger.says("bonjour")
    await RetentionTicks(database, KeptFor(YEAR, HALF)).purge(member.clock() + timedelta(days=181))
    async with database.transaction() as tx:
        assert await tx.people.find("plain", "stranger") is None
        assert await tx.people.find("plain", "amina") is not None
    await stranger.says("bonjour")
    assert "Français" in stranger.titles


async def test_file_of_ones_data_is_gone_after_a_week(chats: Chats, database: Database) -> None:
    chat = await consenting(chats("amina"))
    await file_of(chat, database)
    attachment = next(m.attachment for m in chat.replies if m.attachment)
    await RetentionTicks(database, KeptFor(YEAR, HALF)).purge(chat.clock() + timedelta(days=7))
    async with database.transaction() as tx:
        assert await tx.files.get(attachment.key) is None

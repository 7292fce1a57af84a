"""Announcements as coordinators and members live them: drafted, previewed, approved, sent once, stopped."""

import re

import pytest

from bot.announcement_ticks import AnnouncementTicks
from bot.store.engine import Database
from tests.announcing import (
    Chats,
    Invited,
    bulk,
    coordinator_of,
    deliver,
    draft,
    joined,
    send,
    start,
    to_everybody,
)
from tests.fakes import Chat


async def test_an_announcement_goes_from_draft_to_everybody_once(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    members = [await joined(chats(name)) for name in ("amina", "bilan", "chehem")]
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await to_everybody(coordinator)
    await send(coordinator)
    await ticks.start_due(coordinator.clock())
    assert await bulk(database) == []
    await start(coordinator, ticks)
    await ticks.start_due(coordinator.clock())
    assert sorted(await bulk(database)) == ["amina", "bilan", "chehem", "coord"]
    received = (await members[0].everything())[-1]
    assert "Réunion des associations" in received.text
    assert re.search(r"N° [2-9A-Z]{3}-[2-9A-Z]{4}", received.text)


async def test_the_preview_shows_the_message_as_it_is_sent(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await coordinator.taps("Boutons")
    await coordinator.taps("Je participe")
    await coordinator.taps("Boutons")
    await coordinator.taps("Lien")
    await coordinator.says("Lire l'appel https://exemple.dj/appel")
    await to_everybody(coordinator)
    await coordinator.taps("Aperçu")
    preview = coordinator.replies[0]
    await coordinator.taps("Envoyer")
    await start(coordinator, ticks)
    received = (await coordinator.everything())[-1]
    assert (received.text, received.buttons) == (preview.text, preview.buttons)
    assert [b.title for b in received.buttons] == ["Lire l'appel", "Je participe"]


async def test_a_missing_language_is_written_or_expressly_replaced_by_french(
    chats: Chats, invited: Invited
) -> None:
    await joined(chats("bilan"), "Soomaali")
    await joined(chats("chehem"), "Qafar")
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await to_everybody(coordinator)
    await coordinator.taps("Aperçu")
    coordinator.hears("Somali, et ce texte manque")
    assert "Envoyer" not in coordinator.titles
    await coordinator.taps("Écrire en Somali")
    await coordinator.says("Shirka ururrada waa Isniinta sagaalka subaxnimo.")
    await coordinator.taps("Aperçu")
    await coordinator.taps("Afar : envoyer le français")
    assert "Envoyer" in coordinator.titles
    coordinator.hears("Shirka ururrada")


async def test_member_is_told_politely_that_the_command_is_not_theirs_and_nothing_else(chat: Chat) -> None:
    await joined(chat)
    for tap in (
        "/create_announcement",
        "/delivery_report",
        '/create_announcement{"id": "1", "tell": "stop"}',
    ):
        await chat.sends(tap=tap)
        assert chat.text == "Cette commande est réservée aux coordinateurs."
        assert chat.titles == []


async def test_partner_cannot_broadcast(chats: Chats, invited: Invited) -> None:
    partner = await coordinator_of(chats, invited, "donor", "partner")
    await partner.sends(tap="/create_announcement")
    partner.hears("réservée aux coordinateurs")


async def test_cancel_in_words_stops_what_was_just_sent(chats: Chats, invited: Invited) -> None:
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await to_everybody(coordinator)
    await send(coordinator)
    await coordinator.says("annuler")
    coordinator.hears("ne partira pas")


async def test_undone_within_a_minute_nothing_leaves(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await to_everybody(coordinator)
    await send(coordinator)
    coordinator.clock.passes(seconds=30)
    await coordinator.taps("Arrêter")
    coordinator.hears("ne partira pas")
    await start(coordinator, ticks)
    assert [m for m in await coordinator.everything() if m.text.startswith("Réunion")][1:] == []


async def test_person_who_stops_between_preview_and_send_gets_nothing(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    member = await joined(chats("amina"))
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await to_everybody(coordinator)
    await send(coordinator)
    await member.says("STOP")
    member.hears("plus aucune annonce")
    await start(coordinator, ticks)
    assert await bulk(database) == ["coord"]


async def test_person_who_stops_after_the_freeze_gets_nothing_either(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    member = await joined(chats("amina"))
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await to_everybody(coordinator)
    await send(coordinator)
    await start(coordinator, ticks)
    await member.says("jooji")
    sent = await deliver(database, coordinator)
    assert [m.address.chat_id for m in sent if m.text.startswith("Réunion") and m.kind == "announcement"] == [
        "coord"
    ]


async def test_second_coordinator_approves_and_two_at_once_approve_once(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    author = await coordinator_of(chats, invited, "ali")
    second, third = (
        await coordinator_of(chats, invited, "badra"),
        await coordinator_of(chats, invited, "cani"),
    )
    await draft(author)
    await to_everybody(author)
    await author.taps("Aperçu")
    await author.taps("Envoyer")
    author.hears("l'un d'eux doit approuver")
    asked = (await second.everything())[-1]
    approve = next(b.payload for b in asked.buttons if b.title == "Approuver")
    await author.sends(tap=approve)
    author.hears("autre personne que l'auteur")
    await second.sends(tap=approve)
    second.hears("en route")
    await third.sends(tap=approve)
    third.hears("déjà décidé")
    await start(author, ticks)
    assert sorted(await bulk(database)) == ["ali", "badra", "cani"]


async def test_author_who_lost_the_role_before_approval_sends_nothing(
    chats: Chats, invited: Invited, database: Database
) -> None:
    author, second = (
        await coordinator_of(chats, invited, "ali"),
        await coordinator_of(chats, invited, "badra"),
    )
    await draft(author)
    await to_everybody(author)
    await author.taps("Aperçu")
    await author.taps("Envoyer")
    asked = (await second.everything())[-1]
    async with database.transaction() as tx:
        person = await tx.people.find(author.channel, "ali")
        assert person is not None
        await tx.people.set_role(person.id, "member")
    await second.sends(tap=next(b.payload for b in asked.buttons if b.title == "Approuver"))
    second.hears("n'est plus coordinateur")
    await author.sends(tap="/create_announcement")
    author.hears("réservée aux coordinateurs")


async def test_empty_audience_is_refused_before_anything_leaves(chats: Chats, invited: Invited) -> None:
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await coordinator.taps("Aperçu")
    coordinator.hears("Choisissez d'abord à qui")
    await coordinator.taps("Destinataires")
    await coordinator.taps("Régions")
    await coordinator.taps("Obock")
    await coordinator.taps("C'est tout")
    await coordinator.taps("Aperçu")
    coordinator.hears("ne partirait à personne")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("lundi 9h", "lundi 30/11/2026, 09:00"),
        ("12/01/2024 à 9h", "est passé"),
        ("12/01/2062 à 9h", "Une erreur d'année"),
        ("un de ces jours", "Je n'ai pas trouvé de date"),
    ],
)
async def test_date_is_understood_or_explained(
    chats: Chats, invited: Invited, said: str, answer: str
) -> None:
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await coordinator.taps("Date")
    await coordinator.says(said)
    coordinator.hears(answer)


async def test_text_too_long_in_one_language_names_language_and_channel(
    chats: Chats, invited: Invited
) -> None:
    await joined(chats("bilan"), "Soomaali")
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await coordinator.taps("Textes")
    await coordinator.taps("Somali")
    await coordinator.says("Shirka ururrada " * 300)
    coordinator.hears("trop long : 4799 caractères, 3900 au plus")
    await coordinator.says("Shirka ururrada waa Isniinta sagaalka subaxnimo.")
    coordinator.hears("Somali ✓")


async def test_markup_and_right_to_left_text_arrive_as_written(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    text = "<b>Réunion</b> {demain} *9h* _ici_ [lien](x) & السلام عليكم \u200f123"
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator, text)
    await to_everybody(coordinator)
    await send(coordinator)
    await start(coordinator, ticks)
    assert (await coordinator.everything())[-1].text.startswith(text)


async def test_two_schedulers_and_a_crash_between_chunks_lose_and_repeat_nobody(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    for name in ("amina", "bilan", "chehem", "daher", "egue"):
        await joined(chats(name))
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await to_everybody(coordinator)
    await send(coordinator)
    coordinator.clock.passes(seconds=61)
    now = coordinator.clock()
    async with database.transaction() as tx:
        (number,) = await tx.announcements.due(now)
    for _ in range(3):  # started, then two chunks of two; the process dies here
        assert await ticks._step(number, now)
    assert len(await bulk(database)) == 4
    other = AnnouncementTicks(database, ticks.domain, ticks.zone, chunk=3)
    async with database.transaction() as tx:  # held by one: the other does nothing
        await tx.announcements.lock(number)
        assert not await other._step(number, now)
    await other.start_due(now)
    await ticks.start_due(now)
    assert sorted(await bulk(database)) == ["amina", "bilan", "chehem", "coord", "daher", "egue"]


async def test_repeating_announcement_comes_again_can_be_paused_and_goes_on(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await to_everybody(coordinator)
    await coordinator.taps("Date")
    await coordinator.taps("Chaque jour")
    await coordinator.says("27/11/2026")
    coordinator.hears("chaque jour")
    await send(coordinator)
    await start(coordinator, ticks)
    assert await bulk(database, 1) == ["coord"]
    assert await bulk(database, 2) == []
    await coordinator.says("/annonces")
    await coordinator.taps(next(t for t in coordinator.titles if "prévue" in t))
    await coordinator.taps("Mettre en pause")
    coordinator.clock.passes(days=1)
    await ticks.start_due(coordinator.clock())
    assert await bulk(database, 2) == []
    await coordinator.taps("Reprendre")
    coordinator.clock.passes(days=1)
    await ticks.start_due(coordinator.clock())
    assert await bulk(database, 2) == ["coord"]


async def test_author_and_approver_without_their_roles_send_nothing_and_colleagues_are_told(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    author = await coordinator_of(chats, invited, "ali")
    await draft(author)
    await to_everybody(author)
    await send(author)
    second = await coordinator_of(chats, invited, "badra")
    async with database.transaction() as tx:
        person = await tx.people.find(author.channel, "ali")
        assert person is not None
        await tx.people.set_role(person.id, "member")
    await start(author, ticks)
    assert await bulk(database) == []
    assert "ne part pas" in (await second.everything())[-1].text


async def test_colleague_is_asked_in_their_language_and_sees_every_text(
    chats: Chats, invited: Invited
) -> None:
    second = await joined(chats("badra"), "Soomaali")
    await second.says(f"/start {await invited('coordinator')}")
    author = await coordinator_of(chats, invited, "ali")
    await draft(author)
    await to_everybody(author)
    await author.taps("Aperçu")
    await author.taps("Écrire en Somali")
    await author.says("Shirka ururrada waa Isniinta sagaalka subaxnimo.")
    await author.taps("Aperçu")
    await author.taps("Envoyer")
    *texts, question = (await second.everything())[-3:]
    assert [text.text.split()[0] for text in texts] == ["Réunion", "Shirka"]
    assert "Soomaali 1" in question.text


async def test_stopped_while_it_is_being_sent_the_rest_never_leaves(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    await joined(chats("amina"))
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await to_everybody(coordinator)
    await send(coordinator)
    await start(coordinator, ticks)
    await coordinator.taps("Arrêter")
    coordinator.hears("Annulés : 2")
    assert [m for m in await deliver(database, coordinator) if m.kind == "announcement"] == []


async def test_quiet_hours_are_said_before_and_after_the_yes(chats: Chats, invited: Invited) -> None:
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await to_everybody(coordinator)
    await coordinator.taps("Date")
    await coordinator.says("25/11/2026 à 22h30")
    await coordinator.taps("Aperçu")
    coordinator.hears("à partir de jeudi 26/11/2026, 07:00")
    await coordinator.taps("Envoyer")
    coordinator.hears("à partir de jeudi 26/11/2026, 07:00")


@pytest.mark.parametrize("slip", ["2", "👍", "12 : 30"])
async def test_a_slip_of_the_finger_does_not_become_the_text(
    chats: Chats, invited: Invited, slip: str
) -> None:
    coordinator = await coordinator_of(chats, invited)
    await coordinator.sends(tap="/create_announcement")
    await coordinator.says(slip)
    coordinator.hears("ne contient aucun mot")
    await coordinator.says("Réunion des associations lundi à 9 heures.")
    coordinator.hears("brouillon")


async def test_text_left_for_a_day_is_asked_again(chats: Chats, invited: Invited) -> None:
    coordinator = await coordinator_of(chats, invited)
    await coordinator.says("nouvelle annonce")
    coordinator.clock.passes(hours=24)
    await coordinator.says("bonjour")
    coordinator.hears("une annonce")
    await coordinator.taps("Continuer")
    await coordinator.says("Réunion des associations lundi 30/11/2026 à 9 heures.")
    coordinator.hears("Réunion des associations")

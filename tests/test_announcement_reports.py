"""What becomes of an announcement: the report, those it missed, its number, its corrections."""

import re

from bot.announcement_ticks import AnnouncementTicks
from bot.messages import Attachment
from bot.store.engine import Database
from bot.store.outbox import Settled, Step
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


async def content_of(database: Database, file: Attachment) -> bytes:
    async with database.transaction() as tx:
        kept = await tx.files.get(file.key)
    assert kept is not None
    return kept.content or b""


TOO_LONG = "Bad Request: message is too long"


async def test_report_is_live_then_final_and_failures_are_listed_and_sent_again(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    await joined(chats("amina"))
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await to_everybody(coordinator)
    await send(coordinator)
    await start(coordinator, ticks)
    await ticks.follow(coordinator.clock())
    assert "0 / 2" in (await coordinator.everything())[-1].text
    async with database.transaction() as tx:
        while claimed := await tx.outbox.claim([coordinator.channel], coordinator.clock(), 50):
            for row in claimed:
                failed = row.message.address.chat_id == "amina" and row.message.kind == "announcement"
                step = (
                    Settled(row.id, Step.FAILED, error=TOO_LONG)
                    if failed
                    else Settled(row.id, Step.SENT, "1")
                )
                await tx.outbox.settle([step], coordinator.clock())
    await ticks.follow(coordinator.clock())
    final = (await coordinator.everything())[-1]
    assert "Envoyés : 1 sur 2" in final.text
    assert "texte trop long pour cette messagerie : 1" in final.text
    files: list[bytes] = []
    for title in ("Qui ne l'a pas reçue", "Courbe des envois"):
        await coordinator.sends(tap=next(b.payload for b in final.buttons if b.title == title))
        coordinator.hears("Voici")
        if file := coordinator.replies[-1].attachment:
            files.append(await content_of(database, file))
    assert "échec;texte trop long pour cette messagerie;Bad Request: message is too long" in files[0].decode()
    await coordinator.sends(tap=next(b.payload for b in final.buttons if b.title == "Renvoyer aux échecs"))
    coordinator.hears("n'a pas atteints")
    await send(coordinator)
    await start(coordinator, ticks)
    assert await bulk(database, 2) == ["amina"]


async def test_anybody_checks_a_number_and_learns_when_it_left_and_by_whom(
    chats: Chats, invited: Invited, ticks: AnnouncementTicks
) -> None:
    member = await joined(chats("amina"))
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await to_everybody(coordinator)
    await send(coordinator)
    await start(coordinator, ticks)
    received = (await member.everything())[-1].text
    found = re.search(r"N° (\S+)", received)
    assert found is not None
    for text in (found[1], found[1].lower(), received, f"c'est vrai, {found[1]} ?"):
        await member.says(text)
        member.hears("vient bien de nous")
        member.hears("24/11/2026")
        member.hears("coordinateur")
    await member.says("AAA-AAAA")
    member.hears("ne vient pas de nous")


async def test_taking_part_is_counted_once(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    member = await joined(chats("amina"))
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await coordinator.taps("Boutons")
    await coordinator.taps("Je participe")
    await to_everybody(coordinator)
    await send(coordinator)
    await start(coordinator, ticks)
    payload = (await member.everything())[-1].buttons[0].payload
    await member.sends(tap=payload)
    member.hears("C'est noté")
    await member.sends(tap=payload)
    member.hears("déjà notée")


async def test_text_corrected_after_sending_changes_where_it_is_shown_and_may_be_taken_back(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await to_everybody(coordinator)
    await send(coordinator)
    await start(coordinator, ticks)
    await deliver(database, coordinator)
    await ticks.follow(coordinator.clock())
    final = (await coordinator.everything())[-1]
    await coordinator.sends(tap=next(b.payload for b in final.buttons if b.title == "Corriger"))
    await coordinator.taps("Français")
    await coordinator.says("Réunion des associations MARDI à 9 heures à la maison commune.")
    coordinator.hears("Messages changés chez les destinataires : 1")
    changes = [m for m in await deliver(database, coordinator) if m.edits]
    assert "MARDI" in changes[-1].text
    await coordinator.sends(tap=next(b.payload for b in final.buttons if b.title == "Supprimer partout"))
    await coordinator.taps("Supprimer partout")
    assert any(m.withdraws for m in await deliver(database, coordinator))


async def test_buttons_and_picture_are_changed_after_sending_and_what_cannot_be_is_said(
    chats: Chats, invited: Invited, database: Database, ticks: AnnouncementTicks
) -> None:
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await to_everybody(coordinator)
    await send(coordinator)
    await start(coordinator, ticks)
    await deliver(database, coordinator)
    await ticks.follow(coordinator.clock())
    final = (await coordinator.everything())[-1]
    fix = next(b.payload for b in final.buttons if b.title == "Corriger")
    await coordinator.sends(tap=fix)
    await coordinator.taps("Boutons")
    await coordinator.taps("Je participe")
    coordinator.hears("Messages changés chez les destinataires : 1")
    change = [m for m in await deliver(database, coordinator) if m.edits][-1]
    assert [b.title for b in change.buttons] == ["Je participe"]
    await coordinator.sends(tap=fix)
    await coordinator.taps("Photo ou document")
    await coordinator.sends(media="photo", file_id="F1")
    coordinator.hears("Messages changés chez les destinataires : 1")
    change = [m for m in await deliver(database, coordinator) if m.edits][-1]
    assert change.swaps_file
    assert change.attachment is not None
    await coordinator.sends(tap=fix)
    await coordinator.taps("Photo ou document")
    await coordinator.taps("Sans fichier")
    coordinator.hears("ne peut pas être enlevée")


async def test_forwarded_picture_with_caption_becomes_a_draft(chats: Chats, invited: Invited) -> None:
    coordinator = await coordinator_of(chats, invited)
    await coordinator.sends(
        media="photo", file_id="F1", caption="Affiche de la réunion de lundi", forwarded=True
    )
    coordinator.hears("Affiche de la réunion")
    coordinator.hears("image.jpg")
    await coordinator.sends(text="Venez tous à la réunion de lundi matin.", forwarded=True)
    coordinator.hears("Venez tous")


async def test_form_survives_help_and_drafts_survive_days(chats: Chats, invited: Invited) -> None:
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    coordinator.clock.passes(days=2)
    await coordinator.says("/annonces")
    await coordinator.taps(next(t for t in coordinator.titles if "brouillon" in t))
    coordinator.hears("Réunion des associations")

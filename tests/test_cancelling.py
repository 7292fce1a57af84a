""" "Cancel" long after: what can still be called off is offered, to coordinators and to members."""

from collections.abc import Awaitable, Callable

from bot.announcement import State
from bot.store.engine import Database
from tests.announcing import coordinator_of, draft, send, to_everybody
from tests.fakes import Chat
from tests.planners import consenting, coordinating, plan_excel

Invited = Callable[[str], Awaitable[str]]
Chats = Callable[[str], Chat]


async def test_coordinator_is_offered_the_announcement_on_its_way(
    chats: Chats, invited: Invited, database: Database
) -> None:
    coordinator = await coordinator_of(chats, invited)
    await draft(coordinator)
    await to_everybody(coordinator)
    await send(coordinator)
    await coordinator.says("merci")
    await coordinator.says("annuler")
    coordinator.hears("Que voulez-vous annuler ?")
    (title,) = [t for t in coordinator.titles if t.startswith("Annonce ")]
    await coordinator.taps(title)
    async with database.transaction() as tx:
        assert [a.state for a in await tx.announcements.latest(5)] == []
    await coordinator.says("annuler")
    coordinator.hears("rien en cours")


async def test_reminder_triggered_by_hand_is_taken_back_where_it_has_not_left(
    chats: Chats, invited: Invited
) -> None:
    coordinator = await coordinating(chats("coord"), invited)
    await plan_excel(coordinator)
    member = await consenting(chats("amina"))
    await member.sends(tap="/find_training")
    await member.taps("M'inscrire")
    await coordinator.sends(tap="/trigger_reminder")
    await coordinator.taps("Tous les inscrits (1)")
    await coordinator.taps("Envoyer")
    await coordinator.says("annuler")
    await coordinator.taps("Rappel « Excel pour trésoriers »")
    coordinator.hears("retenus à temps : 1")


async def test_member_is_offered_places_and_reminders(chats: Chats, invited: Invited) -> None:
    coordinator = await coordinating(chats("coord"), invited)
    await plan_excel(coordinator)
    member = await consenting(chats("amina"))
    await member.says("annuler")
    member.hears("rien en cours")
    await member.sends(tap="/find_training")
    await member.taps("M'inscrire")
    await member.says("annuler")
    await member.taps("Ma place du 15/12")
    member.hears("15/12/2026")


async def test_register_me_after_seeing_a_training_means_the_training(chats: Chats, invited: Invited) -> None:
    coordinator = await coordinating(chats("coord"), invited)
    await plan_excel(coordinator)
    member = await consenting(chats("amina"), "so")
    await member.sends(tap="/find_training")
    await member.says("isku diiwaangeli")
    member.hears("15/12/2026")
    assert await member_is_enrolled(member)
    other = await consenting(chats("bile"), "so")
    await other.sends(tap="/find_training")
    await other.says("ururkayga diiwaangeli")
    assert not await member_is_enrolled(other)


async def member_is_enrolled(member: Chat) -> bool:
    await member.sends(tap="/cancel")
    await member.sends(tap="/my_trainings")
    return "15/12/2026" in member.text


async def test_preview_typed_inside_the_form_is_the_button_not_the_text(
    chats: Chats, invited: Invited, database: Database
) -> None:
    coordinator = await coordinator_of(chats, invited)
    await coordinator.sends(tap="/create_announcement")
    await coordinator.says("aperçu")
    coordinator.hears("Écrivez d'abord le texte")
    await coordinator.says("Réunion des associations lundi à 9 heures à la maison commune.")
    await to_everybody(coordinator)
    await coordinator.taps("Date")
    await coordinator.says("aperçu")
    coordinator.hears("Réunion des associations lundi")
    async with database.transaction() as tx:
        (found,) = await tx.announcements.latest(5)
    assert found.state is State.DRAFT
    assert found.body.texts == {"fr": "Réunion des associations lundi à 9 heures à la maison commune."}

"""Roles given and taken in chat by admins only, each act written down; somebody can always give roles."""

from bot.store.engine import Database
from tests.announcing import Chats, Invited, coordinator_of, joined
from tests.fakes import Chat


async def _admin(chats: Chats, invited: Invited) -> Chat:
    return await coordinator_of(chats, invited, "admin", "admin")


async def _people(chat: Chat) -> None:
    await chat.sends(tap="/my_data")
    await chat.taps("Rôles")


async def test_admin_gives_a_role_and_the_person_and_the_log_know(
    chats: Chats, invited: Invited, database: Database
) -> None:
    member, admin = await joined(chats("amina")), await _admin(chats, invited)
    async with database.transaction() as tx:
        person = await tx.people.find("plain", "amina")
        assert person is not None
        await tx.people.consent(person.id, member.clock(), "Amina Ali")
    await _people(admin)
    await admin.taps("Amina Ali · membre")
    await admin.taps("coordinateur")
    admin.hears("Amina Ali, coordinateur")
    assert "coordinateur" in (await member.everything())[-1].text
    await member.sends(tap="/create_announcement")
    member.hears("Écrivez le texte")
    async with database.transaction() as tx:
        (act,) = await tx.audit.about(f"person:{person.id}")
    assert (act.act, act.details) == ("role.give", {"before": "member", "after": "coordinator"})


async def test_role_taken_away_takes_its_commands_away(chats: Chats, invited: Invited) -> None:
    coordinator, admin = await coordinator_of(chats, invited), await _admin(chats, invited)
    await _people(admin)
    await admin.taps(next(t for t in admin.titles if t.endswith("· coordinateur")))
    await admin.taps("membre")
    await coordinator.sends(tap="/create_announcement")
    coordinator.hears("réservée aux coordinateurs")


async def test_the_last_admin_stays_one(chats: Chats, invited: Invited) -> None:
    admin = await _admin(chats, invited)
    await _people(admin)
    await admin.taps(next(t for t in admin.titles if t.endswith("· administrateur")))
    await admin.taps("membre")
    admin.hears("au moins un administrateur")


async def test_code_made_in_chat_gives_its_role_once(chats: Chats, invited: Invited) -> None:
    admin, partner = await _admin(chats, invited), await joined(chats("donor"))
    await _people(admin)
    await admin.taps("Code partenaire")
    command = admin.text.rsplit(" : ", 1)[-1].strip()
    await partner.says(command)
    partner.hears("partenaire")
    other = await joined(chats("other"))
    await other.says(command)
    assert "partenaire" not in other.text


async def test_nobody_but_an_admin_reaches_roles(chats: Chats, invited: Invited) -> None:
    coordinator = await coordinator_of(chats, invited)
    for tell in ("roles", "role", "rolegive:admin", "rolecode:admin"):
        await coordinator.sends(tap=f'/my_data{{"id": "1", "tell": "{tell}"}}')
        assert coordinator.text == "Cette commande est réservée aux administrateurs."
    await coordinator.sends(tap="/my_data")
    assert "Rôles" not in coordinator.titles

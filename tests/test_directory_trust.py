"""Organisations are vouched for, verified, asked back, refused and merged in chat; each is told in its language."""

from collections.abc import Awaitable, Callable

from bot.audiences import Audience, Is, Trait
from bot.organisation import Part, Standing
from bot.store.engine import Database
from tests.announcing import coordinator_of, joined
from tests.directory import registered
from tests.fakes import Chat

Chats = Callable[[str], Chat]
Invited = Callable[[str], Awaitable[str]]


async def _status(database: Database, number: int) -> str:
    async with database.transaction() as tx:
        row = await tx.organisations.get(number)
        assert row is not None
        return row.status


async def _last(chat: Chat) -> str:
    return (await chat.everything())[-1].text


async def test_new_organisation_reaches_a_coordinator_who_verifies_it(
    chats: Chats, invited: Invited, database: Database
) -> None:
    coord = await coordinator_of(chats, invited)
    amina = chats("amina")
    number = await registered(amina, language="Soomaali")
    assert "Nouvelle organisation à vérifier : Amis de Balbala" in await _last(coord)
    await coord.taps_last("Voir la fiche")
    coord.hears("+25377831234")
    coord.hears("Personne ne s'est encore porté garant")
    await coord.taps("Vérifiée")
    coord.hears("C'est fait : Amis de Balbala")
    coord.hears("Aucune organisation n'attend")
    assert "War wanaagsan: Amis de Balbala" in await _last(amina)
    assert await _status(database, number) == Standing.VERIFIED
    async with database.transaction() as tx:
        acts = await tx.audit.about(f"organisation:{number}")
    assert [act.act for act in acts] == ["organisation.verify"]


async def test_two_coordinators_attest_one_does_not(
    chats: Chats, invited: Invited, database: Database
) -> None:
    first, second = await coordinator_of(chats, invited, "un"), await coordinator_of(chats, invited, "deux")
    number = await registered(chats("amina"))
    await first.sends(tap="/review_osc")
    await first.taps("J'atteste")
    first.hears("un autre coordinateur")
    await first.taps("J'atteste")
    first.hears("Vous avez déjà attesté")
    assert await _status(database, number) == Standing.DECLARED
    await second.sends(tap="/review_osc")
    second.hears("Attestée par 1 coordinateur")
    await second.taps("J'atteste")
    assert await _status(database, number) == Standing.ATTESTED
    assert "est maintenant attestée" in await _last(chats("amina"))


async def test_verified_organisation_vouches_when_asked(
    chats: Chats, invited: Invited, database: Database
) -> None:
    coord = await coordinator_of(chats, invited)
    amina, bilan = chats("amina"), chats("bilan")
    known = await registered(amina)
    await coord.sends(tap=f'/review_osc{{"tell": "accept:{known}"}}')
    number = await registered(bilan, "Jeunes d'Arhiba", phone="21 35 99 00")
    await bilan.taps("Faire attester")
    await bilan.says("balbala")
    await bilan.taps("Amis de Balbala (Djibouti-Ville)")
    bilan.hears("La demande est partie vers Amis de Balbala")
    await amina.taps_last("Oui, nous attestons")
    amina.hears("attestée grâce à vous")
    assert await _status(database, number) == Standing.ATTESTED
    assert "est maintenant attestée" in await _last(bilan)


async def test_organisation_that_is_not_verified_vouches_for_nobody(chats: Chats, database: Database) -> None:
    amina, bilan = chats("amina"), chats("bilan")
    declared = await registered(amina)
    number = await registered(bilan, "Jeunes d'Arhiba", phone="21 35 99 00")
    await amina.sends(tap=f'/show_my_osc{{"tell": "vouch:{number}:{declared}"}}')
    assert await _status(database, number) == Standing.DECLARED


async def test_question_reaches_the_organisation_and_its_answer_comes_back(
    chats: Chats, invited: Invited
) -> None:
    coord = await coordinator_of(chats, invited)
    amina = chats("amina")
    await registered(amina)
    await coord.sends(tap="/review_osc")
    await coord.taps("Demander")
    await coord.says("Qui préside l'association ?")
    coord.hears("La réponse arrivera ici")
    await coord.sends(tap="/review_osc")
    coord.hears("Aucune organisation n'attend")
    await amina.taps_last("Répondre")
    amina.hears("Qui préside")
    await amina.says("Mme Amina Ali depuis 2020")
    amina.hears("la réponse est partie")
    assert "« Mme Amina Ali depuis 2020 »" in await _last(coord)
    await coord.taps_last("Voir la fiche")
    coord.hears("→ Mme Amina Ali depuis 2020")


async def test_refused_organisation_reads_why_and_comes_back_once_corrected(
    chats: Chats, invited: Invited, database: Database
) -> None:
    coord = await coordinator_of(chats, invited)
    amina = chats("amina")
    number = await registered(amina, language="Qafar")
    await coord.sends(tap="/review_osc")
    await coord.taps("Refuser")
    await coord.says("Le numéro ne répond pas")
    assert await _status(database, number) == Standing.REFUSED
    assert "Raison : Le numéro ne répond pas" in await _last(amina)
    await amina.sends(tap=f'/update_osc{{"id": "{number}", "slot": "osc_phone"}}')
    await amina.says("21 35 00 00")
    await amina.sends(tap="/affirm")
    assert await _status(database, number) == Standing.DECLARED
    await coord.sends(tap="/review_osc")
    coord.hears("+25321350000")


async def test_receipt_is_shown_to_the_coordinator_and_to_nobody_else(chats: Chats, invited: Invited) -> None:
    coord = await coordinator_of(chats, invited)
    amina = chats("amina")
    number = await registered(amina)
    await amina.sends(tap=f'/update_osc{{"id": "{number}", "slot": "osc_receipt_key"}}')
    await amina.sends(media="photo", file_id="receipt-1")
    await amina.taps("Enregistrer")
    assert "a envoyé la photo de son récépissé" in await _last(coord)
    await coord.taps_last("Voir la fiche")
    assert [m.attachment is not None for m in coord.replies] == [True, False]
    await amina.sends(tap="/show_my_osc")
    assert [m.attachment for m in amina.replies] == [None]


async def test_member_decides_nothing(chats: Chats, database: Database) -> None:
    amina = chats("amina")
    number = await registered(amina)
    for tell in (
        "next",
        f"card:{number}",
        f"accept:{number}",
        f"refuse:{number}",
        f"merge:{number}:{number}",
    ):
        await amina.sends(tap=f'/review_osc{{"tell": "{tell}"}}')
        amina.hears("coordinateur")
    assert await _status(database, number) == Standing.DECLARED


async def _two_entries(chats: Chats, bilan: Chat) -> tuple[int, int]:
    kept = await registered(chats("amina"), "Association des amis de Balbala")
    await joined(bilan)
    number = await registered(bilan, "Amis du Balbala", phone="21 35 99 00")
    await bilan.sends(tap=f'/update_osc{{"id": "{number}", "slot": "osc_email"}}')
    await bilan.says("amis@exemple.dj")
    await bilan.taps("Enregistrer")
    return number, kept


async def test_two_entries_are_merged_with_their_people_and_both_histories(
    chats: Chats, invited: Invited, database: Database
) -> None:
    coord = await coordinator_of(chats, invited)
    bilan = chats("bilan")
    duplicate, kept = await _two_entries(chats, bilan)
    await coord.sends(tap=f'/review_osc{{"tell": "card:{duplicate}"}}')
    coord.hears("Ressemble à Association des amis de Balbala")
    await coord.taps("Réunir")
    await coord.taps("Association des amis de Balbala (Djibouti-Ville)")
    coord.hears(f"Amis du Balbala (n° {duplicate}) disparaît")
    await coord.taps("Oui, réunir")
    assert await _status(database, duplicate) == Standing.MERGED
    async with database.transaction() as tx:
        assert [p.part for p in await tx.memberships.people(kept)] == [Part.CONTACT, Part.MANAGER]
        row = await tx.organisations.get(kept)
        assert row is not None
        assert row.email == "amis@exemple.dj"
    assert "réunies en une seule" in await _last(bilan)
    await bilan.sends(tap=f'/show_my_osc{{"tell": "history:{kept}:0"}}')
    bilan.hears("réunie avec : Association des amis de Balbala")
    bilan.hears("inscription : Amis du Balbala")
    bilan.hears("inscription : Association des amis de Balbala")


async def test_question_to_a_merged_entry_is_still_answered(chats: Chats, invited: Invited) -> None:
    coord = await coordinator_of(chats, invited)
    bilan = chats("bilan")
    duplicate, kept = await _two_entries(chats, bilan)
    await coord.sends(tap=f'/review_osc{{"tell": "ask:{duplicate}"}}')
    await coord.says("Qui préside ?")
    reply = (await bilan.everything())[-1].buttons[0].payload
    await coord.sends(tap=f'/review_osc{{"tell": "mergenow:{duplicate}:{kept}"}}')
    await bilan.sends(tap=reply)
    await bilan.says("Bilan Omar")
    assert "« Bilan Omar »" in await _last(coord)


async def test_merging_is_undone(chats: Chats, invited: Invited, database: Database) -> None:
    coord = await coordinator_of(chats, invited)
    bilan = chats("bilan")
    duplicate, kept = await _two_entries(chats, bilan)
    await coord.sends(tap=f'/review_osc{{"tell": "mergenow:{duplicate}:{kept}"}}')
    await coord.sends(tap=f'/show_my_osc{{"tell": "history:{kept}:0"}}')
    await coord.taps("Annuler le n° 1")
    coord.hears("l'ancienne valeur est revenue")
    assert await _status(database, duplicate) == Standing.DECLARED
    async with database.transaction() as tx:
        assert [p.part for p in await tx.memberships.people(duplicate)] == [Part.CONTACT]
        row = await tx.organisations.get(kept)
        assert row is not None
        assert row.email is None


async def test_coordinator_undoes_a_decision(chats: Chats, invited: Invited, database: Database) -> None:
    coord = await coordinator_of(chats, invited)
    number = await registered(chats("amina"))
    await coord.sends(tap=f'/review_osc{{"tell": "accept:{number}"}}')
    await coord.sends(tap=f'/show_my_osc{{"tell": "history:{number}:0"}}')
    coord.hears("État : déclarée, pas encore vérifiée → vérifiée par un coordinateur")
    await coord.taps("Annuler le n° 1")
    assert await _status(database, number) == Standing.DECLARED


async def test_name_like_a_known_one_is_joined_instead_of_a_second_entry(
    chats: Chats, database: Database
) -> None:
    amina, bilan = chats("amina"), chats("bilan")
    await registered(amina)
    await joined(bilan)
    await bilan.sends(tap="/register_osc")
    await bilan.says("Asso amis de Balbalah")
    bilan.hears("Est-ce celle-ci ?")
    assert "+253" not in bilan.text
    await bilan.taps("Amis de Balbala (Djibouti-Ville)")
    bilan.hears("Votre demande est partie")
    assert "sigle" not in bilan.text
    await amina.taps_last("Oui, membre")
    async with database.transaction() as tx:
        person = await tx.people.find("plain", "bilan")
        assert person is not None
        assert len(await tx.organisations.of_person(person.id)) == 1


async def test_another_organisation_of_a_like_name_is_registered(chats: Chats) -> None:
    await registered(chats("amina"))
    bilan = chats("bilan")
    await joined(bilan)
    await bilan.sends(tap="/register_osc")
    await bilan.says("Les amis de Balbalah")
    bilan.hears("Est-ce celle-ci ?")
    await bilan.taps("Non, une autre")
    bilan.hears("sigle")
    await bilan.says("ABS")
    bilan.hears("forme")


async def test_audience_of_a_merged_organisation_is_reached_once(
    chats: Chats, invited: Invited, database: Database
) -> None:
    coord = await coordinator_of(chats, invited)
    bilan = chats("bilan")
    duplicate, kept = await _two_entries(chats, bilan)
    await coord.sends(tap=f'/review_osc{{"tell": "mergenow:{duplicate}:{kept}"}}')
    async with database.transaction() as tx:
        reach = await tx.audiences.reach(Audience(people=Is(Trait.REGION, "Djibouti-Ville")))
    assert sum(reach.people.values()) == 2

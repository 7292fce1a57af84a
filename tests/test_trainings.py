"""Trainings from planning to opinion, as a coordinator and members live them, in three languages."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.domain import Domain
from bot.store.engine import Database
from bot.training import Seat
from bot.training_ticks import TrainingTicks
from tests.fakes import Chat, Clock
from tests.planners import DJIBOUTI, consenting, coordinating, plan_excel, ticking

Invite = Callable[[str], Awaitable[str]]
Chats = Callable[[str], Chat]


@pytest.fixture
def ticks(database: Database, domain: Domain) -> TrainingTicks:
    return TrainingTicks(database, domain, DJIBOUTI)


@pytest.fixture
async def coordinator(chats: Chats, invited: Invite) -> Chat:
    return await coordinating(chats("coord"), invited)


async def test_draft_is_seen_by_nobody_until_it_is_opened(coordinator: Chat, chats: Chats) -> None:
    await plan_excel(coordinator, opened=False)
    member = await consenting(chats("amina"))
    await member.sends(tap="/find_training")
    assert "Excel" not in member.text
    await coordinator.taps("Ouvrir les inscriptions")
    coordinator.hears("sont ouvertes")
    await member.sends(tap="/find_training")
    member.hears("Excel pour trésoriers")
    member.hears("mardi 15/12/2026, 09:00–12:00")


@pytest.mark.parametrize(
    ("question", "bad", "complaint"),
    [
        ("Titre", "?!", "Un titre a entre"),
        ("Quel jour", "15/12/2025", "est passé"),
        ("Quel jour", "15/12/2062", "erreur d'année"),
        ("Quel jour", "31/02/2027", "n'existe pas"),
        ("Quel jour", "lundi 15 décembre", "peut être deux jours"),
        ("Quel jour", "12 garablu", "mois ne veut pas dire"),
        ("commence", "bientôt", "À quelle heure"),
        ("commence", "saacadda 3", "09:00 ou 15:00"),
        ("finit-elle", "08:00", "La fin doit venir après"),
        ("Combien de places", "beaucoup", "un nombre de 1 à"),
        ("Combien de places", "0", "un nombre de 1 à"),
        ("Combien de places", "999999", "un nombre de 1 à"),
    ],
)
async def test_wrong_answer_while_planning_is_explained_and_loses_nothing(
    coordinator: Chat, question: str, bad: str, complaint: str
) -> None:
    await plan_excel(coordinator, until=question)
    await coordinator.says(bad)
    coordinator.hears(complaint)
    await plan_excel(coordinator, since=question, opened=False)
    coordinator.hears("Excel pour trésoriers")
    coordinator.hears("brouillon")


async def test_typo_in_the_year_is_offered_corrected(coordinator: Chat) -> None:
    await plan_excel(coordinator, until="Quel jour")
    await coordinator.says("15/12/2062")
    await coordinator.taps("mardi 15/12/2026")
    coordinator.hears("commence")


async def test_day_and_hours_said_together_are_asked_once(coordinator: Chat) -> None:
    await plan_excel(coordinator, until="Quel jour")
    await coordinator.says("15/12/2026 de 9h à 12h")
    coordinator.hears("Combien de places")


@pytest.mark.parametrize(
    "words", ["mardi 15 décembre de 9h à 12h", "mardi 15/12 de 9h à 12h", "talaado 15 disembar 9h - 12h"]
)
async def test_day_with_its_name_plans_one_day(coordinator: Chat, words: str) -> None:
    await plan_excel(coordinator, until="Quel jour")
    await coordinator.says(words)
    coordinator.hears("Combien de places")
    await plan_excel(coordinator, since="Combien de places", opened=False)
    coordinator.hears("mardi 15/12/2026, 09:00–12:00")


@pytest.mark.parametrize("places", ["vingt-cinq personnes", "shan iyo labaatan qof", "25"])
async def test_number_of_places_may_be_said_in_words(coordinator: Chat, places: str) -> None:
    await plan_excel(coordinator, places=places)
    await coordinator.sends(tap="/find_training")
    coordinator.hears("25 sur 25 libres")


async def test_one_language_is_enough_when_it_is_said(coordinator: Chat, chats: Chats) -> None:
    await plan_excel(coordinator)
    somali = await consenting(chats("xasan"), "so")
    await somali.sends(tap="/find_training")
    somali.hears("Excel pour trésoriers")
    somali.hears("Talaado 15/12/2026")


async def test_member_is_told_that_planning_is_not_theirs(chats: Chats) -> None:
    member = await consenting(chats("amina"))
    for tap in ("/create_training", "/trigger_reminder", '/create_training{"id": "1", "tell": "cancelled"}'):
        await member.sends(tap=tap)
        member.hears("réservée aux coordinateurs")


async def test_place_is_taken_with_one_tap_and_a_second_is_told_kindly(
    coordinator: Chat, chats: Chats
) -> None:
    await plan_excel(coordinator)
    member = await consenting(chats("amina"))
    await member.sends(tap="/find_training")
    await member.taps("M'inscrire")
    member.hears("vous êtes inscrit(e)")
    await member.sends(tap="/find_training")
    assert "M'inscrire" not in member.titles
    await member.sends(tap='/enroll_training{"id": "%s"}' % await number(member))
    member.hears("déjà inscrit")
    await member.sends(tap="/my_trainings")
    member.hears("Excel")


async def number(chat: Chat) -> str:
    """The id of the training last listed."""
    await chat.sends(tap="/find_training")
    payloads = [b.payload or "" for m in chat.replies for b in m.buttons]
    return next(p for p in payloads if '"id"' in p).partition('"id": "')[2].partition('"')[0]


async def test_without_consent_it_is_asked_first(coordinator: Chat, chats: Chats) -> None:
    await plan_excel(coordinator)
    member = chats("amina")
    await member.says("bonjour")
    await member.taps("Français")
    await member.taps("Pas maintenant")
    await member.sends(tap="/find_training")
    await member.taps("M'inscrire")
    member.hears("je garde votre nom")
    await member.taps("D'accord, m'inscrire")
    member.hears("vous êtes inscrit(e)")


@pytest.mark.parametrize(
    "words", ["inscrivez moi à la formation exel", "je veux m'inscrire à excel tresoriers"]
)
async def test_training_is_named_by_words_with_mistakes(coordinator: Chat, chats: Chats, words: str) -> None:
    await plan_excel(coordinator)
    await plan_excel(coordinator, title="Gestion de projet")
    member = await consenting(chats("amina"))
    await member.says(words)
    member.hears("vous êtes inscrit(e) à « Excel pour trésoriers »")


async def test_unnamed_training_is_asked_with_buttons(coordinator: Chat, chats: Chats) -> None:
    await plan_excel(coordinator)
    await plan_excel(coordinator, title="Gestion de projet")
    member = await consenting(chats("amina"))
    await member.sends(tap="/enroll_training")
    member.hears("De quelle formation")
    await member.taps("Gestion de projet · 15/12")
    member.hears("« Gestion de projet »")


async def test_full_training_has_a_waiting_list_that_moves_up(coordinator: Chat, chats: Chats) -> None:
    await plan_excel(coordinator, places="1")
    first, second = await consenting(chats("amina")), await consenting(chats("xasan"), "so")
    for member, place in ((first, "M'inscrire"), (second, "Liiska sugitaanka")):
        await member.sends(tap="/find_training")
        await member.taps(place)
    second.hears("lam. 1")
    await first.sends(tap="/withdraw_training")
    await first.taps("Annuler ma place")
    first.hears("est rendue")
    promoted = (await second.everything())[-1]
    assert "Boos ayaa bannaanaaday" in promoted.text
    assert [b.title for b in promoted.buttons] == ["Waan imanayaa", "Ma imanayo"]


async def test_whole_training_in_three_languages(
    coordinator: Chat, chats: Chats, ticks: TrainingTicks
) -> None:
    await plan_excel(coordinator, somali="Excel-ka khasnajiyada", places="10")
    clock = coordinator.clock
    people = {"fr": chats("amina"), "so": chats("xasan"), "aa": chats("qali")}
    enrol = {"fr": "M'inscrire", "so": "Isdiiwaangeli", "aa": "Maysarraqa"}
    for language, person in people.items():
        await consenting(person, language)
        await person.sends(tap="/find_training")
        await person.taps(enrol[language])
    await _remind_a_week_before(people, ticks, clock)
    await _move_to_another_place(coordinator, people)
    await _come_and_show_the_code(coordinator, people, clock)
    await _say_what_they_thought(coordinator, people, ticks, clock)


async def _remind_a_week_before(people: dict[str, Chat], ticks: TrainingTicks, clock: Clock) -> None:
    await ticking(ticks, clock, days=14)
    told = {language: (await person.everything())[-1] for language, person in people.items()}
    assert "Venez-vous ?" in told["fr"].text
    assert "Excel-ka khasnajiyada" in told["so"].text
    assert "Talaata · mardi 15/12/2026" in told["aa"].text
    await people["fr"].sends(tap=told["fr"].buttons[0].payload)
    people["fr"].hears("vous venez")
    await people["aa"].says("1")
    people["aa"].hears("vous venez")


async def _move_to_another_place(coordinator: Chat, people: dict[str, Chat]) -> None:
    await coordinator.sends(tap="/create_training")
    await coordinator.taps("Excel pour trésoriers · 15/12")
    await coordinator.taps("Modifier")
    await coordinator.taps("Lieu")
    await coordinator.says("Mairie de Boulaos")
    await coordinator.taps("Enregistrer")
    coordinator.hears("3 personne(s) prévenue(s)")
    for person in people.values():
        assert "Mairie de Boulaos" in (await person.everything())[-1].text


async def _come_and_show_the_code(coordinator: Chat, people: dict[str, Chat], clock: Clock) -> None:
    await coordinator.sends(tap="/create_training")
    await coordinator.taps("Excel pour trésoriers · 15/12")
    assert "Code de présence" not in coordinator.titles
    clock.passes(days=6, hours=21, minutes=30)
    await coordinator.sends(tap="/create_training")
    await coordinator.taps("Excel pour trésoriers · 15/12")
    await coordinator.taps("Code de présence")
    code = coordinator.text.partition("présence : ")[2][:4]
    await people["fr"].says("0000" if code != "0000" else "1111")
    people["fr"].hears("Essais restants : 4")
    for person in people.values():
        await person.says(code)
    people["fr"].hears("présence à « Excel")
    people["so"].hears("Joogitaankaaga")


async def _say_what_they_thought(
    coordinator: Chat, people: dict[str, Chat], ticks: TrainingTicks, clock: Clock
) -> None:
    await ticking(ticks, clock, days=1, hours=1)
    asked = (await people["fr"].everything())[-1]
    assert "comment était-ce" in asked.text
    await people["fr"].sends(tap=asked.buttons[4].payload)
    people["fr"].hears("5 sur 5")
    await people["fr"].says("Plus de temps pour pratiquer, s'il vous plaît.")
    people["fr"].hears("Merci")
    await coordinator.sends(tap="/create_training")
    await coordinator.taps("Excel pour trésoriers · 15/12")
    coordinator.hears("Avis : 5,0 sur 5 (1)")
    coordinator.hears("Plus de temps")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("quelles formations en décembre ?", True),
        ("des formations sur le numérique ?", True),
        ("quelles formations à Balbala", True),
        ("quelles formations en mars ?", False),
        ("quelles formations à Tadjourah", False),
    ],
)
async def test_trainings_are_found_by_month_theme_and_place(
    coordinator: Chat, chats: Chats, words: str, found: bool
) -> None:
    await plan_excel(coordinator)
    member = await consenting(chats("amina"))
    await member.says(words)
    if "Formations" in member.titles:  # the model was not sure and asked
        await member.taps("Formations")
    member.hears("Excel pour trésoriers")
    assert ("ne répond à cela" in member.text) is not found


async def test_with_nothing_planned_facts_are_told_and_the_person_can_be_told_later(chats: Chats) -> None:
    member = await consenting(chats("amina"))
    await member.sends(tap="/find_training")
    member.hears("Source")
    member.hears("Aucune formation n'a de date")
    await member.taps("Prévenez-moi")
    member.hears("je vous écrirai")


async def test_two_people_at_once_do_not_share_the_last_place(
    coordinator: Chat, chats: Chats, database: Database
) -> None:
    await plan_excel(coordinator, places="1")
    people = [await consenting(chats(name)) for name in ("amina", "xasan", "qali")]
    training = await number(people[0])
    await asyncio.gather(*(person.sends(tap=f'/enroll_training{{"id": "{training}"}}') for person in people))
    while await people[0].takes_one():
        pass
    async with database.transaction() as tx:
        seats = await tx.enrolments.count(int(training))
    assert seats == {(Seat.ENROLLED, None): 1, (Seat.WAITING, None): 2}


async def test_role_lost_before_the_confirmation_plans_nothing(coordinator: Chat, database: Database) -> None:
    await plan_excel(coordinator, until="Vérifiez")
    async with database.transaction() as tx:
        person = await tx.people.find(coordinator.channel, "coord")
        assert person is not None
        await tx.people.set_role(person.id, "member")
    await coordinator.taps("Garder")
    coordinator.hears("réservée aux coordinateurs")
    async with database.transaction() as tx:
        assert await tx.trainings.of_planners(coordinator.clock()) == []


async def test_attendance_code_takes_few_tries_and_only_on_the_day(coordinator: Chat, chats: Chats) -> None:
    await plan_excel(coordinator)
    member = await consenting(chats("amina"))
    await member.sends(tap="/find_training")
    await member.taps("M'inscrire")
    await member.says("4821")
    assert "code" not in member.text
    member.clock.passes(days=20, hours=21, minutes=30)
    await coordinator.sends(tap="/create_training")
    await coordinator.taps("Excel pour trésoriers · 15/12")
    await coordinator.taps("Code de présence")
    code = coordinator.text.partition("présence : ")[2][:4]
    for left in (4, 3, 2, 1, 0):
        await member.says(f"{(int(code) + 1 + left) % 10000:04d}")
        member.hears(f"Essais restants : {left}")
    await member.says(f"{(int(code) + 9) % 10000:04d}")
    member.hears("Trop d'essais")
    await member.says(code)
    member.hears("Trop d'essais")


async def test_training_for_organisations_asks_to_register_one(coordinator: Chat, chats: Chats) -> None:
    await plan_excel(coordinator, audience="2")
    member = await consenting(chats("amina"))
    await member.sends(tap="/find_training")
    member.hears("Pour : membres d'organisations inscrites")
    await member.taps("M'inscrire")
    member.hears("Inscrivez d'abord la vôtre")
    assert "Inscrire mon organisation" in member.titles


async def test_after_stop_a_place_is_taken_and_silence_is_told(
    coordinator: Chat, chats: Chats, database: Database
) -> None:
    await plan_excel(coordinator)
    member = await consenting(chats("amina"))
    async with database.transaction() as tx:
        person = await tx.people.find(member.channel, "amina")
        assert person is not None
        await tx.people.stop(person.id, member.clock())
    await member.sends(tap="/find_training")
    await member.taps("M'inscrire")
    member.hears("ni rappel, ni changement, ni annonce")
    await coordinator.sends(tap="/create_training")
    await coordinator.taps("Excel pour trésoriers · 15/12")
    await coordinator.taps("Annuler la formation")
    await coordinator.taps("Oui, annuler et prévenir")
    coordinator.hears("1 ont dit STOP")
    assert "n'aura pas lieu" not in (await member.everything())[-1].text


async def test_calendar_and_participants_are_files(
    coordinator: Chat, chats: Chats, database: Database
) -> None:
    await plan_excel(coordinator)
    member = await consenting(chats("amina"))
    await member.sends(tap="/find_training")
    await member.taps("M'inscrire")
    await member.taps("Calendrier (.ics)")
    assert b"DTSTART:20261215T060000Z" in await content(member, database)
    await coordinator.taps("Gérer")
    await coordinator.taps("Participants (CSV)")
    table = (await content(coordinator, database)).decode("utf-8-sig").splitlines()
    assert table[0].startswith("Nom;Organisation;")
    assert table[1].split(";")[4] == "inscrit"


async def content(chat: Chat, database: Database) -> bytes:
    """The bytes of the file that came last."""
    attachment = chat.replies[-1].attachment
    assert attachment is not None
    async with database.transaction() as tx:
        file = await tx.files.get(attachment.key)
    assert file is not None
    assert file.content is not None
    return file.content


async def test_every_act_of_a_coordinator_is_logged(coordinator: Chat, database: Database) -> None:
    await plan_excel(coordinator)
    async with database.transaction() as tx:
        (training,) = await tx.trainings.of_planners(coordinator.clock())
        acts = [act.act for act in await tx.audit.about(f"training:{training.id}")]
    assert acts == ["training.open", "training.plan"]


async def test_form_left_for_two_days_is_offered_again(coordinator: Chat) -> None:
    await plan_excel(coordinator, until="Quel jour")
    coordinator.clock.passes(days=2)
    await coordinator.says("bonjour")
    coordinator.hears("la nouvelle formation")
    await coordinator.taps("Continuer")
    coordinator.hears("Quel jour")


async def test_in_a_group_no_planning_is_begun(coordinator: Chat) -> None:
    await coordinator.sends(chat="group-1", tap='/create_training{"tell": "new"}')
    assert "en privé" in (await coordinator.everything("group-1"))[-1].text


async def test_more_places_bring_in_who_waits_and_the_unreachable_are_counted(
    coordinator: Chat, chats: Chats, database: Database
) -> None:
    await plan_excel(coordinator, places="1")
    first, second = await consenting(chats("amina")), await consenting(chats("xasan"))
    for member, place in ((first, "M'inscrire"), (second, "Liste d'attente")):
        await member.sends(tap="/find_training")
        await member.taps(place)
    for tap in ("Gérer", "Modifier", "Nombre de places"):
        await coordinator.taps(tap)
    await coordinator.says("30")
    await coordinator.taps("Enregistrer")
    assert "Une place s'est libérée" in (await second.everything())[-1].text
    async with database.transaction() as tx:
        await tx.people.mark_reachable(coordinator.channel, "xasan", False, coordinator.clock())
    await coordinator.taps("Annuler la formation")
    await coordinator.taps("Oui, annuler et prévenir")
    coordinator.hears("1 personne(s) prévenue(s)")
    coordinator.hears("1 injoignable(s)")


async def test_my_data_counts_places_and_reminders(coordinator: Chat, chats: Chats) -> None:
    await plan_excel(coordinator)
    member = await consenting(chats("amina"))
    await member.sends(tap="/find_training")
    await member.taps("M'inscrire")
    await member.sends(tap="/my_data")
    member.hears("places dans des formations : 1")

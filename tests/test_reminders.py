"""Reminders at their time, moved, late, lost and unwanted; and those people set for themselves, in three languages."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.actions.training_texts import Wordbook
from bot.domain import Domain
from bot.store.engine import Database
from bot.training_ticks import TrainingTicks
from tests.fakes import Chat
from tests.planners import DJIBOUTI, consenting, coordinating, plan_excel, ticking

Invite = Callable[[str], Awaitable[str]]
Chats = Callable[[str], Chat]
START = datetime(2026, 12, 15, 6, 0, tzinfo=UTC)


@pytest.fixture
def ticks(database: Database, domain: Domain) -> TrainingTicks:
    return TrainingTicks(database, domain, DJIBOUTI)


@pytest.fixture
async def coordinator(chats: Chats, invited: Invite) -> Chat:
    return await coordinating(chats("coord"), invited)


@pytest.fixture
async def member(coordinator: Chat, chats: Chats) -> Chat:
    """Enrolled in the training of 15 December, 9 o'clock."""
    await plan_excel(coordinator)
    person = await consenting(chats("amina"))
    await person.sends(tap="/find_training")
    await person.taps("M'inscrire")
    return person


async def reminders_of(chat: Chat) -> list[str]:
    return [m.text for m in await chat.everything() if m.text.startswith("Rappel")]


async def test_reminded_seven_days_one_day_and_two_hours_before(member: Chat, ticks: TrainingTicks) -> None:
    clock = member.clock
    moments = []
    while clock() < START:
        before = len(await reminders_of(member))
        await ticking(ticks, clock, minutes=60)
        if len(await reminders_of(member)) > before:
            moments.append(round((START - clock()).total_seconds() / 3600))
    assert moments in ([168, 24, 2], [167, 23, 1])


async def test_two_schedulers_and_a_restart_send_once(
    member: Chat, ticks: TrainingTicks, database: Database, domain: Domain
) -> None:
    other = TrainingTicks(database, domain, DJIBOUTI)
    member.clock.passes(days=14)
    await asyncio.gather(*(t.remind(member.clock()) for t in (ticks, other, ticks, other)))
    await other.remind(member.clock())
    assert len(await reminders_of(member)) == 1


async def test_many_are_reminded_a_few_at_a_time_by_whoever_ticks(
    member: Chat, chats: Chats, database: Database, domain: Domain
) -> None:
    people = [member]
    for name in ("bile", "chaltu", "dini", "ebla"):
        people.append(await consenting(chats(name)))
        await people[-1].sends(tap="/find_training")
        await people[-1].taps("M'inscrire")
    two, other = (TrainingTicks(database, domain, DJIBOUTI, chunk=2) for _ in range(2))
    member.clock.passes(days=14)
    await asyncio.gather(two.remind(member.clock()), other.remind(member.clock()))
    assert [len(await reminders_of(person)) for person in people] == [1] * 5


async def test_day_that_is_over_is_said_and_the_next_such_day_is_offered(chat: Chat) -> None:
    await consenting(chat)
    await chat.says("rappelle-moi le rapport le 12/03/2025 à 9h")
    chat.hears("mercredi 12/03/2025 est passé")
    await chat.taps("vendredi 12/03/2027")
    chat.hears("12/03/2027")


async def test_clock_set_back_does_not_remind_twice(member: Chat, ticks: TrainingTicks) -> None:
    await ticking(ticks, member.clock, days=14)
    await ticking(ticks, member.clock, hours=-5)
    await ticking(ticks, member.clock, hours=5)
    assert len(await reminders_of(member)) == 1


async def test_after_an_outage_only_what_still_helps_goes_and_the_rest_is_listed(
    member: Chat, coordinator: Chat, ticks: TrainingTicks
) -> None:
    await ticking(ticks, member.clock, days=19)  # 13 December: the one of seven days is five days late
    assert await reminders_of(member) == []
    told = (await coordinator.everything())[-1]
    assert "Rappel manqué (7 j avant)" in told.text
    assert "1 personne(s)" in told.text
    await ticking(ticks, member.clock, days=1)
    assert len(await reminders_of(member)) == 1


async def test_nothing_is_sent_after_the_start(member: Chat, ticks: TrainingTicks) -> None:
    await ticking(ticks, member.clock, days=40)
    assert await reminders_of(member) == []


async def test_moved_training_moves_its_reminders_and_forgets_answers(
    member: Chat, coordinator: Chat, ticks: TrainingTicks
) -> None:
    await ticking(ticks, member.clock, days=14)
    await member.taps_last("Je viens")
    await coordinator.sends(tap="/create_training")
    await coordinator.taps("Excel pour trésoriers · 15/12")
    await coordinator.taps("Modifier")
    await coordinator.taps("Jour et heure")
    await coordinator.says("22/12/2026 14h")
    coordinator.hears("mardi 15/12/2026, 09:00–12:00 → mardi 22/12/2026, 14:00–17:00")
    await coordinator.taps("Enregistrer")
    coordinator.hears("Viennent : 0")
    changed = (await member.everything())[-1].text
    assert "mardi 22/12/2026, 14:00–17:00" in changed
    assert "Avant : mardi 15/12/2026, 09:00–12:00" in changed
    await ticking(ticks, member.clock, days=7, hours=3)
    assert len(await reminders_of(member)) == 2


async def test_cancelled_training_is_told_and_reminds_nobody(
    member: Chat, coordinator: Chat, ticks: TrainingTicks
) -> None:
    await coordinator.taps("Gérer")
    await coordinator.taps("Annuler la formation")
    coordinator.hears("1 personne(s)")
    await coordinator.taps("Oui, annuler et prévenir")
    assert "n'aura pas lieu" in (await member.everything())[-1].text
    await ticking(ticks, member.clock, days=14)
    assert await reminders_of(member) == []


async def test_who_stopped_is_not_reminded_and_can_allow_it_again(
    member: Chat, coordinator: Chat, ticks: TrainingTicks
) -> None:
    await member.sends(tap="/stop_reminders")
    member.hears("plus de rappels")
    await ticking(ticks, member.clock, days=14)
    assert await reminders_of(member) == []
    await coordinator.sends(tap="/trigger_reminder")
    assert "Tous les inscrits (0)" in coordinator.titles
    await member.sends(tap="/set_reminder")
    member.hears("aucun ne vous parviendra")
    await member.taps("Recevoir les rappels")
    await ticking(ticks, member.clock, days=6)
    assert len(await reminders_of(member)) == 1


async def test_coordinator_reminds_now_with_a_count_and_a_second_tap_changes_nothing(
    member: Chat, coordinator: Chat
) -> None:
    await coordinator.sends(tap="/trigger_reminder")
    await coordinator.taps("Tous les inscrits (1)")
    coordinator.hears("à 1 personne(s)")
    sure = next(b.payload for m in coordinator.replies for b in m.buttons if b.title == "Envoyer")
    for _ in range(2):
        await coordinator.sends(tap=sure)
    assert len(await reminders_of(member)) == 1
    await member.taps_last("Je viens")
    await coordinator.sends(tap="/trigger_reminder")
    assert "Sans réponse (0)" in coordinator.titles


async def test_coordinator_reminds_a_group(member: Chat, coordinator: Chat, database: Database) -> None:
    async with database.transaction() as tx:
        await tx.groups.joined("plain", "group-1", "Femmes de Balbala", coordinator.clock())
    await coordinator.sends(tap="/trigger_reminder")
    await coordinator.taps("Un groupe")
    await coordinator.taps("Femmes de Balbala")
    coordinator.hears("dans « Femmes de Balbala »")
    await coordinator.taps("Envoyer")
    assert "Excel pour trésoriers" in (await coordinator.everything("group-1"))[-1].text


async def test_other_reminders_by_words(member: Chat, coordinator: Chat, ticks: TrainingTicks) -> None:
    await coordinator.taps("Gérer")
    await coordinator.taps("Modifier")
    await coordinator.taps("Rappels")
    await coordinator.says("souvent")
    coordinator.hears("7 jours, 1 jour, 2 heures")
    await coordinator.says("10 jours, 3 heures")
    await coordinator.taps("Enregistrer")
    coordinator.hears("10 j, 3 h")
    await ticking(ticks, member.clock, days=11)
    assert len(await reminders_of(member)) == 1


async def test_erased_person_leaves_their_place(member: Chat, ticks: TrainingTicks) -> None:
    await member.sends(tap='/delete_my_data{"tell": "now"}')
    await ticking(ticks, member.clock, days=14)
    assert await reminders_of(member) == []


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("rappelle-moi lundi à 9h de déposer le dossier", "lundi 30/11/2026, 09:00"),
        ("rappelle moi demain 15h30 la réunion du bureau", "mercredi 25/11/2026, 15:30"),
        ("rappelle moi à 16h d'appeler le ministère", "mardi 24/11/2026, 16:00"),
        ("rappelle moi à 8h d'appeler le ministère", "mercredi 25/11/2026, 08:00"),
    ],
)
async def test_own_reminder_is_said_back_in_24_hours_then_comes(
    chats: Chats, ticks: TrainingTicks, words: str, moment: str
) -> None:
    member = await consenting(chats("amina"))
    await member.says(words)
    member.hears(moment)
    await member.taps("Oui")
    member.hears("C'est noté")
    await ticking(ticks, member.clock, hours=1)
    assert await reminders_of(member) == []
    for _ in range(150):
        await ticking(ticks, member.clock, hours=1)
    (reminder,) = await reminders_of(member)
    assert moment in reminder
    assert words in reminder


async def test_hour_counted_from_sunrise_is_asked_and_never_guessed(chats: Chats) -> None:
    member = await consenting(chats("xasan"), "so")
    await member.says("berri saacadda 3 i xasuusi shirka ururka")
    assert "09:00" in member.titles
    assert "15:00" in member.titles
    await member.taps("09:00")
    member.hears("Arbaco 25/11/2026, 09:00")


async def test_afar_month_is_asked(chats: Chats) -> None:
    member = await consenting(chats("qali"), "aa")
    await member.sends(tap="/set_reminder")
    await member.says("koboxu")
    await member.says("12 garablu")
    member.hears("12 garablu")
    member.hears("15/12/2026")


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("rappelle moi la réunion vendredi 15 janvier à 9h", "vendredi 15/01/2027, 09:00"),
        ("rappelle moi la réunion lundi 7 décembre à 9h", "lundi 07/12/2026, 09:00"),
        ("rappelle moi la réunion le 7 à 9h", "lundi 07/12/2026, 09:00"),
    ],
)
async def test_day_with_its_name_is_the_numbered_one(chats: Chats, words: str, moment: str) -> None:
    member = await consenting(chats("amina"))
    await member.says(words)
    member.hears(f"Je vous écris {moment}")
    await member.taps("Oui")
    member.hears(moment)


@pytest.mark.parametrize("words", ["le 31 novembre", "le 30 février", "le 31/11/2026"])
async def test_day_that_does_not_exist_is_told_and_today_is_not_taken(chats: Chats, words: str) -> None:
    member = await consenting(chats("amina"))
    await member.says(f"rappelle-moi la réunion {words} à 18h")
    member.hears("ce jour n'existe pas")
    member.hears("Quel jour")
    await member.says("le 30")
    member.hears("lundi 30/11/2026, 18:00")


async def test_name_and_number_that_disagree_are_both_offered(chats: Chats) -> None:
    member = await consenting(chats("amina"))
    await member.says("rappelle-moi la réunion lundi 8 décembre à 9h")
    member.hears("« lundi 8 décembre » : cela peut être deux jours")
    assert member.titles == ["mardi 08/12/2026", "lundi 07/12/2026"]
    await member.taps("lundi 07/12/2026")
    member.hears("Je vous écris lundi 07/12/2026, 09:00")


@pytest.mark.parametrize(
    ("words", "minutes"),
    [("rappelle-moi dans 2 heures la réunion", 120), ("rappelle-moi la réunion dans 30 minutes", 30)],
)
async def test_delay_is_counted_from_now(chats: Chats, words: str, minutes: int) -> None:
    member = await consenting(chats("amina"))
    await member.says(words)
    due = (member.clock() + timedelta(minutes=minutes)).astimezone(DJIBOUTI)
    member.hears(f"{due:%d/%m/%Y, %H:%M}")


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("chaque lundi à 8h", "lundi 30/11/2026, 08:00"),
        ("le 10 et le 12 décembre à 8h", "jeudi 10/12/2026, 08:00"),
    ],
)
async def test_reminder_wanted_often_is_said_to_come_once(chats: Chats, words: str, moment: str) -> None:
    member = await consenting(chats("amina"))
    await member.says(f"rappelle-moi la réunion {words}")
    member.hears("une seule fois")
    member.hears(moment)


async def test_day_that_was_is_told_to_be_over(chats: Chats) -> None:
    member = await consenting(chats("amina"))
    await member.says("rappelle-moi la réunion de lundi dernier à 9h")
    member.hears("lundi 23/11/2026 est passé")
    await member.taps("lundi 30/11/2026")
    member.hears("Je vous écris lundi 30/11/2026, 09:00")


async def test_period_is_no_day_and_the_day_is_asked(chats: Chats) -> None:
    member = await consenting(chats("amina"))
    await member.says("rappelle-moi la réunion la semaine prochaine à 18h")
    member.hears("Quel jour")


async def test_part_of_the_day_offers_its_hours(chats: Chats) -> None:
    member = await consenting(chats("amina"))
    await member.says("rappelle-moi demain matin de rappeler le trésorier")
    member.hears("À quelle heure")
    assert "09:00" in member.titles
    assert "16:00" not in member.titles


async def test_moment_already_over_is_refused_and_nothing_is_lost(chats: Chats) -> None:
    member = await consenting(chats("amina"))
    await member.says("rappelle-moi la réunion du bureau")
    await member.taps("mardi 24/11/2026")
    await member.says("9h")
    member.hears("déjà passée")
    await member.says("18h")
    member.hears("réunion du bureau")
    member.hears("18:00")


async def test_own_reminder_that_is_very_late_is_listed_without_its_words(
    coordinator: Chat, chats: Chats, ticks: TrainingTicks
) -> None:
    member = await consenting(chats("amina"))
    await member.says("rappelle-moi lundi à 9h de déposer le dossier")
    await member.taps("Oui")
    await ticking(ticks, member.clock, days=9)
    assert await reminders_of(member) == []
    told = (await coordinator.everything())[-1].text
    assert "1 rappel(s)" in told
    assert "dossier" not in told


async def test_own_reminders_are_listed_and_dropped(chats: Chats, ticks: TrainingTicks) -> None:
    member = await consenting(chats("amina"))
    await member.says("rappelle-moi lundi à 9h de déposer le dossier")
    await member.taps("Oui")
    await member.sends(tap="/my_trainings")
    member.hears("lundi 30/11/2026, 09:00")
    await member.taps("Supprimer le rappel du 30/11")
    member.hears("supprimé")
    before = len(await member.everything())
    await ticking(ticks, member.clock, days=6)
    assert len(await member.everything()) == before


async def test_reminder_of_a_training_moves_with_it(member: Chat, coordinator: Chat) -> None:
    await member.says("rappelle-moi la formation excel")
    member.hears("En voulez-vous un de plus")
    await member.taps("3 h avant")
    member.hears("mardi 15/12/2026, 06:00")
    await coordinator.taps("Gérer")
    for tap in ("Modifier", "Jour et heure"):
        await coordinator.taps(tap)
    await coordinator.says("16/12/2026")
    await coordinator.taps("Enregistrer")
    await member.sends(tap="/my_trainings")
    member.hears("mercredi 16/12/2026, 06:00")


async def test_own_reminder_a_little_late_says_so(chats: Chats, ticks: TrainingTicks) -> None:
    member = await consenting(chats("amina"))
    await member.says("rappelle-moi demain à 9h de déposer le dossier")
    await member.taps("Oui")
    await ticking(ticks, member.clock, hours=24)
    (reminder,) = await reminders_of(member)
    assert "en retard" in reminder
    assert "prévu mercredi 25/11/2026, 09:00" in reminder


def test_in_another_time_zone_the_wall_shows_other_hours(domain: Domain) -> None:
    paris = Wordbook(domain, "fr", ZoneInfo("Europe/Paris"))
    djibouti = Wordbook(domain, "fr", DJIBOUTI)
    before, after = datetime(2026, 10, 24, 22, 30, tzinfo=UTC), datetime(2026, 10, 25, 22, 30, tzinfo=UTC)
    assert paris.moment(before) == "dimanche 25/10/2026, 00:30"
    assert paris.moment(after) == "dimanche 25/10/2026, 23:30"
    assert djibouti.moment(after) == "lundi 26/10/2026, 01:30"

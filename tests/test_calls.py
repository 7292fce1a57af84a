"""Calls for projects: published by a partner, matched to organisations, reminded of, never shown as open when over."""

import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from bot.domain import Domain
from bot.store.engine import Database
from bot.training_ticks import TrainingTicks
from tests.fakes import Chat, Clock
from tests.planners import DJIBOUTI, consenting

Chats = Callable[[str], Chat]
Invite = Callable[[str], Awaitable[str]]
ANSWERS = (
    ("Titre", "Fonds eau et jeunesse"),
    ("Ce qu'il soutient", "Des petits projets d'accès à l'eau."),
    ("Date limite", "20/12/2026"),
    ("À partir de quel jour", None),
    ("Montant", "2 000 000 FDJ par projet"),
    ("Pour quels domaines", "eau et jeunesse"),
    ("Pour quelles régions", "Obock"),
    ("Pour quelles régions", "C'est tout"),
    ("Conditions pour répondre", "Deux ans d'existence."),
    ("Lien", "exemple.dj/appel"),
    ("Vérifiez", "Publier"),
)


@pytest.fixture
async def partner(chats: Chats, invited: Invite) -> Chat:
    chat = await consenting(chats("bailleur"))
    await chat.says(f"/start {await invited('partner')}")
    return chat


async def publish(chat: Chat, *, until: str | None = None, since: str | None = None) -> None:
    """Question by question: `until` one is asked, or on `since` the one that waits."""
    if since is None:
        await chat.sends(tap='/find_funding{"tell": "publish"}')
    started = since is None
    for question, answer in ANSWERS:
        started = started or question == since
        if not started:
            continue
        chat.hears(question)
        if question == until:
            return
        if answer is None:
            await chat.sends(tap="/deny")
        elif answer in chat.titles:
            await chat.taps(answer)
        else:
            await chat.says(answer)


async def opens_own_call(chat: Chat) -> None:
    await chat.sends(tap="/find_funding")
    await chat.taps("Fonds eau et jeunesse")


async def with_organisation(
    chat: Chat, database: Database, region: str = "Obock", theme: str = "eau"
) -> Chat:
    await consenting(chat)
    values = {
        "name": f"Association {chat.person}",
        "folded_name": chat.person,
        "legal_form": "association",
        "region": region,
        "themes": [theme],
    }
    async with database.transaction() as tx:
        person = await tx.people.find("plain", chat.person)
        assert person is not None
        await tx.organisations.add(values, person.id, chat.clock())
    return chat


async def test_partner_who_asks_in_words_is_led_to_publishing(partner: Chat) -> None:
    await partner.says("publier un appel à projets")
    await partner.taps("Publier un appel")
    partner.hears("Titre de l'appel à projets")


async def test_call_reaches_the_organisations_it_suits_and_no_other(
    chats: Chats, partner: Chat, database: Database
) -> None:
    suited = await with_organisation(chats("amina"), database)
    elsewhere = await with_organisation(chats("xasan"), database, region="Dikhil")
    await publish(partner)
    partner.hears("Organisations concernées : 1. Personnes prévenues : 1")
    assert "Nouvel appel à projets pour vous" in (await suited.everything())[-1].text
    assert "Fonds eau" not in "".join(m.text for m in await elsewhere.everything())


async def test_who_follows_calls_without_an_organisation_is_told_too(chats: Chats, partner: Chat) -> None:
    follower = await consenting(chats("fatouma"))
    await follower.sends(tap='/subscribe{"topic": "appels"}')
    await follower.says("je veux suivre les appels à projets")
    await publish(partner)
    assert "Fonds eau et jeunesse" in (await follower.everything())[-1].text


async def test_who_stopped_is_counted_and_not_written_to(
    chats: Chats, partner: Chat, database: Database
) -> None:
    stopped = await with_organisation(chats("amina"), database)
    await stopped.says("STOP")
    before = len(await stopped.everything())
    await publish(partner)
    partner.hears("ont dit STOP : 1")
    assert len(await stopped.everything()) == before


async def test_open_calls_are_found_and_read_in_full(chats: Chats, partner: Chat, database: Database) -> None:
    member = await with_organisation(chats("amina"), database)
    await publish(partner)
    await member.says("y a-t-il des appels à projets ouverts ?")
    member.hears("Fonds eau et jeunesse\nJusqu'au dimanche 20/12/2026")
    await member.taps("Fonds eau et jeunesse")
    member.hears("Montant : 2 000 000 FDJ par projet")
    member.hears("Conditions : Deux ans d'existence.")
    assert [b.url for m in member.replies for b in m.buttons if b.url] == ["https://exemple.dj/appel"]


async def test_call_is_never_shown_as_open_after_its_last_day(
    chats: Chats, partner: Chat, database: Database
) -> None:
    member = await with_organisation(chats("amina"), database)
    await publish(partner)
    call = next(
        b.payload for m in await member.everything() for b in m.buttons if b.title == "Fonds eau et jeunesse"
    )
    member.clock.now = datetime(2026, 12, 20, 20, 58, tzinfo=UTC)  # 23:58 in Djibouti
    await member.sends(tap="/find_funding")
    member.hears("Fonds eau et jeunesse")
    member.clock.passes(minutes=2)
    await member.sends(tap="/find_funding")
    member.hears("Aucun appel à projets n'est ouvert")
    assert "Fonds eau" not in member.text
    await member.sends(tap=call)
    member.hears("Cet appel est clos depuis le dimanche 20/12/2026")


async def test_deadline_is_reminded_of_seven_two_and_no_days_before(
    chats: Chats, partner: Chat, database: Database, domain: Domain
) -> None:
    member = await with_organisation(chats("amina"), database)
    await publish(partner)
    await member.taps_last("Me rappeler la date limite")
    member.hears("dimanche 13/12/2026, vendredi 18/12/2026, dimanche 20/12/2026")
    ticks, clock, heard = TrainingTicks(database, domain, DJIBOUTI), member.clock, []
    for day in (13, 14, 18, 20, 21):
        clock.now = datetime(2026, 12, day, 6, 0, tzinfo=UTC)
        before = len(await member.everything())
        await _all_ticks(ticks, clock)
        heard += [(day, m.text) for m in (await member.everything())[before:]]
    assert [day for day, _ in heard] == [13, 18, 20]
    assert await _openings(database) == {("call_deadline", "dimanche 20/12/2026")}
    assert all("Fonds eau et jeunesse" in text for _, text in heard)


async def _openings(database: Database) -> set[tuple[str, str]]:
    """What is said of the call where only approved words may open a talk: the template and its date."""
    connection = await database.connect()
    try:
        rows = await connection.fetch(
            "SELECT body FROM outbox WHERE source LIKE 'call:%' OR source LIKE 'reminder:own:%'"
        )
    finally:
        await connection.close()
    openings = [json.loads(row["body"])["opening"] for row in rows]
    return {(opening["template"], dict(opening["values"])["date"]) for opening in openings}


async def _all_ticks(ticks: TrainingTicks, clock: Clock) -> None:
    await ticks.remind(clock())


async def test_asking_twice_reminds_once(chats: Chats, partner: Chat, database: Database) -> None:
    member = await with_organisation(chats("amina"), database)
    await publish(partner)
    await member.taps_last("Me rappeler la date limite")
    await member.says("rappelle-moi la date limite de l'appel")
    async with database.transaction() as tx:
        person = await tx.people.find("plain", "amina")
        assert person is not None
        assert len(await tx.reminders.planned_of(person.id)) == 3


async def test_moved_deadline_moves_reminders_and_tells_who_has_some(
    chats: Chats, partner: Chat, database: Database
) -> None:
    member = await with_organisation(chats("amina"), database)
    await publish(partner)
    await member.taps_last("Me rappeler la date limite")
    await opens_own_call(partner)
    await partner.taps("Changer la date")
    await partner.says("15/01/2027")
    partner.hears("vendredi 15/01/2027. Personnes prévenues : 1")
    assert "vendredi 15/01/2027" in (await member.everything())[-1].text
    async with database.transaction() as tx:
        person = await tx.people.find("plain", "amina")
        assert person is not None
        days = [
            own.due_at.astimezone(DJIBOUTI).date().isoformat()
            for own in await tx.reminders.planned_of(person.id)
        ]
    assert days == ["2027-01-08", "2027-01-13", "2027-01-15"]


async def test_withdrawn_call_is_told_and_reminds_nobody(
    chats: Chats, partner: Chat, database: Database
) -> None:
    member = await with_organisation(chats("amina"), database)
    await publish(partner)
    await member.taps_last("Me rappeler la date limite")
    await opens_own_call(partner)
    await partner.taps("Retirer l'appel")
    await partner.taps("Retirer l'appel")
    partner.hears("Personnes prévenues : 1")
    assert "est retiré" in (await member.everything())[-1].text
    async with database.transaction() as tx:
        person = await tx.people.find("plain", "amina")
        assert person is not None
        assert await tx.reminders.planned_of(person.id) == []


@pytest.mark.parametrize(
    ("question", "bad", "complaint"),
    [
        ("Date limite", "20/12/2025", "est passé"),
        ("Date limite", "bientôt", "date"),
        ("Lien", "pas de lien ici", "https://"),
    ],
)
async def test_wrong_answer_is_explained_and_loses_nothing(
    partner: Chat, question: str, bad: str, complaint: str
) -> None:
    await publish(partner, until=question)
    await partner.says(bad)
    partner.hears(complaint)


async def test_member_and_other_partner_change_nothing(
    chats: Chats, invited: Invite, partner: Chat, database: Database
) -> None:
    await publish(partner)
    other = await consenting(chats("autre"))
    await other.says(f"/start {await invited('partner')}")
    await other.sends(tap="/find_funding")
    await other.taps("Fonds eau et jeunesse")
    assert "Retirer l'appel" not in other.titles
    member = await consenting(chats("amina"))
    await member.sends(tap='/find_funding{"tell": "publish"}')
    member.hears("réservés aux coordinateurs et aux partenaires")


@pytest.mark.parametrize(("language", "words"), [("so", "Ilaa Axad 20/12/2026"), ("aa", "20/12/2026")])
async def test_calls_are_listed_in_somali_and_afar(
    chats: Chats, partner: Chat, language: str, words: str
) -> None:
    await publish(partner)
    member = await consenting(chats("xasan"), language)
    await member.sends(tap="/find_funding")
    member.hears("Fonds eau et jeunesse")
    member.hears(words)


async def test_new_deadline_left_for_a_day_is_asked_again(partner: Chat) -> None:
    await publish(partner)
    await opens_own_call(partner)
    await partner.taps("Changer la date")
    partner.clock.passes(hours=24)
    await partner.says("bonjour")
    await partner.taps("Continuer")
    await partner.says("15/01/2027")
    partner.hears("vendredi 15/01/2027")

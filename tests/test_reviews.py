"""What the bot was not sure of is kept masked, shown card by card, and decided by who may."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path

import pytest

from bot.actions.reviewing import FAMILIES
from bot.domain import LANGUAGES, Domain
from bot.interpreters import OwnInterpreter
from bot.reviews import masked
from bot.store.engine import Database
from bot.store.reviews import Review
from nlu.examples import read_examples
from nlu.meaning import Verdict
from tests.announcing import coordinator_of, joined
from tests.fakes import Chat

Chats = Callable[[str], Chat]
Invited = Callable[[str], Awaitable[str]]

ODD = "zorglub bradfitz quomodo"
WHATSAPP_ROWS, LONGEST_ROW = 10, 24
"""Of a list message (WhatsApp Cloud API, interactive list)."""


async def consenting(chat: Chat, database: Database) -> Chat:
    await joined(chat)
    async with database.transaction() as tx:
        person = await tx.people.find("plain", chat.person)
        assert person is not None
        await tx.people.consent(person.id, chat.clock(), "Amina Ali")
    return chat


async def admin_of(chat: Chat, invited: Invited) -> Chat:
    await joined(chat)
    await chat.says(f"/start {await invited('admin')}")
    return chat


async def decided(database: Database) -> Sequence[Review]:
    async with database.transaction() as tx:
        return await tx.reviews.decided()


async def begun(coordinator: Chat) -> None:
    await coordinator.sends(tap="/review_messages")
    await coordinator.taps("Dire le sens")


async def test_two_coordinators_who_agree_decide(chats: Chats, invited: Invited, database: Database) -> None:
    await (await consenting(chats("amina"), database)).says(ODD)
    first, second = (
        await coordinator_of(chats, invited, "first"),
        await coordinator_of(chats, invited, "second"),
    )
    await begun(first)
    first.hears(ODD)
    await first.taps("Question nouvelle")
    first.hears("Plus aucun message")
    assert await decided(database) == []
    await begun(second)
    await second.taps("Question nouvelle")
    assert [(r.text, r.decision) for r in await decided(database)] == [(ODD, "new_question")]


async def test_coordinators_who_differ_decide_nothing(
    chats: Chats, invited: Invited, database: Database
) -> None:
    await (await consenting(chats("amina"), database)).says(ODD)
    for name, title in (("first", "Ignorer"), ("second", "Question nouvelle")):
        coordinator = await coordinator_of(chats, invited, name)
        await begun(coordinator)
        await coordinator.taps(title)
    assert await decided(database) == []


async def test_an_admin_decides_alone_on_any_intent_and_the_act_is_logged(
    chats: Chats, invited: Invited, database: Database
) -> None:
    await (await consenting(chats("amina"), database)).says(ODD)
    admin = await admin_of(chats("chief"), invited)
    await begun(admin)
    await admin.taps("Autre…")
    await admin.taps("Formations")
    await admin.taps("Retour")
    await admin.taps("Le robot, une personne")
    await admin.taps("Hors sujet")
    (review,) = await decided(database)
    assert review.decision == "out_of_scope"
    async with database.transaction() as tx:
        (act,) = await tx.audit.about(f"review:{review.id}")
    assert (act.act, act.details) == ("review.label", {"label": "out_of_scope", "decided": True})


def test_every_intent_is_in_one_family_that_a_phone_shows_whole(domain: Domain) -> None:
    assert sorted(intent for family in FAMILIES.values() for intent in family) == sorted(domain.intents)
    assert max(len(FAMILIES), *(len(family) + 1 for family in FAMILIES.values())) <= WHATSAPP_ROWS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_meaning_has_a_name_of_its_own(domain: Domain, language: str) -> None:
    names = Counter(
        domain.words(name if name in domain.responses else f"utter_meaning_{intent}", language).text
        for intent in domain.intents
        for name in [f"utter_intent_{intent}"]
    )
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_families_and_meanings_fit_a_row(domain: Domain, language: str) -> None:
    shown = [name for name in domain.responses if name.startswith(("utter_family_", "utter_meaning_"))]
    assert [n for n in shown if len(domain.words(n, language).text) > LONGEST_ROW] == []


async def test_a_card_decided_meanwhile_is_told_gone(
    chats: Chats, invited: Invited, database: Database
) -> None:
    await (await consenting(chats("amina"), database)).says(ODD)
    admin = await admin_of(chats("chief"), invited)
    await begun(admin)
    card = next(b.payload for m in admin.replies for b in m.buttons if b.title == "Ignorer")
    await admin.sends(tap=card)
    await admin.sends(tap=card)
    admin.hears("n'attend plus")


async def test_the_choice_among_offered_meanings_is_shown_on_the_card(
    chats: Chats, invited: Invited, database: Database, interpreter: OwnInterpreter
) -> None:
    for example in read_examples([Path(__file__).parent / "nlu" / "fr.yml"]):
        meaning = await interpreter.interpret(example.text, "fr", date(2026, 11, 24))
        if meaning.verdict is Verdict.ASK and len(example.text.split()) > 2:
            break
    member = await consenting(chats("amina"), database)
    await member.says(example.text)
    chosen = member.titles[0]
    await member.taps(chosen)
    coordinator = await coordinator_of(chats, invited)
    await begun(coordinator)
    coordinator.hears(f"✓ {chosen}")


async def test_without_consent_nothing_is_kept(chats: Chats, invited: Invited) -> None:
    member = chats("amina")
    await member.says("bonjour")
    await member.taps("Français")
    await member.sends(tap="/deny")
    await member.says(ODD)
    coordinator = await coordinator_of(chats, invited)
    await coordinator.sends(tap="/review_messages")
    assert "Dire le sens" not in coordinator.titles


async def test_what_holds_no_word_is_not_kept(chats: Chats, invited: Invited, database: Database) -> None:
    member = await consenting(chats("amina"), database)
    for text in ("42", "+25377812233", "???"):
        await member.says(text)
    coordinator = await coordinator_of(chats, invited)
    await coordinator.sends(tap="/review_messages")
    assert "Dire le sens" not in coordinator.titles


async def test_a_member_labels_nothing_with_a_copied_button(chats: Chats, database: Database) -> None:
    member = await consenting(chats("amina"), database)
    await member.says(ODD)
    await member.sends(tap='/review_messages{"tell":"is:1:greet"}')
    member.hears("réservée aux coordinateurs")
    assert await decided(database) == []


async def test_who_is_forgotten_is_forgotten_here_too(
    chats: Chats, invited: Invited, database: Database
) -> None:
    await (await consenting(chats("amina"), database)).says(ODD)
    async with database.transaction() as tx:
        person = await tx.people.find("plain", "amina")
        assert person is not None
        await tx.erasure.forget(person.id)
    coordinator = await coordinator_of(chats, invited)
    await coordinator.sends(tap="/review_messages")
    assert "Dire le sens" not in coordinator.titles


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("appelez 77 81 22 33 svp", "appelez … svp"),
        ("+25377812233", "…"),
        ("mon mail ali.b@gmail.com merci", "mon mail … merci"),
        ("je m'appelle Kadra Omar et la formation ?", "je m'appelle … et la formation ?"),
        ("ici amina, la formation de 2026 ?", "ici …, la formation de 2026 ?"),
    ],
)
def test_names_numbers_and_addresses_are_masked(typed: str, kept: str) -> None:
    assert masked(typed, "Amina Ali") == kept

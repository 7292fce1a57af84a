"""What the bot was not sure of is kept masked, shown card by card, and decided by who may."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.actions.reviewing import FAMILIES
from bot.domain import LANGUAGES, Domain
from bot.interpreters import OwnInterpreter
from bot.store.engine import Database
from bot.store.questions import NewQuestion, QuestionKind
from bot.store.reviews import Review
from nlu.examples import read_examples
from nlu.meaning import Verdict
from tests.announcing import coordinator_of, joined
from tests.fakes import Chat

Chats = Callable[[str], Chat]
Invited = Callable[[str], Awaitable[str]]

ODD = "zorglub bradfitz quomodo"
NONSENSE = "kwiz flurb"
"""In which no meaning is even likely."""
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
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


async def kept(database: Database) -> Sequence[Review]:
    """All that waits, in the order in which it came; nobody has this number."""
    async with database.transaction() as tx:
        found = []
        while (card := await tx.reviews.next(0)) is not None:
            found.append(card)
            await tx.reviews.decide(card.id, "ignore", NOW)
        return found


async def asked(database: Database) -> list[str]:
    async with database.transaction() as tx:
        return [question.text for question in await tx.questions.unanswered()]


async def in_doubt(interpreter: OwnInterpreter, language: str = "fr", more: str = "") -> str:
    """A message in this language to which the bot answers "did you mean", `more` behind it."""
    for example in read_examples([Path(__file__).parent / "nlu" / f"{language}.yml"]):
        text = example.text + more
        meaning = await interpreter.interpret(text, "fr", date(2026, 11, 24))
        if (meaning.verdict, meaning.language) == (Verdict.ASK, language) and len(text.split()) > 1:
            return text
    raise AssertionError("no message is in doubt")


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


async def test_coordinators_who_differ_are_told_and_an_admin_decides(
    chats: Chats, invited: Invited, database: Database
) -> None:
    await (await consenting(chats("amina"), database)).says(ODD)
    for name, title, heard in (
        ("first", "Ignorer", "C'est noté."),
        (
            "second",
            "Question nouvelle",
            "Un autre coordinateur a dit autre chose : un administrateur décidera",
        ),
    ):
        coordinator = await coordinator_of(chats, invited, name)
        await begun(coordinator)
        await coordinator.taps(title)
        coordinator.hears(heard)
    assert await decided(database) == []
    admin = await admin_of(chats("chief"), invited)
    await begun(admin)
    await admin.taps("Ignorer")
    assert "Un autre coordinateur" not in admin.text
    assert [review.decision for review in await decided(database)] == ["ignore"]


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
    doubtful = await in_doubt(interpreter)
    member = await consenting(chats("amina"), database)
    await member.says(doubtful)
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


async def test_the_escape_button_is_no_meaning_chosen(
    chats: Chats, invited: Invited, database: Database, interpreter: OwnInterpreter
) -> None:
    member = await consenting(chats("amina"), database)
    await member.says(await in_doubt(interpreter))
    await member.taps("Parler à une personne")
    coordinator = await coordinator_of(chats, invited)
    await begun(coordinator)
    assert "✓" not in coordinator.text
    assert [card.chosen for card in await kept(database)] == [None]


async def test_a_button_tapped_after_another_message_says_nothing_of_the_doubted_one(
    chats: Chats, database: Database, interpreter: OwnInterpreter
) -> None:
    member = await consenting(chats("amina"), database)
    await member.says(await in_doubt(interpreter))
    await member.says("aide")
    await member.taps("Formations")
    assert [card.chosen for card in await kept(database)] == [None]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_a_card_is_in_the_language_of_its_message(
    chats: Chats, database: Database, interpreter: OwnInterpreter, language: str
) -> None:
    await (await consenting(chats("amina"), database)).says(await in_doubt(interpreter, language))
    (card,) = await kept(database)
    assert card.language == language


async def test_names_do_not_reach_the_cards(
    chats: Chats, invited: Invited, database: Database, interpreter: OwnInterpreter
) -> None:
    member = await consenting(chats("amina"), database)
    await member.says(await in_doubt(interpreter, more=", moi c est hodan warsame"))
    coordinator = await coordinator_of(chats, invited)
    await begun(coordinator)
    coordinator.hears(", moi c est … »")


async def test_names_do_not_reach_the_desk(chats: Chats, invited: Invited, database: Database) -> None:
    member = await consenting(chats("amina"), database)
    await member.says("kestion du bidule ragondin pour Fatouma Ali Warsame tel 77 12 34 56")
    coordinator = await coordinator_of(chats, invited)
    await coordinator.sends(tap="/review_messages")
    read = " ".join(message.text for message in coordinator.replies)
    assert "« kestion du bidule ragondin pour … tel … »" in read
    assert await asked(database) == ["kestion du bidule ragondin pour … tel …"]


async def test_what_was_kept_whole_before_is_shown_masked(
    chats: Chats, invited: Invited, database: Database
) -> None:
    member = await consenting(chats("amina"), database)
    await member.says(NONSENSE)
    async with database.transaction() as tx:
        (question,) = await tx.questions.unanswered()
        await tx.questions.add(
            NewQuestion(question.conversation_key, QuestionKind.NOT_FOUND, "pour Hodan Barkhad", "fr", NOW)
        )
    coordinator = await coordinator_of(chats, invited)
    await coordinator.sends(tap="/review_messages")
    read = " ".join(message.text for message in coordinator.replies)
    assert "« pour … »" in read
    assert "Hodan" not in read


async def test_what_a_person_sends_to_a_coordinator_stays_whole(chats: Chats, database: Database) -> None:
    member = await consenting(chats("amina"), database)
    await member.sends(tap="/talk_to_human")
    await member.says("appelez Fatouma Ali au 77 12 34 56")
    assert await asked(database) == ["appelez Fatouma Ali au 77 12 34 56"]


async def test_without_consent_the_desk_keeps_nothing_and_nothing_is_promised(
    chats: Chats, database: Database
) -> None:
    member = chats("amina")
    await member.says("bonjour")
    await member.taps("Français")
    await member.sends(tap="/deny")
    await member.says(NONSENSE)
    member.hears("je n'ai pas compris")
    assert "gardé" not in " ".join(message.text for message in member.replies)
    assert await asked(database) == []


@pytest.mark.parametrize("sign", ["😡", "???", "66"])
async def test_what_holds_no_word_is_not_said_to_be_kept_and_asks_nothing(
    chats: Chats, database: Database, sign: str
) -> None:
    member = await consenting(chats("amina"), database)
    await member.says(sign)
    member.hears("je n'ai pas compris")
    assert "gardé" not in member.text
    assert await asked(database) == []
    await member.says(NONSENSE)
    member.hears("Votre message est gardé pour que j'apprenne")


async def test_a_number_typed_after_the_last_card_asks_nothing(
    chats: Chats, invited: Invited, database: Database
) -> None:
    await (await consenting(chats("amina"), database)).says(ODD)
    admin = await admin_of(chats("chief"), invited)
    before = await asked(database)
    await begun(admin)
    await admin.taps("Ignorer")
    admin.hears("Plus aucun message")
    await admin.says("6")
    assert await asked(database) == before

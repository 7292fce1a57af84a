"""A need is told, kept in its words, put among its like, and answered to all who said it, in three languages."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.need import Origin, Topic
from bot.need_topics import TopicWords
from bot.store.engine import Database
from tests.fakes import Chat
from tests.planners import consenting, coordinating, plan_excel

Chats = Callable[[str], Chat]
Invite = Callable[[str], Awaitable[str]]
NO_NETWORK = "on n'a plus de connexion depuis un mois"


@pytest.fixture
async def coordinator(chats: Chats, invited: Invite) -> Chat:
    return await coordinating(chats("coord"), invited)


async def tells(
    chat: Chat, text: str = NO_NETWORK, region: str = "Obock", urgency: str = "Oui, c'est urgent"
) -> None:
    """From the words to the end of the questions."""
    await chat.says(text)
    if region in chat.titles:
        await chat.taps(region)
    await chat.taps(urgency)


async def group_card(coordinator: Chat) -> None:
    """The coordinator opens the first group of needs."""
    await coordinator.sends(tap="/ask_needs")
    await coordinator.taps("Besoins à traiter")
    await coordinator.taps(coordinator.titles[0])


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("on n'a pas d'ordinateur et l'internet est cher", Topic.ACCESS),
        ("nous voulons apprendre la comptabilité", Topic.ORGANISATION),
        ("personne ne finance nos activités", Topic.CALLS),
        ("on aimerait un annuaire pour se réunir entre nous", Topic.COOPERATION),
        ("le ministère ne nous connait pas", Topic.VISIBILITY),
        ("kombiyuutar ma hayno", Topic.ACCESS),
        ("waxaan u baahanahay tababar xisaabaadka", Topic.ORGANISATION),
        ("ururkeennu lacag ma hayo", Topic.CALLS),
        ("ni egla kombiiteri mali", Topic.ACCESS),
        ("ni egla maaliyya mali", Topic.CALLS),
        ("tout va mal", None),
    ],
)
def test_theme_is_guessed_from_words_in_three_languages(text: str, topic: Topic | None) -> None:
    words = TopicWords.load(Path(__file__).parent.parent / "data")
    assert words.guess(text) is topic


async def test_words_are_kept_before_anything_is_asked(chats: Chats, database: Database) -> None:
    chat = await consenting(chats("amina"))
    await chat.says(NO_NETWORK)
    chat.hears("C'est noté")
    chat.hears("Où est-ce le cas")
    async with database.transaction() as tx:
        need = await tx.needs.get(1) or await tx.needs.get(await _last_need(database))
    assert need is not None
    assert (need.text, need.topic, need.origin) == (NO_NETWORK, Topic.ACCESS, Origin.SAID)


async def _last_need(database: Database) -> int:
    connection = await database.connect()
    try:
        number: int = await connection.fetchval("SELECT max(id) FROM need")
    finally:
        await connection.close()
    return number


async def test_need_is_placed_and_the_person_hears_who_else_has_it(chats: Chats) -> None:
    first, second = await consenting(chats("amina")), await consenting(chats("fatouma"))
    await tells(first)
    first.hears("Thème : Internet et matériel\nLieu : Obock\nUrgent : Oui")
    assert "pas seuls" not in first.text
    await tells(second, "le wifi ne marche jamais chez nous")
    second.hears("d'autres ont dit un besoin semblable (1)")


async def test_bare_wish_to_tell_asks_for_the_words(chats: Chats) -> None:
    chat = await consenting(chats("amina"))
    await chat.sends(tap="/express_need")
    chat.hears("De quoi votre organisation a-t-elle besoin")
    await chat.says("12345")
    chat.hears("avec des mots")
    await chat.says("il nous faut une imprimante à Dikhil")
    await chat.taps("Plus tard")
    chat.hears("Lieu : Dikhil")


async def test_typed_answers_are_as_good_as_taps(chats: Chats) -> None:
    chat = await consenting(chats("amina"))
    await chat.says(NO_NETWORK)
    await chat.says("à Tadjourah")
    await chat.says("c'est urgent")
    chat.hears("Lieu : Tadjourah\nUrgent : Oui")


async def test_wrong_theme_is_corrected_by_a_tap(chats: Chats, coordinator: Chat) -> None:
    chat = await consenting(chats("amina"))
    await tells(chat)
    await chat.taps("Autre thème")
    await chat.taps("Se faire connaître")
    chat.hears("Se faire connaître")
    await group_card(coordinator)
    coordinator.hears("Se faire connaître · Obock")


async def test_without_consent_nobody_is_kept_with_the_need(chats: Chats, database: Database) -> None:
    chat = chats("amina")
    await chat.says("bonjour")
    await chat.taps("Français")
    await chat.sends(tap="/deny")
    await tells(chat)
    chat.hears("Sans votre accord")
    async with database.transaction() as tx:
        assert await tx.needs.owner(await _last_need(database)) is None


async def test_search_without_result_counts_as_a_need_without_the_person(
    chats: Chats, coordinator: Chat
) -> None:
    chat = await consenting(chats("amina"))
    await chat.says("avez-vous un document sur la culture des huîtres perlières ?")
    await group_card(coordinator)
    coordinator.hears("Recherches sans résultat : 1")
    coordinator.hears("huîtres")


async def test_answer_reaches_everybody_who_said_it_in_their_language(
    chats: Chats, coordinator: Chat
) -> None:
    french, somali = await consenting(chats("amina")), await consenting(chats("xasan"), "so")
    await tells(french)
    await somali.says("internet ma hayno Obokh")
    await somali.taps("Mar dambe")
    await group_card(coordinator)
    coordinator.hears("Besoins dits : 2 (urgents : 1)")
    await coordinator.taps("Répondre")
    await coordinator.says("Un espace numérique ouvrira à Obock en janvier.")
    coordinator.hears("Prévenus : 2")
    assert "Un espace numérique ouvrira" in (await french.everything())[-1].text
    assert "Baahi ayaad hore u sheegtay" in (await somali.everything())[-1].text


async def test_answer_may_be_a_training(chats: Chats, coordinator: Chat) -> None:
    await plan_excel(coordinator)
    chat = await consenting(chats("amina"))
    await tells(chat, "nous ne savons pas tenir la comptabilité")
    await group_card(coordinator)
    await coordinator.taps("Par une formation")
    await coordinator.taps("Excel pour trésoriers")
    await coordinator.says("Venez à cette formation.")
    await chat.taps_last("Voir la formation")
    chat.hears("Excel pour trésoriers")


async def test_two_coordinators_do_not_answer_twice(chats: Chats, invited: Invite, coordinator: Chat) -> None:
    other = await coordinating(chats("coord2"), invited)
    await tells(await consenting(chats("amina")))
    for chat in (coordinator, other):
        await group_card(chat)
        await chat.taps("Répondre")
    await coordinator.says("Première réponse.")
    await other.says("Nous avons aussi quelque chose.")
    other.hears("déjà répondu")


async def test_later_need_of_the_same_kind_is_answered_at_once(chats: Chats, coordinator: Chat) -> None:
    await tells(await consenting(chats("amina")))
    await group_card(coordinator)
    await coordinator.taps("Répondre")
    await coordinator.says("Le CDC d'Obock prête deux ordinateurs.")
    later = await consenting(chats("fatouma"))
    await tells(later, "pas d'ordinateur")
    later.hears("Le CDC d'Obock prête deux ordinateurs.")


async def test_groups_are_joined_and_a_need_is_taken_out(chats: Chats, coordinator: Chat) -> None:
    await tells(await consenting(chats("amina")))
    await tells(await consenting(chats("fatouma")), region="Dikhil", urgency="Plus tard")
    await group_card(coordinator)
    await coordinator.taps("Réunir avec…")
    await coordinator.taps(coordinator.titles[0])
    coordinator.hears("Besoins dits : 2")
    await coordinator.taps("Sortir un besoin")
    await coordinator.taps(coordinator.titles[0])
    coordinator.hears("Besoins dits : 1")


async def test_member_is_told_that_answering_is_not_theirs(chats: Chats) -> None:
    chat = await consenting(chats("amina"))
    await chat.sends(tap='/ask_needs{"tell": "groups"}')
    assert chat.text == "Cette commande est réservée aux coordinateurs."


async def test_role_lost_before_the_answer_tells_nobody(
    chats: Chats, coordinator: Chat, database: Database
) -> None:
    member = await consenting(chats("amina"))
    await tells(member)
    await group_card(coordinator)
    await coordinator.taps("Répondre")
    async with database.transaction() as tx:
        person = await tx.people.find("plain", "coord")
        assert person is not None
        await tx.people.set_role(person.id, "member")
    before = len(await member.everything())
    await coordinator.says("Trop tard.")
    coordinator.hears("réservée aux coordinateurs")
    assert len(await member.everything()) == before


async def test_figures_stand_under_the_report(chats: Chats) -> None:
    chat = await consenting(chats("amina"))
    await tells(chat)
    await chat.sends(tap="/ask_needs")
    chat.hears("depuis le 24/11/2026 : 1")
    chat.hears("2. Internet et matériel : 1")


async def test_erasing_empties_the_words_and_keeps_the_figure(chats: Chats, database: Database) -> None:
    chat = await consenting(chats("amina"))
    await tells(chat)
    await chat.sends(tap='/delete_my_data{"tell": "now"}')
    async with database.transaction() as tx:
        need = await tx.needs.get(await _last_need(database))
        assert need is not None
        assert need.text == ""
        assert await tx.needs.count_by_topic() == {Topic.ACCESS: 1}


@pytest.mark.parametrize(
    ("language", "text", "later", "words"),
    [
        ("so", "kombiyuutar ma hayno Dikhil", "Mar dambe", "Baahidaada waan hayaa"),
        ("aa", "ni egla kombiiteri mali Dikkil", "Sarra · plus tard", "Faxxiime: Internet, kombiiteri"),
    ],
)
async def test_need_is_told_in_somali_and_in_afar(
    chats: Chats, language: str, text: str, later: str, words: str
) -> None:
    chat = await consenting(chats("xasan"), language)
    await chat.says(text)
    if "Dikhil" in chat.titles:
        await chat.taps("Dikhil")
    await chat.taps(later)
    chat.hears(words)


async def test_answer_left_for_a_day_is_taken_up_again(chats: Chats, coordinator: Chat) -> None:
    await tells(await consenting(chats("amina")))
    await group_card(coordinator)
    await coordinator.taps("Répondre")
    coordinator.clock.passes(hours=24)
    await coordinator.says("bonjour")
    await coordinator.taps("Continuer")
    coordinator.hears("Écrivez la réponse")
    await coordinator.says("Un espace numérique ouvrira.")
    coordinator.hears("Prévenus : 1")

"""The directory stays true: one question a month by a tap, another person after three, then dormant."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import ContentError
from bot.freshness import load_half_lives, most_overdue
from bot.freshness_ticks import FreshnessTicks
from bot.organisation import Standing
from bot.quiet import QuietHours
from bot.store.engine import Database
from bot.turn import Room
from tests.announcing import coordinator_of, joined
from tests.directory import registered
from tests.fakes import Chat, Clock

ROOT = Path(__file__).parents[1]
Chats = Callable[[str], Chat]
Invited = Callable[[str], Awaitable[str]]


@pytest.fixture
def ticks(database: Database, room: Room) -> FreshnessTicks:
    half_lives = load_half_lives(ROOT / "data")
    return FreshnessTicks(database, room.domain, room.zone, QuietHours(room.zone), half_lives)


async def _asked(chat: Chat, ticks: FreshnessTicks, **span: float) -> list[str]:
    """What reaches this chat from the clock after that time."""
    before = len(await chat.everything())
    chat.clock.passes(**span)
    await ticks.ask(chat.clock())
    return [message.text for message in (await chat.everything())[before:]]


async def _status(database: Database, number: int) -> str:
    async with database.transaction() as tx:
        row = await tx.organisations.get(number)
        assert row is not None
        return row.status


async def test_stale_telephone_is_asked_once_and_confirmed_by_a_tap(
    chat: Chat, ticks: FreshnessTicks
) -> None:
    await registered(chat)
    assert await _asked(chat, ticks, days=179) == []
    assert await _asked(chat, ticks, days=2) == ["Amis de Balbala : Téléphone, toujours « +25377831234 » ?"]
    assert await _asked(chat, ticks, days=29) == []
    await chat.taps_last("Oui")
    chat.hears("Téléphone de Amis de Balbala vérifié aujourd'hui")
    assert await _asked(chat, ticks, days=60) == []


@pytest.mark.parametrize("words", ["sax", "waa sax"])
async def test_yes_in_ones_own_words_confirms_as_the_button_does(
    chat: Chat, ticks: FreshnessTicks, words: str
) -> None:
    await registered(chat)
    await _asked(chat, ticks, days=181)
    await chat.says(words)
    chat.hears("Téléphone de Amis de Balbala vérifié")


async def test_correcting_opens_the_one_field(chat: Chat, ticks: FreshnessTicks) -> None:
    await registered(chat)
    await _asked(chat, ticks, days=365)
    await chat.taps_last("Corriger")
    chat.hears("Téléphone : +25377831234")
    await chat.says("21 35 00 00")
    await chat.taps("Enregistrer")
    await chat.sends(tap="/show_my_osc")
    chat.hears("+25321350000 (aujourd'hui)")


async def test_nobody_is_asked_at_night_or_after_stop(chat: Chat, ticks: FreshnessTicks) -> None:
    await registered(chat)
    assert await _asked(chat, ticks, days=200, hours=12) == []
    await chat.says("STOP")
    assert await _asked(chat, ticks, hours=12) == []


async def test_two_clocks_ask_once(chat: Chat, ticks: FreshnessTicks) -> None:
    await registered(chat)
    assert len(await _asked(chat, ticks, days=200)) == 1
    assert await _asked(chat, ticks) == []


async def test_after_three_questions_another_person_is_asked_then_it_is_dormant(
    chats: Chats, ticks: FreshnessTicks, invited: Invited, database: Database
) -> None:
    coord, amina, bilan = await coordinator_of(chats, invited), chats("amina"), chats("bilan")
    number = await registered(amina)
    await joined(bilan, "Soomaali")
    await bilan.sends(tap=f'/show_my_osc{{"tell": "join:{number}"}}')
    await amina.taps_last("Oui, gestionnaire")
    counts = [len(await _asked(amina, ticks, days=days)) for days in (200, 35, 35)]
    assert counts == [1, 1, 1]
    assert await _asked(bilan, ticks, days=35) == ["Amis de Balbala: Telefoon, weli ma « +25377831234 » baa?"]
    assert [len(await _asked(bilan, ticks, days=35)) for _ in range(2)] == [1, 1]
    assert len(await _asked(coord, ticks, days=35)) == 1
    assert "ne répond plus" in (await coord.everything())[-1].text
    assert await _status(database, number) == Standing.DORMANT
    assert await _asked(amina, ticks, days=35) == []
    await bilan.taps_last("Haa")
    bilan.hears("mar kale ayay diiwaanka ku firfircoon tahay")
    assert await _status(database, number) == Standing.DECLARED


async def test_stranger_answers_nothing(chats: Chats, ticks: FreshnessTicks) -> None:
    amina, eve = chats("amina"), chats("eve")
    await registered(amina)
    await joined(eve)
    await _asked(amina, ticks, days=200)
    payload = (await amina.everything())[-1].buttons[0].payload
    await eve.sends(tap=payload)
    eve.hears("ne vous concerne pas")
    assert "Amis" not in eve.text


async def test_request_to_join_without_answer_reaches_the_coordinators_once(
    chats: Chats, ticks: FreshnessTicks, invited: Invited
) -> None:
    coord, amina, bilan = await coordinator_of(chats, invited), chats("amina"), chats("bilan")
    number = await registered(amina)
    await joined(bilan)
    await bilan.sends(tap=f'/show_my_osc{{"tell": "join:{number}"}}')
    before = len(await coord.everything())
    for days in (6, 1, 2):
        coord.clock.passes(days=days)
        await ticks.tell_of_requests(coord.clock())
    assert len(await coord.everything()) == before + 1
    await coord.taps_last("Oui, membre")
    assert "Bienvenue dans Amis de Balbala" in (await bilan.everything())[-1].text


def test_the_most_overdue_field_comes_first() -> None:
    now = Clock().now
    half_lives = {"phone": timedelta(days=180), "addresses": timedelta(days=720)}
    confirmed = {"phone": now - timedelta(days=200), "addresses": now - timedelta(days=1500)}
    assert most_overdue(confirmed, half_lives, now) == "addresses"
    assert most_overdue({"phone": now}, half_lives, now) is None


def test_wrong_table_of_half_lives_is_told_by_line(tmp_path: Path) -> None:
    (tmp_path / "freshness.yml").write_text("phone: six\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"freshness\.yml:1: phone: must be a whole number"):
        load_half_lives(tmp_path)

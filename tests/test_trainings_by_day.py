"""Trainings looked for by days, months and bounds, as members write them, doubted messages included."""

import json
from collections.abc import Awaitable, Callable

import pytest

from bot.conversation import Conversation, Doubted, from_json, to_json
from nlu.meaning import Entity
from tests.fakes import Chat
from tests.planners import consenting, coordinating, plan_excel

Invite = Callable[[str], Awaitable[str]]
Chats = Callable[[str], Chat]
LONG, SECOND, TENTH = "Comptabilité longue", "Montage vidéo", "Plaidoyer local"


@pytest.fixture
async def planned(chats: Chats, invited: Invite) -> None:
    """One over eight days, 30/11–7/12, and two of a morning, 2/12 and 10/12."""
    coordinator = await coordinating(chats("coord"), invited)
    await plan_excel(coordinator, title=LONG, day="30/11/2026", end="7/12/2026 12h")
    await plan_excel(coordinator, title=SECOND, day="2/12/2026")
    await plan_excel(coordinator, title=TENTH, day="10/12/2026")


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        ("fr", "quelles formations du 9 au 12 décembre ?", [TENTH]),
        ("fr", "formations du 9 au 12 décembre", [TENTH]),
        ("fr", "quelles formations entre le 9 et le 12 décembre ?", [TENTH]),
        ("fr", "formations avant le 5 décembre", [LONG, SECOND]),
        ("fr", "formations après le 5 décembre", [LONG, TENTH]),
        ("fr", "formations après le 7 décembre", [TENTH]),
        ("fr", "formations de décembre", [LONG, SECOND, TENTH]),
        ("fr", "formations de novembre", [LONG]),
        ("fr", "quelles formations d'ici mercredi 2 décembre ?", [LONG, SECOND]),
        ("fr", "quelles formations d'ici vendredi 4 décembre ?", [LONG, SECOND]),
        ("fr", "quelles formations le 5 décembre ?", [LONG]),
        ("so", "tababarro ma jiraan 9 ilaa 12 diseembar?", [TENTH]),
        ("so", "tababarrada 9 ilaa 12 diseembar", [TENTH]),
        ("so", "tababarro ma jiraan 5ta diseembar ka hor?", [LONG, SECOND]),
        ("so", "tababarro ma jiraan 5ta diseembar ka dib?", [LONG, TENTH]),
        ("so", "tababarro ma jiraan ilaa 3/12?", [LONG, SECOND]),
        ("aa", "aydakaakan 9/12 fanah tan?", [LONG, SECOND]),
    ],
)
@pytest.mark.usefixtures("planned")
async def test_trainings_of_some_days_are_all_found_and_no_other(
    chats: Chats, language: str, words: str, expected: list[str]
) -> None:
    member = await consenting(chats("amina"), language)
    await member.says(words)
    if finding := {"Formations", "Tababarro", "Aydakaakan"} & set(member.titles):  # the model asked
        await member.taps(finding.pop())
    assert [title for title in (LONG, SECOND, TENTH) if title in member.text] == expected
    assert "ne répond à cela" not in member.text


def test_doubted_message_keeps_both_its_days_and_their_places_when_stored() -> None:
    days = (
        Entity("date", "2026-12-09", 14, 15, "9"),
        Entity("date", "2026-12-12", 19, 30, "12 décembre"),
    )
    doubted = Conversation(doubt=Doubted("formations du 9 au 12 décembre", days))
    assert from_json(json.loads(json.dumps(to_json(doubted)))) == doubted


def test_doubt_stored_by_an_older_version_is_still_read() -> None:
    older = from_json({"doubt": {"text": "formations", "entities": {"date": "2026-12-12"}}})
    assert older.doubt == Doubted("formations", (Entity("date", "2026-12-12", 0, 0, "2026-12-12"),))

"""The chat's API: bounds, pace, committed before confirmed, history."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from bot.errors import OscbotError
from bot.messages import Button
from bot.web.chat import ADDRESS_PACE, HISTORY, MAX_BODY, SESSION_PACE
from tests.web.scripted import NOW, SESSION, ScriptedBot

HEADERS = {"X-Chat-Session": SESSION}


def written(**change: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "session": SESSION, "text": "bonjour", "language": "fr", **change}


async def test_a_message_is_stored_before_it_is_accepted(bot: ScriptedBot, client: httpx.AsyncClient) -> None:
    message = written()
    answer = await client.post("/chat/messages", json=message)
    assert (answer.status_code, answer.json()) == (202, {"id": message["id"]})
    assert [(channel, event.external_id) for channel, event in bot.stored] == [("web", message["id"])]


async def test_a_message_sent_again_is_accepted_and_kept_once(
    bot: ScriptedBot, client: httpx.AsyncClient
) -> None:
    message = written()
    answers = [(await client.post("/chat/messages", json=message)).status_code for _ in range(2)]
    assert (answers, len(bot.stored)) == ([202, 202], 1)


async def test_what_is_stored_can_be_read_by_the_channel(bot: ScriptedBot, client: httpx.AsyncClient) -> None:
    await client.post("/chat/messages", json=written(text=None, payload="/greet", title="Commencer", more=1))
    payload = bot.stored[0][1].payload
    assert bot.channel.read(payload).sent_at == NOW
    assert (payload["title"], "more" in payload) == ("Commencer", False)


@pytest.mark.parametrize(
    ("sent_at", "believed"),
    [
        ("2026-03-03T20:00:00.000Z", "2026-03-03T20:00:00+00:00"),
        ("2026-03-03T23:00:00+03:00", "2026-03-03T20:00:00+00:00"),
        ("2031-01-01T00:00:00Z", NOW.isoformat()),
        ("1970-01-01T00:00:00Z", NOW.isoformat()),
        ("0001-01-01T00:00:00+14:00", NOW.isoformat()),
        ("midi", NOW.isoformat()),
        (12, NOW.isoformat()),
    ],
)
async def test_the_clock_of_a_phone_is_believed_within_reason(
    bot: ScriptedBot, client: httpx.AsyncClient, sent_at: object, believed: str
) -> None:
    await client.post("/chat/messages", json=written(sent_at=sent_at))
    assert bot.stored[0][1].payload["sent_at"] == believed


async def test_half_an_emoji_and_nul_are_made_storable(bot: ScriptedBot, client: httpx.AsyncClient) -> None:
    message = written()
    body = f'{{"id": "{message["id"]}", "session": "{SESSION}", "text": "oui \\ud83d\\u0000!"}}'
    await client.post("/chat/messages", content=body)
    assert bot.stored[0][1].payload["text"] == "oui \ufffd!"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"bonjour",
        b"[]",
        b'{"text": NaN}',
        b"[" * 10_000,
        b"\xff\xfe",
        b'{"id": "1", "session": "' + SESSION.encode() + b'", "text": "a"}',
    ],
    ids=lambda body: body[:12],
)
async def test_what_is_no_message_is_refused(
    bot: ScriptedBot, client: httpx.AsyncClient, body: bytes
) -> None:
    answer = await client.post("/chat/messages", content=body)
    assert (answer.status_code, answer.json(), bot.stored) == (400, {"error": "unreadable"}, [])


async def test_the_longest_text_fits_whatever_its_letters(client: httpx.AsyncClient) -> None:
    answer = await client.post("/chat/messages", content=httpx.Request("POST", "/", json=written()).content)
    longest = await client.post("/chat/messages", json=written(text="ع" * 4000))
    assert (answer.status_code, longest.status_code) == (202, 202)


async def test_a_body_too_large_is_refused(bot: ScriptedBot, client: httpx.AsyncClient) -> None:
    answer = await client.post("/chat/messages", content=b" " * (MAX_BODY + 1))
    assert (answer.status_code, bot.stored) == (413, [])


async def test_a_session_too_fast_is_told_in_its_language(
    bot: ScriptedBot, client: httpx.AsyncClient
) -> None:
    for _ in range(int(SESSION_PACE.burst)):
        await client.post("/chat/messages", json=written())
    answer = await client.post("/chat/messages", json=written(), headers={"Accept-Language": "so"})
    assert (answer.status_code, answer.json()["message"]) == (429, "too_fast (so)")
    assert 1 <= int(answer.headers["Retry-After"]) <= 2
    assert len(bot.stored) == SESSION_PACE.burst


async def test_other_sessions_of_a_shared_address_are_not_slowed(client: httpx.AsyncClient) -> None:
    for _ in range(int(SESSION_PACE.burst) + 1):
        await client.post("/chat/messages", json=written())
    answer = await client.post("/chat/messages", json=written(session="o" * 30))
    assert answer.status_code == 202


async def test_a_flood_from_one_address_is_stopped(client: httpx.AsyncClient) -> None:
    # A slow machine gives some of the burst back meanwhile, so twice as many are sent.
    statuses = {
        (await client.get("/chat/history", headers=HEADERS)).status_code
        for _ in range(2 * int(ADDRESS_PACE.burst))
    }
    assert 429 in statuses


async def test_history_shows_both_sides_in_order(bot: ScriptedBot, client: httpx.AsyncClient) -> None:
    message = written(text="salut")
    await client.post("/chat/messages", json=message)
    await bot.say("Bonjour", Button("Menu", "/help"), Button("Loi", url="https://journalofficiel.dj"))
    items = (await client.get("/chat/history", headers=HEADERS)).json()["items"]
    assert items == [
        {"id": 1, "from": "me", "text": "salut", "at": NOW.isoformat(), "client_id": message["id"]},
        {
            "id": 2,
            "from": "bot",
            "text": "Bonjour",
            "at": NOW.isoformat(),
            "buttons": [
                {"title": "Menu", "payload": "/help"},
                {"title": "Loi", "url": "https://journalofficiel.dj"},
            ],
            "language": "fr",
        },
    ]


async def test_buttons_a_page_cannot_serve_are_left_out(bot: ScriptedBot, client: httpx.AsyncClient) -> None:
    await bot.say("?", Button("Mon numéro", asks_contact=True), Button("x", url="javascript:alert(1)"))
    items = (await client.get("/chat/history", headers=HEADERS)).json()["items"]
    assert "buttons" not in items[0]


async def test_history_is_of_one_session_and_bounded(bot: ScriptedBot, client: httpx.AsyncClient) -> None:
    for number in range(HISTORY + 5):
        await bot.say(str(number))
    mine = (await client.get("/chat/history", headers=HEADERS)).json()["items"]
    other = (await client.get("/chat/history", headers={"X-Chat-Session": "o" * 22})).json()["items"]
    assert ([mine[0]["text"], mine[-1]["text"]], other) == (["5", str(HISTORY + 4)], [])


async def test_history_goes_on_after_what_is_known(bot: ScriptedBot, client: httpx.AsyncClient) -> None:
    await bot.say("un")
    await bot.say("deux")
    items = (await client.get("/chat/history?after=1", headers=HEADERS)).json()["items"]
    assert [item["text"] for item in items] == ["deux"]


@pytest.mark.parametrize("path", ["/chat/history", "/chat/events"])
@pytest.mark.parametrize("session", ["", "short", "a" * 65, "é" * 24])
async def test_a_misshapen_session_is_refused(client: httpx.AsyncClient, path: str, session: str) -> None:
    answer = await client.get(path, headers={b"X-Chat-Session": session.encode()})
    assert answer.status_code == 400


async def test_a_database_away_accepts_nothing(bot: ScriptedBot, client: httpx.AsyncClient) -> None:
    bot.trouble = OscbotError("away")
    answer = await client.post("/chat/messages", json=written())
    assert (answer.status_code, answer.headers["Retry-After"], bot.stored) == (503, "5", [])


async def test_nobody_else_may_keep_what_was_said(client: httpx.AsyncClient) -> None:
    answer = await client.get("/chat/history", headers=HEADERS)
    assert answer.headers["Cache-Control"] == "no-store"

"""The emulator keeps to the rules of the Bot API which the tests of the bot rely on."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.channels.telegram_emulator import TelegramEmulator
from tests.channels.telegram_http import LoopbackServer, Reply, Request
from tests.channels.telegram_limits import Limits, Window
from tests.channels.telegram_people import Person

Answer = dict[str, Any]


class Api:
    def __init__(self, emulator: TelegramEmulator, client: httpx.AsyncClient) -> None:
        self._url = f"{emulator.api_url}/bot{emulator.token}"
        self._client = client

    async def __call__(self, method: str, **params: Any) -> Answer:
        answer: Answer = (await self._client.post(f"{self._url}/{method}", json=params)).json()
        return answer


@pytest.fixture
async def api(emulator: TelegramEmulator) -> AsyncIterator[Api]:
    async with httpx.AsyncClient(timeout=30) as client:
        yield Api(emulator, client)


async def test_update_comes_again_until_the_offset_passes_it(api: Api, fatouma: Person) -> None:
    fatouma.says("un")
    fatouma.says("deux")
    first = (await api("getUpdates"))["result"]
    assert (await api("getUpdates"))["result"] == first
    assert (await api("getUpdates", offset=first[0]["update_id"] + 1))["result"] == first[1:]


async def test_limit_bounds_a_batch(api: Api, fatouma: Person) -> None:
    for _ in range(3):
        fatouma.says("slt")
    assert len((await api("getUpdates", limit=2))["result"]) == 2


async def test_long_poll_answers_as_soon_as_something_is_said(
    api: Api, emulator: TelegramEmulator, fatouma: Person
) -> None:
    poll = asyncio.create_task(api("getUpdates", timeout=25))
    await emulator.until(lambda: bool(emulator.calls["getUpdates"]))
    fatouma.says("slt")
    assert (await poll)["result"][0]["message"]["text"] == "slt"


async def test_second_poller_ends_the_first(api: Api, emulator: TelegramEmulator, fatouma: Person) -> None:
    first = asyncio.create_task(api("getUpdates", timeout=25))
    await emulator.until(lambda: bool(emulator.calls["getUpdates"]))
    second = asyncio.create_task(api("getUpdates", timeout=25))
    assert (await first)["error_code"] == 409
    fatouma.says("slt")
    assert (await second)["ok"]


async def test_polling_beside_a_webhook_is_a_conflict(api: Api) -> None:
    await api("setWebhook", url="https://bot.example/t")
    assert (await api("getUpdates"))["error_code"] == 409


async def test_allowed_updates_are_remembered(api: Api, fatouma: Person) -> None:
    await api("getUpdates", allowed_updates=["callback_query"])
    fatouma.says("slt")
    assert (await api("getUpdates"))["result"] == []


async def test_webhook_receives_updates_with_the_secret_until_it_says_ok(
    api: Api, emulator: TelegramEmulator, fatouma: Person
) -> None:
    seen: list[Request] = []

    async def take(request: Request) -> Reply:
        seen.append(request)
        return Reply(500 if len(seen) == 1 else 200, b"{}")

    receiver = LoopbackServer(take)
    await receiver.start()
    await api("setWebhook", url=f"http://127.0.0.1:{receiver.port}/hook", secret_token="s-3")
    fatouma.says("slt")
    await emulator.until(lambda: not emulator.pending)
    await receiver.stop()
    assert [one.params["message"]["text"] for one in seen] == ["slt", "slt"]
    assert {one.headers["x-telegram-bot-api-secret-token"] for one in seen} == {"s-3"}


async def test_secret_with_other_signs_is_refused(api: Api) -> None:
    assert (await api("setWebhook", url="https://a.dj", secret_token="é!"))["error_code"] == 400


@pytest.mark.parametrize(
    ("params", "description"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": "é" * 4097}, "message is too long"),
        ({"text": "👋" * 2049}, "message is too long"),
        ({"chat_id": 404}, "chat not found"),
        ({"message_thread_id": 3}, "message thread not found"),
        ({"reply_markup": {"inline_keyboard": [[{"text": "A", "callback_data": "x" * 65}]]}}, "BUTTON_DATA"),
        ({"reply_markup": {"inline_keyboard": [[{"text": "", "callback_data": "x"}]]}}, "non-empty"),
    ],
)
async def test_bad_message_is_refused(
    api: Api, fatouma: Person, params: dict[str, Any], description: str
) -> None:
    answer = await api("sendMessage", **({"chat_id": 7, "text": "slt"} | params))
    assert answer["error_code"] == 400
    assert description in answer["description"]


async def test_answering_a_tap_twice_is_too_late(
    api: Api, emulator: TelegramEmulator, fatouma: Person
) -> None:
    query = emulator.tap(fatouma.user, emulator.message(fatouma.chat, emulator.bot_user, {}), "/a")
    answers = [await api("answerCallbackQuery", callback_query_id=query) for _ in range(2)]
    assert [answer["ok"] for answer in answers] == [True, False]


async def test_edited_message_replaces_the_old_one(
    api: Api, emulator: TelegramEmulator, fatouma: Person
) -> None:
    sent = (await api("sendMessage", chat_id=7, text="un"))["result"]
    await api("editMessageText", chat_id=7, message_id=sent["message_id"], text="deux")
    again = await api("editMessageText", chat_id=7, message_id=sent["message_id"], text="deux")
    assert [shown.text for shown in emulator.messages_to(7)] == ["deux"]
    assert "not modified" in again["description"]


async def test_flood_is_answered_with_the_time_to_wait(
    api: Api, emulator: TelegramEmulator, fatouma: Person
) -> None:
    emulator.limits = Limits(clock=lambda: 0.0)
    answers = [await api("sendMessage", chat_id=7, text="slt") for _ in range(4)]
    assert [answer["ok"] for answer in answers] == [True, True, True, False]
    assert answers[-1]["parameters"] == {"retry_after": 3}


def test_window_opens_again_when_its_time_has_passed() -> None:
    window = Window(2, 10.0)
    window.times.extend([0.0, 4.0])
    assert (window.wait(5.0), window.wait(10.0)) == (5.0, 0.0)


def test_group_takes_twenty_messages_a_minute() -> None:
    limits = Limits(clock=lambda: 0.0)
    assert [limits.take(-20) for _ in range(21)] == [0] * 20 + [60]


def test_all_chats_together_take_thirty_a_second() -> None:
    limits = Limits(clock=lambda: 0.0)
    assert [limits.take(chat) for chat in range(1, 32)] == [0] * 30 + [1]


async def test_person_hears_and_taps(api: Api, emulator: TelegramEmulator, fatouma: Person) -> None:
    keyboard = {"inline_keyboard": [[{"text": "Oui", "callback_data": "/affirm"}]]}
    await api("sendMessage", chat_id=7, text="D'accord ?", reply_markup=keyboard)
    heard = await fatouma.hears()
    query = fatouma.taps(heard.buttons[0])
    assert emulator.pending[0]["callback_query"]["data"] == "/affirm"
    assert emulator.pending[0]["callback_query"]["id"] == query

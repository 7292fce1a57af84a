"""The stream of a page: catches up, hears, and ends when the server stops."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Any

import httpx
import pytest

from bot.errors import OscbotError
from bot.messages import Address, Button
from bot.web.ports import Author, HistoryItem, WebPorts
from bot.web.stream import LATE, RECENT, as_json, events
from tests.web.conftest import serving
from tests.web.scripted import NOW, SESSION, ScriptedBot

HEADERS = {"X-Chat-Session": SESSION}


def ports_of(bot: ScriptedBot, **more: Any) -> WebPorts:
    history = more.pop("history", bot.history)
    return WebPorts(bot, bot.channel, history, bot.health, lambda: b"", bot.texts, **more)


async def next_event(open_stream: AsyncIterator[str]) -> tuple[str, Any]:
    """The next event that is no comment, as (name, data)."""
    async for block in open_stream:
        fields = dict(line.split(": ", 1) for line in block.strip().split("\n") if not line.startswith(":"))
        if "data" in fields:
            return fields["event"], json.loads(fields["data"])
    raise AssertionError("the stream ended")


async def test_what_was_said_before_comes_first(bot: ScriptedBot) -> None:
    for text in ("un", "deux", "trois"):
        await bot.say(text)
    async with aclosing(events(ports_of(bot), SESSION, 1)) as heard:
        texts = [(await next_event(heard))[1]["text"] for _ in range(2)]
    assert texts == ["deux", "trois"]


async def test_news_comes_when_it_is_said(bot: ScriptedBot) -> None:
    async with aclosing(events(ports_of(bot), SESSION, 0)) as heard:
        await anext(heard)
        waiting = asyncio.create_task(next_event(heard))
        await bot.say("bonjour")
        name, item = await waiting
    assert (name, item["text"]) == ("message", "bonjour")


async def test_typing_is_shown_while_nothing_is_said(bot: ScriptedBot) -> None:
    async with aclosing(events(ports_of(bot), SESSION, 0)) as heard:
        await anext(heard)
        await bot.channel.show_typing(Address("web", SESSION))
        assert await next_event(heard) == ("typing", {})


async def test_what_nobody_told_of_comes_with_the_next_heartbeat(bot: ScriptedBot) -> None:
    async with aclosing(events(ports_of(bot, heartbeat=0.0), SESSION, 0)) as heard:
        await anext(heard)
        assert await anext(heard) == ": alive\n\n"
        bot.keep(SESSION, Author.BOT, "de loin")
        assert (await next_event(heard))[1]["text"] == "de loin"


async def test_a_quiet_stream_shows_that_it_lives(bot: ScriptedBot) -> None:
    async with aclosing(events(ports_of(bot, heartbeat=0.0), SESSION, 0)) as heard:
        await anext(heard)
        assert await anext(heard) == ": alive\n\n"


async def test_lines_in_a_text_do_not_break_the_event(bot: ScriptedBot) -> None:
    await bot.say("un\n\ndata: deux\r\n", Button("a", "/b"))
    async with aclosing(events(ports_of(bot), SESSION, 0)) as heard:
        _, item = await next_event(heard)
    assert item["text"] == "un\n\ndata: deux\r\n"


async def test_a_reply_committed_after_the_next_message_is_not_lost(bot: ScriptedBot) -> None:
    bot.keep(SESSION, Author.ME, "un", number=10)
    bot.keep(SESSION, Author.ME, "deux", number=30)
    async with aclosing(events(ports_of(bot), SESSION, 0)) as heard:
        texts = [(await next_event(heard))[1]["text"] for _ in range(2)]
        bot.keep(SESSION, Author.BOT, "réponse à un", number=20)
        bot.channel.wake(SESSION)
        assert [*texts, (await next_event(heard))[1]["text"]] == ["un", "deux", "réponse à un"]


async def test_what_came_late_is_told_to_who_comes_back(bot: ScriptedBot) -> None:
    bot.keep(SESSION, Author.ME, "un", number=10, at=NOW - LATE * 2)
    bot.keep(SESSION, Author.BOT, "réponse à un", number=20)
    bot.keep(SESSION, Author.ME, "deux", number=30)
    async with aclosing(events(ports_of(bot), SESSION, 30)) as heard:
        assert (await next_event(heard))[1]["text"] == "réponse à un"


async def test_more_than_is_read_at_once_is_told_in_order(bot: ScriptedBot) -> None:
    for number in range(RECENT * 2 + 5):
        await bot.say(str(number))
    async with aclosing(events(ports_of(bot), SESSION, 0)) as heard:
        texts = [(await next_event(heard))[1]["text"] for _ in range(RECENT * 2 + 5)]
    assert texts == [str(number) for number in range(RECENT * 2 + 5)]


async def test_trouble_ends_the_stream_and_names_no_session(
    bot: ScriptedBot, caplog: pytest.LogCaptureFixture
) -> None:
    async def away(session: str, after_id: int | None, limit: int) -> Sequence[HistoryItem]:
        raise OscbotError(session)

    rest = [block async for block in events(ports_of(bot, history=away), SESSION, 0)]
    assert (rest, "a stream ended" in caplog.text, SESSION in caplog.text) == ([": open\n\n"], True, False)


async def test_a_client_that_comes_back_goes_on_where_it_was(bot: ScriptedBot) -> None:
    await bot.say("un")
    await bot.say("deux")
    headers = {**HEADERS, "Last-Event-ID": "1"}
    async with serving(bot) as server, httpx.AsyncClient() as client:
        address = f"http://127.0.0.1:{server.port}/chat/events"
        async with client.stream("GET", address, headers=headers) as answer:
            _, item = await next_event(blocks(answer))
    assert (answer.headers["content-type"], item["text"]) == ("text/event-stream; charset=utf-8", "deux")


async def test_an_open_stream_does_not_hold_up_the_stop(bot: ScriptedBot) -> None:
    async with httpx.AsyncClient() as client:
        async with serving(bot) as server:
            address = f"http://127.0.0.1:{server.port}/chat/events"
            answer = await client.send(client.build_request("GET", address, headers=HEADERS), stream=True)
        rest = [line async for line in answer.aiter_lines()]
        await answer.aclose()
    assert rest == [": open", ""]


async def test_a_page_that_leaves_is_forgotten(bot: ScriptedBot) -> None:
    async with aclosing(events(ports_of(bot), SESSION, 0)) as heard:
        await anext(heard)
        listening = bot.channel.listeners
    assert (listening, bot.channel.listeners) == (1, 0)


def test_what_is_unknown_is_left_out(bot: ScriptedBot) -> None:
    item = HistoryItem(7, Author.BOT, "oui", bot.clock())
    assert set(as_json(item)) == {"id", "from", "text", "at"}


async def blocks(answer: httpx.Response) -> AsyncIterator[str]:
    block = ""
    async for line in answer.aiter_lines():
        block += line + "\n"
        if not line:
            yield block
            block = ""

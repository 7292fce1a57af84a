"""The web channel: what the page sends becomes an Incoming, and open pages are woken."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.web import MAX_PAGES, MAX_TEXT, WebChannel
from bot.errors import Unparsable
from bot.messages import Address, Incoming, Outgoing, Sender, Tap, Text

SESSION = "A-z_09" * 4
SENT = {
    "id": "0a1b2c3d-0000-4000-8000-00000000000f",
    "session": SESSION,
    "text": "où trouver un ordinateur ?",
    "language": "fr-DJ",
    "sent_at": "2026-03-04T09:30:00+00:00",
}


def test_a_text_is_read() -> None:
    assert WebChannel().read(SENT) == Incoming(
        message_id=SENT["id"],
        address=Address("web", SESSION),
        sender=Sender(SESSION, language_code="fr-DJ"),
        content=Text("où trouver un ordinateur ?"),
        sent_at=datetime(2026, 3, 4, 9, 30, tzinfo=UTC),
    )


def test_a_button_pressed_is_read() -> None:
    payload = {**SENT, "payload": '/inform{"region": "Obock"}', "title": "Obock"}
    del payload["text"]
    assert WebChannel().read(payload).content == Tap('/inform{"region": "Obock"}')


def test_a_browser_without_a_language_is_read() -> None:
    assert WebChannel().read({**SENT, "language": None}).sender.language_code is None


@pytest.mark.parametrize(
    "change",
    [
        {"id": None},
        {"id": "1"},
        {"id": SENT["id"].upper() + "\n"},
        {"session": "short"},
        {"session": "x" * 65},
        {"session": "../" * 10},
        {"session": ["x" * 30]},
        {"text": ""},
        {"text": " \n\t"},
        {"text": "a" * (MAX_TEXT + 1)},
        {"text": 7},
        {"text": None},
        {"payload": "/greet"},
        {"text": None, "payload": "greet"},
        {"text": None, "payload": "/" + "é" * 40},
        {"text": None, "payload": {"intent": "greet"}},
        {"language": "<b>fr"},
        {"sent_at": None},
        {"sent_at": "yesterday"},
        {"sent_at": "2026-03-04T09:30:00"},
    ],
    ids=str,
)
def test_anything_else_is_unparsable(change: dict[str, Any]) -> None:
    with pytest.raises(Unparsable):
        WebChannel().read({**SENT, **change})


def test_the_session_is_in_no_error() -> None:
    with pytest.raises(Unparsable) as refused:
        WebChannel().read({**SENT, "session": "my secret"})
    assert "my secret" not in str(refused.value)


async def test_sending_wakes_the_pages_of_that_session_only() -> None:
    channel = WebChannel()
    with channel.listen(SESSION) as mine, channel.listen("b" * 22) as other:
        await channel.send(Outgoing(Address("web", SESSION), "bonjour"))
        waiting = [asyncio.create_task(ear.wait()) for ear in (mine, other)]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        assert [task.done() for task in waiting] == [True, False]
        waiting[1].cancel()


async def test_each_message_sent_has_its_own_id() -> None:
    channel, message = WebChannel(), Outgoing(Address("web", SESSION), "bonjour")
    assert await channel.send(message) != await channel.send(message)


async def test_typing_is_told_once() -> None:
    channel = WebChannel()
    with channel.listen(SESSION) as ear:
        await channel.show_typing(Address("web", SESSION))
        told = ear.typing
        ear.clear()
        assert (told, ear.typing) == (True, False)


async def test_one_page_too_many_ends_the_oldest() -> None:
    channel = WebChannel()
    with channel.listen(SESSION) as oldest:
        pages = [channel.listen(SESSION) for _ in range(MAX_PAGES)]
        ears = [page.__enter__() for page in pages]
        assert (oldest.closed, [ear.closed for ear in ears]) == (True, [False] * MAX_PAGES)


async def test_closing_ends_open_pages_and_later_ones() -> None:
    channel = WebChannel()
    with channel.listen(SESSION) as before:
        await channel.close()
        with channel.listen(SESSION) as after:
            assert (before.closed, after.closed) == (True, True)


def test_a_page_that_left_is_forgotten() -> None:
    channel = WebChannel()
    with channel.listen(SESSION):
        pass
    assert channel.listeners == 0

"""WhatsApp's webhook, asked as Meta asks, and as somebody asks who would like to be Meta."""

import hashlib
import hmac
import json
from typing import Any

import httpx
import pytest

from bot.channels.whatsapp import WhatsAppChannel
from bot.errors import TryLater
from bot.web.webhooks import MAX_DELIVERY
from tests.channels.whatsapp_bench import channel, signature, signed, status, text, value, webhook
from tests.channels.whatsapp_emulator import APP_SECRET, VERIFY_TOKEN
from tests.web.scripted import ScriptedBot

PATH = "/webhooks/whatsapp"


class QuietChannel(WhatsAppChannel):
    """Marks nothing as read: there is no Graph API here."""

    async def _mark_read(self, message_id: str) -> None:
        return None


@pytest.fixture
def bot() -> ScriptedBot:
    quiet = QuietChannel(channel()._options)
    return ScriptedBot(whatsapp=quiet)


async def delivers(client: httpx.AsyncClient, body: dict[str, Any]) -> int:
    content, headers = signed(body)
    return (await client.post(PATH, content=content, headers=headers)).status_code


def stored(bot: ScriptedBot) -> list[str]:
    assert {name for name, _ in bot.stored} <= {"whatsapp"}
    return [event.external_id for _, event in bot.stored]


async def test_the_handshake_gives_the_challenge_back_as_it_is(client: httpx.AsyncClient) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
    answer = await client.get(PATH, params=asked)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "change",
    [
        {"hub.verify_token": "wrong"},
        {"hub.verify_token": ""},
        {"hub.verify_token": "é"},
        {"hub.mode": "unsubscribe"},
        {"hub.mode": ""},
    ],
)
async def test_a_handshake_of_somebody_else_is_refused(
    client: httpx.AsyncClient, change: dict[str, str]
) -> None:
    asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1"} | change
    answer = await client.get(PATH, params=asked)
    assert (answer.status_code, answer.content) == (403, b"")


async def test_a_signed_delivery_is_stored_and_then_confirmed(
    bot: ScriptedBot, client: httpx.AsyncClient
) -> None:
    assert await delivers(client, webhook(value(messages=[text("Slt, ɖagaa 👋🏾")]))) == 200
    assert stored(bot) == ["wamid.1"]
    assert bot.stored[0][1].payload["message"]["text"]["body"] == "Slt, ɖagaa 👋🏾"


async def test_every_event_of_every_entry_is_stored_in_its_order(
    bot: ScriptedBot, client: httpx.AsyncClient
) -> None:
    first = webhook(
        value(messages=[text("1", "wamid.1"), text("2", "wamid.2")]), value(messages=[text("3", "wamid.3")])
    )
    second = webhook(value(statuses=[status("wamid.9", "sent"), status("wamid.9", "read")]))
    first["entry"] += second["entry"]
    assert await delivers(client, first) == 200
    assert stored(bot) == ["wamid.1", "wamid.2", "wamid.3", "wamid.9:sent", "wamid.9:read"]


async def test_a_delivery_repeated_is_confirmed_and_stored_once(
    bot: ScriptedBot, client: httpx.AsyncClient
) -> None:
    body = webhook(value(messages=[text("slt")]), value(statuses=[status("wamid.9", "sent")]))
    assert [await delivers(client, body) for _ in range(3)] == [200] * 3
    assert stored(bot) == ["wamid.1", "wamid.9:sent"]


CONTENT = json.dumps(webhook(value(messages=[text("slt")]))).encode()


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "sha256=",
        "sha1=" + hmac.new(APP_SECRET.encode(), CONTENT, hashlib.sha1).hexdigest(),
        signature(CONTENT, "another secret"),
        signature(CONTENT, ""),
        signature(CONTENT + b" "),
        signature(CONTENT).upper(),
        signature(CONTENT).removeprefix("sha256="),
        "sha256=é".encode("latin-1"),
    ],
)
async def test_without_the_right_signature_nothing_is_stored(
    bot: ScriptedBot, client: httpx.AsyncClient, given: str | bytes | None
) -> None:
    headers = {} if given is None else {"X-Hub-Signature-256": given}
    answer = await client.post(PATH, content=CONTENT, headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, bot.stored) == (403, [])


async def test_the_signature_is_over_the_bytes_as_they_came(
    bot: ScriptedBot, client: httpx.AsyncClient
) -> None:
    """Spaces and escapes are part of it: the body is never written anew before it is checked."""
    odd = CONTENT.replace(b": ", b"  :\t").replace(b"slt", b"\\u0073lt")
    answer = await client.post(PATH, content=odd, headers={"X-Hub-Signature-256": signature(odd)})
    assert (answer.status_code, stored(bot)) == (200, ["wamid.1"])


async def test_a_database_away_confirms_nothing_and_meta_comes_again(
    bot: ScriptedBot, client: httpx.AsyncClient
) -> None:
    bot.trouble = TryLater("the database is away", 1.0)
    body = webhook(value(messages=[text("slt")]))
    assert await delivers(client, body) == 503
    bot.trouble = None
    assert await delivers(client, body) == 200
    assert stored(bot) == ["wamid.1"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"object": NaN}',
        b'{"object": 1e999}',
        b"[" * 5000 + b"]" * 5000,
        b'{"a":' * 100 + b"1" + b"}" * 100,
    ],
)
async def test_what_is_signed_and_no_json_is_kept_and_confirmed(
    bot: ScriptedBot, client: httpx.AsyncClient, body: bytes
) -> None:
    answer = await client.post(PATH, content=body, headers={"X-Hub-Signature-256": signature(body)})
    assert (answer.status_code, len(bot.stored)) == (200, 1)
    assert bot.stored[0][1].payload == {"unreadable": body.decode(errors="replace")}


@pytest.mark.parametrize(
    "body",
    [
        [],
        "hello",
        7,
        {},
        {"object": "page", "entry": []},
        {"object": "whatsapp_business_account"},
        {"object": "whatsapp_business_account", "entry": [7]},
        {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [None]}]},
        {"object": "whatsapp_business_account", "entry": [{"changes": [{"field": "messages", "value": []}]}]},
        webhook(value(messages=[{"id": {}, "from": []}, "text", None])),
        webhook(value(messages=[])),
    ],
)
async def test_what_has_no_known_shape_is_kept_and_confirmed(
    bot: ScriptedBot, client: httpx.AsyncClient, body: Any
) -> None:
    content = json.dumps(body).encode()
    answer = await client.post(PATH, content=content, headers={"X-Hub-Signature-256": signature(content)})
    assert answer.status_code == 200
    assert bot.stored


async def test_a_delivery_without_entries_is_confirmed(bot: ScriptedBot, client: httpx.AsyncClient) -> None:
    assert await delivers(client, webhook()) == 200
    assert await delivers(client, {"object": "whatsapp_business_account", "entry": []}) == 200
    assert bot.stored == []


async def test_too_large_a_body_is_refused(bot: ScriptedBot, client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, content=b" " * (MAX_DELIVERY + 1))
    assert (answer.status_code, bot.stored) == (413, [])


async def test_without_whatsapp_there_is_no_such_address(client: httpx.AsyncClient, bot: ScriptedBot) -> None:
    bot.whatsapp = None
    transport = httpx.ASGITransport(app=bot.site())
    async with httpx.AsyncClient(transport=transport, base_url="http://chat.test") as without:
        assert (await without.post(PATH, content=CONTENT)).status_code == 404

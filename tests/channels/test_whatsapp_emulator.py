"""The emulator keeps to the rules of the Graph API which the tests of the bot rely on."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.channels.telegram_http import LoopbackServer, Reply, Request
from tests.channels.whatsapp_bench import signature
from tests.channels.whatsapp_emulator import (
    ACCOUNT_ID,
    PHONE_ID,
    TOKEN,
    VERIFY_TOKEN,
    Mischief,
    WhatsAppEmulator,
    graph_error,
)
from tests.channels.whatsapp_rules import DAY, Limits
from tests.fakes import Clock

Answer = dict[str, Any]
TEMPLATE = {
    "name": "annonce",
    "language": "fr",
    "category": "UTILITY",
    "components": [
        {"type": "BODY", "text": "Bonjour, une annonce : {{titre}}"},
        {"type": "BUTTONS", "buttons": [{"type": "QUICK_REPLY", "text": "Af-Soomaali"}]},
    ],
}


class Api:
    """The Graph API as a program calls it, from an account that may."""

    def __init__(self, emulator: WhatsAppEmulator, client: httpx.AsyncClient) -> None:
        self._emulator = emulator
        self._client = client

    async def post(self, path: str, body: Answer, token: str = TOKEN) -> Answer:
        url = f"{self._emulator.api_url}/v26.0/{path}"
        headers = {"Authorization": f"Bearer {token}"}
        answer: Answer = (await self._client.post(url, json=body, headers=headers)).json()
        return answer

    async def send(self, kind: str, content: Answer, to: str = "25377123456") -> Answer:
        shape = {"messaging_product": "whatsapp", "to": to, "type": kind, kind: content}
        return await self.post(f"{PHONE_ID}/messages", shape)

    async def text(self, body: str = "salut", to: str = "25377123456") -> Answer:
        return await self.send("text", {"body": body}, to)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def emulator(clock: Clock) -> AsyncIterator[WhatsAppEmulator]:
    async with WhatsAppEmulator(now=lambda: clock().timestamp()) as emulator:
        yield emulator


@pytest.fixture
async def api(emulator: WhatsAppEmulator) -> AsyncIterator[Api]:
    async with httpx.AsyncClient(timeout=30) as client:
        yield Api(emulator, client)


def code(answer: Answer) -> int:
    return int(answer["error"]["code"])


async def test_inside_24_hours_words_arrive_and_get_an_id(
    api: Api, emulator: WhatsAppEmulator, clock: Clock
) -> None:
    amina = emulator.person()
    amina.says("slt")
    clock.passes(hours=23.9)
    answer = await api.text("bonjour")
    assert [(sent.wamid, sent.text) for sent in amina.messages()] == [
        (answer["messages"][0]["id"], "bonjour")
    ]


async def test_after_24_hours_words_are_refused_and_a_template_goes(
    api: Api, emulator: WhatsAppEmulator, clock: Clock
) -> None:
    amina = emulator.person()
    amina.says("slt")
    clock.passes(hours=24)
    assert code(await api.text()) == 131047
    emulator.templates.append(TEMPLATE | {"status": "APPROVED"})
    value = {"type": "text", "parameter_name": "titre", "text": "Appel à projets"}
    body = {"type": "body", "parameters": [value]}
    sent = await api.send("template", {"name": "annonce", "language": {"code": "fr"}, "components": [body]})
    assert "messages" in sent
    assert amina.messages()[0].text == "annonce Appel à projets"


async def test_what_is_told_late_is_taken_first(api: Api, emulator: WhatsAppEmulator) -> None:
    emulator.person()
    emulator.late = True
    assert "messages" in await api.text()
    (_, told) = emulator.pending[-1]
    assert told["statuses"][0]["errors"][0]["code"] == 131047


async def test_the_tier_counts_different_people_of_24_hours(
    api: Api, emulator: WhatsAppEmulator, clock: Clock
) -> None:
    emulator.limits = Limits(lambda: clock().timestamp(), tier=2)
    emulator.templates.append(
        TEMPLATE | {"status": "APPROVED", "components": [{"type": "BODY", "text": "!"}]}
    )
    people = [f"2537700000{number}" for number in range(3)]
    for number in people:
        emulator.person(number)
    template = {"name": "annonce", "language": {"code": "fr"}}
    answers = [await api.send("template", template, to) for to in (*people[:2], people[0], people[2])]
    assert ["messages" in answer for answer in answers] == [True, True, True, False]
    clock.now = clock().fromtimestamp(clock().timestamp() + DAY + 1, clock().tzinfo)
    assert "messages" in await api.send("template", template, people[2])


async def test_one_person_takes_a_burst_and_then_one_message_in_six_seconds(
    api: Api, emulator: WhatsAppEmulator, clock: Clock
) -> None:
    amina = emulator.person()
    amina.says("slt")
    emulator.limits = Limits(lambda: clock().timestamp())
    taken = [await api.text(str(number)) for number in range(46)]
    assert [code(answer) for answer in taken if "error" in answer] == [131056]
    clock.passes(seconds=6)
    assert "messages" in await api.text()


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("text", {"body": ""}, 131008),
        ("text", {"body": "é" * 4097}, 100),
        ("image", {"id": "404"}, 100),
        ("template", {"name": "inconnu", "language": {"code": "fr"}}, 132001),
        ("hologram", {}, 131008),
        (
            "interactive",
            {
                "type": "button",
                "body": {"text": "?"},
                "action": {"buttons": [{"type": "reply", "reply": {"id": "/a", "title": "x" * 21}}]},
            },
            100,
        ),
        (
            "interactive",
            {
                "type": "list",
                "body": {"text": "?"},
                "action": {
                    "button": "Choisir",
                    "sections": [{"rows": [{"id": str(n), "title": str(n)} for n in range(11)]}],
                },
            },
            131009,
        ),
    ],
)
async def test_what_breaks_a_size_is_refused(
    api: Api, emulator: WhatsAppEmulator, kind: str, content: Answer, expected: int
) -> None:
    emulator.person().says("slt")
    assert code(await api.send(kind, content)) == expected


async def test_a_wrong_token_is_an_authorisation_error(api: Api, emulator: WhatsAppEmulator) -> None:
    assert code(await api.post(f"{PHONE_ID}/messages", {}, token="revoked")) == 190


async def test_an_error_may_come_with_200(api: Api, emulator: WhatsAppEmulator) -> None:
    emulator.person().says("slt")
    emulator.fail_next("messages", graph_error(131000, 200))
    assert code(await api.text()) == 131000


async def test_a_template_is_created_pending_and_not_twice(api: Api, emulator: WhatsAppEmulator) -> None:
    created = await api.post(f"{ACCOUNT_ID}/message_templates", TEMPLATE)
    assert created["status"] == "PENDING"
    assert code(await api.post(f"{ACCOUNT_ID}/message_templates", TEMPLATE)) == 100
    emulator.approve("annonce")
    assert emulator.templates[0]["status"] == "APPROVED"


async def test_webhooks_are_signed_repeated_until_200_and_batched(emulator: WhatsAppEmulator) -> None:
    seen: list[Request] = []

    async def take(request: Request) -> Reply:
        seen.append(request)
        return Reply(500 if len(seen) == 1 else 200, b"")

    receiver = LoopbackServer(take)
    await receiver.start()
    emulator.mischief = Mischief(batch=2)
    amina = emulator.person()
    amina.says("ɖagaa")
    amina.says("deux")
    emulator.deliver_to(f"http://127.0.0.1:{receiver.port}/hook")
    await emulator.until(lambda: emulator.quiet)
    await receiver.stop()
    assert [len(one.params["entry"]) for one in seen] == [2, 2]
    escaped = emulator.delivered[0]
    assert b"\\u0256agaa" in escaped
    assert seen[0].headers["x-hub-signature-256"] == signature(escaped)


async def test_the_handshake_names_our_word(emulator: WhatsAppEmulator) -> None:
    seen: list[Request] = []

    async def take(request: Request) -> Reply:
        seen.append(request)
        return Reply(200, b"1158201444", "text/plain")

    receiver = LoopbackServer(take)
    await receiver.start()
    answer = await emulator.shakes_hands(f"http://127.0.0.1:{receiver.port}/hook")
    await receiver.stop()
    assert (answer.text, seen[0].method) == ("1158201444", "GET")
    assert seen[0].params["hub.verify_token"] == VERIFY_TOKEN


async def test_a_tap_brings_back_what_the_button_carried(api: Api, emulator: WhatsAppEmulator) -> None:
    amina = emulator.person()
    amina.says("slt")
    buttons = [{"type": "reply", "reply": {"id": "/help", "title": "Aide"}}]
    menu = {"type": "button", "body": {"text": "?"}, "action": {"buttons": buttons}}
    await api.send("interactive", menu)
    amina.taps("Aide")
    reply = emulator.pending[-1][1]["messages"][0]["interactive"]["button_reply"]
    assert reply == {"id": "/help", "title": "Aide"}


async def test_a_file_is_uploaded_described_and_fetched_with_the_token(emulator: WhatsAppEmulator) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx.AsyncClient(headers=headers) as client:
        url = f"{emulator.api_url}/v26.0/{PHONE_ID}/media"
        pdf, kind = {"file": ("a.pdf", b"%PDF", "application/pdf")}, {"type": "application/pdf"}
        media = (await client.post(url, files=pdf, data=kind)).json()
        about = (await client.get(f"{emulator.api_url}/v26.0/{media['id']}")).json()
        assert (await client.get(about["url"])).content == b"%PDF"
        del client.headers["Authorization"]
        assert json.loads((await client.get(about["url"])).content)["error"]["code"] == 190

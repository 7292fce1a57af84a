"""How an Outgoing gets to WhatsApp: against answers of the Graph API, with real files and pywa's own requests."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.long_text import units
from bot.channels.whatsapp_api import Graph, Phrases, WhatsAppOptions
from bot.channels.whatsapp_messages import Hints
from bot.channels.whatsapp_sending import WhatsAppSending
from bot.errors import Refused, TemplateTrouble, TryLater, Unknown, Unreachable, WindowClosed
from bot.messages import Address, Attachment, Button, Kind, Opening, Outgoing
from bot.templates import read_templates
from tests.fakes import Clock

ROOT = Path(__file__).parents[2]
HERE = Address("whatsapp", "25377000000")
PDF = Attachment("key", "liste.pdf", "application/pdf")
TEMPLATES = read_templates(ROOT / "data" / "whatsapp_templates.yml")

Answer = Callable[[httpx.Request], httpx.Response]


@dataclass
class Shelf:
    """Files in memory."""

    content_of: dict[str, bytes] = field(default_factory=lambda: {"key": b"%PDF"})
    copies: dict[tuple[str, str], str] = field(default_factory=dict)

    async def content(self, key: str) -> bytes:
        return self.content_of[key]

    async def known_as(self, key: str, channel: str) -> str | None:
        return self.copies.get((key, channel))

    async def remember(self, key: str, channel: str, platform_id: str) -> None:
        self.copies[(key, channel)] = platform_id


@dataclass
class Meta:
    """Answers requests: the scripted answers first, then as if all went well."""

    sent: list[dict[str, Any]] = field(default_factory=list)
    uploads: int = 0
    script: list[Answer] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/media"):
            self.uploads += 1
            return httpx.Response(200, json={"id": f"media-{self.uploads}"})
        self.sent.append(json.loads(request.content))
        if self.script:
            return self.script.pop(0)(request)
        return httpx.Response(200, json={"messages": [{"id": f"wamid.{len(self.sent)}"}]})

    def fails(self, code: int, status: int = 400) -> None:
        self.script.append(lambda _: httpx.Response(status, json={"error": {"code": code}}))


@pytest.fixture
def meta() -> Meta:
    return Meta()


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 11, 28, 9, 0, tzinfo=UTC))


@pytest.fixture
async def sending(meta: Meta, shelf: Shelf, clock: Clock) -> AsyncIterator[WhatsAppSending]:
    phrases = Phrases({"fr": Hints("Choisir"), "so": Hints("Dooro")}, TEMPLATES)
    options = WhatsAppOptions("t", "111", "222", "s", "v", "https://graph.test", shelf, phrases)
    graph = Graph(options, transport=httpx.MockTransport(meta))
    yield WhatsAppSending(graph, options, clock)
    await graph.close()


async def test_message_goes_to_a_number(sending: WhatsAppSending, meta: Meta) -> None:
    assert await sending.send(Outgoing(HERE, "Bonjour")) == "wamid.1"
    assert meta.sent == [
        {
            "messaging_product": "whatsapp",
            "recipient_type": "individual",
            "type": "text",
            "to": "25377000000",
            "text": {"body": "Bonjour", "preview_url": False},
        }
    ]


async def test_person_without_a_number_is_written_to_by_their_id(
    sending: WhatsAppSending, meta: Meta
) -> None:
    await sending.send(Outgoing(Address("whatsapp", "DJ.1349"), "Bonjour"))
    assert meta.sent[0]["recipient"] == "DJ.1349"
    assert "to" not in meta.sent[0]


async def test_list_opens_in_the_language_of_the_text(sending: WhatsAppSending, meta: Meta) -> None:
    buttons = tuple(Button(title, payload=f"/{title}") for title in "abcd")
    await sending.send(Outgoing(HERE, "Dooro", buttons, language="so"))
    assert meta.sent[0]["interactive"]["action"]["button"] == "Dooro"


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        (131047, 400, WindowClosed),
        (131047, 200, WindowClosed),
        (131026, 400, Unreachable),
        (130429, 429, TryLater),
        (132001, 404, TemplateTrouble),
        (1, 500, TryLater),
    ],
)
async def test_error_of_the_platform_is_told_by_reaction(
    sending: WhatsAppSending, meta: Meta, code: int, status: int, error: type[Exception]
) -> None:
    meta.fails(code, status)
    with pytest.raises(error):
        await sending.send(Outgoing(HERE, "Bonjour"))


async def test_answer_without_an_id_is_a_doubt(sending: WhatsAppSending, meta: Meta) -> None:
    meta.script.append(lambda _: httpx.Response(200, json={"messages": []}))
    with pytest.raises(Unknown):
        await sending.send(Outgoing(HERE, "Bonjour"))


async def test_broken_connection_is_tried_again_and_silence_is_a_doubt(
    sending: WhatsAppSending, meta: Meta
) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    def stay_silent(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("silence", request=request)

    meta.script += [refuse, stay_silent]
    with pytest.raises(TryLater):
        await sending.send(Outgoing(HERE, "Bonjour"))
    with pytest.raises(Unknown):
        await sending.send(Outgoing(HERE, "Bonjour"))


async def test_half_sent_message_goes_on_where_it_stopped(sending: WhatsAppSending, meta: Meta) -> None:
    long = Outgoing(HERE, "mot " * 1500)
    meta.script.append(lambda _: httpx.Response(200, json={"messages": [{"id": "wamid.a"}]}))
    meta.fails(1, 500)
    with pytest.raises(TryLater):
        await sending.send(long)
    assert await sending.send(long) == "wamid.3"
    assert len({json.dumps(sent) for sent in meta.sent}) == 2


async def test_file_is_uploaded_once_in_six_days(sending: WhatsAppSending, meta: Meta, clock: Clock) -> None:
    for _ in range(2):
        await sending.send(Outgoing(HERE, "La liste", attachment=PDF))
    clock.passes(days=6)
    await sending.send(Outgoing(HERE, "La liste", attachment=PDF))
    assert [sent["document"]["id"] for sent in meta.sent] == ["media-1", "media-1", "media-2"]


async def test_file_forgotten_before_its_time_is_uploaded_anew(sending: WhatsAppSending, meta: Meta) -> None:
    meta.fails(131053)
    await sending.send(Outgoing(HERE, "La liste", attachment=PDF))
    assert [sent["document"]["id"] for sent in meta.sent] == ["media-1", "media-2"]


async def test_file_that_whatsapp_refuses_twice_is_refused(sending: WhatsAppSending, meta: Meta) -> None:
    meta.fails(131053)
    meta.fails(131053)
    with pytest.raises(Refused):
        await sending.send(Outgoing(HERE, "La liste", attachment=PDF))


async def test_picture_over_five_megabytes_is_refused_before_it_costs(
    sending: WhatsAppSending, meta: Meta, shelf: Shelf
) -> None:
    shelf.content_of["key"] = b"x" * (5 * 2**20 + 1)
    with pytest.raises(Refused, match="too large"):
        await sending.send(Outgoing(HERE, "", attachment=Attachment("key", "p.png", "image/png")))
    assert (meta.uploads, meta.sent) == (0, [])


async def test_live_report_is_not_sent_again_but_a_correction_is(
    sending: WhatsAppSending, meta: Meta
) -> None:
    with pytest.raises(Refused):
        await sending.send(Outgoing(HERE, "▓▓░", edits="wamid.0"))
    with pytest.raises(Refused):
        await sending.send(Outgoing(HERE, "", withdraws="wamid.0"))
    await sending.send(Outgoing(HERE, "Corrigé", kind=Kind.ANNOUNCEMENT, edits="wamid.0"))
    assert len(meta.sent) == 1


async def test_held_message_is_told_by_its_template_with_a_button_a_language(
    sending: WhatsAppSending, meta: Meta
) -> None:
    opening = Opening("announcement", (("text", "Réunion lundi.\n\n*Venez*"), ("code", "ABC-DEFG")))
    await sending.send(Outgoing(HERE, "Kulan Isniinta", opening=opening, held_as=12))
    template = meta.sent[0]["template"]
    assert (template["name"], template["language"]) == ("osc_announcement", {"code": "fr"})
    body, *buttons = template["components"]
    assert body["parameters"][0] == {
        "type": "text",
        "parameter_name": "text",
        "text": "Réunion lundi. · ∗Venez∗",
    }
    payloads = [button["parameters"][0]["payload"] for button in buttons]
    assert payloads[1] == '/delivery_report{"id": "12", "tell": "read:so"}'
    assert len(payloads) == 3


async def test_long_text_is_cut_to_what_a_template_takes(sending: WhatsAppSending, meta: Meta) -> None:
    opening = Opening("announcement", (("text", "mot " * 900), ("code", "ABC-DEFG")))
    await sending.send(Outgoing(HERE, "x", opening=opening, held_as=12))
    body = meta.sent[0]["template"]["components"][0]
    values = {p["parameter_name"]: p["text"] for p in body["parameters"]}
    whole = TEMPLATES["announcement"].body.format_map(values)
    assert 900 < units(whole) <= 1024
    assert values["text"].endswith("…")


async def test_message_without_an_opening_of_its_own_says_that_one_waits(
    sending: WhatsAppSending, meta: Meta
) -> None:
    await sending.send(Outgoing(HERE, "La réponse", held_as=7))
    assert meta.sent[0]["template"]["name"] == "osc_message_waiting"

"""A person who chats on WhatsApp: what they do comes as Meta's webhooks, what they see is what WhatsApp would show."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.channels.port import NoFiles, Payload
from bot.channels.whatsapp import WhatsAppChannel
from bot.channels.whatsapp_api import WhatsAppOptions
from bot.channels.whatsapp_events import events_of
from bot.channels.whatsapp_messages import Hints, Part, parts_of
from bot.messages import Outgoing
from tests.channels.whatsapp_people import Sent
from tests.channels.whatsapp_rules import check_message
from tests.fakes import Chat

HINTS = Hints("Choisir", "Répondez par un numéro.")
PHONE_ID, ACCOUNT_ID = "106540352242922", "102290129340398"
Json = dict[str, Any]


def whatsapp_channel() -> WhatsAppChannel:
    """The real channel, on no network."""
    return WhatsAppChannel(
        WhatsAppOptions("t", PHONE_ID, ACCOUNT_ID, "s", "v", "http://127.0.0.1:9", NoFiles())
    )


class WhatsAppChat(Chat):
    """Every reply must keep to Meta's limits; a choice is made as WhatsApp lets one make it."""

    channel = "whatsapp"

    async def sends(self, **content: object) -> None:
        if "chat" in content:
            pytest.skip("WhatsApp has no groups")
        self._number += 1
        message = {
            "id": f"wamid.{self.person}.{self._number}",
            "from_user_id": self.person,
            "timestamp": str(int(self.clock().timestamp())),
            **self._message(content),
        }
        if content.get("forwarded"):
            message["context"] = {"forwarded": True}
        own = str(content["phone"]).removeprefix("+") if content.get("own") else None
        contact: Json = {"user_id": self.person, "wa_id": own or _number_of(self.person)}
        contact["profile"] = {"name": content.get("name") or self.person}
        value = {"metadata": {"phone_number_id": PHONE_ID}, "contacts": [contact], "messages": [message]}
        body = {
            "object": "whatsapp_business_account",
            "entry": [{"id": ACCOUNT_ID, "changes": [{"field": "messages", "value": value}]}],
        }
        (event,) = events_of(body)
        await self.receives({"id": event.external_id, **event.payload})
        for reply in self.replies:
            shown(reply)

    async def receives(self, payload: Payload) -> None:
        if "field" not in payload:
            pytest.skip("a payload of another channel")
        await super().receives(payload)

    def _message(self, content: dict[str, object]) -> Json:
        if "tap" in content:
            return _tap(str(content["tap"]), self.replies)
        if "phone" in content:
            phone = str(content["phone"])
            known = {"wa_id": phone.removeprefix("+")} if content["own"] else {}
            return {"type": "contacts", "contacts": [{"phones": [{"phone": phone, **known}]}]}
        if "media" in content:
            kind = {"photo": "image", "voice": "audio"}.get(str(content["media"]), str(content["media"]))
            return {"type": kind, kind: {"id": content.get("file_id"), "caption": content.get("caption")}}
        return {"type": "text", "text": {"body": content["text"]}}


def shown(message: Outgoing) -> list[Sent]:
    """The messages it takes, each accepted by the rules of the Graph API."""
    parts = parts_of(message, "media-1" if message.attachment else None, HINTS)
    for part in parts:
        check_message({"messaging_product": "whatsapp", "type": part.type, part.type: part.content})
    return [_sent(part) for part in parts]


def _sent(part: Part) -> Sent:
    return Sent("wamid", "", part.type, part.content)


def _number_of(person: str) -> str:
    return "253" + "".join(str(ord(letter) % 10) for letter in person)[:8]


def _tap(payload: str, replies: Sequence[Outgoing]) -> Json:
    """As shown: a button, a row of a list; where choices are numbered, their number is typed."""
    for message in reversed(replies):
        payloads = [button.payload for button in message.buttons if button.payload]
        if payload not in payloads:
            continue
        last = shown(message)[-1]
        for title, choice in last.choices:
            if choice == payload:
                kind = "list_reply" if "sections" in last.content["action"] else "button_reply"
                reply = {"type": kind, kind: {"id": payload, "title": title}}
                return {"type": "interactive", "interactive": reply}
        if message is replies[-1]:
            return {"type": "text", "text": {"body": str(payloads.index(payload) + 1)}}
    return {"type": "button", "button": {"payload": payload, "text": "…"}}

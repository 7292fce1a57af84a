"""The people of the emulated WhatsApp: what they do becomes webhooks as Meta writes them."""

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.channels.whatsapp_emulator import WhatsAppEmulator

Json = dict[str, Any]
numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message of the bot as its chat shows it; `content` is the part of the request named by `type`."""

    wamid: str
    to: str
    type: str
    content: Json = field(hash=False)

    @property
    def text(self) -> str:
        """Its words: the body, the caption, or of a template its name and values."""
        match self.type:
            case "text":
                return str(self.content["body"])
            case "interactive":
                return str(self.content["body"]["text"])
            case "template":
                return " ".join([str(self.content["name"]), *self._values()])
            case _:
                return str(self.content.get("caption", ""))

    @property
    def buttons(self) -> list[str]:
        return [title for title, _ in self.choices]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Titles and ids of buttons or rows."""
        action = self.content.get("action", {}) if self.type == "interactive" else {}
        rows = [row for section in action.get("sections", ()) for row in section["rows"]]
        replies = [button["reply"] for button in action.get("buttons", ())]
        return [(one["title"], one["id"]) for one in (*replies, *rows)]

    def _values(self) -> list[str]:
        parts = self.content.get("components") or ()
        return [str(p["text"]) for part in parts for p in part.get("parameters") or () if "text" in p]


@dataclass(slots=True)
class Person:
    """Somebody on WhatsApp: `user_id` always, `number` unless they hide it behind a username.

    Every act is one webhook event and gives its wamid. `away`: the code that answers what is sent to them.
    """

    emulator: "WhatsAppEmulator"
    name: str
    user_id: str
    number: str | None
    wrote_at: float | None = None
    away: int | None = None

    def says(self, text: str) -> str:
        return self.sends({"type": "text", "text": {"body": text}})

    def sends(self, content: Json, wamid: str | None = None) -> str:
        """Any content of a message, in Meta's own words."""
        event = {
            "id": wamid or self._wamid(),
            "timestamp": str(self.emulator.now()),
            **self._from(),
            **content,
        }
        self.wrote_at = self.emulator.time()
        self.emulator.push({"contacts": [self.card()], "messages": [event]})
        return str(event["id"])

    def taps(self, title: str) -> str:
        """The newest button or row with this title; of a template, its quick reply."""
        for sent in reversed(self.messages()):
            if sent.type == "template" and (payload := self.emulator.quick_reply(sent, title)):
                return self.sends({"type": "button", "button": {"payload": payload, "text": title}})
            for found, payload in sent.choices:
                if found == title:
                    kind = "list_reply" if "sections" in sent.content["action"] else "button_reply"
                    reply = {"type": kind, kind: {"id": payload, "title": title}}
                    context = {"from": self.emulator.number, "id": sent.wamid}
                    return self.sends({"type": "interactive", "interactive": reply, "context": context})
        raise LookupError(f"no button {title!r} in the chat of {self.name}")

    def reads(self) -> None:
        """Everything the bot has written; each tells so."""
        for sent in self.messages():
            self.emulator.tell(sent.wamid, "read")

    def sends_file(self, kind: str, content: bytes, mime_type: str, **more: str) -> str:
        media_id = self.emulator.keep_file(content, mime_type)
        return self.sends({"type": kind, kind: {"id": media_id, "mime_type": mime_type, **more}})

    def deletes(self, wamid: str) -> str:
        return self.sends({"type": "revoke", "revoke": {"original_message_id": wamid}})

    def edits(self, wamid: str, text: str) -> str:
        message = {"type": "text", "text": {"body": text}}
        return self.sends({"type": "edit", "edit": {"original_message_id": wamid, "message": message}})

    def switches_marketing(self, value: str) -> None:
        """stop or resume, in WhatsApp's own settings of the chat."""
        chosen = {"category": "marketing_messages", "value": value, "timestamp": self.emulator.now()}
        about = {"wa_id": self.number} if self.number else {"user_id": self.user_id}
        preference = {**about, **chosen, "detail": f"User requested to {value} marketing messages"}
        self.emulator.push({"contacts": [self.card()], "user_preferences": [preference]}, "user_preferences")

    def gets_number(self, number: str, user_id: str) -> None:
        """A new phone number, and with it a new user id; told by a system message without contacts."""
        old = self.user_id
        body = f"User {self.name} changed from {self.number} to {number}"
        system = {
            "type": "user_changed_number",
            "wa_id": number,
            "user_id": user_id,
            "customer": old,
            "body": body,
        }
        event = {"id": self._wamid(), "timestamp": str(self.emulator.now()), **self._from()}
        self.emulator.push({"messages": [event | {"type": "system", "system": system}]})
        self.emulator.rename(self, number, user_id)

    def leaves(self) -> None:
        """WhatsApp is gone from their phone: nothing can be delivered."""
        self.away = 131026

    def messages(self) -> list[Sent]:
        return self.emulator.messages_to(self)

    async def hears(self, after: int = 0, seconds: float = 20.0) -> Sent:
        """The bot's message number `after` (from 0), as soon as it is there."""
        await self.emulator.until(lambda: len(self.messages()) > after, seconds)
        return self.messages()[after]

    def card(self) -> Json:
        """As in the `contacts` of a webhook."""
        number = {"wa_id": self.number} if self.number else {}
        return {"profile": {"name": self.name}, "user_id": self.user_id, **number}

    def _from(self) -> Json:
        number = {"from": self.number} if self.number else {}
        return {"from_user_id": self.user_id, **number}

    def _wamid(self) -> str:
        return f"wamid.HBgL{self.user_id[-6:]}{next(numbers):06}"
